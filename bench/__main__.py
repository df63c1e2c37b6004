"""`make bench`, `make bench WHAT=faults`: measure, print one line per figure, write bench/results.json."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from bench import figures
from bench.serving import environment

NAMES = ("fresh", "faults", "full", "pages", "kept", "weight")


def main(asked: list[str]) -> int:
    """Measure what is asked for (everything by default); 1 when a figure misses its limit."""
    wanted = asked or list(NAMES)
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"Tidak dikenal: {', '.join(sorted(unknown))}. Pilih: {', '.join(NAMES)}")
        return 2
    found: list[figures.Figure] = []

    def tell(word: str, some: list[figures.Figure]) -> None:
        for figure in some:
            figure.name = f"{word}.{figure.name}"
            print(figure, flush=True)
        figures.keep(some)
        found.extend(some)

    from bench import faults, setting_up

    if "fresh" in wanted:
        tell("fresh", setting_up.fresh())
    if "faults" in wanted:
        tell("faults", faults.measure())
    if set(wanted) - {"fresh", "faults"}:
        keep = os.environ.get("BENCH_VAR")
        with tempfile.TemporaryDirectory(prefix="rembug-bench-") as scratch:
            _full_city(Path(keep or scratch), wanted, tell)
    return int(any(not figure.kept for figure in found))


def _full_city(var: Path, wanted: list[str], tell) -> None:
    """Everything that needs a full city; BENCH_VAR keeps one between runs."""
    os.environ.update(environment(var), DJANGO_SETTINGS_MODULE="rembug.settings")
    import django

    django.setup()
    from bench import pages, setting_up, weight

    if not (var / "rembug.sqlite3").exists():
        var.mkdir(parents=True, exist_ok=True)
        setting_up.prepare(var)
        tell("full", setting_up.full(var))
    for name, measure in (
        ("pages", pages.measure),
        ("kept", pages.kept),
        ("weight", weight.measure),
    ):
        if name in wanted:
            tell(name, measure(var))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
