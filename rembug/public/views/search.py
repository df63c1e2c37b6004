"""Find my RT: a forgiving search over places, and over activities by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rembug.planning.models import Activity
from rembug.public import finding, listing, tiles, years
from rembug.public.cache import kept
from rembug.public.finding import Wanted
from rembug.public.places import Area, url_of
from rembug.regions.models import Unit, UnitKind

Found = Unit | Area
MOST_PLACES = 60
MOST_ACTIVITIES = 8


@require_safe
@kept
def search(request: HttpRequest) -> HttpResponse:
    """Places and activities that fit; exactly one RT opens by itself."""
    text = request.GET.get("q", "").strip()[: finding.LONGEST]
    asked = finding.wanted(text)
    upper = tiles.places()
    kelurahan = {unit.code: unit.name for unit in upper if unit.kind == UnitKind.KELURAHAN}
    found, mended = _places(asked, upper) if asked else ([], "")
    exact = _exact(found, asked, kelurahan)
    if exact is not None:
        return redirect("public:rt", exact.code)
    context = {
        "text": text,
        "mended": mended,
        "places": [_shown(unit, kelurahan) for unit in found[:MOST_PLACES]],
        "more": max(0, len(found) - MOST_PLACES),
        "activities": _activities(asked, kelurahan) if asked.words else [],
        "often": tiles.some(upper),
    }
    return render(request, "public/search.html", context)


def _exact(found: Sequence[Found], asked: Wanted, kelurahan: dict[str, str]) -> Found | None:
    """The one RT that is meant: the only one found, or the only one in a kelurahan named just so."""
    rts = [unit for unit in found if unit.kind == UnitKind.RT]
    if not asked.rt or not rts:
        return None
    if len(rts) == 1:
        return rts[0]
    name = " ".join(asked.words)
    named = [
        unit
        for unit in rts
        if finding.plain(kelurahan.get(unit.above(UnitKind.KELURAHAN), "")) == name
    ]
    return named[0] if len(named) == 1 else None


def _places(asked: Wanted, upper: Sequence[Area]) -> tuple[list[Found], str]:
    """The units that fit, and the words as they were mended when nothing fitted them as typed."""
    names = {unit.code: unit.name for unit in upper if unit.kind != UnitKind.CITY}
    found = _fitting(asked, names, upper)
    if found or not asked.words:
        return found, ""
    better = finding.mended(asked.words, names.values())
    if tuple(better) == asked.words:
        return [], ""
    mended = Wanted(asked.rt, asked.rw, tuple(better))
    found = _fitting(mended, names, upper)
    return found, " ".join(better) if found else ""


def _fitting(asked: Wanted, names: dict[str, str], upper: Sequence[Area]) -> list[Found]:
    codes, unknown = finding.matching(asked.words, names)
    if not codes and not unknown and asked.words:
        return []
    if not (asked.rt or asked.rw or unknown):
        return [unit for unit in upper if unit.code in codes]
    return list(_units(asked, codes, unknown)[: MOST_PLACES * 4])


def _units(asked: Wanted, codes: Sequence[str], unknown: Sequence[str]) -> QuerySet[Unit]:
    """RT (or RW, when only that was said) below these places, whose own words hold the rest."""
    kind = UnitKind.RW if asked.rw and not asked.rt else UnitKind.RT
    units = Unit.objects.filter(kind=kind).only("id", "city", "code", "kind", "name")
    if asked.rt:
        units = units.filter(code__endswith=f".{asked.rt:03d}")
    if asked.rw:
        tail = f".{asked.rw:03d}" + (f".{asked.rt:03d}" if asked.rt else "")
        units = units.filter(code__endswith=tail)
    if codes:
        inside = Q()
        for code in codes:
            inside |= Q(code__startswith=code + ".")
        units = units.filter(inside)
    for word in unknown:
        units = units.filter(search__contains=word)
    return units.order_by("code")


def _shown(unit: Found, kelurahan: dict[str, str]) -> dict[str, str]:
    lower = unit.kind in (UnitKind.RT, UnitKind.RW)
    name = (
        f"{unit.label} {kelurahan.get(unit.above(UnitKind.KELURAHAN), '')}" if lower else unit.label
    )
    return {"url": url_of(unit.kind, unit.code), "name": name, "kind": unit.kind}


def _activities(asked: Wanted, kelurahan: dict[str, str]) -> list[dict[str, Any]]:
    """A few activities whose words fit, newest first."""
    rows = Activity.objects.shown().order_by("-id")
    for word in asked.words[: listing.MOST_WORDS]:
        rows = rows.filter(search__contains=word)
    keys = list(rows.values_list("id", flat=True)[:MOST_ACTIVITIES])
    chosen = Activity.objects.filter(id__in=keys).order_by("-id")
    found = list(chosen.values_list(*listing.COLUMNS)) if keys else []
    if not found:
        return []
    fields = years.fields_of(list(years.opened()))
    return listing.shown(found, {}, fields, kelurahan)
