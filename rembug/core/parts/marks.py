"""Drawings, states, progress, dates and notices."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rembug.core import words


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("build/icons.svg")


@lru_cache(maxsize=256)
def drawing(name: str) -> SafeString:
    return mark_safe(
        f'<svg class="i" aria-hidden="true"><use href="{esc(_sprite())}#{esc(name)}"/></svg>'
    )


def icon(name: str) -> SafeString:
    """A drawing from frontend/icons.svg; always beside a word, so it is hidden from readers."""
    return drawing(str(name))


STATE_ICONS = {"ok": "check", "wait": "clock", "late": "alert", "info": "info", "idle": "clock"}


def chip(state: str, text: Any, icon: str = "") -> SafeString:
    """A state in one or two words: `{% chip "late" "lewat 4 hari" %}`; state ok, wait, late, info or idle."""
    shown = drawing(icon or STATE_ICONS.get(state, "info"))
    return mark_safe(f'<span class="chip {esc(state)}">{shown}{esc(text)}</span>')


def bid(field: str, name: Any = "") -> SafeString:
    """A field of spending: its icon in a square of its colour, with its name. Codes: DRAWN_FIELDS."""
    return mark_safe(
        f'<span class="bid b-{drawn_field(field)}">{drawing("b-" + drawn_field(field))}{esc(name)}</span>'
    )


DRAWN_FIELDS = ("infra", "kes", "sos", "eko", "pend", "muda", "adm")


def drawn_field(code: Any) -> str:
    """One of the drawn fields; what is not drawn looks like administration."""
    code = str(code).removeprefix("b-")
    return code if code in DRAWN_FIELDS else "adm"


def percent_of(amount: float, whole: float) -> int:
    """A whole percent for a bar, 0 to 100. Never full unless it is full, never empty unless it is empty."""
    if not whole or amount <= 0:
        return 0
    if amount >= whole:
        return 100
    return min(99, max(1, round(100 * amount / whole)))


def bar(amount: float, whole: float = 100) -> SafeString:
    """A plain progress bar. Write the figure beside it."""
    return mark_safe(f'<div class="bar v{percent_of(amount, whole)}"><i></i></div>')


STEP_ICONS = {"done": "check", "now": "clock", "late": "alert", "next": "ring"}


def steps(rows: Iterable[tuple[str, Any, Any]], label: str = "") -> SafeString:
    """0, 50, 100 and who holds it now. Rows are (state, title, note); state done, now, late or next.

    More than three stand under one another on a phone.
    """
    rows = list(rows)
    size = "steps steps-long" if len(rows) > 3 else "steps"
    parts = "".join(
        f'<li class="is-{esc(state)}"><span class="step-dot">{drawing(STEP_ICONS.get(state, "ring"))}</span>'
        f"<b>{esc(title)}</b><small>{esc(note)}</small></li>"
        for state, title, note in rows
    )
    return mark_safe(
        f'<ol class="{size}" aria-label="{esc(label or _("Kemajuan pekerjaan"))}">{parts}</ol>'
    )


def leaf(moment: date | datetime, pasaran: bool = False) -> SafeString:
    """A leaf of the almanac, for a day on which people must come or deliver, with its year."""
    day = words.day_of(moment)
    week = words.SHORT_WEEKDAYS[day.weekday()] if pasaran else words.WEEKDAYS[day.weekday()]
    market = f" {words.market_day(day)}" if pasaran else ""
    return mark_safe(
        f'<span class="leaf"><span class="leaf-top">{esc(words.SHORT_MONTHS[day.month - 1])} {day.year}</span>'
        f'<span class="leaf-day">{day.day}</span><span class="leaf-week">{esc(week)}{market}</span></span>'
    )


def receipt(code: str, at: datetime | None = None) -> SafeString:
    """Proof that the server has it: `Tanda terima C41B-7702`. Never before it has."""
    when = f" {esc(words.short_moment(at))}" if at else ""
    return mark_safe(
        f'<p class="receipt">{drawing("seal")}{esc(_("Tanda terima"))} <span class="code">{esc(code)}</span>{when}</p>'
    )


def notice(content: str, state: str = "info", icon: str = "") -> SafeString:
    """Something that changes what the reader can do. State info, wait, late, ok or simulator."""
    shown = drawing(icon or STATE_ICONS.get(state, "info"))
    return mark_safe(f'<div class="notice {esc(state)}">{shown}<div>{content}</div></div>')


def empty(content: str, title: Any, icon: str = "info") -> SafeString:
    """Why nothing is here, and the first step."""
    return mark_safe(
        f'<div class="empty">{drawing(icon)}<p class="h4">{esc(title)}</p>{content}</div>'
    )
