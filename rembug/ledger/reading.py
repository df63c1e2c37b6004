"""Reading the books: balances and ladders, one query each, from the rows that `post` keeps."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from rembug.ledger.models import Balance, Fund
from rembug.ledger.rules import Ladder, ladder_of
from rembug.regions.models import Unit

Funds = Fund | Iterable[Fund] | QuerySet
Units = Iterable[Unit | int] | QuerySet


def balances(
    fund: Funds | None = None,
    year: int | None = None,
    units: Units | None = None,
    subjects: Iterable[int] | None = None,
    rollup: bool = False,
) -> QuerySet[Balance]:
    """Balance rows of this city, narrowed by what is given.

    `rollup=False`: exactly these units, told apart by activity. `rollup=True`: each unit with all
    below it, activities together.
    """
    rows = Balance.objects.filter(rollup=rollup)
    if fund is not None:
        rows = rows.filter(fund__in=[fund] if isinstance(fund, Fund) else fund)
    if year is not None:
        rows = rows.filter(fund__year=year)
    if units is not None:
        rows = rows.filter(unit__in=units)
    if subjects is not None:
        rows = rows.filter(subject__in=subjects)
    return rows


def balance(fund: Funds | None, account: str, unit: Unit | int, subject: int | None = None) -> int:
    """Rupiah in one account at a unit: for one activity (0: outside any), or, without a subject,
    at the unit and everything below it."""
    rows = balances(
        fund, units=[unit], subjects=None if subject is None else [subject], rollup=subject is None
    )
    return rows.filter(account=account).aggregate(total=Sum("amount"))["total"] or 0


def ladders_by_unit(funds: Funds | None, units: Units) -> dict[int, Ladder]:
    """How far the money of each unit (with all below it) has come, over the given funds (None: all).

    Every unit asked for is in the answer when units are listed; a queryset is not read, so only
    units with money answer for it.
    """
    if isinstance(units, QuerySet):
        return _ladders(balances(funds, units=units, rollup=True), "unit_id")
    ids = [unit.pk if isinstance(unit, Unit) else unit for unit in units]
    rows = balances(funds, units=ids, rollup=True)
    return dict.fromkeys(ids, Ladder()) | _ladders(rows, "unit_id")


def ladders_by_subject(
    subjects: Iterable[int] | QuerySet, funds: Funds | None = None
) -> dict[int, Ladder]:
    """How far the money of each activity has come. The ceiling of an activity is what is set aside
    for it, in whatever state. As with units, a queryset answers only for those with money."""
    if isinstance(subjects, QuerySet):
        return _ladders(balances(funds, subjects=subjects), "subject")
    subjects = list(subjects)
    rows = balances(funds, subjects=subjects)
    return dict.fromkeys(subjects, Ladder()) | _ladders(rows, "subject")


def _ladders(rows: QuerySet[Balance], by: str) -> dict[int, Ladder]:
    amounts: dict[int, dict[str, int]] = {}
    for key, account, amount in rows.values_list(by, "account", "amount"):
        kinds = amounts.setdefault(key, {})
        kinds[account] = kinds.get(account, 0) + amount
    return {key: ladder_of(kinds) for key, kinds in amounts.items()}
