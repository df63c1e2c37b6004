"""Folders no spreadsheet would write: each ends in words, at its line, and never in a traceback."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from rembug.programs.pack import PackFaults, read_pack
from rembug.programs.pack.files import MOST_FAULTS
from rembug.programs.tests.conftest import CITIES
from rembug.regions.models import City

pytestmark = pytest.mark.django_db
DEEP = "[" * 20_000 + "]" * 20_000
DIGITS = "9" * 5_001


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "kota"
    shutil.copytree(CITIES / "bontang", made)
    return made


def _add(folder, name, text):
    file = folder / name
    file.write_text(file.read_text() + text)


@pytest.mark.fault("attack-20", "item-26")
@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("wilayah.csv", "64.74.01.1001,1,1,5," + "x" * 200_000 + "\n", "huruf"),
        ("kalender.csv", '2026-01-01,"' + "x" * 200_000 + '",nasional\n', "huruf"),
        ("kota.toml", f"\nx = {DEEP}\n", "terlalu dalam"),
        ("kota.toml", f"\nx = {DIGITS}\n", "terlalu panjang"),
        ("kota.toml", "\nx = " + "{a=" * 20_000 + "1" + "}" * 20_000 + "\n", "kota.toml"),
        ("wilayah.csv", "64.74.01.1001,1,1,5,Jalan\0Satu\n", "U+0000"),
        ("kota.toml", '\nx = "a\0b"\n', "U+0000"),
    ],
)
def test_it_ends_in_words(folder, name, text, words):
    _add(folder, name, text)
    with pytest.raises(CommandError) as refused:
        call_command("load_city", str(folder))
    said = str(refused.value)
    assert words in said and name in said and len(said) < 60_000
    assert not City.objects.exists()


@pytest.mark.parametrize("what", [DEEP, f'{{"features": [{DIGITS}]}}', f'{{"features": {DEEP}}}'])
def test_boundaries_too(folder, what):
    (folder / "batas.geojson").write_text(what)
    with pytest.raises(PackFaults, match="batas.geojson"):
        read_pack(folder)


def test_a_corner_of_four_hundred_digits(folder):
    ring = f"[[{'9' * 400}, 1], [1, 1], [1, 2], [{'9' * 400}, 1]]"
    shape = f'{{"type": "Polygon", "coordinates": [{ring}]}}'
    text = f'{{"properties": {{"kode": "64.74"}}, "geometry": {shape}}}'
    (folder / "batas.geojson").write_text(f'{{"features": [{text}]}}')
    with pytest.raises(PackFaults, match="lintang"):
        read_pack(folder)


@pytest.mark.fault("attack-20", "item-26")
def test_of_a_hundred_thousand_bad_rows_the_first_are_told(folder):
    _add(folder, "wilayah.csv", "99.99.99.9999,x,y,z,\n" * 100_000)
    with pytest.raises(PackFaults) as refused:
        read_pack(folder)
    assert len(refused.value.faults) <= MOST_FAULTS
    assert refused.value.stopped and "mungkin masih ada" in str(refused.value)
