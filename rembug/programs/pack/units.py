"""The tree of units of a city's folder: wilayah.csv, petak.csv, batas.geojson, and official names."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from rembug.core.folding import folded
from rembug.programs.pack.files import Folder, Row
from rembug.programs.pack.reading import Wanted, once_each
from rembug.regions.models import UnitKind

AREAS = Path("node_modules") / "idn-area-data" / "data"
PLACE = re.compile(r"\d\d\.\d\d\.\d\d(\.\d{4})?")
SHAPES = ("Polygon", "MultiPolygon")


def official_names(city: str) -> dict[str, str]:
    """Names of the city's kecamatan and kelurahan by code; empty without the area package."""
    names: dict[str, str] = {}
    for file in ("districts.csv", "villages.csv"):
        path = settings.ROOT / AREAS / file
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as lines:
                ours = (line for line in lines if line.startswith(city + "."))
                names |= {row[0]: row[2] for row in csv.reader(ours)}
    return names


def read_units(folder: Folder, city: str, city_name: str) -> list[Wanted]:
    """Every unit of the city, from the city down, each after the one above it."""
    places = _places(folder, city)
    rows = folder.table("wilayah.csv", ["kelurahan", "rw", "rt", "kk"], ["jalan"])
    rts = [made for row in rows if (made := _rt(row, places))]
    once_each(folder, rts, lambda key: _("RT %s") % key[0])
    _without_rt(folder, places, rts, written=bool(rows))
    units = {city: _unit(city, UnitKind.CITY, city_name.removeprefix("Kota "), "", "kota.toml", 1)}
    units |= {place.key[0]: place for place in places.values()}
    for rt in rts:
        code, rw = rt.key[0], rt.values["parent"]
        if rw not in units:
            units[rw] = _unit(rw, UnitKind.RW, f"RW {int(rw[-3:]):02d}", rw[:-4], rt.file, rt.line)
        units[code] = rt
    _add_up(units)
    _boundaries(folder, units)
    return [units[code] for code in sorted(units)]


def _unit(code: str, kind: str, name: str, parent: str, file: str, line: int) -> Wanted:
    values: dict[str, Any] = {"kind": str(kind), "name": name, "parent": parent, "households": 0}
    values |= {"column": 0, "row": 0, "boundary": None, "search": ""}
    return Wanted((code,), values, file, line)


def _places(folder: Folder, city: str) -> dict[str, Wanted]:
    """Kecamatan and kelurahan with their tile, from petak.csv; names from there or the package."""
    names = official_names(city)
    places: list[Wanted] = []
    for row in folder.table("petak.csv", ["kode", "kolom", "baris"], ["nama"]):
        code = row.text("kode")
        if not PLACE.fullmatch(code) or not code.startswith(city + "."):
            wrong = _(
                'kode "%(code)s" salah; tulis kode kecamatan atau kelurahan di bawah %(city)s'
            )
            row.fault(wrong % {"code": code, "city": city})
            continue
        name = row.text("nama", empty=True, longest=80) or names.get(code, "")
        if not name:
            row.fault(_nameless(code, bool(names)))
        column, line = row.number("kolom", 1, 40), row.number("baris", 1, 40)
        kind = UnitKind.KECAMATAN if len(code) == 8 else UnitKind.KELURAHAN
        place = _unit(code, kind, name, code.rpartition(".")[0], row.file, row.line)
        place.values |= {"column": column or 0, "row": line or 0}
        places.append(place)
    once_each(folder, places, lambda key: _("kode %s") % key[0])
    made = {place.key[0]: place for place in places}
    _same_tile(folder, places)
    _orphans(folder, made, names)
    return made


def _nameless(code: str, package: bool) -> str:
    if package:
        return _("kode %s tidak ada dalam daftar resmi; perbaiki kode atau isi kolom nama") % code
    return (
        _("nama %s kosong dan daftar resmi belum terpasang; jalankan npm ci atau isi nama") % code
    )


def _same_tile(folder: Folder, places: list[Wanted]) -> None:
    taken: dict[tuple, str] = {}
    for place in places:
        spot = (place.values["parent"], place.values["column"], place.values["row"])
        if spot in taken and spot[1]:
            told = {"code": place.key[0], "other": taken[spot]}
            wrong = _("petak %(code)s sama dengan petak %(other)s; pindahkan salah satu") % told
            folder.fault(place.file, place.line, wrong)
        taken.setdefault(spot, place.key[0])


def _orphans(folder: Folder, places: dict[str, Wanted], names: dict[str, str]) -> None:
    """A kelurahan needs its kecamatan, and no official place may be forgotten."""
    for place in places.values():
        if place.values["kind"] == UnitKind.KELURAHAN and place.values["parent"] not in places:
            wrong = _("kecamatan %s tidak ada; tambahkan barisnya") % place.values["parent"]
            folder.fault(place.file, place.line, wrong)
    for code in sorted(names.keys() - places.keys()):
        told = {"code": code, "name": names[code]}
        folder.fault("petak.csv", 1, _("%(code)s %(name)s belum ada; tambahkan barisnya") % told)


