"""The gate around answers: every kind it knows is masked, and a kind it does not know stays here."""

import io
import json
import zipfile

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from rembug.core.gate import guarded

NIK, PHONE = "3571021203900001", "0812-3456-7890"


@pytest.fixture
def request_(rf: RequestFactory):
    return rf.get("/")


def _out(request, body, kind):
    return guarded(request, HttpResponse(body, content_type=kind)).content.decode()


def test_a_page_is_read_in_its_text_and_in_what_is_spoken(request_):
    body = f'<title>{NIK}</title><img alt="{PHONE}" src="/b/{NIK}.webp"><p>Rp50.000.000 {NIK}</p>'
    text = _out(request_, body, "text/html; charset=utf-8")
    assert f'src="/b/{NIK}.webp"' in text and "Rp50.000.000" in text
    assert text.count(NIK) == 1 and PHONE not in text


def test_what_somebody_typed_is_theirs_to_mend(rf):
    body = f"<h1>{NIK}</h1><textarea>{NIK}</textarea>"
    sent = _out(rf.post("/"), body, "text/html")
    assert "<h1>[nomor" in sent and f"<textarea>{NIK}</textarea>" in sent
    assert NIK not in _out(rf.get("/"), body, "text/html")


def test_a_table_keeps_its_amounts_and_loses_its_persons(request_):
    lines = ["\ufeffNomor;Kegiatan;Biaya (Rp)\r\n", f'1;"Pagar; {NIK}";1234567890\r\n', "2;x;5\r\n"]
    answer = guarded(request_, StreamingHttpResponse(iter(lines), content_type="text/csv"))
    text = b"".join(answer.streaming_content).decode()
    assert text == (
        '\ufeffNomor;Kegiatan;Biaya (Rp)\r\n1;"Pagar; [nomor disamarkan]";1234567890\r\n2;x;5\r\n'
    )


def test_figures_of_machine_data_stay(request_):
    body = json.dumps({"name": f"Pagar {PHONE}", "cost": 1234567890123, "at": [112.0115012345]})
    read = json.loads(_out(request_, body, "application/json"))
    assert read == {
        "name": "Pagar [nomor disamarkan]",
        "cost": 1234567890123,
        "at": [112.0115012345],
    }


def test_a_workbook_is_opened_and_read(request_):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<sst><si><t>Pagar {NIK}</t></si></sst>")
        book.writestr("xl/worksheets/sheet1.xml", "<c><v>1234567890</v></c>")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = guarded(request_, HttpResponse(out.getvalue(), content_type=kind))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert NIK not in book.read("xl/sharedStrings.xml").decode()
        assert "1234567890" in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_kind_it_cannot_read_does_not_leave(request_):
    with pytest.raises(ImproperlyConfigured):
        guarded(request_, HttpResponse(b"x", content_type="application/x-new"))


def test_nothing_is_masked_twice(request_):
    answer = guarded(request_, HttpResponse(NIK, content_type="text/plain"))
    first = answer.content
    assert guarded(request_, answer).content == first
