"""The balances some drafts touch: read once, added up in memory in the order of the drafts, written once.

Only inside `services`, which holds the lock of these books meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from rembug.ledger.models import Balance, Fund
from rembug.ledger.rows import insert
from rembug.ledger.rules import ACCOUNTS, Line, shortfall
from rembug.regions.models import Unit, ancestors

# Above this many units or activities, reading the whole is faster than naming the parts.
MANY = 400

Own = tuple[str, int, int]  # account, unit, subject


class Places:
    """The units that lines name, and for each the units above it (itself included)."""

    def __init__(self, unit_ids: Collection[int]):
        """Two queries for few units, one for many. Raises Unit.DoesNotExist for a unit that is not
        of this city."""
        if len(unit_ids) > MANY:
            known = {unit.code: unit for unit in Unit.objects.only(*_PLACE)}
        else:
            named = Unit.objects.filter(pk__in=unit_ids).values_list("code", flat=True)
            above = {code for name in named for code in ancestors(name)}
            known = {unit.code: unit for unit in Unit.objects.filter(code__in=above).only(*_PLACE)}
        self.units = {unit.pk: unit for unit in known.values()}
        missing = set(unit_ids) - set(self.units)
        if missing:
            raise Unit.DoesNotExist(f"no units {sorted(missing)[:5]} in this city")
        self.above = {
            unit_id: [
                known[code].pk for code in ancestors(self.units[unit_id].code) if code in known
            ]
            for unit_id in unit_ids
        }


_PLACE = ("id", "city_id", "code", "kind", "name")


class Sums:
    """Debit and credit totals per account, unit and activity, with what drafts add to them."""

    def __init__(self, fund: Fund, lines: Collection[Line]):
        self.fund = fund
        self.places = Places({line.unit_id for line in lines})
        self.rows = self._read({line.account for line in lines}, {line.subject for line in lines})
        self.touched: set[Own] = set()
        self.added: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])

    def _read(self, accounts: set[str], subjects: set[int]) -> dict[tuple, tuple[int, int]]:
        units = {above for chain in self.places.above.values() for above in chain}
        rows = Balance.objects.filter(fund=self.fund, account__in=accounts)
        if len(units) <= MANY:
            rows = rows.filter(unit_id__in=units)
        if len(subjects) <= MANY:
            rows = rows.filter(subject__in=subjects | {0})
        fields = ("account", "unit_id", "subject", "rollup", "debit", "credit")
        return {row[:4]: row[4:] for row in rows.values_list(*fields)}

    def add(self, lines: Iterable[Line]) -> list[str]:
        """Add one entry's lines; returns a reason for each account they would take below zero."""
        before: dict[Own, int] = {}
        for line in lines:
            own = (line.account, line.unit_id, line.subject)
            debit, credit = self.rows.get((*own, False), (0, 0))
            before.setdefault(own, ACCOUNTS[line.account].amount(debit, credit))
            self.rows[(*own, False)] = (debit + line.debit, credit + line.credit)
            total = self.added[line.account, line.unit_id]
            total[0] += line.debit
            total[1] += line.credit
        self.touched.update(before)
        faults = []
        for own, had in before.items():
            has = ACCOUNTS[own[0]].amount(*self.rows[(*own, False)])
            if has < 0:
                place = self.places.units[own[1]].label
                faults.append(shortfall(own[0], place, had, had - has))
        return faults

    def write(self) -> None:
        """Write every changed balance, with those of all units above, in one statement per batch.

        The values are absolute: an increment inside the upsert would meet the CHECK with the bare
        increment first, and be refused whenever it is negative.
        """
        keys = {(*own, False) for own in self.touched}
        for (account, unit_id), (debit, credit) in self.added.items():
            for above in self.places.above[unit_id]:
                key = (account, above, 0, True)
                had = self.rows.get(key, (0, 0))
                self.rows[key] = (had[0] + debit, had[1] + credit)
                keys.add(key)
        insert(
            "ledger_balance",
            {"city_id": "text", "fund_id": "bigint", "account": "text", "unit_id": "bigint"}
            | {"subject": "bigint", "rollup": "boolean"}
            | {"debit": "bigint", "credit": "bigint", "amount": "bigint"},
            ((self.fund.city_id, self.fund.pk, *key, *self._totals(key)) for key in sorted(keys)),
            conflict="ON CONFLICT (city_id, fund_id, account, unit_id, subject, rollup) "
            "DO UPDATE SET debit = excluded.debit, credit = excluded.credit, amount = excluded.amount",
        )

    def _totals(self, key: tuple) -> tuple[int, int, int]:
        debit, credit = self.rows[key]
        return debit, credit, ACCOUNTS[key[0]].amount(debit, credit)
