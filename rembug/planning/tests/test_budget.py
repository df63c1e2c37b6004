"""The plan becomes money: once, with a document, out of the RT's own ceiling."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.ledger.reading import balance
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity
from rembug.planning.rules import ProposalState, Stage
from rembug.planning.services.budget import budget_proposal
from rembug.planning.tests.conftest import step_down


def test_the_money_of_each_activity_is_reserved(cast, verified):
    done = budget_proposal(by=cast.planning_office, proposal=verified, document="DPA/1/2026")
    row = Activity.objects.get()
    assert done.state == ProposalState.BUDGETED and row.stage == Stage.BUDGETED
    fund = cast.year.fund
    assert balance(fund, "reserved", cast.rt, row.pk) == 32_000_000
    assert balance(fund, "available", cast.rt) == 18_000_000
    item = DeskItem.objects.get(closed_at=None)
    assert (item.act, item.unit) == ("contract.prepare", cast.kelurahan)
    assert item.path == f"pekerjaan/siapkan/{row.pk}/"
    assert Act.objects.get(act="proposal.budgeted").detail["document"] == "DPA/1/2026"


def test_the_document_is_not_older_than_the_ceiling(cast, verified):
    with pytest.raises(Refused, match="pagu"):
        budget_proposal(
            by=cast.planning_office, proposal=verified, document="DPA/1", on=date(2001, 1, 1)
        )
    assert balance(cast.year.fund, "reserved", cast.rt) == 0


def test_it_needs_a_document_of_a_day_that_has_come(cast, verified):
    with pytest.raises(Refused) as refusal:
        budget_proposal(
            by=cast.planning_office,
            proposal=verified,
            document=" ",
            on=timezone.localdate() + timedelta(days=1),
            version=0,
        )
    assert len(refusal.value.reasons) == 3
    assert balance(cast.year.fund, "available", cast.rt) == 50_000_000


def test_once_only(cast, verified):
    budget_proposal(by=cast.planning_office, proposal=verified, document="DPA/1")
    with pytest.raises(Refused, match="DPA/1"):
        budget_proposal(by=cast.planning_office, proposal=verified, document="DPA/2")
    assert balance(cast.year.fund, "available", cast.rt) == 18_000_000


def test_not_before_every_desk_has_passed_it(cast, submitted):
    with pytest.raises(Refused, match="belum lolos"):
        budget_proposal(by=cast.planning_office, proposal=submitted, document="DPA/1")


@pytest.mark.parametrize("name", ["rt_head", "lurah", "finance_office", "neighbour"])
def test_only_the_planning_office(cast, verified, name):
    with pytest.raises(PermissionDenied):
        budget_proposal(by=getattr(cast, name), proposal=verified, document="DPA/1")


def test_not_by_who_proposed_it(cast, verified):
    step_down(cast.rt_head)
    cast.seat(cast.rt_head, "planning_office", cast.top)
    with pytest.raises(Refused, match="ikut mengajukan"):
        budget_proposal(
            by=cast.rt_head, proposal=verified, document="DPA/1", on=timezone.localdate()
        )


def test_a_ceiling_that_is_gone_refuses_all(cast, verified):
    Activity.objects.update(cost=60_000_000)
    with pytest.raises(Refused, match="tidak cukup"):
        budget_proposal(by=cast.planning_office, proposal=verified, document="DPA/1")
    verified.refresh_from_db()
    assert verified.state == ProposalState.VERIFIED
