"""The tile map: one figure per kelurahan, in the place the city gives it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rembug.core import words
from rembug.core.parts.marks import drawing

LEVELS = ((90, "q5"), (75, "q4"), (60, "q3"), (40, "q2"))


def level(percent: float) -> str:
    """The depth of a tile: q1 below 40, then 40, 60, 75 and 90 percent."""
    return next((name for least, name in LEVELS if percent >= least), "q1")


def tile_legend() -> SafeString:
    """What the five depths of the tiles mean."""
    texts = (
        _("di bawah 40%"),
        _("40 sampai 59%"),
        _("60 sampai 74%"),
        _("75 sampai 89%"),
        _("90% ke atas"),
    )
    rows = "".join(
        f'<li class="q{n}"><span></span>{esc(text)}</li>' for n, text in enumerate(texts, 1)
    )
    return mark_safe(f'<ul class="legend" aria-label="{esc(_("Arti warna"))}">{rows}</ul>')


# A phone shows only this many tiles of a large map.
FEW = 10


def tilemap(groups: Iterable[Mapping[str, Any]]) -> SafeString:
    """One figure per kelurahan in the place the city gives it. Show its table beside it, always.

    Groups are `{"name", "note", "tiles"}`, one per kecamatan; a tile is `{"name", "percent", "url", "column", "row",
    "late"}`; `said` and `level` (q1 to q5) replace the percent and its depth. Column and row count from 1 in the
    city's grid; without them the tiles simply flow. On a phone a large map shows the ten tiles furthest behind.
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
    depth = tile.get("level") or level(tile["percent"])
    said = tile.get("said") or f"{words.number(tile['percent'])}%"
    marks = f"tile {depth}{' is-late' if late else ''}"
    inner = f'<span class="t-n">{esc(soft(tile["name"]))}</span> <b>{esc(said)}</b>{late}'
    if not tile.get("url"):
        return f'<span class="{marks}">{inner}</span>'
    return f'<a class="{marks}" href="{esc(tile["url"])}">{inner}</a>'
