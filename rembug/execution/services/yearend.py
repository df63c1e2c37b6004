"""The way out of a budget year that is over: what was not paid is given up by name, the year is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Refused, refuse_if
from rembug.core.steps import step
from rembug.execution.models import Tranche, Work
from rembug.execution.rules import (
    REPORT_STEPS,
    TRANCHE_STEPS,
    WORK_STEPS,
    TrancheState,
    WorkState,
    why_faults,
)
from rembug.execution.services.duties import settle
from rembug.execution.services.standing import UNPAID, WITH, Standing, moment
from rembug.execution.services.turns import Move, Turn, turn
from rembug.ledger.services import Line, post
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.models import Office, Person
from rembug.planning.models import Activity
from rembug.planning.rules import Stage
from rembug.planning.services.yearend import lapse_activities, lapse_proposals, unfinished
from rembug.programs.models import ProgramYear, YearState
from rembug.programs.services import city_unit
from rembug.programs.services import close_year as close_books

NOT_IN_FORCE = (WorkState.READY, WorkState.SIGNED)


@transaction.atomic
def end_work(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The year is over: the lurah gives up what was not paid, so that the work can be settled and closed.

    A contract that never came into force ends, its money goes back to the ceiling. Of one in force every
    payment that has not left the treasury goes back; where the rules carry money over, it is added to
    the place's ceiling of the next year. What is not finished stops. Money at the pokmas is accounted
    for and returned as always. Raises PermissionDenied, or Refused with every reason.
    """
    t = turn(by, "work.end", work, at)
    refuse_if(_end_faults(t.s) + why_faults(why))
    why = why.strip()
    if t.work.state in NOT_IN_FORCE:
        return _lapse(t, why)
    following = (
        _next_year(t.s) if t.s.unpaid and t.s.book.unpaid_at_year_end == "carry_over" else None
    )
    for row in t.s.unpaid:
        _give_up(t, row, why, following)
    changes = {"ended_on": t.today, "ended_why": why}
    if t.s.accepted < 100 and t.work.state in WORK_STEPS["stop"][0]:
        _leave_reports(t.s, why)
        step(t.work, "stop", WORK_STEPS, **changes)
    else:
        Work.objects.filter(city_id=t.work.city_id, pk=t.work.pk).update(**changes)
    t.end("work.ended", why=why, detail={"percent": max(t.s.accepted, 0)})
    return t.work


def _end_faults(s: Standing) -> list[str]:
    if not s.year_over:
        told = _("Tahun anggaran %d belum berakhir. Sampai 31 Desember pekerjaan berjalan biasa.")
        return [told % s.activity.year]
    if not s.may_end:
        return [_("Tidak ada lagi yang belum dibayar pada pekerjaan ini. Lanjutkan penutupannya.")]
    return []


def _next_year(s: Standing) -> ProgramYear:
    """The open year that takes over what is carried over."""
    year = s.activity.proposal.program_year
    rows = ProgramYear.objects.filter(program=year.program_id, year=year.year + 1)
    found = rows.filter(state=YearState.OPEN).select_related("fund").first()
    if found is None:
        told = _("Aturan ini meluncurkan sisa ke tahun %d, yang belum dibuka. Buka tahun itu dulu.")
        raise Refused([told % (year.year + 1)])
    return found


def _give_up(t: Turn, row: Tranche, why: str, following: ProgramYear | None) -> None:
    """One payment that will not be made: back from the order or the contract to the ceiling."""
    source = "ordered" if row.state == TrancheState.ORDERED else "committed"
    step(row, "lapse", TRANCHE_STEPS, waived_on=t.today, waived_why=why, back_why="")
    memo = noted("Pencairan %d tidak dibayar sampai akhir tahun") % row.number
    detail = {"number": row.number, "amount": row.amount}
    if following:
        detail["carried_to"] = following.year
    t.end(
        "tranche.lapsed",
        row,
        why=why,
        detail=detail,
        money=Move("release", source, "available", row.amount, memo),
    )
    if following:
        post(
            fund=following.fund,
            kind="carry",
            lines=[
                Line("available", t.work.unit, debit=row.amount),
                Line("source", t.work.unit, credit=row.amount),
            ],
            memo=noted("Luncuran dari %d") % t.s.activity.year,
            on=t.today,
            key=f"carry:{row.pk}",
        )


def _lapse(t: Turn, why: str) -> Work:
    """A contract that nobody brought into force: its money was only set aside."""
    work, when = t.work, {"ended_on": t.today, "ended_why": why, "closed_on": t.today}
    step(work, "lapse", WORK_STEPS, back_why="", **when)
    lapse_activities(
        by=t.by,
        office=t.office,
        program_year=t.s.activity.proposal.program_year,
        activities=[t.s.activity],
        why=why,
        on=t.today,
        now=t.now,
    )
    t.end("work.ended", why=why, detail={"percent": 0})
    return work


