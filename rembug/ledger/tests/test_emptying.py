"""Tests with real transactions (a browser, several threads) can be cleaned up after, on both databases."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from rembug.ledger.models import Entry
from rembug.ledger.tests.conftest import make_books


@pytest.mark.django_db(transaction=True)
def test_books_are_emptied_after_a_test_and_guarded_again(city):
    assert make_books(city).fund.entries.count() == 2
    call_command("flush", verbosity=0, interactive=False)
    assert not Entry.objects.exists()
    city.save(force_insert=True)
    make_books(city)
    with pytest.raises(IntegrityError, match="never changed"):
        Entry.objects.update(memo="lain")
