"""What the book says: ceilings, shares, forbidden things, prices, tranches. By tables."""

import doctest

import pytest

from rembug.programs import kinds, rules
from rembug.programs.bookchecks import read_book
from rembug.programs.kinds import (
    Use,
    kind_faults,
    limits_of,
    suggested,
    total_faults,
    use_faults,
    word_remarks,
)
from rembug.programs.oldbooks import upgraded
from rembug.programs.pack.files import Folder
from rembug.programs.rules import (
    ceiling_for,
    composition,
    composition_faults,
    price_state,
    tranche_amounts,
)
from rembug.programs.tests.conftest import CITIES, plain_book

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
    assert doctest.testmod(rules).failed == doctest.testmod(kinds).failed == 0
    assert doctest.testmod(kinds).attempted


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


def test_a_statement_leaves_upper_limits_that_do_not_stand_in_the_way(book_of):
    """Fields without a range take the rest, so the largest share of another one stays."""
    book = book_of(share_waiver="pernyataan")
    rows = composition(book, 50_000_000, {"social": 20_000_000}, {"pernyataan"})
    assert rows[1].blocking


TWO = [
    {"code": "infra", "title": "Infrastruktur", "icon": "b-infra", "min_percent": 60},
    {"code": "social", "title": "Sosial", "icon": "b-sos", "max_percent": 40},
    {"code": "admin", "title": "Administrasi", "icon": "b-adm", "max_percent": 1},
]


@pytest.mark.fault("item-19")
@pytest.mark.parametrize(
    ("infra", "social", "admin", "over"),
    [
        (5_000_000, 44_500_000, 500_000, []),
        (5_000_000, 45_000_000, 0, []),
        # What became free is all that is added, and the smaller limit stays.
        (5_000_000, 45_000_001, 0, ["social"]),
        (5_000_000, 44_000_000, 500_001, ["admin"]),
        # Nothing is lifted where nothing is missing.
        (30_000_000, 20_000_001, 0, ["social"]),
    ],
)
def test_a_statement_lifts_the_largest_share_it_makes_unreachable(
    book_of, infra, social, admin, over
):
    book = book_of(fields=TWO, share_waiver="pernyataan")
    amounts = {"infra": infra, "social": social, "admin": admin}
    rows = composition(book, 50_000_000, amounts, {"pernyataan"})
    assert [row.code for row in rows if row.state == "over"] == over
    without = composition(book, 50_000_000, amounts)
    assert any(row.blocking for row in without)


@pytest.mark.fault("item-19")
def test_a_joint_share_is_lifted_with_the_fields_it_joins(book_of):
    fields = [TWO[0], TWO[1] | {"max_percent": 30}, {**TWO[2], "code": "youth", "max_percent": 30}]
    joint = [{"title": "Sosial dan pemuda", "fields": ["social", "youth"], "max_percent": 40}]
    book = book_of(fields=fields, groups=joint, share_waiver="pernyataan")
    amounts = {"social": 40_000_000, "youth": 10_000_000}
    assert all(
        row.state != "over" for row in composition(book, 50_000_000, amounts, {"pernyataan"})
    )
    assert sum(row.blocking for row in composition(book, 50_000_000, amounts)) == 3


@pytest.mark.fault("item-19")
def test_the_real_exemptions_of_the_first_programme_hold():
    for version, rest in (("TA2015", "social_economy"), ("TA2017", "social")):
        book = shipped("kediri", "prodamas", version)
        amounts = {"infra": 5_000_000, rest: 44_500_000}
        assert any(one.blocking for one in composition_faults(book, 50_000_000, amounts))
        said = composition_faults(book, 50_000_000, amounts, {"pernyataan_bidang"})
        assert not any(one.blocking for one in said), said


