"""The audit finds each harm that could be done past the acts, and says it in a sentence."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import F

from rembug.ledger.models import Balance, Counter, Entry, EntryLine
from rembug.ledger.recount import TOLD
from rembug.ledger.services import Draft, Line, audit, post_many, reverse
from rembug.ledger.tests.conftest import DAY


@pytest.fixture
def ledger(books):
    """Books with a life in them, and the guards taken away."""
    books.move("available", "reserved", 60)
    books.move("reserved", "committed", 50)
    entry = books.move("available", "reserved", 10, unit=books.rt2)
    books.back = reverse(entry, why="Salah", on=DAY, key="back")
    assert audit(books.fund.city) == []
    _lift_guards()
    return books


def _lift_guards():
    """Undone with the test's transaction, as every change of a schema is on both databases."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%'"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            # Checks of foreign keys that still wait would keep the tables from being altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("ledger_entry", "ledger_entryline"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                "ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_not_negative, "
                "DROP CONSTRAINT ledger_balance_normal_side"
            )


@pytest.fixture(autouse=True)
def _checks_back(db):
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def told(ledger):
    return " | ".join(audit(ledger.fund.city))


def test_a_line_changed(ledger):
    EntryLine.objects.filter(account="committed").update(debit=51)
    words = told(ledger)
    assert "Jurnal 2026/4: debit dan kredit berselisih Rp1" in words
    assert "Saldo Berkontrak, RT 01 / RW 01, Dana 2026, kegiatan 7 tidak sama" in words
    assert f"Saldo Berkontrak, {ledger.top.label}, Dana 2026 tidak sama" in words
    assert "pagu berselisih Rp1" in words


def test_both_lines_changed(ledger):
    """The entry still balances; only the kept balances tell."""
    EntryLine.objects.filter(entry__number=4).update(debit=F("debit") * 2, credit=F("credit") * 2)
    words = told(ledger)
    assert "berselisih" not in words
    assert "Saldo Berkontrak" in words
    assert "Dicadangkan, RT 01 / RW 01, Dana 2026, kegiatan 7 pernah kurang dari nol" in words


def test_an_entry_deleted(ledger):
    EntryLine.objects.filter(entry__number=4).delete()
    Entry.objects.filter(number=4).delete()
    words = told(ledger)
    assert "Tahun 2026: 1 nomor jurnal hilang, antara lain 4" in words
    assert "Saldo Berkontrak" in words


def test_the_last_entry_deleted(ledger):
    EntryLine.objects.filter(entry=ledger.back).delete()
    Entry.objects.filter(pk=ledger.back.pk).delete()
    assert "Tahun 2026: nomor jurnal terakhir 5 tidak sama dengan pencacah" in told(ledger)


def test_all_entries_of_a_year_deleted(ledger):
    Counter.objects.create(city=ledger.fund.city, year=2027, last=3)
    assert told(ledger) == "Tahun 2027: pencacah 3, tetapi tidak ada jurnal."


def test_lines_deleted(ledger):
    EntryLine.objects.filter(entry__number=4).delete()
    assert "Jurnal 2026/4 kurang dari dua baris" in told(ledger)


def test_a_balance_changed(ledger):
    own = Balance.objects.filter(account="committed", rollup=False)
    own.update(debit=F("debit") + 1, amount=F("amount") + 1)
    assert told(ledger) == (
        "Saldo Berkontrak, RT 01 / RW 01, Dana 2026, kegiatan 7 "
        "tidak sama dengan hitungan dari jurnal."
    )


def test_a_rollup_changed(ledger):
    row = Balance.objects.filter(account="committed", rollup=True, unit=ledger.kelurahan)
    row.update(debit=F("debit") + 1, amount=F("amount") + 1)
    assert told(ledger) == (
        "Saldo Berkontrak, Kelurahan 1001, Dana 2026 tidak sama dengan hitungan dari jurnal."
    )


def test_a_balance_deleted(ledger):
    Balance.objects.filter(account="committed", rollup=True, unit=ledger.kelurahan).delete()
    assert told(ledger) == (
        "Saldo Berkontrak, Kelurahan 1001, Dana 2026 tidak tersimpan, padahal ada jurnalnya."
    )


def test_a_balance_on_the_wrong_side(ledger):
    Balance.objects.filter(account="committed", rollup=False).update(amount=-50)
    assert "kurang dari nol atau terbalik sisinya" in told(ledger)


def test_a_year_changed(ledger):
    Entry.objects.filter(pk=ledger.back.pk).update(year=2027, number=1)
    words = told(ledger)
    assert "Jurnal 2027/1 tercatat di tahun yang berbeda dengan dananya" in words
    assert "Tahun 2027: nomor jurnal terakhir 1 tidak sama" in words


def test_a_reversal_of_other_money(ledger):
    EntryLine.objects.filter(entry=ledger.back).update(subject=9)
    assert "Pembalikan 2026/6 tidak sama dengan jurnal yang dibalik" in told(ledger)


def test_many_faults_of_a_kind_are_counted(books):
    post_many(
        books.fund,
        [
            Draft("move", [Line("available", books.rt, credit=1),
                           Line("reserved", books.rt, n, debit=1)], "", DAY, f"n{n}")
            for n in range(1, TOLD + 6)
        ],
    )  # fmt: skip
    _lift_guards()
    EntryLine.objects.filter(account="reserved").update(debit=2)
    faults = audit(books.fund.city)
    unbalanced = [fault for fault in faults if "debit dan kredit" in fault]
    assert len(unbalanced) == TOLD
    assert "... dan 5 kesalahan lain yang sejenis." in faults


@pytest.mark.fault("attack-2")
def test_money_paid_when_the_year_was_over(ledger):
    Entry.objects.filter(pk=ledger.back.reverses_id).update(on=date(2027, 2, 15))
    assert "Tahun anggaran 2026 sudah lewat" in told(ledger)
