"""How much was planned and how much was built: a volume read from words, compared, priced. No tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rembug.core import numbers
from rembug.planning.rules import show_volume

# Ways to write the units of length, area and content.
UNITS = {
    "meter": "m",
    "m1": "m",
    "m'": "m",
    "m²": "m2",
    "m^2": "m2",
    "meter persegi": "m2",
    "m³": "m3",
    "m^3": "m3",
    "meter kubik": "m3",
    "kubik": "m3",
}
MEASURE = re.compile(r"(\d[\d.,]*)\s*([^\d\s][^\d]*\d?)?")


@dataclass(frozen=True)
class Volume:
    """So many thousandths of a unit (empty: not told)."""

    milli: int
    unit: str = ""

    def __str__(self) -> str:
        return f"{show_volume(self.milli)} {self.unit}".strip()


def read(text: str, unit: str = "") -> Volume | None:
    """`42 m x 1,5 m` is 63 m2, `400 m²` is 400 m2, `63` is so many of `unit`; None: no plain measure."""
    # What is explained behind it does not count, and a worked sum is told by its result.
    plain = re.split(r"[;(]|,\s", text.lower())[0].rpartition("=")[2].strip()
    sides = re.split(r"\s*[x×*]\s*(?=\d)", plain)
    found = [_one(side) for side in sides]
    parts = [part for part in found if part]
    if not parts or len(parts) < len(found):
        return None
    if len(parts) == 1:
        return Volume(parts[0].milli, parts[0].unit or unit)
    if len(parts) > 3 or {part.unit for part in parts} - {"", "m"}:
        return None
    milli = parts[0].milli
    for part in parts[1:]:
        milli = (milli * part.milli + 500) // 1000
    return Volume(milli, f"m{len(parts)}") if milli else None


def _one(text: str) -> Volume | None:
    match = MEASURE.fullmatch(text.strip().rstrip("."))
    if match is None:
        return None
    try:
        milli = numbers.volume(match[1].rstrip("."))
    except ValueError:
        return None
    unit = " ".join((match[2] or "").split())
    return Volume(milli, UNITS.get(unit, unit)[:16])


def unearned(value: int, planned: Volume | None, built: Volume, allowed_percent: float = 0) -> int:
    """Rupiah of a contract's value that was not earned because less was built than planned.

    A shortfall up to `allowed_percent` of the plan counts as none.
    """
    if planned is None or planned.unit != built.unit:
        return 0
    short = planned.milli - built.milli
    if short * 10_000 <= planned.milli * round(allowed_percent * 100):
        return 0
    return value - value * built.milli // planned.milli
