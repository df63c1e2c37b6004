"""What makes an entry, and how the ladder is read from balances."""

from datetime import date

import pytest

from rembug.core.rupiah import LARGEST
from rembug.ledger.rules import (
    ACCOUNTS,
    Ladder,
    Line,
    day_faults,
    entry_faults,
    kind_title,
    ladder_of,
)

SOUND = [Line("available", 1, debit=5), Line("source", 1, credit=5)]


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (SOUND, 0),
        ([], 1),
        (SOUND[:1], 2),  # one line, and so unbalanced
        ([Line("gold", 1, debit=5), SOUND[1]], 1),
        ([Line("available", 1, debit=5, credit=5), *SOUND], 1),
        ([Line("available", 1), *SOUND], 1),
        ([Line("spent", 1, debit=-5), Line("spent", 1, credit=-5)], 2),
        ([Line("spent", 1, debit=5.0), Line("reserved", 1, credit=5.0)], 2),
        ([Line("spent", 1, debit=True), Line("reserved", 1, credit=True)], 2),
        ([Line("spent", 1, debit=LARGEST + 1), Line("reserved", 1, credit=LARGEST + 1)], 2),
        ([Line("spent", 1, -1, debit=5), Line("reserved", 1, credit=5)], 1),
        ([Line("available", 1, 7, debit=5), SOUND[1]], 1),
        # Both sides agree in all, but not at each place: the ceiling of neither would be right.
        ([Line("available", 1, debit=5), Line("source", 2, credit=5)], 2),
        ([Line("gold", 1, debit=4), Line("source", 1, 7, credit=5)], 3),
    ],
)
def test_every_fault_of_an_entry_is_told(lines, count):
    assert len(entry_faults(lines)) == count


def test_a_gap_is_told_with_its_amount():
    faults = entry_faults(
        [Line("available", "RT 01", debit=1500), Line("source", "RT 01", credit=1)]
    )
    assert faults == ["Debit dan kredit di RT 01 berselisih Rp1.499; samakan keduanya."]


def test_the_ladder_counts_every_state_once():
    states = dict(zip(ACCOUNTS, range(11), strict=True))  # source 0, available 1, ... tax_owed 10
    assert ladder_of(states) == Ladder(
        ceiling=1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 - 10,
        contracted=3 + 4 + 5 + 6 + 7 + 8 + 9 - 10,
        paid=5 + 6 + 7 + 8 + 9 - 10,
        accounted=8 + 9,
    )
    assert ladder_of({}) == Ladder(0, 0, 0, 0)


def test_withheld_tax_is_not_money_twice():
    """90 went to the shop, 10 is withheld: still 100 paid out, whoever holds it."""
    assert ladder_of({"spent": 100, "cash_pokmas": 10, "tax_owed": 10}).paid == 100


def test_kinds_have_names_and_new_ones_are_shown_as_written():
    assert kind_title("pay") == "Pembayaran"
    assert kind_title("subsidi") == "subsidi"


def pair(source: str, target: str, at: int = 1) -> list[Line]:
    subject = {name: 7 if ACCOUNTS[name].by_activity else 0 for name in (source, target)}
    return [
        Line(target, at, subject[target], debit=5),
        Line(source, at, subject[source], credit=5),
    ]


# (lines, before the year, after it): whether money may move so on such a day.
YEARS = [
    (pair("source", "available"), True, False),
    (pair("available", "reserved"), True, False),
    (pair("reserved", "committed"), False, False),
    (pair("available", "committed"), False, False),
    (pair("committed", "ordered"), False, False),
    (pair("ordered", "cash_pokmas"), False, False),
    (pair("ordered", "cash_kelurahan"), False, False),
    (pair("available", "spent"), False, False),
    (pair("reserved", "accounted"), False, False),
    # Given back, taken back, passed on, spent, accounted for, returned: nothing is paid out.
    (pair("reserved", "available"), True, True),
    (pair("committed", "available"), True, True),
    (pair("ordered", "committed"), True, True),
    (pair("cash_pokmas", "ordered"), True, True),
    (pair("cash_kelurahan", "cash_pokmas"), True, True),
    (pair("cash_pokmas", "spent"), True, True),
    (pair("spent", "accounted"), True, True),
    (pair("cash_pokmas", "returned"), True, True),
    (pair("cash_pokmas", "tax_owed"), True, True),
    # Tax withheld with a receipt is both in the expense and in the cash.
    (
        [
            Line("spent", 1, 7, debit=5),
            Line("cash_pokmas", 1, 7, credit=4),
            Line("tax_owed", 1, 7, credit=1),
        ],
        True,
        True,
    ),
    # One place pays while another gives back: each counts by itself.
    (pair("ordered", "cash_pokmas") + pair("cash_pokmas", "ordered", at=2), False, False),
]


@pytest.mark.fault("attack-1")
@pytest.mark.fault("attack-2")
@pytest.mark.parametrize(("lines", "before", "after"), YEARS)
def test_a_budget_year_is_an_interval(lines, before, after):
    for on, free in [
        (date(2025, 12, 31), before),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), after),
    ]:
        assert (day_faults(lines, on, 2026) == []) is free, on
