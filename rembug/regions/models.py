"""Cities and their tree of units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django_scopes import ScopedManager, get_scope

from rembug.core import folding
from rembug.regions.scope import CityForeignKey, CityModel


class City(models.Model):
    """A city that uses Rembug. Its key is the official area code, such as `35.71`."""

    code = models.CharField(max_length=13, primary_key=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=80, blank=True)
    tagline = models.CharField(max_length=200, blank=True)
    timezone = models.CharField(max_length=40, default="Asia/Jakarta")
    brand = models.JSONField(default=dict)
    role_titles = models.JSONField(default=dict)
    # Names of the agencies that hold a role, by role: a city may have several technical offices.
    agencies = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    # English for words of the city's own: what its folder says -> what English readers see.
    english = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    # Names this city had in addresses before: printed codes go on leading here.
    old_slugs = models.JSONField(default=list, blank=True)
    # A token that changes after every commit of an act; pages kept in a cache are tied to it.
    stamp = models.CharField(max_length=16, default="0")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def said(self, text: str) -> str:
        """A word of the city's folder in the reader's language, where the folder translates it."""
        return self.english.get(text, text) if (get_language() or "").startswith("en") else text

    @property
    def tagline_said(self) -> str:
        return self.said(self.tagline)


def said(text: str) -> str:
    """The same for the city of the scope: names of fields and desks, far from any request."""
    city = get_scope().get("city")
    return city.said(text) if isinstance(city, City) else text


class UnitKind(models.TextChoices):
    CITY = "city", "Kota"
    KECAMATAN = "kecamatan", "Kecamatan"
    KELURAHAN = "kelurahan", "Kelurahan"
    RW = "rw", "RW"
    RT = "rt", "RT"


class UnitQuerySet(models.QuerySet):
    def within(self, code: str) -> UnitQuerySet:
        """The unit with this code and everything below it."""
        return self.filter(Q(code=code) | Q(code__startswith=code + "."))

    def matching(self, text: str) -> UnitQuerySet:
        """Units whose words hold every word of a question, in any order."""
        return self.filter(folding.holding(text))


class Unit(CityModel):
    """A place in the tree: its dotted code begins with the code of the place above it."""

    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=10, choices=UnitKind)
    name = models.CharField(max_length=80)
    parent = CityForeignKey("self", models.PROTECT, null=True, related_name="children")
    households = models.PositiveIntegerField(default=0)
    column = models.PositiveSmallIntegerField(default=0)
    row = models.PositiveSmallIntegerField(default=0)
    # GeoJSON geometry in WGS84 degrees, when the city has loaded its boundaries.
    boundary = models.JSONField(null=True, blank=True)
    # Names it had before, the oldest first: people go on searching by them.
    former = models.JSONField(default=list, blank=True)
    # Words a resident may type to find the unit (core.folding): its names and those above it, of today
    # and of before, and its streets.
    search = models.CharField(max_length=600, blank=True)

    objects = ScopedManager(city="city", _manager_class=models.Manager.from_queryset(UnitQuerySet))

    class Meta:
        constraints = [models.UniqueConstraint("city", "code", name="unit_code_once_per_city")]
        indexes = [models.Index(fields=["city", "kind", "code"], name="unit_kind_code")]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @cached_property
    def parts(self) -> list[str]:
        return self.code.split(".")

    @property
    def rw_number(self) -> str:
        """Two digits or more, `05`; empty above the RW."""
        return f"{int(self.parts[4]):02d}" if len(self.parts) > 4 else ""

    @property
    def rt_number(self) -> str:
        return f"{int(self.parts[5]):02d}" if len(self.parts) > 5 else ""

    @property
    def label(self) -> str:
        """What people call it: `RT 03 / RW 05`, `Kelurahan Gayam`."""
        if self.kind == UnitKind.RT:
            return f"RT {self.rt_number} / RW {self.rw_number}"
        if self.kind == UnitKind.RW:
            return f"RW {self.rw_number}"
        return f"{self.get_kind_display()} {self.name}"

    @property
    def full_label(self) -> str:
        """The label with the kelurahan, where several are shown together: `RT 03 / RW 05 Gayam`.

        Reads the parents: select `parent__parent` with the unit.
        """
        above = {UnitKind.RT: 2, UnitKind.RW: 1}.get(UnitKind(self.kind), 0)
        unit: Unit | None = self
        for _step in range(above):
            unit = unit.parent if unit else None
        return f"{self.label} {unit.name}" if above and unit else self.label

    def above(self, kind: str) -> str:
        """The code of the ancestor of a kind (or of the unit itself); empty when there is none."""
        depth = CODE_DEPTH[kind]
        return ".".join(self.parts[:depth]) if len(self.parts) >= depth else ""


# How many dotted parts a code of each kind has: 35.71 / 35.71.02 / 35.71.02.1014 / + RW / + RT.
CODE_DEPTH = {
    UnitKind.CITY: 2,
    UnitKind.KECAMATAN: 3,
    UnitKind.KELURAHAN: 4,
    UnitKind.RW: 5,
    UnitKind.RT: 6,
}


def ancestors(code: str) -> list[str]:
    """Codes from the city down to the unit itself: `35.71`, `35.71.02`, ..."""
    parts = code.split(".")
    return [".".join(parts[:depth]) for depth in range(2, len(parts) + 1)]


def reaches(above: str, below: str) -> bool:
    """Whether a territory contains a place. The dot keeps 35.7 from reaching into 35.71."""
    return below == above or below.startswith(above + ".")