def _rt(row: Row, places: dict[str, Wanted]) -> Wanted | None:
    kelurahan = row.text("kelurahan")
    rw, rt, households = (
        row.number("rw", 1, 999, named=True),
        row.number("rt", 1, 999, named=True),
        row.number("kk", 0, 9999),
    )
    streets = row.text("jalan", empty=True, longest=160)
    if kelurahan not in places or len(kelurahan) != 13:
        row.fault(_('kelurahan "%s" tidak ada di petak.csv; perbaiki kodenya') % kelurahan)
        return None
    if rw is None or rt is None or households is None:
        return None
    parent = f"{kelurahan}.{rw:03d}"
    made = _unit(f"{parent}.{rt:03d}", UnitKind.RT, f"RT {rt:02d}", parent, row.file, row.line)
    made.values |= {"households": households, "search": streets}
    return made


def _without_rt(
    folder: Folder, places: dict[str, Wanted], rts: Iterable[Wanted], *, written: bool
) -> None:
    with_rt = {rt.key[0][:13] for rt in rts}
    if not with_rt:
        # Where rows are written but none is good, or the file cannot be read, that has been told.
        if not written and not any(fault.file == "wilayah.csv" for fault in folder.faults):
            folder.fault("wilayah.csv", 1, _("belum ada RT; tulis satu baris untuk setiap RT"))
        return
    for code, place in places.items():
        if place.values["kind"] == UnitKind.KELURAHAN and code not in with_rt:
            told = {"code": code, "name": place.values["name"]}
            wrong = _("%(code)s %(name)s belum punya RT di wilayah.csv; tambahkan") % told
            folder.fault(place.file, place.line, wrong)


def _add_up(units: dict[str, Wanted]) -> None:
    """Households of the units above an RT are the sum of those below."""
    for unit in [unit for unit in units.values() if unit.values["kind"] == UnitKind.RT]:
        above = unit.values["parent"]
        while above in units:
            units[above].values["households"] += unit.values["households"]
            above = units[above].values["parent"]


def name_search(units: Mapping[str, Wanted], former: Mapping[str, Sequence[str]]) -> None:
    """Words people type to find a place: its numbers and streets, and the names above it, of today
    and of before."""
    for code, unit in units.items():
        parts, words = code.split("."), []
        for label, at in (("rt", 5), ("rw", 4)):
            if len(parts) > at:
                words.append(f"{label} {int(parts[at])}")
        above = [
            name
            for depth in (4, 3)
            if _has(units, parts, depth)
            for place in [".".join(parts[:depth])]
            for name in (units[place].values["name"], *former.get(place, ()))
        ]
        words += above or [unit.values["name"], *former.get(code, ())]
        unit.values["search"] = folded(*words, unit.values["search"])


def _has(units: Mapping[str, Wanted], parts: list[str], depth: int) -> bool:
    return len(parts) >= depth and ".".join(parts[:depth]) in units


def _boundaries(folder: Folder, units: dict[str, Wanted]) -> None:
    """batas.geojson: one feature a unit, its code in the property `kode`."""
    file = "batas.geojson"
    text = folder.text(file, required=False)
    if text is None:
        return
    try:
        features = json.loads(text)["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        line = getattr(wrong, "lineno", 1)
        folder.fault(file, line, _("tulis GeoJSON FeatureCollection (WGS84)"))
        return
    if not isinstance(features, list):
        folder.fault(file, 1, _("features: tulis daftar, satu feature untuk satu wilayah"))
        return
    for number, feature in enumerate(features, 1):
        parts = feature if isinstance(feature, dict) else {}
        about, shape = parts.get("properties"), parts.get("geometry")
        code = str(about.get("kode", "")) if isinstance(about, dict) else ""
        line = _line_of(text, code)
        if code not in units:
            told = {"number": number, "code": code}
            wrong_code = _('feature ke-%(number)d: kode "%(code)s" tidak ada di wilayah; perbaiki')
            folder.fault(file, line, wrong_code % told + " properties.kode")
        elif units[code].values["boundary"] is not None:
            folder.fault(file, line, _("batas %s ditulis dua kali; hapus salah satu") % code)
        elif reason := _shape_fault(shape):
            folder.fault(file, line, _("batas %(code)s: ") % {"code": code} + reason)
        else:
            units[code].values["boundary"] = shape


def _shape_fault(shape: Any) -> str:
    """Why a geometry cannot be drawn; empty when it can."""
    if not isinstance(shape, dict) or shape.get("type") not in SHAPES:
        return _("harus Polygon atau MultiPolygon")
    parts = shape.get("coordinates")
    polygons = [parts] if shape["type"] == "Polygon" else parts
    rings = [
        ring
        for polygon in (polygons if isinstance(polygons, list) else [])
        for ring in (polygon if isinstance(polygon, list) else [None])
    ]
    if not rings or any(not isinstance(ring, list) or len(ring) < 4 for ring in rings):
        return _("setiap garis batas memerlukan sedikitnya empat titik")
    if not all(_is_corner(corner) for ring in rings for corner in ring):
        return _("tulis titik sebagai [bujur, lintang] dalam derajat WGS84")
    return ""


def _is_corner(corner: Any) -> bool:
    """Longitude and latitude in degrees, around Indonesia; a height may follow."""
    return (
        isinstance(corner, list)
        and len(corner) in (2, 3)
        and all(
            type(each) is int and abs(each) < 1000 or type(each) is float and isfinite(each)
            for each in corner
        )
        and 94 < corner[0] < 142
        and -12 < corner[1] < 7
    )


def _line_of(text: str, code: str) -> int:
    at = text.find(f'"{code}"') if code else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
