"""Papers: the same data gives the same bytes, and data is never read as markup."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from rembug.core.pdf import render

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
