"""What the database refuses by itself, whoever asks: the admin, a shell, another program."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.utils import timezone
from django_scopes import scope

from rembug.ledger.models import Balance, Entry, EntryLine, Fund
from rembug.ledger.services import Line, close_fund, post, reverse
from rembug.ledger.sums import Sums
from rembug.ledger.tests.conftest import DAY
from rembug.regions.models import City, Unit


@pytest.fixture
def posted(books):
    return books.move("available", "reserved", 40, key="posted")


@pytest.fixture
def draft(books, city):
    """A draft with two lines that balance, made past `post`."""
    made = Entry.objects.create(
        city=city, fund=books.fund, year=2026, kind="move", on=DAY, key="draft"
    )
    for side in ({"debit": 5, "account": "available"}, {"credit": 5, "account": "source"}):
        EntryLine.objects.create(city=city, entry=made, unit=books.rt, **side)
    return made


def posting(draft):
    return Entry.objects.filter(pk=draft.pk).update(
        state="posted", number=99, posted_at=timezone.now()
    )


def refused(act, words=None):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


def test_a_sound_draft_may_be_posted(draft):
    """Without this the refusals below would prove nothing."""
    assert posting(draft) == 1


@pytest.mark.parametrize(
    "change",
    [{"memo": "lain"}, {"kind": "pay"}, {"on": "2020-01-01"}, {"number": 77}, {"key": "lain"}]
    + [{"state": "draft", "number": None, "posted_at": None}],
)
def test_a_posted_entry_is_not_changed(posted, change):
    refused(lambda: Entry.objects.filter(pk=posted.pk).update(**change), "never changed")


def test_a_posted_entry_is_not_deleted(posted):
    def delete():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [posted.pk])

    refused(delete, "never deleted")


def test_lines_of_a_posted_entry_stay(posted, books, city):
    lines = EntryLine.objects.filter(entry=posted)
    refused(lambda: lines.update(debit=F("debit") + 1), "never changed")
    refused(lambda: lines.update(subject=9), "never changed")
    refused(lambda: lines.delete(), "never deleted")
    refused(
        lambda: EntryLine.objects.create(
            city=city, entry=posted, account="spent", unit=books.rt, debit=1
        ),
        "added to a draft",
    )


def test_lines_are_not_smuggled_into_or_out_of_a_posted_entry(posted, draft):
    refused(
        lambda: EntryLine.objects.filter(entry=draft).update(entry=Value(posted.pk)),
        "never changed",
    )
    refused(
        lambda: EntryLine.objects.filter(entry=posted).update(entry=Value(draft.pk)),
        "never changed",
    )


def test_an_entry_begins_as_a_draft(books, city):
    refused(
        lambda: Entry.objects.create(
            city=city, fund=books.fund, year=2026, kind="move", on=DAY, key="x",
            state="posted", number=99, posted_at=timezone.now(),
        ),
        "begins as a draft",
    )  # fmt: skip


def test_an_unbalanced_draft_is_not_posted(draft):
    draft.lines.filter(debit=5).update(debit=6)
    refused(lambda: posting(draft), "debit and credit differ")


def test_a_draft_that_balances_only_between_places_is_not_posted(draft, books):
    draft.lines.filter(debit=5).update(unit=books.rt2)
    refused(lambda: posting(draft), "debit and credit differ")


def test_a_draft_without_two_lines_is_not_posted(draft):
    draft.lines.all().delete()
    refused(lambda: posting(draft), "two lines")


def test_a_draft_is_not_posted_into_a_closed_fund(draft, books):
    close_fund(books.fund)
    refused(lambda: posting(draft), "closed")


def test_an_entry_is_posted_with_a_number_and_a_time_only(draft):
    rows = Entry.objects.filter(pk=draft.pk)
    refused(lambda: rows.update(state="posted", posted_at=timezone.now()))
    refused(lambda: rows.update(state="posted", number=99))
    refused(lambda: rows.update(number=99))


def test_a_number_is_given_once(draft, posted):
    refused(
        lambda: Entry.objects.filter(pk=draft.pk).update(
            state="posted", number=posted.number, posted_at=timezone.now()
        )
    )


def test_a_key_stands_for_one_entry_and_is_never_empty(draft, books, city):
    for key in ("draft", ""):
        refused(
            lambda key=key: Entry.objects.create(
                city=city, fund=books.fund, year=2026, kind="move", on=DAY, key=key
            )
        )


def test_an_entry_is_reversed_once(draft, posted):
    reverse(posted, why="Salah", on=DAY, key="back")
    refused(lambda: Entry.objects.filter(pk=draft.pk).update(reverses=Value(posted.pk)))


@pytest.mark.parametrize(
    "side", [{}, {"debit": 1, "credit": 1}, {"debit": -1}, {"debit": -1, "credit": 1}]
)
def test_a_line_has_one_side_above_zero(draft, books, city, side):
    refused(
        lambda: EntryLine.objects.create(
            city=city, entry=draft, account="spent", unit=books.rt, **side
        )
    )


def test_a_line_has_a_known_account(draft, books, city):
    refused(
        lambda: EntryLine.objects.create(
            city=city, entry=draft, account="gold", unit=books.rt, debit=1
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"debit": 99, "credit": 100, "amount": -1},  # below zero
        {"amount": 5},  # not what debit and credit say
        {"subject": 7},  # a rollup is over all activities
    ],
)
def test_a_balance_cannot_lie(books, change):
    row = Balance.objects.filter(account="available", unit=books.rt, rollup=True)
    refused(lambda: row.update(**change))


def test_a_balance_exists_once(books, city):
    row = Balance.objects.filter(account="available", unit=books.rt, rollup=False).get()
    refused(
        lambda: Balance.objects.create(
            city=city, fund=books.fund, account=row.account, unit=books.rt, subject=0
        )
    )


def test_a_code_stands_for_one_fund(books, city):
    refused(lambda: Fund.objects.create(city=city, year=2027, code="dana-2026", name="Lain"))


def test_the_year_of_a_fund_stays(books):
    refused(lambda: Fund.objects.filter(pk=books.fund.pk).update(year=2027), "never changes")
    refused(lambda: Fund.objects.filter(pk=books.fund.pk).update(state="lost"))


def test_a_line_belongs_to_the_city_of_its_entry(draft):
    there = City.objects.create(code="98.01", slug="lain", name="Lain")
    unit = Unit.objects.create(city=there, code="98.01", kind="city", name="Lain")
    refused(
        lambda: EntryLine.objects.create(
            city=there, entry=draft, account="spent", unit=unit, debit=1
        ),
        "same city",
    )


def test_the_check_below_zero_holds_when_the_sums_are_wrong(books, monkeypatch):
    """Should the reading ever tell `post` of money that is not there, the database still refuses."""
    real = Sums.add
    monkeypatch.setattr(Sums, "add", lambda sums, lines: real(sums, lines) and [])
    with pytest.raises(IntegrityError), transaction.atomic():
        lines = [Line("available", books.rt, credit=101), Line("reserved", books.rt, debit=101)]
        post(fund=books.fund, kind="move", lines=lines, memo="", on=DAY, key="too much")


@pytest.mark.postgres
@pytest.mark.parametrize("link", ["unit", "fund", "reverses"])
def test_postgresql_refuses_a_link_to_nowhere_or_to_another_city(draft, books, city, link):
    """The plain foreign keys are gone there; the composite ones say the same and more."""
    there = City.objects.create(code="98.01", slug="lain", name="Lain")
    with scope(city=there):
        foreign = {
            "unit": Unit.objects.create(city=there, code="98.01", kind="city", name="Lain"),
            "fund": Fund.objects.create(city=there, year=2026, code="lain", name="Lain"),
        }
    for target in (foreign.get(link, draft).pk, 10**9):
        if link == "reverses" and target == draft.pk:
            continue

        def create(target=target):
            links = {"unit_id": books.rt.pk, "fund_id": books.fund.pk}
            if link == "reverses":
                links = {"reverses_id": target, "fund_id": books.fund.pk}
                Entry.objects.create(city=city, year=2026, kind="x", on=DAY, key="x", **links)
            else:
                links[f"{link}_id"] = target
                Balance.objects.create(city=city, account="spent", subject=99, **links)
            connection.check_constraints()

        refused(create)
