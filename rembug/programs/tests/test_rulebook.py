"""A book is read strictly: every single mistake is found, with its path."""

from datetime import date

import pytest

from rembug.programs.bookchecks import read_book
from rembug.programs.rulebook import CalendarEntry, gate_title
from rembug.programs.tests.conftest import plain_book


def put(data: dict, path: list, value) -> dict:
    """The data with one place changed; `None` takes the place away."""
    place = data
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


ITEM = {"code": "x", "field": "infra", "title": "X"}
STEP = {"key": "rw", "days": 3}
MISTAKES = [
    (["ceiling"], None, "ceiling", "belum diisi"),
    (["method"], "GU", "method", "LS, TU"),
    (["metod"], "LS", "metod", "method"),
    (["ceiling", "amount"], -1, "ceiling.amount", "tidak boleh kurang dari 0"),
    (["ceiling", "amount"], 0, "ceiling.amount", "lebih dari 0"),
    (["ceiling", "amount"], "50 juta", "ceiling.amount", "bilangan bulat"),
    (["ceiling", "amount"], True, "ceiling.amount", "bilangan bulat"),
    (["ceiling", "kind"], "per_rt", "ceiling.kind", "by_households"),
    (["ceiling"], {"kind": "by_households"}, "ceiling.tiers", "satu golongan"),
    (["ceiling", "tiers"], [{"min": 0, "amount": 1}], "ceiling.tiers", "hapus"),
    (["fields", 0, "icon"], "b-apa", "fields[0].icon", "b-infra"),
    (["fields", 0, "min_percent"], 101, "fields[0].min_percent", "0 sampai 100"),
    (["fields", 0, "min_percent"], 33.333, "fields[0].min_percent", "dua angka"),
    (["fields", 0, "max_percent"], 50, "fields[0].min_percent", "lebih besar"),
    (["fields", 1, "min_percent"], 41, "fields[1].min_percent", "lebih besar"),
    (["fields", 1, "code"], "infra", "fields[1].code", "sudah dipakai"),
    (["fields", 1, "code"], "Sosial!", "fields[1].code", "huruf kecil"),
    (["fields", 1, "title"], "", "fields[1].title", "kata-kata"),
    (["fields"], [], "fields", "satu bidang"),
    (["items"], [{"code": "x", "field": "sosial", "title": "X"}], "items[0].field", "infra"),
    (["groups"], [{"title": "G", "fields": ["nol"]}], "groups[0].fields", "nol"),
    (["share_waiver"], "form_e", "share_waiver", "form_e"),
    (["required"], {"contract": ["kak"]}, "required.contract", "kak"),
    (["tranches", 2, "percent"], 33, "tranches", "99.66"),
    (["tranches", 1, "no"], 3, "tranches[1].no", "tulis 2"),
    (["tranches", 0, "gates"], ["lunas"], "tranches[0].gates", "contract_signed"),
    (["tranches", 1, "gates"], ["report_40"], "tranches[1].gates", "report_50"),
    (["proposal_steps"], [STEP, STEP], "proposal_steps[1].key", "sudah dipakai"),
    (["proposal_steps"], [{"key": "city", "days": 3}, STEP], "proposal_steps", "urutkan"),
    (["proposal_steps", 0, "days"], 0, "proposal_steps[0].days", "1 sampai 365"),
    (["report_steps"], [STEP], "report_steps[0].key", "kelurahan"),
    (["report_steps"], [], "report_steps", "satu meja"),
    (["reports"], {"percents": [0, 50]}, "reports.percents", "100"),
    (["caps"], [{"title": "T", "words": ["t"]}], "caps", "tidak dikenal"),
    (["items"], [{"code": "x", "title": "X"}], "items[0].field", "infra"),
    (["items"], [ITEM | {"code": "lain"}], "items[0].code", "tidak ada di daftar"),
    (["items"], [ITEM | {"max_number": 3}], "items[0].number", "apa yang dihitung"),
    (["items"], [ITEM | {"min_number": 3}], "items[0].number", "apa yang dihitung"),
    (["items"], [ITEM | {"max_each": 3}], "items[0].number", "apa yang dihitung"),
    (["items"], [ITEM | {"min_each": 3}], "items[0].number", "apa yang dihitung"),
    (["items"], [ITEM | {"exempt_by": "izin"}], "items[0].exempt_by", "mandatory"),
    (["items"], [ITEM | {"exempt_by": "nol", "mandatory": True}], "items[0].exempt_by", "nol"),
    (["items"], [ITEM | {"allows": ["x"]}], "items[0].allows", "jenis terlarang"),
    (["items"], [ITEM | {"forbidden": "F", "max_amount": 3}], "items[0].forbidden", "batas"),
    (["items"], [ITEM | {"min_amount": 4, "max_amount": 3}], "items[0].min_amount", "lebih besar"),
    (["items"], [ITEM | {"needs": ["nol"]}], "items[0].needs", "nol"),
    (["items"], [ITEM, ITEM], "items[1].code", "sudah dipakai"),
    (["pokmas"], {"min_members": 8, "max_members": 5}, "pokmas.min_members", "lebih besar"),
    (
        ["calendar"],
        [{"key": "a", "title": "A", "start": "02-30", "end": "03-01"}],
        "calendar[0].start",
        "07-31",
    ),
    (
        ["taxes"],
        [{"code": "p", "kind": "ppn", "title": "P", "percent": 1, "valid_from": "1 Jan"}],
        "taxes[0].valid_from",
        "2026-01-31",
    ),
    (
        ["taxes"],
        [
            {"code": "p", "kind": "ppn", "title": "P", "percent": 11, "valid_from": "2022-04-01"},
            {"code": "p", "kind": "ppn", "title": "P", "percent": 12, "valid_from": "2025-01-01"},
        ],
        "taxes[1].valid_from",
        "valid_to",
    ),
]


