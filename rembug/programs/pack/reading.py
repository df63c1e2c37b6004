"""What a city's folder says, as plain rows ready to be compared with the database."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core import brand
from rembug.core.folding import folded
from rembug.people.rules import ROLE_SEATS
from rembug.programs.bookchecks import read_book
from rembug.programs.models import HolidayKind, Level, PriceGroup, PriceKind
from rembug.programs.national import with_national
from rembug.programs.pack.files import Folder, Row, Toml
from rembug.programs.typed import Fault, build, setting
from rembug.regions.middleware import RESERVED

CITY_CODE = re.compile(r"\d\d\.\d\d")
POINT = re.compile(r"(-?\d{1,2}\.\d+), (\d{2,3}\.\d+)")
WEB = re.compile(r"https?://[^\s<>\"]+")
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
YEARS = range(2000, 2101)


@dataclass
class Wanted:
    """One row the database should hold: what identifies it, its values, and where it was written."""

    key: tuple
    values: dict[str, Any]
    file: str
    line: int


@dataclass(frozen=True)
class Contact:
    """How residents reach the city's office for the programme."""

    office: str = setting("text", gettext_lazy("nama kantor"))
    address: str = setting("text", gettext_lazy("alamat"), default="")
    hours: str = setting("text", gettext_lazy("jam layanan"), default="")
    phone: str = setting("text", gettext_lazy("telepon"), default="")
    email: str = setting("text", gettext_lazy("surel"), default="")
    web: str = setting("text", gettext_lazy("laman"), default="")
    point: str = setting(
        "text", gettext_lazy("letak kantor, derajat WGS84: lintang, bujur"), default=""
    )


@dataclass(frozen=True)
class Identity:
    """What kota.toml says about the city itself."""

    code: str = setting("text", gettext_lazy("kode kota"))
    slug: str = setting("text", gettext_lazy("nama pendek di alamat web"))
    name: str = setting("text", gettext_lazy("nama kota"), longest=80)
    title: str = setting(
        "text", gettext_lazy("nama yang tampil di kepala halaman"), longest=80, default=""
    )
    tagline: str = setting("text", gettext_lazy("kalimat pengenal"), longest=200, default="")
    timezone: str = setting("text", gettext_lazy("zona waktu"), default="Asia/Jakarta")
    demo: bool = setting("yes_no", gettext_lazy("data contoh"), default=False)
    contact: Contact | None = setting("one", gettext_lazy("kontak"), of=Contact, default=None)


@dataclass(frozen=True)
class ProgramHead:
    """The head of a file in program/."""

    code: str = setting("text", gettext_lazy("kode program"), longest=40)
    name: str = setting("text", gettext_lazy("nama program"), longest=80)
    level: str = setting(
        "text", gettext_lazy("penerima pagu"), choices=tuple(Level.values), default=Level.RT
    )
    summary: str = setting("text", gettext_lazy("penjelasan singkat"), default="")


@dataclass(frozen=True)
class RuleSetHead:
    """What a [[ruleset]] says besides the rules themselves."""

    version: str = setting("text", gettext_lazy("nama versi"), longest=24)
    first_year: int = setting(
        "integer", gettext_lazy("tahun pertama"), low=YEARS[0], high=YEARS[-1]
    )
    citation: str = setting("text", gettext_lazy("dasar hukum"), longest=300)
    last_year: int | None = setting(
        "integer", gettext_lazy("tahun terakhir"), low=YEARS[0], high=YEARS[-1], default=None
    )
    legal_url: str = setting("text", gettext_lazy("alamat naskah"), longest=200, default="")
    valid_from: str | None = setting(
        "day",
        gettext_lazy("berlaku sejak, bila mengubah aturan dalam tahun berjalan"),
        default=None,
    )


@dataclass
class Wishes:
    """Everything a folder wants the database to hold."""

    city: dict[str, Any] = field(default_factory=dict)
    units: list[Wanted] = field(default_factory=list)
    programs: list[Wanted] = field(default_factory=list)
    rule_sets: list[Wanted] = field(default_factory=list)
    holidays: list[Wanted] = field(default_factory=list)
    prices: list[Wanted] = field(default_factory=list)


def tell(folder: Folder, toml: Toml, prefix: str, faults: list[Fault]) -> None:
    """Turn faults with a path into faults with a line."""
    for fault in faults:
        path = f"{prefix}.{fault.path}" if prefix and fault.path else prefix or fault.path
        folder.fault(toml.file, toml.line(path), f"{path}: {fault.wrong}")


