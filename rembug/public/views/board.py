"""The notice-board sheet of an RT: one A3 page, with a code that leads to the live page."""

from __future__ import annotations

import io
from itertools import accumulate
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from rembug.core.parts.marks import bid, drawing
from rembug.core.privacy import masked
from rembug.core.words import days
from rembug.ledger.rules import Ladder
from rembug.planning.models import Meeting
from rembug.planning.rules import MeetingState
from rembug.public import life, neighbourhood, places, years
from rembug.public.cache import kept
from rembug.regions.models import UnitKind

# What fits on one sheet in letters that are read at two metres: the height of the table's body, and
# of a row whose name takes one line or two, in the same thousandths of the sheet's width.
BODY, ONE_LINE, TWO_LINES = 455, 37, 49
LINE_LETTERS, NAME_LETTERS = 21, 40


def live_url(request: HttpRequest, code: str) -> str:
    """The address of an RT's page as a telephone must open it."""
    return request.build_absolute_uri(reverse("public:rt", args=[code]))


def code_svg(url: str) -> SafeString:
    """The QR code as SVG without inline style; error correction M survives a scratched board."""
    drawn = segno.make(url, error="m", micro=False)
    return mark_safe(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=4))


@require_safe
@kept
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet, on the screen and on paper."""
    way = places.way_to(request.city, code)
    here = way[-1]
    if here.kind != UnitKind.RT:
        return redirect("public:unit", code)
    books = neighbourhood.books_of(here.id)
    year = years.pick(request, set(books.by_year))
    rows = neighbourhood.activities_of(here.id, year)
    reports, _pictures = neighbourhood.reports_of(here.id, year)
    funded = [row for row in rows if row["stage"] not in life.PLANNED]
    lines = _lines(funded, rows, reports)
    fits = _fitting(lines)
    rest = funded[fits:]
    context = {
        "here": here,
        "title": places.full_label(way),
        "year": year,
        "years": sorted(books.by_year, reverse=True),
        "ladder": books.by_year.get(year, Ladder()),
        "lines": lines[:fits],
        "rest": len(rest),
        "rest_sum": sum(row["cost"] for row in rest),
        "total": sum(row["cost"] for row in funded),
        "meeting": _next_meeting(here.id),
        "qr": code_svg(live_url(request, code)),
        "url": live_url(request, code),
        "now": timezone.now(),
    }
    return render(request, "public/board.html", context)


def _lines(
    funded: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    reports: dict[int, list[life.Reported]],
) -> list[dict[str, Any]]:
    """Name, rupiah and state of each funded activity; the state in few words."""
    today = timezone.localdate()
    rules = neighbourhood.rules_of(rows)
    signs = {each.code: each.bid for each in rules[0].fields} if rules else {}
    found = []
    for row in funded:
        late = life.is_late(row["stage"], row["work__ends_on"], today)
        waits = life.waiting_report(reports.get(row["work__id"], []))
        ended = life.ended(reports.get(row["work__id"], []), row["percent"])
        over = life.days_over(row["stage"], row["work__ends_on"], ended)
        kind, said, icon = _state(row, late, waits, over)
        found.append(
            {
                "bid": bid(signs.get(row["field"], "adm"), _short(row["name"])),
                "height": ONE_LINE if len(_short(row["name"])) <= LINE_LETTERS else TWO_LINES,
                "cost": row["cost"],
                "kind": kind,
                "icon": drawing(icon),
                "said": said,
            }
        )
    return found


def _short(name: str) -> str:
    """A name in at most two lines of the sheet; the whole name is behind the code."""
    # Half of somebody's number would not be known as one any more.
    return Truncator(masked(name)).chars(NAME_LETTERS)


def _fitting(lines: list[dict[str, Any]]) -> int:
    """How many rows fit on the sheet, with a place left to say how many do not."""
    heights = list(accumulate(line["height"] for line in lines))
    if not heights or heights[-1] <= BODY:
        return len(lines)
    return sum(height <= BODY - ONE_LINE for height in heights)


def _state(
    row: dict[str, Any], late: bool, waits: life.Reported | None, over: int
) -> tuple[str, str, str]:
    """(colour, few words, drawing): the shape and the word carry it on a grey printer."""
    percent = max(row["percent"], 0)
    if row["stage"] in life.FINISHED and over:
        return "wait", _("selesai, terlambat %(days)s") % {"days": days(over)}, "check"
    if row["stage"] in life.FINISHED:
        return "ok", _("selesai"), "check"
    if late:
        return "late", _("%s%% terlambat") % percent, "alert"
    if waits:
        return "wait", _("%s%% dicek") % waits.percent, "clock"
    if row["work__id"] is None:
        return "info", _("menunggu"), "info"
    return "info", _("%s%% berjalan") % percent, "info"


def _next_meeting(unit_id: int) -> dict[str, Any] | None:
    coming = Meeting.objects.filter(
        unit=unit_id, state=MeetingState.CALLED, at__gt=timezone.now()
    ).order_by("at")
    return coming.values("at", "place").first()


@require_safe
@cache_control(public=True, max_age=86400)
def qr(request: HttpRequest, code: str) -> HttpResponse:
    """The code alone, for a banner or a letter."""
    places.way_to(request.city, code)
    drawn = segno.make(live_url(request, code), error="m", micro=False)
    out = io.BytesIO()
    drawn.save(out, kind="svg", xmldecl=False, omitsize=True, nl=False)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
