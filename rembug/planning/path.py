"""The path of an RT (or an RW that plans) through a year's planning, and its next step: call the residents,
write down, sign, carry over to the list, propose, send; and after a rejection from the list again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rembug.people.authority import offices_of
from rembug.people.models import Person
from rembug.people.rules import ROLES
from rembug.planning import permissions
from rembug.planning.books import open_years, plans
from rembug.planning.models import Meeting, Proposal
from rembug.planning.rules import (
    EDITABLE,
    SIGNERS,
    MeetingState,
    Outcome,
    PlanState,
    ProposalState,
)
from rembug.planning.services.proposals import meeting_for
from rembug.planning.services.reviews import ceilings
from rembug.programs.models import ProgramYear
from rembug.regions.models import Unit


@dataclass(frozen=True)
class Stride:
    """The next step in words with its page. `mine` is False when somebody else is to take it."""

    unit: Unit
    act: str
    title: str
    why: str = ""
    button: str = ""
    icon: str = "arrow"
    path: str = ""
    mine: bool = True


def planning_units(person: object) -> list[Unit]:
    """The RT and RW for which a person plans, by their own offices there."""
    found = {
        office.unit_id: office.unit
        for office in offices_of(person)
        if not office.body and "proposal.edit" in ROLES[office.role]
    }
    return [unit for unit in found.values() if plans(unit)]


def open_for(unit: Unit) -> list[ProgramYear]:
    """Open programme years in which this unit has a ceiling and no proposal that stands."""
    years = open_years(unit.kind)
    standing = unit.proposals.exclude(state=ProposalState.REJECTED)
    taken = set(standing.values_list("program_year_id", flat=True))
    return [
        year for year in years if year.pk not in taken and ceilings(year.fund, [unit])[unit.pk][0]
    ]


def next_stride(person: Person, unit: Unit) -> Stride | None:
    """What comes next in planning for this unit; None when no open year asks anything of it."""
    years = open_for(unit)
    if not years:
        return _with_proposal(person, unit) or _ahead(person, unit) or _awaited(unit)
    year = years[0]
    meeting = meeting_for(unit, year.year)
    if meeting is None:
        return _to_a_meeting(person, unit, year.year)
    if meeting.state != MeetingState.SIGNED:
        return _to_signatures(person, unit, meeting)
    if _untaken(meeting) and permissions.can_edit_list(person, unit):
        return _to_the_list(unit)
    return _to_a_proposal(person, unit, year)


def _to_the_list(unit: Unit) -> Stride:
    return Stride(
        unit,
        "list.edit",
        _("Masukkan keputusan rembug ke daftar"),
        _("Notulen sudah ditandatangani. Keputusannya masuk daftar lima tahun dulu."),
        _("Masukkan ke daftar"),
        "list",
        f"daftar/tambah/?rt={unit.code}",
    )


def _ahead(person: Person, unit: Unit) -> Stride | None:
    """A meeting for a later year, while this year's proposal already goes its way."""
    meeting = Meeting.objects.filter(unit=unit).exclude(state=MeetingState.CANCELLED)
    last = meeting.order_by("-at", "-pk").first()
    if last is None:
        return None
    if last.state == MeetingState.CALLED:
        return _to_a_meeting(person, unit, last.year)
    if last.state != MeetingState.SIGNED:
        return _to_signatures(person, unit, last)
    if _untaken(last) and permissions.can_edit_list(person, unit):
        return _to_the_list(unit)
    return None


def _awaited(unit: Unit) -> Stride | None:
    """On whose desk the proposal lies that was sent last: it is checked, or waits for the budget."""
    said = {
        ProposalState.SUBMITTED: _("Usulan %(year)d sedang diperiksa."),
        ProposalState.VERIFIED: _(
            "Usulan %(year)d lolos pemeriksaan, menunggu masuk anggaran (DPA)."
        ),
    }
    standing = unit.proposals.filter(state__in=list(said)).select_related("program_year")
    row = standing.order_by("-pk").first()
    if row is None:
        return None
    sentence = said[ProposalState(row.state)] % {"year": row.program_year.year}
    return Stride(unit, "proposal.verify", sentence, path=f"usulan/{row.pk}/", mine=False)


