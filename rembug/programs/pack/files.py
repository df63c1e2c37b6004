"""Reads the files of a city's folder and keeps for every value the file and line it stands on.

Spreadsheets write CSV with a byte-order mark, CRLF and semicolons; all three are taken as they are.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from rembug.core import numbers
from rembug.core.signs import HOSTILE, dropped, named

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
KEY = re.compile(r"\s*([\w\-]+(?:\.[\w\-]+)*)\s*=\s*(.*)")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')


@dataclass(frozen=True, order=True)
class PackFault:
    """Where something is wrong, and what to write instead."""

    file: str
    line: int
    wrong: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wrong}"


class PackFaults(Exception):
    """A city's folder cannot be loaded. `faults` are all of them, in the order of the files."""

    def __init__(self, faults: Collection[PackFault]):
        self.faults = sorted(set(faults))
        self.stopped = len(faults) >= MOST_FAULTS
        more = _("mungkin masih ada yang lain; perbaiki ini dulu, lalu muat lagi")
        super().__init__("\n".join([*map(str, self.faults), *[more][: self.stopped]]))


MOST_FAULTS = 200
LONGEST_FILE = 64 * 1024 * 1024
LONGEST_CELL = 20_000


@dataclass
class Folder:
    """A city's folder while it is read: faults pile up here."""

    root: Path
    faults: list[PackFault] = field(default_factory=list)

    def fault(self, file: str, line: int, wrong: str) -> None:
        """Note a fault. After the first MOST_FAULTS nothing is read any more: mend those first."""
        self.faults.append(PackFault(file, line, wrong))
        if len(self.faults) >= MOST_FAULTS:
            raise PackFaults(self.faults)

    def names(self, pattern: str) -> list[str]:
        """Files that match, relative to the folder, in order of name."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.glob(pattern))

    def text(self, name: str, *, required: bool = True) -> str | None:
        """The text of a file, or None when it is missing or not UTF-8."""
        path = self.root / name
        if not path.is_file():
            if required:
                self.fault(name, 1, _("berkas tidak ada; buat berkas ini (lihat format-kota)"))
            return None
        if path.stat().st_size > LONGEST_FILE:
            self.fault(name, 1, _("berkas lebih dari 64 MB; periksa isinya"))
            return None
        raw = path.read_bytes()
        if b"\0" in raw:
            line = raw[: raw.index(b"\0")].count(b"\n") + 1
            self.fault(name, line, _("ada tanda tersembunyi (U+0000); hapus tanda itu"))
            return None
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            line = raw[: wrong.start].count(b"\n") + 1
            self.fault(name, line, _("huruf tidak terbaca; simpan berkas sebagai UTF-8"))
            return None
        for number, line_text in enumerate(text.split("\n"), 1):
            self.hidden(name, number, line_text)
        return HOSTILE.sub("", dropped(text))

    def hidden(self, name: str, line: int, text: str) -> None:
        """A fault where a sign is that nobody sees."""
        if found := named(text):
            self.fault(name, line, _("ada tanda tersembunyi (%s); hapus tanda itu") % found)

    def table(
        self,
        name: str,
        columns: Collection[str],
        optional: Collection[str] = (),
        *,
        required: bool = True,
    ) -> list[Row]:
        """The rows of a CSV file; lines that begin with # are remarks."""
        text = self.text(name, required=required)
        if text is None:
            return []
        return list(_rows(self, name, text, list(columns), list(optional)))

    def toml(self, name: str, *, required: bool = True) -> Toml | None:
        """A TOML file as plain data, with the line of every setting."""
        text = self.text(name, required=required)
        if text is None:
            return None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as wrong:
            at = re.search(r"at line (\d+)", str(wrong))
            line = int(at[1]) if at else text.count("\n") + 1
            self.fault(name, line, _("susunan TOML salah: %s") % wrong)
            return None
        except (RecursionError, ValueError):
            # Python's own guards: brackets in brackets without end, a number of thousands of digits.
            self.fault(
                name, _wildest(text), _("baris ini terlalu dalam atau angkanya terlalu panjang")
            )
            return None
        try:
            told = Toml(name, plain(data), toml_lines(text))
            for path, value in _texts(told.data):
                self.hidden(name, told.line(path), value)
            return told
        except (RecursionError, ValueError):
            self.fault(
                name, _wildest(text), _("baris ini terlalu dalam atau angkanya terlalu panjang")
            )
            return None


