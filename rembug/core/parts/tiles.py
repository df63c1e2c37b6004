"""The tile map: one figure per kelurahan, in the place the city gives it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rembug.core import words
from rembug.core.parts.marks import drawing

DEPTHS = 5


def whole(percent: float) -> int:
    """A percent as a tile says it: rounded, but nothing looks untouched or done before it is."""
    if 0 < percent < 100:
        return min(99, max(1, round(percent)))
    return round(percent)


def bounds(percents: Iterable[float]) -> list[int]:
    """The least whole percent of each depth, so that the places on this map share the depths evenly.

    What is told is how they stand to one another: with fixed steps a whole city is one colour in
    November. Equal figures have one depth, however many there are, so there may be fewer than five.
    """
    known = sorted({whole(percent) for percent in percents})
    firsts = [known[len(known) * n // DEPTHS] for n in range(DEPTHS)] if known else [0]
    return list(dict.fromkeys(firsts))


def level(percent: float, steps: Sequence[int]) -> str:
    """The depth of a tile among the steps of its map, q1 the palest; one step alone is in the middle."""
    at = max(0, sum(whole(percent) >= least for least in steps) - 1)
    return f"q{1 + round(at * (DEPTHS - 1) / (len(steps) - 1))}" if len(steps) > 1 else "q3"


def tile_legend(steps: Sequence[int]) -> SafeString:
    """What the depths of the tiles of one map mean."""
    texts = []
    for n, least in enumerate(steps):
        most = steps[n + 1] - 1 if n + 1 < len(steps) else None
        told = {"low": least, "high": most}
        if most is None:
            texts.append(_("%(low)s%% ke atas") % told)
        elif n == 0:
            texts.append(_("sampai %(high)s%%") % told)
        else:
            texts.append(_("%(low)s sampai %(high)s%%") % told if most > least else f"{least}%")
    rows = "".join(
        f'<li class="{level(least, steps)}"><span></span>{esc(text)}</li>'
        for least, text in zip(steps, texts, strict=True)
    )
    return mark_safe(f'<ul class="legend" aria-label="{esc(_("Arti warna"))}">{rows}</ul>')


# A phone shows only this many tiles of a large map.
FEW = 10


def tilemap(groups: Iterable[Mapping[str, Any]]) -> SafeString:
    """One figure per kelurahan in the place the city gives it. Show its table beside it, always.

    Groups are `{"name", "note", "tiles"}`, one per kecamatan; a tile is `{"name", "percent", "url", "column", "row",
    "late"}`; `level` is its depth (q1 to q5, see `bounds`), `said` replaces the percent. Column and row count from 1
    in the city's grid; without them the tiles simply flow. On a phone a large map shows the ten tiles furthest behind.
    """
    groups = list(groups)
    tiles = [tile for group in groups for tile in group["tiles"]]
    placed = bool(tiles) and all(tile.get("column") and tile.get("row") for tile in tiles)
    behind = {id(tile) for tile in sorted(tiles, key=lambda tile: tile["percent"])[:FEW]}
    top = min((tile["row"] for tile in tiles), default=1) if placed else 1
    parts = "".join(_tile_group(group, placed, top, behind) for group in groups)
    many = len(tiles) > 2 * FEW
    few = (
        f'<p class="few quiet">{esc(_("Sepuluh yang paling tertinggal. Semua ada di tabel."))}</p>'
    )
    marks = ("" if placed else " flat") + (" many" if many else "")
    return mark_safe(f'<div class="tilemap{marks}">{few if many else ""}{parts}</div>')


def _tile_group(group: Mapping[str, Any], placed: bool, top: int, behind: set[int]) -> str:
    tiles = group["tiles"]
    left = min((tile["column"] for tile in tiles), default=1) if placed else 1
    width = max((tile["column"] for tile in tiles), default=1) - left + 1 if placed else 3
    note = f' <span class="quiet nowrap">{esc(group["note"])}</span>' if group.get("note") else ""
    rows = "".join(
        f'<li class="{_place(tile, left, top) if placed else ""}'
        f'{"" if id(tile) in behind else " tile-rest"}">{_tile(tile)}</li>'
        for tile in tiles
    )
    head = f"<h3>{esc(group['name'])}{note}</h3>" if group.get("name") else ""
    rest = "" if any(id(tile) in behind for tile in tiles) else " rest"
    return f'<section class="w{min(width, 12)}{rest}">{head}<ul class="tiles">{rows}</ul></section>'


def _place(tile: Mapping[str, Any], left: int, top: int) -> str:
    return f"place x{min(tile['column'] - left + 1, 12)} y{min(tile['row'] - top + 1, 12)}"


# Where a syllable of an Indonesian or Javanese name begins: at a consonant between vowels, or at the second of two.
CONSONANT = "[b-df-hj-np-tv-z]"
SYLLABLES = re.compile(
    rf"(?<=[aiueo])(?=(?:ng|ny|kh|sy|{CONSONANT})[aiueo])"
    rf"|(?<=[aiueo]ng)(?={CONSONANT}[aiueo])"
    rf"|(?<=[aiueo]{CONSONANT})(?={CONSONANT}[aiueo])(?!(?<=n)[gy])",
    re.IGNORECASE,
)
LONG = 8


def soft(name: str) -> str:
    """A name that may break inside its long words, because a tile is narrow: Se-to-no-ge-dong."""
    return " ".join(
        "\N{SOFT HYPHEN}".join(SYLLABLES.split(word)) if len(word) > LONG else word
        for word in name.split(" ")
    )


def _tile(tile: Mapping[str, Any]) -> str:
    late = (
        f'<span class="sr"> {esc(_("terlambat"))}</span>{drawing("alert")}'
        if tile.get("late")
        else ""
    )
    depth = tile.get("level") or "q3"
    said = tile.get("said") or f"{words.number(whole(tile['percent']))}%"
    marks = f"tile {depth}{' is-late' if late else ''}"
    inner = f'<span class="t-n">{esc(soft(tile["name"]))}</span> <b>{esc(said)}</b>{late}'
    if not tile.get("url"):
        return f'<span class="{marks}">{inner}</span>'
    return f'<a class="{marks}" href="{esc(tile["url"])}">{inner}</a>'
