"""What the book says: ceilings, shares, forbidden things, prices, tranches. By tables."""

import doctest

import pytest

from rembug.programs import rules
from rembug.programs.bookchecks import read_book
from rembug.programs.pack.files import Folder
from rembug.programs.rules import (
    Line,
    cap_faults,
    ceiling_for,
    composition,
    composition_faults,
    item_faults,
    mandatory_faults,
    price_state,
    tranche_amounts,
)
from rembug.programs.tests.conftest import CITIES

TIERS = [
    {"min": 0, "max": 59, "amount": 50},
    {"min": 60, "max": 99, "amount": 70},
    {"min": 100, "amount": 100},
]


def shipped(city: str, program: str, version: str):
    """The book of a city that comes with the product."""
    toml = Folder(CITIES / city).toml(f"program/{program}.toml")
    data = next(row for row in toml.data["ruleset"] if row["version"] == version)
    own = ("version", "first_year", "last_year", "citation", "legal_url")
    book, faults = read_book({k: v for k, v in data.items() if k not in own})
    assert not faults
    return book


def test_the_examples_in_the_rules_hold():
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize(
    ("households", "expected"), [(0, 50), (59, 50), (60, 70), (99, 70), (100, 100), (5000, 100)]
)
def test_ceiling_by_households(book_of, households, expected):
    book = book_of(ceiling={"kind": "by_households", "tiers": TIERS})
    assert ceiling_for(book, households) == expected


def test_a_flat_ceiling_is_the_same_for_all(book_of):
    assert ceiling_for(book_of(), 3) == ceiling_for(book_of(), 300) == 50_000_000


@pytest.mark.parametrize("rts", [1, 3, 7])
def test_an_amount_per_rw_is_split_to_the_last_rupiah(book_of, rts):
    book = book_of(ceiling={"kind": "per_rw", "amount": 100_000_000})
    parts = [ceiling_for(book, 50, rts, nth) for nth in range(rts)]
    assert sum(parts) == 100_000_000
    assert max(parts) - min(parts) <= 1


@pytest.mark.parametrize(
    ("amount", "state", "words"),
    [
        (30_000_000, "ok", "Sesuai."),
        (29_999_999, "low", "Tambah Rp1. Paling sedikit Rp30.000.000. (pasal 6)"),
        (50_000_000, "ok", "Sesuai."),
        (50_000_001, "over", "Kurangi Rp1. Paling banyak Rp50.000.000. (pasal 6)"),
    ],
)
def test_a_share_against_its_range(book_of, amount, state, words):
    infra = composition(book_of(), 50_000_000, {"infra": amount})[0]
    assert (infra.state, words in infra.sentence) == (state, True), infra.sentence
    assert infra.blocking == (state != "ok")


def test_states_of_percent_amount_and_freedom(book_of):
    rows = composition(
        book_of(), 50_000_000, {"social": 15_000_001, "admin": 500_001, "youth": 9_000_000}
    )
    assert [row.state for row in rows] == ["low", "over", "over", "free"]
    assert [row.most for row in rows] == [50_000_000, 15_000_000, 500_000, 50_000_000]
    assert rows[1].percent == 30.0
    assert rows[3].bid == "muda"


def test_fields_may_share_one_range(book_of):
    joint = [{"title": "Sosial dan pemuda", "fields": ["social", "youth"], "max_percent": 40}]
    book = book_of(groups=joint)
    fair = composition(book, 50_000_000, {"social": 12_000_000, "youth": 8_000_000})[-1]
    over = composition(book, 50_000_000, {"social": 12_000_000, "youth": 8_000_001})[-1]
    assert (fair.state, over.state) == ("ok", "over")
    assert over.fields == ("social", "youth")


def test_a_statement_turns_a_missing_share_into_advice(book_of):
    book = book_of(share_waiver="pernyataan")
    asked = composition(book, 50_000_000, {})[0]
    waived = composition(book, 50_000_000, {}, {"pernyataan"})[0]
    assert asked.blocking and "lampirkan surat pernyataan" in asked.sentence
    assert (waived.state, waived.blocking) == ("low", False)


def test_a_statement_never_lifts_an_upper_limit(book_of):
    book = book_of(share_waiver="pernyataan")
    rows = composition(book, 50_000_000, {"social": 20_000_000}, {"pernyataan"})
    assert rows[1].blocking


def test_faults_of_a_division_block_before_advice(book_of):
    remarks = composition_faults(book_of(), 50_000_000, {"infra": 30_000_000, "social": 16_000_000})
    assert [remark.blocking for remark in remarks] == [True, False]
    assert "Kurangi Rp1.000.000" in str(remarks[0])
    assert "Masih ada Rp4.000.000" in str(remarks[1])


def test_a_proposal_above_the_ceiling_blocks(book_of):
    remarks = composition_faults(book_of(), 50_000_000, {"infra": 40_000_000, "youth": 11_200_000})
    assert "Kurangi Rp1.200.000. Pagu RT ini Rp50.000.000." in str(remarks[0])


