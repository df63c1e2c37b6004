"""What a city's rules ask at the contract, the report, the handover, and by the calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Report
from rembug.execution.rules import Point
from rembug.execution.services import closing, reports, tranches
from rembug.execution.tests.paths import (
    bring,
    budgeted,
    confirmed,
    fresh,
    prepare,
    shot,
    the_pokmas,
    tranche,
)
from rembug.people.models import Act

PAPERS = [{"code": "bast", "title": "Foto serah terima"}, {"code": "kunci", "title": "Kunci"}]


def book(cast, **changes):
    """Change the rules of the open year."""
    rules = cast.year.rule_set
    rules.book = rules.book | changes
    rules.save()


@pytest.mark.fault("item-22")
def test_a_result_is_received_only_with_the_papers_the_rules_ask(cast):
    work = bring(cast, "offered")
    book(cast, papers=PAPERS, required={"handover": ["bast", "kunci"]})
    with pytest.raises(Refused) as refusal:
        closing.receive_work(by=cast.lurah, work=fresh(work), number="", papers=["bast"])
    assert [any(word in one for one in refusal.value.reasons) for word in ("Kunci", "nomor")] == [
        True,
        True,
    ]
    done = closing.receive_work(
        by=cast.lurah, work=fresh(work), number="1/BAST/26", papers=["bast", "kunci"]
    )
    assert done.handover_no
    assert Act.objects.get(act="work.received").detail["papers"] == ["bast", "kunci"]


@pytest.mark.fault("item-22")
def test_the_page_of_the_handover_offers_the_papers(cast, sign_in):
    work = bring(cast, "offered")
    book(cast, papers=PAPERS, required={"handover": ["bast", "kunci"]})
    client, here = sign_in(cast.lurah), f"/uji/pekerjaan/{work.pk}/serah-terima/"
    page = client.get(here).content.decode()
    assert "Foto serah terima" in page and "Kunci" in page
    told = {"do": "receive", "key": "k" * 22, "number": "1/BAST/26", "papers": ["bast"]}
    answer = client.post(here, told)
    assert answer.status_code == 422 and "Kunci" in answer.content.decode()
    client.post(here, told | {"key": "m" * 22, "papers": ["bast", "kunci"]})
    assert fresh(work).handover_no == "1/BAST/26"


KINDS = [
    {"code": "latih", "field": "infra", "title": "Pelatihan", "measure": "non_physical"},
    {"code": "jalan", "field": "infra", "title": "Jalan"},
]


@pytest.mark.fault("item-22")
@pytest.mark.parametrize(("kind", "places"), [("latih", 1), ("jalan", 2), ("", 2)])
def test_what_is_no_building_needs_one_place_to_show(cast, kind, places):
    book(cast, items=KINDS, reports=cast.year.book.reports.__dict__ | {"min_photos": 2})
    activity = budgeted(cast)
    activity.kind = kind
    activity.save()
    points = [Point("A", "balai RT", -7.8, 112.0), Point("B", "mulut gang", -7.8, 112.0)]
    the_pokmas(cast)
    with pytest.raises(Refused, match="titik foto"):
        prepare(cast, activity, points=points[: places - 1])
    assert prepare(cast, activity, points=points[:places])


@pytest.mark.fault("item-22")
@pytest.mark.parametrize(("kind", "flagged"), [("latih", False), ("jalan", True)])
def test_the_distance_to_a_place_is_asked_of_buildings_only(cast, kind, flagged):
    work = bring(cast, "running")
    book(cast, items=KINDS)
    work.activity.kind = kind
    work.activity.save()
    away = [shot(cast, point, lat=-7.9, lon=112.1) for point in work.points.all()]
    sent = reports.submit_report(
        by=cast.pokmas_head,
        work=fresh(work),
        percent=0,
        seen_on=timezone.localdate(),
        note="Undangan dan daftar hadir sudah ada.",
        shots=away,
    )
    flags = Report.objects.get(pk=sent.pk).photos.values_list("flags", flat=True)
    assert any("jauh_dari_titik" in one for one in flags) is flagged


def window(phase, outside, *, open_now):
    """A window of the calendar of this year: of a month around today, or one that is over (or ahead)."""
    today = timezone.localdate()
    first = today - timedelta(days=10)
    last = today + timedelta(days=10) if open_now else today - timedelta(days=5)
    entry = {"key": "w", "title": "Masa uji", "phase": phase, "outside": outside}
    # A window that ends in the next year begins in this one, or the other way round.
    offset = first.year - today.year
    return [entry | {"start": f"{first:%m-%d}", "end": f"{last:%m-%d}", "year_offset": offset} | {}]


def _contract(cast):
    the_pokmas(cast)
    return lambda: prepare(cast, budgeted(cast))


def _payment(cast):
    work = bring(cast, "reported_0")
    return lambda: tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(work, 1))


def _spj(cast):
    from rembug.execution.services import receipts

    work = bring(cast, "spent_1")
    return lambda: receipts.submit_spj(by=cast.pokmas_head, tranche=tranche(work, 1))


def _final(cast):
    work = bring(cast, "accounted_2")

    def act():
        return reports.submit_report(
            by=cast.pokmas_head,
            work=fresh(work),
            percent=100,
            seen_on=timezone.localdate(),
            note="Sudah selesai semuanya.",
            shots=[shot(cast, point) for point in work.points.all()],
        )

    return act


ACTS = {"contract": _contract, "payment": _payment, "spj": _spj, "final_report": _final}


@pytest.mark.fault("item-22")
@pytest.mark.parametrize("phase", ACTS)
def test_outside_its_window_an_act_is_refused_or_flagged_as_the_rule_says(cast, phase):
    act = ACTS[phase](cast)
    book(cast, calendar=window(phase, "refuse", open_now=False))
    with pytest.raises(Refused, match="Masa uji: hanya"):
        act()
    book(cast, calendar=window(phase, "flag", open_now=False))
    act()
    assert Act.objects.order_by("-pk").first().detail["outside"] == "Masa uji"


@pytest.mark.parametrize("phase", ["payment"])
def test_inside_its_window_and_without_a_calendar_an_act_is_free(cast, phase):
    act = ACTS[phase](cast)
    book(cast, calendar=window(phase, "refuse", open_now=True))
    act()
    assert "outside" not in Act.objects.order_by("-pk").first().detail


@pytest.mark.fault("item-20")
def test_the_size_of_a_pokmas_is_that_of_the_programme_that_pays(cast):
    confirmed(cast)
    activity = budgeted(cast)
    book(cast, pokmas={"min_members": 5, "max_members": 7})
    with pytest.raises(Refused, match="5 sampai 7"):
        prepare(cast, activity, pokmas=the_pokmas(cast))
    book(cast, pokmas={"min_members": 4, "max_members": 4})
    assert prepare(cast, activity, pokmas=the_pokmas(cast))
