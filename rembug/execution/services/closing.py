"""The end of a work: inspected (BAHP), offered, received (BAST), the remainder returned, closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import refuse_if
from rembug.core.rupiah import show
from rembug.core.steps import step
from rembug.execution import endings, rules, volumes
from rembug.execution.models import Work
from rembug.execution.rules import (
    TRANCHE_STEPS,
    WORK_STEPS,
    TrancheState,
    WorkState,
    why_faults,
)
from rembug.execution.services.standing import Standing
from rembug.execution.services.turns import (
    TODAY,
    Move,
    Turn,
    advance,
    number_once,
    paper_day,
    paper_number,
    turn,
)
from rembug.people.models import Person
from rembug.planning.rules import Stage


@transaction.atomic
def inspect_work(
    *,
    by: Person,
    work: Work,
    number: str,
    measured: str,
    on: date | None = TODAY,
    at: datetime | None = None,
) -> Work:
    """The supervisor of the pokmas measured the result and signs the inspection (BAHP) on that day.

    Only after the 100% report was accepted, and again after what was refused was reported anew.
    `measured` is what was found on the spot, in the unit of the plan: `42 m x 1,5 m`.
    """
    t = turn(by, "work.inspect", work, at)
    s, last = t.s, t.s.last_accepted
    planned = volumes.read(s.activity.volume)
    unit = planned.unit if planned else ""
    found = volumes.read(measured, unit)
    # Neighbours measure on a Sunday, too: no office is needed for it.
    day = paper_day(
        t,
        on,
        "BAHP",
        earliest=last.seen_on if last else None,
        after=_("laporan 100%"),
        office=False,
    )
    faults = endings.inspection_faults(
        percent=s.accepted,
        number=number,
        used=bool(paper_number(t.work, "inspection_no", number, "BAHP")),
        measured=measured,
        unit=unit,
        found_unit=found.unit if found else None,
        renewed=s.renewed,
    )
    refuse_if(faults + day.faults)
    assert found
    cut = volumes.unearned(t.work.value, planned, found, s.book.short_percent)
    told: dict[str, Any] = {
        "inspection_no": as_typed(number),
        "measured": measured.strip(),
        "cut": cut,
    }
    told |= {"measured_milli": found.milli, "measured_unit": found.unit}
    with number_once("BAHP"):
        step(t.work, "inspect", WORK_STEPS, inspected_on=day.on, back_why="", **told)
    detail: dict[str, Any] = {"number": t.work.inspection_no, "measured": t.work.measured}
    if cut:
        detail |= {"planned": str(planned), "cut": cut}
    t.end("work.inspected", detail=detail | day.told)
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
    on: date | None = TODAY,
    day_why: str = "",
    papers: Collection[str] = (),
    at: datetime | None = None,
) -> Work:
    """The lurah takes over the result (BAST), on the day written on it, having seen the papers (codes)
    the rules ask for. What was measured short of the plan is not paid: first the payments nobody asked
    for yet are cut, the rest must be returned."""
    t = turn(by, "work.receive", work, at)
    day = paper_day(t, on, "BAST", earliest=t.work.inspected_on, after="BAHP", why=day_why)
    missing = rules.paper_faults(t.s.papers("handover"), papers)
    underway = _underway(t) if t.work.cut else []
    refuse_if(paper_number(t.work, "handover_no", number, "BAST") + missing + day.faults + underway)
    owed = _cut(t, t.work.cut) if t.work.cut else 0
    with number_once("BAST"):
        step(
            t.work,
            "receive",
            WORK_STEPS,
            handed_on=day.on,
            handover_no=as_typed(number),
            owed_back=owed,
        )
    detail: dict[str, Any] = {"number": t.work.handover_no, "papers": sorted(papers)}
    if t.work.cut:
        detail |= {"cut": t.work.cut, "owed_back": owed}
    t.end("work.received", detail=detail | day.told, why=day_why.strip())
    return t.work


UNDER_WAY = (
    TrancheState.REQUESTED,
    TrancheState.BILLED,
    TrancheState.VERIFIED,
    TrancheState.ORDERED,
)


def _underway(t: Turn) -> list[str]:
    """Less was built than planned: a payment on its way would go out whole, so it is given back first."""
    told = _("Volume kurang, dan pencairan %d masih diproses. Kembalikan dulu, supaya dikurangi.")
    return [told % row.number for row in t.s.tranches if row.state in UNDER_WAY]


def _cut(t: Turn, short: int) -> int:
    """Take `short` rupiah that were not earned off payments that nobody asked for, the last one first.

    The answer is what was paid beyond what was earned: it must come back. What was given up before
    counts for the shortfall.
    """
    why = _("Volume yang terukur kurang dari rencana.")
    planned = sum(row.amount for row in t.s.tranches if row.state == TrancheState.PLANNED)
    gone = (TrancheState.PLANNED, TrancheState.WAIVED)
    paid = sum(row.amount for row in t.s.tranches if row.state not in gone)
    earned = t.work.value - short
    left = max(0, paid + planned - max(earned, paid))
    for row in reversed(t.s.tranches):
        if not left or row.state != TrancheState.PLANNED:
            continue
        off, row_id = min(left, row.amount), f"cut:{row.pk}"
        left -= off
        if off == row.amount:
            when = {"waived_on": t.today, "waived_why": why, "back_why": ""}
            step(row, "waive", TRANCHE_STEPS, **when)
        else:
            row.amount, row.cut = row.amount - off, off
            row.save(update_fields=["amount", "cut"])
        memo = noted("Pencairan %d dikurangi, volume kurang") % row.number
        detail = {"number": row.number, "amount": off}
        money = Move("release", "committed", "available", off, memo, row_id)
        t.end("tranche.cut", row, why=why, detail=detail, money=money)
    return max(0, paid - earned)


@transaction.atomic
def refuse_work(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The lurah does not take the result yet: it is mended, photographed and inspected again."""
    t = turn(by, "work.receive", work, at)
    refuse_if(why_faults(why))
    undone: dict[str, Any] = {"inspection_no": "", "inspected_on": None, "measured": "", "cut": 0}
    undone |= {"measured_milli": None, "measured_unit": "", "refused_at": t.now}
    step(t.work, "refuse", WORK_STEPS, back_why=why.strip(), **undone)
    t.end("work.refused", why=why.strip())
    return t.work


