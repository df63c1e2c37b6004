"""Fill one city with life: people, three budget years, and everything that happened in them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.demo import pictures
from rembug.demo.album import Files
from rembug.demo.budget import Shop
from rembug.demo.buying import Market
from rembug.demo.planning import RtYear, Year
from rembug.demo.spending import Trail
from rembug.demo.tables import Tables
from rembug.demo.town import Town, settle
from rembug.demo.works import WorkStory
from rembug.files.services import publish, store_document, store_images_bulk
from rembug.ledger.services import post_many
from rembug.people.models import Person
from rembug.planning.models import Proposal
from rembug.programs.calendar import holidays_between
from rembug.programs.models import Program, ProgramYear
from rembug.programs.services import open_year, rules_for
from rembug.regions.models import City, Unit

Progress = Callable[[str, float], None]
# Activities per RT and year: on average 2 (about 12,000 in two cities) or near 7 (about 40,000).
SIZES = {"small": (2, 2), "demo": (1, 3), "full": (5, 9)}
SMALL_RT = 12


@dataclass
class Told:
    """What was made, for the closing words of the command."""

    rows: int
    activities: int
    entries: int
    seconds: float


def is_empty(city: City) -> bool:
    """Whether nothing has happened in the city yet."""
    with scope(city=city):
        return not Proposal.objects.exists()


@transaction.atomic
def live(city: City, *, size: str = "demo", seed: int = 7, progress: Progress) -> Told:
    """Fill an empty city, all or nothing; the same seed gives the same city.

    Raises Refused for a city that is not marked as a demonstration, or is not empty.
    """
    if not city.is_demo:
        raise Refused(f"{city.name} bukan kota contoh: tambahkan demo = true di kota.toml.")
    if not is_empty(city):
        raise Refused(f"{city.name} sudah berisi kegiatan. Pakai basis data yang kosong.")
    began = time.monotonic()
    zone = ZoneInfo(city.timezone)
    with scope(city=city), timezone.override(zone):
        told = _live(city, size, seed, zone, progress)
    told.seconds = time.monotonic() - began
    return told


def _live(city: City, size: str, seed: int, zone: ZoneInfo, progress: Progress) -> Told:
    today = timezone.localdate()
    units = {unit.code: unit for unit in Unit.objects.select_related("parent__parent")}
    tables = Tables(city)
    rng = Random(f"{seed}-{city.code}")
    progress("jabatan", 0)
    market, trail = Market(), Trail()
    town = settle(tables, units, rng, today)
    rows = tables.write()
    progress("gambar", 0)
    files = draw(city, seed)
    told = Told(rows, 0, 0, 0)
    places = [unit for unit in units.values() if unit.kind == "rt"]
    if size == "small":
        places = places[:SMALL_RT]
    for year in (today.year - 1, today.year, today.year + 1):
        for program in Program.objects.filter(level="rt").order_by("pk"):
            if rules_for(program, year):
                opened = _open(city, town, program, year, today)
                _year(
                    shared_by(tables, town, opened, zone, market, trail),
                    files,
                    places,
                    size,
                    seed,
                    told,
                    progress,
                )
    _tidy()
    return told


def shared_by(
    tables: Tables, town: Town, opened: ProgramYear, zone: ZoneInfo, market: Market, trail: Trail
) -> Year:
    """What all RT share in one programme year."""
    around = (date(opened.year - 1, 1, 1), date(opened.year + 2, 1, 1))
    return Year(
        tables,
        town,
        opened,
        Shop(opened.year),
        holidays_between(*around),
        zone,
        timezone.localtime(),
        [],
        market,
        trail,
    )


def _year(
    year: Year,
    files: Files,
    places: list[Unit],
    size: str,
    seed: int,
    told: Told,
    progress: Progress,
) -> None:
    """Tell the story of every RT, then write it and post it to the books."""
    name = f"{year.of.program.name} {year.of.year}"
    for n, rt in enumerate(places):
        rng = Random(f"{seed}-{rt.code}-{year.of.program.code}-{year.of.year}")
        for funded in RtYear(year, rt, rng.randint(*SIZES[size]), rng).run():
            WorkStory(year, funded, files, rng).run()
        if n % 50 == 0:
            progress(name, n / len(places) * 0.6)
    told.activities += len(year.tables.rows["activity"])
    progress(name, 0.6)
    told.rows += year.tables.write()
    progress(name, 0.8)
    year.drafts.sort(key=lambda draft: draft.on)
    told.entries += len(post_many(year.of.fund, year.drafts))
    progress(name, 1)


def draw(city: City, seed: int) -> Files:
    """The pool of pictures, stored once and open to the public."""
    keys, contents = [], []
    for sign, point, percent, content in pictures.scenes(seed):
        keys.append((sign, point, percent))
        contents.append((content, f"gambar-{sign}-{point}-{percent}.jpg"))
    papers = [(pictures.receipt(seed + n), f"kuitansi-{n}.jpg") for n in range(6)]
    stored = store_images_bulk(city, contents + papers)
    publish([file.pk for file in stored[: len(contents)]])
    scenes = dict(zip(keys, (file.pk for file in stored), strict=False))
    sha = {file.pk: file.sha256 for file in stored}
    return Files(scenes, [file.pk for file in stored[len(contents) :]], sha)


def _open(city: City, town: Town, program: Program, year: int, today: date) -> ProgramYear:
    """Bagian Pemerintahan opens the year, half a year before it begins, on a (drawn) decree."""
    seat = next(unit for unit in town.units.values() if unit.kind == "city")
    officer = Person.objects.get(pk=town.seats["government_office", seat.pk][0])
    # Nobody may open a year more than one ahead, so on New Year's Day it is that very day.
    on = max(date(year - 1, 1, 1), min(date(year - 1, 2, 20), today - timedelta(days=1)))
    paper = SimpleUploadedFile("dasar-hukum.jpg", pictures.receipt(year), "image/jpeg")
    return open_year(
        by=officer,
        program=program,
        year=year,
        basis_no=f"Peraturan contoh {year - 2000}/{year - 1}",
        basis_on=on - timedelta(days=10),
        basis_file=store_document(city, paper),
        on=on,
    )


def _tidy() -> None:
    """Let the database count what it holds, so that it plans its queries well."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