def read_city(folder: Folder) -> dict[str, Any]:
    """kota.toml and jabatan.csv as the columns of City.

    Of a kota.toml with faults only the code and name are given, so that the places can be checked
    all the same; nothing when even the code cannot be used.
    """
    toml = folder.toml("kota.toml")
    if toml is None:
        return {}
    kept = _of_a_faulty(toml.data)
    colours = toml.data.pop("brand", {})
    faults: list[Fault] = []
    city = build(Identity, toml.data, "", faults)
    tell(folder, toml, "", faults)
    _brand_faults(folder, toml, colours)
    titles, agencies = _offices(folder)
    if city is None or not _identity_holds(folder, toml, city):
        return kept
    contact = toml.data.get("contact", {})
    return {
        "code": city.code,
        "slug": city.slug,
        "name": city.name,
        "title": city.title,
        "tagline": city.tagline,
        "timezone": city.timezone,
        "is_demo": city.demo,
        "contact": contact,
        "brand": colours,
        "role_titles": titles,
        "agencies": agencies,
        "english": _english(folder),
    }


def _of_a_faulty(data: dict[str, Any]) -> dict[str, Any]:
    code, name = data.get("code"), data.get("name")
    if not isinstance(code, str) or not CITY_CODE.fullmatch(code):
        return {}
    return {"code": code, "name": name if isinstance(name, str) else ""}


def _identity_holds(folder: Folder, toml: Toml, city: Identity) -> bool:
    wrong = {
        "code": not CITY_CODE.fullmatch(city.code) and _('tulis kode resmi seperti "35.71"'),
        "slug": (not SLUG.fullmatch(city.slug) or city.slug in RESERVED)
        and _("hanya huruf kecil, angka, dan tanda hubung, dan bukan kata yang dipakai sistem"),
        "timezone": city.timezone not in available_timezones()
        and _('tulis zona waktu seperti "Asia/Jakarta" atau "Asia/Makassar"'),
    }
    if city.contact and city.contact.point and not _is_point(city.contact.point):
        wrong["contact.point"] = _('tulis lintang, bujur dalam derajat seperti "-7.82, 112.01"')
    found = {key: told for key, told in wrong.items() if told}
    for key, told in found.items():
        folder.fault(toml.file, toml.line(key), f"{key}: {told}")
    return not found


def _is_point(text: str) -> bool:
    """Latitude and longitude in degrees (WGS84), inside Indonesia."""
    found = POINT.fullmatch(text)
    return bool(found) and -12 < float(found[1]) < 7 and 94 < float(found[2]) < 142


def _brand_faults(folder: Folder, toml: Toml, colours: Any) -> None:
    if not isinstance(colours, dict):
        folder.fault(
            toml.file, toml.line("brand"), _("brand: tulis [brand.light] dan [brand.dark]")
        )
        return
    for sentence in brand.faults(colours):
        named = re.search(r"\b(light|dark)(?:\.|: )([a-z-]+)", sentence)
        path = f"brand.{named[1]}.{named[2]}" if named else "brand.motif"
        folder.fault(toml.file, toml.line(path), f"brand: {sentence}")


