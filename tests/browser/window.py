"""A person's browser window: go, read, fill, press; and every page on the way is looked over.

What is wrong with a page is gathered in `faults` and told at the end of the test, all at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response, expect

PHONE, DESKTOP = (360, 640), (1280, 900)
PATIENCE = 30_000  # milliseconds; a busy machine is slow, not broken
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# The bar at the foot of a phone lies over what can be scrolled free; for axe it lies below it.
RUN_AXE = """async tags => {
  document.querySelectorAll(".tabs").forEach(bar => { bar.style.position = "static"; });
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  document.querySelectorAll(".tabs").forEach(bar => { bar.style.position = ""; });
  return found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html).join(" | "));
}"""
WATCH_POLICY = """addEventListener("securitypolicyviolation", event => {
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI);
});"""
expect.set_options(timeout=30_000)


class Window:
    """One window of a size, with its own cookies. `root` is the address of the city."""

    # Pages axe has seen in this run, by shape of their address and size.
    known: set[tuple] = set()

    def __init__(
        self,
        browser: Browser,
        root: str,
        size: tuple[int, int],
        faults: list[str],
        who: str = "",
        **more: Any,
    ):
        touch = {"has_touch": True, "is_mobile": True} if size == PHONE else {}
        view = {"width": size[0], "height": size[1]}
        self.context = browser.new_context(viewport=view, locale="id-ID", **touch, **more)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(WATCH_POLICY)
        self.root, self.size, self.faults, self.who = root, size, faults, who
        self.answer = 0
        self.scheme = more.get("color_scheme", "light")
        self.page = self.tab()

    def tab(self) -> Page:
        """One more tab; the newest is the one worked in."""
        self.page = page = self.context.new_page()
        page.on("response", self._answered)
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda wrong: self._heard("error", str(wrong)))
        return page

    def _answered(self, response: Response) -> None:
        """Notes the last answer that a page was shown from: a page opened, or a form's answer."""
        request = response.request
        whole = request.is_navigation_request() and request.frame == self.page.main_frame
        if whole or (request.resource_type == "xhr" and request.method == "POST"):
            self.answer = response.status

    def _heard(self, kind: str, text: str) -> None:
        # A refusal is an answer with status 422, which browsers write down as an error.
        if kind == "error" and "status of 422" not in text:
            self.faults.append(f"{self.page.url} ({self.who}): console: {text}")

    # ---- going -------------------------------------------------------------------------------

    def go(self, path: str = "") -> Window:
        """Open an address of the city; it must be there."""
        response = self.page.goto(self.root + path, wait_until="load")
        return self._arrived(response.status if response else 0)

    def _arrived(self, status: int, expected: int = 200) -> Window:
        assert status == expected, f"{self.page.url} ({self.who}): {status}\n{self.text()[:2000]}"
        self.look()
        return self

    def sign_in(self, login: str, password: str) -> Window:
        self.go("masuk/").fill(username=login, password=password).press("Masuk")
        assert "/masuk/" not in self.page.url, f"{login}: {self.text()[:300]}"
        return self

    def desk(self, path: str) -> Window:
        """From where the day begins, through what waits: the link to an address with `path` in it."""
        self.go("beranda/")
        return self.follow(f"main a[href*='{path}']")

    def follow(self, link: str) -> Window:
        return self._leave(self.page.locator(link).first)

    def press(self, name: str, refused: bool = False) -> Window:
        """Press the button or link of this name and wait for what comes; `refused`: expect reasons."""
        return self._leave(self.button(name), 422 if refused else 200)

    def button(self, name: str) -> Locator:
        # Icons and the letter of a shortcut stand beside the words.
        words = re.compile(rf"^\s*{re.escape(name)}")
        main = self.page.locator("main")
        # What waits stands beside the case, as links of the same words: a button comes first.
        pressed = main.get_by_role("button", name=words)
        return (pressed if pressed.count() else main.get_by_role("link", name=words)).first

    def _leave(self, target: Locator, expected: int = 200) -> Window:
        """Touch and wait for what comes: another page, or an answer in the place of this one."""
        self.page.evaluate("document.querySelector('main').dataset.left = ''")
        self.touch(target)
        self.page.locator("main:not([data-left])").wait_for(state="attached")
        self.page.wait_for_load_state("load")
        return self._arrived(self.answer, expected)

    def touch(self, target: Locator) -> None:
        """Tap on a phone, click at a desk."""
        target.tap() if self.size == PHONE else target.click()

    # ---- typing and reading ------------------------------------------------------------------

    def fill(self, typed: Mapping[str, Any] | None = None, **more: Any) -> Window:
        """Fill fields by their names: text, a choice's value, True for a tick, files as a list."""
        for name, value in {**(typed or {}), **more}.items():
            self._fill(name, value)
        return self

    def _fill(self, name: str, value: Any) -> None:
        found = self.page.locator(f"main [name='{name}']")
        kind = found.first.evaluate("one => one.type")
        if isinstance(value, list):
            found.first.set_input_files(value)
        elif kind == "radio":
            self.page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            found.first.set_checked(value)
        elif kind.startswith("select"):
            found.first.select_option(value)
        else:
            found.first.fill(str(value))

    def value(self, name: str) -> str:
        return self.page.locator(f"main [name='{name}']").first.input_value()

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def see(self, *words: str) -> Window:
        """The page says all this."""
        for text in words:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def miss(self, selector: str) -> Window:
        """The page has nothing of the kind."""
        expect(self.page.locator(selector)).to_have_count(0)
        return self

    def fetch(self, link: str) -> bytes:
        """What lies behind a link of the page, with this person's cookies."""
        address = self.page.locator(link).first.get_attribute("href") or ""
        answer = self.context.request.get(
            self.page.evaluate("to => new URL(to, location).href", address)
        )
        assert answer.status == 200, f"{address}: {answer.status}"
        return answer.body()

    def open_folds(self) -> Window:
        """Open what is folded, so that it can be filled."""
        folds = self.page.locator("main details:not([open]) > summary")
        while folds.count():
            self.touch(folds.first)
        return self

    # ---- looking over ------------------------------------------------------------------------

    def look(self) -> None:
        """No sideways scrolling; and once for each kind of page, axe finds nothing."""
        wide = self.page.evaluate("document.scrollingElement.scrollWidth")
        shape = re.sub(r"\d[\d.]*", "n", self.page.url.split("#")[0].removeprefix(self.root))
        if wide > self.size[0]:
            self.faults.append(f"{shape} ({self.who}): {wide} wide at {self.size[0]}")
        key = (
            shape,
            self.size,
            self.scheme,
            self.page.title(),
            self.page.locator(".errors").count(),
        )
        if key in self.known:
            return
        self.known.add(key)
        self.page.evaluate(AXE.read_text())
        for found in self.page.evaluate(RUN_AXE, TAGS):
            self.faults.append(f"{shape} at {self.size[0]} {self.scheme} ({self.who}): axe {found}")
