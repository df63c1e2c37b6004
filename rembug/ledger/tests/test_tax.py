"""Worked bills. The rates are those of the examples; in use they come from the rulebook."""

from dataclasses import dataclass

import pytest

from rembug.ledger.tax import bill, daily_wage_tax


@dataclass(frozen=True)
class Rule:
    percent: float
    base_num: int = 1
    base_den: int = 1
    above: int = 0


PPN = Rule(12, 11, 12, 2_000_000)
OLD_PPN = Rule(11, above=2_000_000)
PPH_22 = Rule(1.5, above=2_000_000)
PPH_23 = Rule(2)
PPH_23_NO_NPWP = Rule(4)
BUILDER, BUILDER_OTHER, BUILDER_NONE = Rule(1.75), Rule(2.65), Rule(4)
DAILY = [Rule(0.5, above=450_000), Rule(5, 1, 2, 2_500_000)]


def test_bricks_from_a_shop_that_charges_ppn():
    it = bill(11_100_000, ppn=PPN, pph=PPH_22)
    assert (it.price, it.base, it.ppn, it.pph) == (10_000_000, 9_166_667, 1_100_000, 150_000)
    assert (it.withheld, it.paid) == (1_250_000, 9_850_000)


def test_the_base_is_not_rounded_before_the_tax():
    """12% of the rounded-down base would be one rupiah short."""
    assert bill(11_100_000, ppn=PPN).ppn == bill(11_100_000, ppn=OLD_PPN).ppn == 1_100_000


def test_bricks_from_a_shop_that_does_not():
    it = bill(11_100_000, pph=PPH_22)
    assert (it.price, it.ppn, it.pph, it.paid) == (11_100_000, 0, 166_500, 10_933_500)


@pytest.mark.parametrize(("amount", "withheld"), [(1_900_000, 0), (2_000_000, 0), (2_000_001, 1)])
def test_small_purchases_are_free(amount, withheld):
    it = bill(amount, ppn=PPN, pph=PPH_22)
    assert bool(it.ppn) == bool(it.pph) == bool(withheld)


def test_catering_with_and_without_npwp():
    assert bill(10_000_000, pph=PPH_23).pph == 200_000
    assert bill(10_000_000, pph=PPH_23_NO_NPWP).pph == 400_000


def test_a_builder():
    it = bill(100_000_000, ppn=PPN, pph=BUILDER)
    assert (it.price, it.ppn, it.pph) == (90_090_090, 9_909_910, 1_576_576)
    # 2,65% of 90.090.090 is 2.387.387,385; 4% is 3.603.603,6.
    assert bill(100_000_000, ppn=PPN, pph=BUILDER_OTHER).pph == 2_387_387
    assert bill(100_000_000, ppn=PPN, pph=BUILDER_NONE).pph == 3_603_603


@pytest.mark.parametrize(
    ("wage", "days", "tax"),
    [
        (175_000, 6, 0),
        (450_000, 6, 0),
        (500_000, 1, 2_500),
        (500_000, 4, 10_000),
        (450_001, 1, 2_250),
        (2_500_000, 1, 12_500),
        (3_000_000, 1, 75_000),
    ],
)
def test_daily_wages(wage, days, tax):
    assert daily_wage_tax(wage, days, DAILY) == tax


def test_nothing_is_lost_in_a_bill():
    for amount in range(1, 6_000_000, 12_347):
        it = bill(amount, ppn=PPN, pph=BUILDER)
        assert it.paid + it.ppn + it.pph == amount
        assert 0 <= it.ppn <= it.price and 0 <= it.pph <= it.price


def test_an_honour_for_a_speaker():
    assert bill(1_000_000, pph=Rule(5, 1, 2)).pph == 25_000
