"""Pages of a long list without counting it twice."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from rembug.core.numbers import machine


@dataclass(frozen=True)
class Page:
    """One page: its rows, its number (from 1), how many rows and pages there are in all."""

    rows: list[Any]
    number: int
    total: int
    pages: int
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def page_of(rows: QuerySet, asked: str | None, *, size: int = 25, total: int | None = None) -> Page:
    """The asked page, or the nearest one there is. Two queries: the count (unless given) and the rows."""
    total = rows.count() if total is None else total
    pages = max(1, -(-total // size))
    number = min(max(machine(asked, 1), 1), pages)
    first = (number - 1) * size
    return Page(list(rows[first : first + size]), number, total, pages, first + 1)
