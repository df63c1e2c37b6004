"""One table of typed text, and what each kind of number makes of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembug.core import numbers
from rembug.core.rupiah import LARGEST

pytestmark = pytest.mark.fault("numbers", "report-06", "report-07", "screen-A23", "item-5")

READERS = {
    "rupiah": numbers.rupiah,
    "count": numbers.count,
    "volume": numbers.volume,
    "percent": numbers.percent,
}

# What was typed: the value as rupiah, count, volume (thousandths) and percent (hundredths). A text is a
# refusal that holds these words, `no` any refusal.
no = ""
TABLE = {
    # whole numbers
    "0": (0, 0, "lebih dari nol", 0),
    "12": (12, 12, 12_000, 1_200),
    "1250000": (1_250_000, 1_250_000, 1_250_000_000, no),
    # the point parts thousands, everywhere
    "1.000": (1000, 1000, 1_000_000, "0 sampai 100"),
    "9.999": (9999, 9999, 9_999_000, no),
    "10.000": (10_000, 10_000, 10_000_000, no),
    "100.000": (100_000, 100_000, 100_000_000, no),
    "1.250.000": (1_250_000, 1_250_000, 1_250_000_000, no),
    "1 250 000": (1_250_000, 1_250_000, 1_250_000_000, no),
    "1\u00a0250\u00a0000": (1_250_000, 1_250_000, 1_250_000_000, no),
    "1\u202f000": (1000, 1000, 1_000_000, no),
    "\u20681.000\u2069": (1000, 1000, 1_000_000, no),
    # the comma begins the fraction
    "0,5": ("bukan pecahan", "bukan pecahan", 500, 50),
    "2,5": ("tanpa sen", "bilangan bulat", 2500, 250),
    "0,125": (no, no, 125, "2 angka di belakang koma"),
    "1.234,5": ("tanpa sen, misalnya 1.234", "misalnya 1.234", 1_234_500, no),
    "1000,500": (no, no, 1_000_500, no),
    "1.000,000": (1000, 1000, 1_000_000, no),
    "0,0001": (no, no, "3 angka di belakang koma", no),
    ",5": (no, no, "Tulis 0,5", "Tulis 0,5"),
    # money as it is written on receipts
    "Rp 1.250.000,00": (1_250_000, no, no, no),
    "Rp. 1.000.000,-": (1_000_000, no, no, no),
    "Rp 17.500.000,-": (17_500_000, no, no, no),
    "Rp.1.000.000,--": (1_000_000, no, no, no),
    "rp1000": (1000, no, no, no),
    "IDR 5000": (5000, no, no, no),
    "1.000.000 rupiah": (1_000_000, no, no, no),
    "1.250,50": ("tanpa sen, misalnya 1.250", no, 1_250_500, no),
    # words for thousands and millions
    "Rp1 jt": (1_000_000, no, no, no),
    "1,5 jt": (1_500_000, 1_500_000, 1_500_000_000, no),
    "2 juta": (2_000_000, 2_000_000, 2_000_000_000, no),
    "50 ribu": (50_000, 50_000, 50_000_000, no),
    "50rb": (50_000, 50_000, 50_000_000, no),
    "1,25 miliar": (1_250_000_000, 1_250_000_000, 1_250_000_000_000, no),
    "0,0005 rb": ("bukan pecahan", "bukan pecahan", 500, no),
    # a point that parts no thousands: refused with what to write
    "0.5": (no, no, "Maksudnya 0,5?", "Maksudnya 0,5?"),
    "0.500": (no, no, "Maksudnya 0,5?", "Maksudnya 0,5?"),
    ".500": (no, no, "Maksudnya 0,5?", "Maksudnya 0,5?"),
    "1.5": (no, no, "Maksudnya 1,5?", "Maksudnya 1,5?"),
    "12.50": (no, no, "Maksudnya 12,5?", "Maksudnya 12,5?"),
    "1.5 jt": ("Maksudnya 1,5 jt?", "Maksudnya 1,5 jt?", "Maksudnya 1,5 jt?", no),
    "1000.000": ("1.000.000", "1.000.000", "1.000 atau 1.000.000", no),
    "12345.678": ("12.345.678", "12.345.678", "12.345,678 atau 12.345.678", no),
    "1 50 000": ("150.000", "150.000", "150.000", no),
    "1..000": ("1.000", "1.000", "1.000", no),
    "1.250 000": (no, no, no, no),
    "1,250,000": ("1.250.000", "1.250.000", "1.250.000", no),
    "1,250.00": ("1.250", "1.250", "1.250", no),
    "75000.0": (no, no, "75.000", no),
    # two ways to read it: asked with both
    "1,500": ("1.500", "1.500", "Tulis 1,5 atau 1.500", 150),
    "2,125": ("2.125", "2.125", "Tulis 2,1250 atau 2.125", no),
    "1,000": ("Tulis 1 atau 1.000", "Tulis 1 atau 1.000", "Tulis 1 atau 1.000", 100),
    "12,500": ("12.500", "12.500", "Tulis 12,5 atau 12.500", 1250),
    "1.500 jt": ("Tulis 1,5 jt atau 1.500.000.000", no, no, no),
    "1,500 jt": ("Tulis 1,5 jt atau 1.500.000.000", no, no, no),
    "1.250 ribu": ("Tulis 1,25 ribu atau 1.250.000", no, no, no),
    "1 M": ("1 juta atau 1 miliar", no, no, no),
    "05": ("Tulis 5", "Tulis 5", "Tulis 5 atau 0,5", no),
    "0500": ("Tulis 500", "Tulis 500", "Tulis 500 atau 0,5", no),
    # signs, other figures, words
    "-5": ("kurang dari nol", "kurang dari nol", "kurang dari nol", "kurang dari nol"),
    "\u22125": ("kurang dari nol",) * 4,
    "(5)": ("kurang dari nol",) * 4,
    "-Rp5.000": ("kurang dari nol", no, no, no),
    "٣": ("angka 0 sampai 9",) * 4,
    "１２": ("angka 0 sampai 9",) * 4,
    "½": ("angka 0 sampai 9",) * 4,
    "5 orang": ('tanpa "orang"',) * 4,
    "12 zak": ('tanpa "zak"',) * 4,
    "1.000,-/zak": ('Tulis angkanya saja: 1.000, tanpa ",-/zak"', no, no, no),
    "12,5%": (no, no, no, 1250),
    "1e5": (no,) * 4,
    "1_000": (no,) * 4,
    "0x10": (no,) * 4,
    "1-2": (no,) * 4,
    "nan": (no,) * 4,
    "": (no,) * 4,
    "Rp": (no,) * 4,
    "dua": (no,) * 4,
    "9" * 16: ("terlalu besar", "terlalu besar", "terlalu besar", no),
    "9" * 5001: (no,) * 4,
    "100": (100, 100, 100_000, 10_000),
    "100,01": (no, no, 100_010, "0 sampai 100"),
}
CELLS = [
    (text, kind, right)
    for text, rights in TABLE.items()
    for kind, right in zip(READERS, rights, strict=True)
]


@pytest.mark.parametrize(("text", "kind", "right"), CELLS, ids=lambda v: str(v)[:24])
def test_what_is_typed_is_read_or_refused_in_words(text, kind, right):
    if isinstance(right, int):
        assert READERS[kind](text) == right
        return
    with pytest.raises(ValueError, match=re.escape(right)) as told:
        READERS[kind](text)
    assert re.search("[a-z]{4}", str(told.value)) and str(told.value)[-1] in ".?"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("-7.8166", -7.8166),
        ("-7,8166", -7.8166),
        ("112.500", 112.5),
        ("112", 112.0),
        ("−7,8°", -7.8),
        ("nan", None),
        ("inf", None),
        ("1e2", None),
        ("-7.8166, 112.0114", None),
        ("1.000.000", None),
        ("٧", None),
    ],
)
def test_degrees_are_read_as_maps_write_them(text, right):
    if right is None:
        with pytest.raises(ValueError, match="-7,8166"):
            numbers.degrees(text)
    else:
        assert numbers.degrees(text) == right


def test_a_count_keeps_its_limits():
    assert numbers.count("2.026", 2000, 2100) == 2026
    with pytest.raises(ValueError, match=re.escape("2.000 sampai 2.100")):
        numbers.count("206", 2000, 2100)


@given(st.integers(1, LARGEST))
def test_what_is_shown_is_read_again_as_the_same(value):
    assert numbers.rupiah(numbers.show(value)) == value
    assert numbers.volume(numbers.show(value, 3)) == value
    assert numbers.percent(numbers.show(value % 10_001, 2)) == value % 10_001


@given(st.text("0123456789., -RpjtribM\u00a0", max_size=14))
def test_nothing_typed_is_an_accident(text):
    """Every text is a number or a refusal; one without a word and a decimal comma is its own figures."""
    for reader in READERS.values():
        try:
            value = reader(text)
        except ValueError:
            continue
        figures = re.sub(r"\D", "", text)
        if reader is numbers.count and not re.search("[a-z,]", text, re.IGNORECASE):
            assert value == int(figures)
        assert 0 <= value <= LARGEST


def test_keys_come_back_from_pages_as_they_were():
    read = [numbers.machine(text) for text in ("12", "1.000", "-1", "", None, "²", "٣", "9" * 16)]
    assert read == [12, 0, 0, 0, 0, 0, 0, 0]
    assert numbers.machine("x", -1) == -1
