"""Money to the pokmas: asked for, billed (SPP), verified, ordered (SPM), paid (SP2D), received; or not
needed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import refuse_if
from rembug.core.steps import step
from rembug.execution import gates, rules
from rembug.execution.models import Tranche
from rembug.execution.rules import TRANCHE_STEPS, TrancheState, day_faults, why_faults
from rembug.execution.services.turns import Move, number_once, paper_number, running, turn_on
from rembug.people.models import Person
from rembug.programs.calendar import due_on
from rembug.programs.phases import phase_faults, phase_flag


@transaction.atomic
def request_tranche(*, by: Person, tranche: Tranche, at: datetime | None = None) -> Tranche:
    """The pokmas asks for a payment; refused with every gate of the rulebook that is still shut."""
    t, tranche = turn_on(by, "tranche.request", tranche, at)
    year = t.s.activity.year
    refuse_if(gates.unmet(t.s.gates(tranche)) + phase_faults(t.s.book, "payment", year, t.now))
    step(tranche, "request", TRANCHE_STEPS, requested_on=t.today, back_why="")
    detail: dict[str, Any] = {"number": tranche.number, "amount": tranche.amount}
    detail |= phase_flag(t.s.book, "payment", year, t.now)
    t.end("tranche.requested", tranche, detail=detail)
    return tranche


@transaction.atomic
def bill_tranche(
    *, by: Person, tranche: Tranche, number: str, at: datetime | None = None
) -> Tranche:
    """The treasurer makes the payment request (SPP) under its number."""
    t, tranche = turn_on(by, "tranche.bill", tranche, at)
    refuse_if(paper_number(tranche, "spp_no", number, "SPP"))
    with number_once("SPP"):
        step(tranche, "bill", TRANCHE_STEPS, spp_no=number.strip())
    detail = {"number": tranche.number, "spp": tranche.spp_no, "amount": tranche.amount}
    t.end("tranche.billed", tranche, detail=detail)
    return tranche


@transaction.atomic
def verify_tranche(
    *, by: Person, tranche: Tranche, papers: Collection[str] = (), at: datetime | None = None
) -> Tranche:
    """The PPK-Keuangan has checked the request and seen its papers (codes); the gates are looked at again."""
    t, tranche = turn_on(by, "tranche.verify", tranche, at)
    missing = rules.paper_faults(t.s.papers("tranche"), papers)
    refuse_if(missing + gates.unmet(t.s.gates(tranche)))
    step(tranche, "verify", TRANCHE_STEPS)
    t.end("tranche.verified", tranche, detail={"number": tranche.number, "papers": sorted(papers)})
    return tranche


@transaction.atomic
def order_tranche(
    *, by: Person, tranche: Tranche, number: str, at: datetime | None = None
) -> Tranche:
    """The lurah orders the payment (SPM): committed money becomes ordered."""
    t, tranche = turn_on(by, "tranche.order", tranche, at)
    shut = gates.unmet(t.s.gates(tranche))
    refuse_if(paper_number(tranche, "spm_no", number, "SPM") + shut)
    with number_once("SPM"):
        step(tranche, "order", TRANCHE_STEPS, spm_no=number.strip())
    memo = noted("SPM %s") % tranche.spm_no
    t.end(
        "tranche.ordered",
        tranche,
        detail={"number": tranche.number, "spm": tranche.spm_no, "amount": tranche.amount},
        money=Move("order", "committed", "ordered", tranche.amount, memo),
    )
    return tranche


@transaction.atomic
def pay_tranche(
    *, by: Person, tranche: Tranche, number: str, at: datetime | None = None
) -> Tranche:
    """The city's treasury pays (SP2D): straight to the pokmas (LS), or to the kelurahan first (TU)."""
    t, tranche = turn_on(by, "tranche.pay", tranche, at)
    held = [gate for gate in t.s.gates(tranche) if gate.code == "no_open_hold"]
    refuse_if(paper_number(tranche, "sp2d_no", number, "SP2D") + gates.unmet(held))
    with number_once("SP2D"):
        step(tranche, "pay", TRANCHE_STEPS, sp2d_no=number.strip(), paid_on=t.today)
    cash = "cash_pokmas" if t.s.book.method == "LS" else "cash_kelurahan"
    memo = noted("SP2D %s") % tranche.sp2d_no
    t.end(
        "tranche.paid",
        tranche,
        detail={"number": tranche.number, "sp2d": tranche.sp2d_no, "amount": tranche.amount},
        money=Move("pay", "ordered", cash, tranche.amount, memo),
    )
    return tranche


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
    over = Move("receive", "cash_kelurahan", "cash_pokmas", tranche.amount, memo)
    running(t.s, t.now)
    t.end(
        "tranche.received",
        tranche,
        detail={"number": tranche.number, "amount": tranche.amount, "on": bank_date.isoformat()},
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
    """Give a payment request back to the pokmas, with the reason; it starts again from there."""
    act = BACK_ACTS.get(Tranche.objects.get(pk=tranche.pk).state, "tranche.order")
    t, tranche = turn_on(by, act, tranche, at)
    refuse_if(why_faults(why))
    step(tranche, "send_back", TRANCHE_STEPS, back_why=why.strip(), spp_no="")
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
