"""Posting, sending twice, taking back, closing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from rembug.core.refusal import Refused
from rembug.ledger.models import Balance, Counter, Entry, EntryLine
from rembug.ledger.services import (
    Draft,
    Line,
    audit,
    balance,
    close_fund,
    open_fund,
    post,
    post_many,
    reverse,
)
from rembug.ledger.tests.conftest import DAY, ceiling
from rembug.regions.models import City, Unit


def nothing_changed(before):
    return before == snapshot()


def snapshot():
    rows = Balance.objects.order_by("pk").values_list("pk", "debit", "credit", "amount")
    return Entry.objects.count(), EntryLine.objects.count(), Counter.objects.get().last, list(rows)


def test_a_posted_entry_has_number_time_and_lines(books):
    entry = books.move("available", "reserved", 40, memo="Paving", act_digest="ab" * 32)
    entry.refresh_from_db()
    assert (entry.state, entry.year, entry.number, entry.memo) == ("posted", 2026, 3, "Paving")
    assert entry.posted_at and entry.act_digest == "ab" * 32
    lines = entry.lines.values_list("account", "subject", "debit", "credit")
    assert list(lines) == [("reserved", 7, 40, 0), ("available", 0, 0, 40)]


def test_money_shows_at_its_place_and_everywhere_above(books):
    books.move("available", "reserved", 40)
    books.move("available", "reserved", 5, subject=8, unit=books.rt2)
    assert balance(books.fund, "reserved", books.rt, 7) == 40
    assert balance(books.fund, "reserved", books.rt, 8) == 0
    assert [
        balance(books.fund, "reserved", books.units[code])
        for code in ("99.71.01.1001.001.001", "99.71.01.1001", "99.71", "99.71.01.1002")
    ] == [40, 45, 45, 0]


@pytest.mark.parametrize("amount", [100, 1])
def test_all_that_is_there_may_be_taken(books, amount):
    books.move("available", "reserved", amount)
    assert balance(books.fund, "available", books.rt) == 100 - amount


def test_more_than_there_is_may_not_be_taken(books):
    before = snapshot()
    with pytest.raises(Refused) as refusal:
        books.move("available", "reserved", 101)
    assert refusal.value.reasons == [
        "Uang di Belum dipakai (RT 01 / RW 01) tidak cukup: tersedia Rp100, diperlukan Rp101. "
        "Kurangi jumlahnya."
    ]
    assert nothing_changed(before)


def test_the_neighbour_s_money_does_not_help(books):
    """The kelurahan holds 200, each RT 100: what counts is the place itself."""
    books.move("available", "reserved", 60, unit=books.rt2)
    with pytest.raises(Refused):
        books.move("available", "reserved", 50, unit=books.rt2)


def test_the_other_activity_s_money_does_not_help(books):
    books.move("available", "reserved", 60, subject=7)
    with pytest.raises(Refused):
        books.move("reserved", "committed", 50, subject=8)


def test_all_faults_come_together(books):
    before = snapshot()
    with pytest.raises(Refused) as refusal:
        books.post(Line("gold", books.rt, debit=3), Line("source", books.rt, 7, credit=5))
    assert len(refusal.value.reasons) == 3
    with pytest.raises(Refused) as refusal:
        books.post(
            Line("spent", books.rt, 7, debit=3),
            Line("cash_pokmas", books.rt, 7, credit=2),
            Line("ordered", books.rt, 7, credit=1),
        )
    assert len(refusal.value.reasons) == 2
    assert nothing_changed(before)


def test_an_account_may_be_named_twice_in_an_entry(books):
    """Only what is left after the whole entry counts."""
    books.post(
        Line("available", books.rt, credit=150),
        Line("available", books.rt, debit=60),
        Line("reserved", books.rt, 7, debit=90),
    )
    assert balance(books.fund, "available", books.rt) == 10


def test_the_same_key_books_once(books):
    first = books.move("available", "reserved", 40, key="phone-1")
    before = snapshot()
    again = books.move("available", "reserved", 40, key="phone-1", on=DAY + timedelta(1), memo="x")
    assert (again.pk, again.number, again.on) == (first.pk, first.number, DAY)
    assert nothing_changed(before)


@pytest.mark.parametrize("change", [{"amount": 41}, {"subject": 8}, {"kind": "reserve"}])
def test_a_key_does_not_stand_for_two_movements(books, change):
    sent = {"amount": 40, "subject": 7, "kind": "move", "key": "phone-1"}
    books.move("available", "reserved", **sent)
    before = snapshot()
    with pytest.raises(Refused):
        books.move("available", "reserved", **sent | change)
    assert nothing_changed(before)


def test_a_key_of_another_fund_is_refused(books, city):
    other = open_fund(city, 2027, "dana-2027", "Dana 2027")
    post_many(other, [ceiling(books.rt, 100, 2027)])
    books.move("available", "reserved", 40, key="phone-1")
    books.fund = other
    with pytest.raises(Refused):
        books.move("available", "reserved", 40, key="phone-1")
    assert audit(city) == []


def test_numbers_begin_again_every_year_and_are_shared_by_the_funds_of_one(books, city):
    same_year = open_fund(city, 2026, "dak-2026", "DAK 2026")
    next_year = open_fund(city, 2027, "dana-2027", "Dana 2027")
    lines = [Line("available", books.rt, debit=9), Line("source", books.rt, credit=9)]
    made = [
        post(fund=fund, kind="ceiling", lines=lines, memo="", on=DAY, key=fund.code)
        for fund in (same_year, next_year)
    ]
    assert [(entry.year, entry.number) for entry in made] == [(2026, 3), (2027, 1)]


def test_a_refusal_leaves_no_gap_in_the_numbers(books):
    with pytest.raises(Refused):
        books.move("available", "reserved", 101)
    assert books.move("available", "reserved", 1).number == 3


def test_a_reversal_is_a_mirror(books, city):
    entry = books.move("available", "reserved", 40)
    back = reverse(entry, why="Salah RT", on=DAY, key="back")
    assert (back.kind, back.memo, back.reverses_id) == ("reverse", "Salah RT", entry.pk)
    assert balance(books.fund, "available", books.rt) == 100
    assert reverse(entry, why="Salah RT", on=DAY, key="back").pk == back.pk
    assert audit(city) == []


def test_a_reversal_needs_a_reason_a_day_and_the_money(books):
    entry = books.move("available", "reserved", 40)
    with pytest.raises(Refused) as refusal:
        reverse(entry, why=" ", on=DAY - timedelta(1), key="back")
    assert len(refusal.value.reasons) == 2
    books.move("reserved", "committed", 30)
    with pytest.raises(Refused) as refusal:
        reverse(entry, why="Salah RT", on=DAY, key="back")
    assert "tersedia Rp10, diperlukan Rp40" in refusal.value.reasons[0]


def test_an_entry_is_reversed_once_and_a_reversal_never(books):
    entry = books.move("available", "reserved", 40)
    back = reverse(entry, why="Salah RT", on=DAY, key="back")
    books.move("available", "reserved", 60)
    for again in (entry, back):
        with pytest.raises(Refused) as refusal:
            reverse(again, why="Salah lagi", on=DAY, key=f"again:{again.pk}")
        assert "dibalik" in refusal.value.reasons[0]


def test_nothing_is_posted_into_a_closed_fund(books):
    sent = books.move("available", "reserved", 40, key="phone-1")
    close_fund(books.fund)
    close_fund(books.fund)
    assert books.fund.state == "closed"
    with pytest.raises(Refused) as refusal:
        books.move("available", "reserved", 1)
    assert "tutup buku" in refusal.value.reasons[0]
    with pytest.raises(Refused):
        reverse(sent, why="Terlambat", on=DAY, key="back")
    # A phone that sends again what was booked in time still gets its receipt.
    assert books.move("available", "reserved", 40, key="phone-1").pk == sent.pk


def test_a_fund_is_opened_once(books, city):
    assert open_fund(city, 2026, "dana-2026", "Dana 2026").pk == books.fund.pk
    with pytest.raises(Refused):
        open_fund(city, 2027, "dana-2026", "Dana 2027")


def test_many_are_posted_in_their_order(books):
    """The second rests on the first, and the other way round it would be refused."""
    steps = [("available", "reserved"), ("reserved", "committed")]
    drafts = [
        Draft("move", [Line(old, books.rt, 7 * (old != "available"), credit=40),
                       Line(new, books.rt, 7, debit=40)], "", DAY, f"{old}-{new}")
        for old, new in steps
    ]  # fmt: skip
    with pytest.raises(Refused) as refusal:
        post_many(books.fund, drafts[::-1])
    assert refusal.value.reasons[0].startswith("reserved-committed: ")
    made = post_many(books.fund, [*drafts, drafts[0]])
    assert [entry.number for entry in made] == [3, 4, 3]
    assert [entry.key for entry in made[:2]] == [draft.key for draft in drafts]
    assert post_many(books.fund, []) == []


def test_many_are_all_or_nothing(books):
    before = snapshot()
    drafts = [
        Draft("move", [Line("available", books.rt, credit=n), Line("reserved", books.rt, debit=n)],
              "", DAY, f"n{n}")
        for n in (1, 2, 300)
    ]  # fmt: skip
    with pytest.raises(Refused) as refusal:
        post_many(books.fund, drafts)
    assert len(refusal.value.reasons) == 1 and refusal.value.reasons[0].startswith("n300: ")
    assert nothing_changed(before)


def test_a_delivery_twice_is_booked_once(books):
    drafts = [ceiling(books.kelurahan, 5), ceiling(books.top, 6)]
    first = post_many(books.fund, drafts)
    more = Draft("move", [Line("available", books.top, credit=6), Line("reserved", books.top, debit=6)],
                 "", DAY, "more")  # fmt: skip
    second = post_many(books.fund, [*drafts, more])
    assert [entry.pk for entry in second[:2]] == [entry.pk for entry in first]
    assert second[2].number == 5


def test_a_draft_somebody_left_is_not_posted_with_ours(books, city):
    """A draft made by hand stays a draft, takes no number, and the audit tells of it."""
    left = Entry.objects.create(
        city=city, fund=books.fund, year=2026, kind="move", on=DAY, key="left"
    )
    assert books.move("available", "reserved", 1).number == 3
    # Its key is taken, and it is no receipt for money that was never booked.
    with pytest.raises(IntegrityError):
        books.move("available", "reserved", 1, key="left")
    left.refresh_from_db()
    assert (left.state, left.number) == ("draft", None)
    assert audit(city) == ["Jurnal dengan kunci left belum dibukukan."]


def test_a_place_of_another_city_is_not_found(books):
    there = City.objects.create(code="98.01", slug="lain", name="Lain")
    unit = Unit.objects.create(city=there, code="98.01", kind="city", name="Lain")
    with pytest.raises(Unit.DoesNotExist):
        books.move("available", "reserved", 1, unit=unit)


def test_posting_takes_few_statements(books):
    """However large the tree: lock, key, fund, two for places, balances; then six writes."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        books.move("available", "reserved", 1, key="counted")
    statements = [q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 13, [q["sql"][:80] for q in statements]


@pytest.mark.fault("attack-1")
@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_nothing_is_paid_outside_the_year_one_by_one_or_in_bulk(books, on):
    books.move("available", "reserved", 50)
    with pytest.raises(Refused, match="Tahun anggaran 2026"):
        books.move("reserved", "committed", 50, on=on)
    with pytest.raises(Refused, match="Tahun anggaran 2026"):
        post_many(
            books.fund,
            [Draft("commit", [Line("committed", books.rt, 7, debit=5),
                              Line("reserved", books.rt, 7, credit=5)], "", on, "satu")],
        )  # fmt: skip
    assert audit(books.fund.city) == []
