"""What happens between people and machines: two presses, two tabs, no signal, two at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.town import PASSWORD, PLANNED, RUNNING
from tests.browser.window import PHONE, Window

pytestmark = pytest.mark.browser


def invite(person: Window, title: str) -> Window:
    """Open the invitation of a meeting and fill it."""
    return person.go("rembug/baru/").fill(title=title, place="Balai RT")


def invited(person: Window, title: str) -> int:
    """How many meetings of this title there are."""
    person.go("rembug/")
    return person.page.locator("a.tap", has_text=title).count()


def test_two_presses_count_once(as_: Callable) -> None:
    person = invite(as_("other_rt_head", city="ramai"), "Dua kali tekan")
    with person.page.expect_navigation():
        person.button("Simpan undangan").dblclick()
    assert invited(person, "Dua kali tekan") == 1


def test_two_presses_count_once_without_our_script(window: Callable) -> None:
    """Then the key in the form is what makes the second press the same as the first."""
    person = window("ramai", PHONE, who="other_rt_head", java_script_enabled=False)
    person.look = lambda: None  # axe is itself a script
    person.sign_in("other_rt_head", PASSWORD)
    invite(person, "Tanpa skrip")
    typed = person.page.locator("main form")
    fields = typed.locator("[name]:not(button)").all()
    sent = {one.get_attribute("name"): one.input_value() for one in fields}
    for _press in (1, 2):
        answer = person.context.request.post(person.page.url, form=sent)
        assert answer.status == 200 and "Tanpa skrip" in answer.text()
    assert invited(person, "Tanpa skrip") == 1


def test_a_stale_tab_is_told_and_loses_nothing(as_: Callable) -> None:
    person = as_("other_rt_head", city="ramai")
    person.go("usulan/").follow("main a.tap").press("Ubah kegiatan")
    first, address = person.page, person.page.url.removeprefix(person.root)
    second = person.tab()
    person.go(address)
    person.page = first
    person.fill(place="Depan pos ronda").press("Simpan kegiatan")
    person.page = second
    person.fill(place="Depan masjid", name=f"{PLANNED}, enam titik")
    person.press("Simpan kegiatan", refused=True)
    person.see("Orang lain baru saja menyimpan kegiatan ini", "Yang tersimpan sekarang")
    person.see("Depan pos ronda")
    assert person.value("place") == "Depan masjid"
    assert person.value("name") == f"{PLANNED}, enam titik"
    # Having compared, one presses again.
    person.press("Simpan kegiatan").see(f"{PLANNED}, enam titik", "Depan masjid")


def test_without_a_signal_the_text_stays(as_: Callable) -> None:
    person = as_("other_rt_head", city="ramai")
    invite(person, "Rembug tanpa sinyal").fill(agenda="Lampu gang padam sejak Senin.")
    address = person.page.url
    person.context.set_offline(True)
    person.touch(person.button("Simpan undangan"))
    expect(person.page.locator(".send-notice")).to_contain_text("Tanpa sinyal")
    assert person.page.url == address and person.value("agenda").startswith("Lampu gang")
    person.look()
    person.context.set_offline(False)
    person.page.reload()
    person.see("Isian terakhir dipulihkan")
    assert person.value("title") == "Rembug tanpa sinyal"
    assert person.value("agenda") == "Lampu gang padam sejak Senin."
    person.press("Simpan undangan").see("Undangan rembug tersimpan")
    # What the city has, the phone forgets.
    person.go("rembug/baru/")
    assert person.value("title") == "" and person.page.locator(".draft-notice").count() == 0


def test_of_two_verifiers_the_second_is_told(as_: Callable) -> None:
    one, other = as_("ekbang", city="ramai"), as_("second_ekbang", city="ramai")
    one.desk("laporan/").see(RUNNING)
    other.desk("laporan/").see(RUNNING)
    one.press("Setujui laporan")
    other.press("Setujui laporan", refused=True).see("Laporan ini sudah diperiksa")
    other.go("meja/").miss("main a[href*='laporan/']")
