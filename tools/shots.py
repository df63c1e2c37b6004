"""`make shots`: the four pictures of the README, from a running server with the demo cities.

Takes them from http://127.0.0.1:8000 or from BASE, in the first city or in CITY (a slug), and writes
docs/gambar/*.png. Needs the machine's Chromium. Changes nothing in the city.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import django
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

BASE = os.environ.get("BASE", "http://127.0.0.1:8000").rstrip("/")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "gambar"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP, PHONE = (1280, 900), (360, 640)
COLOURS = 160
PATIENCE = 60_000  # milliseconds; a busy machine is slow, not broken


def main() -> None:
    """Take every picture; says what is missing when it cannot."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("No Chromium here. Debian: sudo apt install chromium")
    try:
        city = os.environ.get("CITY") or first_city()
    except URLError:
        sys.exit(f"No server at {BASE}. Start one with: make run   (or give BASE=http://...)")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        take_all(chromium, f"{BASE}/{city}/")
        chromium.close()


def first_city() -> str:
    """The slug of the first city on the server's front page."""
    page = urlopen(f"{BASE}/", timeout=60).read().decode()
    slugs = re.findall(r'<h3><a href="/([a-z0-9-]+)/"', page)
    if not slugs:
        sys.exit(f"{BASE} has no city. Load the demo first: make run")
    return slugs[0]


def take_all(chromium: Browser, city: str) -> None:
    """The four pictures, each in a browser of its own, as a stranger or as a demo account."""
    with opened(chromium, DESKTOP) as page:
        page.goto(city)
        keep(page, "kota")
        rt = busy_rt(page, city)
    with opened(chromium, PHONE) as page:
        page.goto(rt)
        keep(page, "rt-hp")
        kelurahan, rw = page.locator(".crumbs a").all_inner_texts()[-2:]
    place = kelurahan.lower().replace(" ", "")
    with opened(chromium, DESKTOP) as page:
        sign_in(page, city, f"ekbang.kel.{place}")
        keep(page, "meja")
        page.goto(f"{city}meja/?isi=lain")
        label = waiting_rt(page) or f"RT {rt.rstrip('/')[-2:]} / {rw}"
    with opened(chromium, PHONE) as page:
        sign_in(page, city, "rt{}.rw{}.{}".format(*re.findall(r"\d+", label), place))
        keep(page, "beranda-hp")


@contextmanager
def opened(chromium: Browser, size: tuple[int, int]) -> Iterator[Page]:
    """A fresh browser window of a size, without anybody's cookies."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size == PHONE else 1,
        locale="id-ID",
        color_scheme="light",
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


def busy_rt(page: Page, city: str) -> str:
    """The address of an RT where work is going on: where something changed last."""
    page.goto(f"{city}kegiatan/?tahap=running&urut=ubah")
    page.locator("table.book th a").first.click()
    link = page.locator("dl.facts a[href*='/rt/']").first.get_attribute("href") or ""
    return BASE + link.partition("?")[0]


def waiting_rt(page: Page) -> str:
    """On the desk, under what waits for others: an RT whose head has something to do, `RT 01 / RW 02`."""
    rows = page.locator("tr", has_text="Ketua RT").filter(has_text=re.compile("Usulan|notulen"))
    return rows.first.locator("td").first.inner_text() if rows.count() else ""


def sign_in(page: Page, city: str, login: str) -> None:
    """Go in with a demo account; lands where that person's day begins."""
    from rembug.demo.town import PASSWORD  # only after django.setup()

    page.goto(f"{city}masuk/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_url(lambda url: "/masuk/" not in url)


def keep(page: Page, name: str) -> None:
    """Save what is on the screen, in few colours: a README must load on a slow line."""
    page.wait_for_load_state("networkidle")
    raw = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = raw.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    path = FOLDER / f"{name}.png"
    small.save(path, optimize=True)
    print(f"{path.relative_to(FOLDER.parent.parent)}  {path.stat().st_size // 1000} kB", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rembug.settings")
    django.setup()
    main()
