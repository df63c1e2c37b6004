"""The notice-board sheet and its code."""

import io
import shutil
from pathlib import Path

import pytest
import segno
import zxingcpp
from django.conf import settings
from PIL import Image
from pypdf import PdfReader

from rembug.public.views.board import code_svg
from tests.cast import HERE

RT = HERE + ".001.001"


def test_the_code_leads_to_the_live_page(staged, client):
    answer = client.get(f"/uji/rt/{RT}/papan/")
    url = f"http://testserver/uji/rt/{RT}/"
    assert answer.context["url"] == url
    # The drawing on the sheet is the one a phone reads: same content, decoded from pixels.
    assert code_svg(url) in answer.content.decode()
    pixels = io.BytesIO()
    segno.make(url, error="m", micro=False).save(pixels, kind="png", scale=6)
    read = zxingcpp.read_barcodes(Image.open(pixels))
    assert [each.text for each in read] == [url]
    assert client.get(url.removeprefix("http://testserver")).status_code == 200


def test_the_drawing_of_the_code_is_the_code():
    """The SVG itself, painted square by square, can be read."""
    import re

    svg = code_svg("http://testserver/x/")
    side = int(float(re.search(r'viewBox="0 0 (\d+)', svg)[1]))
    picture = Image.new("L", (side, side), 255)
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):
        parts = [float(each) for each in numbers.split()]
        if kind == "M":
            x, y = parts
        elif kind == "m":
            x, y = x + parts[0], y + parts[1]
        else:
            for step in range(int(parts[0])):
                picture.putpixel((int(x + step), int(y)), 0)
            x += parts[0]
    big = picture.resize((side * 8, side * 8), Image.Resampling.NEAREST)
    assert [each.text for each in zxingcpp.read_barcodes(big)] == ["http://testserver/x/"]


def test_the_sheet_tells_states_in_words_and_shapes(staged, client):
    text = client.get(f"/uji/rt/{RT}/papan/").content.decode()
    for words in ("selesai", "100% dicek", "0% terlambat", "Rembug berikutnya:", "30.000.000"):
        assert words in text, words
    assert "style=" not in text.split("<main")[1]


def test_the_code_alone(staged, client):
    answer = client.get(f"/uji/rt/{RT}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml" and answer.content.startswith(b"<svg")


def test_a_full_sheet_says_how_many_do_not_fit(staged, client):
    first = staged.activities["running"]
    for n in range(14):
        first.pk, first.name = None, f"Pembangunan saluran air dan paving Gang Cempaka Raya {n}"
        first.save(force_insert=True)
    shown = client.get(f"/uji/rt/{RT}/papan/").context
    assert shown["rest"] > 0 and len(shown["lines"]) + shown["rest"] == 17
    assert sum(line["height"] for line in shown["lines"]) < 455
    text = client.get(f"/uji/rt/{RT}/papan/").content.decode()
    assert f"{shown['rest']} kegiatan lain" in text and "Gang Cempaka Raya 3" not in text


@pytest.mark.browser
@pytest.mark.parametrize("many", [False, True])
def test_the_sheet_is_one_page_of_a3(staged, client, many, tmp_path):
    """Printed by a real browser, short or full."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("tidak ada Chromium")
    from playwright.sync_api import sync_playwright

    first = staged.activities["running"]
    for n in range(14 if many else 0):
        first.pk, first.name = None, f"Pembangunan saluran air dan paving Gang Cempaka Raya {n}"
        first.save(force_insert=True)
    page = client.get(f"/uji/rt/{RT}/papan/").content.decode()
    built = Path(settings.ROOT) / "rembug" / "static" / "build"
    if not (built / "rembug.css").exists():
        pytest.skip("gaya belum dibangun")
    (tmp_path / "papan.html").write_text(page.replace("/static/build/", f"file://{built}/"))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        sheet = browser.new_page()
        sheet.goto(f"file://{tmp_path}/papan.html")
        printed = sheet.pdf(prefer_css_page_size=True, print_background=True)
        browser.close()
    pages = PdfReader(io.BytesIO(printed)).pages
    assert len(pages) == 1
    wide, high = (float(side) / 72 * 25.4 for side in pages[0].mediabox[2:])
    assert (round(wide), round(high)) == (420, 297)
