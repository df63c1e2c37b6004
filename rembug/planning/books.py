"""Which rules hold for a year: those of the open programme year, else those made for it."""

from __future__ import annotations

from django.utils.timezone import localdate

from rembug.programs.models import Level, ProgramYear, RuleSet, YearState
from rembug.programs.rulebook import Field, RuleBook


def open_years() -> list[ProgramYear]:
    """Programme years for which an RT may propose now, newest first."""
    return list(
        ProgramYear.objects.filter(state=YearState.OPEN, program__level=Level.RT)
        .select_related("program", "rule_set", "fund")
        .order_by("-year", "program__name")
    )


def planned_year() -> int:
    """The fiscal year people plan for now: the newest open one, else the next."""
    years = open_years()
    return years[0].year if years else localdate().year + 1


def book_for(year: int) -> RuleBook | None:
    """The book of a fiscal year for RT: fixed if that year was opened, else the newest that covers it,
    else the newest there is; None in a city without rules."""
    opened = (
        ProgramYear.objects.filter(year=year, program__level=Level.RT)
        .exclude(state=YearState.DRAFT)
        .select_related("rule_set", "program")
        .order_by("-id")
        .first()
    )
    if opened:
        return opened.book
    sets = list(RuleSet.objects.filter(program__level=Level.RT).order_by("-first_year", "-id"))
    fitting = [one for one in sets if one.covers(year)] or sets
    return fitting[0].rules if fitting else None


def fields_of(book: RuleBook | None) -> list[Field]:
    return list(book.fields) if book else []
