"""The list of all activities of a city, as a page and as a table to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_scopes import scope

from rembug.core import sheets
from rembug.core.paging import page_of
from rembug.ledger.reading import ladders_by_subject
from rembug.planning.models import Activity
from rembug.public import tiles, years
from rembug.public.cache import kept
from rembug.public.listing import (
    COLUMNS,
    SORTS,
    Asked,
    columns,
    options,
    sheet_columns,
    sheet_row,
    shown,
    stages,
    table,
    with_end,
)
from rembug.public.places import Area
from rembug.regions.models import UnitKind

SIZE = 25
# As many rows at a time as one statement may name keys.
FEW = 900


@require_safe
@kept
def activities(request: HttpRequest) -> HttpResponse:
    """Search, narrow, sort; twenty-five to a page."""
    asked = Asked.of(request.GET)
    opened = tuple(years.opened())
    places = tiles.places()
    # Keys first, from the index alone: a far page must not read every row before it.
    page = page_of(asked.keys(), request.GET.get("halaman"), size=SIZE)
    found = with_end(Activity.objects.filter(id__in=page.rows)).values_list(*COLUMNS)
    rows = sorted(found, key=lambda row: page.rows.index(row[0]))
    ladders = ladders_by_subject(page.rows)
    fields = years.fields_of(opened)
    kelurahan = {place.code: place.name for place in places if place.kind == UnitKind.KELURAHAN}
    known = sorted({row.year for row in opened}, reverse=True)
    context = {
        "asked": asked,
        "page": page,
        "columns": columns(),
        "table": table(shown(rows, ladders, fields, kelurahan)),
        "now": timezone.now(),
        "years": options([("", _("Semua tahun")), *((year, year) for year in known)], asked.year),
        "fields": options(_fields(fields), asked.field),
        "stages": options([("", _("Semua tahap")), *stages()], asked.stage),
        "sorts": options(((key, label) for key, (label, _order) in SORTS.items()), asked.sort),
        "places": options(_choices(places), asked.place),
        "sheets": [(kind.upper(), _sheet_url(request, kind)) for kind in sheets.KINDS],
    }
    return render(request, "public/activities.html", context)


def _fields(fields: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", _("Semua bidang")), *((code, title) for code, (_bid, title) in fields.items())]


def _choices(places: list[Area]) -> list[tuple[str, str]]:
    """(code, name) of every kecamatan with its kelurahan below it."""
    found = [("", _("Seluruh kota"))]
    for place in places:
        if place.kind == UnitKind.KECAMATAN:
            found.append((place.code, place.label))
        elif place.kind == UnitKind.KELURAHAN:
            found.append((place.code, place.name))
    return found


def _sheet_url(request: HttpRequest, kind: str) -> str:
    asked = {key: value for key, value in request.GET.items() if key != "halaman" and value}
    return reverse(f"public:activities_{kind}") + (f"?{urlencode(asked)}" if asked else "")


@require_safe
def activities_csv(request: HttpRequest) -> HttpResponse:
    """All rows asked for, as a table for any spreadsheet."""
    return _taken(request, "csv")


@require_safe
def activities_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    return _taken(request, "xlsx")


def _taken(request: HttpRequest, kind: str) -> HttpResponse:
    home = request.build_absolute_uri(reverse("public:activities"))
    rows = _sheet(request.city, Asked.of(request.GET), home)
    return sheets.download(kind, "kegiatan", sheet_columns(), rows)


def _sheet(city: Any, asked: Asked, home: str) -> Iterator[list[Any]]:
    """The rows are read after the request has left the city's scope, its time and its language; they
    enter all three again."""
    language = translation.get_language()

    def rows() -> Iterator[list[Any]]:
        with (
            scope(city=city),
            timezone.override(ZoneInfo(city.timezone)),
            translation.override(language),
        ):
            names = {one.code: one.name for one in tiles.places() if one.kind == UnitKind.KELURAHAN}
            fields, today = years.fields_of(tuple(years.opened())), timezone.localdate()
            found = with_end(asked.rows()).values_list(*COLUMNS).iterator(chunk_size=FEW)
            for some in batched(found, FEW):
                ladders = ladders_by_subject([row[0] for row in some])
                for row in some:
                    yield sheet_row(row, ladders[row[0]].paid, fields, names, home, today)

    return rows()


def batched(rows: Iterable[tuple], size: int) -> Iterator[list[tuple]]:
    """A stream in handfuls."""
    each = iter(rows)
    while some := list(islice(each, size)):
        yield some
