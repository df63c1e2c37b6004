"""The list of works, and the page of one work."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from rembug.core.paging import page_of
from rembug.execution import story
from rembug.execution.models import Comment, Receipt, Report, ReportPhoto, Work
from rembug.execution.permissions import may
from rembug.execution.rules import ReceiptState, ReportState, TrancheState, WorkState
from rembug.execution.services.standing import Standing, standing
from rembug.execution.views.frame import on_phone, page, work_of
from rembug.ledger.reading import ladders_by_subject
from rembug.ledger.rules import ladder_of
from rembug.people.acts import thing_of, thread
from rembug.people.authority import within_reach
from rembug.people.desk import who_must
from rembug.people.models import DeskItem
from rembug.planning.models import Activity
from rembug.planning.rules import Stage

SHOWN = {
    "berjalan": ~Q(state=WorkState.CLOSED),
    "selesai": Q(state=WorkState.CLOSED),
}


@login_required
def works(request: HttpRequest) -> HttpResponse:
    """Works the person may see, those still going on first; and activities that wait for a contract."""
    tab = request.GET.get("isi", "berjalan")
    tab = tab if tab in SHOWN else "berjalan"
    rows = Work.objects.visible_to(request.user).filter(SHOWN[tab])
    if asked := request.GET.get("q", "").strip()[:100]:
        rows = rows.filter(activity__in=Activity.objects.matching(asked).order_by().values("id"))
    rows = rows.select_related("unit", "pokmas", "activity").order_by("ends_on", "pk")
    found = page_of(rows, request.GET.get("halaman"))
    ladders = ladders_by_subject([work.activity_id for work in found.rows])
    for work in found.rows:
        work.ladder = ladders[work.activity_id]
    context = {"found": found, "tab": tab, "asked": asked, "ready": _ready(request)}
    return page(request, "works.html", context)


def _ready(request: HttpRequest) -> list[Activity]:
    """Budgeted activities for which this person should prepare a contract."""
    rows = Activity.objects.filter(
        within_reach(request.user, "contract.prepare"), stage=Stage.BUDGETED
    ).exclude(work__isnull=False, work__back_why="")
    return list(rows.select_related("unit").order_by("changed_at", "pk")[:50])


@login_required
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one work: how it stands in a sentence, one next step, money, reports, receipts."""
    row = work_of(request, pk)
    s = standing(row)
    items = waiting_for(s)
    mine = [item for item in items if may(request.user, item.act, row)]
    rank = {act: n for n, act in enumerate(story.STEPS)}
    mine.sort(key=lambda item: rank.get(item.act, 99))
    context = {
        "work": row,
        "s": s,
        "sentence": story.sentence(s),
        "progress": story.progress(s),
        "next": story.step_of(mine[0]) if mine else None,
        "more": [story.step_of(item) for item in mine[1:]],
        "others": [item for item in items if item not in mine],
        "ladder": ladder_of(s.money),
        "returned": _returned(s),
        "tranches": _tranches(s),
        "first_planned": next((t.number for t in s.tranches if t.state == TrancheState.PLANNED), 0),
        "reports": _reports(s),
        "members": row.pokmas.sitting,
        "points": row.points.all(),
        "comments": Comment.objects.filter(activity=row.activity_id).order_by("-at")[:5],
        "may_hold": (s.tranches and row.state != WorkState.CLOSED)
        and may(request.user, "work.hold", row),
        "may_receipt": s.spending is not None and may(request.user, "receipt.add", row),
        "done": request.GET.get("selesai", ""),
    } | _spent(s)
    if not on_phone(request.user):
        context["line"] = story.told(thread(row.city, row.about).reverse()[:12])
    return page(request, "work.html", context)


def _returned(s: Standing) -> Report | None:
    """The report that was given back and not sent again yet."""
    last = s.reports[-1] if s.reports else None
    return last if last and last.state == ReportState.RETURNED else None


def waiting_for(s: Standing) -> list[DeskItem]:
    """What waits about this work, oldest first, with who can do it (`holders`)."""
    things = [thing_of(row) for row in (s.work, s.activity, *s.tranches, *s.reports)]
    rows = DeskItem.objects.filter(city_id=s.work.city_id, thing__in=things, closed_at=None)
    items = list(rows.select_related("unit", "about_unit", "city").order_by("opened_at", "id"))
    if items:
        who_must(items)
    for item in items:
        item.what = item.said.partition(": ")[0]  # type: ignore[attr-defined]
    return items


def _tranches(s: Standing) -> list[dict[str, Any]]:
    """Each payment with its look, and the gates of those not asked for yet."""
    return [
        {
            "row": tranche,
            "chip": story.tranche_chip(tranche.state),
            "gates": s.gates(tranche) if tranche.state == TrancheState.PLANNED else [],
        }
        for tranche in s.tranches
    ]


def _reports(s: Standing) -> list[Any]:
    """Reports, newest first, each with its photographs."""
    photos = ReportPhoto.objects.filter(report__work=s.work).select_related("file", "point")
    by_report: dict[int, list[ReportPhoto]] = {}
    for photo in photos:
        by_report.setdefault(photo.report_id, []).append(photo)
    for report in s.reports:
        report.shown = by_report.get(report.pk, [])  # type: ignore[attr-defined]
        report.tier_name = story.tier_name(s.book, report.tier)  # type: ignore[attr-defined]
    return s.reports[::-1]


def _spent(s: Standing) -> dict[str, Any]:
    rows = list(
        Receipt.objects.filter(work=s.work).exclude(state=ReceiptState.VOID).order_by("-id")
    )
    return {"receipts": rows[:3], "receipt_count": len(rows), "spent": sum(r.amount for r in rows)}
