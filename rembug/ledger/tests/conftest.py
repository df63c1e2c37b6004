"""A city with two kelurahan and three RT, a fund with a ceiling of 100 at two of them."""

from dataclasses import dataclass
from datetime import date

import pytest

from rembug.ledger.models import Entry, Fund
from rembug.ledger.services import Draft, Line, move, open_fund, post, post_many
from rembug.regions.models import Unit

DAY = date(2026, 3, 2)
UNITS = {
    "99.71": "city",
    "99.71.01": "kecamatan",
    "99.71.01.1001": "kelurahan",
    "99.71.01.1001.001": "rw",
    "99.71.01.1001.001.001": "rt",
    "99.71.01.1001.001.002": "rt",
    "99.71.01.1002": "kelurahan",
    "99.71.01.1002.001": "rw",
    "99.71.01.1002.001.001": "rt",
}


@dataclass
class Books:
    """A fund and its places, with short words for what tests do again and again."""

    fund: Fund
    units: dict[str, Unit]

    @property
    def rt(self) -> Unit:
        return self.units["99.71.01.1001.001.001"]

    @property
    def rt2(self) -> Unit:
        return self.units["99.71.01.1001.001.002"]

    @property
    def kelurahan(self) -> Unit:
        return self.units["99.71.01.1001"]

    @property
    def top(self) -> Unit:
        return self.units["99.71"]

    def move(self, old: str, new: str, amount: int, subject: int = 7, **more) -> Entry:
        more = {"on": DAY, "key": f"{old}:{new}:{Entry.objects.count()}"} | more
        return move(self.fund, old, new, more.pop("unit", self.rt), subject, amount, **more)

    def post(self, *lines: Line, key: str = "k", **more) -> Entry:
        more = {"fund": self.fund, "kind": "move", "memo": "", "on": DAY} | more
        return post(lines=lines, key=key, **more)


def ceiling(unit: Unit, amount: int, year: int = 2026) -> Draft:
    lines = [Line("available", unit, debit=amount), Line("source", unit, credit=amount)]
    return Draft("ceiling", lines, "Pagu", DAY, f"ceiling:{year}:{unit.pk}")


def make_books(city) -> Books:
    units: dict[str, Unit] = {}
    for code, kind in UNITS.items():
        parent = units.get(code.rpartition(".")[0])
        units[code] = Unit.objects.create(
            city=city, code=code, kind=kind, name=code[-4:], parent=parent
        )
    books = Books(open_fund(city, 2026, "dana-2026", "Dana 2026"), units)
    post_many(books.fund, [ceiling(books.rt, 100), ceiling(books.rt2, 100)])
    return books


@pytest.fixture
def books(city) -> Books:
    return make_books(city)
