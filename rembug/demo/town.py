"""The people of a living city: who holds which office, and the pokmas of every kelurahan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from rembug.demo.names import AGENCIES, GROUPS, person_name
from rembug.demo.tables import Tables
from rembug.people.rules import ROLE_SEATS
from rembug.regions.models import Unit

PASSWORD = "rembug-contoh"
KIND_SHORT = {"city": "kota", "kecamatan": "kec", "kelurahan": "kel"}
POKMAS_ROLES = {
    "head": "pokmas_head",
    "secretary": "pokmas_secretary",
    "treasurer": "pokmas_treasurer",
    "supervisor": "pokmas_supervisor",
}


@dataclass
class Group:
    """A pokmas: its key, its kelurahan, and who holds which seat in it (person, office)."""

    key: int
    name: str
    unit: Unit
    seats: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Town:
    """Seats by (role, unit key): (person, office). Vacant seats are missing."""

    units: dict[str, Unit]
    today: date
    seats: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    groups: dict[str, list[Group]] = field(default_factory=dict)
    vacant: dict[tuple[str, int], date] = field(default_factory=dict)

    def seat(self, role: str, unit: Unit) -> tuple[int, int]:
        """Who holds a role for a place: (person, office)."""
        return self.seats[role, self.at(role, unit).pk]

    def at(self, role: str, unit: Unit) -> Unit:
        """The unit at which a role for a place is held."""
        return self.units[unit.above(str(ROLE_SEATS[role][0]))]


def settle(tables: Tables, units: dict[str, Unit], rng: Random, today: date) -> Town:
    """Appoint somebody to every seat, form the pokmas, and leave a few seats without a decree."""
    town = Town(units, today)
    password = make_password(PASSWORD)
    start = date(today.year - 3, 1, 2)
    for unit in units.values():
        for role, (kind, _title) in ROLE_SEATS.items():
            if str(kind) == unit.kind and not role.startswith("pokmas_"):
                _appoint(tables, town, role, unit, rng, password, start)
        if unit.kind == "kelurahan":
            town.groups[unit.code] = [
                _group(tables, town, unit, n, rng, password, start) for n in range(3)
            ]
    return town


def login_of(role: str, unit: Unit) -> str:
    """`rt03.rw05.gayam`, `lurah.gayam`, `camat.kota`, `bud.kota`: what is printed on account cards."""
    place = unit.name.lower().replace(" ", "")
    short = role.replace("_", "-")
    if unit.kind == "rt":
        kelurahan = unit.parent.parent.name.lower().replace(" ", "")
        who = "" if role == "rt_head" else "sekretaris."
        return f"{who}rt{unit.rt_number}.rw{unit.rw_number}.{kelurahan}"
    if unit.kind == "rw":
        return f"rw{unit.rw_number}.{unit.parent.name.lower().replace(' ', '')}"
    return f"{short}.{KIND_SHORT[unit.kind]}.{place}"


def _appoint(
    tables: Tables, town: Town, role: str, unit: Unit, rng: Random, password: str, start: date
) -> None:
    person = tables.add(
        "person", login=login_of(role, unit), name=person_name(rng), password=password
    )
    ends = None
    # Here and there a decree has run out: work stops, and everyone can see why.
    if role in ("ppk", "treasurer") and rng.random() < 0.03:
        ends = town.today - timedelta(days=rng.randint(4, 37))
        town.vacant[role, unit.pk] = ends
    office = tables.add(
        "office",
        person_id=person,
        role=role,
        unit_id=unit.pk,
        agency=AGENCIES.get(role, ""),
        decree_no=f"188/{rng.randint(10, 980)}/{start.year}",
        decree_on=start,
        starts_on=start,
        ends_on=ends,
    )
    town.seats[role, unit.pk] = (person, office)


def _group(
    tables: Tables, town: Town, unit: Unit, n: int, rng: Random, password: str, start: date
) -> Group:
    name = f"Pokmas {unit.name} {GROUPS[(rng.randrange(3) + n * 3) % len(GROUPS)]}"
    decree, on = f"188/{rng.randint(100, 900)}/{start.year}", start + timedelta(days=30)
    key = tables.add(
        "pokmas",
        unit_id=unit.pk,
        name=name,
        address=f"Balai Kelurahan {unit.name}",
        bank="Bank Contoh",
        account_no=f"00{unit.code.replace('.', '')}{n + 1}",
        account_holder=name,
        state="confirmed",
        decree_no=decree,
        decree_on=on,
        formed_on=start,
    )
    group = Group(key, name, unit)
    for seat, role in POKMAS_ROLES.items():
        who = person_name(rng)
        person = tables.add(
            "person", login=_pokmas_login(seat, unit, n), name=who, password=password
        )
        office = tables.add(
            "office",
            person_id=person,
            role=role,
            unit_id=unit.pk,
            body=key,
            decree_no=decree,
            decree_on=on,
            starts_on=on,
        )
        tables.add("member", pokmas_id=key, role=seat, name=who, person_id=person)
        group.seats[role] = (person, office)
    for _member in range(2):
        tables.add("member", pokmas_id=key, role="member", name=person_name(rng))
    return group


def _pokmas_login(seat: str, unit: Unit, n: int) -> str:
    word = {"head": "ketua", "secretary": "sekretaris", "treasurer": "bendahara"}
    place = unit.name.lower().replace(" ", "")
    return f"{word.get(seat, 'pengawas')}.pokmas{n + 1}.{place}"
