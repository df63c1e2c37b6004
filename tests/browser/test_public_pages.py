"""The open face on a phone and at a desk, by day and by night; and what the first page weighs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.town import CLOSED
from tests.browser.window import DESKTOP, PHONE, Window

pytestmark = pytest.mark.browser
KELURAHAN = "99.72.01.1001"
RT = f"{KELURAHAN}.001.001"
MOST_BYTES = 150_000
PAGES = [
    "",
    f"wilayah/{KELURAHAN}/",
    f"rt/{RT}/",
    f"rt/{RT}/papan/",
    "kegiatan/",
    "kegiatan/?q=paving",
    "peta/",
    "cari/?q=melati",
    "cari/?q=tidak+ada+di+mana+pun",
    "masuk/",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everybody_can_read_every_page(window: Callable, size: tuple, scheme: str) -> None:
    visitor = window("ramai", size, who=f"warga-{scheme}", color_scheme=scheme)
    for path in PAGES:
        visitor.go(path)
    visitor.go("kegiatan/?q=paving").follow("main table.book a[href*='/kegiatan/']").see(CLOSED)
    visitor.see("Laporan yang disetujui")
    comparing(visitor)


def comparing(visitor: Window) -> None:
    """The slider between before and after can be moved with the keys."""
    slider = visitor.page.locator(".compare-range").first
    before = slider.input_value()
    slider.focus()
    slider.press("ArrowRight")
    assert slider.input_value() != before


def test_first_page_of_the_public_face_is_light(window: Callable) -> None:
    for size in (PHONE, DESKTOP):
        weighed = weight(window("ramai", size), "")
        assert weighed <= MOST_BYTES, f"{weighed} bytes at {size[0]}"


def test_first_page_of_the_phone_is_light(as_: Callable) -> None:
    weighed = weight(as_("rt_head", city="ramai"), "rumah/")
    assert weighed <= MOST_BYTES, f"{weighed} bytes"


def weight(one: Window, path: str) -> int:
    """Bytes that come over the wire for a page and all it needs, with nothing kept from before."""
    wire = one.context.new_cdp_session(one.page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda done: sizes.append(int(done["encodedDataLength"])))
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    one.go(path)
    one.page.wait_for_load_state("networkidle")
    wire.detach()
    assert len(sizes) > 3, "nothing was measured"
    return sum(sizes)
