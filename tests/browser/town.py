"""Fills the database of the browser tests; run as `python -m tests.browser.town` beside the server.

Two cities with the same people and places: `uji` is empty, for the journey; in `ramai` work goes on.
Everybody signs in with PASSWORD; the login is the role (`rt_head`, `ekbang`, `pokmas_head`, ...).
"""

from __future__ import annotations

PASSWORD = "melati-mekar-71"
# What the tests look for in `ramai`.
MAP_LINK = "https://maps.app.goo.gl/" + "Xy7" * 50
CLOSED, RUNNING, PLANNED = "Paving Gang Melati", "Saluran Gang Kenanga", "Lampu Gang Mawar"


def build() -> None:
    """Tables, static files, and both cities."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django_scopes import scope

    for code, slug in (("99.71", "uji"), ("99.72", "ramai")):
        from tests.cast import make_city

        city = make_city(code, slug, slug.title())
        with scope(city=city):
            cast = people_of(city)
            if slug == "ramai":
                fill(cast)
            open_doors(city)


def people_of(city):
    """The cast of all tests, in this city, with prices."""
    from django.utils.timezone import localdate

    from rembug.core.folding import folded
    from rembug.people.rules import ROLE_SEATS
    from rembug.programs.models import PriceItem, Program
    from rembug.regions.models import Unit
    from tests.cast import NEXT, SEATED, UNITS, Cast, open_year

    units: dict[str, Unit] = {}
    for code, kind, name, parent in UNITS:
        units[code] = Unit.objects.create(
            city=city,
            code=code.replace("99.71", city.code, 1),
            kind=kind,
            name=name,
            parent=units.get(parent or ""),
            households=60 if kind == "rt" else 0,
            search=folded(name, code),
        )
    program = Program.objects.create(city=city, code="dana-rt", name="Dana RT", level="rt")
    cast = Cast(city, units, program, open_year(city, program, localdate().year, units))
    for role in SEATED:
        kind = str(ROLE_SEATS[role][0])
        cast.add(role, (role, next(unit for unit in units.values() if unit.kind == kind), 0))
    cast.add("other_rt_head", ("rt_head", cast.rt2, 0))
    cast.add("neighbour_lurah", ("lurah", units[NEXT], 0))
    # Two people with the same office: both may sit before the same report.
    cast.add("second_ekbang", ("ekbang", cast.kelurahan, 0))
    prices = [
        ("upah", "Tukang", "HOK", 110_000),
        ("bahan", "Paving K-175", "m2", 80_000),
        ("barang", "Kursi lipat", "buah", 250_000),
    ]
    for nth, (group, name, unit, price) in enumerate(prices):
        PriceItem.objects.create(
            city=city,
            year=cast.year.year,
            code=f"1.{nth}",
            name=name,
            unit=unit,
            price=price,
            group=group,
            search=folded(name),
        )
    return cast


def fill(cast) -> None:
    """One work closed, one whose 50% report waits at the kelurahan, and a proposal half written."""
    from rembug.execution.tests import paths
    from rembug.planning.models import Activity
    from rembug.planning.rules import CostLine
    from rembug.planning.services import proposals
    from rembug.planning.services.proposals import ActivityDraft
    from rembug.programs.models import PriceItem

    # Pages show pictures: here a photograph has its bytes.
    paths.file = lambda _cast: stored(cast.city, next(paths.serial))
    paths.bring(cast, "closed", name=CLOSED)
    running = paths.bring(cast, "accounted_1", name=RUNNING)
    # A place pasted from a map, and a word without an end: no page may grow wider for them.
    Activity.objects.filter(pk=running.activity_id).update(place=MAP_LINK, volume="x" * 60)
    paths.report(cast, running, 50, upto="sent")
    work = PriceItem.objects.get(name="Tukang")
    draft = proposals.start_proposal(by=cast.other_rt_head, unit=cast.rt2, program_year=cast.year)
    proposals.save_activity(
        by=cast.other_rt_head,
        proposal=draft,
        draft=ActivityDraft("infra", PLANNED, place="Gang Mawar", off_list_reason="Baru rusak."),
        lines=[CostLine("Tukang", "HOK", "upah", 10_000, 100_000, item_id=work.pk)],
    )


def stored(city, seed: int):
    """A picture taken in, as a report or a receipt takes it."""
    from rembug.files.services import store_image
    from tests.cast import picture

    return store_image(city, picture(seed=seed)).file


def open_doors(city) -> None:
    """Give everybody the same password, hashed once."""
    from django.contrib.auth.hashers import make_password

    from rembug.people.models import Person

    Person.everywhere.filter(city=city).update(
        password=make_password(PASSWORD), must_change_password=False
    )


def photograph(seed: int, taken: str, south: int = 7, east: int = 112) -> bytes:
    """A JPEG as a phone makes it: time (`2026:11:12 10:00:00`) and place in its EXIF."""
    from PIL import Image

    from tests.cast import picture

    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    place = {1: "S", 2: (south, 48.0, 0.0), 3: "E", 4: (east, 0.0, 0.0)}
    exif.get_ifd(0x8825).update(place)
    return picture(exif=exif.tobytes(), seed=seed).read()


if __name__ == "__main__":
    build()
