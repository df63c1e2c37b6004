"""Programmes, rule sets, fiscal years, holidays and the price standard."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property, lru_cache

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from rembug.core import folding
from rembug.files.models import File
from rembug.ledger.models import Fund
from rembug.people.authority import offices_of
from rembug.people.models import Person
from rembug.programs.bookchecks import read_book
from rembug.programs.oldbooks import upgraded
from rembug.programs.rulebook import RuleBook
from rembug.regions.scope import CityForeignKey, CityModel


class Level(models.TextChoices):
    RT = "rt", "RT"
    RW = "rw", "RW"


class Program(CityModel):
    """A grant the city gives to its RT or RW, under the name the city uses.

    `words` are the city's own names for parts of it (such as its report app), by code.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=2, choices=Level, default=Level.RT)
    summary = models.TextField(blank=True)
    words = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint("city", "code", name="program_code_once_per_city")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RuleSet(CityModel):
    """The rules of a programme for a run of years, with the regulation they come from.

    `book` is plain JSON as the city wrote it; `digest` is the SHA-256 of it.
    """

    program = CityForeignKey(Program, models.PROTECT, related_name="rule_sets")
    version = models.CharField(max_length=24)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    citation = models.CharField(max_length=300)
    legal_url = models.URLField(blank=True)
    # An amendment: from this day on it stands in place of the rules its years were opened with.
    valid_from = models.DateField(null=True, blank=True)
    book = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "program", "version", name="rule_set_version_once"),
            models.CheckConstraint(
                condition=Q(last_year=None) | Q(last_year__gte=models.F("first_year")),
                name="rule_set_years_in_order",
            ),
        ]
        ordering = ["first_year", "valid_from"]

    def __str__(self) -> str:
        return f"{self.program.name} {self.version}"

    def covers(self, year: int) -> bool:
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    @cached_property
    def rules(self) -> RuleBook:
        """The typed book. Raises ValueError when the stored book cannot be read."""
        return _book(json.dumps(self.book, sort_keys=True))


def applying(sets: Iterable[RuleSet], year: int, day: date) -> RuleSet | None:
    """Of rule sets, the one that holds on a day for a budget year: the newest amendment in force, else
    the rules themselves."""
    fitting = [row for row in sets if row.covers(year)]
    amended = [row for row in fitting if row.valid_from and row.valid_from <= day]
    if amended:
        return max(amended, key=lambda row: row.valid_from or day)
    return next((row for row in fitting if row.valid_from is None), None)


@lru_cache(maxsize=64)
def _book(text: str) -> RuleBook:
    """Read once per process: the same text is the same book."""
    book, faults = read_book(upgraded(json.loads(text)))
    if book is None:
        raise ValueError("; ".join(f"{fault.path}: {fault.wrong}" for fault in faults))
    return book


class YearState(models.TextChoices):
    DRAFT = "draft", _("Disiapkan")
    OPEN = "open", _("Dibuka")
    CLOSED = "closed", _("Ditutup")


class ProgramYear(CityModel):
    """One budget year of a programme. Its rules are fixed when it is opened, with a legal basis.

    `amendments` are [day, key of the rule set] in order of days: from that day on new decisions follow
    them. What is decided keeps its own version, see `Proposal.rules` and `Work.rules`.
    """

    program = CityForeignKey(Program, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField()
    rule_set = CityForeignKey(RuleSet, models.PROTECT, related_name="years")
    fund = CityForeignKey(Fund, models.PROTECT, related_name="+")
    basis_no = models.CharField(max_length=120)
    basis_on = models.DateField()
    basis_file = CityForeignKey(File, models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=8, choices=YearState, default=YearState.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = CityForeignKey(Person, models.PROTECT, related_name="+", null=True)
    amendments = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "program", "year", name="program_year_once"),
            models.CheckConstraint(condition=~Q(basis_no=""), name="program_year_has_basis"),
        ]
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.program.name} {self.year}"

    def rules_on(self, day: date) -> RuleSet:
        """The rules for what is decided on a day: those of the opening, or their latest amendment."""
        due = [pk for first, pk in self.amendments if first <= day.isoformat()]
        return self.rules_by(due[-1] if due else None)

    def rules_by(self, pk: int | None) -> RuleSet:
        """A version of this year's rules by its key; None: those it was opened with."""
        if pk in (None, self.rule_set_id):
            return self.rule_set
        if pk not in self._versions:
            self._versions[pk] = RuleSet.objects.get(city_id=self.city_id, pk=pk)
        return self._versions[pk]

    @cached_property
    def _versions(self) -> dict[int | None, RuleSet]:
        """Amendments read so far."""
        return {}

    @property
    def current(self) -> RuleSet:
        """The rules for what is decided today."""
        return self.rules_on(timezone.localdate())

    @property
    def book(self) -> RuleBook:
        return self.current.rules

    @property
    def rule(self) -> str:
        """The rule version of today for the record of acts: `dana-rt:TA2022@9f8e7d6c`."""
        return self.rule_of(self.current)

    def rule_of(self, rules: RuleSet) -> str:
        return f"{self.program.code}:{rules.version}@{rules.digest[:8]}"

    @property
    def thread(self) -> str:
        """The thread of acts about this year."""
        return f"year:{self.pk}"

    def readable_by(self, person: object) -> bool:
        """The decree that opened a year is for every office of the city."""
        return bool(offices_of(person))


class HolidayKind(models.TextChoices):
    NATIONAL = "national", _("Libur nasional")
    JOINT = "joint", _("Cuti bersama")
    LOCAL = "local", _("Libur daerah")


class Holiday(CityModel):
    """A day on which the city's offices are closed; it does not count as a working day."""

    day = models.DateField()
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=HolidayKind)

    class Meta:
        constraints = [models.UniqueConstraint("city", "day", name="holiday_once_per_city")]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d-%m-%Y} {self.name}"


class PriceKind(models.TextChoices):
    SSH = "SSH", _("Standar satuan harga")
    HSPK = "HSPK", _("Harga satuan pokok kegiatan")
    ASB = "ASB", _("Analisis standar belanja")
    SBU = "SBU", _("Standar biaya umum")


class PriceGroup(models.TextChoices):
    LABOUR = "upah", _("Upah")
    MATERIAL = "bahan", _("Bahan")
    TOOL = "alat", _("Alat")
    SERVICE = "jasa", _("Jasa")
    GOODS = "barang", _("Barang")


class PriceQuerySet(models.QuerySet):
    def matching(self, words: str) -> PriceQuerySet:
        """Items whose name or specification holds every word, in any order."""
        return self.filter(folding.holding(words))


class PriceItem(CityModel):
    """The city's standard price of one thing in one year, in whole rupiah, tax included."""

    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    spec = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=24)
    price = models.BigIntegerField()
    kind = models.CharField(max_length=4, choices=PriceKind, default=PriceKind.SSH)
    group = models.CharField(max_length=8, choices=PriceGroup)
    account_code = models.CharField(max_length=40, blank=True)
    # Name and specification as they are searched (core.folding).
    search = models.CharField(max_length=380)

    objects = ScopedManager(city="city", _manager_class=models.Manager.from_queryset(PriceQuerySet))

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "year", "code", name="price_code_once_per_year"),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_above_zero"),
        ]
        indexes = [models.Index(fields=["city", "year", "group", "name"], name="price_list")]
        ordering = ["group", "name", "spec"]

    def __str__(self) -> str:
        return f"{self.name} ({self.unit})"
