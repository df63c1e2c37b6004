"""Windows of the yearly calendar, asked by the acts they are about. Plain values in, reasons out.

A city without a calendar, or with windows of no phase, is unbound. Outside its window an act is
refused or only flagged in the record, as the window says.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from rembug.core.words import short_date
from rembug.programs.rulebook import CalendarEntry, RuleBook


def missed(book: RuleBook, phase: str, year: int, on: date | datetime) -> CalendarEntry | None:
    """The window a day should have fallen in: the last of the phase; None inside one or without any.

    `year` is the budget year, `on` the day that counts (a moment is taken by the city's clock).
    """
    day = timezone.localdate(on) if isinstance(on, datetime) else on
    windows = [entry for entry in book.calendar if entry.phase == phase]
    inside = (first <= day <= last for first, last in (one.window(year) for one in windows))
    return windows[-1] if windows and not any(inside) else None


def phase_faults(book: RuleBook, phase: str, year: int, on: date | datetime) -> list[str]:
    """Why an act must not be done on this day; empty where the window only flags."""
    entry = missed(book, phase, year, on)
    if entry is None or entry.outside != "refuse":
        return []
    first, last = entry.window(year)
    told = {"title": entry.title, "first": short_date(first), "last": short_date(last)}
    return [_("%(title)s: hanya %(first)s sampai %(last)s.") % told]


def phase_flag(book: RuleBook, phase: str, year: int, on: date | datetime) -> dict[str, str]:
    """For the record of an act: the window it was done outside of; empty inside."""
    entry = missed(book, phase, year, on)
    return {"outside": entry.title} if entry else {}