def _leave_reports(s: Standing, why: str) -> None:
    """A report that is being checked is not needed any more."""
    waiting = s.waiting
    if waiting:
        step(waiting, "return", REPORT_STEPS, back_why=why)


# ---- the year ----------------------------------------------------------------------------------


@dataclass
class Openings:
    """What a budget year still holds open, counted; the page of its closing shows it."""

    unpaid: int  # works with payments that were not made, or contracts that never came into force
    unsettled: int  # works that are paid and not closed yet
    reserved: int  # activities in the budget without a contract: given back when the year closes
    planned: int  # proposals that never entered the budget: ended when the year closes

    @property
    def works(self) -> int:
        return self.unpaid + self.unsettled


def open_works(program_year: ProgramYear) -> QuerySet[Work]:
    """Works of a year that are not closed, those whose money was not paid first."""
    rows = Work.objects.filter(activity__proposal__program_year=program_year)
    rows = rows.exclude(state=WorkState.CLOSED).annotate(
        unpaid=Count(
            "tranches", filter=Q(tranches__state__in=UNPAID, tranches__city=program_year.city_id)
        )
    )
    return rows.order_by("-unpaid", "pk")


def reserved_in(program_year: ProgramYear) -> QuerySet[Activity]:
    """Activities in the budget of a year for which nobody wrote a contract."""
    return Activity.objects.filter(
        proposal__program_year=program_year, stage=Stage.BUDGETED, work=None
    )


def openings(program_year: ProgramYear) -> Openings:
    """Count what is still open in a budget year."""
    works = list(open_works(program_year).values_list("state", "unpaid"))
    unpaid = sum(1 for state, count in works if count or state in NOT_IN_FORCE)
    return Openings(
        unpaid=unpaid,
        unsettled=len(works) - unpaid,
        reserved=reserved_in(program_year).count(),
        planned=unfinished(program_year).count(),
    )


def _office(by: Person, program_year: ProgramYear) -> Office:
    office = holds(by, "year.close", at=city_unit(program_year.program))
    if office is None:
        raise PermissionDenied
    return office


def _over(program_year: ProgramYear, today: date) -> list[str]:
    if program_year.state != YearState.OPEN:
        return [_("%s tidak sedang dibuka.") % program_year]
    if today.year <= program_year.year:
        return [_("Tahun anggaran %d belum berakhir.") % program_year.year]
    return []


@transaction.atomic
def call_in(*, by: Person, program_year: ProgramYear, at: datetime | None = None) -> ProgramYear:
    """Begin to close a year that is over: everything still open in it is put on the desk that ends it.

    A year ends by itself, without anybody's act; this brings the desks in line with that day.
    """
    made = ProgramYear.objects.select_for_update(of=("self",)).get(pk=program_year.pk)
    office = _office(by, made)
    now, today = moment(at)
    refuse_if(_over(made, today))
    for work in open_works(made).select_related(*WITH):
        settle(work, by=by, outcome="year_over", at=now)
    left = openings(made)
    detail = {"unpaid": left.unpaid, "unsettled": left.unsettled}
    seat = city_unit(made.program)
    about: dict[str, Any] = {
        "about": made.thread,
        "unit": seat,
        "office": office,
        "rule": made.rule,
    }
    record(by, "year.called_in", made, detail=detail, at=now, **about)
    return made


@transaction.atomic
def close_year(
    *, by: Person, program_year: ProgramYear, why: str = "", at: datetime | None = None
) -> ProgramYear:
    """Close a budget year: what was only planned or set aside ends, and nothing is posted any more.

    Every work must be closed. Before the year's end only a year in which nothing is open can be closed.
    `why` is read where a proposal or an activity ends by it. Raises PermissionDenied, or Refused.
    """
    rows = ProgramYear.objects.select_for_update(of=("self",)).select_related("program", "fund")
    made = rows.get(pk=program_year.pk)
    office = _office(by, made)
    now, today = moment(at)
    left = openings(made)
    faults = []
    if left.works:
        told = _("%d pekerjaan belum ditutup. Selesaikan dulu, masing-masing di halamannya.")
        faults.append(told % left.works)
    if left.reserved or left.planned:
        faults += [fault for fault in _over(made, today) if made.state == YearState.OPEN]
    refuse_if(faults)
    why = why.strip() or _("Tahun anggaran %d sudah ditutup.") % made.year
    given: dict[str, Any] = {
        "by": by,
        "office": office,
        "program_year": made,
        "why": why,
        "now": now,
    }
    found = reserved_in(made).select_related("unit", "city")
    lapse_activities(activities=found, on=today, **given)
    lapse_proposals(**given)
    return close_books(by=by, program_year=made)
