"""The list of all activities of a city, as a page and as a table to take along."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_scopes import scope

from rembug.core.paging import page_of
from rembug.ledger.reading import ladders_by_subject
from rembug.planning.models import Activity
from rembug.public import tiles, years
from rembug.public.cache import kept
from rembug.public.listing import (
    COLUMNS,
    SORTS,
    Asked,
    as_csv_row,
    columns,
    options,
    shown,
    stages,
    table,
)
from rembug.public.places import Area
from rembug.regions.models import UnitKind

SIZE = 25


@require_safe
@kept
def activities(request: HttpRequest) -> HttpResponse:
    """Search, narrow, sort; twenty-five to a page."""
    asked = Asked.of(request.GET)
    opened = tuple(years.opened())
    places = tiles.places()
    # Keys first, from the index alone: a far page must not read every row before it.
    keys = asked.rows().values_list("id", flat=True)
    page = page_of(keys, request.GET.get("halaman"), size=SIZE)
    rows = asked.ordered(Activity.objects.filter(id__in=page.rows)).values_list(*COLUMNS)
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
        "csv": _csv_url(request),
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


def _csv_url(request: HttpRequest) -> str:
    asked = {key: value for key, value in request.GET.items() if key != "halaman" and value}
    return reverse("public:activities_csv") + (f"?{urlencode(asked)}" if asked else "")


class _Echo:
    """A file that hands every line straight on."""

    def write(self, line: str) -> str:
        return line


@require_safe
def activities_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All rows asked for, as a table for a spreadsheet. Streams, so that it never fills the memory."""
    response = StreamingHttpResponse(
        _lines(request, Asked.of(request.GET)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="kegiatan.csv"'
    return response


def _lines(request: HttpRequest, asked: Asked) -> Iterator[str]:
    """The stream is read after the request has left the city's scope and its time; it enters both again."""
    home = request.build_absolute_uri(reverse("public:activities"))
    head = [
        _("Nomor"),
        _("Tahun"),
        _("Kode RT"),
        _("RT"),
        _("Bidang"),
        _("Kegiatan"),
        _("Tahap"),
        _("Kemajuan (%)"),
        _("Biaya (Rp)"),
        _("Batas selesai"),
        _("Terlambat"),
        _("Halaman"),
    ]
    return _stream(request.city, asked, home, [str(cell) for cell in head])


def _stream(city: Any, asked: Asked, home: str, head: list[str]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The mark by which spreadsheets know that the file is UTF-8.
    yield "\ufeff" + writer.writerow(head)
    with scope(city=city), timezone.override(ZoneInfo(city.timezone)):
        kelurahan = {
            place.code: place.name for place in tiles.places() if place.kind == UnitKind.KELURAHAN
        }
        today = timezone.localdate()
        for row in asked.rows().values_list(*COLUMNS).iterator(chunk_size=2000):
            yield writer.writerow(_safe(as_csv_row(row, kelurahan, home, today)))


def _safe(cells: list[Any]) -> list[Any]:
    """A cell that begins like a formula is not run by a spreadsheet."""
    return [
        "'" + cell if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell
        for cell in cells
    ]
