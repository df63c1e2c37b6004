"""Find my RT: a forgiving search over places, and over activities by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rembug.core import folding
from rembug.core.words import millions, number
from rembug.ledger.reading import ladders_by_unit
from rembug.ledger.rules import Ladder
from rembug.people.authority import role_title
from rembug.people.models import Office
from rembug.planning.models import Activity
from rembug.public import finding, listing, tiles, years
from rembug.public.cache import kept
from rembug.public.finding import Wanted
from rembug.public.places import Area, url_of
from rembug.regions.models import City, Unit, UnitKind

Found = Unit | Area
MOST_PLACES = 60
MOST_ACTIVITIES = 8
# Who answers for a place, by its kind.
HEADS = {
    UnitKind.RT: "rt_head",
    UnitKind.RW: "rw_head",
    UnitKind.KELURAHAN: "lurah",
    UnitKind.KECAMATAN: "camat",
}


@require_safe
@kept
def search(request: HttpRequest) -> HttpResponse:
    """Places and activities that fit; exactly one RT opens by itself."""
    text = request.GET.get("q", "").strip()[: finding.LONGEST]
    asked = finding.wanted(text)
    upper = tiles.places()
    kelurahan = {unit.code: unit for unit in upper if unit.kind == UnitKind.KELURAHAN}
    found, mended = _places(asked, upper) if asked else ([], "")
    exact = _exact(found, asked, kelurahan)
    if exact is not None:
        return redirect("public:rt", exact.code)
    chosen = years.years_of(request)
    context = {
        "text": text,
        "mended": mended,
        "short": bool(text) and not asked,
        "places": _shown(found[:MOST_PLACES], kelurahan, chosen, request.city),
        "more": max(0, len(found) - MOST_PLACES),
        "activities": _activities(asked, kelurahan, chosen) if asked.words else [],
        "often": tiles.some(upper),
    }
    return render(request, "public/search.html", context)


def _exact(found: Sequence[Found], asked: Wanted, kelurahan: dict[str, Area]) -> Found | None:
    """The one RT that is meant: the only one found, or the only one in a kelurahan named just so."""
    rts = [unit for unit in found if unit.kind == UnitKind.RT]
    if not asked.rt or not rts:
        return None
    if len(rts) == 1:
        return rts[0]
    words = " ".join(asked.words)
    named = [
        unit
        for unit in rts
        for place in [kelurahan.get(unit.above(UnitKind.KELURAHAN))]
        if place and words in map(folding.plain, place.names)
    ]
    return named[0] if len(named) == 1 else None


def _places(asked: Wanted, upper: Sequence[Area]) -> tuple[list[Found], str]:
    """The units that fit, and the words as they were mended when nothing fitted them as typed."""
    names = {unit.code: unit.names for unit in upper if unit.kind != UnitKind.CITY}
    found = _fitting(asked, names, upper)
    if found or not asked.words:
        return found, ""
    better = finding.mended(asked.words, [name for each in names.values() for name in each])
    if tuple(better) == asked.words:
        return [], ""
    mended = Wanted(asked.rt, asked.rw, tuple(better))
    found = _fitting(mended, names, upper)
    return found, " ".join(better) if found else ""


def _fitting(asked: Wanted, names: dict[str, list[str]], upper: Sequence[Area]) -> list[Found]:
    codes, unknown = finding.matching(asked.words, names)
    if not codes and not unknown and asked.words:
        return []
    if not (asked.rt or asked.rw or unknown):
        return [unit for unit in upper if unit.code in codes]
    return list(_units(asked, codes, unknown)[: MOST_PLACES * 4])


def _units(asked: Wanted, codes: Sequence[str], unknown: Sequence[str]) -> QuerySet[Unit]:
    """RT (or RW, when only that was said) below these places, whose own words hold the rest."""
    kind = UnitKind.RW if asked.rw and not asked.rt else UnitKind.RT
    units = Unit.objects.filter(kind=kind).only("id", "city", "code", "kind", "name", "households")
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
    return units.matching(" ".join(unknown)).order_by("code")


def _shown(
    found: Sequence[Found], kelurahan: dict[str, Area], chosen: years.Years, city: City
) -> list[dict[str, str]]:
    """Each place with what tells it from its neighbours: who answers for it, homes, money."""
    if not found:
        return []
    heads = _heads(unit.pk for unit in found)
    money = ladders_by_unit(chosen.fund_ids, [unit.pk for unit in found])
    rows = []
    for unit in found:
        place = kelurahan.get(unit.above(UnitKind.KELURAHAN)) if unit.kind in _LOWER else None
        role = HEADS.get(UnitKind(unit.kind), "")
        told = [f"{role_title(role, city)} {heads[unit.pk]}" if unit.pk in heads else ""]
        told += [_was(place or unit), _homes(unit), _money(money[unit.pk], chosen.year)]
        rows.append(
            {
                "url": url_of(unit.kind, unit.code),
                "name": f"{unit.label} {place.name}" if place else unit.label,
                "told": " · ".join(part for part in told if part),
            }
        )
    return rows


_LOWER = (UnitKind.RT, UnitKind.RW)


def _heads(units: Iterable[int]) -> dict[int, str]:
    """Who heads each of these places today, by the key of the place. One query."""
    held = Office.objects.on(localdate()).filter(
        unit__in=list(units), role__in=HEADS.values(), body=0
    )
    return dict(held.order_by("id").values_list("unit_id", "person__name"))


def _was(place: Found) -> str:
    former = list(getattr(place, "former", ()))
    return _("dahulu %(names)s") % {"names": ", ".join(former)} if former else ""


def _homes(unit: Found) -> str:
    count = getattr(unit, "households", 0)
    return ngettext("%(n)s rumah", "%(n)s rumah", count) % {"n": number(count)} if count else ""


def _money(ladder: Ladder, year: int) -> str:
    if not ladder.ceiling:
        return ""
    told = {"ceiling": millions(ladder.ceiling), "paid": millions(ladder.paid), "year": year}
    return _("Rp%(ceiling)s tahun %(year)s, Rp%(paid)s cair") % told


def _activities(
    asked: Wanted, kelurahan: dict[str, Area], chosen: years.Years
) -> list[listing.Row]:
    """A few activities whose words and place fit, newest first."""
    rows = Activity.objects.shown().matching(asked.question).order_by("-id")
    found = list(listing.with_end(rows).values_list(*listing.COLUMNS)[:MOST_ACTIVITIES])
    names = {code: place.name for code, place in kelurahan.items()}
    return listing.shown(found, {}, chosen.fields, names) if found else []
