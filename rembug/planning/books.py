"""Which rules hold for a year: those of the open programme year, else those made for it.

Each question is asked for a kind of unit: a city may have programmes for its RT and for its RW.
"""

from __future__ import annotations

from django.utils.timezone import localdate

from rembug.programs.models import Level, Program, ProgramYear, RuleSet, YearState, applying
from rembug.programs.rulebook import Field, RuleBook
from rembug.regions.models import Unit


def plans(unit: Unit) -> bool:
    """Whether residents of such a unit plan money: every RT, and an RW where a programme is for RW."""
    return unit.kind == Level.RT or (
        unit.kind in Level.values and Program.objects.filter(level=unit.kind).exists()
    )


def open_years(kind: str) -> list[ProgramYear]:
    """Programme years for which such a unit may propose now, newest first."""
    return list(
        ProgramYear.objects.filter(state=YearState.OPEN, program__level=kind)
        .select_related("program", "rule_set", "fund")
        .order_by("-year", "program__name")
    )


def planned_year(kind: str) -> int:
    """The fiscal year people plan for now: the newest open one, else the next."""
    years = open_years(kind)
    return years[0].year if years else localdate().year + 1


def book_for(year: int, kind: str) -> RuleBook | None:
    """The book of a fiscal year: fixed if that year was opened, else the newest that covers it, else
    the newest there is; None in a city without rules for such units."""
    opened = (
        ProgramYear.objects.filter(year=year, program__level=kind)
        .exclude(state=YearState.DRAFT)
        .select_related("rule_set", "program")
        .order_by("-id")
        .first()
    )
    if opened:
        return opened.book
    sets = list(RuleSet.objects.filter(program__level=kind).order_by("-first_year", "-id"))
    found = applying(sets, year, localdate()) or next(iter(sets), None)
    return found.rules if found else None


def fields_of(book: RuleBook | None) -> list[Field]:
    return list(book.fields) if book else []
