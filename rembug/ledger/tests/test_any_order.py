"""Whatever is tried in whatever order, sound or not: the books stay sound after every step.

A model in plain Python says beforehand what must happen, so a refusal too many is found as well.
"""

from collections import Counter as Tally
from itertools import count

import pytest
from django.db import transaction
from django_scopes import scope
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rembug.core.refusal import Refused
from rembug.ledger.models import Balance, Entry
from rembug.ledger.rules import ACCOUNTS
from rembug.ledger.services import Draft, Line, audit, move, post, post_many, reverse
from rembug.ledger.tests.conftest import DAY, make_books
from rembug.regions.models import City

# Most money lies in the first states, so they are tried more often than the rest.
ACCOUNT = st.sampled_from(["available", "reserved", "committed", *ACCOUNTS])
AMOUNT = st.sampled_from([1, 2, 30, 60, 100, 101])
SUBJECT = st.sampled_from([7, 8])
PLACE = st.sampled_from(["rt", "rt2"])


class Ledger(RuleBasedStateMachine):
    """The books, and beside them what lies where as a plain dictionary."""

    @initialize()
    def begin(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.city = City.objects.create(code="99.71", slug="uji", name="Uji")
        self.scope = scope(city=self.city)
        self.scope.__enter__()
        self.books = make_books(self.city)
        self.keys = (f"key-{n}" for n in count())
        self.sent: dict[str, tuple] = {}
        self.taken_back: set[int] = set()
        self.held: Tally[tuple] = Tally()
        for unit in (self.books.rt, self.books.rt2):
            self.held["available", unit.pk, 0] = self.held["source", unit.pk, 0] = 100
        self.entries = 2

    def teardown(self):
        if hasattr(self, "transaction"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def after(self, lines):
        """What lies where once these lines are booked."""
        then = self.held.copy()
        for line in lines:
            own = line.account, line.unit_id, line.subject
            then[own] += ACCOUNTS[line.account].amount(line.debit, line.credit)
        return then

    def expect(self, lines, act):
        """Run an act that books these lines, or is refused because the money is not there."""
        then = self.after(lines)
        try:
            done = act()
        except Refused:
            assert min(then.values()) < 0, "refused without need"
            return None
        assert min(then.values()) >= 0, "booked money that is not there"
        self.held = then
        self.entries += len(done) if isinstance(done, list) else 1
        return done

    def lines(self, old, new, place, subject, amount):
        unit = getattr(self.books, place)
        named = [subject if ACCOUNTS[account].by_activity else 0 for account in (new, old)]
        return [Line(new, unit, named[0], debit=amount), Line(old, unit, named[1], credit=amount)]

    @rule(old=ACCOUNT, new=ACCOUNT, place=PLACE, subject=SUBJECT, amount=AMOUNT)
    def moves(self, old, new, place, subject, amount):
        key, unit = next(self.keys), getattr(self.books, place)
        self.expect(
            self.lines(old, new, place, subject, amount),
            lambda: move(self.books.fund, old, new, unit, subject, amount, on=DAY, key=key),
        )

    @rule(
        steps=st.lists(st.tuples(ACCOUNT, ACCOUNT, PLACE, SUBJECT, AMOUNT), min_size=1, max_size=3)
    )
    def posts_one_entry(self, steps):
        """Several transfers as one entry: only what is left in the end counts."""
        lines = [line for step in steps for line in self.lines(*step)]
        sent = {"fund": self.books.fund, "kind": "move", "memo": "", "on": DAY}
        sent |= {"lines": lines, "key": next(self.keys)}
        if self.expect(lines, lambda: post(**sent)):
            self.sent[sent["key"]] = sent

    @rule(steps=st.lists(st.tuples(ACCOUNT, ACCOUNT, PLACE, SUBJECT, AMOUNT), max_size=3))
    def posts_many(self, steps):
        """Several entries in one delivery: each must be possible after those before it."""
        drafts = [Draft("move", self.lines(*step), "", DAY, next(self.keys)) for step in steps]
        lines: list[Line] = []
        for draft in drafts:
            lines += draft.lines
            if min(self.after(lines).values()) < 0:
                break
        self.expect(lines, lambda: post_many(self.books.fund, drafts))

    @rule(first=ACCOUNT, second=ACCOUNT, amount=AMOUNT, other=AMOUNT, place=PLACE)
    def posts_nonsense(self, first, second, amount, other, place):
        unit = getattr(self.books, place)
        lines = [Line(first, unit, debit=amount), Line(second, unit, credit=other)]
        if amount == other:
            lines = lines[:1]
        with pytest.raises(Refused):
            post(fund=self.books.fund, kind="move", lines=lines, memo="", on=DAY, key="nonsense")

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), more=st.sampled_from([0, 0, 1]))
    def sends_again(self, data, more):
        """The same once more is the same entry; the key with other money is refused."""
        sent = self.sent[data.draw(st.sampled_from(sorted(self.sent)))]
        if more:
            lines = [*sent["lines"], *self.lines("available", "reserved", "rt", 7, 1)]
            with pytest.raises(Refused):
                post(**sent | {"lines": lines})
        else:
            assert post(**sent).key == sent["key"]

    @precondition(lambda self: self.entries > 2)
    @rule(data=st.data())
    def takes_back(self, data):
        number = data.draw(st.integers(1, self.entries))
        entry = Entry.objects.get(number=number)
        mirror = [
            Line(line.account, line.unit_id, line.subject, line.credit, line.debit)
            for line in entry.lines.all()
        ]
        act = {"why": "Uji", "on": DAY, "key": next(self.keys)}
        if entry.reverses_id or number in self.taken_back:
            with pytest.raises(Refused):
                reverse(entry, **act)
        elif self.expect(mirror, lambda: reverse(entry, **act)):
            self.taken_back.add(number)

    @invariant()
    def the_books_are_sound(self):
        if not hasattr(self, "transaction"):
            return
        assert audit(self.city) == []
        rows = Balance.objects.filter(rollup=False).values_list(
            "account", "unit_id", "subject", "amount"
        )
        assert {row[:3]: row[3] for row in rows if row[3]} == +self.held
        numbers = Entry.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, self.entries + 1))


@pytest.mark.django_db
def test_any_order():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
