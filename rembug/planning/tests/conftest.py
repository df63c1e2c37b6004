"""A signed meeting, a five-year list, and a proposal that nothing blocks, on top of the common cast."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rembug.planning.rules import Attendee, CostLine, Point
from rembug.planning.services.lists import add_item
from rembug.planning.services.meetings import call_meeting, hold_meeting, sign_minutes
from rembug.planning.services.proposals import (
    ActivityDraft,
    save_activity,
    start_proposal,
    submit_proposal,
)
from rembug.planning.services.verification import pass_proposal
from rembug.programs.tests.conftest import book_of  # noqa: F401

POINTS = [
    Point("infra", "Paving Gang Melati", "decided", "400 m2", 32_000_000),
    Point("social", "Kursi warga", "decided", "20 buah", 5_000_000),
    Point("economy", "Kios bersama", "deferred", reason="Tanahnya belum jelas"),
    Point("infra", "Lampu gang", "discussed"),
]
NAMES = [Attendee("Budi", "m"), Attendee("Tono", "m"), Attendee("Siti", "f")]


def step_down(person):
    """End every office of a person yesterday."""
    person.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    person.__dict__.pop("_offices", None)


@pytest.fixture
def called(cast):
    """A meeting that was called for yesterday."""
    return call_meeting(
        by=cast.rt_head,
        unit=cast.rt,
        year=cast.year.year,
        title="Rembug rencana tahunan",
        place="Balai RT",
        when=timezone.now() - timedelta(days=1),
        agenda="Rencana tahun depan",
    )


@pytest.fixture
def held(cast, called):
    """The same meeting with its results written down."""
    return hold_meeting(
        by=cast.rt_secretary, meeting=called, men=2, women=1, names=NAMES, points=POINTS
    )


@pytest.fixture
def signed(cast, held):
    """The same meeting with all three signatures."""
    for signer in (cast.rt_head, cast.rt_secretary, cast.rw_head):
        held = sign_minutes(by=signer, meeting=held, version=held.version)
    return held


@pytest.fixture
def wish(cast, held):
    """A line of the five-year list."""
    return add_item(
        by=cast.rt_head,
        unit=cast.rt,
        year=cast.year.year,
        field="infra",
        title="Paving Gang Melati",
        volume="400 m2",
        cost=32_000_000,
        meeting=held,
    )


@pytest.fixture
def proposal(cast, signed):
    """An empty draft."""
    return start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)


@pytest.fixture
def paving(prices):
    """The cost lines of 32 million rupiah of paving."""
    item = prices["Paving K-175"]
    return [CostLine(item.name, item.unit, item.group, 400_000, 80_000, 80_000, item.pk)]


@pytest.fixture
def activity(cast, proposal, wish, paving):
    return save_activity(
        by=cast.rt_head,
        proposal=proposal,
        draft=ActivityDraft("infra", "Paving Gang Melati", volume="400 m2", plan_item=wish),
        lines=paving,
    )


@pytest.fixture
def submitted(cast, activity):
    """A sound proposal on the first desk."""
    return submit_proposal(by=cast.rt_head, proposal=activity.proposal)


@pytest.fixture
def verified(cast, submitted):
    """The same proposal after every desk."""
    for one in ("rw_head", "ekbang", "kecamatan_team", "planning_office", "technical_office"):
        submitted = pass_proposal(by=getattr(cast, one), proposal=submitted)
    return submitted
