"""What an official of the city would notice within ten minutes: things, kinds, sellers, days and taxes."""

from datetime import date

import pytest
from django.db import models
from django_scopes import scope

from rembug.core.calendar import is_working_day
from rembug.demo import city as living_city
from rembug.demo.names import LATE_NOTE
from rembug.demo.tests.test_living_city import FOLDERS, living
from rembug.demo.things import THINGS
from rembug.execution import volumes
from rembug.execution.models import Comment, Receipt, Tranche, Work
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity, Meeting
from rembug.programs.calendar import holidays_between
from rembug.programs.phases import missed

pytestmark = pytest.mark.fault("item-28")


@pytest.fixture
def cities(db, monkeypatch):
    monkeypatch.setattr(living_city, "SMALL_RT", 6)
    return [living(folder) for folder in FOLDERS]


def test_a_living_city_is_believable(cities):
    suppliers = []
    for made in cities:
        with scope(city=made):
            assert list(volumes_not_bought()) == []
            assert list(kinds_that_do_not_fit()) == []
            assert list(receipts_that_do_not_fit()) == []
            assert list(days_out_of_order()) == []
            assert list(days_of_rest()) == []
            assert list(money_outside_its_year()) == []
            assert list(meetings_outside_the_calendar()) == []
            late_and_said_so()
            desks_as_the_acts_write_them()
            suppliers.append(set(Receipt.objects.values_list("supplier", flat=True)))
    first, *others = suppliers
    assert first
    assert all(first.isdisjoint(other) for other in others)
    taxes = set()
    for made in cities:
        with scope(city=made):
            dues = Receipt.objects.values_list("dues", flat=True)
            taxes |= {due["code"] for rows in dues for due in rows}
            assert Receipt.objects.filter(npwp=False).exists()
            flagged = Receipt.objects.exclude(flags=[]).count()
            assert 0 < flagged < Receipt.objects.count() / 2
    assert {"ppn", "pph22"} <= taxes
    assert any(code.startswith("pph21") for code in taxes)


def volumes_not_bought():
    """Paving of 63 m2 buys 63 m2; what is counted is counted once."""
    for row in Activity.objects.prefetch_related("lines"):
        built = volumes.read(row.volume)
        assert built, row.volume
        for line in row.lines.all():
            if line.measure == built.unit == "m2" and line.volume_milli != built.milli:
                yield row.name, row.volume, line.volume_milli
        if row.kind_number and row.kind_number * 1000 != built.milli:
            yield row.name, row.volume, row.kind_number


def kinds_that_do_not_fit():
    for row in Activity.objects.all():
        head = [t for t in THINGS if row.name.startswith(t.name.partition("{")[0].strip())]
        if not head or not any(row.kind in thing.kinds for thing in head):
            yield row.name, row.kind


def receipts_that_do_not_fit():
    """A wage is paid to who works, by the day; goods come from a shop."""
    for row in Receipt.objects.select_related("line"):
        if (row.group == "upah") != (row.line.group == "upah"):
            yield row.what, row.group
        paid = sum(w["persons"] * w["wage"] * w["days"] for w in row.wages)
        if row.wages and (paid != row.amount or row.group != "upah"):
            yield row.what, row.amount
        if ("dkk," in row.supplier) != (row.group == "upah"):
            yield row.supplier, row.what


CHAINS = (
    (Work, ("contract_on", "approved_on", "starts_on", "ends_on")),
    (Work, ("approved_on", "inspected_on", "handed_on", "returned_on", "return_received_on")),
    (Work, ("handed_on", "closed_on")),
    (
        Tranche,
        (
            "requested_on",
            "billed_on",
            "ordered_on",
            "paid_on",
            "received_on",
            "reported_on",
            "accounted_on",
        ),
    ),
)


def days_out_of_order():
    for model, names in CHAINS:
        for row in model.objects.all():
            days = [day for name in names if (day := getattr(row, name))]
            if days != sorted(days):
                yield model.__name__, row.pk, days


def days_of_rest():
    """Papers are signed on days when offices are open."""
    first, last = Activity.objects.aggregate(a=models.Min("year"), b=models.Max("year")).values()
    closed = holidays_between(date(first - 1, 1, 1), date(last + 1, 12, 31))
    for model, names in (*CHAINS, (Receipt, ("paid_on",))):
        for row in model.objects.all():
            for name in names:
                day = getattr(row, name)
                if day and not is_working_day(day, closed):
                    yield model.__name__, row.pk, name, day


def money_outside_its_year():
    for row in Tranche.objects.select_related("work__activity"):
        for name in ("requested_on", "billed_on", "ordered_on", "paid_on"):
            day = getattr(row, name)
            if day and day.year != row.work.activity.year:
                yield row.pk, name, day
    for work in Work.objects.select_related("activity"):
        if {work.contract_on.year, work.starts_on.year, work.ends_on.year} != {work.activity.year}:
            yield work.pk, work.contract_on, work.ends_on


def meetings_outside_the_calendar():
    book = Activity.objects.select_related("proposal__program_year__rule_set").first().proposal.book
    for row in Meeting.objects.all():
        if missed(book, "meeting", row.year, row.at):
            yield row.pk, row.at


def late_and_said_so():
    """Nearly every result is measured while its contract runs; of the others the report tells."""
    done = list(Work.objects.exclude(inspected_on=None))
    late = [work for work in done if work.inspected_on > work.ends_on]
    assert len(late) <= len(done) * 0.2
    for work in late:
        report = work.reports.filter(percent=100).last()
        assert report.note == LATE_NOTE or report.seen_on <= work.ends_on


def desks_as_the_acts_write_them():
    assert Act.objects.filter(act="comment.added").count() == Comment.objects.count()
    answered = Comment.objects.exclude(answer="").count()
    assert Act.objects.filter(act="comment.answered").count() == answered
    for item in DeskItem.objects.filter(act="proposal.budget"):
        assert item.path.endswith("/dpa/")
        assert item.title.startswith("Catat DPA usulan ")
    outcomes = set(DeskItem.objects.exclude(outcome="").values_list("outcome", flat=True))
    assert not {one for one in outcomes if "." in one}
