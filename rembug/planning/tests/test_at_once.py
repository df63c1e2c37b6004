"""Two at the same moment: one wins, the other is told, nothing is counted twice. On PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.ledger.reading import balance
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Proposal
from rembug.planning.services.budget import budget_proposal
from rembug.planning.services.lists import take_decisions
from rembug.planning.services.meetings import return_minutes, sign_minutes
from rembug.planning.services.proposals import (
    ActivityDraft,
    save_activity,
    start_proposal,
    submit_proposal,
)
from rembug.planning.services.verification import pass_proposal, return_proposal
from tests.cast import open_year

pytestmark = pytest.mark.postgres
WHY = "Volume paving tidak cocok dengan gambar."


@pytest.fixture
def together(transactional_db, city):
    """Run acts in threads of their own at the same moment; gives what each returned or refused."""

    def run(*acts):
        gate = Barrier(len(acts))

        def one(act):
            try:
                with scope(city=city):
                    gate.wait(timeout=10)
                    act()
                return "done"
            except Refused as refusal:
                return refusal.reasons[0]
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts)) as pool:
            return sorted(pool.map(one, acts), key=lambda told: told != "done")

    return run


def test_two_verifiers_at_once(together, cast, submitted):
    twin = cast.add("twin", ("rw_head", cast.rw, 0))
    told = together(
        lambda: pass_proposal(by=cast.rw_head, proposal=submitted, tier="rw"),
        lambda: return_proposal(by=twin, proposal=submitted, why=WHY, tier="rw"),
    )
    assert told[0] == "done" and "baru saja memutuskan" in told[1]
    acts = set(Act.objects.filter(about=submitted.about).values_list("act", flat=True))
    assert len(acts & {"proposal.verified.rw", "proposal.returned"}) == 1
    assert DeskItem.objects.filter(closed_at=None).count() == 1


def test_two_start_at_once(together, cast, signed):
    told = together(
        lambda: start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year),
        lambda: start_proposal(by=cast.rt_secretary, unit=cast.rt, program_year=cast.year),
    )
    assert told[0] == "done" and "sudah punya usulan" in told[1]


def test_two_carry_the_same_decision_over_at_once(together, cast, held):
    years = {held.items.first().pk: 2028}
    told = together(
        lambda: take_decisions(by=cast.rt_head, meeting=held, years=years),
        lambda: take_decisions(by=cast.rt_secretary, meeting=held, years=years),
    )
    assert told[0] == "done" and "belum ada di daftar" in told[1]


def test_two_submit_at_once(together, cast, activity):
    other = cast.add("twin", ("rt_head", cast.rt, 0))
    told = together(
        lambda: submit_proposal(by=cast.rt_head, proposal=activity.proposal),
        lambda: submit_proposal(by=other, proposal=activity.proposal),
    )
    assert told[0] == "done" and told[1] != "done"
    assert Act.objects.filter(act="proposal.submitted").count() == 1
    assert DeskItem.objects.filter(act="proposal.verify.rw").count() == 1


def test_two_budgets_at_once_reserve_once(together, cast, verified):
    other = cast.add("twin", ("planning_office", cast.top, 0))
    told = together(
        lambda: budget_proposal(by=cast.planning_office, proposal=verified, document="DPA/1"),
        lambda: budget_proposal(by=other, proposal=verified, document="DPA/2"),
    )
    assert told[0] == "done" and "sudah masuk anggaran" in told[1]
    assert balance(cast.year.fund, "available", cast.rt) == 18_000_000
    assert Proposal.objects.get().budget_doc in ("DPA/1", "DPA/2")


def test_three_sign_at_once(together, cast, held):
    told = together(
        *[
            lambda who=who: sign_minutes(by=who, meeting=held, version=held.version)
            for who in (cast.rt_head, cast.rt_secretary, cast.rw_head)
        ]
    )
    assert told == ["done"] * 3
    held.refresh_from_db()
    assert held.state == "signed"


def test_one_signs_while_another_returns(together, cast, held):
    """Whichever comes first, in the end the minutes are back and nobody's signature stands."""
    why = "Yang hadir 14 perempuan, bukan 1."
    told = together(
        lambda: sign_minutes(by=cast.rt_secretary, meeting=held, version=held.version),
        lambda: return_minutes(by=cast.rw_head, meeting=held, why=why, version=held.version),
    )
    assert "done" in told
    held.refresh_from_db()
    assert held.state == "returned" and not held.frozen
    assert not held.signatures.filter(lapsed_at=None).exists()
    assert DeskItem.objects.get(closed_at=None).act == "meeting.hold"


def test_two_years_take_one_wish_at_once(together, cast, proposal, wish):
    later = open_year(cast.city, cast.program, cast.year.year + 1, cast.units)
    other = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=later)
    draft = ActivityDraft("infra", "Paving", plan_item=wish)
    told = together(
        lambda: save_activity(by=cast.rt_head, proposal=proposal, draft=draft, lines=[]),
        lambda: save_activity(by=cast.rt_secretary, proposal=other, draft=draft, lines=[]),
    )
    assert told[0] == "done" and "sudah diusulkan" in told[1]
    assert wish.activities.count() == 1
