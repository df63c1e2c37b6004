"""What must be withheld from a receipt by the rules of the year. Plain values in, sums and reasons out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from rembug.core.refusal import Reason
from rembug.core.rupiah import show
from rembug.core.words import percent
from rembug.ledger.tax import bill, daily_wage_tax
from rembug.programs.rulebook import Tax


@dataclass(frozen=True)
class Due:
    """What one rule takes of a receipt: the tax, its rate in words, the rupiah it is taken of."""

    title: str
    rate: str
    base: int
    amount: int

    def __str__(self) -> str:
        told = {"title": self.title, "rate": self.rate, "base": show(self.base)}
        return gettext("%(title)s: %(rate)s dari %(base)s = %(amount)s") % (
            told | {"amount": show(self.amount)}
        )


def dues(
    taxes: Sequence[Tax], amount: int, group: str, *, ppn: bool = False, days: int = 0
) -> list[Due]:
    """Everything to withhold from a receipt of `amount` rupiah, by the rates in force (`taxes`).

    `group`: what kind of spending it is; `ppn`: the seller charges PPN, inside the amount; `days`:
    days of work that a wage pays, persons times days.
    """
    charged = next((tax for tax in taxes if ppn and tax.kind == "ppn"), None)
    fitting = [tax for tax in taxes if group in tax.groups]
    income = next((tax for tax in fitting if tax.per == "bill"), None)
    it = bill(amount, ppn=charged, pph=income)
    found = []
    if charged and it.ppn:
        found.append(Due(charged.title, rate(charged), it.price, it.ppn))
    if income and it.pph:
        found.append(Due(income.title, rate(income), it.price, it.pph))
    wage = it.price // days if days else 0
    daily = [tax for tax in fitting if tax.per == "day" and wage > tax.above]
    if daily:
        rule = max(daily, key=lambda tax: tax.above)
        found.append(Due(rule.title, rate(rule), wage * days, daily_wage_tax(wage, days, daily)))
    return found


def rate(tax: Tax) -> str:
    """`1,5%`, or `12% x 11/12`."""
    share = f" x {tax.base_num}/{tax.base_den}" if tax.base_num != tax.base_den else ""
    return percent(tax.percent) + share


def kind_faults(taxes: Sequence[Tax], amount: int | None, group: str, days: int) -> list[str]:
    """What must be known before the tax can be worked out."""
    if not group and any(tax.groups for tax in taxes):
        told = gettext("Pilih jenis belanjanya, supaya pajaknya dapat dihitung.")
        return [Reason(told, "group")]
    daily = [tax.above for tax in taxes if group in tax.groups and tax.per == "day"]
    if daily and not days and (amount or 0) > min(daily):
        told = gettext("Tulis berapa hari kerja yang dibayar: jumlah orang kali jumlah hari.")
        return [Reason(told, "days")]
    return []


def tax_faults(tax: int, due: Sequence[Due], why: str) -> list[str]:
    """Another amount than the rules give needs a reason."""
    right = sum(one.amount for one in due)
    if tax == right or len(why.strip()) >= 10:
        return []
    rules = "; ".join(map(str, due)) or gettext("tidak ada pajak yang dipotong")
    told = gettext(
        "Menurut aturan pajaknya %(sum)s (%(rules)s). Kosongkan supaya dihitung, atau tulis alasannya."
    )
    return [Reason(told % {"sum": show(right), "rules": rules}, "tax")]
