"""Where RT and pokmas land: one sentence, one next step, my activities, the next rembug."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rembug.execution import story
from rembug.execution.models import Work
from rembug.execution.rules import PRIORITY
from rembug.execution.views.frame import page
from rembug.people.authority import offices_of
from rembug.people.desk import inbox
from rembug.people.models import DeskItem, Office, Person
from rembug.planning.models import Activity, Meeting
from rembug.planning.path import Stride, next_stride, planning_units
from rembug.planning.rules import MeetingState, Stage
from rembug.regions.models import UnitKind

MOST = 6


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One sentence, one next step, then what is mine."""
    person = request.user
    waiting = list(inbox(person)[:50])
    steps, awaited = _with_planning(person, waiting)
    activities = my_activities(person)
    running = [row for row in activities if row.stage in (Stage.CONTRACTED, Stage.RUNNING)]
    context = {
        "offices": offices_of(person),
        "sentence": _sentence(len(running), len(steps)),
        "next": steps[0] if steps else None,
        "more": steps[1:MOST],
        "more_count": max(0, len(steps) - MOST),
        "awaited": awaited,
        "activities": activities[:MOST],
        "activity_count": len(activities),
        "meeting": _next_meeting(person),
        **_whose(person),
    }
    return page(request, "home.html", context)


def _with_planning(
    person: Person, waiting: Sequence[DeskItem]
) -> tuple[list[dict[str, Any]], list[Stride]]:
    """The person's steps, those of planning after what lies on the desk; and what others are to do first.

    The path of planning goes on where no desk asks: what was signed goes onto the list, what stands on
    the list is proposed, what was rejected begins again.
    """
    steps, awaited = next_steps(waiting), []
    busy = {
        item.about_unit_id for item in waiting if item.act.startswith(("meeting.", "proposal."))
    }
    for unit in planning_units(person):
        stride = next_stride(person, unit) if unit.pk not in busy else None
        if stride and stride.mine:
            steps.append(story.step_of_planning(stride))
        elif stride:
            awaited.append(stride)
    return steps, awaited


def next_steps(waiting: Sequence[DeskItem]) -> list[dict[str, Any]]:
    """What waits for a person, most urgent first: late ones, then in the order a work goes."""
    rank = {act: number for number, act in enumerate(PRIORITY)}
    steps = [story.step_of(item) for item in waiting]
    return sorted(steps, key=lambda step: (not step["late"], rank.get(step["act"], -1)))


def _whose(person: Person) -> dict[str, Any]:
    """Whose activities the list holds, and whether their RT must be named in each row."""
    offices = offices_of(person)
    wide = [office for office in offices if office.body or office.unit.kind != UnitKind.RT]
    title = _("Kegiatan saya")
    if wide:
        title = (
            _("Kegiatan di %s") % wide[0].unit.label if not wide[0].body else _("Kegiatan pokmas")
        )
    return {"name_units": bool(wide) or len(offices) > 1, "list_title": title}


def _sentence(running: int, waiting: int) -> str:
    first = (
        ngettext("%d kegiatan berjalan.", "%d kegiatan berjalan.", running) % running
        if running
        else _("Belum ada kegiatan yang berjalan.")
    )
    if not waiting:
        return first + " " + _("Tidak ada yang menunggu Anda.")
    second = ngettext("%d hal menunggu Anda.", "%d hal menunggu Anda.", waiting) % waiting
    return f"{first} {second}"


def my_activities(person: Person) -> list[Activity]:
    """Activities of the person's RT or RW, or of their pokmas, that are more than a plan.

    What is still going on comes before what is closed, then the newest year.
    """
    mine = Q(pk__in=[])
    for office in offices_of(person):
        mine |= _mine(office)
    rows = Activity.objects.filter(mine).exclude(
        stage__in=[Stage.DRAFT, Stage.PLAN, Stage.DROPPED, Stage.WITHDRAWN]
    )
    rows = rows.select_related("unit", "proposal__program_year__rule_set")
    closed = Case(When(stage=Stage.CLOSED, then=1), default=0)
    found = list(rows.order_by(closed, "-year", "rank", "pk")[:40])
    works = Work.objects.filter(activity__in=found).values_list("activity_id", "pk", "hold")
    known = {activity: (pk, bool(hold)) for activity, pk, hold in works}
    for activity in found:
        activity.work_pk, activity.held = known.get(activity.pk, (None, False))  # type: ignore[attr-defined]
        kind = activity.proposal.program_year.book.field_of.get(activity.field)
        activity.icon = kind.icon if kind else "adm"  # type: ignore[attr-defined]
    return found


def _mine(office: Office) -> Q:
    if office.body:
        return Q(work__pokmas=office.body)
    return Q(unit__code=office.unit.code) | Q(unit__code__startswith=office.unit.code + ".")


def _next_meeting(person: Person) -> Meeting | None:
    units = [office.unit_id for office in offices_of(person)]
    ahead = Meeting.objects.filter(unit__in=units, at__gte=timezone.now())
    ahead = ahead.exclude(state=MeetingState.CANCELLED)
    return ahead.select_related("unit").order_by("at").first()
