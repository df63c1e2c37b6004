"""What every template may use: figures in words, and the parts of core.parts as tags."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.functional import Promise

from rembug.core import words
from rembug.core.parts import fields, frame, marks, sums, tiles
from rembug.core.rupiah import show

register = template.Library()

for tag in (
    marks.icon,
    marks.chip,
    marks.bid,
    marks.bar,
    marks.steps,
    marks.leaf,
    marks.receipt,
    sums.ladder,
    sums.mix,
    sums.share,
    sums.money,
    fields.field,
    tiles.tile_legend,
    tiles.tilemap,
):
    register.simple_tag(tag)
for block in (marks.notice, marks.empty):
    register.simple_block_tag(block)
for link in (frame.nav_link, frame.brand_link):
    register.simple_tag(link, takes_context=True)
register.inclusion_tag("components/errors.html")(fields.errors)
register.inclusion_tag("components/pager.html", takes_context=True)(frame.pager)


def _known(value: Any, write: Callable[..., str], *rest: Any) -> str:
    """The value in words; `belum ada` for what is not known."""
    return str(words.UNKNOWN) if value is None or value == "" else write(value, *rest)


@register.filter
def rupiah(amount: int | None) -> str:
    """`Rp50.000.000`."""
    return _known(amount, show)


@register.filter
def jt(amount: int | None) -> str:
    """`9,5 jt`, for tight places."""
    return _known(amount, words.millions)


@register.filter
def ringkas(amount: int | None) -> str:
    """`Rp147,8 miliar`, for a city."""
    return _known(amount, words.rounded)


@register.filter
def angka(value: float | None, decimals: int = 0) -> str:
    """`1.478`; `angka:1` shows one decimal, `4,5`."""
    return _known(value, words.number, decimals)


@register.filter
def persen(value: float | None, whole: float | None = None) -> str:
    """`81,4%`. With an argument, the share of a whole: `{{ paid|persen:ceiling }}`."""
    return _known(value, words.percent) if whole is None else _known(value, words.share, whole)


@register.filter
def tanggal(moment: date | datetime | None) -> str:
    """`12 Nov 2026`."""
    return _known(moment, words.short_date)


@register.filter
def tanggal_penuh(moment: date | datetime | None) -> str:
    """`Kamis, 12 November 2026`."""
    return _known(moment, words.full_date)


@register.filter
def masa(starts: date, ends: date | None) -> str:
    """`sejak 2 Jan 2023`, or until when."""
    return words.term(starts, ends)


@register.filter
def waktu(moment: datetime | None) -> str:
    """`12 Nov 2026, 06.00`, in the city's own time."""
    return _known(moment, words.short_moment)


@register.filter
def jam(moment: datetime | None) -> str:
    """`06.00`, in the city's own time."""
    return _known(moment, words.clock)


@register.filter
def umur(moment: date | datetime | None) -> str:
    """How long ago: `2 hari`, `3 jam`."""
    return _known(moment, words.age)


@register.filter
def sisa(moment: date | datetime | None) -> str:
    """How a deadline stands: `3 hari lagi`, `hari ini`, `lewat 4 hari`."""
    return _known(moment, words.left)


@register.filter
def sisa_keadaan(moment: date | datetime | None) -> str:
    """The state of a deadline for a chip: idle, wait (today) or late."""
    if not moment:
        return "idle"
    count = words.days_left(moment)
    return "late" if count < 0 else "wait" if count == 0 else "idle"


@register.filter
def utuh(text: object) -> str:
    """The name of a place whose numbers do not break from their letters."""
    return words.firm(str(text))


@register.filter
def plural(count: int, word: str | Promise) -> str:
    """`3 kegiatan`: a figure with its unit."""
    return f"{words.number(count)} {word}"
