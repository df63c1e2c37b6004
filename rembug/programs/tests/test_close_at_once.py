"""A year is closed while money is still moving. Only PostgreSQL lets two people write at once."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.ledger.services import Line, audit, post
from rembug.people.models import Person
from rembug.programs.models import ProgramYear
from rembug.programs.services import close_year
from rembug.regions.models import Unit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_payment_under_way_keeps_the_year_open(cast):
    """The payment is booked but not committed when the year is closed: it must be waited for."""
    year = cast.year
    booked, told = threading.Event(), []

    def close():
        try:
            with scope(city=cast.city):
                booked.wait(10)
                officer = Person.objects.get(pk=cast.government_office.pk)
                close_year(by=officer, program_year=ProgramYear.objects.get(pk=year.pk))
        except Refused as refusal:
            told.append(refusal)
        finally:
            connection.close()

    closing = threading.Thread(target=close)
    with scope(city=cast.city):
        rt = Unit.objects.get(pk=cast.rt.pk)
        closing.start()
        with transaction.atomic():
            lines = [Line("cash_pokmas", rt, 1, debit=5), Line("available", rt, credit=5)]
            today = timezone.localdate()
            post(fund=year.fund, kind="pay", lines=lines, memo="", on=today, key="k" * 8)
            booked.set()
            closing.join(1)
        closing.join(10)
        assert told and "Rp5" in str(told[0])
        assert ProgramYear.objects.get(pk=year.pk).state == "open"
        assert audit(cast.city) == []
