"""Progress reports: in order, with photographs, checked by three different hands."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Report, ReportPhoto
from rembug.execution.services import reports
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, fresh, shot
from rembug.files.models import File


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


def send(cast, work, percent=0, *, shots=None, by=None, seen_on=None, note="Baru mulai digali."):
    work = fresh(work)
    return reports.submit_report(
        by=by or cast.pokmas_head,
        work=work,
        percent=percent,
        seen_on=seen_on or timezone.localdate(),
        note=note,
        shots=[shot(cast, p) for p in work.points.all()] if shots is None else shots,
    )


def test_a_report_keeps_what_the_photograph_tells(cast):
    work = bring(cast, "running")
    point = work.points.first()
    far = [shot(cast, p, lat=-7.81) for p in work.points.all()]
    report = send(cast, work, shots=far)
    photo = report.photos.get(point=point)
    assert photo.distance_m == 1112 and photo.flags == ["jauh_dari_titik"]
    assert (photo.lat, photo.lon) == (-7.81, 112.0) and photo.taken_at
    assert report.tier == "kelurahan"


def test_no_place_and_an_old_clock_are_advice(cast):
    work = bring(cast, "running")
    old = timezone.now() - timedelta(days=30)
    told = {"lat": None, "lon": None, "taken_at": old, "flags": ["gps_tidak_ada"]}
    report = send(cast, work, shots=[shot(cast, p, **told) for p in work.points.all()])
    flags = [photo.flags for photo in report.photos.all()]
    assert flags == [["gps_tidak_ada", "waktu_jauh"]] * 2
    assert set(report.photos.values_list("distance_m", flat=True)) == {None}


def test_reports_come_in_order_and_one_at_a_time(cast):
    work = bring(cast, "running")
    refused(lambda: send(cast, work, 50), "giliran laporan 0%")
    send(cast, work, 0)
    refused(lambda: send(cast, work, 0), "masih diperiksa")


def test_every_point_needs_its_own_new_photograph(cast):
    work = bring(cast, "running")
    a, b = work.points.all()
    refused(lambda: send(cast, work, shots=[shot(cast, a)]), "Foto titik B belum ada")
    same = paths.file(cast)
    refused(
        lambda: send(cast, work, shots=[shot(cast, a, file=same), shot(cast, b, file=same)]),
        "titik A, B sama",
    )
    other = bring(cast, "reported_0", cost=1_000_000)
    used = File.objects.get(pk=ReportPhoto.objects.filter(report__work=other).first().file_id)
    refused(
        lambda: send(cast, work, shots=[shot(cast, a, file=used), shot(cast, b)]),
        "Foto titik A sudah pernah dipakai",
    )
    assert not work.reports.exists()


def test_the_same_scene_elsewhere_is_only_a_flag(cast):
    work = bring(cast, "reported_0", cost=1_000_000)
    File.objects.filter(pk__in=ReportPhoto.objects.values("file")).update(dhash=12345)
    other = bring(cast, "running", cost=1_000_000)
    shots = [shot(cast, p) for p in other.points.all()]
    File.objects.filter(pk=shots[0].image.file.pk).update(dhash=12345)
    shots[0].image.file.refresh_from_db()
    report = send(cast, other, shots=shots)
    flags = [photo.flags for photo in report.photos.order_by("point__label")]
    assert flags == [["pemandangan_sama"], []]
    assert work.pk != other.pk


def test_a_returned_report_may_bring_its_good_photographs_again(cast):
    work = bring(cast, "running")
    shots = [shot(cast, p) for p in work.points.all()]
    report = send(cast, work, shots=shots)
    refused(lambda: reports.return_report(by=cast.ekbang, report=report, why="gelap"), "10 huruf")
    reports.return_report(by=cast.ekbang, report=report, why="Foto titik B terlalu gelap.")
    again = send(cast, work, shots=[shots[0], shot(cast, shots[1].point)])
    assert Report.objects.filter(work=work).count() == 2 and again.state == "waiting"


def test_three_tiers_then_everybody_sees_it(cast):
    work = bring(cast, "running")
    report = send(cast, work)
    tiers = []
    for person in (cast.ekbang, cast.kecamatan_team, cast.monitoring_office):
        assert not File.objects.filter(public=True).exists()
        tiers.append(report.tier)
        report = reports.verify_report(by=person, report=report)
    assert tiers == ["kelurahan", "kecamatan", "city"]
    assert report.state == "accepted" and report.accepted_at
    assert File.objects.filter(public=True).count() == 2
    assert (fresh(work).activity.percent, fresh(work).activity.stage) == (0, "running")


def test_the_hundred_makes_it_done(cast):
    assert bring(cast, "reported_100").activity.stage == "done"


def test_every_tier_has_its_own_desk(cast):
    work = bring(cast, "running")
    report = send(cast, work)
    for person in (cast.kecamatan_team, cast.lurah, cast.neighbour_ekbang, cast.pokmas_head):
        with pytest.raises(PermissionDenied):
            reports.verify_report(by=person, report=report)


def test_a_report_is_never_checked_by_its_sender_or_another_member(cast):
    work = bring(cast, "running")
    report = send(cast, work)
    for name in ("pokmas_head", "pokmas_supervisor"):
        cast.seat(cast.people[name], "ekbang", cast.kelurahan)
        with pytest.raises(PermissionDenied) as said:
            reports.verify_report(by=cast.people[name], report=report)
        assert "orang lain" in str(said.value)


def test_nobody_checks_on_two_tiers(cast):
    work = bring(cast, "running")
    report = reports.verify_report(by=cast.ekbang, report=send(cast, work))
    cast.seat(cast.ekbang, "kecamatan_team", cast.kecamatan)
    with pytest.raises(PermissionDenied):
        reports.verify_report(by=cast.ekbang, report=report)


def test_two_checkers_at_once_pass_it_one_tier(cast):
    work = bring(cast, "running")
    seen_by_both = send(cast, work)
    stale = Report.objects.select_related("work").get(pk=seen_by_both.pk)
    reports.verify_report(by=cast.ekbang, report=seen_by_both)
    refused(lambda: reports.verify_report(by=cast.ekbang, report=stale), "sudah diperiksa")
    refused(
        lambda: reports.return_report(by=cast.ekbang, report=stale, why="Foto terlalu gelap."),
        "sudah diperiksa",
    )
    assert Report.objects.get(pk=stale.pk).tier == "kecamatan"


def test_only_its_own_pokmas_reports(cast):
    work = bring(cast, "running")
    paths.confirmed(cast, name="Pokmas Lain", account="99999999", suffix="2")
    for person in (cast.pokmas_head2, cast.pokmas_supervisor, cast.rt_head, cast.lurah):
        with pytest.raises(PermissionDenied):
            send(cast, work, by=person)


def test_no_report_before_the_contract_holds(cast):
    work = bring(cast, "signed")
    refused(lambda: send(cast, work), "sesudah kontrak disetujui")


@pytest.mark.fault("screen-A30")
def test_the_first_report_asks_for_the_state_before_the_work(cast, sign_in):
    work = bring(cast, "running")
    page = sign_in(cast.pokmas_head).get(f"/uji/pekerjaan/{work.pk}/laporan/baru/").content.decode()
    assert "Keadaan sebelum pekerjaan" in page and "Apa yang sudah dikerjakan" not in page
