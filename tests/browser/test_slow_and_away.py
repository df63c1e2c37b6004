"""A slow line, a session that ended, a page older than the server, a server that cannot: words, and the text stays."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_interruptions import invite, invited
from tests.browser.town import PASSWORD, RUNNING
from tests.browser.window import PHONE, Window

pytestmark = pytest.mark.browser


def heavy(size: int = 460) -> bytes:
    """A picture that does not shrink: about half a megabyte."""
    noise = random.Random(5).randbytes(size * size * 3)
    kept = BytesIO()
    Image.frombytes("RGB", (size, size), noise).save(kept, "JPEG", quality=97)
    return kept.getvalue()


def posts(person: Window) -> list[str]:
    """The addresses to which something was sent, from now on."""
    sent: list[str] = []
    person.page.on("request", lambda one: one.method == "POST" and sent.append(one.url))
    return sent


@pytest.mark.fault("report-08", "item-3")
def test_on_a_slow_line_it_says_how_far_and_a_second_press_joins(as_: Callable) -> None:
    person = as_("pokmas_treasurer", city="ramai")
    person.page.clock.install()
    person.go("pekerjaan/").page.locator("main a", has_text=RUNNING).first.click()
    work = person.page.url.removeprefix(person.root).split("?")[0]
    person.go(f"{work}kuitansi/baru/")
    file = {"name": "k.jpg", "mimeType": "image/jpeg", "buffer": heavy()}
    person.fill(photo=[file], supplier="Toko Satu")
    line = person.context.new_cdp_session(person.page)
    slow = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": 60_000}
    line.send("Network.emulateNetworkConditions", slow)
    sent = posts(person)
    button = person.button("Simpan kuitansi")
    with person.page.expect_response(lambda r: r.request.method == "POST") as answer:
        person.touch(button)
        told = person.page.locator(".send-notice")
        expect(told).to_contain_text("Masih mengirim")
        expect(told).to_contain_text("%")
        # As long as an impatient person waits, and longer than the old patience.
        person.page.clock.fast_forward(60_000)
        expect(told).not_to_contain_text("Belum sampai")
        assert person.page.locator("main form button:disabled").count() == 1
        person.page.evaluate("document.querySelector('main form').requestSubmit()")
        person.look()
    assert answer.value.status == 422 and len(sent) == 1
    person.see("Tulis").miss(".send-notice")
    assert person.value("supplier") == "Toko Satu"


@pytest.mark.fault("item-4")
def test_signed_out_under_the_button_the_text_comes_back(window: Callable) -> None:
    person = window("ramai", PHONE, who="other_rt_head").sign_in("other_rt_head", PASSWORD)
    invite(person, "Rembug sesi habis").fill(agenda="Lampu gang.")
    person.context.clear_cookies(name="sessionid")
    person.touch(person.button("Simpan undangan"))
    expect(person.page.locator(".send-notice")).to_contain_text("sudah keluar dari akun")
    assert person.value("title") == "Rembug sesi habis"
    person.faults.clear()  # browsers write 401 down as an error
    person.look()
    person.follow(".send-notice a").fill(username="other_rt_head", password=PASSWORD)
    person.press("Masuk")
    assert "rembug/baru/" in person.page.url
    person.see("Isian terakhir dipulihkan")
    assert person.value("title") == "Rembug sesi habis" and person.value("agenda") == "Lampu gang."
    person.press("Simpan undangan").see("Undangan rembug tersimpan")
    assert invited(person, "Rembug sesi habis") == 1


@pytest.mark.fault("item-4")
def test_somebody_else_who_signs_in_does_not_get_the_text(window: Callable) -> None:
    person = window("ramai", PHONE, who="other_rt_head").sign_in("other_rt_head", PASSWORD)
    invite(person, "Rembug milik orang lain")
    person.context.clear_cookies()
    person.go("masuk/").sign_in("rt_head", PASSWORD).go("rembug/baru/")
    assert person.value("title") == ""


@pytest.mark.fault("item-4")
def test_a_page_older_than_the_server_is_told_and_keeps_the_text(window: Callable) -> None:
    person = window("ramai", PHONE, who="other_rt_head").sign_in("other_rt_head", PASSWORD)
    invite(person, "Rembug halaman lama")
    token = "document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)"
    person.page.evaluate(token)
    person.touch(person.button("Simpan undangan"))
    expect(person.page.locator(".send-notice")).to_contain_text("sudah lama terbuka")
    assert person.value("title") == "Rembug halaman lama"
    person.faults.clear()
    with person.page.expect_navigation():
        person.touch(person.page.locator(".send-notice button"))
    person.see("Isian terakhir dipulihkan")
    person.press("Simpan undangan").see("Undangan rembug tersimpan")


@pytest.mark.fault("item-4", "attack-16")
def test_a_server_that_cannot_is_asked_again_and_then_says_so(window: Callable) -> None:
    person = window("ramai", PHONE, who="other_rt_head").sign_in("other_rt_head", PASSWORD)
    invite(person, "Rembug server penuh")
    sent = posts(person)
    words = "<main><h1>Server kehabisan tempat</h1><p class=lead>Beri tahu pengelola.</p></main>"
    full = {"status": 503, "body": words, "headers": {"Retry-After": "1"}}
    person.page.route("**/rembug/baru/", lambda route: route.fulfill(**full))
    person.touch(person.button("Simpan undangan"))
    told = person.page.locator(".send-notice")
    expect(told).to_contain_text("Sebentar lagi dikirim sendiri")
    expect(told).to_contain_text("Server kehabisan tempat")
    assert len(sent) == 3 and person.value("title") == "Rembug server penuh"
    person.faults.clear()
    # Then there is room again; the same press under the same key.
    person.page.unroute("**/rembug/baru/")
    person.press("Simpan undangan").see("Undangan rembug tersimpan")
    assert invited(person, "Rembug server penuh") == 1