@transaction.atomic
def return_remainder(
    *,
    by: Person,
    work: Work,
    slip: str,
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Work:
    """The pokmas paid what is left, all of it, back to the city's treasury under a slip (STS) of a day.

    The money counts as returned when the PPK-Keuangan has seen it arrive.
    """
    t = turn(by, "money.return", work, at)
    s, work = t.s, t.work
    faults = endings.settle_faults(
        open_tranches=s.open_tranches, tax_owed=s.tax_owed, undrawn=s.undrawn
    )
    faults += paper_number(work, "return_slip", slip, "STS")
    if work.state not in (WorkState.HANDED, WorkState.STOPPED):
        faults.append(_("Sisa uang dikembalikan sesudah hasil diserahterimakan."))
    if not s.cash:
        faults.append(_("Tidak ada sisa uang. Tidak ada yang perlu dikembalikan."))
    if work.return_slip:
        faults.append(_("Setoran sisa uang sudah dicatat. Tunggu PPK-Keuangan memeriksa."))
    first = min((row.received_on for row in s.tranches if row.received_on), default=None)
    day = paper_day(t, on, "STS", earliest=first, after=_("uang masuk"), why=day_why)
    refuse_if(faults + day.faults)
    work.return_slip, work.returned_on, work.returned_amount = as_typed(slip), day.on, s.cash
    with number_once("STS"):
        work.save(update_fields=["return_slip", "returned_on", "returned_amount"])
    detail = {"amount": s.cash, "slip": work.return_slip}
    t.end("money.returned", detail=detail | day.told, why=day_why.strip())
    return work


@transaction.atomic
def receive_return(
    *,
    by: Person,
    work: Work,
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Work:
    """The PPK-Keuangan saw the remainder arrive in the treasury on a day: the books follow."""
    t = turn(by, "money.receive_return", work, at)
    work = t.work
    what = _("setoran masuk kas daerah")
    day = paper_day(t, on, what, earliest=work.returned_on, after="STS", why=day_why)
    refuse_if(_no_slip(work) + day.faults)
    work.return_received_on = day.on
    work.save(update_fields=["return_received_on"])
    memo = noted("STS %s") % work.return_slip
    t.end(
        "return.received",
        detail={"amount": t.s.cash, "slip": work.return_slip} | day.told,
        why=day_why.strip(),
        money=Move("return", "cash_pokmas", "returned", t.s.cash, memo),
        on=day.on,
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
def close_work(*, by: Person, work: Work, claim: str = "", at: datetime | None = None) -> Work:
    """The lurah closes a work: every SPJ accepted, no cash and no tax left. Nothing changes afterwards.

    `claim` says how money paid for what was not built, and not returned, is claimed outside these books.
    """
    t = turn(by, "work.close", work, at)
    s = t.s
    refuse_if(open_ends(s, claim))
    step(t.work, "close", WORK_STEPS, closed_on=t.today)
    advance(s.activity, t.now, stage=Stage.CLOSED)
    detail = {"value": show(t.work.value), "returned": s.money.get("returned", 0)}
    detail |= {"waived": s.waived}
    if s.owed_back:
        detail["claimed"] = s.owed_back
    t.end("work.closed", detail=detail, why=claim.strip() if s.owed_back else "")
    return t.work


def open_ends(s: Standing, claim: str = "") -> list[str]:
    """Everything that keeps a work from being closed, given how it stands."""
    return endings.close_faults(
        open_tranches=s.open_tranches,
        tax_owed=s.tax_owed,
        cash=s.cash,
        hold=s.hold,
        undrawn=s.undrawn,
        owed_back=s.owed_back,
        claim=claim,
    )
