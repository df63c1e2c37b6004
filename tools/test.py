"""`make test`: all tests, on SQLite and on PostgreSQL, in a browser too. Standard library only.

Arguments go to pytest. What cannot be tested on this machine is said in a line before the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from setup import apt_install, prepare
from steps import ROOT, VAR, VENV_BIN, Failed, Step, carry_out, environment, main

TEST_VAR = VAR / "test"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOTHING_COLLECTED = 5


def test() -> int:
    """Run the tests on every database there is; 0 when all passed."""
    prepare(dev=True)
    browser = find_browser()
    server, reason = find_postgres()
    announce(browser, server, reason)
    sqlite = pytest("SQLite", f"sqlite:///{TEST_VAR / 'db.sqlite3'}", with_browser=bool(browser))
    if not server:
        return sqlite
    postgres = pytest("PostgreSQL", server, with_browser=False)
    if sqlite and not postgres:
        print("FAILED: the tests on SQLite, see above", flush=True)
    return sqlite or (0 if postgres == NOTHING_COLLECTED else postgres)


def find_browser() -> str | None:
    """The machine's Chromium; root on Debian gets it installed. None when there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    try:
        carry_out([Step("Chromium for the browser tests", lambda: apt_install("chromium"))])
    except Failed as why:
        print(why, flush=True)
    return shutil.which("chromium")


def find_postgres() -> tuple[str, str]:
    """(address, "") of a server where we may make test databases, else ("", why not)."""
    words = [VENV_BIN / "python", ROOT / "tools" / "find_postgres.py"]
    made = subprocess.run(words, env=environment(), capture_output=True, text=True)
    return made.stdout.strip(), made.stderr.strip()


def announce(browser: str | None, server: str, reason: str) -> None:
    """Say plainly what will be tested and what will not, and why."""
    if browser:
        print("Tests on SQLite: all, in the browser too", flush=True)
    else:
        print("Tests on SQLite: all but the browser ones", flush=True)
        print("SKIPPED: browser tests, no Chromium here (Debian: sudo apt install chromium)")
    if server:
        print("Tests on PostgreSQL: all but the browser ones", flush=True)
    else:
        print(f"SKIPPED: tests on PostgreSQL, {reason}", flush=True)


def pytest(title: str, database: str, with_browser: bool) -> int:
    """One run of pytest on one database, away from the real data; returns its exit code."""
    print(f"\n--- {title}", flush=True)
    (TEST_VAR / "static").mkdir(parents=True, exist_ok=True)
    words = [VENV_BIN / "python", "-m", "pytest", "-n", "2", "--dist", "loadfile", "-rfEs"]
    if not with_browser:
        words += ["-m", "not browser"]
    env = environment(
        DATABASE_URL=database,
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
        PYTHONDONTWRITEBYTECODE="",
        REMBUG_MEDIA=str(TEST_VAR / "media"),
        REMBUG_VAR=str(TEST_VAR),
    )
    return subprocess.run([*words, *sys.argv[1:]], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    main(test)
