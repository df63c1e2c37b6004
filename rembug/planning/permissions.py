"""Who may do what to meetings, lists and proposals. The acts ask again; pages ask to be polite."""

from __future__ import annotations

from rembug.people.acts import kept_apart
from rembug.people.authority import holds, offices_of
from rembug.people.models import Person
from rembug.planning.books import plans
from rembug.planning.models import Meeting, Proposal
from rembug.planning.rules import EDITABLE, SIGNERS, MeetingState, ProposalState, conflict
from rembug.regions.models import Unit


def can_call_meeting(person: object, unit: Unit) -> bool:
    return plans(unit) and holds(person, "meeting.call", at=unit) is not None


def can_change_invitation(person: object, meeting: Meeting) -> bool:
    """Whoever calls the residents may change or call off what has not been written down yet."""
    return meeting.state == MeetingState.CALLED and can_call_meeting(person, meeting.unit)


def can_hold_meeting(person: object, meeting: Meeting) -> bool:
    """Minutes are written until somebody has signed them, of what was not called off."""
    if meeting.state == MeetingState.CANCELLED:
        return False
    return not meeting.frozen and holds(person, "meeting.hold", at=meeting.unit) is not None


def signs_here(person: object, meeting: Meeting) -> bool:
    """Whether an office of the person signs the minutes of this place at all."""
    roles = SIGNERS[meeting.unit.kind]
    return any(holds(person, f"meeting.sign.{role}", at=meeting.unit) for role in roles)


def signing_role(person: object, meeting: Meeting) -> str:
    """As what a person may sign these minutes now: rt, secretary, rw, kelurahan, or empty.

    One person signs once, whatever offices they hold. Who may still sign may return them instead.
    """
    if meeting.state != MeetingState.HELD or not isinstance(person, Person):
        return ""
    signed = list(meeting.signatures.filter(lapsed_at=None).values_list("role", "person_id"))
    if any(signer == person.pk for _role, signer in signed):
        return ""
    taken = {role for role, _signer in signed}
    for role in SIGNERS[meeting.unit.kind]:
        if role not in taken and holds(person, f"meeting.sign.{role}", at=meeting.unit):
            return role
    return ""


def can_edit_list(person: object, unit: Unit) -> bool:
    return plans(unit) and holds(person, "list.edit", at=unit) is not None


def can_start_proposal(person: object, unit: Unit) -> bool:
    return plans(unit) and holds(person, "proposal.edit", at=unit) is not None


def can_edit_proposal(person: object, proposal: Proposal) -> bool:
    """While it is a draft or was returned, by its RT."""
    return proposal.editable and holds(person, "proposal.edit", at=proposal.unit) is not None


def can_submit_proposal(person: object, proposal: Proposal) -> bool:
    return (
        proposal.state in EDITABLE
        and holds(person, "proposal.submit", at=proposal.unit) is not None
    )


def may_judge(person: object, proposal: Proposal) -> bool:
    """Whether the person's office is the one whose turn it is, apart from conflicts of interest."""
    return (
        proposal.state == ProposalState.SUBMITTED
        and holds(person, f"proposal.verify.{proposal.tier}", at=proposal.unit) is not None
    )


def conflict_with(person: object, proposal: Proposal) -> str:
    """A sentence saying why this person must not judge this proposal; empty when they may."""
    offices = [(one.role, one.unit.code, one.body) for one in offices_of(person)]
    return conflict(offices, proposal.unit.code)


def has_had_a_hand(person: Person, proposal: Proposal) -> bool:
    """Whether the person did an act on it that separates them from the one awaited now."""
    return kept_apart(person, f"proposal.verify.{proposal.tier}", proposal.about)


def can_verify(person: object, proposal: Proposal) -> bool:
    """Nobody judges what they proposed or judged before, nor as neighbour of their own board."""
    return (
        isinstance(person, Person)
        and may_judge(person, proposal)
        and not conflict_with(person, proposal)
        and not has_had_a_hand(person, proposal)
    )


def can_budget(person: object, proposal: Proposal) -> bool:
    return (
        isinstance(person, Person)
        and proposal.state == ProposalState.VERIFIED
        and holds(person, "proposal.budget", at=proposal.unit) is not None
        and not conflict_with(person, proposal)
        and not kept_apart(person, "proposal.budget", proposal.about)
    )
