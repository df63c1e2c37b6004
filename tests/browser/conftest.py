"""The server, the browser and the windows of the browser tests; skipped where a part is missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BUILT = ("rembug/static/build/rembug.js", "node_modules/axe-core/axe.min.js")
STARTS_WITHIN = 120  # seconds, on a busy machine


@pytest.fixture(scope="package")
def chromium_path() -> str:
    """The machine's Chromium; without it, or without the front end, nothing here can run."""
    pytest.importorskip("playwright")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium here (Debian: sudo apt install chromium)")
    if missing := [name for name in BUILT if not (ROOT / name).exists()]:
        pytest.skip(f"{', '.join(missing)} not made yet (make dev)")
    return found


@pytest.fixture(scope="package")
def server(chromium_path, tmp_path_factory) -> Iterator[str]:
    """A real server, as `make run` starts it, on a free port with a database of its own."""
    var = tmp_path_factory.mktemp("server")
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "rembug.settings",
        "DATABASE_URL": f"sqlite:///{var / 'db.sqlite3'}",
        "REMBUG_VAR": str(var),
        "REMBUG_MEDIA": str(var / "media"),
        "PYTHONPATH": str(ROOT),
    }
    env.pop("REMBUG_DEBUG", None)
    subprocess.run([sys.executable, "-m", "tests.browser.town"], cwd=ROOT, env=env, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = f"--interface wsgi --host 127.0.0.1 --port {port} --workers 1 --blocking-threads 4"
    words += " --workers-kill-timeout 5"  # one that misses its signal is not waited for
    command = [sys.executable, "-m", "granian", *words.split(), "--log-level", "warning"]
    with (var / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "rembug.wsgi:application"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/robots.txt", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(address: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(address, timeout=5).close()
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start; see its log ({address})")


@pytest.fixture(scope="package")
def browser(chromium_path):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        # Playwright turns the back/forward cache off; every phone has it.
        chromium = play.chromium.launch(
            executable_path=chromium_path,
            args=["--no-sandbox"],
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Lets a fixture know afterwards whether its test failed."""
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture
def window(browser, server, request, tmp_path) -> Iterator[Callable]:
    """Opens windows: `window("uji", PHONE, who="rt_head")`. At the end their pages were all sound."""
    from tests.browser.window import Window

    opened: list[Window] = []
    faults: list[str] = []

    def open_window(city: str, size: tuple[int, int], who: str = "warga", **more) -> Window:
        opened.append(Window(browser, f"{server}/{city}/", size, faults, who, **more))
        return opened[-1]

    yield open_window
    if getattr(request.node, "failed", False):
        for nth, one in enumerate(opened):
            path = tmp_path / f"{nth:02d}-{one.who}.png"
            one.page.screenshot(path=path, full_page=True)
            print(f"{one.page.url}  {path}")
    for one in opened:
        one.context.close()
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def as_(window) -> Callable:
    """Windows of people, signed in once: `as_("rt_head")` is on a phone, `as_("ekbang")` at a desk."""
    from tests.browser.town import PASSWORD
    from tests.browser.window import DESKTOP, PHONE

    seats: dict[tuple[str, str], object] = {}

    def seat(login: str, city: str = "uji", password: str = PASSWORD):
        if (city, login) not in seats:
            small = login.startswith(("rt_", "rw_", "pokmas_", "other_rt")) or "." in login
            one = window(city, PHONE if small else DESKTOP, who=login)
            seats[city, login] = one.sign_in(login, password)
        return seats[city, login]

    return seat
