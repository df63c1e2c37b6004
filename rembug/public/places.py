"""Places as the open face shows them: the way down from the city, and who holds office on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import FilteredRelation, Q
from django.http import Http404
from django.urls import get_script_prefix, reverse
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core import words
from rembug.people.authority import role_title
from rembug.people.rules import ROLE_SEATS
from rembug.regions.models import CODE_DEPTH, City, Unit, UnitKind, ancestors


@dataclass(frozen=True)
class Seat:
    """Who holds an office, by which decree. The office stands before the name."""

    title: str
    name: str
    starts_on: date
    ends_on: date | None
    decree_no: str
    decree_on: date
    role: str


KIND_AT = {depth: kind for kind, depth in CODE_DEPTH.items()}


def label_of(kind: str, code: str, name: str = "") -> str:
    """`RT 03 / RW 05`, `Kelurahan Gayam`: as Unit.label, without the cost of a row."""
    parts = code.split(".")
    if kind == UnitKind.RT:
        return f"RT {int(parts[5]):02d} / RW {int(parts[4]):02d}"
    if kind == UnitKind.RW:
        return f"RW {int(parts[4]):02d}"
    return f"{UnitKind(kind).label} {name}"


def kind_of(code: str) -> str:
    """What a code is, by its length: an activity belongs to an RT or to an RW."""
    return KIND_AT[code.count(".") + 1]


def above(kind: str, code: str) -> str:
    """The code of the ancestor of a kind, or of the place itself."""
    return ".".join(code.split(".")[: CODE_DEPTH[UnitKind(kind)]])


@dataclass(frozen=True, slots=True)
class Area:
    """A city, kecamatan or kelurahan as lists and maps need it; lighter than its row."""

    id: int
    code: str
    kind: str
    name: str
    column: int
    row: int
    # Names it had before; a list from its row.
    former: Sequence[str] = ()
    households: int = 0

    @property
    def pk(self) -> int:
        return self.id

    @property
    def names(self) -> list[str]:
        return [self.name, *self.former]

    @property
    def label(self) -> str:
        return label_of(self.kind, self.code, self.name)

    def above(self, kind: str) -> str:
        return above(kind, self.code)


@dataclass
class Place:
    """A unit with its offices of today."""

    id: int
    code: str
    kind: str
    name: str
    households: int
    seats: list[Seat] = field(default_factory=list)

    @property
    def label(self) -> str:
        return label_of(self.kind, self.code, self.name)

    @property
    def url(self) -> str:
        return url_of(self.kind, self.code)

    def seat(self, role: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.role == role), None)


def url_of(kind: str, code: str) -> str:
    """The page of a place, inside the city of the address.

    Written together by hand, because a page may show a hundred of them and `reverse` is slow; a test
    holds it to urls.py.
    """
    return f"{get_script_prefix()}{'rt' if kind == UnitKind.RT else 'wilayah'}/{code}/"


def way_to(city: City, code: str) -> list[Place]:
    """The places from the city down to a code, each with its offices of today. One query.

    Offices inside a pokmas are left out. Raises Http404.
    """
    today = localdate()
    seat = FilteredRelation(
        "offices",
        condition=Q(offices__starts_on__lte=today)
        & (Q(offices__ends_on=None) | Q(offices__ends_on__gte=today))
        & Q(offices__body=0),
    )
    rows = (
        Unit.objects.filter(code__in=ancestors(code))
        .annotate(seat=seat)
        .order_by("code", "seat__id")
        .values_list(
            "id",
            "code",
            "kind",
            "name",
            "households",
            "seat__role",
            "seat__acting",
            "seat__person__name",
            "seat__starts_on",
            "seat__ends_on",
            "seat__decree_no",
            "seat__decree_on",
        )
    )
    found: dict[str, Place] = {}
    for pk, at, kind, name, households, role, acting, person, *decree in rows:
        place = found.setdefault(at, Place(pk, at, kind, name, households))
        if role:
            starts, ends, number, signed = decree
            title = f"{acting} {role_title(role, city)}".strip()
            place.seats.append(Seat(title, person, starts, ends, number, signed, role))
    if code not in found:
        raise Http404
    for place in found.values():
        place.seats.sort(key=lambda each: ROLE_ORDER[each.role])
    return list(found.values())


def seat_rows(places: Iterable[Place], told: bool = False) -> SafeString:
    """Rows of the table of offices: office, name, term, decree. `told`: with the place of each.

    Written here, because every page of an RT shows two dozen of them.
    """
    name, term, basis = esc(_("Nama")), esc(_("Masa jabatan")), esc(_("Dasar"))
    rows = []
    for place in places:
        where = f' <span class="quiet">{esc(place.label)}</span>' if told else ""
        for seat in place.seats:
            held = words.term(seat.starts_on, seat.ends_on)
            rows.append(
                f'<tr><th scope="row">{esc(seat.title)}{where}</th>'
                f'<td data-l="{name}">{esc(seat.name)}</td><td data-l="{term}">{esc(held)}</td>'
                f'<td data-l="{basis}">{esc(seat.decree_no)}, {words.short_date(seat.decree_on)}</td>'
                "</tr>"
            )
    return mark_safe("".join(rows))


def seated(way: list[Place]) -> dict[str, SafeString]:
    """What the table of offices takes: those of the place itself, and those above it."""
    return {
        "seats_here": seat_rows(way[-1:]),
        "seats_above": seat_rows(reversed(way[:-1]), told=True),
    }


ROLE_ORDER = {role: n for n, role in enumerate(ROLE_SEATS)}


def full_label(way: Iterable[Place]) -> str:
    """`RT 03 / RW 05 Ngronggo`: a place with the kelurahan it lies in."""
    places = list(way)
    last = places[-1]
    if last.kind not in (UnitKind.RT, UnitKind.RW):
        return last.label
    kelurahan = next((each.name for each in places if each.kind == UnitKind.KELURAHAN), "")
    return f"{last.label} {kelurahan}".strip()


def crumbs(city: City, way: list[Place]) -> list[tuple[str, str]]:
    """(address, label) of everything above a place. An RW stands in the label of its RT."""
    trail = [(reverse("public:city"), city.name)]
    for place in way[:-1]:
        if place.kind == UnitKind.KELURAHAN:
            trail.append((place.url, place.name))
        elif place.kind != UnitKind.CITY:
            trail.append((place.url, place.label))
    return trail


def place_name(code: str, kelurahan: Mapping[str, str]) -> str:
    """`RT 03 / RW 05 Ngronggo` from the code of an RT (or RW) and the names of the kelurahan by code."""
    name = kelurahan.get(above(UnitKind.KELURAHAN, code), "")
    return f"{label_of(kind_of(code), code)} {name}".strip()
