"""The map: tiles for everybody, boundaries where the city has loaded them, and always the table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from rembug.core.parts.tiles import bounds, level
from rembug.core.words import number
from rembug.ledger.reading import ladders_by_unit
from rembug.ledger.rules import Ladder
from rembug.public import shapes, tiles, waiting, years
from rembug.public.cache import kept
from rembug.public.places import Area, url_of
from rembug.regions.models import Unit, UnitKind

Found = Unit | Area


@require_safe
@kept
def area_map(request: HttpRequest) -> HttpResponse:
    """Kelurahan by how much is paid out (or by what is stuck, `?ukuran=macet`).

    `?bentuk=batas` draws boundaries; `?wilayah=` opens one kelurahan with its RW.
    """
    chosen = years.years_of(request)
    upper = tiles.places()
    inside = next((unit for unit in upper if unit.code == request.GET.get("wilayah")), None)
    drawn = request.GET.get("bentuk") == "batas"
    shown = _shown(upper, inside)
    ladders = ladders_by_unit(chosen.fund_ids, [unit.id for unit in [*upper, *shown]])
    stuck = _stuck() if request.GET.get("ukuran") == "macet" else None
    outlines = _outlines([unit.id for unit in shown]) if drawn else {}
    rows = _rows(shown, upper, ladders, stuck)
    legend = _steps(stuck, rows) if stuck is not None else []
    depths = bounds(row["percent"] for row in rows)
    if stuck is None:
        for row in rows:
            row["level"] = level(row["percent"], depths)
    context = {
        "years": chosen,
        "inside": inside,
        "title": inside.label if inside else _("Peta kota"),
        "rows": rows,
        "groups": _groups(upper, shown, inside, ladders, rows, stuck is not None)
        if not outlines
        else [],
        "picture": _picture(outlines, rows) if outlines else None,
        "lacking": drawn and not outlines,
        "drawn": bool(outlines),
        "stuck": stuck is not None,
        "legend": legend,
        "depths": depths,
        "counted": _counted(rows, shown),
        "now": timezone.now(),
        "kecamatan": not inside,
    }
    return render(request, "public/map.html", context)


def _shown(upper: list[Area], inside: Area | None) -> list[Found]:
    """Kelurahan of the city or of a kecamatan; the RW of a kelurahan."""
    kelurahan = [unit for unit in upper if unit.kind == UnitKind.KELURAHAN]
    if inside is None or inside.kind == UnitKind.CITY:
        return kelurahan
    if inside.kind == UnitKind.KECAMATAN:
        return [unit for unit in kelurahan if unit.code.startswith(inside.code + ".")]
    below = Unit.objects.filter(parent=inside.id).defer("boundary", "search")
    return list(below.order_by("code"))


def _counted(rows: list[dict[str, Any]], shown: list[Found]) -> str:
    """`46 kelurahan`: how many places, and of what kind."""
    kind = shown[0].kind if shown else UnitKind.KELURAHAN
    told = {"n": number(len(rows))}
    if kind == UnitKind.KELURAHAN:
        return ngettext("%(n)s kelurahan", "%(n)s kelurahan", len(rows)) % told
    return _("%(n)s RW") % told


def _stuck() -> dict[str, int]:
    """Code of a kelurahan -> matters past their day. One query."""
    found: dict[str, int] = {}
    rows = (
        waiting.open_items()
        .filter(due_on__lt=timezone.localdate())
        .order_by()
        .values_list("about_unit__code", flat=True)
    )
    for code in rows:
        parts = code.split(".")
        for depth in (4, 5):
            if len(parts) >= depth:
                key = ".".join(parts[:depth])
                found[key] = found.get(key, 0) + 1
    return found


def _rows(
    shown: list[Found],
    upper: list[Area],
    ladders: dict[int, Ladder],
    stuck: dict[str, int] | None,
) -> list[dict[str, Any]]:
    """The map as a table: the figure of each place, and its depth of colour."""
    above = {unit.code: unit.name for unit in upper}
    rows = []
    for unit in shown:
        ladder = ladders.get(unit.id, tiles.NONE)
        percent = tiles.paid_percent(ladder)
        count = (stuck or {}).get(unit.code, 0)
        rows.append(
            {
                "id": unit.id,
                "name": unit.name if unit.kind == UnitKind.KELURAHAN else unit.label,
                "kecamatan": above.get(unit.above(UnitKind.KECAMATAN), ""),
                "url": url_of(unit.kind, unit.code),
                "ladder": ladder,
                "percent": percent,
                "stuck": count,
                "said": number(count) if stuck is not None else f"{number(percent, 1)}%",
                "level": "",
            }
        )
    key = (
        (lambda row: (-row["stuck"], row["name"]))
        if stuck is not None
        else (lambda row: (row["percent"], row["name"]))
    )
    return sorted(rows, key=key)


def _steps(stuck: dict[str, int], rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Give each row its depth by how much is stuck there, in four equal steps up to the most.

    Returns the legend: (depth, words).
    """
    most = max((row["stuck"] for row in rows), default=0)
    size = max(1, -(-most // 4))
    for row in rows:
        row["level"] = f"q{1 + min(4, -(-row['stuck'] // size))}"
    bounds = [(1 + n * size, (n + 1) * size) for n in range(4)]
    texts = [_("%(low)s sampai %(high)s") % {"low": low, "high": high} for low, high in bounds]
    return [("q1", _("tidak ada")), *((f"q{n}", text) for n, text in enumerate(texts, 2))]


def _groups(
    upper: list[Area],
    shown: list[Found],
    inside: Area | None,
    ladders: dict[int, Ladder],
    rows: list[dict[str, Any]],
    stuck: bool,
) -> list[dict[str, Any]]:
    """Blocks of tiles: one per kecamatan, or one alone when a place is opened."""
    by_id = {row["id"]: row for row in rows}
    blocks = [unit for unit in upper if unit.kind == UnitKind.KECAMATAN]
    blocks.sort(key=lambda unit: (unit.column or 99, unit.code))
    if inside is not None and inside.kind != UnitKind.CITY:
        blocks = [inside]
    return [
        {
            "name": block.name,
            "note": number(tiles.paid_percent(ladders.get(block.id, tiles.NONE)), 1) + "%",
            "tiles": [
                _tile(unit, by_id[unit.id], stuck)
                for unit in shown
                if unit.code.startswith(block.code + ".")
            ],
        }
        for block in blocks
    ]


def _tile(unit: Found, row: dict[str, Any], stuck: bool) -> dict[str, Any]:
    """A row as a tile.

    Where the map tells what is stuck, the most stuck count as furthest behind.
    """
    percent = -row["stuck"] if stuck else row["percent"]
    tile = {"name": row["name"], "url": row["url"], "percent": percent}
    tile |= {"column": unit.column, "row": unit.row}
    return tile | {"level": row["level"]} | ({"said": row["said"]} if stuck else {})


def _outlines(ids: list[int]) -> dict[int, Any]:
    """The boundaries that were loaded. One query."""
    rows = Unit.objects.filter(id__in=ids, boundary__isnull=False)
    return dict(rows.values_list("id", "boundary"))


def _picture(outlines: dict[int, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The drawing with one linked path per place."""
    width, height, paths = shapes.drawing(outlines)
    return {
        "box": f"0 0 {width} {height}",
        "shapes": [row | {"path": paths[row["id"]]} for row in rows if paths.get(row["id"])],
    }
