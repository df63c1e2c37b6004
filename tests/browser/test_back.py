"""Back, on a phone with the back/forward cache: nothing is swallowed, nothing of who left is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.town import PASSWORD
from tests.browser.window import PHONE, Window

pytestmark = pytest.mark.browser


def back(person: Window) -> Window:
    """The phone's own Back."""
    person.page.go_back(wait_until="load")
    person.page.locator("body:not([hidden])").wait_for(state="attached")
    person.page.wait_for_load_state("load")
    return person


@pytest.mark.fault("report-01", "attack-3", "item-1")
@pytest.mark.parametrize("script", [True, False])
def test_back_then_the_next_one_and_both_are_kept(window: Callable, script: bool) -> None:
    person = window("ramai", PHONE, who="other_rt_head", java_script_enabled=script)
    if not script:
        person.look = lambda: None
    person.sign_in("other_rt_head", PASSWORD)
    codes = []
    person.go("rembug/baru/")
    for nth in (1, 2):
        title = f"Rembug {'naskah' if script else 'polos'} {nth}"
        person.fill(title=title, place="Balai RT").press("Simpan undangan")
        codes.append(person.page.locator(".messages").inner_text().split("Tanda terima")[1])
        back(person) if script else person.page.go_back()
        assert "rembug/baru/" in person.page.url
    assert codes[0] != codes[1]
    person.go("rembug/")
    for nth in (1, 2):
        title = f"Rembug {'naskah' if script else 'polos'} {nth}"
        assert person.page.locator("a.tap", has_text=title).count() == 1


@pytest.mark.fault("report-09", "item-1")
def test_after_keluar_back_shows_the_sign_in(window: Callable) -> None:
    person = window("ramai", PHONE, who="other_rt_head").sign_in("other_rt_head", PASSWORD)
    person.go("rembug/").see("Other Rt Head")
    with person.page.expect_navigation():
        person.touch(person.page.get_by_role("button", name="Keluar").first)
    back(person)
    assert "/masuk/" in person.page.url, person.page.url
    assert "Other Rt Head" not in person.text()
    back(person)
    assert "Other Rt Head" not in person.text()
