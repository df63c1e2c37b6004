"""Meetings: called, recorded, signed by three, frozen by the first signature unless returned."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.files.services import store_image
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Meeting
from rembug.planning.rules import MeetingState
from rembug.planning.services.lists import take_decisions
from rembug.planning.services.meetings import (
    call_meeting,
    content_of,
    hold_meeting,
    return_minutes,
    sign_minutes,
)
from rembug.planning.tests.conftest import NAMES, POINTS

WHY = "Yang hadir 14 perempuan, bukan 1."


def waiting(thing_act):
    return DeskItem.objects.filter(act=thing_act, closed_at=None)


def test_a_called_meeting_waits_to_be_recorded(cast, called):
    assert called.state == MeetingState.CALLED
    assert waiting("meeting.hold").get().unit == cast.rt
    assert Act.objects.get(about=called.about).act == "meeting.called"


def test_only_the_head_of_this_rt_calls(cast):
    for person in (cast.rt_secretary, cast.other_rt_head, cast.neighbour, cast.lurah):
        with pytest.raises(PermissionDenied):
            call_meeting(
                by=person, unit=cast.rt, year=2026, title="x", place="y", when=timezone.now()
            )
    assert not Meeting.objects.exists()


def test_wrong_dates_and_empty_words_are_refused_at_once(cast):
    with pytest.raises(Refused) as refusal:
        call_meeting(
            by=cast.rt_head,
            unit=cast.rt,
            year=1926,
            title=" ",
            place="",
            when=timezone.now() + timedelta(days=4000),
        )
    assert len(refusal.value.reasons) == 4


def test_a_meeting_is_recorded_with_people_and_points(cast, held):
    assert (held.men, held.women, held.attendances.count(), held.items.count()) == (2, 1, 3, 4)
    assert not waiting("meeting.hold").exists()
    assert {item.act for item in DeskItem.objects.filter(closed_at=None)} == {
        "meeting.sign.rt",
        "meeting.sign.secretary",
        "meeting.sign.rw",
    }
    assert waiting("meeting.sign.rw").get().unit == cast.rw
    # Names are personal data: the record has counts only.
    assert "Siti" not in str(Act.objects.get(act="meeting.held").detail)


def test_every_fault_of_a_record_comes_at_once(cast, called):
    Meeting.objects.filter(pk=called.pk).update(at=timezone.now() + timedelta(days=2))
    with pytest.raises(Refused) as refusal:
        hold_meeting(by=cast.rt_head, meeting=called, men=9, women=0, names=NAMES, points=[])
    assert len(refusal.value.reasons) == 3
    assert not called.attendances.exists()


@pytest.mark.parametrize("name", ["lurah", "other_rt_head", "neighbour", "resident", "camat"])
def test_nobody_else_records_a_meeting(cast, called, name):
    """The act asks, not only its page."""
    with pytest.raises(PermissionDenied):
        hold_meeting(
            by=cast.people[name], meeting=called, men=2, women=1, names=NAMES, points=POINTS
        )
    assert Meeting.objects.get(pk=called.pk).state == MeetingState.CALLED


def test_correcting_before_anybody_signed_replaces_and_keeps_the_desk(cast, held):
    hold_meeting(
        by=cast.rt_head, meeting=held, men=5, women=5, points=POINTS[:1], version=held.version
    )
    held.refresh_from_db()
    assert (held.men, held.items.count(), held.attendances.count()) == (5, 1, 0)
    assert DeskItem.objects.filter(closed_at=None).count() == 3
    line = Act.objects.filter(act="meeting.held").last()
    assert line.detail["before"] != line.detail["after"]


def test_a_stale_page_overwrites_nothing(cast, held):
    with pytest.raises(Refused, match="Orang lain"):
        hold_meeting(by=cast.rt_head, meeting=held, men=1, women=0, points=POINTS, version=0)
    held.refresh_from_db()
    assert held.men == 2


def test_photos_are_kept_once_and_can_be_required(cast, called, photo):
    rules = cast.year.rule_set
    rules.book = {**rules.book, "meeting": {"min_photos": 2}}
    rules.digest = "photos".ljust(64, "0")
    rules.save()
    first = store_image(cast.city, photo(seed=1)).file
    with pytest.raises(Refused, match="2 foto"):
        hold_meeting(
            by=cast.rt_head, meeting=called, men=1, women=0, points=POINTS, photos=[first, first]
        )
    second = store_image(cast.city, photo(seed=2)).file
    hold_meeting(
        by=cast.rt_head, meeting=called, men=1, women=0, points=POINTS, photos=[first, second]
    )
    # The photos that are there count when the record is corrected.
    hold_meeting(by=cast.rt_head, meeting=called, men=2, women=0, points=POINTS)
    assert called.photos.count() == 2


def test_three_different_people_sign_in_any_order(cast, held):
    for signer in (cast.rw_head, cast.rt_secretary):
        sign_minutes(by=signer, meeting=held, version=held.version)
        held.refresh_from_db()
        assert held.state == MeetingState.HELD
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    held.refresh_from_db()
    assert held.state == MeetingState.SIGNED
    assert {one.digest for one in held.signatures.all()} == {held.minutes_digest}
    assert not DeskItem.objects.filter(closed_at=None).exists()
    assert Act.objects.filter(act__startswith="meeting.signed.").count() == 3


def test_one_person_in_two_offices_signs_once(cast, held):
    cast.seat(cast.rt_head, "rt_secretary", cast.rt)
    cast.seat(cast.rt_head, "rw_head", cast.rw)
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    with pytest.raises(Refused, match="sudah menandatangani"):
        sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    assert held.signatures.count() == 1


def test_the_office_is_taken_by_whoever_signed_first(cast, held):
    twin = cast.add("twin", ("rt_head", cast.rt, 0))
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    with pytest.raises(PermissionDenied):
        sign_minutes(by=twin, meeting=held, version=held.version)


@pytest.mark.parametrize("name", ["lurah", "other_rt_head", "neighbour", "ekbang", "resident"])
def test_nobody_else_signs(cast, held, name):
    with pytest.raises(PermissionDenied):
        sign_minutes(by=getattr(cast, name), meeting=held, version=held.version)


def test_after_the_first_signature_nothing_changes(cast, held):
    before = content_of(held)
    sign_minutes(by=cast.rw_head, meeting=held, version=held.version)
    with pytest.raises(Refused, match="tidak dapat diubah"):
        hold_meeting(by=cast.rt_head, meeting=held, men=50, women=0, points=POINTS)
    held.refresh_from_db()
    assert content_of(held) == before


def test_minutes_changed_behind_the_acts_are_not_signed(cast, held):
    sign_minutes(by=cast.rw_head, meeting=held, version=held.version)
    Meeting.objects.filter(pk=held.pk).update(men=99)
    with pytest.raises(Refused, match="berubah"):
        sign_minutes(by=cast.rt_head, meeting=held, version=held.version)


def test_an_unrecorded_meeting_is_not_signed(cast, called):
    with pytest.raises(Refused, match="Catat dahulu"):
        sign_minutes(by=cast.rt_head, meeting=called, version=called.version)


def test_a_signature_carries_the_version_that_was_read(cast, held):
    """A tab opened before the last correction, or without a version, signs nothing."""
    seen = held.version
    hold_meeting(by=cast.rt_secretary, meeting=held, men=5, women=1, points=POINTS, version=seen)
    for version in (seen, None):
        with pytest.raises(Refused, match="berubah sejak"):
            sign_minutes(by=cast.rw_head, meeting=held, version=version)
    assert not held.signatures.exists()


def test_who_must_still_sign_sends_the_minutes_back(cast, held):
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    sign_minutes(by=cast.rt_secretary, meeting=held, version=held.version)
    back = return_minutes(by=cast.rw_head, meeting=held, why=WHY, version=held.version)
    assert (back.state, back.returned_why, back.frozen) == (MeetingState.RETURNED, WHY, False)
    assert back.version == held.version + 1
    # The secretary's desk has it; no desk waits for a signature.
    item = DeskItem.objects.get(closed_at=None)
    assert (item.act, item.unit, item.path) == (
        "meeting.hold",
        cast.rt,
        f"rembug/{held.pk}/catat/",
    )
    line = Act.objects.get(act="meeting.returned")
    assert line.why == WHY and line.office.role == "rw_head"
    assert sorted(line.detail["lapsed"]) == ["rt", "secretary"]
    # What was signed stays, and stays in the record.
    assert held.signatures.exclude(lapsed_at=None).count() == 2
    assert Act.objects.filter(act__startswith="meeting.signed.").count() == 2


def test_after_a_return_the_text_is_mended_and_all_three_sign_anew(cast, held):
    for signer in (cast.rt_head, cast.rt_secretary):
        sign_minutes(by=signer, meeting=held, version=held.version)
    back = return_minutes(by=cast.rw_head, meeting=held, why=WHY, version=held.version)
    with pytest.raises(Refused, match="sedang diperbaiki"):
        sign_minutes(by=cast.rw_head, meeting=back, version=back.version)
    mended = hold_meeting(
        by=cast.rt_secretary, meeting=back, men=2, women=14, points=POINTS, version=back.version
    )
    assert (mended.state, mended.returned_why) == (MeetingState.HELD, "")
    assert DeskItem.objects.filter(closed_at=None).count() == 3
    for signer in (cast.rt_head, cast.rt_secretary, cast.rw_head):
        mended = sign_minutes(by=signer, meeting=mended, version=mended.version)
    assert mended.state == MeetingState.SIGNED
    assert mended.signatures.count() == 5
    now = {one.digest for one in mended.signatures.filter(lapsed_at=None)}
    assert now == {mended.minutes_digest} != {mended.signatures.first().digest}


def test_a_return_says_why_and_carries_the_version_that_was_read(cast, held):
    with pytest.raises(Refused) as refusal:
        return_minutes(by=cast.rw_head, meeting=held, why=" salah ", version=held.version - 1)
    assert len(refusal.value.reasons) == 2
    with pytest.raises(Refused, match="berubah sejak"):
        return_minutes(by=cast.rw_head, meeting=held, why=WHY, version=None)
    held.refresh_from_db()
    assert held.state == MeetingState.HELD


def test_who_signed_already_or_never_signs_returns_nothing(cast, held):
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    with pytest.raises(Refused, match="sudah menandatangani"):
        return_minutes(by=cast.rt_head, meeting=held, why=WHY, version=held.version)
    for person in (cast.lurah, cast.other_rt_head, cast.neighbour, cast.ekbang):
        with pytest.raises(PermissionDenied):
            return_minutes(by=person, meeting=held, why=WHY, version=held.version)


def test_after_the_last_signature_nothing_returns(cast, signed):
    twin = cast.add("twin", ("rw_head", cast.rw, 0))
    for person in (cast.rw_head, twin):
        with pytest.raises(Refused, match="lengkap"):
            return_minutes(by=person, meeting=signed, why=WHY, version=signed.version)
    with pytest.raises(Refused, match="tidak dapat diubah"):
        hold_meeting(by=cast.rt_head, meeting=signed, men=50, women=0, points=POINTS)


def test_a_correction_keeps_what_the_list_took_over(cast, held):
    """A wish taken from a decision that says the same keeps it; one whose decision is gone stays."""
    years = {item.pk: cast.year.year for item in held.items.exclude(outcome="discussed")}
    take_decisions(by=cast.rt_head, meeting=held, years=years)
    hold_meeting(
        by=cast.rt_head, meeting=held, men=2, women=1, points=[POINTS[1], POINTS[3]], version=1
    )
    wishes = {one.title: one for one in held.plan_items.all()}
    assert wishes["Kursi warga"].decision == held.items.get(title="Kursi warga")
    assert wishes["Paving Gang Melati"].decision is None
    assert [(item.rank, item.title) for item in held.items.all()] == [
        (1, "Kursi warga"),
        (2, "Lampu gang"),
    ]


def test_returned_decisions_wait_for_the_mended_text(cast, held):
    years = {item.pk: cast.year.year for item in held.items.exclude(outcome="discussed")}
    return_minutes(by=cast.rw_head, meeting=held, why=WHY, version=held.version)
    with pytest.raises(Refused, match="sedang diperbaiki"):
        take_decisions(by=cast.rt_head, meeting=held, years=years)
