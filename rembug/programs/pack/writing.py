"""Compares what a city's folder says with the database and writes the difference in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope

from rembug.people.acts import record, touch
from rembug.programs.models import Holiday, PriceItem, Program, ProgramYear, RuleSet, YearState
from rembug.programs.pack.amending import amend_years
from rembug.programs.pack.files import Folder, PackFaults
from rembug.programs.pack.reading import (
    Wanted,
    Wishes,
    read_city,
    read_holidays,
    read_prices,
    read_programs,
)
from rembug.programs.pack.units import name_search, read_units
from rembug.regions.models import City, Unit

Progress = Callable[[str], None]


@dataclass
class Count:
    """How many rows of one kind were new, changed, removed, or as they should be."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0

    def __str__(self) -> str:
        told = {"new": self.new, "changed": self.changed, "removed": self.removed}
        return _("%(new)d baru, %(changed)d berubah, %(removed)d dihapus") % told

    @property
    def moved(self) -> int:
        return self.new + self.changed + self.removed


@dataclass
class Summary:
    """What loading a city did."""

    city: str
    counts: dict[str, Count] = field(default_factory=dict)
    # What changes for years that are open, in words.
    said: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return any(count.moved for count in self.counts.values())


def read_pack(directory: Path) -> Wishes:
    """Everything in a city's folder. Raises PackFaults with every fault of every file."""
    folder, wishes = Folder(Path(directory)), Wishes()
    wishes.city = read_city(folder)
    if wishes.city:
        wishes.units = read_units(folder, wishes.city["code"], wishes.city["name"])
    wishes.programs, wishes.rule_sets = read_programs(folder)
    wishes.holidays = read_holidays(folder)
    wishes.prices = read_prices(folder)
    if folder.faults:
        raise PackFaults(folder.faults)
    return wishes


def load_city(directory: Path | str, progress: Progress = lambda line: None) -> Summary:
    """Load or update a city from its folder; loading it again changes nothing.

    All or nothing. Raises PackFaults with every fault as file, line and what to write instead.
    """
    directory = Path(directory)
    progress(_("Membaca %s") % directory)
    wishes = read_pack(directory)
    folder = Folder(directory)
    with transaction.atomic():
        city, count = _write_city(folder, wishes.city, progress)
        summary = Summary(city.name, {_("kota"): count})
        with scope(city=city):
            for title, write in WRITERS.items():
                summary.counts[str(title)] = count = write(folder, city, wishes)
                progress(f"  {title}: {count}")
            summary.said = amend_years(folder, city, wishes.rule_sets)
            if folder.faults:
                raise PackFaults(folder.faults)
            for sentence in summary.said:
                progress(f"  {sentence}")
            if summary.changed:
                _record(city, summary)
    return summary


def _record(city: City, summary: Summary) -> None:
    root = Unit.objects.get(city=city, code=city.code)
    moved: dict[str, Any] = {t: str(c) for t, c in summary.counts.items() if c.moved}
    if summary.said:
        moved["amended"] = summary.said
    record(None, "city.loaded", root, about="city", unit=root, detail=moved)
    touch(city)


def _write_city(folder: Folder, values: dict[str, Any], progress: Progress) -> tuple[City, Count]:
    taken = City.objects.filter(slug=values["slug"]).exclude(pk=values["code"]).first()
    if taken:
        wrong = _("slug %(slug)s sudah dipakai %(city)s; pilih lain")
        folder.fault("kota.toml", 1, wrong % {"slug": values["slug"], "city": taken.name})
        raise PackFaults(folder.faults)
    once = [
        city for city in City.objects.exclude(pk=values["code"]) if values["slug"] in city.old_slugs
    ]
    if once:
        wrong = _(
            "slug %(slug)s dulu dipakai %(city)s, dan kode QR-nya masih mengarah ke sana; pilih lain"
        )
        folder.fault("kota.toml", 1, wrong % {"slug": values["slug"], "city": once[0].name})
        raise PackFaults(folder.faults)
    city = City.objects.filter(pk=values["code"]).first()
    if city is None:
        return City.objects.create(**values), Count(new=1)
    moved = [name for name, value in values.items() if getattr(city, name) != value]
    if not moved:
        return city, Count(same=1)
    if city.slug != values["slug"]:
        told = {"old": city.slug, "new": values["slug"]}
        progress(
            _(
                "  slug berubah dari %(old)s menjadi %(new)s; alamat lama dan kode QR tetap mengarah ke sini"
            )
            % told
        )
        kept = [each for each in city.old_slugs if each != values["slug"]]
        city.old_slugs = [*kept, city.slug]
        moved.append("old_slugs")
        values = values | {"old_slugs": city.old_slugs}
    for name in moved:
        setattr(city, name, values[name])
    city.save(update_fields=moved)
    return city, Count(changed=1)


