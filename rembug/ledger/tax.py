"""Arithmetic of the taxes a pokmas or a treasurer withholds from a bill. Whole rupiah, no tables.

Rates are dated data from the rulebook of a programme; here they only come in as values. Everything
is computed exactly and rounded once, at the tax itself: a tax inside the price to the nearest rupiah,
as the seller's invoice has it, a tax on income downwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Protocol


class TaxRule(Protocol):
    """A rate in force: so many percent of `base_num / base_den` of the price, for payments `above`
    an amount only (tax included; 0: always)."""

    @property
    def percent(self) -> float: ...
    @property
    def base_num(self) -> int: ...
    @property
    def base_den(self) -> int: ...
    @property
    def above(self) -> int: ...


@dataclass(frozen=True)
class Bill:
    """What becomes of a bill: the price without PPN, the base of the PPN (as printed, rounded to the
    nearest rupiah), what is withheld of each tax, and what the shop receives."""

    amount: int
    price: int
    base: int
    ppn: int
    pph: int

    @property
    def withheld(self) -> int:
        return self.ppn + self.pph

    @property
    def paid(self) -> int:
        return self.amount - self.withheld


def effective(rule: TaxRule) -> Fraction:
    """The rate as an exact share of the price: 12 percent of eleven twelfths is 11/100."""
    # Through its text, so that 1.75 is seven quarters and not the nearest binary number.
    return Fraction(str(rule.percent)) * rule.base_num / rule.base_den / 100


def bill(amount: int, *, ppn: TaxRule | None = None, pph: TaxRule | None = None) -> Bill:
    """Split a bill of `amount` rupiah, everything included.

    `ppn`: the rate when the seller charges PPN (then it is inside the amount), else None. `pph`: the
    income tax that fits the purchase (goods, services, construction, honour), else None. A tax whose
    threshold is not exceeded is not withheld; the PPN is inside the price all the same.
    """
    charged = inside(amount, ppn) if ppn else 0
    price = amount - charged
    base = nearest(Fraction(price * ppn.base_num, ppn.base_den)) if ppn else price
    return Bill(
        amount=amount,
        price=price,
        base=base,
        ppn=charged if ppn and amount > ppn.above else 0,
        pph=floor(price * effective(pph)) if pph and amount > pph.above else 0,
    )


def inside(amount: int, rule: TaxRule) -> int:
    """What of an amount is this tax, which the seller put on top of the price (PPN, food tax)."""
    rate = effective(rule)
    return nearest(amount * rate / (1 + rate))


def nearest(exact: Fraction) -> int:
    """To the nearest rupiah, a half upwards."""
    return floor(exact + Fraction(1, 2))


def daily_wage_tax(wage: int, days: int, rules: Iterable[TaxRule]) -> int:
    """Income tax on a daily wage, for so many days. Of the rules the one with the highest threshold
    below the wage of one day counts, and it counts for the whole wage."""
    fitting = [rule for rule in rules if wage > rule.above]
    if not fitting:
        return 0
    return floor(wage * effective(max(fitting, key=lambda rule: rule.above))) * days
