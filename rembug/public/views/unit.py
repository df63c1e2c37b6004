"""The page of a city, kecamatan, kelurahan or RW: its money, and that of every place right below."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rembug.core import words
from rembug.core.parts.marks import bid, chip
from rembug.core.rupiah import share
from rembug.ledger.reading import ladders_by_unit
from rembug.ledger.rules import Ladder
from rembug.planning.models import Activity
from rembug.public import life, places, waiting, years
from rembug.public.cache import kept
from rembug.public.listing import with_end
from rembug.regions.models import Unit, UnitKind

# The kind of place right below each kind, as a heading.
BELOW = {
    UnitKind.CITY: "kecamatan",
    UnitKind.KECAMATAN: "kelurahan",
    UnitKind.KELURAHAN: "RW",
    UnitKind.RW: "RT",
}


@require_safe
@kept
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A place in one year, with the places below it."""
    way = places.way_to(request.city, code)
    here = way[-1]
    if here.kind == UnitKind.RT:
        return redirect("public:rt", code)
    chosen = years.years_of(request)
    below = list(
        Unit.objects.filter(parent=here.id)
        .only("id", "city", "code", "kind", "name")
        .order_by("code")
    )
    ladders = ladders_by_unit(chosen.fund_ids, [here.id, *(each.id for each in below)])
    tally = _tally(here, chosen.year, below)
    items = waiting.open_items(code)
    desks = waiting.by_desk(items)
    ladder = ladders[here.id]
    context = {
        **places.seated(way),
        "here": here,
        "title": places.full_label(way),
        "crumbs": places.crumbs(request.city, way),
        "years": chosen,
        "ladder": ladder,
        "sentence": _sentence(here, chosen.year, ladder, sum_of(tally.values())),
        "below": BELOW[UnitKind(here.kind)],
        "children": [_child(each, ladders[each.id], tally[each.code]) for each in below],
        "own": _own(here, chosen) if code in tally else [],
        "fields": _fields(tally, chosen),
        "mix": _mix(tally, chosen),
        "late": waiting.late_table(request.city, desks, waiting.holders_now(items), code),
        "now": timezone.now(),
    }
    return render(request, "public/unit.html", context)


def _tally(here: places.Place, year: int, below: list[Unit]) -> dict[str, list[dict[str, Any]]]:
    """Activities of a year counted by place below, field and stage. One query.

    An RW may have activities of its own; they are counted under its own code.
    """
    length = len(below[0].code) if below else len(here.code)
    inside = Q(unit__code__startswith=here.code + ".")
    if here.kind == UnitKind.RW:
        inside |= Q(unit__code=here.code)
    rows = (
        Activity.objects.shown()
        .filter(inside, year=year)
        .order_by()
        .annotate(child=Substr("unit__code", 1, length))
        .values("child", "field", "stage")
        .annotate(
            count=Count("id"),
            cost=Sum("cost"),
            progress=Sum("percent", filter=Q(percent__gt=0), default=0),
        )
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["child"]].append(row)
    return found


def _own(here: places.Place, chosen: years.Years) -> list[dict[str, Any]]:
    """What an RW does with money of its own, in its own order."""
    rows = with_end(Activity.objects.shown().filter(unit=here.id, year=chosen.year))
    rows = rows.annotate(ends_on=F("work__ends_on")).order_by("rank", "id")
    home = reverse("public:activities")
    return [
        {
            "url": f"{home}{row.pk}/",
            "name": row.name,
            "cost": row.cost,
            "bid": bid(*chosen.fields.get(row.field, ("adm", row.field))),
            "chip": chip(*life.chip(row.stage, row.percent, over=_over(row))),
            "planned": row.stage in life.PLANNED,
        }
        for row in rows
    ]


def _over(row: Any) -> int:
    return life.days_over(row.stage, row.ends_on, row.ended_on)


def sum_of(groups: Any) -> dict[str, int]:
    """Funded, done, running and planned activities, and their mean progress."""
    funded = done = planned = progress = 0
    for group in groups:
        for row in group:
            if row["stage"] in life.PLANNED:
                planned += row["count"] if row["stage"] not in life.GONE else 0
                continue
            funded += row["count"]
            progress += row["progress"]
            done += row["count"] if row["stage"] in life.FINISHED else 0
    mean = round(progress / funded) if funded else 0
    return {"funded": funded, "done": done, "planned": planned, "progress": mean}


def _sentence(here: places.Place, year: int, ladder: Ladder, count: dict[str, int]) -> str:
    """The state of a place in two sentences."""
    told = {
        "year": year,
        "name": here.label,
        "ceiling": words.rounded(ladder.ceiling),
        "part": words.number(share(ladder.paid, ladder.ceiling), 1),
        "count": words.number(count["funded"]),
        "done": words.number(count["done"]),
    }
    if not ladder.ceiling:
        return _("Tahun %(year)s belum ada pagu untuk %(name)s.") % told
    if not count["funded"]:
        return (
            _("Tahun %(year)s pagu %(name)s %(ceiling)s. Belum ada kegiatan yang teranggarkan.")
            % told
        )
    first = _("Tahun %(year)s %(name)s mengelola %(ceiling)s, %(part)s%% sudah dicairkan.") % told
    second = ngettext(
        "%(done)s dari %(count)s kegiatan selesai.",
        "%(done)s dari %(count)s kegiatan selesai.",
        count["funded"],
    )
    return f"{first} {second % told}"


def _child(unit: Unit, ladder: Ladder, rows: list[dict[str, Any]]) -> dict[str, Any]:
    count = sum_of([rows])
    told = {"done": words.number(count["done"]), "count": words.number(count["funded"])}
    return {
        "url": places.url_of(unit.kind, unit.code),
        "name": unit.label,
        "ladder": ladder,
        "progress": count["progress"],
        "note": _("%(done)s dari %(count)s kegiatan selesai") % told if count["funded"] else "",
        "planned": _("%(count)s rencana") % {"count": words.number(count["planned"])}
        if count["planned"]
        else "",
    }


def _by_field(tally: dict[str, list[dict[str, Any]]]) -> dict[str, list[int]]:
    """field -> [funded activities, their cost]."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for rows in tally.values():
        for row in rows:
            if row["stage"] not in life.PLANNED:
                found[row["field"]][0] += row["count"]
                found[row["field"]][1] += row["cost"]
    return found


def _fields(tally: dict[str, list[dict[str, Any]]], chosen: years.Years) -> list[dict[str, Any]]:
    """Funded money per field, the most first."""
    amounts = _by_field(tally)
    whole = sum(cost for _count, cost in amounts.values())
    rows = [
        {
            "code": code,
            "bid": bid(*chosen.fields.get(code, ("adm", code))),
            "count": count,
            "cost": cost,
            "part": share(cost, whole),
        }
        for code, (count, cost) in amounts.items()
    ]
    return sorted(rows, key=lambda row: -row["cost"])


def _mix(tally: dict[str, list[dict[str, Any]]], chosen: years.Years) -> list[tuple[str, str, int]]:
    amounts = _by_field(tally)
    return [(*chosen.fields[code], amounts[code][1]) for code in chosen.fields if code in amounts]
