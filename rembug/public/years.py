"""Which budget years a city has, which one a page shows, and the rules of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate

from rembug.programs.models import ProgramYear, RuleSet, YearState
from rembug.programs.rulebook import RuleBook
from rembug.regions.models import said

# Rule books by digest: a digest never stands for another book, so this can only be right.
_BOOKS: dict[str, RuleBook] = {}


def book_of(rules: RuleSet) -> RuleBook:
    """The typed book of a rule set. Its JSON is read from the table once per process."""
    book = _BOOKS.get(rules.digest)
    if book is None:
        book = _BOOKS[rules.digest] = rules.rules
    return book


def book_by(digest: str, pk: int) -> RuleBook:
    """The book of a digest; the rule set `pk` is read only when this process has not met it."""
    book = _BOOKS.get(digest)
    return book if book is not None else book_of(RuleSet.objects.get(pk=pk))


def opened() -> QuerySet[ProgramYear]:
    """Every programme year that was opened, newest first, with its programme and rules."""
    return (
        ProgramYear.objects.exclude(state=YearState.DRAFT)
        .select_related("program", "rule_set")
        .defer("rule_set__book", "program__words")
        .order_by("-year", "program__name")
    )


@dataclass(frozen=True)
class Years:
    """The years of a city, and the one a page shows."""

    rows: tuple[ProgramYear, ...]
    year: int

    @cached_property
    def all(self) -> list[int]:
        return sorted({row.year for row in self.rows}, reverse=True)

    @cached_property
    def shown(self) -> list[ProgramYear]:
        """The programme years of the shown year; a city may run two programmes at once."""
        return [row for row in self.rows if row.year == self.year]

    @property
    def fund_ids(self) -> list[int]:
        return [row.fund_id for row in self.shown if row.fund_id]

    @cached_property
    def fields(self) -> dict[str, tuple[str, str]]:
        """Code of a field -> (its sign, its name), over all rule sets; the newest name wins."""
        return fields_of(self.rows)


def fields_of(rows: tuple[ProgramYear, ...] | list[ProgramYear]) -> dict[str, tuple[str, str]]:
    """Code of a field -> (its sign, its name), over the rule sets of these years."""
    found: dict[str, tuple[str, str]] = {}
    for row in sorted(rows, key=lambda each: each.year):
        found |= {
            field.code: (field.bid, said(field.title)) for field in book_of(row.rule_set).fields
        }
    return found


def years_of(request: HttpRequest, rows: QuerySet[ProgramYear] | None = None) -> Years:
    """The years, and the one asked for by `?tahun=`, else the running one. One query."""
    found = tuple(opened() if rows is None else rows)
    return Years(found, pick(request, {row.year for row in found}))


def pick(request: HttpRequest, years: set[int]) -> int:
    """The year asked for, else this year, else the last one before it, else the next."""
    asked = request.GET.get("tahun", "")
    if asked.isascii() and asked.isdigit() and int(asked[:5]) in years:
        return int(asked[:5])
    today = localdate().year
    past = [year for year in years if year <= today]
    return max(past) if past else min(years, default=today)
