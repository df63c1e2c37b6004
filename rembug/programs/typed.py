"""Strict reading of plain data (from TOML or JSON) into frozen dataclasses.

A dataclass says about each of its settings what it holds and means; `build` reads data against
that and collects every fault with its path, so that a city can mend them all at once.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from rembug.core.rupiah import LARGEST

CODE = re.compile(r"[a-z][a-z0-9_]{0,23}")
MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """What is wrong at a path such as `fields[1].max_percent`, and what to write instead."""

    path: str
    wrong: str


def setting(
    kind: str,
    meaning: str,
    *,
    default: Any = MISSING,
    low: int | None = None,
    high: int | None = None,
    choices: tuple[str, ...] = (),
    longest: int | None = None,
    of: type | None = None,
) -> Any:
    """One setting of a dataclass.

    Kinds: text, code, codes, words, integer, rupiah, percent, yes_no, month_day, day, one, many.
    A setting without a default must be given; `longest` is how many signs a text may have, `of` the
    dataclass of `one` and `many`.
    """
    told = {"kind": kind, "meaning": meaning, "low": low, "high": high}
    told |= {"choices": choices, "longest": longest, "of": of}
    return field(default=default, metadata=told)


def build(cls: type[T], data: Any, path: str, faults: list[Fault]) -> T | None:
    """A dataclass from a plain dictionary, or None when something in it is wrong.

    Faults are added to the list, one for each missing, unknown or wrong setting.
    """
    if not isinstance(data, dict):
        faults.append(Fault(path, _("harus berupa kelompok setelan (tabel)")))
        return None
    before, values, known = len(faults), {}, {each.name for each in fields(cls)}  # type: ignore[arg-type]
    for key in data.keys() - known:
        near = get_close_matches(key, known, 1)
        hint = _("; mungkin maksudnya %s") % near[0] if near else ""
        faults.append(Fault(join(path, key), _("setelan tidak dikenal") + hint))
    for each in fields(cls):  # type: ignore[arg-type]
        place = join(path, each.name)
        if each.name in data:
            values[each.name] = _read(data[each.name], each.metadata, place, faults)
        elif each.default is MISSING:
            faults.append(Fault(place, _("belum diisi: %s") % each.metadata["meaning"]))
    return cls(**values) if len(faults) == before else None


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _read(value: Any, told: Any, path: str, faults: list[Fault]) -> Any:
    """The typed value of one setting; when it is wrong, a fault is added and None comes back."""
    kind = told["kind"]
    if kind == "one":
        return build(told["of"], value, path, faults)
    if kind == "many":
        if not isinstance(value, list):
            faults.append(Fault(path, _("harus berupa daftar")))
            return ()
        made = [build(told["of"], row, f"{path}[{n}]", faults) for n, row in enumerate(value)]
        return tuple(row for row in made if row is not None)
    try:
        return READERS[kind](value, told)
    except ValueError as wrong:
        faults.append(Fault(path, str(wrong)))
        return None


def _text(value: Any, told: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("tulis kata-kata di antara tanda kutip"))
    if told["choices"] and value not in told["choices"]:
        raise ValueError(_("pilih salah satu: %s") % ", ".join(told["choices"]))
    if told["longest"] and len(value.strip()) > told["longest"]:
        raise ValueError(_("paling panjang %d huruf; ringkas") % told["longest"])
    return value.strip()


def _code(value: Any, told: Any) -> str:
    text = _text(value, told)
    if not CODE.fullmatch(text):
        raise ValueError(_("kode hanya huruf kecil, angka, dan garis bawah, diawali huruf"))
    return text


def _number(value: Any, told: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(_("tulis bilangan bulat tanpa tanda kutip"))
    low, high = told["low"] or 0, told["high"]
    if value < low or (high is not None and value > high):
        upto = _("%(low)s sampai %(high)s") if high is not None else _("%(low)s atau lebih")
        raise ValueError(_("isi antara: ") + upto % {"low": low, "high": high})
    return value


def _rupiah(value: Any, told: Any) -> int:
    if isinstance(value, int) and value < 0:
        raise ValueError(_("rupiah tidak boleh kurang dari 0"))
    return _number(value, {**told, "high": LARGEST})


def _percent(value: Any, told: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise ValueError(_("tulis persen dari 0 sampai 100"))
    if abs(round(value * 100) - value * 100) > 1e-6:
        raise ValueError(_("persen paling banyak dua angka di belakang koma"))
    return value


def _yes_no(value: Any, told: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("tulis true atau false"))
    return value


def _month_day(value: Any, told: Any) -> str:
    parts = MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        # A leap year, so that 29 February may be named.
        date(2024, int(parts[1]), int(parts[2]))  # type: ignore[index]
    except (TypeError, ValueError):
        raise ValueError(_('tulis bulan-tanggal seperti "07-31"')) from None
    return value


def _day(value: Any, told: Any) -> str:
    """A day, kept as ISO text so that the book stays plain JSON."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(_("tulis tanggal seperti 2026-01-31")) from None


def _list_of(reader: Any) -> Any:
    def read(value: Any, told: Any) -> tuple:
        if not isinstance(value, list) or not value:
            raise ValueError(_("harus berupa daftar yang berisi"))
        return tuple(reader(each, told) for each in value)

    return read


READERS = {
    "text": _text,
    "code": _code,
    "codes": _list_of(_code),
    "words": _list_of(_text),
    "integer": _number,
    "integers": _list_of(_number),
    "rupiah": _rupiah,
    "percent": _percent,
    "yes_no": _yes_no,
    "month_day": _month_day,
    "day": _day,
}
