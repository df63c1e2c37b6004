"""The list of cities, the page of a city, and the small files every page needs."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from rembug.core import words
from rembug.core.brand import brand_css
from rembug.core.templatetags.rembug import persen
from rembug.core.words import number
from rembug.execution.models import Report, ReportPhoto
from rembug.execution.rules import ReportState
from rembug.ledger.models import Balance
from rembug.ledger.reading import ladders_by_unit
from rembug.ledger.rules import Ladder
from rembug.programs.models import ProgramYear
from rembug.public import life, tiles, waiting, years
from rembug.public.cache import kept
from rembug.public.places import place_name
from rembug.regions.models import City, Unit, UnitKind, said

LATEST = 3
DATES = 3


@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    """The cities on this server; the only page outside a city."""
    rows = [
        {
            "name": city.name,
            "title": city.title,
            "tagline": city.tagline_said,
            "url": f"/{city.slug}/",
        }
        for city in City.objects.only("name", "title", "tagline", "slug")
    ]
    return render(request, "public/cities.html", {"cities": rows})


@require_safe
@kept
def city(request: HttpRequest) -> HttpResponse:
    """Find my RT; money of the year; what is late; the map; the latest approved reports."""
    chosen = years.years_of(request, _with_counts(years.opened()))
    places = tiles.places()
    ladders = ladders_by_unit(chosen.fund_ids, [place.id for place in places])
    items = waiting.open_items()
    desks = waiting.by_desk(items)
    held = waiting.holders_now(items)
    vacant = {desk["unit_id"] for desk in waiting.vacant_desks(desks, held)}
    top = next((ladders[place.id] for place in places if place.kind == UnitKind.CITY), Ladder())
    kelurahan = {place.code: place.name for place in places if place.kind == UnitKind.KELURAHAN}
    steps, groups = tiles.groups(places, ladders, vacant)
    context = {
        "years": chosen,
        "now": timezone.now(),
        "ladder": top,
        "notes": _notes(chosen, top),
        "complete": _completeness(chosen),
        "late": waiting.late_table(request.city, desks, held),
        "count": tiles.coverage(len(kelurahan)),
        "steps": steps,
        "groups": groups,
        "rows": tiles.rows(places, ladders),
        "often": tiles.some(places),
        "reports": latest(chosen, kelurahan),
        "programs": _programs(chosen),
        **_almanac(),
        "dates": _dates(chosen),
    }
    return render(request, "public/city.html", context)


def _with_counts(rows: QuerySet[ProgramYear]) -> QuerySet[ProgramYear]:
    """Each year with how many RT there are and how many have their ceiling in the books."""
    city = OuterRef("city_id")
    counted = Unit.objects.filter(city=city, kind=UnitKind.RT).order_by().values("city")
    funded = (
        Balance.objects.filter(city=city, fund=OuterRef("fund_id"), account="source", rollup=False)
        .order_by()
        .values("fund")
    )
    return rows.annotate(
        rt_count=_number(counted.annotate(n=Count("id")).values("n")),
        rt_funded=_number(funded.annotate(n=Count("id")).values("n")),
    )


def _number(query: QuerySet) -> Coalesce:
    return Coalesce(Subquery(query), Value(0))


def _completeness(chosen: years.Years) -> str:
    """How many RT stand behind the figures."""
    if not chosen.shown:
        return _("belum ada tahun yang dibuka")
    units = chosen.shown[0].rt_count
    funded = max(row.rt_funded for row in chosen.shown)
    told = {"funded": number(funded), "units": number(units)}
    return _("pagu %(funded)s dari %(units)s RT tercatat") % told


def _notes(chosen: years.Years, ladder: Ladder) -> list[str]:
    shown = chosen.shown
    funded = max((row.rt_funded for row in shown), default=0)
    of_ceiling = _("%(part)s dari pagu")
    parts = (ladder.contracted, ladder.paid, ladder.accounted)
    return [
        _("%(count)s RT") % {"count": number(funded)},
        *(of_ceiling % {"part": persen(part, ladder.ceiling)} for part in parts),
    ]


def _programs(chosen: years.Years) -> list[dict[str, Any]]:
    """The programmes of the year with the regulation they rest on."""
    return [
        {
            "name": row.program.name,
            "summary": said(row.program.summary),
            "citation": row.rule_set.citation,
            "url": row.rule_set.legal_url,
            "basis": row.basis_no,
            "on": row.basis_on,
            "note": years.book_of(row.rule_set).note,
        }
        for row in chosen.shown
    ]


def _almanac() -> dict[str, Any]:
    """Today as an almanac has it: month, day, weekday and market day."""
    today = timezone.localdate()
    month = f"{words.MONTHS[today.month - 1]} {today.year}"
    week = f"{words.WEEKDAYS[today.weekday()]} {words.market_day(today)}"
    return {"today": today, "month": month, "week": week}


def _dates(chosen: years.Years) -> list[tuple[str, str, str]]:
    """The next days that count, from the calendars of all years: (last day, stage, how long)."""
    today = timezone.localdate()
    found = {
        (entry.window(row.year)[1], entry.title)
        for row in chosen.rows
        for entry in years.book_of(row.rule_set).calendar
    }
    coming = sorted(pair for pair in found if pair[0] >= today)[:DATES]
    return [(life.day_and_month(day), title, words.left(day)) for day, title in coming]


def latest(chosen: years.Years, kelurahan: dict[str, str]) -> list[dict[str, Any]]:
    """The newest accepted reports as cards, with a photograph of before and of now. Two queries."""
    # The state is written out, because a partial index is no use to a query with a parameter.
    accepted = RawSQL("execution_report.state = 'accepted'", [], BooleanField())
    found = list(
        Report.objects.filter(accepted)
        .order_by("-accepted_at")
        .values(
            "work_id",
            "percent",
            "accepted_at",
            "work__activity_id",
            "work__activity__name",
            "work__activity__field",
            "work__activity__cost",
            "work__unit__code",
        )[: LATEST * 3]
    )
    once = list({row["work_id"]: row for row in reversed(found)}.values())[::-1][:LATEST]
    pictures = _pictures([row["work_id"] for row in once])
    home, files = reverse("public:activities"), reverse("public:city") + "berkas/"
    cards = []
    for row in once:
        bid, title = chosen.fields.get(row["work__activity__field"], ("adm", ""))
        code = row["work__unit__code"]
        first, last = pictures.get(row["work_id"], ("", ""))
        cards.append(
            {
                "url": f"{home}{row['work__activity_id']}/",
                "name": row["work__activity__name"],
                "place": place_name(code, kelurahan),
                "bid": bid,
                "field": title,
                "percent": row["percent"],
                "at": row["accepted_at"],
                "cost": row["work__activity__cost"],
                "before": files + first + "-k.webp" if first and first != last else "",
                "after": files + last + "-k.webp" if last else "",
            }
        )
    return cards


def _pictures(works: list[int]) -> dict[int, tuple[str, str]]:
    """work -> hashes of its first and its last accepted photograph at the first point."""
    rows = (
        ReportPhoto.objects.filter(
            report__work__in=works, report__state=ReportState.ACCEPTED, file__public=True
        )
        .order_by("report__percent", "-point__label")
        .values_list("report__work_id", "report__percent", "file__sha256")
    )
    found: dict[int, dict[int, str]] = {}
    for work, percent, sha in rows:
        found.setdefault(work, {})[percent] = sha
    return {work: (by[min(by)], by[max(by)]) for work, by in found.items()}


@require_safe
@cache_control(public=True, max_age=31536000, immutable=True)
def brand(request: HttpRequest) -> HttpResponse:
    """The city's colours. Its address carries a fingerprint, so it is kept for a year."""
    return HttpResponse(brand_css(request.city.brand), content_type="text/css; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines are welcome; forms are not for them."""
    text = "User-agent: *\nDisallow: /*/kegiatan/*/tanggapan/\nDisallow: /*/masuk/\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that leads nowhere: say how to find what was sought."""
    return render(request, "404.html", status=404)
