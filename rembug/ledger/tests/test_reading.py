"""Balances and ladders: each one query, each right at its place."""

import pytest

from rembug.ledger.models import Balance
from rembug.ledger.rules import Ladder
from rembug.ledger.services import (
    balance,
    balances,
    ladders_by_subject,
    ladders_by_unit,
    open_fund,
    post_many,
)
from rembug.ledger.tests.conftest import ceiling
from rembug.regions.models import Unit


@pytest.fixture
def year(books, city):
    """RT 1: activity 7 fully contracted 60, of which 40 paid, 10 accounted, tax 2 withheld."""
    books.move("available", "reserved", 60)
    books.move("reserved", "committed", 60)
    books.move("committed", "ordered", 40)
    books.move("ordered", "cash_pokmas", 40)
    books.move("cash_pokmas", "spent", 18)
    books.move("tax_owed", "spent", 2)
    books.move("spent", "accounted", 10)
    books.move("available", "reserved", 30, subject=8, unit=books.rt2)
    books.other = open_fund(city, 2027, "dana-2027", "Dana 2027")
    post_many(books.other, [ceiling(books.rt, 1000, 2027)])
    return books


def test_ladders_of_units_add_up_to_the_city(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        ladders = ladders_by_unit(year.fund, list(year.units.values()))
    assert ladders[year.rt.pk] == Ladder(100, 60, 40, 10)
    assert ladders[year.rt2.pk] == Ladder(100, 0, 0, 0)
    for code in ("99.71.01.1001.001", "99.71.01.1001", "99.71"):
        assert ladders[year.units[code].pk] == Ladder(200, 60, 40, 10)
    assert ladders[year.units["99.71.01.1002"].pk] == Ladder()


def test_ladders_over_several_funds(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        both = ladders_by_unit([year.fund, year.other], [year.rt.pk])
    assert both == {year.rt.pk: Ladder(1100, 60, 40, 10)}
    assert ladders_by_unit(None, [year.rt]) == both


def test_ladders_of_the_units_below_one(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        ladders = ladders_by_unit(year.fund, Unit.objects.filter(kind="rt"))
    assert set(ladders) == {year.rt.pk, year.rt2.pk}


def test_ladders_of_activities(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        ladders = ladders_by_subject([7, 8, 9])
    assert ladders == {7: Ladder(60, 60, 40, 10), 8: Ladder(30, 0, 0, 0), 9: Ladder()}
    assert ladders_by_subject([7], year.other) == {7: Ladder()}


def test_an_activity_number_given_by_a_query(year):
    asked = Balance.objects.filter(subject=8).values("subject")
    assert ladders_by_subject(asked) == {8: Ladder(30, 0, 0, 0)}


def test_balances_are_narrowed_by_what_is_given(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = balances(year=2026, units=[year.rt], subjects=[7]).values_list("account", "amount")
        found = {account: amount for account, amount in rows if amount}
    assert found == {
        "committed": 20, "cash_pokmas": 22, "spent": 10, "accounted": 10, "tax_owed": 2
    }  # fmt: skip
    assert balances(year.other).count() == 2
    assert balances(rollup=True, units=[year.top]).filter(fund=year.other).count() == 2


def test_one_balance_is_one_number(year, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert balance(year.fund, "cash_pokmas", year.top) == 22
    assert balance(year.fund, "cash_pokmas", year.top, 7) == 0
    assert balance(year.fund, "available", year.rt, 0) == 40
    assert balance(None, "available", year.rt) == 1040
