"""A rule set amended in the year: from its day it holds for what comes after, never for what is decided.

Loading says in words what changes for each open year; a change that would have no effect, or would
change what is already booked, is refused.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from rembug.core.words import short_date
from rembug.programs.differences import differences
from rembug.programs.models import ProgramYear, RuleSet, YearState
from rembug.programs.pack.files import Folder
from rembug.programs.pack.reading import Wanted
from rembug.regions.models import City


def amend_years(folder: Folder, city: City, wishes: list[Wanted]) -> list[str]:
    """Tie every amendment to the years it changes; the sentences that say what changes, and from when."""
    placed = {wish.key: wish for wish in wishes}
    sets: dict[int, list[RuleSet]] = {}
    for row in RuleSet.objects.filter(city=city).select_related("program").order_by("valid_from"):
        sets.setdefault(row.program_id, []).append(row)
    years = ProgramYear.objects.filter(city=city).exclude(state=YearState.DRAFT)
    said: list[str] = []
    for year in years.select_related("program", "rule_set").order_by("year"):
        said += _amend(folder, year, sets.get(year.program_id, []), placed)
    return said


def _amend(
    folder: Folder, year: ProgramYear, sets: list[RuleSet], placed: dict[tuple, Wanted]
) -> list[str]:
    known = {pk for _day, pk in year.amendments}
    made, said, before = [], [], year.rule_set
    for row in sets:
        wish = placed.get((year.program.code, row.version))
        if not row.covers(year.year):
            _own_years(folder, year, row, wish)
            continue
        if row.valid_from is None:
            if row.pk != year.rule_set_id:
                _without_day(folder, year, wish)
            continue
        if row.pk == year.rule_set_id:
            continue
        if row.pk not in known and year.state == YearState.OPEN:
            _ceiling_stays(folder, year, before, row, wish)
            said += _said(year, before, row)
        if row.pk in known or year.state == YearState.OPEN:
            made.append([row.valid_from.isoformat(), row.pk])
            before = row
    if made != year.amendments:
        ProgramYear.objects.filter(city_id=year.city_id, pk=year.pk).update(amendments=made)
    return said


def _said(year: ProgramYear, before: RuleSet, after: RuleSet) -> list[str]:
    assert after.valid_from
    told = {"year": year, "version": after.version, "day": short_date(after.valid_from)}
    head = _("%(year)s: aturan %(version)s berlaku mulai %(day)s untuk yang diputuskan sesudahnya.")
    changed = differences(before.rules, after.rules) or [_("tidak ada setelan yang berubah")]
    return [head % told, *(f"  - {one}" for one in changed)]


def _ceiling_stays(
    folder: Folder, year: ProgramYear, before: RuleSet, after: RuleSet, wish: Wanted | None
) -> None:
    """Ceilings of an open year are booked; rules cannot change them behind the books."""
    if wish and before.rules.ceiling != after.rules.ceiling:
        told = _(
            "pagu %s sudah tercatat di buku; samakan ceiling, atau ubah mulai tahun berikutnya"
        )
        folder.fault(wish.file, wish.line, told % year)


def _without_day(folder: Folder, year: ProgramYear, wish: Wanted | None) -> None:
    """Rules that cover a year opened under others would be loaded without effect."""
    if wish:
        told = {"year": year, "version": year.rule_set.version}
        wrong = _(
            "%(year)s sudah dibuka dengan aturan %(version)s; tulis valid_from agar aturan ini "
        )
        wrong += _("menjadi perubahannya, dan biarkan last_year aturan %(version)s")
        folder.fault(wish.file, wish.line, wrong % told)


def _own_years(folder: Folder, year: ProgramYear, row: RuleSet, wish: Wanted | None) -> None:
    """A year keeps the rules it was opened with among those that cover it."""
    if wish and row.pk == year.rule_set_id:
        told = _(
            "%s sudah dibuka dengan aturan ini; first_year dan last_year harus memuat tahunnya"
        )
        folder.fault(wish.file, wish.line, told % year)
