"""Acts on the residents' meeting: call it, record it, sign its minutes or return them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Reason, Refused, refuse_if
from rembug.core.steps import step
from rembug.files.models import File
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.desk import close_items, open_item
from rembug.people.models import Office, Person
from rembug.planning import permissions
from rembug.planning.books import book_for, fields_of
from rembug.planning.models import (
    Attendance,
    Meeting,
    MeetingItem,
    MeetingPhoto,
    PlanItem,
    Signature,
)
from rembug.planning.rules import (
    MEETING_STEPS,
    SIGNERS,
    Attendee,
    MeetingState,
    Outcome,
    Point,
    attendance_faults,
    digest,
    minutes_content,
    point_faults,
    return_faults,
    stale,
)
from rembug.programs.phases import phase_faults, phase_flag
from rembug.regions.models import Unit
from rembug.regions.scope import refuse_niks

# A meeting further away than this is a slip of the finger in the date.
FURTHEST = timedelta(days=730)
# One may be written down that took place without an invitation here, but not one of another year.
LONGEST_PAST = timedelta(days=180)


@transaction.atomic
def call_meeting(
    *,
    by: Person,
    unit: Unit,
    year: int,
    title: str,
    place: str,
    when: datetime | None,
    agenda: str = "",
    at: datetime | None = None,
) -> Meeting:
    """Call the residents together: what about, where and when. It then waits to be recorded.

    `year` is the fiscal year it plans. Raises PermissionDenied, or Refused with every reason.
    """
    if not permissions.can_call_meeting(by, unit):
        raise PermissionDenied
    now = at or timezone.now()
    faults = _call_faults(title, place, when, year, now)
    book = book_for(year, unit.kind)
    if book and when:
        faults += phase_faults(book, "meeting", year, when)
    refuse_if(faults)
    assert when is not None
    meeting = Meeting.objects.create(
        city=unit.city,
        unit=unit,
        year=year,
        title=title.strip(),
        place=place.strip(),
        at=when,
        agenda=agenda.strip(),
        called_by=by,
    )
    record(
        by,
        "meeting.called",
        meeting,
        about=meeting.about,
        unit=unit,
        office=holds(by, "meeting.call", at=unit),
        detail={"year": year, "when": when.isoformat()}
        | (phase_flag(book, "meeting", year, when) if book else {}),
        at=now,
    )
    _await_results(meeting, now)
    return meeting


def _call_faults(
    title: str, place: str, when: datetime | None, year: int, now: datetime
) -> list[str]:
    """Every reason against an invitation."""
    faults: list[str] = []
    if not title.strip():
        faults.append(Reason(_("Tulis perihal rembug."), "title"))
    if not place.strip():
        faults.append(Reason(_("Tulis tempat rembug."), "place"))
    if when is None:
        faults.append(Reason(_("Tulis tanggal rembug."), "day"))
        faults.append(Reason(_("Tulis jam rembug."), "clock"))
    elif when - now > FURTHEST:
        told = _("Periksa tanggal rembug: lebih dari dua tahun dari hari ini.")
        faults.append(Reason(told, "day"))
    elif now - when > LONGEST_PAST:
        told = _("Periksa tanggal rembug: lebih dari enam bulan yang lalu.")
        faults.append(Reason(told, "day"))
    if not now.year - 2 <= year <= now.year + 2:
        faults.append(Reason(_("Periksa tahun anggaran yang direncanakan."), "year"))
    return faults


def _await_results(meeting: Meeting, now: datetime) -> None:
    """Put what a called meeting waits for on the desk of its RT."""
    open_item(
        act="meeting.hold",
        thing=meeting,
        about=meeting.unit,
        title=noted("Catat hasil rembug: %s") % meeting.title,
        path=f"rembug/{meeting.pk}/catat/",
        due_on=timezone.localtime(meeting.at).date(),
        at=now,
    )


@transaction.atomic
def change_invitation(
    *,
    by: Person,
    meeting: Meeting,
    year: int,
    title: str,
    place: str,
    when: datetime | None,
    agenda: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Meeting:
    """Change what an invitation says, until the results are written down. Raises PermissionDenied, or Refused."""
    meeting, office = _still_called(by, meeting)
    now = at or timezone.now()
    faults = _stale_faults(meeting, version) + _call_faults(title, place, when, year, now)
    book = book_for(year, meeting.unit.kind)
    if book and when:
        faults += phase_faults(book, "meeting", year, when)
    refuse_if(faults)
    assert when is not None
    before = _invitation(meeting)
    step(
        meeting,
        "change",
        MEETING_STEPS,
        year=year,
        title=title.strip(),
        place=place.strip(),
        at=when,
        agenda=agenda.strip(),
        version=meeting.version + 1,
    )
    record(
        by,
        "meeting.changed",
        meeting,
        about=meeting.about,
        unit=meeting.unit,
        office=office,
        detail=phase_flag(book, "meeting", year, when) if book else {},
        before=before,
        after=_invitation(meeting),
        at=now,
    )
    close_items(meeting, by=by, outcome="changed", act="meeting.hold", at=now)
    _await_results(meeting, now)
    return meeting


@transaction.atomic
def cancel_meeting(
    *, by: Person, meeting: Meeting, why: str, at: datetime | None = None
) -> Meeting:
    """Call a meeting off, with the reason everybody reads. Raises PermissionDenied, or Refused."""
    meeting, office = _still_called(by, meeting)
    now = at or timezone.now()
    if len(why.strip()) < 5:
        told = _("Tulis mengapa rembug dibatalkan, supaya warga tahu.")
        raise Refused([Reason(told, "why")])
    step(meeting, "cancel", MEETING_STEPS, cancelled_why=why.strip()[:300])
    record(
        by,
        "meeting.cancelled",
        meeting,
        about=meeting.about,
        unit=meeting.unit,
        office=office,
        why=why.strip(),
        at=now,
    )
    close_items(meeting, by=by, outcome="cancelled", act="meeting.hold", at=now)
    return meeting


def _still_called(by: Person, meeting: Meeting) -> tuple[Meeting, Office]:
    """The locked meeting of which only the invitation stands, and the office by which it was called."""
    meeting = _locked(meeting)
    office = holds(by, "meeting.call", at=meeting.unit)
    if office is None:
        raise PermissionDenied
    if meeting.state == MeetingState.CANCELLED:
        raise Refused([_("Rembug ini sudah dibatalkan. Buat undangan baru.")])
    if meeting.state != MeetingState.CALLED:
        raise Refused([_("Hasil rembug ini sudah dicatat. Undangannya tidak diubah lagi.")])
    return meeting, office


def _invitation(meeting: Meeting) -> dict[str, Any]:
    """What an invitation says, for the record."""
    names = ("year", "title", "place", "agenda")
    return {"when": meeting.at.isoformat(), **{name: getattr(meeting, name) for name in names}}


@transaction.atomic
def hold_meeting(
    *,
    by: Person,
    meeting: Meeting,
    men: int,
    women: int,
    points: Sequence[Point],
    names: Sequence[Attendee] = (),
    photos: Iterable[File] = (),
    notes: str = "",
    count_reason: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Meeting:
    """Record who came and what was discussed, decided and deferred.

    May be corrected until somebody signs, and again when the minutes were returned.

    `photos` are stored pictures added to those already there; `version` is what the page showed.
    Raises PermissionDenied, or Refused with every reason.
    """
    meeting = _locked(meeting)
    if meeting.frozen:
        raise Refused([_("Notulen sudah ditandatangani dan tidak dapat diubah lagi.")])
    if not permissions.can_hold_meeting(by, meeting):
        raise PermissionDenied
    if meeting.state == MeetingState.CANCELLED:
        raise Refused([_("Rembug ini sudah dibatalkan. Buat undangan baru.")])
    now = at or timezone.now()
    book = book_for(meeting.year, meeting.unit.kind)
    known = set(meeting.photos.values_list("file_id", flat=True))
    fresh = [file for file in photos if file.pk not in known]
    faults = _stale_faults(meeting, version)
    if meeting.at > now:
        faults.append(_("Rembug ini belum berlangsung. Catat hasilnya sesudah rembug."))
    faults += attendance_faults(men, women, names, count_reason)
    faults += point_faults(points, {field.code for field in fields_of(book)})
    wanted = book.meeting.min_photos if book else 0
    if len(known) + len({file.pk for file in fresh}) < wanted:
        faults.append(Reason(_("Sertakan sedikitnya %d foto rembug.") % wanted, "photos"))
    refuse_if(faults)
    before = None if meeting.state == MeetingState.CALLED else content_of(meeting)
    unsigned = meeting.state != MeetingState.HELD
    step(
        meeting,
        "hold",
        MEETING_STEPS,
        men=men,
        women=women,
        notes=notes.strip(),
        count_reason=count_reason.strip(),
        returned_why="",
        version=meeting.version + 1,
    )
    _write(meeting, names, points, fresh)
    record(
        by,
        "meeting.held",
        meeting,
        about=meeting.about,
        unit=meeting.unit,
        office=holds(by, "meeting.hold", at=meeting.unit),
        detail={"men": men, "women": women, "names": len(names), "points": len(points)},
        before=before and digest(before),
        after=digest(content_of(meeting)),
        evidence=[file.sha256 for file in fresh],
        at=now,
    )
    if unsigned:
        _await_signatures(meeting, by, now)
    return meeting


def _locked(meeting: Meeting) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("unit", "city")
    return rows.get(pk=meeting.pk)


def _stale_faults(meeting: Meeting, version: int | None) -> list[str]:
    if not stale(version, meeting.version):
        return []
    return [
        _("Orang lain baru saja menyimpan catatan rembug ini. Bandingkan dahulu, lalu kirim lagi.")
    ]


def _write(
    meeting: Meeting, names: Sequence[Attendee], points: Sequence[Point], photos: Sequence[File]
) -> None:
    """Put names, points and new photos in place of what was there."""
    meeting.attendances.all().delete()
    came = [
        Attendance(city_id=meeting.city_id, meeting=meeting, name=one.name, sex=one.sex)
        for one in names
    ]
    refuse_niks(came)
    Attendance.objects.bulk_create(came)
    _write_points(meeting, points)
    MeetingPhoto.objects.bulk_create(
        [MeetingPhoto(city_id=meeting.city_id, meeting=meeting, file=file) for file in photos],
        ignore_conflicts=True,
    )


def _write_points(meeting: Meeting, points: Sequence[Point]) -> None:
    """A decision that stands on the five-year list keeps its row while it says the same.

    A wish whose decision is gone stays on the list, on the meeting alone; its RT strikes it out there.
    """
    taken = {
        (item.field, item.title): item for item in meeting.items.exclude(plan_items=None).distinct()
    }
    rows = []
    for rank, point in enumerate(points, 1):
        title = point.title.strip()
        decided = point.outcome != Outcome.DISCUSSED
        item = taken.pop((point.field, title), None) if decided else None
        item = item or MeetingItem(city_id=meeting.city_id, meeting=meeting)
        item.rank, item.field, item.title, item.cost = rank, point.field, title, point.cost
        item.volume, item.outcome = point.volume.strip(), point.outcome
        item.reason = point.reason.strip()
        rows.append(item)
    PlanItem.objects.filter(decision__in=list(taken.values())).update(decision=None)
    meeting.items.exclude(pk__in=[item.pk for item in rows if item.pk]).delete()
    for item in rows:
        item.save()


def _await_signatures(meeting: Meeting, by: Person, now: datetime) -> None:
    close_items(meeting, by=by, outcome="held", act="meeting.hold", at=now)
    for role in SIGNERS[meeting.unit.kind]:
        open_item(
            act=f"meeting.sign.{role}",
            thing=meeting,
            about=meeting.unit,
            title=noted("Tanda tangani notulen: %s") % meeting.title,
            path=f"rembug/{meeting.pk}/",
            at=now,
        )


@transaction.atomic
def sign_minutes(
    *, by: Person, meeting: Meeting, version: int | None, at: datetime | None = None
) -> Meeting:
    """Sign the minutes in one's office (`SIGNERS`). The first signature freezes their content.

    Different persons sign, in any order; after the last the minutes are final. `version` is what the
    signer had before their eyes: without it nothing is signed. Raises PermissionDenied, or Refused.
    """
    meeting, role = _awaiting_signature(by, meeting)
    refuse_if(_unread_faults(meeting, version))
    now = at or timezone.now()
    seal = digest(content_of(meeting))
    if meeting.frozen and meeting.minutes_digest != seal:
        # Only a change behind the back of the acts can do this; nobody should sign it.
        raise Refused([_("Isi notulen berubah sesudah ditandatangani. Laporkan kepada kelurahan.")])
    office = holds(by, f"meeting.sign.{role}", at=meeting.unit)
    assert office is not None
    Signature.objects.create(
        city_id=meeting.city_id,
        meeting=meeting,
        role=role,
        person=by,
        office=office,
        at=now,
        digest=seal,
    )
    if not meeting.frozen:
        Meeting.objects.filter(pk=meeting.pk).update(minutes_digest=seal)
        meeting.minutes_digest = seal
    if meeting.signatures.filter(lapsed_at=None).count() == len(SIGNERS[meeting.unit.kind]):
        step(meeting, "sign", MEETING_STEPS)
    record(
        by,
        f"meeting.signed.{role}",
        meeting,
        about=meeting.about,
        unit=meeting.unit,
        office=office,
        after=seal,
        at=now,
    )
    close_items(meeting, by=by, outcome="signed", act=f"meeting.sign.{role}", at=now)
    return meeting


@transaction.atomic
def return_minutes(
    *, by: Person, meeting: Meeting, why: str, version: int | None, at: datetime | None = None
) -> Meeting:
    """Send the minutes back for a correction, instead of signing them, with the reason.

    Whoever must still sign may do so. Signatures given so far lapse but stay readable; the secretary
    may change the text again, and then all sign anew. After the last signature nothing returns.
    Raises PermissionDenied, or Refused with every reason.
    """
    meeting, role = _awaiting_signature(by, meeting)
    refuse_if(_unread_faults(meeting, version) + return_faults(why))
    now = at or timezone.now()
    lapsing = meeting.signatures.filter(lapsed_at=None)
    lapsed = list(lapsing.values_list("role", flat=True))
    seal = digest(content_of(meeting))
    lapsing.update(lapsed_at=now)
    step(
        meeting,
        "return",
        MEETING_STEPS,
        minutes_digest="",
        returned_why=why.strip(),
        version=meeting.version + 1,
    )
    record(
        by,
        "meeting.returned",
        meeting,
        about=meeting.about,
        unit=meeting.unit,
        office=holds(by, f"meeting.sign.{role}", at=meeting.unit),
        detail={"lapsed": lapsed},
        before=seal,
        why=why.strip(),
        at=now,
    )
    for each in SIGNERS[meeting.unit.kind]:
        close_items(meeting, by=by, outcome="returned", act=f"meeting.sign.{each}", at=now)
    open_item(
        act="meeting.hold",
        thing=meeting,
        about=meeting.unit,
        title=noted("Perbaiki notulen: %s") % meeting.title,
        path=f"rembug/{meeting.pk}/catat/",
        at=now,
    )
    return meeting


def _awaiting_signature(by: Person, meeting: Meeting) -> tuple[Meeting, str]:
    """The locked minutes and the role in which this person is awaited; refused in words otherwise."""
    meeting = _locked(meeting)
    if not permissions.signs_here(by, meeting):
        raise PermissionDenied
    if not meeting.recorded:
        raise Refused([_("Catat dahulu hasil rembug, baru notulennya ditandatangani.")])
    if meeting.state == MeetingState.RETURNED:
        raise Refused([_("Notulen ini sedang diperbaiki. Baca lagi sesudah disimpan.")])
    if role := permissions.signing_role(by, meeting):
        return meeting, role
    if meeting.state == MeetingState.SIGNED:
        raise Refused([_("Notulen ini sudah lengkap ditandatangani dan tidak berubah lagi.")])
    if meeting.signatures.filter(person=by, lapsed_at=None).exists():
        raise Refused([_("Anda sudah menandatangani notulen ini.")])
    raise PermissionDenied


def _unread_faults(meeting: Meeting, version: int | None) -> list[str]:
    """One signs, or sends back, what one has read."""
    if version is not None and not stale(version, meeting.version):
        return []
    return [_("Isi notulen berubah sejak Anda membukanya. Muat ulang, lalu baca lagi.")]


def content_of(meeting: Meeting) -> dict[str, Any]:
    """The minutes as plain values, from what stands in the tables (prefetched or not)."""
    return minutes_content(
        meeting.unit.code,
        vars(meeting),
        names=[(one.name, one.sex) for one in meeting.attendances.all()],
        points=[vars(one) for one in meeting.items.all()],
        photos=[one.file.sha256 for one in meeting.photos.all()],
    )
