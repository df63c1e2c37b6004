import pytest

from rembug.core.refusal import Refused
from rembug.files import rules, services, storage
from rembug.files.models import File
from rembug.files.services import store_document
from rembug.files.tests.conftest import encoded, jpeg, scene, upload

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_pdf_is_kept_as_it_is(city):
    file = store_document(city, upload(PDF, "SK Lurah.pdf"))
    assert file.path.read_bytes() == PDF
    assert (file.kind, file.mime, file.name) == ("document", "application/pdf", "SK Lurah.pdf")
    assert (file.width, file.dhash, file.public) == (0, None, False)
    assert (file.thumb_url, file.url) == ("", f"/{city.slug}/berkas/{file.sha256}/surat")
    assert not (storage.city_folder(city.code) / "umum").exists()
    assert store_document(city, upload(PDF, "lain.pdf")) == file
    assert services.audit(city) == []


def test_a_photographed_paper_is_a_document_too(city):
    file = store_document(city, upload(jpeg(), "kuitansi.jpg"), kind="drawing")
    assert (file.kind, file.mime, file.width) == ("drawing", "image/jpeg", 640)
    assert storage.thumb_path(city.code, file.sha256).exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["kosong"]),
        (b"PK\x03\x04 dokumen word", ["PDF atau foto"]),
        (b"\n%PDF-1.4", ["PDF atau foto"]),
        (b"\x00\x00\x00\x18ftypheic", ["HEIC"]),
        (encoded(scene(), "GIF"), ["GIF"]),
        (jpeg()[:-300], ["terpotong"]),
        (b"teks" * 100_000, ["paling besar", "PDF atau foto"]),
        (PDF + b"0" * 300_000, ["paling besar"]),
    ],
)
def test_other_files_are_refused_with_every_reason(city, monkeypatch, content, words):
    monkeypatch.setattr(rules, "MAX_DOCUMENT_BYTES", 200_000)
    with pytest.raises(Refused) as refusal:
        store_document(city, upload(content, "berkas.pdf"))
    assert len(refusal.value.reasons) == len(words)
    assert all(word in str(refusal.value) for word in words)
    assert not File.objects.exists()
    assert not storage.city_folder(city.code).exists()
