"""What the pokmas of a living city tell of their receipts, as far as the taxes ask for it."""

from __future__ import annotations

from rembug.execution.withholding import Nota, Wage
from rembug.programs.rulebook import RuleBook

# The wage of one day in a demo; what a cost line pays is told in days of it and a rest.
DAY_WAGE = 150_000


def bought(book: RuleBook, group: str, amount: int) -> Nota:
    """What the demo tells of a receipt on a cost line of this group: the usual kind, or plain goods."""
    kind = book.usual_purchase(group) or book.usual_purchase("barang")
    days, rest = divmod(amount, DAY_WAGE)
    rows = ((1, DAY_WAGE, days), (1, rest, 1))
    return Nota(
        amount,
        kind,
        seller="company",
        npwp=True,
        wages=tuple(Wage(*row) for row in rows if all(row)),
    )
