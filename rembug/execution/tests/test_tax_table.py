"""Forty-eight payments and the taxes of each, worked out by hand from the regulations, not by this code."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.services import receipts
from rembug.execution.services.standing import standing
from rembug.execution.tests.paths import bring, fresh, spend, tranche
from rembug.execution.withholding import (
    Nota,
    Part,
    Wage,
    asked,
    dues,
    kind_faults,
    relevant,
    threshold,
)
from rembug.ledger.services import Line, post
from rembug.programs.bookchecks import read_book
from rembug.programs.models import RuleSet
from rembug.programs.national import national, with_national

MAY = date(2026, 5, 1)
SHOP = {"seller": "company", "npwp": True}
FARMER = {"seller": "person", "npwp": True}
NEIGHBOUR = {"seller": "person", "npwp": False}
NO_NPWP = {"seller": "company", "npwp": False}
PERSON = {"seller": "person"}
PKP = SHOP | {"ppn": True}
LETTER = SHOP | {"certificate": "KET-17/2026"}
WITH_TRANSPORT = SHOP | {"others": (Part("jasa", 1_000_000),)}
PBJT = SHOP | {"local_food": True}


def paid(*rows):
    return {"wages": tuple(Wage(*row) for row in rows)}


# no: day, what was bought, paid, kind, what else is told, PPN, income tax, which income taxes
TABLE = {
    1: (MAY, "bata, penjual memungut PPN", 11_100_000, "barang", PKP, 1_100_000, 150_000, "pph22"),
    2: (MAY, "bata, penjual tanpa PPN", 11_100_000, "barang", SHOP, 0, 166_500, "pph22"),
    3: (MAY, "pasir, sekali beli", 1_900_000, "barang", SHOP, 0, 0, ""),
    4: (MAY, "makan rapat dari perusahaan", 10_000_000, "katering", SHOP, 0, 200_000, "pph23"),
    5: (MAY, "makan rapat, tanpa NPWP", 10_000_000, "katering", NO_NPWP, 0, 400_000, "pph23"),
    6: (MAY, "tukang enam hari", 1_050_000, "upah", paid((1, 175_000, 6)), 0, 0, ""),
    7: (MAY, "tukang ahli sehari", 500_000, "upah", paid((1, 500_000, 1)), 0, 2_500, "pph21"),
    8: (MAY, "kontraktor kecil, dengan PPN", 100_000_000, "konstruksi_kecil", PKP, 9_909_910, 1_576_576, "pph4_2"),
    9: (MAY, "barang tepat di batas", 2_000_000, "barang", SHOP, 0, 0, ""),
    10: (MAY, "barang serupiah di atas batas", 2_000_001, "barang", SHOP, 0, 30_000, "pph22"),
    11: (MAY, "barang, harganya tepat di batas", 2_220_000, "barang", PKP, 220_000, 30_000, "pph22"),
    12: (MAY, "barang, tagihannya tepat di batas", 2_000_000, "barang", PKP, 0, 0, ""),
    13: (MAY, "alat, dengan PPN", 5_550_000, "barang", PKP, 550_000, 75_000, "pph22"),
    14: (MAY, "alat, tanpa PPN", 5_550_000, "barang", SHOP, 0, 83_250, "pph22"),
    15: (MAY, "barang dari orang tanpa NPWP", 10_000_000, "barang", NEIGHBOUR, 0, 300_000, "pph22"),
    16: (MAY, "sewa perancah", 3_000_000, "sewa_barang", SHOP, 0, 60_000, "pph23"),
    17: (MAY, "sewa kecil pun dipotong", 1_000_000, "sewa_barang", SHOP, 0, 20_000, "pph23"),
    18: (MAY, "sewa di baris alat", 3_000_000, "sewa_barang", SHOP, 0, 60_000, "pph23"),
    19: (MAY, "jasa, dengan PPN", 11_100_000, "jasa", PKP, 1_100_000, 200_000, "pph23"),
    20: (MAY, "solar", 3_000_000, "bahan_bakar", SHOP, 0, 0, ""),
    21: (MAY, "tagihan listrik", 2_500_000, "listrik", SHOP, 0, 0, ""),
    22: (MAY, "tagihan air", 2_500_000, "air", SHOP, 0, 0, ""),
    23: (MAY, "perangko dan meterai", 2_100_000, "pos", SHOP, 0, 0, ""),
    24: (MAY, "upah tepat di batas, sepuluh hari", 4_500_000, "upah", paid((1, 450_000, 10)), 0, 0, ""),
    25: (MAY, "upah serupiah di atas batas", 450_001, "upah", paid((1, 450_001, 1)), 0, 2_250, "pph21"),
    26: (MAY, "upah lima hari", 3_000_000, "upah", paid((1, 600_000, 5)), 0, 15_000, "pph21"),
    27: (MAY, "upah tepat di batas atas", 2_500_000, "upah", paid((1, 2_500_000, 1)), 0, 12_500, "pph21"),
    28: (MAY, "upah di atas batas atas", 3_000_000, "upah", paid((1, 3_000_000, 1)), 0, 75_000, "pph21"),
    29: (MAY, "pekerja dan mandor", 4_590_000, "upah", paid((5, 120_000, 6), (1, 165_000, 6)), 0, 0, ""),
    30: (MAY, "ahli di antara pekerja", 3_800_000, "upah", paid((1, 700_000, 2), (10, 120_000, 2)), 0, 7_000, "pph21"),
    31: (MAY, "narasumber", 1_000_000, "honor", PERSON, 0, 25_000, "pph21"),
    32: (MAY, "narasumber golongan III", 1_000_000, "honor_3", PERSON, 0, 50_000, "pph21"),
    33: (MAY, "narasumber golongan IV", 1_000_000, "honor_4", PERSON, 0, 150_000, "pph21"),
    34: (MAY, "honor di baris upah", 1_000_000, "honor", PERSON | paid((1, 1_000_000, 1)), 0, 25_000, "pph21"),
    35: (MAY, "rumah makan, pajaknya di dalam", 1_100_000, "katering", PBJT, 0, 20_000, "pph23"),
    36: (MAY, "sewa gedung", 2_000_000, "sewa_tempat", SHOP, 0, 200_000, "pph4_2"),
    37: (MAY, "konsultan bersertifikat", 10_000_000, "konsultan", SHOP, 0, 350_000, "pph4_2"),
    38: (MAY, "kontraktor kecil, tanpa PPN", 50_000_000, "konstruksi_kecil", SHOP, 0, 875_000, "pph4_2"),
    39: (MAY, "kontraktor tanpa sertifikat", 50_000_000, "konstruksi_tanpa", SHOP, 0, 2_000_000, "pph4_2"),
    40: (date(2024, 12, 31), "bata, hari terakhir tarif 11%", 11_100_000, "barang", PKP, 1_100_000, 150_000, "pph22"),
    41: (date(2022, 3, 15), "bata, masa tarif 10%", 11_000_000, "barang", PKP, 1_000_000, 150_000, "pph22"),
    42: (MAY, "barang, tidak terbagi rata", 3_333_333, "barang", PKP, 330_330, 45_045, "pph22"),
    43: (MAY, "barang, dibulatkan ke atas", 99_999_999, "barang", PKP, 9_909_910, 1_351_351, "pph22"),
    44: (MAY, "barang, kuitansi bermeterai", 2_500_000, "barang", SHOP, 0, 37_500, "pph22"),
    45: (MAY, "paving dan ongkosnya di satu nota", 9_000_000, "barang", WITH_TRANSPORT, 0, 140_000, "pph22 pph23"),
    46: (MAY, "bibit dari petani", 3_000_000, "barang", FARMER, 0, 45_000, "pph22"),
    47: (MAY, "toko dengan surat bebas", 5_000_000, "barang", LETTER, 0, 0, ""),
    48: (MAY, "iuran JKN", 2_100_000, "iuran", {}, 0, 0, ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def book():
    plain = {
        "ceiling": {"kind": "flat", "amount": 50_000_000},
        "fields": [{"code": "infra", "title": "Infrastruktur", "icon": "b-infra"}],
        "method": "LS",
        "tranches": [{"no": 1, "percent": 100}],
        "proposal_steps": [{"key": "kelurahan", "days": 5}],
        "report_steps": [{"key": "kelurahan", "days": 5}],
    }
    made, faults = read_book(with_national(plain))
    assert faults == []
    return made


@pytest.mark.parametrize(
    "no", [pytest.param(no, marks=pytest.mark.fault(f"tax-{no}")) for no in TABLE]
)
def test_the_table(book, no):
    day, what, amount, group, told, ppn, pph, kinds = TABLE[no]
    nota = relevant(book, day, Nota(amount, group, **told))
    assert kind_faults(book, day, nota) == [], what
    found = dues(book, day, nota)
    kind_of = {tax.code: tax.kind for tax in book.taxes}
    assert sum(due.amount for due in found if kind_of[due.code] == "ppn") == ppn, what
    income = [due for due in found if kind_of[due.code] != "ppn"]
    assert sum(due.amount for due in income) == pph, what
    assert sorted({kind_of[due.code] for due in income}) == kinds.split()


@pytest.fixture
def work(cast, book):
    """A work with money, in a year whose rulebook has the national taxes."""
    rules = cast.year.rule_set.book | national()
    digest = "nasional".ljust(64, "0")
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(book=rules, digest=digest)
    extra, line = 1_000_000_000, partial(Line, unit=cast.rt, subject=0)
    post(
        fund=cast.year.fund,
        kind="ceiling",
        lines=[line("available", debit=extra), line("source", credit=extra)],
        memo="Pagu tambahan",
        on=timezone.localdate() - timedelta(days=40),
        key="tambahan",
    )
    return bring(cast, "received_1", cost=extra)


@pytest.mark.fault("item-17")
def test_the_act_withholds_what_the_table_says(cast, work):
    """Every payment of the table that falls under the rates of today."""
    wrong = []
    for no, (day, what, amount, group, told, ppn, pph, _kinds) in TABLE.items():
        if day == MAY:
            row = spend(cast, work, amount, None, what=what, group=group, **told)
            if (row.tax, row.tax_due, row.group) != (ppn + pph, ppn + pph, group):
                wrong.append((no, row.tax))
            assert sum(due["amount"] for due in row.dues) == row.tax
    assert wrong == []


def refusals(run):
    with pytest.raises(Refused) as said:
        run()
    return {reason.field: str(reason) for reason in said.value.reasons}


@pytest.mark.parametrize(
    ("amount", "group", "told", "field"),
    [
        (2_000_001, "barang", {"seller": "company"}, "npwp"),
        (1_000_000, "jasa", {"npwp": True}, "seller"),
        (1_000_000, "katering", PBJT | {"ppn": True}, "with_ppn"),
        (3_000_000, "barang", NO_NPWP | {"ppn": True}, "npwp"),
        (450_001, "upah", {}, "persons_1"),
        (450_001, "upah", paid((1, 450_000, 1)), "persons_1"),
        (450_001, "", {}, "group"),
    ],
)
def test_what_the_rules_depend_on_must_be_told(cast, work, amount, group, told, field):
    assert field in refusals(lambda: spend(cast, work, amount, None, group=group, **told))


def test_answers_a_kind_does_not_ask_for_are_not_kept(cast, work):
    told = SHOP | paid((1, 100_000, 1)) | {"ppn": True, "certificate": "KET-1"}
    row = spend(cast, work, 2_500_000, None, group="listrik", **told)
    assert (row.seller, row.npwp, row.with_ppn, row.certificate) == ("", None, False, "")
    assert row.wages == [] and row.days == 0


def test_whoever_charges_ppn_has_an_npwp(book):
    nota = relevant(book, MAY, Nota(3_000_000, "barang", ppn=True))
    assert nota.npwp is True and kind_faults(book, MAY, nota) == []


def test_a_kind_asks_only_for_what_it_needs(book):
    assert asked(book, MAY, "barang") == {"npwp", "ppn", "certificate"}
    assert asked(book, MAY, "upah") == {"wages"}
    assert asked(book, MAY, "katering") == {"seller", "npwp", "ppn", "certificate", "local_food"}
    assert asked(book, MAY, "listrik") == asked(book, MAY, "honor") == set()


def test_the_limit_for_split_payments_is_that_of_the_kind(book):
    assert threshold(book, MAY, "barang") == 2_000_000
    assert threshold(book, MAY, "upah") == threshold(book, MAY, "listrik") == 0


def test_a_city_replaces_a_national_row_by_its_code(book):
    own = {"code": "pbjt", "kind": "local_food", "title": "PBJT", "percent": 8}
    own |= {"groups": ["katering"], "valid_from": "2024-01-01"}
    rows = with_national({"taxes": [own]})["taxes"]
    assert [row["percent"] for row in rows if row["code"] == "pbjt"] == [8]
    assert len(rows) == len(national()["taxes"])


def test_every_rate_says_from_which_regulation(book):
    assert [tax.code for tax in book.taxes if not tax.article] == []


RATE = {"code": "x", "kind": "pph22", "title": "X", "percent": 1, "valid_from": "2020-01-01"}


@pytest.mark.parametrize(
    ("part", "row", "place"),
    [
        ("purchases", {"code": "emas", "title": "Emas", "groups": ["barang"]}, "exempt"),
        ("purchases", {"code": "barang", "title": "B", "groups": ["barang"], "exempt": "ya"}, "exempt"),
        ("purchases", {"code": "air", "title": "A", "groups": ["jasa"], "usual": ["upah"], "exempt": "x"}, "usual"),
        ("taxes", RATE | {"groups": ["emas"]}, "groups"),
        ("taxes", RATE | {"groups": ["barang"]}, "groups"),
    ],
)  # fmt: skip
def test_a_kind_without_a_rate_is_told_when_a_city_is_loaded(part, row, place):
    plain = {
        "ceiling": {"kind": "flat", "amount": 50_000_000},
        "fields": [{"code": "infra", "title": "Infrastruktur", "icon": "b-infra"}],
        "method": "LS",
        "tranches": [{"no": 1, "percent": 100}],
        "proposal_steps": [{"key": "kelurahan", "days": 5}],
        "report_steps": [{"key": "kelurahan", "days": 5}],
    }
    faults = read_book(with_national(plain | {part: [row]}))[1]
    assert any(fault.path.startswith(part) and fault.path.endswith(place) for fault in faults)


@pytest.mark.fault("attack-17")
@pytest.mark.fault("item-18")
def test_withholding_less_needs_a_reason_from_the_list_and_is_flagged(cast, work):
    goods = {"group": "barang"} | SHOP
    found = refusals(
        lambda: spend(cast, work, 5_000_000, 74_999, tax_reason="", tax_why="x" * 10, **goods)
    )
    assert list(found) == ["tax"] and "Rp75.000" in found["tax"]
    assert "tax" in refusals(
        lambda: spend(cast, work, 5_000_000, 74_999, tax_reason="asal", **goods)
    )
    assert "tax_why" in refusals(lambda: spend(cast, work, 5_000_000, 74_999, tax_why="", **goods))
    row = spend(cast, work, 5_000_000, 74_999, tax_reason="not_withheld", **goods)
    assert row.flags == ["pajak_kurang"] and row.tax_reason == "not_withheld"


@pytest.mark.fault("screen-A32")
def test_wages_on_a_goods_line_are_flagged_and_papers_asked_for_what_there_is(cast, work):
    line = work.activity.lines.first()  # bahan
    row = spend(cast, work, 300_000, None, line=line, group="upah", **paid((2, 150_000, 1)))
    assert row.flags == ["lain_dari_baris"]
    book = RuleSet.objects.get(pk=cast.year.rule_set_id).book | {
        "papers": [
            {"code": "nota", "title": "Nota"},
            {"code": "upah", "title": "Daftar upah", "when": "wages"},
            {"code": "pajak", "title": "Bukti setor pajak", "when": "tax"},
        ],
        "required": {"spj": ["nota", "upah", "pajak"]},
    }
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(book=book, digest="b".ljust(64, "0"))
    paper = tranche(work, 1)
    assert list(receipts.spj_papers(standing(fresh(work)), paper)) == ["nota", "upah"]
    spend(cast, work, 5_000_000, None, group="barang", **SHOP)
    assert list(receipts.spj_papers(standing(fresh(work)), paper)) == ["nota", "upah", "pajak"]
