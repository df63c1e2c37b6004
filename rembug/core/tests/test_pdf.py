"""Papers: the same data gives the same bytes, and data is never read as markup."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from rembug.core import pdf
from rembug.core.pdf import drawable, render

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set text(lang: "id")
= Judul
#data.words
"""


@pytest.fixture
def template(tmp_path):
    file = tmp_path / "surat.typ"
    file.write_text(TEMPLATE)
    return file


def test_a_paper_has_its_words_title_and_language(template):
    paper = PdfReader(BytesIO(render(template, {"title": "Surat uji", "words": "Rp1.000 ke kas"})))
    assert "Rp1.000 ke kas" in paper.pages[0].extract_text()
    assert paper.metadata.title == "Surat uji"
    assert paper.trailer["/Root"]["/Lang"] == "id"


def test_the_same_data_gives_the_same_bytes(template):
    data = {"title": "Surat", "words": "sama"}
    assert render(template, data) == render(template, dict(reversed(data.items())))


def test_what_people_typed_is_not_typesetting(template):
    nasty = '#import "/etc/passwd" *tebal* $x$ "]'
    paper = PdfReader(BytesIO(render(template, {"title": "x", "words": nasty})))
    assert "#import" in paper.pages[0].extract_text() and "*tebal*" in paper.pages[0].extract_text()


def test_a_broken_template_is_an_error(tmp_path):
    (tmp_path / "rusak.typ").write_text("#let x =")
    with pytest.raises(Exception, match=r"."):
        render(tmp_path / "rusak.typ", {})


# ---- signs ---------------------------------------------------------------------------------------


@pytest.mark.fault("report-03", "item-7")
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Rembug warga RT 01 ✅", "Rembug warga RT 01 □"),
        ("Siti ❤️", "Siti ❤"),
        ("👨‍👩‍👧 1️⃣", "□□□ 1"),
        ("ꦫ 中 ไ", "□ □ □"),
        ("عربي Qur’an m² ½ ≥ → ✓ ☑ ①", "عربي Qur’an m² ½ ≥ → ✓ ☑ ①"),
        ("Jose\u0301", "José"),
        ("a\0b\x07\u202ec\ud83d\ue000", "abc□"),
        ("x" * 30, "\u200b".join("x" * 30)),
    ],
)
def test_what_no_font_has_is_printed_as_a_box(template, text, printed):
    assert drawable(text) == printed
    paper = PdfReader(BytesIO(render(template, {"title": text, "words": text})))
    assert len(paper.pages) == 1


def test_the_table_of_drawn_signs_fits_the_fonts(template):
    """After another version of typst: run tools/drawn.py."""
    starts, ends = pdf._drawn()
    runs = zip(starts, ends, strict=True)
    signs = [chr(n) for first, last in runs for n in range(first, last + 1)]
    alone = template.with_name("sendiri.typ")
    alone.write_text(TEMPLATE.replace("#data.words", "#for sign in data.words { block(sign) }"))
    assert len(signs) > 7000 and pdf._compiled(alone, {"title": "x", "words": signs}, "ua-1")
    for sign in "✅中ꦫไ한🏠\U00013000":
        with pytest.raises(Exception, match="could not be displayed"):
            pdf._compiled(template, {"title": "x", "words": sign}, "ua-1")


def test_signs_that_are_drawn_only_alone_still_give_a_paper(template, monkeypatch):
    monkeypatch.setattr(pdf, "drawable", lambda text: text)
    paper = PdfReader(BytesIO(render(template, {"title": "x", "words": "Budi ✅"})))
    assert "Budi □" in paper.pages[0].extract_text()
