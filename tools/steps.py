"""Steps of a set-up: shown with a bar, skipped when already done, safe to stop and to repeat.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VAR = Path(os.environ.get("REMBUG_VAR", ROOT / "var"))
LOG = TOOLS / "log.txt"
VENV_BIN = ROOT / ".venv" / "bin"
BAR = 16


class Failed(Exception):
    """A step could not be done; the message tells the person what to do."""


@dataclass(frozen=True)
class Step:
    """One piece of work with a title for people.

    `stamp` is the file that remembers the fingerprint of the inputs after the work is done; without
    it the step runs every time (and should be quick, or see by itself that nothing is to do).
    `loud` work prints its own progress.
    """

    title: str
    work: Callable[[], None]
    stamp: Path | None = None
    fingerprint: Callable[[], str] = str
    loud: bool = False

    def is_done(self) -> bool:
        """Did an earlier run finish this very work?"""
        if self.stamp is None or not self.stamp.exists():
            return False
        return self.stamp.read_text() == self.fingerprint()

    def carry_out(self) -> None:
        """Do the work, then remember it; a stop in between means it is done again next time."""
        mark = self.fingerprint() if self.stamp else ""
        if self.stamp:
            self.stamp.unlink(missing_ok=True)
        self.work()
        if self.stamp:
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(mark)


def carry_out(steps: list[Step]) -> None:
    """Do the steps in order, one line each; nothing is printed for what is already there."""
    with one_at_a_time():
        LOG.write_text("")
        for number, step in enumerate(steps, start=1):
            if not step.is_done():
                _show(number, len(steps), step)


def _show(number: int, total: int, step: Step) -> None:
    done = BAR * (number - 1) // total
    line = f"[{'#' * done}{'.' * (BAR - done)}] {number}/{total} {step.title}"
    since = time.monotonic()
    print(line, end="\n" if step.loud else " ... ", flush=True)
    try:
        step.carry_out()
    except BaseException:
        print("stopped", flush=True)
        raise
    took = f"{time.monotonic() - since:.1f} s"
    print(f"{' ' * (BAR + 2)} done, {took}" if step.loud else took, flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of this folder: two set-ups side by side would spoil each other."""
    TOOLS.mkdir(exist_ok=True)
    with open(TOOLS / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work in this folder: waiting for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(*command: object, loud: bool = False, advice: str = "", **env: str) -> None:
    """Run a command in the project's folder, its output kept in the log, or shown when loud.

    Raises Failed with the end of the output when the command fails.
    """
    words = [str(word) for word in command]
    if loud:
        if subprocess.run(words, cwd=ROOT, env=environment(**env)).returncode:
            raise Failed(f"{' '.join(words)} failed. {advice}".strip())
        return
    made = subprocess.run(
        words,
        cwd=ROOT,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(words)}\n{made.stdout}\n")
    if made.returncode:
        tail = "\n".join(made.stdout.splitlines()[-25:])
        raise Failed(f"{' '.join(words)} failed:\n{tail}\n{advice}".rstrip())


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what would point a tool at another environment."""
    strangers = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT")
    kept = {name: value for name, value in os.environ.items() if name not in strangers}
    return {**kept, "UV_PYTHON_DOWNLOADS": "never", **more}


def hash_of(*things: Path | str) -> str:
    """One fingerprint of texts, files and whole folders by their content."""
    total = hashlib.sha256()
    for thing in things:
        files = [thing]
        if isinstance(thing, Path) and thing.is_dir():
            files = sorted(path for path in thing.rglob("*") if path.is_file())
        for each in files:
            content = each.encode() if isinstance(each, str) else each.read_bytes()
            total.update(f"{each if isinstance(each, Path) else ''} {len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()


def main(work: Callable[[], int | None]) -> None:
    """Run the work of a script: failures in words, a stop by Ctrl-C without a traceback."""
    try:
        sys.exit(work())
    except Failed as why:
        sys.exit(f"\nNot finished. {why}\nThe whole output is in {LOG.relative_to(ROOT)}.")
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")