@pytest.mark.parametrize(("path", "value", "place", "words"), MISTAKES)
def test_one_mistake_is_found_where_it_is(path, value, place, words):
    book, faults = read_book(put(plain_book(), path, value))
    assert book is None
    assert any(fault.path == place and words in fault.wrong for fault in faults), faults


def test_every_mistake_is_told_at_once():
    data = plain_book() | {"method": "GU", "colour": 1}
    data["fields"][0]["icon"] = "x"
    assert len(read_book(data)[1]) == 3


@pytest.mark.parametrize(
    ("tiers", "place"),
    [
        ([{"min": 1, "amount": 1}], "ceiling.tiers[0].min"),
        ([{"min": 0, "max": 9, "amount": 1}], "ceiling.tiers[0].max"),
        ([{"max": 9, "amount": 1}, {"min": 11, "amount": 1}], "ceiling.tiers[1].min"),
        ([{"amount": 1}, {"min": 11, "amount": 1}], "ceiling.tiers[1]"),
        ([{"amount": 0}], "ceiling.tiers[0].amount"),
    ],
)
def test_tiers_leave_no_household_out(tiers, place):
    data = plain_book() | {"ceiling": {"kind": "by_households", "tiers": tiers}}
    assert place in [fault.path for fault in read_book(data)[1]]


def test_the_desks_follow_one_another(book_of):
    book = book_of()
    first = book.step_after(None)
    assert (first.key, book.step_after("rw").key, book.step_after("city")) == ("rw", "city", None)
    assert book.step_after("kelurahan", of_report=True) is None


def test_tax_rates_are_dated(book_of):
    rate = {"code": "ppn", "kind": "ppn", "title": "PPN"}
    book = book_of(
        taxes=[
            rate | {"percent": 11, "valid_from": "2022-04-01", "valid_to": "2024-12-31"},
            rate | {"percent": 12, "base_num": 11, "base_den": 12, "valid_from": "2025-01-01"},
        ]
    )
    assert book.tax_on("ppn", date(2024, 12, 31)).percent == 11
    assert book.tax_on("ppn", date(2025, 1, 1)).base_den == 12
    assert book.tax_on("ppn", date(2020, 1, 1)) is None


@pytest.mark.parametrize(
    ("start", "end", "offset", "expected"),
    [
        ("06-01", "07-31", -1, (date(2025, 6, 1), date(2025, 7, 31))),
        ("12-01", "01-10", 0, (date(2026, 12, 1), date(2027, 1, 10))),
        ("02-29", "03-01", 0, (date(2026, 2, 28), date(2026, 3, 1))),
    ],
)
def test_windows_of_the_calendar(start, end, offset, expected):
    assert CalendarEntry("k", "K", start, end, offset).window(2026) == expected


def test_every_gate_has_words():
    assert gate_title("report_30") == "Laporan 30% disetujui"
    assert "Kontrak" in gate_title("contract_signed")
