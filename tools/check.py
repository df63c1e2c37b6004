"""`make check`: everything a machine can say about the code without running the product."""

from __future__ import annotations

import subprocess
import sys
import time

from setup import node_path
from steps import ROOT, VENV_BIN, environment

TSC = ROOT / "node_modules" / ".bin" / "tsc"
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "import contracts": ["lint-imports"],
    "types of rules, services and core": ["mypy"],
    "types of the front end": [TSC, "-p", "frontend"],
    "migrations": ["rembug", "makemigrations", "--check", "--dry-run"],
}


def passes(title: str, words: list) -> bool:
    """Run one check; its output is shown only when it finds something."""
    print(f"{title} ... ", end="", flush=True)
    since = time.monotonic()
    made = subprocess.run(
        [VENV_BIN / words[0], *words[1:]],
        cwd=ROOT,
        # No check needs data: a database in memory keeps them away from the real one.
        env=environment(DATABASE_URL="sqlite://", PATH=node_path()),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(f"{'FAULTS' if made.returncode else 'ok'}, {time.monotonic() - since:.1f} s", flush=True)
    if made.returncode:
        print(made.stdout, flush=True)
    return made.returncode == 0


def main() -> int:
    """Run every check, also after one has found faults; 0 when all are clean."""
    faulty = [title for title, words in CHECKS.items() if not passes(title, words)]
    print(f"make check: faults in {', '.join(faulty)}" if faulty else "make check: all clean")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