@pytest.mark.fault("item-19")
def test_a_field_that_every_proposal_must_contain_is_asked_until_stated(book_of):
    fields = [*plain_book()["fields"][:3], plain_book()["fields"][3] | {"required": True}]
    book = book_of(fields=fields, share_waiver="pernyataan")
    fair = {"infra": 40_000_000, "youth": 1}
    lacking = {"infra": 40_000_000}
    assert not any("setiap usulan" in str(one) for one in composition_faults(book, 5, fair))
    asked = [one for one in composition_faults(book, 5, lacking) if "setiap usulan" in str(one)]
    assert asked[0].blocking and "lampirkan surat pernyataan" in str(asked[0])
    stated = composition_faults(book, 5, lacking, {"pernyataan"})
    assert [one.blocking for one in stated if "dengan surat pernyataan" in str(one)] == [False]


@pytest.mark.fault("item-19")
def test_all_six_fields_are_a_duty_of_the_programme_of_2022():
    book = shipped("kediri", "prodamas-plus", "TA2022")
    said = composition_faults(book, 100_000_000, {"infra_joint": 25_000_000})
    for title in ("Kesehatan", "Sosial budaya", "Ekonomi", "Pendidikan", "Kepemudaan"):
        assert any(title in str(one) and one.blocking for one in said)


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
    assert len(total_faults(book, [])) == 4
    uses = [
        Use("pmt", "Gizi balita", 2_000_000),
        Use("pkk", "Kegiatan ibu-ibu", 1_000_000),
        Use("latih", "Menjahit", 6_000_000, 6),
    ]
    assert len(total_faults(book, uses)) == 1
    assert total_faults(book, uses, {"pernyataan_jkn"}) == []
    uses[0] = Use("pmt", "Gizi balita", 2_500_000)
    assert "paling banyak Rp2.000.000" in str(total_faults(book, uses, {"pernyataan_jkn"})[0])


@pytest.mark.parametrize(
    ("name", "blocked"),
    [
        ("Bagi uang untuk warga", True),
        ("BANTUAN TUNAI lansia", True),
        ("Bantuan beras", False),
        ("Pot bunga gang", True),
        ("Potong rumput lapangan", False),
        ("Pembayaran non-tunai", False),
    ],
)
def test_forbidden_words_are_whole_words(name, blocked):
    book = shipped("kediri", "prodamas-plus", "TA2024")
    remarks = word_remarks(book, "infra", name)
    assert any(remark.blocking for remark in remarks) == blocked


def test_words_that_ask_for_an_answer_hold_in_their_fields_only(book_of):
    ban = {"words": ["petasan"], "reason": "Petasan tidak boleh.", "fields": ["social"]}
    book = book_of(forbidden=[ban | {"article": "pasal 9"}])
    asked = word_remarks(book, "social", "Petasan")
    assert asked[0].blocking and "penjelasan jenisnya. (pasal 9)" in str(asked[0])
    assert word_remarks(book, "infra", "Petasan") == []
    said = word_remarks(book, "social", "Petasan", note="Hanya nama gangnya")
    assert [one.blocking for one in said] == [False]


def test_a_reminder_never_blocks(book_of):
    book = book_of(reminders=[{"sentence": "Ingat izin.", "words": ["gardu"]}])
    assert [(str(one), one.blocking) for one in word_remarks(book, "infra", "Gardu")] == [
        ("Ingat izin.", False)
    ]
    assert word_remarks(book, "infra", "Pos") == []


KIT = {"code": "kit", "field": "social", "title": "Paket", "number": "siswa", "article": "pasal 3"}


@pytest.mark.parametrize(
    ("limit", "fair", "wrong"),
    [
        ({"min_number": 2}, Use("kit", "", 9, 2), Use("kit", "", 9, 1)),
        ({"max_each": 3}, Use("kit", "", 9, 3), Use("kit", "", 10, 3)),
        ({"min_each": 3}, Use("kit", "", 9, 3), Use("kit", "", 8, 3)),
        ({}, Use("kit", "", 9, 1), Use("kit", "", 9, 0)),
    ],
)
def test_limits_of_one_activity_hold_to_the_edge(book_of, limit, fair, wrong):
    book = book_of(items=[KIT | limit])
    assert use_faults(book, fair) == []
    assert [one.blocking for one in use_faults(book, wrong)] == [True]
    assert "(pasal 3)" in str(use_faults(book, wrong)[0])


