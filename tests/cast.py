"""The cast of all tests: one small invented city, its units, its programme, and the people in it.

`city` is scoped for the whole test. `cast` names people by role (`cast.rt_head`, `cast.lurah`, ...),
places (`cast.rt`, `cast.rt2`, `cast.kelurahan`, ...) and the open programme year (`cast.year`).
`neighbour*` people hold the same offices in the next kelurahan: insiders without a right here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from rembug.core.folding import folded
from rembug.ledger.services import Draft, Line, open_fund, post_many
from rembug.people.models import Office, Person
from rembug.people.rules import ROLE_SEATS
from rembug.programs.models import PriceItem, Program, ProgramYear, RuleSet
from rembug.regions.models import City, Unit

CEILING = 50_000_000
# Rules of the invented programme: 60% infrastructure at least, every tier, two tranches.
BOOK = {
    "ceiling": {"kind": "flat", "amount": CEILING, "article": "pasal 5"},
    "fields": [
        {
            "code": "infra",
            "title": "Infrastruktur",
            "icon": "b-infra",
            "min_percent": 60,
            "article": "pasal 6",
        },
        {"code": "social", "title": "Sosial", "icon": "b-sos", "max_percent": 20},
        {"code": "economy", "title": "Ekonomi", "icon": "b-eko", "max_percent": 20},
        {"code": "admin", "title": "Administrasi", "icon": "b-adm", "max_percent": 1},
    ],
    "method": "LS",
    "tranches": [
        {
            "no": 1,
            "percent": 60,
            "gates": ["contract_signed", "pokmas_account", "report_0"],
            "ahead_percent": 60,
        },
        {
            "no": 2,
            "percent": 40,
            "gates": ["report_50", "spj_previous", "tax_previous"],
            "ahead_percent": 50,
        },
    ],
    "proposal_steps": [
        {"key": "rw", "days": 3},
        {"key": "kelurahan", "days": 5},
        {"key": "kecamatan", "days": 5},
        {"key": "city", "days": 5},
        {"key": "technical", "days": 7},
    ],
    "report_steps": [
        {"key": "kelurahan", "days": 2},
        {"key": "kecamatan", "days": 2},
        {"key": "city", "days": 3},
    ],
    "forbidden": [
        {"words": ["sembako"], "reason": "Paket sembako tidak boleh.", "article": "pasal 9"}
    ],
    "reports": {"percents": [0, 50, 100], "min_photos": 1, "max_age_days": 14},
    "meeting": {"quorum_percent": 0, "min_photos": 0},
    "pokmas": {"min_members": 4, "max_members": 10},
}

HERE, NEXT = "99.71.01.1001", "99.71.01.1002"
UNITS = [
    ("99.71", "city", "Uji", None),
    ("99.71.01", "kecamatan", "Barat", "99.71"),
    (HERE, "kelurahan", "Melati", "99.71.01"),
    (NEXT, "kelurahan", "Mawar", "99.71.01"),
    (HERE + ".001", "rw", "RW 01", HERE),
    (HERE + ".001.001", "rt", "RT 01", HERE + ".001"),
    (HERE + ".001.002", "rt", "RT 02", HERE + ".001"),
    (NEXT + ".001", "rw", "RW 01", NEXT),
    (NEXT + ".001.001", "rt", "RT 01", NEXT + ".001"),
]
# Everybody with an office in the tested kelurahan, above it and below it.
SEATED = [role for role in ROLE_SEATS if not role.startswith("pokmas_")]


@dataclass
class Cast:
    """People, places and the programme of the test city."""

    city: City
    units: dict[str, Unit]
    program: Program
    year: ProgramYear
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def rt(self) -> Unit:
        return self.units[HERE + ".001.001"]

    @property
    def rt2(self) -> Unit:
        return self.units[HERE + ".001.002"]

    @property
    def neighbour_rt(self) -> Unit:
        return self.units[NEXT + ".001.001"]

    @property
    def rw(self) -> Unit:
        return self.units[HERE + ".001"]

    @property
    def kelurahan(self) -> Unit:
        return self.units[HERE]

    @property
    def kecamatan(self) -> Unit:
        return self.units["99.71.01"]

    @property
    def top(self) -> Unit:
        return self.units["99.71"]

    def add(self, name: str, *offices: tuple[str, Unit, int]) -> Person:
        """A person with offices, each (role, unit, pokmas id or 0), appointed a year ago."""
        person = Person.objects.create(
            city=self.city, login=name, name=name.replace("_", " ").title(), password="!"
        )
        for role, unit, body in offices:
            self.seat(person, role, unit, body)
        self.people[name] = person
        return person

    def seat(self, person: Person, role: str, unit: Unit, body: int = 0) -> Office:
        """Appoint somebody, as the decree of last year did."""
        day = timezone.localdate() - timedelta(days=365)
        person.__dict__.pop("_offices", None)
        return Office.objects.create(
            city=self.city,
            person=person,
            role=role,
            unit=unit,
            body=body,
            decree_no="188/1/2025",
            decree_on=day,
            starts_on=day,
        )


def make_city(code: str = "99.71", slug: str = "uji", name: str = "Uji") -> City:
    return City.objects.create(code=code, slug=slug, name=f"Kota {name}", title="Dana RT")


@pytest.fixture
def city(db):
    """The test city; the whole test runs in its scope."""
    made = make_city()
    with scope(city=made):
        yield made


@pytest.fixture
def cast(city) -> Cast:
    units: dict[str, Unit] = {}
    for code, kind, name, parent in UNITS:
        units[code] = Unit.objects.create(
            city=city,
            code=code,
            kind=kind,
            name=name,
            parent=units.get(parent or ""),
            households=60 if kind == "rt" else 0,
            search=folded(name, code),
        )
    program = Program.objects.create(city=city, code="dana-rt", name="Dana RT", level="rt")
    made = Cast(city, units, program, open_year(city, program, timezone.localdate().year, units))
    for role in SEATED:
        kind = str(ROLE_SEATS[role][0])
        unit = next(u for u in units.values() if u.kind == kind)
        made.add(role, (role, unit, 0))
    made.add("other_rt_head", ("rt_head", made.rt2, 0))
    made.add("neighbour", ("rt_head", made.neighbour_rt, 0))
    made.add("neighbour_lurah", ("lurah", units[NEXT], 0))
    made.add("neighbour_ekbang", ("ekbang", units[NEXT], 0))
    made.add("resident")
    return made


def open_year(city: City, program: Program, year: int, units: dict[str, Unit]) -> ProgramYear:
    """An open programme year with the ceiling of every RT in the ledger."""
    rules = RuleSet.objects.create(
        city=city,
        program=program,
        version=f"TA{year}",
        first_year=year,
        last_year=year,
        citation="Perwali Uji 1/2025",
        book=BOOK,
        digest=f"{year}".ljust(64, "0"),
    )
    fund = open_fund(city, year, f"{program.code}-{year}", f"{program.name} {year}")
    on = date(year, 1, 2)
    made = ProgramYear.objects.create(
        city=city,
        program=program,
        year=year,
        rule_set=rules,
        fund=fund,
        basis_no="Perwali Uji 1/2025",
        basis_on=on,
        state="open",
        opened_at=timezone.now(),
    )
    drafts = [
        Draft(
            "ceiling",
            [Line("available", unit, 0, CEILING, 0), Line("source", unit, 0, 0, CEILING)],
            "Pagu",
            on,
            f"ceiling:{made.pk}:{unit.pk}",
        )
        for unit in units.values()
        if unit.kind == "rt"
    ]
    post_many(fund, drafts)
    return made


@pytest.fixture
def prices(cast) -> dict[str, PriceItem]:
    """A few standard prices of the year."""
    rows = [
        ("upah", "Tukang", "HOK", 110_000),
        ("upah", "Pekerja", "HOK", 90_000),
        ("bahan", "Semen 40 kg", "zak", 54_500),
        ("bahan", "Paving K-175", "m2", 80_000),
        ("barang", "Kursi lipat", "buah", 250_000),
    ]
    return {
        name: PriceItem.objects.create(
            city=cast.city,
            year=cast.year.year,
            code=f"1.{n}",
            name=name,
            unit=unit,
            price=price,
            group=group,
            search=folded(name),
        )
        for n, (group, name, unit, price) in enumerate(rows)
    }


@pytest.fixture
def sign_in(client, cast):
    """Sign a person in; the addresses of the test city begin with `/uji/`."""

    def into(person):
        client.force_login(person, backend="rembug.people.login.CityBackend")
        return client

    return into


def picture(color=(120, 90, 60), size=(640, 480), exif: bytes | None = None, seed: int = 0):
    """A small JPEG as an upload; another `seed` gives another picture."""
    import random

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    image = Image.new("RGB", size, color)
    dots = random.Random(seed)
    for _ in range(40):
        x, y = dots.randrange(size[0] - 60), dots.randrange(size[1] - 60)
        shade = tuple(dots.randrange(256) for _ in range(3))
        image.paste(shade, (x, y, x + 50, y + 50))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(f"foto{seed}.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def photo():
    """Makes uploads: `photo(seed=1)`."""
    return picture


@pytest.fixture
def noon() -> datetime:
    return timezone.make_aware(datetime(2026, 11, 12, 12, 0))