def _offices(folder: Folder) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Titles of roles and the agencies behind them, from jabatan.csv."""
    titles: dict[str, str] = {}
    agencies: dict[str, list[str]] = {}
    for row in folder.table("jabatan.csv", ["peran", "sebutan"], ["instansi"], required=False):
        role, title = row.choice("peran", list(ROLE_SEATS)), row.text("sebutan", longest=80)
        agency = row.text("instansi", empty=True, longest=120)
        if role is None:
            continue
        if titles.setdefault(role, title) != title:
            row.fault(
                _('sebutan %(role)s sudah "%(title)s"; samakan')
                % {"role": role, "title": titles[role]}
            )
        if agency in agencies.get(role, []) or (not agency and role in agencies):
            row.fault(_("%s sudah ada di atas; hapus baris ini") % role)
        agencies.setdefault(role, []).extend([agency] if agency else [])
    return titles, {role: names for role, names in agencies.items() if names}


def _english(folder: Folder) -> dict[str, str]:
    """inggris.csv: words of the folder as English readers see them."""
    found: dict[str, str] = {}
    for row in folder.table("inggris.csv", ["kata", "inggris"], required=False):
        word, english = row.text("kata", longest=200), row.text("inggris", longest=200)
        if word in found:
            row.fault(_("%s sudah ada di atas; hapus baris ini") % word)
        found[word] = english
    return found


def read_programs(folder: Folder) -> tuple[list[Wanted], list[Wanted]]:
    """Programmes and their rule sets from program/*.toml."""
    programs: list[Wanted] = []
    rule_sets: list[Wanted] = []
    names = folder.names("program/*.toml")
    if not names:
        folder.fault("program", 1, _("belum ada program; buat program/<kode>.toml"))
    for name in names:
        toml = folder.toml(name)
        if toml is not None:
            _read_program(folder, toml, programs, rule_sets)
    return programs, rule_sets


def _read_program(
    folder: Folder, toml: Toml, programs: list[Wanted], rule_sets: list[Wanted]
) -> None:
    books = toml.data.pop("ruleset", [])
    words = toml.data.pop("words", {})
    faults: list[Fault] = []
    head = build(ProgramHead, toml.data, "", faults)
    if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
        faults.append(Fault("words", _("tulis [words] dengan isi berupa teks")))
    if not isinstance(books, list) or not books or not all(isinstance(b, dict) for b in books):
        faults.append(Fault("ruleset", _("tulis sedikitnya satu [[ruleset]]")))
        books = []
    tell(folder, toml, "", faults)
    code = head.code if head else toml.file
    if head:
        values = {"name": head.name, "level": head.level, "summary": head.summary, "words": words}
        if code in [known.key[0] for known in programs]:
            folder.fault(toml.file, toml.line("code"), _("code %s sudah dipakai") % code)
        programs.append(Wanted((code,), values, toml.file, toml.line("code")))
    spans: list[tuple[RuleSetHead, int]] = []
    for n, data in enumerate(books):
        made = _read_rule_set(folder, toml, f"ruleset[{n}]", code, data)
        if made and head:
            _own_desk(folder, toml, f"ruleset[{n}]", head.level, made[1].values["book"])
        if made:
            spans.append((made[0], toml.line(f"ruleset[{n}]")))
            rule_sets.append(made[1])
    _overlaps(folder, toml.file, spans)


def _own_desk(folder: Folder, toml: Toml, path: str, level: str, book: dict[str, Any]) -> None:
    """Who proposes never verifies: money held by the RW is not judged at the desk of the RW."""
    for n, step in enumerate(book["proposal_steps"]):
        if step["key"] == level:
            line = toml.line(f"{path}.proposal_steps[{n}]")
            told = _('proposal_steps: hapus meja "%s"; pengusul tidak memeriksa usulannya sendiri')
            folder.fault(toml.file, line, told % level)


def _read_rule_set(
    folder: Folder, toml: Toml, path: str, program: str, data: dict[str, Any]
) -> tuple[RuleSetHead, Wanted] | None:
    own = RuleSetHead.__dataclass_fields__.keys()
    faults: list[Fault] = []
    head = build(RuleSetHead, {k: v for k, v in data.items() if k in own}, "", faults)
    book_data = with_national({k: v for k, v in data.items() if k not in own})
    book, wrong = read_book(book_data)
    tell(folder, toml, path, faults + wrong)
    if head is None or book is None:
        return None
    if head.legal_url and not WEB.fullmatch(head.legal_url):
        line = toml.line(f"{path}.legal_url")
        folder.fault(toml.file, line, _("legal_url: tulis alamat lengkap seperti https://..."))
    if head.last_year is not None and head.last_year < head.first_year:
        line = toml.line(f"{path}.last_year")
        folder.fault(toml.file, line, _("last_year lebih awal daripada first_year"))
        return None
    values = {
        "first_year": head.first_year,
        "last_year": head.last_year,
        "citation": head.citation,
        "legal_url": head.legal_url,
        "valid_from": date.fromisoformat(head.valid_from) if head.valid_from else None,
        "book": book_data,
        "digest": book_digest(book_data),
    }
    key = (program, head.version)
    return head, Wanted(key, values, toml.file, toml.line(f"{path}.version"))


def book_digest(data: dict[str, Any]) -> str:
    """SHA-256 of a book in canonical JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _overlaps(folder: Folder, file: str, spans: list[tuple[RuleSetHead, int]]) -> None:
    """A year must have one set of rules, and a version one meaning."""
    for version, times in Counter(head.version for head, _line in spans).items():
        if times > 1:
            line = [line for head, line in spans if head.version == version][-1]
            folder.fault(file, line, _("version %s ditulis dua kali; beri nama lain") % version)
    _amendments(folder, file, spans)
    spans = [span for span in spans if span[0].valid_from is None]
    ordered = sorted(spans, key=lambda span: span[0].first_year)
    for (before, _line), (after, line) in zip(ordered, ordered[1:], strict=False):
        if before.last_year is None or before.last_year >= after.first_year:
            told = {"before": before.version, "after": after.version, "year": after.first_year - 1}
            wrong = _("tahun %(after)s tumpang tindih dengan %(before)s; tutup %(before)s dengan ")
            folder.fault(file, line, (wrong + "last_year = %(year)d") % told)


def _amendments(folder: Folder, file: str, spans: list[tuple[RuleSetHead, int]]) -> None:
    """An amendment changes years that have rules, and each day begins only one."""
    seen: set[tuple[str | None, int]] = set()
    for head, line in spans:
        if head.valid_from is None:
            continue
        if (head.valid_from, head.first_year) in seen:
            told = _("valid_from %s sudah dipakai perubahan lain; beri hari lain")
            folder.fault(file, line, told % head.valid_from)
        seen.add((head.valid_from, head.first_year))
        bases = [one for one, _line in spans if one.valid_from is None]
        if not any(
            one.first_year <= head.first_year <= (one.last_year or YEARS[-1]) for one in bases
        ):
            told = _("tidak ada aturan tahun %d yang diubah; hapus valid_from") % head.first_year
            folder.fault(file, line, told)


def read_holidays(folder: Folder) -> list[Wanted]:
    """kalender.csv: days on which offices are closed."""
    kinds = {"nasional": HolidayKind.NATIONAL, "cuti_bersama": HolidayKind.JOINT}
    kinds["daerah"] = HolidayKind.LOCAL
    wanted = []
    for row in folder.table("kalender.csv", ["tanggal", "nama", "jenis"]):
        day, kind = row.day("tanggal"), row.choice("jenis", list(kinds))
        values = {"name": row.text("nama", longest=120), "kind": kinds.get(kind or "")}
        if day and kind:
            wanted.append(Wanted((day,), values, row.file, row.line))
    return once_each(folder, wanted, lambda key: _("tanggal %s") % key[0].isoformat())


def read_prices(folder: Folder) -> list[Wanted]:
    """harga/<year>.csv: the price standard of each year."""
    columns = ["kode", "nama", "spesifikasi", "satuan", "harga", "kelompok"]
    wanted: list[Wanted] = []
    for name in folder.names("harga/*.csv"):
        year = name.removeprefix("harga/").removesuffix(".csv")
        if not year.isascii() or not year.isdigit() or int(year) not in YEARS:
            folder.fault(name, 1, _("beri nama berkas menurut tahun, misalnya 2026.csv"))
            continue
        for row in folder.table(name, columns, ["jenis", "kode_rekening"]):
            if made := _price(row, int(year)):
                wanted.append(made)
    return once_each(folder, wanted, lambda key: _("kode %s") % key[1])


def _price(row: Row, year: int) -> Wanted | None:
    name, spec = row.text("nama", longest=160), row.text("spesifikasi", empty=True)
    price = row.number("harga", 1, 10**12, money=True)
    group = row.choice("kelompok", PriceGroup.values)
    kind = row.choice("jenis", PriceKind.values, PriceKind.SSH)
    values = {
        "name": name,
        "spec": spec,
        "unit": row.text("satuan", longest=24),
        "price": price,
        "kind": kind,
        "group": group,
        "account_code": row.text("kode_rekening", empty=True, longest=40),
        "search": folded(name, spec, longest=380),
    }
    code = row.text("kode", longest=40)
    if price is None or group is None or kind is None or not code:
        return None
    return Wanted((year, code), values, row.file, row.line)


def once_each(folder: Folder, wanted: list[Wanted], name: Callable[[tuple], str]) -> list[Wanted]:
    """The rows, with a fault for each key that was already written above."""
    seen: dict[tuple, int] = {}
    for row in wanted:
        if row.key in seen:
            told = {"what": name(row.key), "line": seen[row.key]}
            wrong = _("%(what)s sudah ada di baris %(line)d; hapus salah satu") % told
            folder.fault(row.file, row.line, wrong)
        seen.setdefault(row.key, row.line)
    return wanted
