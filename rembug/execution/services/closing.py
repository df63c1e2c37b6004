"""The end of a work: inspected (BAHP), offered, received (BAST), the remainder returned, closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed, same_number
from rembug.core.refusal import refuse_if
from rembug.core.rupiah import show
from rembug.core.steps import step
from rembug.execution import rules
from rembug.execution.models import Work
from rembug.execution.rules import WORK_STEPS, WorkState, why_faults
from rembug.execution.services.standing import Standing
from rembug.execution.services.turns import Move, advance, number_once, paper_number, turn
from rembug.people.models import Person
from rembug.planning.rules import Stage


@transaction.atomic
def inspect_work(
    *, by: Person, work: Work, number: str, measured: str, at: datetime | None = None
) -> Work:
    """The supervisor of the pokmas measured the result and signs the inspection (BAHP).

    Only after the 100% report was accepted. `measured` is what was found on the spot: `42 m x 1,5 m`.
    """
    t = turn(by, "work.inspect", work, at)
    known = Work.objects.filter(**same_number("inspection_no", number))
    used = known.exclude(pk=t.work.pk).exists()
    refuse_if(
        rules.inspection_faults(percent=t.s.accepted, number=number, used=used, measured=measured)
    )
    found = {"inspection_no": as_typed(number), "measured": measured.strip()}
    with number_once("BAHP"):
        step(t.work, "inspect", WORK_STEPS, inspected_on=t.today, back_why="", **found)
    detail = {"number": t.work.inspection_no, "measured": t.work.measured}
    t.end("work.inspected", detail=detail)
    return t.work


@transaction.atomic
def offer_work(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The head of the pokmas offers the inspected result to the lurah."""
    t = turn(by, "work.offer", work, at)
    step(t.work, "offer", WORK_STEPS)
    t.end("work.offered")
    return t.work


@transaction.atomic
def receive_work(
    *,
    by: Person,
    work: Work,
    number: str,
    papers: Collection[str] = (),
    at: datetime | None = None,
) -> Work:
    """The lurah takes over the result (BAST), having seen the papers (codes) the rules ask for."""
    t = turn(by, "work.receive", work, at)
    missing = rules.paper_faults(t.s.papers("handover"), papers)
    refuse_if(paper_number(t.work, "handover_no", number, "BAST") + missing)
    with number_once("BAST"):
        step(t.work, "receive", WORK_STEPS, handed_on=t.today, handover_no=as_typed(number))
    t.end("work.received", detail={"number": t.work.handover_no, "papers": sorted(papers)})
    return t.work


@transaction.atomic
def refuse_work(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The lurah does not take the result yet: it is mended and inspected again."""
    t = turn(by, "work.receive", work, at)
    refuse_if(why_faults(why))
    undone = {"inspection_no": "", "inspected_on": None, "measured": ""}
    step(t.work, "refuse", WORK_STEPS, back_why=why.strip(), **undone)
    t.end("work.refused", why=why.strip())
    return t.work


@transaction.atomic
def return_remainder(*, by: Person, work: Work, slip: str, at: datetime | None = None) -> Work:
    """The pokmas paid what is left, all of it, back to the city's treasury under a slip (STS).

    The money counts as returned when the PPK-Keuangan has seen it arrive.
    """
    t = turn(by, "money.return", work, at)
    s, work = t.s, t.work
    faults = rules.settle_faults(
        open_tranches=s.open_tranches, tax_owed=s.tax_owed, undrawn=s.undrawn
    )
    faults += paper_number(work, "return_slip", slip, "STS")
    if work.state != WorkState.HANDED:
        faults.append(_("Sisa uang dikembalikan sesudah hasil diserahterimakan."))
    if not s.cash:
        faults.append(_("Tidak ada sisa uang. Tidak ada yang perlu dikembalikan."))
    if work.return_slip:
        faults.append(_("Setoran sisa uang sudah dicatat. Tunggu PPK-Keuangan memeriksa."))
    refuse_if(faults)
    work.return_slip, work.returned_on, work.returned_amount = as_typed(slip), t.today, s.cash
    with number_once("STS"):
        work.save(update_fields=["return_slip", "returned_on", "returned_amount"])
    t.end("money.returned", detail={"amount": s.cash, "slip": work.return_slip})
    return work


@transaction.atomic
def receive_return(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The PPK-Keuangan saw the remainder arrive in the treasury: the books follow."""
    t = turn(by, "money.receive_return", work, at)
    work = t.work
    refuse_if(_no_slip(work))
    work.return_received_on = t.today
    work.save(update_fields=["return_received_on"])
    memo = noted("STS %s") % work.return_slip
    t.end(
        "return.received",
        detail={"amount": t.s.cash, "slip": work.return_slip},
        money=Move("return", "cash_pokmas", "returned", t.s.cash, memo),
    )
    return work


@transaction.atomic
def refuse_return(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The slip does not match what arrived: the pokmas corrects it."""
    t = turn(by, "money.receive_return", work, at)
    work = t.work
    refuse_if(why_faults(why) + _no_slip(work))
    slip = work.return_slip
    work.return_slip, work.returned_on, work.returned_amount = "", None, 0
    work.back_why = why.strip()
    work.save(update_fields=["return_slip", "returned_on", "returned_amount", "back_why"])
    t.end("return.refused", why=why.strip(), detail={"slip": slip})
    return work


def _no_slip(work: Work) -> list[str]:
    """Why there is nothing to look at."""
    if work.return_slip and not work.return_received_on:
        return []
    return [_("Tidak ada setoran sisa uang yang menunggu diperiksa.")]


@transaction.atomic
def close_work(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The lurah closes a work: every SPJ accepted, no cash and no tax left. Nothing changes afterwards."""
    t = turn(by, "work.close", work, at)
    s = t.s
    refuse_if(open_ends(s))
    step(t.work, "close", WORK_STEPS, closed_on=t.today)
    advance(s.activity, t.now, stage=Stage.CLOSED)
    detail = {"value": show(t.work.value), "returned": s.money.get("returned", 0)}
    t.end("work.closed", detail=detail | {"waived": s.waived})
    return t.work


def open_ends(s: Standing) -> list[str]:
    """Everything that keeps a work from being closed, given how it stands."""
    return rules.close_faults(
        open_tranches=s.open_tranches,
        tax_owed=s.tax_owed,
        cash=s.cash,
        hold=s.hold,
        undrawn=s.undrawn,
    )
