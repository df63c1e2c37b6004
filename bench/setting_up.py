"""How long a fresh machine takes: the two commands from an empty clone, and the full demonstration."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.figures import Figure
from bench.serving import ROOT, free_port, rembug, wait_for


def fresh() -> list[Figure]:
    """`make run` in a new clone until it serves, the demo in it, and `make run` once more."""
    place = Path(tempfile.mkdtemp(prefix="rembug-bench-"))
    try:
        clone = place / "rembug"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        first, told = _make_run(clone, 1200)
        again, _told = _make_run(clone, 60)
        demo = sum(int(seconds) for seconds in re.findall(r"dalam (\d+) detik", told))
        return [
            Figure("run_from_nothing", first, "s", 300),
            Figure("demo_in_it", demo, "s", 90),
            Figure("run_again", again, "s", 10),
        ]
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _make_run(clone: Path, limit: float) -> tuple[float, str]:
    """Seconds until the server answers, and what was printed."""
    port = free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("REMBUG_")}
    inherited.pop("DATABASE_URL", None)
    log = clone.parent / "make-run.log"
    began = time.monotonic()
    with log.open("w") as out:
        run = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env={**inherited, "PORT": str(port)},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            wait_for(port, limit)
            return time.monotonic() - began, log.read_text()
        finally:
            os.killpg(run.pid, signal.SIGTERM)
            run.wait(timeout=30)


def full(var: Path) -> list[Figure]:
    """About 40,000 activities in both cities, and a clean audit afterwards."""
    began = time.monotonic()
    rembug(var, "demo", "--size", "full")
    seconds = time.monotonic() - began
    told = rembug(var, "audit")
    assert "Semua cocok" in told
    from rembug.planning.models import Activity

    count = Activity._base_manager.count()
    audit = time.monotonic() - began - seconds
    return [
        Figure("demo_full", seconds, "s", 360, of=f"{count} activities"),
        Figure("demo_full_activities", count, "rows", 36_000, at_most=False),
        Figure("audit_full", audit, "s"),
    ]


def prepare(var: Path) -> None:
    """An empty installation with both cities loaded."""
    rembug(var, "migrate")
    for folder in sorted(p for p in (ROOT / "cities").iterdir() if p.is_dir()):
        rembug(var, "load-city", str(folder))
    rembug(var, "collectstatic", "--noinput")