@pytest.mark.parametrize(
    ("limit", "fair", "wrong"),
    [
        ({"max_number": 3}, [(1, 1), (1, 2)], [(1, 2), (1, 2)]),
        ({"max_amount": 3}, [(1, 1), (2, 1)], [(2, 1), (2, 1)]),
        ({"min_amount": 3}, [(1, 1), (2, 1)], [(1, 1), (1, 1)]),
        ({"mandatory": True}, [(1, 1)], []),
    ],
)
def test_limits_of_a_proposal_count_everything_of_the_kind(book_of, limit, fair, wrong):
    book = book_of(items=[KIT | limit])
    uses = {
        True: [Use("kit", "", *one) for one in fair],
        False: [Use("kit", "", *one) for one in wrong],
    }
    assert total_faults(book, uses[True]) == []
    assert [one.blocking for one in total_faults(book, uses[False])] == [True]
    # What is of another kind touches nothing.
    assert len(total_faults(book, [*uses[False], Use("lain", "", 9, 9)])) == 1


def test_a_kind_that_is_not_used_breaks_no_limit(book_of):
    assert total_faults(book_of(items=[KIT | {"min_amount": 5, "max_number": 0}]), []) == []


def test_a_kind_of_item_belongs_to_its_field_and_brings_its_papers(book_of):
    items = [{"code": "mck", "field": "infra", "title": "MCK", "needs": ["izin"]}]
    book = book_of(items=items, closed_list=True)
    assert kind_faults(book, "infra", "mck") == []
    assert kind_faults(book, "infra", "mck", papers=["izin"]) == []
    assert str(kind_faults(book, "infra", "mck", papers=[])[0]) == "Lampirkan izin lahan."
    assert "masuk bidang Infrastruktur" in str(kind_faults(book, "social", "mck")[0])
    for kind in ("", "lain", "menara"):
        told = kind_faults(book, "infra", kind, note="Penjelasan yang cukup panjang")
        assert "Pilih jenis kegiatan" in str(told[0])
    assert kind_faults(book, "social", "") == []
    assert "Pilih jenis kegiatan" in str(kind_faults(book, "social", "menara")[0])


def test_only_kinds_with_a_limit_are_brought_to_mind(book_of):
    plain = {"code": "meja", "field": "social", "title": "Meja", "words": ["meja"]}
    limited = {**KIT, "words": ["paket"], "max_number": 2}
    book = book_of(items=[plain, limited])
    assert [one.code for one in suggested(book, "Paket dan meja")] == ["kit"]
    assert suggested(book, "Paket dan meja", "kit") == []
    assert any("paling banyak 2 siswa" in one for one in limits_of(book, book.item_of["kit"]))
    assert limits_of(book, book.item_of["meja"]) == []


def test_a_book_of_an_earlier_version_is_read_and_its_words_only_remind(book_of):
    old = plain_book() | {
        "caps": [{"title": "Kamera", "words": ["cctv"], "max_count": 3, "article": "pasal 2"}],
        "mandatory": [{"code": "j", "title": "JKN", "field": "social", "words": ["jkn"]}],
    }
    assert read_book(old)[0] is None
    book, faults = read_book(upgraded(old))
    assert not faults
    assert [one.sentence for one in book.reminders] == [
        "Kamera paling banyak 3 buah. Periksa jumlahnya.",
        "Usulan harus memuat: JKN.",
    ]
    assert not any(one.blocking for one in word_remarks(book, "social", "CCTV 9 unit"))
    assert upgraded(plain_book()) == plain_book()


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


def test_the_number_of_quotations_still_needed_is_told(book_of):
    assert "Lampirkan 2 penawaran lagi" in price_state(book_of(), 500, None, 1)[1]
    assert "dengan 4 penawaran" in price_state(book_of(), 500, None, 4)[1]


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