@dataclass
class Difference:
    """Rows to add, rows to change (already changed in memory), rows to remove."""

    new: list[Wanted]
    changed: list[tuple[Model, Wanted]]
    gone: list[Model]
    same: int

    @property
    def count(self) -> Count:
        return Count(len(self.new), len(self.changed), len(self.gone), self.same)


def compare(
    rows: Iterable[Any], wanted: Iterable[Wanted], key: Callable[[Any], tuple]
) -> Difference:
    """What must happen to the rows so that they are as wanted; changed rows are set in memory."""
    known = {key(row): row for row in rows}
    made = Difference([], [], [], 0)
    for wish in wanted:
        row = known.pop(wish.key, None)
        if row is None:
            made.new.append(wish)
            continue
        moved = {n: v for n, v in wish.values.items() if getattr(row, n) != v}
        for name, value in moved.items():
            setattr(row, name, value)
        if moved:
            made.changed.append((row, wish))
        else:
            made.same += 1
    made.gone = list(known.values())
    return made


def _remove(folder: Folder, rows: QuerySet, names: Iterable[str], file: str) -> None:
    """Rows that left the folder go, unless something already hangs on them."""
    names = list(names)
    if not names:
        return
    try:
        with transaction.atomic():
            rows.delete()
    except ProtectedError:
        shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        wrong = _("%s hilang dari berkas padahal sudah dipakai; kembalikan barisnya") % shown
        folder.fault(file, 1, wrong)


def _write_units(folder: Folder, city: City, wishes: Wishes) -> Count:
    rows = Unit.objects.filter(city=city).select_related("parent")
    known = list(rows)
    ids = {unit.code: unit.pk for unit in known}
    parent_codes = {wish.key[0]: wish.values.pop("parent") for wish in wishes.units}
    _keep_names(known, {wish.key[0]: wish for wish in wishes.units})
    made = compare(known, wishes.units, lambda unit: (unit.code,))
    # A code holds its parent's code, so a unit never moves to another parent.
    for depth in range(2, 7):
        level = [wish for wish in made.new if wish.key[0].count(".") == depth - 1]
        units = [
            Unit(city=city, code=w.key[0], parent_id=ids.get(parent_codes[w.key[0]]), **w.values)
            for w in level
        ]
        Unit.objects.bulk_create(units, batch_size=500)
        ids |= {unit.code: unit.pk for unit in units}
    changed = [row for row, _wish in made.changed]
    if changed:
        fields = ["kind", "name", "households", "column", "row", "boundary", "former", "search"]
        Unit.objects.bulk_update(changed, fields, batch_size=200)
    for depth in range(6, 1, -1):
        gone = [unit for unit in made.gone if unit.code.count(".") == depth - 1]
        going = Unit.objects.filter(city=city, pk__in=[unit.pk for unit in gone])
        _remove(folder, going, [unit.code for unit in gone], "wilayah.csv")
    return made.count


def _keep_names(known: Iterable[Unit], wishes: dict[str, Wanted]) -> None:
    """A place that is renamed is found by every name it had, and so is all that lies in it."""
    former: dict[str, list[str]] = {}
    for unit in known:
        wish = wishes.get(unit.code)
        if wish is not None:
            name = wish.values["name"]
            names = dict.fromkeys([*unit.former, unit.name])
            former[unit.code] = [each for each in names if each != name]
            wish.values["former"] = former[unit.code]
    name_search(wishes, former)


