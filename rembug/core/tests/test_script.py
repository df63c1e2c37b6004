"""The page's script in a real browser: typed text survives, a press counts once. Nothing but the built files."""

import os
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, sync_playwright

BUILD = Path(__file__).resolve().parents[2] / "static" / "build"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# As strict as the server's own: no inline style, no inline script, no eval.
POLICY = "default-src 'none'; form-action 'self'; " + "; ".join(
    f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="tidak ada Chromium"),
    pytest.mark.skipif(not (BUILD / "rembug.js").exists(), reason="npm run build belum dijalankan"),
]
PAGE = """<!doctype html><html lang="id"><head><title>Uji</title><link rel="stylesheet" href="/static/build/rembug.css">
<script src="/static/build/rembug.js" defer data-words{words}></script>
<script src="/static/build/work.js" defer></script></head>
<body data-person="7"><main id="isi">{body}</main></body></html>"""
FORM = """<form method="post" action="/kirim" data-draft="laporan-1" class="stack">
<input type="hidden" name="csrfmiddlewaretoken" value="t1"><input name="title" id="title">
<textarea name="story" id="story"></textarea>
<input name="warga-0-nik" id="nik"><input type="password" name="rahasia" id="rahasia">
<input type="checkbox" name="agree" id="agree">
<p data-draft-note></p><button class="btn" name="act" value="send">Kirim laporan</button></form>"""
PAGES = {
    "/isi": FORM,
    "/salah": FORM.replace('id="title"', 'id="title" value="dari server"').replace(
        "<input name", '<div class="errors" tabindex="-1">Salah</div><input name', 1
    ),
    "/diterima": '<p>Tanda terima</p><span data-draft-done="laporan-1" hidden></span>',
    "/banding": '<div class="compare" data-compare><div class="photo">a</div><div class="photo">b</div></div>'
    '<input class="compare-range" type="range" min="0" max="100" value="50" aria-label="Geser">',
    "/meja": '<form method="post" action="/kirim">'
    '<button data-key="s" name="act" value="approve">Setujui</button></form>'
    '<label><input type="checkbox" data-keys> Pintasan</label><textarea id="why"></textarea>'
    '<button type="button" class="js-only" data-fill="why">Foto gelap</button>',
    "/bagian": """<meta name="htmx-config" content='{"includeIndicatorStyles":false,"allowEval":false}'>
<script src="/static/htmx-2.min.js" defer></script><div id="atas"></div>
<input id="cari" name="q" hx-get="/hasil" hx-trigger="input" hx-target="#atas" hx-sync="this:replace">
<button type="button" id="tekan">Tekan</button>""",
    "/hasil": "<p>Hasil</p>" * 9,
}


