from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rembug.files import rules

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WITA = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"\xff\xd8\xff\xe1....", "JPEG"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"RIFF....WEBPVP8 ", "WEBP"),
        (b"RIFF....WAVEfmt ", ""),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"\x00\x00\x00\x18ftypmp42", ""),
        (b"GIF89a", "GIF"),
        (b"%PDF-1.7", "PDF"),
        (b" %PDF-1.7", ""),
        (b"<svg xmlns=", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(head, form):
    assert rules.image_format(head) == form


@pytest.mark.parametrize(
    ("size", "word"),
    [(0, "kosong"), (1, None), (1000, None), (1001, "paling besar")],
)
def test_size_limits(size, word):
    faults = rules.size_faults(size, 1000)
    assert not faults if word is None else word in faults[0]


def test_a_megabyte_too_much_is_told_in_megabytes():
    (fault,) = rules.size_faults(25 * 1048576 + 1, rules.MAX_IMAGE_BYTES)
    assert "26 MB" in fault
    assert "25 MB" in fault


@pytest.mark.parametrize(
    ("lat", "north", "lon", "east", "point"),
    [
        ((7, 30, 36), "S", (112, 0, 18), "E", (-7.51, 112.005)),
        ((0, 6, 36), "N", (117, 30, 0), "E", (0.11, 117.5)),  # almost on the equator is real
        ((7, 30, 36), "S", (112, 0, 18), "W", (-7.51, -112.005)),
        ((0, 0, 0), "N", (0, 0, 0), "E", None),
        ((0, 0, 20), "N", (0, 0, 20), "W", None),
        ((91, 0, 0), "N", (112, 0, 0), "E", None),
        ((90, 30, 0), "N", (112, 0, 0), "E", None),
        ((7, 0, 0), "S", (180, 0, 1), "E", None),
        ((7, 60, 0), "S", (112, 0, 0), "E", None),
        ((7, -1, 0), "S", (112, 0, 0), "E", None),
        ((4294967295, 0, 0), "S", (112, 0, 0), "E", None),
        ((float("nan"), 0, 0), "S", (112, 0, 0), "E", None),
        ((7, float("nan"), 0), "S", (112, 0, 0), "E", None),
        ((7, 0), "S", (112, 0, 0), "E", None),
        (None, "S", (112, 0, 0), "E", None),
        ((7, 0, 0), "", (112, 0, 0), "E", None),
        ((7, 0, 0), "NS", (112, 0, 0), "E", None),
    ],
)
def test_a_place_is_signed_degrees_or_nothing(lat, north, lon, east, point):
    assert rules.place(lat, north, lon, east) == (point and pytest.approx(point))


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("", "waktu_tidak_ada"),
        ("    :  :     :  :  ", "waktu_tidak_ada"),
        ("0000:00:00 00:00:00", "waktu_tidak_ada"),
        ("1999:99:99 99:99:99", "waktu_rusak"),
        ("2026-11-20 09:15:00", "waktu_rusak"),
        ("kemarin", "waktu_rusak"),
        ("1999:12:31 23:59:59", "waktu_terlalu_lama"),
        ("2039:01:01 00:00:00", "waktu_masa_depan"),
        ("2026:11:22 20:00:01", "waktu_masa_depan"),  # a day and a second ahead, in WITA
    ],
)
def test_a_time_that_cannot_be_is_flagged(text, flag):
    assert rules.moment(text, WITA, NOW) == (None, flag)
    assert flag in rules.FLAGS


def test_a_time_is_read_in_the_zone_of_the_city():
    taken, flag = rules.moment("2026:11:20 08:00:00", WITA, NOW)
    assert (taken, flag) == (datetime(2026, 11, 20, tzinfo=UTC), "")
    assert taken.utcoffset() == timedelta(hours=8)


def test_a_clock_may_run_a_day_ahead():
    taken, flag = rules.moment("2026:11:22 20:00:00", WITA, NOW)
    assert taken == NOW + timedelta(days=1)
    assert not flag


def test_a_fingerprint_has_a_bit_for_each_step_up():
    row = bytes([5, 6, 5, 6, 5, 6, 5, 6, 5])  # up, down, up ... = 10101010
    assert rules.fingerprint(row * 8) == 0xAAAAAAAAAAAAAAAA - (1 << 64)
    other = bytes([5, 4, 5, 4, 5, 4, 5, 4, 5])
    assert rules.fingerprint(other * 8) == 0x5555555555555555
    assert rules.distance(rules.fingerprint(row * 8), rules.fingerprint(other * 8)) == 64


@pytest.mark.parametrize("gray", [bytes(72), bytes([200] * 72), bytes(range(9)) * 8])
def test_a_picture_without_structure_has_no_fingerprint(gray):
    assert rules.fingerprint(gray) is None


@pytest.mark.parametrize(("a", "b", "bits"), [(0, 0, 0), (-1, 0, 64), (5, 6, 2), (-1, -2, 1)])
def test_distance_counts_bits_across_the_sign(a, b, bits):
    assert rules.distance(a, b) == rules.distance(b, a) == bits


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("IMG_0001.JPG", "IMG_0001.JPG"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Foto\balai rw.jpg", "balai rw.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("..", "berkas"),
        ("", "berkas"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(given, kept):
    assert rules.clean_name(given) == kept