def test_an_unknown_field_blocks(book_of):
    remarks = composition_faults(book_of(), 50_000_000, {"infra": 50_000_000, "sport": 0})
    assert any("sport" in str(remark) and remark.blocking for remark in remarks)


def test_the_real_split_of_an_rt_obeys_its_rules():
    """Joint 28; infra 9.5; health 22; social 12; economy 15; education 8; youth 4; admin 1.5."""
    book = shipped("kediri", "prodamas-plus", "TA2022")
    amounts = {
        "infra_joint": 28_000_000,
        "infra": 9_500_000,
        "health": 22_000_000,
        "social": 12_000_000,
        "economy": 15_000_000,
        "education": 8_000_000,
        "youth": 4_000_000,
        "admin": 1_500_000,
    }
    assert composition_faults(book, 100_000_000, amounts) == []
    amounts |= {"infra": 11_000_000, "infra_joint": 24_000_000, "admin": 1_500_001}
    states = {row.code: row.state for row in composition(book, 100_000_000, amounts)}
    assert (states["infra"], states["infra_joint"], states["admin"]) == ("over", "low", "over")


def test_the_duties_of_an_rt_are_named_until_met_or_exempted():
    book = shipped("kediri", "prodamas-plus", "TA2022")
    assert len(mandatory_faults(book, [])) == 4
    lines = [
        Line("health", "PMT balita Posyandu", 2_000_000),
        Line("social", "Kegiatan PKK", 1_000_000),
        Line("economy", "Pelatihan menjahit", 6_000_000),
    ]
    assert len(mandatory_faults(book, lines)) == 1
    assert mandatory_faults(book, lines, {"pernyataan_jkn"}) == []
    lines[0] = Line("health", "PMT balita Posyandu", 2_500_000)
    assert "paling banyak Rp2.000.000" in str(mandatory_faults(book, lines, {"pernyataan_jkn"})[0])


@pytest.mark.parametrize(
    ("name", "blocked"),
    [
        ("Bagi uang untuk warga", True),
        ("BANTUAN TUNAI lansia", True),
        ("Bantuan beras", False),
        ("Pot bunga gang", True),
        ("Potong rumput lapangan", False),
    ],
)
def test_forbidden_words_are_whole_words(name, blocked):
    book = shipped("kediri", "prodamas-plus", "TA2024")
    remarks = item_faults(book, "infra", name, 1_000_000)
    assert any(remark.blocking for remark in remarks) == blocked


def test_caps_count_pieces_and_prices():
    book = shipped("kediri", "prodamas-plus", "TA2022")
    three, one = Line("social", "CCTV gang", 4_500_000, 3), Line("social", "Kamera CCTV", 1, 1)
    assert cap_faults(book, [three]) == []
    assert "paling banyak 3 buah" in str(cap_faults(book, [three, one])[0])
    dear = item_faults(book, "education", "Paket sekolah", 3_010_000, count=10, price=301_000)
    assert "Rp300.000" in str(dear[0]) and "Rp1.000" in str(dear[0])
    fair = item_faults(book, "education", "Paket sekolah", 3_000_000, count=10, price=300_000)
    assert fair == []


def test_a_kind_of_activity_belongs_to_its_field_and_brings_its_papers(book_of):
    items = [{"code": "mck", "field": "infra", "title": "MCK", "needs": ["izin"]}]
    book = book_of(items=items, closed_list=True)
    assert item_faults(book, "infra", "MCK umum", 1, item="mck") == []
    assert item_faults(book, "infra", "MCK umum", 1, item="mck", papers=["izin"]) == []
    missing = item_faults(book, "infra", "MCK umum", 1, item="mck", papers=[])
    assert str(missing[0]) == "Lampirkan izin lahan."
    wrong = item_faults(book, "social", "MCK umum", 1, item="mck")
    assert "masuk bidang Infrastruktur" in str(wrong[0])
    assert "Pilih jenis kegiatan" in str(item_faults(book, "infra", "Menara", 1)[0])
    assert item_faults(book, "social", "Kerja bakti", 1) == []


@pytest.mark.parametrize(
    ("price", "standard", "quotes", "state"),
    [
        (148_500, 148_500, 0, "ok"),
        (148_501, 148_500, 0, "above"),
        (89_100, 148_500, 0, "ok"),
        (89_099, 148_500, 0, "low"),
        (500, None, 3, "ok"),
        (500, None, 2, "quotes"),
    ],
)
def test_a_price_against_the_standard(book_of, price, standard, quotes, state):
    assert price_state(book_of(), price, standard, quotes)[0] == state


def test_a_city_may_only_warn_above_the_standard(book_of):
    book = book_of(prices={"above_standard": "warn", "article": "pasal 12"})
    state, sentence = price_state(book, 11, 10)
    assert (state, "(pasal 12)" in sentence) == ("high", True)


@pytest.mark.parametrize("value", [0, 1, 2, 99, 9_500_000, 100_000_001])
def test_tranches_add_up_to_the_contract(book_of, value):
    amounts = tranche_amounts(book_of(), value)
    assert sum(amounts) == value
    assert min(amounts) >= 0
    assert len(amounts) == 3
