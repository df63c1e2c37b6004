"""A budget year is an interval: before it only planning, after it a way out by name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Tranche, Work
from rembug.execution.services import closing, contracts, receipts, tranches, yearend
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, budgeted, fresh, tranche
from rembug.integrity.checks import run
from rembug.ledger.services import balance
from rembug.people.models import Act, DeskItem
from rembug.people.sending import new_key
from rembug.planning.models import Proposal
from rembug.planning.rules import ProposalState, Stage
from rembug.programs.models import RuleSet
from tests.cast import open_year

WHY = "Tahun anggaran berakhir, sisanya tidak dikerjakan."


def moment(year: int, month: int = 1, day: int = 12) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 10))


def later(cast) -> datetime:
    """A day on which the year of the cast is over."""
    return moment(cast.year.year + 1)


def refused(act, word: str) -> None:
    with pytest.raises(Refused) as said:
        act()
    assert word in " ".join(said.value.reasons), said.value.reasons


def sound(cast) -> list[str]:
    names = ["buku", "anggaran", "bayar", "kemajuan", "tugas", "meja"]
    return [fault for _check, faults in run(cast.city, names) for fault in faults]


@pytest.mark.fault("attack-1")
def test_a_year_that_has_not_begun_is_planned_and_budgeted_not_contracted(cast):
    following = open_year(cast.city, cast.program, cast.year.year + 1, cast.units)
    now, cast.year = cast.year, following
    activity = budgeted(cast)  # the DPA comes before the year
    assert balance(following.fund, "reserved", cast.rt, activity.pk) == 10_000_000
    refused(lambda: paths.prepare(cast, activity), f"{now.year + 1} belum mulai")
    assert not Work.objects.exists() and sound(cast) == []


STEPS = {
    "prepared": lambda c, w, at: contracts.sign_contract(by=c.pokmas_head, work=w, at=at),
    "signed": lambda c, w, at: contracts.approve_contract(by=c.lurah, work=w, at=at),
    "reported_0": lambda c, w, at: tranches.request_tranche(
        by=c.pokmas_head, tranche=tranche(w, 1), at=at
    ),
    "requested_1": lambda c, w, at: tranches.bill_tranche(
        by=c.treasurer, tranche=tranche(w, 1), number="1/SPP", at=at
    ),
    "billed_1": lambda c, w, at: tranches.verify_tranche(by=c.ppk, tranche=tranche(w, 1), at=at),
    "verified_1": lambda c, w, at: tranches.order_tranche(
        by=c.lurah, tranche=tranche(w, 1), number="1/SPM", at=at
    ),
    "ordered_1": lambda c, w, at: tranches.pay_tranche(
        by=c.finance_office, tranche=tranche(w, 1), number="1/SP2D", at=at
    ),
}


@pytest.mark.fault("attack-2")
@pytest.mark.fault("item-12")
@pytest.mark.parametrize("state", STEPS)
def test_nothing_is_contracted_ordered_or_paid_once_the_year_is_over(cast, state):
    """Nobody has closed it: 31 December is enough."""
    work = bring(cast, state)
    refused(lambda: STEPS[state](cast, work, later(cast)), f"{cast.year.year} sudah lewat")
    assert fresh(work).state == work.state and sound(cast) == []


def test_a_paper_of_the_old_year_typed_after_it_still_counts_in_it(cast):
    work = bring(cast, "ordered_1")
    on = date(cast.year.year, 12, 31)
    last = on if on >= tranche(work, 1).ordered_on else tranche(work, 1).ordered_on
    tranches.pay_tranche(
        by=cast.finance_office,
        tranche=tranche(work, 1),
        number="9/SP2D",
        on=last,
        day_why="Kas daerah melayani sampai malam tahun baru.",
        at=later(cast),
    )
    assert tranche(work, 1).paid_on == last
    assert Act.objects.get(act="tranche.paid").detail["late"] > 3


def test_what_was_paid_is_accounted_for_and_returned_after_the_year(cast):
    """Receipts, SPJ and the return pay nothing out: the old year can be brought to its end."""
    work = bring(cast, "received_1")
    at = later(cast)
    yearend.end_work(by=cast.lurah, work=work, why=WHY, at=at)
    paths.spend(cast, work, 5_000_000, at=at)
    row = tranche(work, 1)
    receipts.submit_spj(by=cast.pokmas_head, tranche=row, at=at)
    receipts.verify_spj(by=cast.ppk, tranche=row, at=at)
    closing.return_remainder(by=cast.pokmas_treasurer, work=fresh(work), slip="1/STS", at=at)
    closing.receive_return(by=cast.ppk, work=fresh(work), at=at)
    closing.close_work(by=cast.lurah, work=fresh(work), at=at)
    assert fresh(work).state == "closed" and sound(cast) == []
    money = {
        kind: balance(None, kind, cast.rt, work.activity_id) for kind in ("accounted", "returned")
    }
    assert money == {"accounted": 5_000_000, "returned": 1_000_000}
    assert not DeskItem.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize(
    ("state", "back", "ends"),
    [
        ("prepared", 10_000_000, "closed"),
        ("signed", 10_000_000, "closed"),
        ("running", 10_000_000, "stopped"),
        ("ordered_1", 10_000_000, "stopped"),
        ("paid_1", 4_000_000, "stopped"),
        ("accounted_1", 4_000_000, "stopped"),
    ],
)
def test_what_was_not_paid_goes_back_by_name(cast, state, back, ends):
    work = bring(cast, state)
    free = balance(cast.year.fund, "available", cast.rt)
    with pytest.raises(PermissionDenied):
        yearend.end_work(by=cast.ekbang, work=work, why=WHY, at=later(cast))
    refused(lambda: yearend.end_work(by=cast.lurah, work=work, why=WHY), "belum berakhir")
    refused(lambda: yearend.end_work(by=cast.lurah, work=work, why="", at=later(cast)), "10 huruf")
    yearend.end_work(by=cast.lurah, work=work, why=WHY, at=later(cast))
    assert balance(cast.year.fund, "available", cast.rt) == free + back
    assert (fresh(work).state, fresh(work).ended_why) == (ends, WHY)
    assert not set(Tranche.objects.values_list("state", flat=True)) & {"planned", "ordered"}
    assert sound(cast) == []
    again = lambda: yearend.end_work(by=cast.lurah, work=work, why=WHY, at=later(cast))  # noqa: E731
    refused(again, "Tidak ada lagi")


def test_a_work_that_is_whole_goes_on_to_its_handover(cast):
    work = bring(cast, "accounted_1")
    for percent in (50, 100):
        paths.report(cast, work, percent)
    yearend.end_work(by=cast.lurah, work=work, why=WHY, at=later(cast))
    assert fresh(work).state == "running" and tranche(work, 2).state == "waived"
    assert {i.act for i in DeskItem.objects.filter(closed_at=None)} == {"work.inspect"}


def test_where_the_rules_say_so_it_is_carried_over_to_the_next_year(cast):
    rules = RuleSet.objects.get(pk=cast.year.rule_set_id)
    book = rules.book | {"unpaid_at_year_end": "carry_over"}
    RuleSet.objects.filter(pk=rules.pk).update(book=book, digest="carry".ljust(64, "0"))
    work = bring(cast, "accounted_1")
    refused(
        lambda: yearend.end_work(by=cast.lurah, work=work, why=WHY, at=later(cast)),
        "belum dibuka",
    )
    following = open_year(cast.city, cast.program, cast.year.year + 1, cast.units)
    had = balance(following.fund, "source", cast.rt)
    yearend.end_work(by=cast.lurah, work=fresh(work), why=WHY, at=later(cast))
    assert balance(following.fund, "source", cast.rt) == had + 4_000_000
    assert balance(following.fund, "available", cast.rt) == had + 4_000_000
    assert sound(cast) == []


def test_a_year_closes_with_what_was_only_planned_and_leaves_no_desk(cast):
    activity = budgeted(cast)
    planned = Proposal.objects.create(
        city=cast.city,
        unit=cast.rt2,
        program_year=cast.year,
        state=ProposalState.SUBMITTED,
        tier="rw",
        submitted_by=cast.other_rt_head,
        submitted_at=timezone.now(),
    )
    work = bring(cast, "accounted_1")
    close = lambda **told: yearend.close_year(  # noqa: E731
        by=cast.government_office, program_year=cast.year, **told
    )
    refused(lambda: close(at=later(cast)), "1 pekerjaan belum ditutup")
    refused(close, "belum berakhir")
    yearend.call_in(by=cast.government_office, program_year=cast.year, at=later(cast))
    assert DeskItem.objects.get(closed_at=None, about_unit=cast.rt, act="work.end")
    yearend.end_work(by=cast.lurah, work=work, why=WHY, at=later(cast))
    closing.close_work(by=cast.lurah, work=fresh(work), at=later(cast))
    with pytest.raises(PermissionDenied):
        yearend.close_year(by=cast.lurah, program_year=cast.year, at=later(cast))
    assert close(at=later(cast)).state == "closed"
    activity.refresh_from_db()
    planned.refresh_from_db()
    assert activity.stage == Stage.DROPPED and planned.state == ProposalState.REJECTED
    assert balance(cast.year.fund, "reserved", cast.rt) == 0
    assert not DeskItem.objects.filter(closed_at=None).exists()
    assert sound(cast) == []


def test_the_pages_of_the_end(cast, sign_in):
    year, work = cast.year, bring(cast, "accounted_1")
    client = sign_in(cast.government_office)
    assert f"/uji/tahun/{year.pk}/tutup/" in client.get("/uji/tahun/").content.decode()
    page = client.get(f"/uji/tahun/{year.pk}/tutup/").content.decode()
    assert "Tahun ini masih berjalan" in page and work.activity.name in page
    answer = client.post(f"/uji/tahun/{year.pk}/tutup/", {"do": "close", "key": new_key()})
    assert answer.status_code == 422 and "belum ditutup" in answer.content.decode()
    client = sign_in(cast.lurah)
    path = f"/uji/pekerjaan/{work.pk}/akhiri/"
    assert "Tidak ada yang perlu diakhiri" in client.get(path).content.decode()
    answer = client.post(path, {"why": WHY, "key": new_key()})
    assert answer.status_code == 422 and "belum berakhir" in answer.content.decode()


def test_the_page_of_an_ended_year_ends_its_works(cast, sign_in, monkeypatch):
    """The pages read the clock themselves: the cast's year is moved into the past."""
    work = bring(cast, "accounted_1")
    over = timezone.now() + timedelta(days=366)
    monkeypatch.setattr("django.utils.timezone.now", lambda: over)
    client, path = sign_in(cast.lurah), f"/uji/pekerjaan/{work.pk}/akhiri/"
    assert "Akhiri pekerjaan ini" in client.get(path).content.decode()
    assert client.post(path, {"why": WHY, "key": new_key()}).status_code == 302
    page = client.get(f"/uji/pekerjaan/{work.pk}/").content.decode()
    assert fresh(work).state == "stopped" and "tahun anggaran berakhir" in page
    assert standing(fresh(work)).unpaid == []