def _wildest(text: str) -> int:
    """The longest line: where what no machine reads stands, most likely."""
    lines = text.splitlines() or [""]
    return max(range(len(lines)), key=lambda at: len(lines[at])) + 1


def _texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a TOML file with its path, the names of settings too: `\\u202e` is a sign as well."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield path, key
            yield from _texts(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for nth, value in enumerate(data):
            yield from _texts(value, f"{path}[{nth}]")


def plain(data: Any) -> Any:
    """The same data as JSON would hold it: dates become ISO text."""
    return json.loads(json.dumps(data, default=str))


def _rows(
    folder: Folder, name: str, text: str, columns: list[str], optional: list[str]
) -> Iterator[Row]:
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if _holds_data(line)), None)
    if first is None:
        folder.fault(name, 1, _("berkas kosong; mulai dengan judul kolom: ") + ",".join(columns))
        return
    if len(lines[first]) > LONGEST_CELL:
        folder.fault(
            name, first + 1, _("judul kolom terlalu panjang; mulai dengan: ") + ",".join(columns)
        )
        return
    separator = max(",;\t", key=lines[first].count)
    head = [cell.strip().lower() for cell in next(csv.reader([lines[first]], delimiter=separator))]
    if not _head_is_good(folder, name, first + 1, head, columns, optional):
        return
    for number, line in enumerate(lines[first + 1 :], first + 2):
        if not _holds_data(line, separator):
            continue
        if len(line) > LONGEST_CELL:
            told = _("baris ini lebih dari %d huruf; ringkas") % LONGEST_CELL
            folder.fault(name, number, told)
            continue
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]
        if len(cells) != len(head):
            told = {"found": len(cells), "need": len(head)}
            wrong = _("baris ini berisi %(found)d kolom; seharusnya %(need)d. Apit teks berkoma")
            folder.fault(name, number, (wrong + _(" dengan tanda kutip")) % told)
            continue
        yield Row(folder, name, number, dict(zip(head, cells, strict=True)))


def _holds_data(line: str, separator: str = ",") -> bool:
    return bool(line.strip(f' \t"{separator};')) and not line.lstrip(' "').startswith("#")


def _head_is_good(
    folder: Folder, name: str, line: int, head: list[str], columns: list[str], optional: list[str]
) -> bool:
    missing = [column for column in columns if column not in head]
    if missing:
        told = {"missing": ", ".join(missing), "all": ",".join(columns + optional)}
        wrong = _("kolom %(missing)s tidak ada; judul kolom: %(all)s") % told
        folder.fault(name, line, wrong)
    unknown = [column for column in head if column not in columns + optional]
    if unknown and not missing:
        told = {"unknown": ", ".join(unknown), "all": ",".join(columns + optional)}
        folder.fault(name, line, _("kolom %(unknown)s tidak dikenal; yang ada: %(all)s") % told)
    return not missing and not unknown


