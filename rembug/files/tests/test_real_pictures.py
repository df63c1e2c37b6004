"""Pictures from real phones and real accidents, each with what must happen to it."""

import csv
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from PIL import Image

from rembug.core.refusal import Refused
from rembug.files import pictures, storage
from rembug.files.models import File
from rembug.files.services import audit, store_image
from rembug.files.tests.conftest import upload

CUT, HEIC = "rusak atau terpotong", "Paling Kompatibel"
NO_GPS, ODD_GPS = "gps_tidak_ada", "gps_tidak_masuk_akal"
NO_TIME, FUTURE = "waktu_tidak_ada", "waktu_masa_depan"

# A sentence: refused with it. A list: taken, with these flags.
EXPECTED = {
    # Its coded picture data was left out where it was published; what it tells is tested below.
    "pixel6_gps_ultrahdr.jpg": CUT,
    "xiaomi_gps_kosong_orientasi6.jpg": [NO_GPS],
    "exif_gps_tak_masuk_akal.jpg": [ODD_GPS, FUTURE],
    "orientasi_3.jpg": [NO_GPS, NO_TIME],
    "orientasi_6.jpg": [NO_GPS, NO_TIME],
    "orientasi_8.jpg": [NO_GPS, NO_TIME],
    "terpotong.jpg": CUT,
    "exif_rusak.jpg": [NO_GPS, NO_TIME],
    "bom_dekompresi.gif": "GIF tidak diterima",
    "profil_icc_besar.jpg": [NO_GPS, NO_TIME],
    "cmyk.jpg": [NO_GPS],
    "stereo.mpo": [NO_GPS],
    "iphone_xs_gps.heic": HEIC,
    "terpotong.heic": HEIC,
    "rusak.heic": HEIC,
    "kosong_0_byte.jpg": "kosong",
    "sintetis_15.71_15.71.09.1002.jpg": [],
    "sintetis_16.73_16.73.08.1009.jpg": [],
    "sintetis_35.71_35.71.02.1017.jpg": [],
    "sintetis_36.74_36.74.01.1004.jpg": [],
    "sintetis_62.71_62.71.05.1002.jpg": [],
    "sintetis_64.74_64.74.02.1003.jpg": [],
    "sintetis_tanpa_gps.jpg": [NO_GPS],
    "sintetis_gps_nol.jpg": [ODD_GPS],
    "sintetis_tanggal_masa_depan.jpg": [FUTURE],
    "poliglot_jpeg_zip.jpg": [NO_GPS, "data_tambahan"],
    "teks_mengaku_png.png": "bukan foto",
}


@pytest.fixture
def folder(data_dir):
    return data_dir / "foto"


def test_every_picture_of_the_list_has_its_expectation(folder):
    with (folder / "daftar.csv").open() as lines:
        assert {row["berkas"] for row in csv.DictReader(lines)} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_picture_is_taken_or_refused_as_it_should(city, folder, name):
    content, expected = (folder / name).read_bytes(), EXPECTED[name]
    if isinstance(expected, str):
        with pytest.raises(Refused) as refusal:
            store_image(city, upload(content, name))
        assert expected in refusal.value.reasons[0]
        assert not File.objects.exists()
        return
    stored = store_image(city, upload(content, name))
    assert stored.flags == expected
    assert (stored.lat is None) == any(flag.startswith("gps") for flag in expected)
    assert (stored.taken_at is None) == any(flag.startswith("waktu") for flag in expected)
    shown = Image.open(storage.public_path(city.code, stored.file.sha256))
    assert not shown.getexif()
    assert shown.mode == "RGB"
    assert audit(city) == []


@pytest.mark.parametrize(
    ("name", "lat", "lon", "size"),
    [
        ("sintetis_35.71_35.71.02.1017.jpg", -7.854129, 112.023351, (640, 480)),
        ("sintetis_36.74_36.74.01.1004.jpg", -6.293055, 106.676219, (480, 640)),
        ("sintetis_64.74_64.74.02.1003.jpg", 0.111092, 117.481400, (480, 640)),
    ],
)
def test_where_and_when_a_phone_took_it(city, folder, name, lat, lon, size):
    stored = store_image(city, upload((folder / name).read_bytes(), name))
    assert (stored.lat, stored.lon) == pytest.approx((lat, lon), abs=1e-6)
    assert stored.taken_at == datetime(2026, 3, 2, 9, 15, tzinfo=ZoneInfo("Asia/Makassar"))
    assert (stored.file.width, stored.file.height) == size


def test_a_real_phone_tells_where_it_was(folder):
    content = (folder / "pixel6_gps_ultrahdr.jpg").read_bytes()
    zone = ZoneInfo("Asia/Makassar")
    told = pictures.told(pictures.opened(content), content, zone=zone, now=timezone.now())
    assert (told.lat, told.lon) == pytest.approx((30.627650, 119.738767), abs=1e-6)
    assert told.taken_at == datetime(2024, 5, 7, 9, 33, 4, tzinfo=zone)


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_turned_pictures_all_show_the_same(city, folder, turn):
    """The same scene was stored in three ways; upright they are alike."""
    file = store_image(city, upload((folder / f"orientasi_{turn}.jpg").read_bytes())).file
    first = store_image(city, upload((folder / "orientasi_3.jpg").read_bytes())).file
    shown, other = (
        Image.open(storage.public_path(city.code, each.sha256)).convert("L").resize((4, 4))
        for each in (file, first)
    )
    assert list(shown.tobytes()) == pytest.approx(list(other.tobytes()), abs=12)