def _write_programs(folder: Folder, city: City, wishes: Wishes) -> Count:
    rows = list(Program.objects.filter(city=city))
    levels = {program.pk: program.level for program in rows}
    made = compare(rows, wishes.programs, lambda program: (program.code,))
    for wish in made.new:
        Program.objects.create(city=city, code=wish.key[0], **wish.values)
    for program, wish in made.changed:
        if program.level != levels[program.pk] and program.years.exists():
            told = _("level %s tidak boleh diubah sesudah tahun dibuka; buat program baru")
            folder.fault(wish.file, wish.line, told % program.code)
        program.save()
    # Rule sets of a programme that left go first; they are protected when a year used them.
    gone = [program.pk for program in made.gone]
    sets = RuleSet.objects.filter(city=city, program__in=gone)
    _remove(folder, sets, [str(row) for row in sets], "program")
    if not folder.faults:
        going = Program.objects.filter(city=city, pk__in=gone)
        _remove(folder, going, [program.code for program in made.gone], "program")
    return made.count


def _write_rule_sets(folder: Folder, city: City, wishes: Wishes) -> Count:
    programs = {row.code: row for row in Program.objects.filter(city=city)}
    rows = list(RuleSet.objects.filter(city=city).select_related("program"))
    kept = {row.pk: _fixed(row) for row in rows}
    made = compare(rows, wishes.rule_sets, lambda row: (row.program.code, row.version))
    for wish in made.new:
        program, version = wish.key
        RuleSet.objects.create(city=city, program=programs[program], version=version, **wish.values)
    used = _years_by_rule_set(city)
    for row, wish in made.changed:
        if kept[row.pk] != _fixed(row) and used.get(row.pk):
            told = {"version": row.version, "years": ", ".join(map(str, used[row.pk]))}
            wrong = _("aturan %(version)s sudah dipakai tahun %(years)s dan tidak boleh diubah; ")
            wrong += _("tulis [[ruleset]] baru dengan version lain dan valid_from")
            folder.fault(wish.file, wish.line, wrong % told)
        else:
            row.save()
    for row in made.gone:
        if row.valid_from and used.get(row.pk):
            wrong = _("%s hilang dari berkas padahal sudah dipakai; kembalikan barisnya") % row
            folder.fault("program", 1, wrong)
    going = RuleSet.objects.filter(city=city, pk__in=[row.pk for row in made.gone])
    _remove(folder, going, [str(row) for row in made.gone], "program")
    return made.count


def _fixed(row: RuleSet) -> tuple:
    """What decisions rest on: it does not change once a year was opened with it."""
    return row.digest, row.citation, row.valid_from


def _years_by_rule_set(city: City) -> dict[int, list[int]]:
    """Years already opened under each rule set."""
    used: dict[int, list[int]] = {}
    opened = ProgramYear.objects.filter(city=city).exclude(state=YearState.DRAFT)
    rows = opened.values_list("rule_set_id", "year", "amendments").order_by("year")
    for rule_set, year, amendments in rows:
        for pk in {rule_set, *(pk for _day, pk in amendments)}:
            used.setdefault(pk, []).append(year)
    return used


def _write_holidays(folder: Folder, city: City, wishes: Wishes) -> Count:
    rows = Holiday.objects.filter(city=city)
    made = compare(rows, wishes.holidays, lambda row: (row.day,))
    new = [Holiday(city=city, day=wish.key[0], **wish.values) for wish in made.new]
    Holiday.objects.bulk_create(new, batch_size=500)
    changed = [row for row, _wish in made.changed]
    if changed:
        Holiday.objects.bulk_update(changed, ["name", "kind"], batch_size=200)
    Holiday.objects.filter(city=city, pk__in=[row.pk for row in made.gone]).delete()
    return made.count


def _write_prices(folder: Folder, city: City, wishes: Wishes) -> Count:
    rows = PriceItem.objects.filter(city=city)
    made = compare(rows, wishes.prices, lambda row: (row.year, row.code))
    new = [
        PriceItem(city=city, year=wish.key[0], code=wish.key[1], **wish.values) for wish in made.new
    ]
    PriceItem.objects.bulk_create(new, batch_size=500)
    changed = [row for row, _wish in made.changed]
    if changed:
        fields = ["name", "spec", "unit", "price", "kind", "group", "account_code", "search"]
        PriceItem.objects.bulk_update(changed, fields, batch_size=200)
    going = PriceItem.objects.filter(city=city, pk__in=[row.pk for row in made.gone])
    _remove(folder, going, [f"{row.year} {row.code}" for row in made.gone], "harga")
    return made.count


WRITERS: dict[str, Callable[[Folder, City, Wishes], Count]] = {
    "wilayah": _write_units,
    "program": _write_programs,
    "aturan": _write_rule_sets,
    "libur": _write_holidays,
    "harga": _write_prices,
}