@dataclass
class Row:
    """One line of a CSV file. Readers return None after noting a fault."""

    folder: Folder
    file: str
    line: int
    cells: dict[str, str]

    def fault(self, wrong: str) -> None:
        self.folder.fault(self.file, self.line, wrong)

    def text(self, column: str, *, empty: bool = False, longest: int = 200) -> str:
        value = self.cells.get(column, "")
        if not value and not empty:
            self.fault(_("kolom %s kosong; isi") % column)
        if len(value) > longest:
            told = {"column": column, "longest": longest}
            self.fault(_("kolom %(column)s lebih dari %(longest)d huruf; ringkas") % told)
        return value

    def number(
        self, column: str, low: int, high: int, *, money: bool = False, named: bool = False
    ) -> int | None:
        """A number as people type it; `named`: that of an RT or RW, often written `003`."""
        value = self.cells.get(column, "")
        try:
            text = value.lstrip("0") if named else value
            return numbers.read(text, numbers.Kind(low=low, high=high, money=money))
        except ValueError as wrong:
            told = {"column": column, "found": value[:40], "low": low, "high": high}
            words = _('kolom %(column)s berisi "%(found)s"; isi bilangan %(low)d sampai %(high)d')
            self.fault(f"{words % told}. {wrong}")
            return None

    def day(self, column: str) -> date | None:
        try:
            return date.fromisoformat(self.cells.get(column, ""))
        except ValueError:
            told = {"column": column, "found": self.cells.get(column, "")}
            wrong = _('kolom %(column)s berisi "%(found)s"; tulis tanggal seperti 2026-01-31')
            self.fault(wrong % told)
            return None

    def choice(self, column: str, choices: Collection[str], default: str = "") -> str | None:
        value = self.cells.get(column, "") or default
        if value in choices:
            return value
        told = {"column": column, "found": value, "choices": ", ".join(choices)}
        wrong = _('kolom %(column)s berisi "%(found)s"; pilih salah satu: %(choices)s')
        self.fault(wrong % told)
        return None


@dataclass
class Toml:
    """A TOML file as plain data and where each setting stands."""

    file: str
    data: dict[str, Any]
    lines: dict[str, int]

    def line(self, path: str) -> int:
        """The line of a setting; of the nearest thing around it when it is missing."""
        while path and path not in self.lines:
            path = re.sub(r"(\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", path)
        return self.lines.get(path, 1)


def toml_lines(text: str) -> dict[str, int]:
    """Line numbers of the settings of a TOML text, by path: `ruleset[0].fields[2].title`."""
    finder = _LineFinder()
    for number, line in enumerate(text.splitlines(), 1):
        finder.take(number, line)
    return finder.lines


class _LineFinder:
    """Follows a TOML text that is known to be well formed, line by line."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self.table = ""
        self.array = ""
        self.depth = 0
        self.element = -1
        self.closing = ""

    def take(self, number: int, line: str) -> None:
        if self.closing:
            if self.closing in line:
                self.closing = ""
            return
        bare = QUOTED.sub('""', line).split("#")[0]
        if self.depth:
            self._inside_array(number, bare)
        elif header := HEADER.match(bare):
            self._enter(number, header[2], header[1] == "[[")
        elif key := KEY.match(bare):
            self._key(number, key[1], key[2], line)

    def _enter(self, number: int, dotted: str, double: bool) -> None:
        path, parts = "", dotted.split(".")
        for at, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            if double and at == len(parts) - 1:
                self.last[path] = self.last.get(path, -1) + 1
            if path in self.last:
                path += f"[{self.last[path]}]"
        # A new element starts its own arrays afresh.
        self.last = {k: n for k, n in self.last.items() if not k.startswith(path + ".")}
        self.table = path
        self.lines[path] = number

    def _key(self, number: int, key: str, value: str, line: str) -> None:
        path = f"{self.table}.{key}" if self.table else key
        self.lines[path] = number
        for quotes in ('"""', "'''"):
            if line.count(quotes) == 1:
                self.closing = quotes
                return
        if value.startswith("["):
            self.array, self.depth, self.element = path, 0, -1
            self._inside_array(number, value)

    def _inside_array(self, number: int, bare: str) -> None:
        for sign in bare:
            if sign == "{" and self.depth == 1:
                self.element += 1
                self.lines[f"{self.array}[{self.element}]"] = number
            self.depth += (sign in "[{") - (sign in "]}")
