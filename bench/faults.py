"""The faults found in use: each has a test that keeps its right value; and what can be tried for real is tried."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure
from bench.serving import ROOT, environment, serving

# Which names must have a test. Attack 4 is the record's own, which the ground seals.
EXPECTED = {
    "reports": [f"report-{n:02d}" for n in range(1, 13)],
    "tax": [f"tax-{n}" for n in range(1, 49)],
    "words": [f"words-{n}" for n in range(1, 13)],
    "attacks": [f"attack-{n}" for n in range(1, 25) if n != 4],
    "screens": [f"screen-A{n}" for n in range(1, 33)] + [f"screen-G{n}" for n in range(1, 21)],
    "items": [f"item-{n}" for n in range(1, 29)],
}
# Walks over everything of a kind: none may fail, and at least one must have run.
WALKS = {"numbers": "number fields of all forms", "nik": "planted in every text, shown in public"}
HTTP_TRIES, BROWSER_TRIES = 1000, 50
# For what a test itself cannot see: how much dearer an acknowledged act may become.
COMMITS, MOST_MS = 200, 50


def measure() -> list[Figure]:
    """Every line of the fault list, then the tries over HTTP and in the browser, and what FULL costs."""
    return [*kept(*tests()), *sendings(), *commits()]


# ---- what the tests say -------------------------------------------------------------------------


def tests() -> tuple[dict[str, dict[str, str]], dict[str, int]]:
    """How every test ended, by the fault whose right value it keeps; and what tests counted."""
    with tempfile.TemporaryDirectory(prefix="rembug-faults-") as place:
        told = Path(place) / "faults.json"
        hands = os.environ.get("BENCH_HANDS", "2")
        command = [sys.executable, "-m", "pytest", "-p", "bench.fault_plugin", "-m", "fault"]
        subprocess.run(
            [*command, "-n", hands, "--dist", "loadfile", "--no-header", "--tb", "line"],
            cwd=ROOT,
            env={**os.environ, "FAULTS": str(told)},
        )
        found = json.loads(told.read_text()) if told.exists() else {"ended": {}, "counts": {}}
    return found["ended"], found["counts"]


def kept(ended: dict[str, dict[str, str]], counts: dict[str, int]) -> list[Figure]:
    """One figure for each list: how many of its faults have tests and all of them pass."""
    figures = []
    for kind, names in EXPECTED.items():
        right = [name for name in names if is_right(ended.get(name, {}))]
        missing = [f"{name} ({why(ended.get(name, {}))})" for name in names if name not in right]
        of = "MISSING: " + ", ".join(missing) if missing else ""
        figures.append(Figure(kind, len(right), f"of {len(names)}", len(names), False, of))
    for name, words in WALKS.items():
        ran = ended.get(name, {})
        wrong = sum(outcome != "passed" for outcome in ran.values()) if ran else 1
        figures.append(
            Figure(f"{name}_wrong", wrong, "tests", 0, True, f"{words}; {len(ran)} tests")
        )
    figures += [Figure(f"counted_{name}", value, "") for name, value in sorted(counts.items())]
    return figures


def is_right(ran: dict[str, str]) -> bool:
    """A fault is right when something was tried, and nothing of it failed or was left out."""
    return bool(ran) and all(outcome == "passed" for outcome in ran.values())


def why(ran: dict[str, str]) -> str:
    if not ran:
        return "no test"
    return next((outcome for outcome in ran.values() if outcome != "passed"), "passed")


# ---- one key, other content ---------------------------------------------------------------------


@contextmanager
def town() -> Iterator[str]:
    """A served city of tests, where `other_rt_head` may call meetings."""
    with tempfile.TemporaryDirectory(prefix="rembug-faults-") as place:
        env = environment(Path(place), DJANGO_SETTINGS_MODULE="rembug.settings")
        subprocess.run([sys.executable, "-m", "tests.browser.town"], cwd=ROOT, env=env, check=True)
        with serving("rembug.wsgi:application", env) as port:
            yield f"http://127.0.0.1:{port}/ramai/"


def sendings() -> list[Figure]:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("faults: tanpa Chromium tidak ada yang dicoba")
        return [Figure("tried_in_the_browser", 0, "tries", BROWSER_TRIES, at_most=False)]
    from playwright.sync_api import sync_playwright

    with town() as root, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox"],
            ignore_default_args=["--disable-back-forward-cache"],
        )
        page = browser.new_context(viewport={"width": 360, "height": 640}).new_page()
        sign_in(page, root)
        over_http = other_content(page, root)
        in_browser, arrived = back_and_again(page, root)
        browser.close()
    return [
        Figure("thanked_over_http", over_http, "thanked", 0, of=f"of {HTTP_TRIES} tries"),
        Figure("thanked_in_the_browser", in_browser, "thanked", 0, of=f"of {BROWSER_TRIES} tries"),
        Figure("kept_after_back", arrived, "kept", BROWSER_TRIES // 2, False, "with a fresh key"),
    ]


def sign_in(page, root: str) -> None:
    from tests.browser.town import PASSWORD

    page.goto(root + "masuk/")
    page.fill("[name=username]", "other_rt_head")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main form button")


def other_content(page, root: str) -> int:
    """How often a key that was used is thanked again with other words."""
    page.goto(root + "rembug/baru/")
    page.fill("[name=title]", "Rembug pertama")
    page.fill("[name=place]", "Balai RT")
    fields = page.locator("main form [name]:not(button)").all()
    sent = {one.get_attribute("name"): one.input_value() for one in fields}
    post, address = page.context.request.post, root + "rembug/baru/"
    first = post(address, form=sent, max_redirects=0)
    assert first.status == 302, first.text()
    thanked = 0
    for nth in range(HTTP_TRIES):
        answer = post(address, form={**sent, "title": f"Rembug lain {nth}"}, max_redirects=0)
        thanked += answer.status != 422 or "belum tersimpan" not in answer.text()
    return thanked + (meetings(page, root, "Rembug lain") > 0)


def back_and_again(page, root: str) -> tuple[int, int]:
    """Send, Back, type the next, send; every second time with the used key put back by hand.

    Returns how many were thanked and are not there, and how many are there.
    """
    thanked = 0
    for nth in range(BROWSER_TRIES):
        page.goto(root + "rembug/baru/")
        used = page.locator("main form [name=key]").input_value()
        call(page, f"Tamu {nth}")
        page.go_back(wait_until="load")
        page.locator("body:not([hidden]) main form [name=title]").wait_for()
        page.wait_for_load_state("load")
        if nth % 2:
            page.evaluate("key => { document.querySelector('main [name=key]').value = key; }", used)
        thanked += call(page, f"Susulan {nth:03d}.")
    there = meetings(page, root, "Susulan")
    return max(thanked - there, 0), there


def call(page, title: str) -> int:
    """Fill the invitation and press; 1 when it was thanked."""
    page.fill("main [name=title]", title)
    page.fill("main [name=place]", "Balai RT")
    page.evaluate("document.querySelector('main').dataset.left = ''")
    page.click("main form button:not([type=button])")
    page.locator("main:not([data-left])").wait_for(state="attached")
    page.wait_for_load_state("load")
    return int(page.locator(".messages .notice.ok").count() > 0)


def meetings(page, root: str, title: str) -> int:
    """How many meetings whose title begins so are on the list, over all its pages."""
    found, number = set(), 1
    while True:
        page.goto(f"{root}rembug/?halaman={number}")
        rows = page.locator("main a.tap").all_inner_texts()
        fresh = {row for row in rows if title in row} - found
        found |= fresh
        if not rows or number > 20 or not page.locator(f"a[href*='halaman={number + 1}']").count():
            return len(found)
        number += 1


# ---- what the power cannot take -----------------------------------------------------------------


def commits() -> list[Figure]:
    """Milliseconds for one small commit, with and without waiting for the disk."""
    full, normal = _commit_ms("FULL"), _commit_ms("NORMAL")
    return [
        Figure("commit_full", full, "ms", MOST_MS, of=f"{full / normal:.1f} times NORMAL"),
        Figure("commit_normal", normal, "ms"),
    ]


def _commit_ms(how: str) -> float:
    with tempfile.TemporaryDirectory(prefix="rembug-faults-", dir=ROOT / "bench") as place:
        line = sqlite3.connect(f"{place}/x.sqlite3", isolation_level=None)
        line.execute("PRAGMA journal_mode=WAL")
        line.execute(f"PRAGMA synchronous={how}")
        line.execute("CREATE TABLE x (y TEXT)")
        began = time.perf_counter()
        for nth in range(COMMITS):
            line.execute("INSERT INTO x VALUES (?)", (f"{nth}" * 100,))
        took = time.perf_counter() - began
        line.close()
    return 1000 * took / COMMITS
