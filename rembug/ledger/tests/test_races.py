"""Several people at the same time. Only PostgreSQL lets them: on SQLite one writes after another."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.ledger.models import Balance, Entry
from rembug.ledger.services import (
    audit,
    balance,
    close_fund,
    move,
    open_fund,
    post_many,
    reverse,
)
from rembug.ledger.tests.conftest import DAY, ceiling

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(city, *acts):
    """Run acts at the same moment, each on its own connection; what each returned or was told."""
    start = Barrier(len(acts))

    def run(act):
        try:
            with scope(city=city):
                start.wait(timeout=10)
                return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_same_key_from_two_phones_books_once(books, city):
    for n in range(5):
        sent = [lambda n=n: books.move("available", "reserved", 3, key=f"phone-{n}")] * 4
        assert len({entry.pk for entry in together(city, *sent)}) == 1
    assert Entry.objects.count() == 2 + 5
    assert balance(books.fund, "reserved", books.rt) == 15
    assert audit(city) == []


def test_two_transfers_race_for_the_last_rupiah(books, city):
    for n in range(5):
        books.move("available", "reserved", 100, key=f"fill-{n}")
        answers = together(
            city,
            *[
                lambda n=n, to=to: books.move("reserved", to, 60, key=f"{to}-{n}")
                for to in ("committed", "ordered", "spent")
            ],
        )
        refused = [answer for answer in answers if isinstance(answer, Refused)]
        assert len(refused) == 2
        assert "tersedia Rp40, diperlukan Rp60" in refused[0].reasons[0]
        booked = next(answer for answer in answers if isinstance(answer, Entry))
        reverse(booked, why="Uji", on=DAY, key=f"back-{n}")
        books.move("reserved", "available", 100, key=f"empty-{n}")
    assert not Balance.objects.filter(amount__lt=0).exists()
    assert audit(city) == []


def test_numbers_have_no_gap_whoever_is_refused(books, city):
    """Six at a time over two funds of one year, a third of them refused."""
    other = open_fund(city, 2026, "dak-2026", "DAK 2026")
    post_many(other, [ceiling(books.rt2, 100, 1)])

    def worker(n):
        def act():
            done = 0
            for m in range(8):
                try:
                    if n % 2:
                        books.move("available", "reserved", 8 + 20 * (m % 3), key=f"{n}-{m}")
                    else:
                        move_other(f"{n}-{m}")
                    done += 1
                except Refused:
                    pass
            return done

        return act

    def move_other(key):
        move(other, "available", "reserved", books.rt2, 7, 2, on=DAY, key=key)

    booked = sum(together(city, *[worker(n) for n in range(6)]))
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 3 + booked + 1))
    assert 24 < booked < 48
    assert audit(city) == []


def test_an_entry_is_taken_back_once(books, city):
    entry = books.move("available", "reserved", 40)
    books.move("available", "reserved", 60)
    backs = [lambda n=n: reverse(entry, why="Salah", on=DAY, key=f"back-{n}") for n in range(3)]
    answers = together(city, *backs)
    assert sum(isinstance(answer, Entry) for answer in answers) == 1
    assert balance(books.fund, "available", books.rt) == 40


def test_one_key_into_two_years_is_booked_once(books, city):
    """Two years have two locks; the unique key decides, and the loser is told in words."""
    other = open_fund(city, 2027, "dana-2027", "Dana 2027")
    post_many(other, [ceiling(books.rt, 100, 2027)])
    for n in range(5):
        acts = [lambda n=n: books.move("available", "reserved", 1, key=f"both-{n}")]
        draft = replace(ceiling(books.rt, 1), key=f"both-{n}")
        acts += [lambda draft=draft: post_many(other, [draft])[0]]
        answers = together(city, *acts)
        assert sum(isinstance(answer, Entry) for answer in answers) == 1
        assert sum(isinstance(answer, Refused) for answer in answers) == 1
    assert audit(city) == []


def test_nothing_slips_into_a_fund_that_is_being_closed(books, city):
    acts = [lambda n=n: books.move("available", "reserved", 1, key=f"late-{n}") for n in range(4)]
    answers = together(city, *acts[:2], lambda: close_fund(books.fund), *acts[2:])
    booked = [answer for answer in answers if isinstance(answer, Entry)]
    assert balance(books.fund, "reserved", books.rt) == len(booked)
    with pytest.raises(Refused):
        books.move("available", "reserved", 1, key="too late")


def test_two_first_posts_of_a_year_share_one_counter(books, city):
    fund = open_fund(city, 2030, "dana-2030", "Dana 2030")
    acts = [
        lambda unit=unit: post_many(fund, [ceiling(unit, 5, 2030)])[0]
        for unit in (books.rt, books.rt2, books.kelurahan)
    ]
    assert sorted(entry.number for entry in together(city, *acts)) == [1, 2, 3]
