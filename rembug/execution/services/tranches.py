"""Money to the pokmas: asked for, billed (SPP), verified, ordered (SPM), paid (SP2D), received."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import refuse_if
from rembug.core.steps import step
from rembug.execution import permissions, rules
from rembug.execution.models import Tranche
from rembug.execution.rules import TRANCHE_STEPS, TrancheState, day_faults, why_faults
from rembug.execution.services.duties import (
    keep,
    number_once,
    paper_number,
    running,
    settle,
    shift,
)
from rembug.execution.services.standing import Standing, locked, moment, standing
from rembug.people.models import Office, Person
from rembug.programs.calendar import due_on


def _opened(by: Person, act: str, tranche: Tranche) -> tuple[Standing, Tranche, Office]:
    """Lock the work, read how it stands, and see that the person may do this to its tranche."""
    work = locked(tranche.work)
    office = permissions.require(by, act, work)
    s = standing(work)
    fresh = next(row for row in s.tranches if row.pk == tranche.pk)
    return s, fresh, office


@transaction.atomic
def request_tranche(*, by: Person, tranche: Tranche, at: datetime | None = None) -> Tranche:
    """The pokmas asks for a payment; refused with every gate of the rulebook that is still shut."""
    s, tranche, office = _opened(by, "tranche.request", tranche)
    now, today = moment(at)
    refuse_if(rules.unmet(s.gates(tranche)))
    step(tranche, "request", TRANCHE_STEPS, requested_on=today, back_why="")
    detail = {"number": tranche.number, "amount": tranche.amount}
    keep(by, "tranche.requested", tranche, s, office, detail=detail, at=now)
    settle(s.work, by=by, outcome="requested", at=now)
    return tranche


@transaction.atomic
def bill_tranche(
    *, by: Person, tranche: Tranche, number: str, at: datetime | None = None
) -> Tranche:
    """The treasurer makes the payment request (SPP) under its number."""
    s, tranche, office = _opened(by, "tranche.bill", tranche)
    now, _today = moment(at)
    refuse_if(paper_number(Tranche, "spp_no", number, "SPP", tranche.pk))
    with number_once("SPP"):
        step(tranche, "bill", TRANCHE_STEPS, spp_no=number.strip())
    detail = {"number": tranche.number, "spp": tranche.spp_no, "amount": tranche.amount}
    keep(by, "tranche.billed", tranche, s, office, detail=detail, at=now)
    settle(s.work, by=by, outcome="billed", at=now)
    return tranche


@transaction.atomic
def verify_tranche(
    *, by: Person, tranche: Tranche, papers: Collection[str] = (), at: datetime | None = None
) -> Tranche:
    """The PPK-Keuangan has checked the request and seen its papers (codes); the gates are looked at again."""
    s, tranche, office = _opened(by, "tranche.verify", tranche)
    now, _today = moment(at)
    missing = rules.paper_faults(s.papers("tranche"), papers)
    refuse_if(missing + rules.unmet(s.gates(tranche)))
    step(tranche, "verify", TRANCHE_STEPS)
    detail = {"number": tranche.number, "papers": sorted(papers)}
    keep(by, "tranche.verified", tranche, s, office, detail=detail, at=now)
    settle(s.work, by=by, outcome="verified", at=now)
    return tranche


@transaction.atomic
def order_tranche(
    *, by: Person, tranche: Tranche, number: str, at: datetime | None = None
) -> Tranche:
    """The lurah orders the payment (SPM): committed money becomes ordered."""
    s, tranche, office = _opened(by, "tranche.order", tranche)
    now, today = moment(at)
    refuse_if(
        paper_number(Tranche, "spm_no", number, "SPM", tranche.pk) + rules.unmet(s.gates(tranche))
    )
    with number_once("SPM"):
        step(tranche, "order", TRANCHE_STEPS, spm_no=number.strip())
    detail = {"number": tranche.number, "spm": tranche.spm_no, "amount": tranche.amount}
    act = keep(by, "tranche.ordered", tranche, s, office, detail=detail, at=now)
    memo = noted("SPM %s") % tranche.spm_no
    shift(
        s,
        "order",
        "committed",
        "ordered",
        tranche.amount,
        key=f"order:{tranche.pk}",
        on=today,
        memo=memo,
        digest=act.digest,
    )
    settle(s.work, by=by, outcome="ordered", at=now)
    return tranche


@transaction.atomic
def pay_tranche(
    *, by: Person, tranche: Tranche, number: str, at: datetime | None = None
) -> Tranche:
    """The city's treasury pays (SP2D): straight to the pokmas (LS), or to the kelurahan first (TU)."""
    s, tranche, office = _opened(by, "tranche.pay", tranche)
    now, today = moment(at)
    held = [gate for gate in s.gates(tranche) if gate.code == "no_open_hold"]
    refuse_if(paper_number(Tranche, "sp2d_no", number, "SP2D", tranche.pk) + rules.unmet(held))
    with number_once("SP2D"):
        step(tranche, "pay", TRANCHE_STEPS, sp2d_no=number.strip(), paid_on=today)
    detail = {"number": tranche.number, "sp2d": tranche.sp2d_no, "amount": tranche.amount}
    act = keep(by, "tranche.paid", tranche, s, office, detail=detail, at=now)
    shift(
        s,
        "pay",
        "ordered",
        "cash_pokmas" if s.book.method == "LS" else "cash_kelurahan",
        tranche.amount,
        key=f"pay:{tranche.pk}",
        on=today,
        memo=noted("SP2D %s") % tranche.sp2d_no,
        digest=act.digest,
    )
    settle(s.work, by=by, outcome="paid", at=now)
    return tranche


@transaction.atomic
def confirm_received(
    *, by: Person, tranche: Tranche, bank_date: date | None, at: datetime | None = None
) -> Tranche:
    """The treasurer of the pokmas saw the money on the account, on the day the bank book says."""
    s, tranche, office = _opened(by, "tranche.confirm", tranche)
    now, today = moment(at)
    refuse_if(
        day_faults(
            bank_date,
            _("uang masuk rekening"),
            "bank_date",
            today=today,
            earliest=tranche.paid_on,
        )
    )
    assert bank_date is not None
    step(
        tranche,
        "receive",
        TRANCHE_STEPS,
        received_on=bank_date,
        spj_due_on=due_on(bank_date, s.book.spj_days),
    )
    detail = {"number": tranche.number, "amount": tranche.amount, "on": bank_date.isoformat()}
    act = keep(by, "tranche.received", tranche, s, office, detail=detail, at=now)
    if s.book.method == "TU":
        shift(
            s,
            "receive",
            "cash_kelurahan",
            "cash_pokmas",
            tranche.amount,
            key=f"receive:{tranche.pk}",
            on=bank_date,
            memo=noted("Diterima pokmas, pencairan %d") % tranche.number,
            digest=act.digest,
        )
    running(s, now)
    settle(s.work, by=by, outcome="received", at=now)
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
    s, tranche, office = _opened(by, act, tranche)
    now, _today = moment(at)
    refuse_if(why_faults(why))
    step(tranche, "send_back", TRANCHE_STEPS, back_why=why.strip(), spp_no="")
    detail = {"number": tranche.number}
    keep(by, "tranche.sent_back", tranche, s, office, why=why.strip(), detail=detail, at=now)
    settle(s.work, by=by, outcome="sent_back", at=now)
    return tranche
