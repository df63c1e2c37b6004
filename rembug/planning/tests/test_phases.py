"""The calendar of the city as acts of planning ask it."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.people.models import Act
from rembug.planning.rules import act_title
from rembug.planning.services.meetings import call_meeting
from rembug.planning.services.proposals import submit_proposal
from rembug.planning.services.verification import pass_proposal
from rembug.programs.phases import missed, phase_faults, phase_flag


def over(phase, outside):
    """A window of this year that is over since a few days, or was in the year before."""
    today = timezone.localdate()
    first, last = today - timedelta(days=9), today - timedelta(days=5)
    entry = {"key": "w", "title": "Masa uji", "phase": phase, "outside": outside}
    told = {"start": f"{first:%m-%d}", "end": f"{last:%m-%d}"}
    return [entry | told | {"year_offset": first.year - today.year}]


def _call(cast, submitted):
    return call_meeting(
        by=cast.rt_head,
        unit=cast.rt,
        year=cast.year.year,
        title="Rembug",
        place="Balai",
        when=timezone.now(),
    )


ACTS = {
    "meeting": _call,
    "proposal": lambda cast, row: submit_proposal(by=cast.rt_head, proposal=row.proposal),
    "verification": lambda cast, row: pass_proposal(by=cast.rw_head, proposal=row.proposal),
}


@pytest.mark.fault("item-22")
@pytest.mark.parametrize("phase", ACTS)
def test_outside_its_window_an_act_is_refused_or_flagged(cast, activity, phase):
    if phase == "verification":
        submit_proposal(by=cast.rt_head, proposal=activity.proposal)
    rules, row = cast.year.rule_set, activity
    for outside in ("refuse", "flag"):
        rules.book = rules.book | {"calendar": over(phase, outside)}
        rules.save()
        row = type(activity).objects.get(pk=activity.pk)
        if outside == "refuse":
            with pytest.raises(Refused, match="Masa uji: hanya"):
                ACTS[phase](cast, row)
    ACTS[phase](cast, row)
    line = Act.objects.order_by("-pk").first()
    assert line.detail["outside"] == "Masa uji"
    assert act_title(line.act, line.detail).endswith(", di luar jadwal Masa uji")


DAY = {"key": "a", "title": "Usulan", "start": "07-01", "end": "08-15", "phase": "proposal"}


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), True),
        (date(2025, 8, 15), True),
        (date(2025, 8, 16), False),
        # The day is the city's, not that of the clock in Greenwich.
        (datetime.fromisoformat("2025-06-30T17:30:00+00:00"), True),
        (datetime.fromisoformat("2025-08-15T17:30:00+00:00"), False),
    ],
)
def test_both_ends_of_a_window_belong_to_it(book_of, day, inside):
    book = book_of(calendar=[DAY | {"year_offset": -1, "outside": "refuse"}])
    with timezone.override("Asia/Jakarta"):
        assert (missed(book, "proposal", 2026, day) is None) is inside
        assert (phase_faults(book, "proposal", 2026, day) == []) is inside
        assert (phase_flag(book, "proposal", 2026, day) == {}) is inside


def test_one_of_several_windows_is_enough_and_other_phases_are_free(book_of):
    second = DAY | {"key": "b", "start": "01-05", "end": "01-20", "outside": "refuse"}
    book = book_of(calendar=[DAY, second])
    assert missed(book, "proposal", 2026, date(2026, 1, 6)) is None
    assert missed(book, "proposal", 2026, date(2026, 7, 6)) is None
    assert phase_faults(book, "proposal", 2026, date(2026, 2, 6))
    assert missed(book, "spj", 2026, date(2026, 2, 6)) is None
    assert missed(book_of(), "proposal", 2026, date(2026, 2, 6)) is None
