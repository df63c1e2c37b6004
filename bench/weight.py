"""What a first visit weighs over the wire, everything included."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.figures import Figure
from bench.serving import environment, serving

MOST_KB = 150


def measure(var: Path) -> list[Figure]:
    """The open face of the city and the phone home of a head of RT, in a browser with an empty cache."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("weight: dilewati, tidak ada Chromium")
        return []
    from playwright.sync_api import sync_playwright

    from rembug.demo.town import PASSWORD

    figures, head_of_rt = [], _a_head_of_rt()
    with serving("rembug.wsgi:application", environment(var)) as port, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        root = f"http://127.0.0.1:{port}/kediri"
        for name, path, login in (
            ("weight_city", "/", ""),
            ("weight_rt_home", "/rumah/", head_of_rt),
        ):
            context = browser.new_context(viewport={"width": 360, "height": 640})
            page = context.new_page()
            if login:
                page.goto(root + "/masuk/")
                page.fill("#id_username", login)
                page.fill("#id_password", PASSWORD)
                page.click("main form button")
                page.wait_for_load_state("networkidle")
            wire = context.new_cdp_session(page)
            wire.send("Network.enable")
            wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
            sizes: list[float] = []
            wire.on("Network.loadingFinished", lambda e, s=sizes: s.append(e["encodedDataLength"]))
            page.goto(root + path)
            page.wait_for_load_state("networkidle")
            figures.append(Figure(name, sum(sizes) / 1000, "kB", MOST_KB))
            context.close()
        browser.close()
    return figures


def _a_head_of_rt() -> str:
    from rembug.people.models import Office

    rows = Office._base_manager.filter(role="rt_head", city__slug="kediri").select_related("person")
    return rows.order_by("unit__code").first().person.login
