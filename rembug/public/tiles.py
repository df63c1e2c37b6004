"""The kelurahan of a city as tiles and as a table: how much of each ceiling is paid out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rembug.core.parts.tiles import bounds, level
from rembug.core.rupiah import share
from rembug.core.words import number
from rembug.ledger.rules import Ladder
from rembug.public.places import Area, url_of
from rembug.regions.models import Unit, UnitKind

UPPER = (UnitKind.CITY, UnitKind.KECAMATAN, UnitKind.KELURAHAN)
NONE = Ladder()


def places() -> list[Area]:
    """City, kecamatan and kelurahan, without their boundaries. One query."""
    rows = Unit.objects.filter(kind__in=UPPER).order_by("code")
    columns = ("id", "code", "kind", "name", "column", "row", "former", "households")
    return [Area(*row) for row in rows.values_list(*columns)]


def paid_percent(ladder: Ladder) -> float:
    return share(ladder.paid, ladder.ceiling)


def groups(
    units: Collection[Area], ladders: Mapping[int, Ladder], marked: Collection[int] = ()
) -> tuple[list[int], list[dict[str, Any]]]:
    """What the tags tile_legend and tilemap take: the steps of colour, and one block per kecamatan
    with one tile per kelurahan.

    `marked` are ids of kelurahan that wear the sign of lateness.
    """
    blocks = [unit for unit in units if unit.kind == UnitKind.KECAMATAN]
    blocks.sort(key=lambda unit: (unit.column or 99, unit.code))
    kelurahan = [unit for unit in units if unit.kind == UnitKind.KELURAHAN]
    steps = bounds(paid_percent(ladders.get(unit.id, NONE)) for unit in kelurahan)
    return steps, [
        {
            "name": block.name,
            "note": number(paid_percent(ladders.get(block.id, NONE)), 1) + "%",
            "tiles": [
                _tile(unit, ladders.get(unit.id, NONE), unit.id in marked, steps)
                for unit in kelurahan
                if unit.code.startswith(block.code + ".")
            ],
        }
        for block in blocks
    ]


def _tile(unit: Area, ladder: Ladder, late: bool, steps: list[int]) -> dict[str, Any]:
    return {
        "name": unit.name,
        "percent": paid_percent(ladder),
        "level": level(paid_percent(ladder), steps),
        "url": url_of(unit.kind, unit.code),
        "column": unit.column,
        "row": unit.row,
        "late": late,
    }


def rows(units: Collection[Area], ladders: Mapping[int, Ladder]) -> list[dict[str, Any]]:
    """The same as a table, the least paid out first."""
    above = {unit.code: unit.name for unit in units if unit.kind == UnitKind.KECAMATAN}
    found = [
        {
            "name": unit.name,
            "kecamatan": above.get(unit.above(UnitKind.KECAMATAN), ""),
            "url": url_of(unit.kind, unit.code),
            "ladder": ladders.get(unit.id, NONE),
            "percent": paid_percent(ladders.get(unit.id, NONE)),
        }
        for unit in units
        if unit.kind == UnitKind.KELURAHAN
    ]
    return sorted(found, key=lambda row: (row["percent"], row["name"]))


def some(units: Collection[Area]) -> list[tuple[str, str]]:
    """A few kelurahan of each kecamatan, as a way in: (address, name)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        if unit.kind == UnitKind.KELURAHAN:
            near = found.setdefault(unit.above(UnitKind.KECAMATAN), [])
            near.append((url_of(unit.kind, unit.code), unit.name))
    return [pair for near in found.values() for pair in near[:2]]


def coverage(count: int) -> str:
    return _("%(count)s kelurahan, satu petak satu kelurahan") % {"count": number(count)}
