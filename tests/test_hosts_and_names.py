"""Addresses: a foreign host is told in a sentence, and a name a city once had leads on."""

import re
import shutil
from pathlib import Path

import pytest

from rembug.programs.pack import PackFaults, load_city
from rembug.regions.models import City

BONTANG = Path(__file__).resolve().parent.parent / "cities" / "bontang"


@pytest.mark.fault("attack-15", "item-26")
@pytest.mark.parametrize("host", ["evil.example", "x" * 300, "a b", "kota.example:99999x", "[::1"])
@pytest.mark.parametrize("path", ["/", "/uji/", "/tidak-ada/", "/static/x.css"])
def test_a_foreign_host_is_a_short_400(cast, client, host, path):
    client.raise_request_exception = False
    answer = client.get(path, headers={"host": host})
    assert answer.status_code == 400
    assert "tidak dilayani" in answer.content.decode() and len(answer.content) < 200


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "kota"
    shutil.copytree(BONTANG, made)
    return made


def _rename(folder, slug):
    file = folder / "kota.toml"
    text = re.sub(r'(?m)^slug = ".*"', f'slug = "{slug}"', file.read_text())
    file.write_text(text)


@pytest.mark.fault("attack-20", "item-26")
def test_a_printed_address_leads_on_after_the_city_is_renamed(db, client, folder):
    load_city(folder)
    said: list[str] = []
    _rename(folder, "bontang-baru")
    load_city(folder, said.append)
    assert any("bontang-baru" in line and "alamat lama" in line for line in said)
    answer = client.get("/bontang/rt/64.74.01.1001.001.001/?tahun=2026")
    assert answer.status_code == 301
    assert answer["Location"] == "/bontang-baru/rt/64.74.01.1001.001.001/?tahun=2026"
    assert client.get("/bontang/")["Location"] == "/bontang-baru/"
    assert client.get("/bontang")["Location"] == "/bontang-baru/"
    # A second name, and back to the first: every name that was ever printed leads there.
    _rename(folder, "bontang-lagi")
    load_city(folder)
    assert client.get("/bontang/peta/")["Location"] == "/bontang-lagi/peta/"
    _rename(folder, "bontang")
    load_city(folder)
    city = City.objects.get()
    assert city.old_slugs == ["bontang-baru", "bontang-lagi"]
    assert client.get("/bontang/").status_code == 200
    assert client.get("/bontang-lagi/peta/")["Location"] == "/bontang/peta/"
    assert client.get("/entah/").status_code == 404


@pytest.mark.fault("attack-20")
def test_no_other_city_takes_a_name_that_is_printed(db, folder):
    City.objects.create(code="99.71", slug="uji", name="Uji", old_slugs=["bontang"])
    with pytest.raises(PackFaults, match="kode QR"):
        load_city(folder)
