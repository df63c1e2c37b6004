"""Desks: in the book's order, with a reason for every no, never by somebody with a hand in it."""

import pytest
from django.core.exceptions import PermissionDenied

from rembug.core.refusal import Refused
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity, PlanItem, Proposal
from rembug.planning.rules import PlanState, ProposalState, Stage
from rembug.planning.services.proposals import start_proposal, submit_proposal
from rembug.planning.services.verification import (
    pass_proposal,
    pass_several,
    reject_proposal,
    return_proposal,
)
from rembug.planning.tests.conftest import step_down
from rembug.programs.calendar import due_on

WHY = "Volume paving tidak cocok dengan panjang gang."


def waiting():
    return list(DeskItem.objects.filter(closed_at=None).values_list("act", flat=True))


def test_a_proposal_walks_all_desks_of_the_book(cast, submitted):
    desks = [
        ("rw_head", "proposal.verify.rw"),
        ("ekbang", "proposal.verify.kelurahan"),
        ("kecamatan_team", "proposal.verify.kecamatan"),
        ("planning_office", "proposal.verify.city"),
        ("technical_office", "proposal.verify.technical"),
    ]
    for name, act in desks:
        assert waiting() == [act]
        submitted = pass_proposal(by=getattr(cast, name), proposal=submitted)
    assert submitted.state == ProposalState.VERIFIED and submitted.tier == ""
    assert waiting() == ["proposal.budget"]
    assert Activity.objects.get().stage == Stage.CHECKED


def test_the_book_decides_which_desks_there_are(cast, activity):
    rules = cast.year.rule_set
    rules.book = {**rules.book, "proposal_steps": [{"key": "technical", "days": 4}]}
    rules.digest = "short".ljust(64, "0")
    rules.save()
    sent = submit_proposal(by=cast.rt_head, proposal=activity.proposal)
    assert waiting() == ["proposal.verify.technical"]
    done = pass_proposal(by=cast.technical_office, proposal=sent)
    assert done.state == ProposalState.VERIFIED


def test_the_due_day_is_in_working_days(cast, submitted):
    item = DeskItem.objects.get(closed_at=None)
    assert item.due_on == due_on(item.opened_at.date(), 3)


def test_a_return_needs_a_reason_and_opens_a_new_round(cast, submitted):
    with pytest.raises(Refused, match="alasan"):
        return_proposal(by=cast.rw_head, proposal=submitted, why=" ")
    back = return_proposal(by=cast.rw_head, proposal=submitted, why=WHY)
    assert (back.state, back.returned_why, back.tier) == (ProposalState.RETURNED, WHY, "")
    assert waiting() == ["proposal.submit"]
    again = submit_proposal(by=cast.rt_head, proposal=back)
    assert (again.round, again.tier, again.returned_why) == (2, "rw", "")
    # Nothing of the first round is overwritten.
    acts = list(Act.objects.filter(about=back.about).values_list("act", "why"))
    assert ("proposal.returned", WHY) in acts
    assert [act for act, _why in acts].count("proposal.submitted") == 2


def test_each_decision_keeps_what_was_decided_about(cast, submitted):
    pass_proposal(by=cast.rw_head, proposal=submitted)
    line = Act.objects.get(act="proposal.verified.rw")
    assert line.detail["before"]["content"] == line.detail["after"]["content"]
    assert (line.detail["before"]["tier"], line.detail["after"]["tier"]) == ("rw", "kelurahan")
    assert line.office.role == "rw_head" and line.rule == cast.year.rule


def test_a_rejection_ends_it_and_frees_the_wish(cast, submitted):
    done = reject_proposal(by=cast.rw_head, proposal=submitted, why=WHY)
    assert done.state == ProposalState.REJECTED and waiting() == []
    assert Activity.objects.get().stage == Stage.DROPPED
    assert PlanItem.objects.get().state == PlanState.PLANNED
    with pytest.raises(Refused):
        submit_proposal(by=cast.rt_head, proposal=done)
    # The year is not lost: a new one may be started beside it, once.
    new = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    assert new.pk != done.pk and waiting() == ["proposal.submit"]
    with pytest.raises(Refused):
        start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)


@pytest.mark.parametrize(
    "name",
    ["rt_head", "ekbang", "lurah", "neighbour", "neighbour_ekbang", "planning_office", "resident"],
)
def test_only_the_desk_whose_turn_it_is(cast, submitted, name):
    with pytest.raises(PermissionDenied):
        pass_proposal(by=getattr(cast, name), proposal=submitted)
    with pytest.raises(PermissionDenied):
        return_proposal(by=getattr(cast, name), proposal=submitted, why=WHY)


def test_the_neighbour_kelurahan_has_no_say(cast, submitted):
    pass_proposal(by=cast.rw_head, proposal=submitted)
    with pytest.raises(PermissionDenied):
        pass_proposal(by=cast.neighbour_ekbang, proposal=submitted)


def test_who_proposed_never_verifies_whatever_they_become(cast, submitted):
    step_down(cast.rt_head)
    cast.seat(cast.rt_head, "rw_head", cast.rw)
    with pytest.raises(Refused, match="Orang lain"):
        pass_proposal(by=cast.rt_head, proposal=submitted)


def test_a_member_of_the_board_or_of_a_pokmas_never_verifies(cast, submitted):
    cast.seat(cast.rw_head, "rt_secretary", cast.rt)
    with pytest.raises(Refused, match="pengurus RT"):
        pass_proposal(by=cast.rw_head, proposal=submitted)
    cast.rw_head.offices.filter(role="rt_secretary").delete()
    cast.seat(cast.rw_head, "pokmas_treasurer", cast.kelurahan, 7)
    with pytest.raises(Refused, match="pokmas"):
        pass_proposal(by=cast.rw_head, proposal=submitted)


def test_two_desks_are_two_persons(cast, submitted):
    pass_proposal(by=cast.rw_head, proposal=submitted)
    cast.seat(cast.ekbang, "kecamatan_team", cast.kecamatan)
    pass_proposal(by=cast.ekbang, proposal=submitted)
    with pytest.raises(Refused, match="Orang lain"):
        pass_proposal(by=cast.ekbang, proposal=submitted)


def test_the_slower_of_two_verifiers_is_told_who_was_faster(cast, submitted):
    twin = cast.add("twin", ("rw_head", cast.rw, 0))
    seen = Proposal.objects.get(pk=submitted.pk)
    pass_proposal(by=cast.rw_head, proposal=submitted, tier="rw")
    with pytest.raises(Refused, match="Ketua RW baru saja"):
        return_proposal(by=twin, proposal=seen, why=WHY, tier="rw")
    assert Proposal.objects.get().tier == "kelurahan"


def test_a_page_opened_before_the_last_change_decides_nothing(cast, submitted):
    with pytest.raises(Refused, match="berubah"):
        pass_proposal(by=cast.rw_head, proposal=submitted, version=submitted.version - 1)


def test_several_pass_together_or_none(cast, submitted):
    with pytest.raises(Refused, match="Pilih"):
        pass_several(by=cast.rw_head, proposals=[])
    with pytest.raises(Refused, match="RT 01"):
        pass_several(by=cast.rw_head, proposals=[(submitted, 0)])
    done = pass_several(by=cast.rw_head, proposals=[(submitted, submitted.version)])
    assert [one.tier for one in done] == ["kelurahan"]
