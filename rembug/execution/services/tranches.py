"""Money to the pokmas: asked for, billed (SPP), verified, ordered (SPM), paid (SP2D), received; or not
needed. The way back of a paper is in `takeback`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import Refused, refuse_if
from rembug.core.steps import step
from rembug.execution import gates, rules
from rembug.execution.models import Tranche
from rembug.execution.rules import TRANCHE_STEPS, TrancheState, day_faults, why_faults
from rembug.execution.services.standing import locked
from rembug.execution.services.turns import (
    TODAY,
    Move,
    in_year,
    number_once,
    paper_day,
    paper_number,
    running,
    turn_on,
)
from rembug.ledger.models import Entry
from rembug.people.models import Person
from rembug.programs.calendar import due_on
from rembug.programs.phases import phase_faults, phase_flag


@transaction.atomic
def request_tranche(*, by: Person, tranche: Tranche, at: datetime | None = None) -> Tranche:
    """The pokmas asks for a payment; refused with every gate of the rulebook that is still shut."""
    t, tranche = turn_on(by, "tranche.request", tranche, at)
    year = t.s.activity.year
    late = phase_faults(t.s.book, "payment", year, t.now)
    refuse_if(in_year(t) + gates.unmet(t.s.gates(tranche)) + late)
    step(tranche, "request", TRANCHE_STEPS, requested_on=t.today, back_why="")
    detail: dict[str, Any] = {"number": tranche.number, "amount": tranche.amount}
    detail |= phase_flag(t.s.book, "payment", year, t.now)
    t.end("tranche.requested", tranche, detail=detail)
    return tranche


@transaction.atomic
def bill_tranche(
    *,
    by: Person,
    tranche: Tranche,
    number: str,
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Tranche:
    """The treasurer makes the payment request (SPP) under its number, with the day written on it."""
    t, tranche = turn_on(by, "tranche.bill", tranche, at)
    first = t.work.approved_on or t.work.contract_on
    day = paper_day(t, on, "SPP", earliest=first, after=_("kontrak"), in_year=True, why=day_why)
    refuse_if(paper_number(tranche, "spp_no", number, "SPP") + day.faults)
    with number_once("SPP"):
        step(tranche, "bill", TRANCHE_STEPS, spp_no=as_typed(number), billed_on=day.on)
    detail = {"number": tranche.number, "spp": tranche.spp_no, "amount": tranche.amount}
    t.end("tranche.billed", tranche, detail=detail | day.told, why=day_why.strip())
    return tranche


@transaction.atomic
def verify_tranche(
    *, by: Person, tranche: Tranche, papers: Collection[str] = (), at: datetime | None = None
) -> Tranche:
    """The PPK-Keuangan has checked the request and seen its papers (codes); the gates are looked at again."""
    t, tranche = turn_on(by, "tranche.verify", tranche, at)
    missing = rules.paper_faults(t.s.papers("tranche"), papers)
    refuse_if(in_year(t) + missing + gates.unmet(t.s.gates(tranche)))
    step(tranche, "verify", TRANCHE_STEPS)
    t.end("tranche.verified", tranche, detail={"number": tranche.number, "papers": sorted(papers)})
    return tranche


def _not_before(tranche: Tranche, day: date | None, paper: str) -> tuple[date | None, str]:
    """The day a new paper cannot be older than, and what was then: the paper before it, or the day on
    which the last one was reversed. What was undone in January is not done again in December."""
    undone = tranche.taken_back.aggregate(last=Max("on"))["last"]  # type: ignore[attr-defined]
    if undone and (day is None or undone > day):
        return undone, _("pembatalan")
    return day, paper


@transaction.atomic
def order_tranche(
    *,
    by: Person,
    tranche: Tranche,
    number: str,
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Tranche:
    """The lurah orders the payment (SPM), on the day written on it: committed money becomes ordered."""
    t, tranche = turn_on(by, "tranche.order", tranche, at)
    first, after = _not_before(tranche, tranche.billed_on, "SPP")
    day = paper_day(t, on, "SPM", earliest=first, after=after, in_year=True, why=day_why)
    shut = gates.unmet(t.s.gates(tranche))
    refuse_if(paper_number(tranche, "spm_no", number, "SPM") + day.faults + shut)
    with number_once("SPM"):
        step(tranche, "order", TRANCHE_STEPS, spm_no=as_typed(number), ordered_on=day.on)
    memo = noted("SPM %s") % tranche.spm_no
    detail = {"number": tranche.number, "spm": tranche.spm_no, "amount": tranche.amount}
    t.end(
        "tranche.ordered",
        tranche,
        detail=detail | day.told,
        why=day_why.strip(),
        money=Move(
            "order", "committed", "ordered", tranche.amount, memo, once_more("order", tranche)
        ),
        on=day.on,
    )
    return tranche


@transaction.atomic
def pay_tranche(
    *,
    by: Person,
    tranche: Tranche,
    number: str,
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Tranche:
    """The city's treasury pays (SP2D), on the day written on it: straight to the pokmas (LS), or to the
    kelurahan first (TU)."""
    t, tranche = turn_on(by, "tranche.pay", tranche, at)
    first, after = _not_before(tranche, tranche.ordered_on, "SPM")
    day = paper_day(t, on, "SP2D", earliest=first, after=after, in_year=True, why=day_why)
    held = [gate for gate in t.s.gates(tranche) if gate.code == "no_open_hold"]
    refuse_if(paper_number(tranche, "sp2d_no", number, "SP2D") + day.faults + gates.unmet(held))
    with number_once("SP2D"):
        step(tranche, "pay", TRANCHE_STEPS, sp2d_no=as_typed(number), paid_on=day.on)
    memo = noted("SP2D %s") % tranche.sp2d_no
    detail = {"number": tranche.number, "sp2d": tranche.sp2d_no, "amount": tranche.amount}
    t.end(
        "tranche.paid",
        tranche,
        detail=detail | day.told,
        why=day_why.strip(),
        money=Move("pay", "ordered", t.s.till, tranche.amount, memo, once_more("pay", tranche)),
        on=day.on,
    )
    return tranche


def once_more(kind: str, tranche: Tranche) -> str:
    """The key of a movement that happens once, and once again each time it was reversed."""
    key = f"{kind}:{tranche.pk}"
    booked = Entry.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"))
    again = booked.filter(reversals__isnull=False).count()
    return f"{key}:{again + 1}" if again else key


@transaction.atomic
def confirm_received(
    *, by: Person, tranche: Tranche, bank_date: date | None, at: datetime | None = None
) -> Tranche:
    """The treasurer of the pokmas saw the money on the account, on the day the bank book says."""
    t, tranche = turn_on(by, "tranche.confirm", tranche, at)
    what, paid = _("uang masuk rekening"), tranche.paid_on
    refuse_if(day_faults(bank_date, what, "bank_date", today=t.today, earliest=paid))
    assert bank_date is not None
    due = due_on(bank_date, t.s.book.spj_days)
    step(tranche, "receive", TRANCHE_STEPS, received_on=bank_date, spj_due_on=due)
    memo = noted("Diterima pokmas, pencairan %d") % tranche.number
    key = once_more("receive", tranche)
    over = Move("receive", "cash_kelurahan", "cash_pokmas", tranche.amount, memo, key)
    running(t.s, t.now)
    detail = {"number": tranche.number, "amount": tranche.amount}
    t.end(
        "tranche.received",
        tranche,
        detail=detail | paper_day(t, bank_date, what, office=False).told,
        money=over if t.s.book.method == "TU" else None,
        on=bank_date,
    )
    return tranche


# Whoever must act next on a request may give it back instead, until it is ordered.
BACK_ACTS: dict[str, str] = {
    TrancheState.REQUESTED: "tranche.bill",
    TrancheState.BILLED: "tranche.verify",
    TrancheState.VERIFIED: "tranche.order",
}


@transaction.atomic
def send_back(*, by: Person, tranche: Tranche, why: str, at: datetime | None = None) -> Tranche:
    """Give a payment request back to the pokmas, with the reason; it starts again from there.

    `tranche.state` is what the person saw; if it has moved meanwhile, this is refused.
    """
    # Whose turn it is depends on the state, so it is read behind the lock.
    locked(tranche.work)
    state = Tranche.objects.get(pk=tranche.pk).state
    act = BACK_ACTS.get(state)
    if act is None or state != tranche.state:
        raise Refused([_("Keadaannya sudah berubah. Muat ulang halaman ini, lalu periksa lagi.")])
    t, tranche = turn_on(by, act, tranche, at)
    refuse_if(why_faults(why))
    back = {"back_why": why.strip(), "spp_no": "", "billed_on": None}
    step(tranche, "send_back", TRANCHE_STEPS, **back)
    t.end("tranche.sent_back", tranche, why=why.strip(), detail={"number": tranche.number})
    return tranche


@transaction.atomic
def waive_tranche(*, by: Person, tranche: Tranche, why: str, at: datetime | None = None) -> Tranche:
    """The work came out cheaper: this payment and those after it are not needed, says the pokmas.

    Only once the 100% report is accepted and while nobody asked for the money; from the contract it
    goes back to the ceiling of its place. Raises PermissionDenied, or Refused with every reason.
    """
    t, tranche = turn_on(by, "tranche.waive", tranche, at)
    refuse_if(rules.waive_faults(why, t.s.accepted))
    memo = noted("Pencairan %d tidak dipakai")
    later = [row for row in t.s.tranches if row.number > tranche.number]
    for row in [tranche, *(row for row in later if row.state != TrancheState.WAIVED)]:
        step(row, "waive", TRANCHE_STEPS, waived_on=t.today, waived_why=why.strip(), back_why="")
        t.end(
            "tranche.waived",
            row,
            why=why.strip(),
            detail={"number": row.number, "amount": row.amount},
            money=Move("release", "committed", "available", row.amount, memo % row.number),
        )
    return tranche
