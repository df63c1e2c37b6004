"""Money that is held back: by whom, what stands still, who lets it go, and what is told."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import PokmasMember
from rembug.execution.services import closing, tranches
from rembug.execution.services.holds import hold_work, release_work
from rembug.execution.tests.paths import bring, fresh, pay, report, spend, tranche
from rembug.people.models import Act, DeskItem
from rembug.people.sending import new_key

WHY = "Ukuran di lapangan kurang dari kontrak."
MENDED = "Sudah diukur ulang bersama RT dan cocok."


def waiting(work):
    items = DeskItem.objects.filter(closed_at=None, thing__startswith="execution.")
    return {(item.act, item.unit.kind) for item in items.select_related("unit")}


def refused(run):
    with pytest.raises(Refused) as said:
        run()
    return said.value.reasons


@pytest.mark.parametrize(
    ("who", "tier"),
    [("lurah", "kelurahan"), ("kecamatan_team", "kecamatan"), ("monitoring_office", "city")],
)
def test_a_hold_waits_on_the_desk_of_who_placed_it(cast, who, tier):
    work = bring(cast, "requested_1")
    assert ("tranche.bill", "kelurahan") in waiting(work)
    work = hold_work(by=cast.people[who], work=work, why=f"  {WHY} ")
    assert (work.hold, work.hold_tier, work.held_on) == (WHY, tier, timezone.localdate())
    assert work.held_as.startswith(str(Act.objects.get(act="work.held").office.title))
    assert (f"work.release.{tier}", tier) in waiting(work)
    assert ("tranche.bill", "kelurahan") not in waiting(work)
    assert Act.objects.get(act="work.held").why == WHY
    work = release_work(by=cast.people[who], work=work, why=MENDED)
    assert (work.hold, work.held_as, work.held_on) == ("", "", None)
    assert Act.objects.get(act="work.released").why == MENDED
    assert waiting(work) == {("tranche.bill", "kelurahan"), ("report.submit", "kelurahan")}
    tranches.bill_tranche(by=cast.treasurer, tranche=tranche(work, 1), number="1/2026")


def test_a_hold_is_lifted_by_the_same_office_or_one_above_never_from_below(cast):
    above = {
        "lurah": ["lurah", "kecamatan_team", "monitoring_office"],
        "kecamatan_team": ["kecamatan_team", "monitoring_office"],
        "monitoring_office": ["monitoring_office"],
    }
    others = {"ekbang", "camat", "ppk", "finance_office", "auditor", "neighbour_lurah", "mayor"}
    work = bring(cast, "running")
    for placed, may in above.items():
        for who in {*above, *others, "pokmas_head"} - set(may):
            work = (
                fresh(work)
                if fresh(work).hold
                else hold_work(by=cast.people[placed], work=fresh(work), why=WHY)
            )
            with pytest.raises(PermissionDenied):
                release_work(by=cast.people[who], work=work, why=MENDED)
        for who in may:
            if not fresh(work).hold:
                hold_work(by=cast.people[placed], work=fresh(work), why=WHY)
            release_work(by=cast.people[who], work=fresh(work), why=MENDED)


def test_only_who_may_hold_holds_and_never_a_member(cast):
    work = bring(cast, "running")
    for who in ("ekbang", "treasurer", "camat", "rt_head", "pokmas_head", "neighbour_lurah"):
        with pytest.raises(PermissionDenied):
            hold_work(by=cast.people[who], work=work, why=WHY)
    PokmasMember.objects.create(
        city=cast.city, pokmas=work.pokmas, role="member", name="Lurah", person=cast.lurah
    )
    with pytest.raises(PermissionDenied, match="anggota pokmas"):
        hold_work(by=cast.lurah, work=work, why=WHY)


def test_every_reason_against_a_hold(cast):
    work = bring(cast, "running")
    hold_work(by=cast.lurah, work=work, why=WHY)
    told = refused(lambda: hold_work(by=cast.kecamatan_team, work=work, why="x"))
    assert len(told) == 2 and WHY in told[1]
    assert refused(lambda: release_work(by=cast.lurah, work=fresh(work), why="ok"))
    early = bring(cast, "signed", name="Saluran", cost=1_000_000)
    told = refused(lambda: hold_work(by=cast.lurah, work=early, why="x" * 201))
    assert len(told) == 2 and "kontraknya berlaku" in told[1]


def test_a_stale_page_does_not_lift_another_hold(cast):
    work = bring(cast, "running")
    seen = hold_work(by=cast.lurah, work=work, why=WHY)
    release_work(by=cast.lurah, work=fresh(work), why=MENDED)
    hold_work(by=cast.monitoring_office, work=fresh(work), why=WHY)
    assert "sudah berubah" in refused(lambda: release_work(by=cast.lurah, work=seen, why=MENDED))[0]
    assert fresh(work).hold_tier == "city"


def test_what_is_on_the_account_is_still_spent_and_reported(cast):
    work = bring(cast, "received_1")
    hold_work(by=cast.lurah, work=work, why=WHY)
    spend(cast, work, 1_000_000)
    report(cast, work, 50)
    told = refused(lambda: tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(work, 2)))
    assert any(WHY.rstrip(".") in reason and "Lurah" in reason for reason in told)


def test_money_on_its_way_when_the_hold_came_is_still_confirmed(cast):
    work = bring(cast, "paid_1")
    hold_work(by=cast.lurah, work=work, why=WHY)
    assert pay(cast, work, 1).state == "received"


def test_a_held_work_is_not_closed(cast):
    work = bring(cast, "settled")
    hold_work(by=cast.lurah, work=work, why=WHY)
    told = refused(lambda: closing.close_work(by=cast.lurah, work=work))
    assert len(told) == 1 and WHY.rstrip(".") in told[0]
    assert ("work.close", "kelurahan") not in waiting(work)
    release_work(by=cast.lurah, work=fresh(work), why=MENDED)
    assert closing.close_work(by=cast.lurah, work=fresh(work)).state == "closed"


def test_the_page_holds_and_lets_go(cast, sign_in):
    work = bring(cast, "requested_1")
    path = f"/uji/pekerjaan/{work.pk}/tahan/"

    def press(person, **data):
        return sign_in(person).post(path, {"key": new_key()} | data)

    assert press(cast.lurah, why="x").status_code == 422
    assert press(cast.lurah, why=WHY).status_code == 302
    phone = sign_in(cast.pokmas_head).get(f"/uji/pekerjaan/{work.pk}/").content.decode()
    assert WHY in phone and "ditahan oleh Lurah, Kelurahan Melati" in phone and "bereskan" in phone
    assert "pembayaran ditahan" in sign_in(cast.pokmas_head).get("/uji/rumah/").content.decode()
    page = sign_in(cast.monitoring_office).get(path).content.decode()
    assert WHY in page and "Lepas penahanan" in page
    assert press(cast.kecamatan_team, do="release", tier="city", why=MENDED).status_code == 403
    assert press(cast.kecamatan_team, do="release", tier="kelurahan", why="").status_code == 422
    assert press(cast.kecamatan_team, do="release", tier="kelurahan", why=MENDED).status_code == 302
    stale = press(cast.lurah, do="release", tier="kelurahan", why=MENDED)
    assert stale.status_code == 422 and "sudah berubah" in stale.content.decode()
    public = sign_in(cast.resident).get(f"/uji/kegiatan/{work.activity_id}/").content.decode()
    assert WHY in public and "ditahan:" not in public
