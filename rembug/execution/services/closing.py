"""The end of a work: inspected (BAHP), offered, received (BAST), the remainder returned, closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Refused, refuse_if
from rembug.core.rupiah import show
from rembug.core.steps import step
from rembug.execution import permissions, rules
from rembug.execution.models import Work
from rembug.execution.rules import WORK_STEPS, WorkState, why_faults
from rembug.execution.services.duties import (
    advance,
    keep,
    number_once,
    paper_number,
    settle,
    shift,
)
from rembug.execution.services.standing import locked, moment, standing
from rembug.people.models import Person
from rembug.planning.rules import Stage


@transaction.atomic
def inspect_work(
    *, by: Person, work: Work, number: str, measured: str, at: datetime | None = None
) -> Work:
    """The supervisor of the pokmas measured the result and signs the inspection (BAHP).

    Only after the 100% report was accepted. `measured` is what was found on the spot: `42 m x 1,5 m`.
    """
    work = locked(work)
    office = permissions.require(by, "work.inspect", work)
    now, today = moment(at)
    used = Work.objects.filter(inspection_no=number.strip()).exclude(pk=work.pk).exists()
    faults = rules.inspection_faults(
        percent=work.activity.percent, number=number, used=used, measured=measured
    )
    refuse_if(faults)
    with number_once("BAHP"):
        step(
            work,
            "inspect",
            WORK_STEPS,
            inspected_on=today,
            inspection_no=number.strip(),
            measured=measured.strip(),
            back_why="",
        )
    detail = {"number": work.inspection_no, "measured": work.measured}
    keep(by, "work.inspected", work, work, office, detail=detail, at=now)
    settle(work, by=by, outcome="inspected", at=now)
    return work


@transaction.atomic
def offer_work(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The head of the pokmas offers the inspected result to the lurah."""
    work = locked(work)
    office = permissions.require(by, "work.offer", work)
    now, _today = moment(at)
    step(work, "offer", WORK_STEPS)
    keep(by, "work.offered", work, work, office, at=now)
    settle(work, by=by, outcome="offered", at=now)
    return work


@transaction.atomic
def receive_work(*, by: Person, work: Work, number: str, at: datetime | None = None) -> Work:
    """The lurah takes over the result (BAST)."""
    work = locked(work)
    office = permissions.require(by, "work.receive", work)
    now, today = moment(at)
    refuse_if(paper_number(Work, "handover_no", number, "BAST", work.pk))
    with number_once("BAST"):
        step(work, "receive", WORK_STEPS, handed_on=today, handover_no=number.strip())
    detail = {"number": work.handover_no}
    keep(by, "work.received", work, work, office, detail=detail, at=now)
    settle(work, by=by, outcome="received", at=now)
    return work


@transaction.atomic
def refuse_work(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The lurah does not take the result yet: it is mended and inspected again."""
    work = locked(work)
    office = permissions.require(by, "work.receive", work)
    now, _today = moment(at)
    refuse_if(why_faults(why))
    step(
        work,
        "refuse",
        WORK_STEPS,
        back_why=why.strip(),
        inspection_no="",
        inspected_on=None,
        measured="",
    )
    keep(by, "work.refused", work, work, office, why=why.strip(), at=now)
    settle(work, by=by, outcome="refused", at=now)
    return work


@transaction.atomic
def return_remainder(*, by: Person, work: Work, slip: str, at: datetime | None = None) -> Work:
    """The pokmas paid what is left, all of it, back to the city's treasury under a slip (STS).

    The money counts as returned when the PPK-Keuangan has seen it arrive.
    """
    work = locked(work)
    office = permissions.require(by, "money.return", work)
    now, today = moment(at)
    s = standing(work)
    faults = rules.settle_faults(open_tranches=s.open_tranches, tax_owed=s.tax_owed)
    faults += paper_number(Work, "return_slip", slip, "STS", work.pk)
    if work.state != WorkState.HANDED:
        faults.append(_("Sisa uang dikembalikan sesudah hasil diserahterimakan."))
    if not s.cash:
        faults.append(_("Tidak ada sisa uang. Tidak ada yang perlu dikembalikan."))
    if work.return_slip:
        faults.append(_("Setoran sisa uang sudah dicatat. Tunggu PPK-Keuangan memeriksa."))
    refuse_if(faults)
    work.return_slip, work.returned_on, work.returned_amount = slip.strip(), today, s.cash
    with number_once("STS"):
        work.save(update_fields=["return_slip", "returned_on", "returned_amount"])
    detail = {"amount": s.cash, "slip": work.return_slip}
    keep(by, "money.returned", work, s, office, detail=detail, at=now)
    settle(work, by=by, outcome="returned", at=now)
    return work


@transaction.atomic
def receive_return(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The PPK-Keuangan saw the remainder arrive in the treasury: the books follow."""
    work = locked(work)
    office = permissions.require(by, "money.receive_return", work)
    now, today = moment(at)
    s = standing(work)
    if not work.return_slip or work.return_received_on:
        raise Refused([_("Tidak ada setoran sisa uang yang menunggu diperiksa.")])
    work.return_received_on = today
    work.save(update_fields=["return_received_on"])
    detail = {"amount": s.cash, "slip": work.return_slip}
    act = keep(by, "return.received", work, s, office, detail=detail, at=now)
    shift(
        s,
        "return",
        "cash_pokmas",
        "returned",
        s.cash,
        key=f"return:{work.pk}",
        on=today,
        memo=noted("STS %s") % work.return_slip,
        digest=act.digest,
    )
    settle(work, by=by, outcome="received", at=now)
    return work


@transaction.atomic
def refuse_return(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The slip does not match what arrived: the pokmas corrects it."""
    work = locked(work)
    office = permissions.require(by, "money.receive_return", work)
    now, _today = moment(at)
    faults = why_faults(why)
    if not work.return_slip or work.return_received_on:
        faults.append(_("Tidak ada setoran sisa uang yang menunggu diperiksa."))
    refuse_if(faults)
    slip = work.return_slip
    work.return_slip, work.returned_on, work.returned_amount = "", None, 0
    work.back_why = why.strip()
    work.save(update_fields=["return_slip", "returned_on", "returned_amount", "back_why"])
    keep(by, "return.refused", work, work, office, why=why.strip(), detail={"slip": slip}, at=now)
    settle(work, by=by, outcome="refused", at=now)
    return work


@transaction.atomic
def close_work(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The lurah closes a work: every SPJ accepted, no cash and no tax left. Nothing changes afterwards."""
    work = locked(work)
    office = permissions.require(by, "work.close", work)
    now, today = moment(at)
    s = standing(work)
    refuse_if(rules.close_faults(open_tranches=s.open_tranches, tax_owed=s.tax_owed, cash=s.cash))
    step(work, "close", WORK_STEPS, closed_on=today)
    advance(s.activity, now, stage=Stage.CLOSED)
    detail = {"value": show(work.value), "returned": s.money.get("returned", 0)}
    keep(by, "work.closed", work, s, office, detail=detail, at=now)
    settle(work, by=by, outcome="closed", at=now)
    return work