def _untaken(meeting: Meeting) -> bool:
    """Whether a meeting decided something and nothing of it stands on the list yet."""
    decided = meeting.items.filter(outcome=Outcome.DECIDED)
    return decided.exists() and not meeting.plan_items.exclude(state=PlanState.DROPPED).exists()


def _to_a_meeting(person: Person, unit: Unit, year: int) -> Stride:
    called = Meeting.objects.filter(unit=unit, year=year, state=MeetingState.CALLED).first()
    if called:
        return Stride(
            unit,
            "meeting.hold",
            _("Rembug %d sudah diundang") % year,
            _("Hasilnya dicatat sesudah rembug."),
            _("Buka rembug"),
            "people",
            f"rembug/{called.pk}/",
            mine=permissions.can_hold_meeting(person, called),
        )
    if not permissions.can_call_meeting(person, unit):
        told = _("Ketua mengundang warga rembug untuk %d.") % year
        return Stride(unit, "meeting.call", told, mine=False)
    return Stride(
        unit,
        "meeting.call",
        _("Undang warga rembug untuk %d") % year,
        _("Usulan berangkat dari rembug. Tulis hari, tempat, dan yang akan dibahas."),
        _("Buat undangan rembug"),
        "people",
        f"rembug/baru/?rt={unit.code}",
    )


def _to_signatures(person: Person, unit: Unit, meeting: Meeting) -> Stride:
    path = f"rembug/{meeting.pk}/"
    if meeting.state == MeetingState.RETURNED:
        mine = permissions.can_hold_meeting(person, meeting)
        title, button = _("Perbaiki notulen rembug"), _("Buka rembug")
        return Stride(unit, "meeting.hold", title, meeting.returned_why, button, "undo", path, mine)
    signed = set(meeting.signatures.filter(lapsed_at=None).values_list("role", flat=True))
    missing = [str(title) for role, title in SIGNERS[unit.kind].items() if role not in signed]
    if permissions.signing_role(person, meeting):
        title, button = _("Baca, lalu tandatangani notulen"), _("Buka notulen")
        return Stride(unit, "meeting.sign", title, "", button, "seal", path)
    told = _("Menunggu tanda tangan notulen: %s.") % ", ".join(missing)
    return Stride(unit, "meeting.sign", told, path=path, mine=False)


def _to_a_proposal(person: Person, unit: Unit, year: ProgramYear) -> Stride:
    if not permissions.can_start_proposal(person, unit):
        told = _("Pengurus menyusun usulan %d.") % year.year
        return Stride(unit, "proposal.edit", told, mine=False)
    rejected = (
        Proposal.objects.filter(unit=unit, program_year=year, state=ProposalState.REJECTED)
        .order_by("-pk")
        .first()
    )
    title = _("Susun usulan %d") % year.year
    why = _("Ambil dari daftar lima tahun, isi rincian biayanya, lalu kirim.")
    if rejected:
        title = _("Susun usulan %d yang baru") % year.year
        why = _("Usulan sebelumnya ditolak: %s") % rejected.returned_why.strip()
    path = f"usulan/baru/?rt={unit.code}"
    return Stride(unit, "proposal.edit", title, why, _("Mulai usulan"), "list", path)


def _with_proposal(person: Person, unit: Unit) -> Stride | None:
    """A proposal that is to be finished by its writers."""
    standing = unit.proposals.filter(state__in=EDITABLE)
    row = standing.select_related("program_year__rule_set", "unit").order_by("-pk").first()
    if row is None:
        return None
    told: dict[str, Any] = {"year": row.program_year.year}
    path = f"usulan/{row.pk}/"
    title = _("Lanjutkan usulan %(year)d") % told
    why = row.returned_why.strip() or _("Lengkapi kegiatan dan rincian biayanya, lalu kirim.")
    mine = permissions.can_edit_proposal(person, row)
    return Stride(unit, "proposal.edit", title, why, _("Buka usulan"), "list", path, mine)