@pytest.fixture
def site():
    """A page in Chromium, served from memory; `site.posts` are the bodies it sent."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 360, "height": 640}).new_page()
        page.posts, page.faults = [], []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "console", lambda said: page.faults.append(said.text) if said.type == "error" else None
        )
        page.route("**/*", lambda route: answer(page, route))
        yield page
        browser.close()
        assert page.faults == []


def answer(page: Page, route: Route) -> None:
    """What the server would say."""
    path = route.request.url.split("rembug.test", 1)[1]
    if path.startswith("/static/htmx"):
        return route.fulfill(path=finders.find("django_htmx/" + os.path.basename(path)))
    if path.startswith("/static/"):
        return route.fulfill(path=BUILD / os.path.basename(path))
    if route.request.method == "POST":
        page.posts.append(route.request.post_data)
        if page.posts[-1] and "lambat" in page.posts[-1]:
            return None  # never answers
        path = "/diterima"
    if "hx-request" in route.request.headers:
        return route.fulfill(body=PAGES[path.partition("?")[0]], content_type="text/html")
    words = render_to_string("components/script_words.html")
    return route.fulfill(
        body=PAGE.format(words=words, body=PAGES.get(path, "")),
        content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


def visit(page: Page, path: str) -> None:
    page.goto(f"https://rembug.test{path}")


def write(page: Page, story: str = "Rak sudah dipasang") -> None:
    page.fill("#title", "Taman baca")
    page.fill("#story", story)
    page.fill("#nik", "3571000000000000")
    page.fill("#rahasia", "sandi")
    page.check("#agree")
    page.wait_for_selector("[data-draft-note]:has-text('Tersimpan di ponsel')")


def test_nothing_moves_under_the_finger_when_the_page_says_it_is_kept(site):
    visit(site, "/isi")
    before = site.locator("button.btn").bounding_box()
    write(site)
    assert site.locator("button.btn").bounding_box() == before


def test_typed_text_comes_back_after_a_reload(site):
    visit(site, "/isi")
    write(site)
    site.reload()
    assert site.input_value("#story") == "Rak sudah dipasang"
    assert site.is_checked("#agree")
    assert "Isian terakhir dipulihkan" in site.inner_text(".draft-notice")


def test_numbers_of_people_and_passwords_are_never_kept(site):
    visit(site, "/isi")
    write(site)
    kept = site.evaluate("JSON.stringify(localStorage)")
    assert "3571" not in kept and "sandi" not in kept and "t1" not in kept


def test_the_draft_can_be_thrown_away(site):
    visit(site, "/isi")
    write(site)
    site.reload()
    site.click(".draft-notice button")
    assert site.input_value("#story") == ""
    site.reload()
    assert site.query_selector(".draft-notice") is None


def test_what_the_server_sends_back_with_faults_is_newer_than_the_draft(site):
    visit(site, "/isi")
    write(site)
    visit(site, "/salah")
    assert site.input_value("#title") == "dari server"


def test_the_draft_goes_once_the_server_has_it(site):
    visit(site, "/isi")
    write(site)
    site.click("button.btn")
    site.wait_for_selector("[data-draft-done]", state="attached")
    assert len(site.posts) == 1 and "act=send" in site.posts[0]
    assert site.evaluate("localStorage.length") == 0


def test_a_second_press_sends_nothing(site):
    visit(site, "/isi")
    write(site, "lambat")
    state = site.evaluate(
        """() => {
          const button = document.querySelector("button.btn");
          button.click();
          button.click();
          return new Promise((say) => setTimeout(() => say([button.disabled, button.textContent]), 200));
        }"""
    )
    assert state == [True, "Mengirim…"]
    assert len(site.posts) == 1


def test_without_a_signal_nothing_is_sent_and_nothing_is_lost(site):
    visit(site, "/isi")
    write(site)
    site.context.set_offline(True)
    site.click("button.btn")
    assert "Tanpa sinyal" in site.inner_text(".send-notice")
    assert site.posts == []
    assert site.is_enabled("button.btn")
    site.context.set_offline(False)
    site.click("button.btn")
    site.wait_for_selector("[data-draft-done]", state="attached")


def test_before_and_after_slide_over_one_another(site):
    visit(site, "/banding")
    assert site.is_visible(".compare.is-live")
    site.fill(".compare-range", "20")
    assert (
        site.evaluate("document.querySelector('.compare').style.getPropertyValue('--cut')") == "20%"
    )


def test_desk_keys_work_only_when_switched_on_and_not_while_typing(site):
    visit(site, "/meja")
    site.keyboard.press("s")
    site.check("[data-keys]")
    site.focus("#why")
    site.keyboard.press("s")
    assert site.posts == []
    site.click("button[data-fill]")
    assert site.input_value("#why") == "s Foto gelap."
    site.reload()
    assert site.is_checked("[data-keys]")
    site.keyboard.press("s")
    site.wait_for_selector("[data-draft-done]", state="attached")
    assert site.posts == ["act=approve"]


def press_while_an_answer_comes(site) -> None:
    """A finger goes down on the button, and the answer to what was typed arrives under it."""
    visit(site, "/bagian")
    site.evaluate("() => { window.pressed = 0; tekan.onclick = () => { window.pressed++ } }")
    site.hover("#tekan")
    site.mouse.down()
    with site.expect_response("**/hasil*"):
        site.evaluate(
            "() => { cari.value = 'a'; cari.dispatchEvent(new Event('input', { bubbles: true })) }"
        )
    site.wait_for_timeout(150)


def test_an_answer_moves_nothing_under_a_finger_that_is_down(site):
    press_while_an_answer_comes(site)
    assert site.inner_text("#atas") == ""
    site.mouse.up()
    site.wait_for_selector("#atas p")
    assert site.evaluate("window.pressed") == 1
    site.fill("#cari", "ab")
    site.wait_for_function("document.querySelectorAll('#atas p').length === 9")


def test_what_is_typed_while_an_answer_waits_is_asked_too(site):
    press_while_an_answer_comes(site)
    site.evaluate("cari.dispatchEvent(new Event('input', { bubbles: true }))")
    with site.expect_response("**/hasil*"):
        site.mouse.up()
    site.wait_for_selector("#atas p")


def test_a_finger_that_rests_holds_no_answer_for_long(site):
    press_while_an_answer_comes(site)
    site.wait_for_selector("#atas p", timeout=1500)
    site.mouse.up()


def test_the_script_stays_small():
    assert (BUILD / "rembug.js").stat().st_size < 12_000
