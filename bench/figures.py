"""What a figure is, and where figures are written."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results.json"


@dataclass
class Figure:
    """One measured value, the limit it must keep (`at most` or `at least`), and what it is a ratio of."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_most: bool = True
    of: str = ""

    @property
    def kept(self) -> bool:
        if self.limit is None:
            return True
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    def __str__(self) -> str:
        word = "" if self.limit is None else f"{'<=' if self.at_most else '>='} {self.limit:g}"
        miss = "" if self.kept else "  MISSED"
        return f"{self.name:34} {self.value:10.2f} {self.unit:8} {word:10} {self.of}{miss}"


def keep(figures: list[Figure]) -> None:
    """Print each figure and merge them into results.json, newest value of a name last."""
    known = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    fresh = {figure.name for figure in figures}
    rows = [row for row in known if row["name"] not in fresh] + [asdict(f) for f in figures]
    machine = {"cpus": os.cpu_count(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps({"machine": machine, "figures": rows}, indent=1) + "\n")
