"""One work from the budget to the last rupiah, and what the world sees at every stop."""

import pytest

from rembug.execution.services.standing import standing
from rembug.execution.tests.paths import STATES, bring, fresh
from rembug.ledger.services import audit, ladders_by_subject
from rembug.people.acts import audit as audit_record
from rembug.people.models import DeskItem


def waiting(city):
    return sorted(DeskItem.objects.filter(city=city, closed_at=None).values_list("act", flat=True))


AWAITED = {
    "prepared": ["contract.sign"],
    "signed": ["contract.approve"],
    "running": ["report.submit"],
    "reported_0": ["report.submit", "tranche.request"],
    "requested_1": ["report.submit", "tranche.bill"],
    "billed_1": ["report.submit", "tranche.verify"],
    "verified_1": ["report.submit", "tranche.order"],
    "ordered_1": ["report.submit", "tranche.pay"],
    "paid_1": ["report.submit", "tranche.confirm"],
    "received_1": ["report.submit", "spj.submit"],
    "spj_1": ["report.submit", "spj.verify"],
    "accounted_1": ["report.submit"],
    "reported_50": ["report.submit", "tranche.request"],
    "accounted_2": ["report.submit"],
    "reported_100": ["work.inspect"],
    "inspected": ["work.offer"],
    "offered": ["work.receive"],
    "handed": ["money.return"],
    "settled": ["work.close"],
    "closed": [],
}


@pytest.mark.parametrize("state", AWAITED)
def test_every_stop_waits_on_the_right_desks(cast, state):
    bring(cast, state)
    assert waiting(cast.city) == AWAITED[state]


def test_the_whole_way_leaves_books_and_record_clean(cast):
    work = bring(cast, "closed")
    s = standing(fresh(work))
    assert (s.cash, s.tax_owed, s.open_tranches) == (0, 0, [])
    assert s.activity.stage == "closed" and s.activity.percent == 100
    ladder = ladders_by_subject([work.activity_id])[work.activity_id]
    assert (ladder.ceiling, ladder.contracted, ladder.paid, ladder.accounted) == (10_000_000,) * 4
    assert audit(cast.city) == []
    assert audit_record(cast.city) == []


def test_the_stops_are_all_reachable(cast):
    assert bring(cast, STATES[-1]).state == "closed"
