"""What was planned to be bought and what was: tranches, receipts and cost lines of one activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rembug.core import words
from rembug.execution.models import Tranche
from rembug.execution.rules import ReceiptState, TrancheState
from rembug.planning.models import RabLine


@dataclass(frozen=True)
class Bought:
    """A receipt as the public sees it: what and how much, never who sold it nor its picture."""

    line: int | None
    what: str
    paid_on: date
    amount: int
    state: str


@dataclass
class Payment:
    """One tranche with its receipts."""

    id: int
    number: int
    amount: int
    state: str
    paid_on: date | None
    spj_due_on: date | None
    receipts: list[Bought] = field(default_factory=list)

    @property
    def paid(self) -> bool:
        return self.paid_on is not None

    @property
    def spj_open(self) -> bool:
        return self.state in (TrancheState.RECEIVED, TrancheState.REPORTED)

    @property
    def waived(self) -> bool:
        """The pokmas did not need it: it went back to the ceiling."""
        return self.state == TrancheState.WAIVED


def payments(work: int | None) -> list[Payment]:
    """The tranches of a work with the receipts that were not voided. One query."""
    if work is None:
        return []
    rows = (
        Tranche.objects.filter(work=work)
        .order_by("number", "receipts__paid_on", "receipts__id")
        .values_list(
            "id",
            "number",
            "amount",
            "state",
            "paid_on",
            "spj_due_on",
            "receipts__line_id",
            "receipts__what",
            "receipts__paid_on",
            "receipts__amount",
            "receipts__state",
        )
    )
    found: dict[int, Payment] = {}
    for pk, number, amount, state, paid_on, due_on, line, what, on, cost, receipt in rows:
        payment = found.setdefault(number, Payment(pk, number, amount, state, paid_on, due_on))
        if cost is not None and receipt != ReceiptState.VOID:
            payment.receipts.append(Bought(line, what, on, cost, receipt))
    return list(found.values())


def plan_and_reality(
    pk: int, tranches: Iterable[Payment]
) -> tuple[list[dict[str, Any]], list[Bought]]:
    """Each cost line with what was really paid for it, and receipts that belong to no line."""
    bought: dict[int | None, list[Bought]] = defaultdict(list)
    for tranche in tranches:
        for receipt in tranche.receipts:
            bought[receipt.line].append(receipt)
    rows = RabLine.objects.filter(activity=pk).values(
        "id", "name", "measure", "volume_milli", "price", "amount"
    )
    spent = bool(bought)
    lines = []
    for row in rows.order_by("position", "id"):
        real = sum(receipt.amount for receipt in bought[row["id"]])
        lines.append(
            row
            | {
                "volume": f"{_volume(row['volume_milli'])} {row['measure']}",
                "real": real if spent else None,
                "rest": row["amount"] - real if spent else None,
                "receipts": bought[row["id"]],
            }
        )
    return lines, bought[None]


def _volume(milli: int) -> str:
    """`63`, `1,5`, `0,125`: thousandths without needless zeros."""
    whole, rest = divmod(milli, 1000)
    return words.number(whole) + (f",{rest:03d}".rstrip("0") if rest else "")


def totals(lines: list[dict[str, Any]], unplanned: list[Bought]) -> dict[str, Any]:
    plan = sum(line["amount"] for line in lines)
    extra = sum(receipt.amount for receipt in unplanned)
    known = [line["real"] for line in lines if line["real"] is not None]
    real = sum(known) + extra if known or unplanned else None
    return {
        "plan": plan,
        "real": real,
        "rest": None if real is None else plan - real,
        "extra": extra,
        "receipts": sum(len(line["receipts"]) for line in lines) + len(unplanned),
    }
