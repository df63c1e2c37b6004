"""Acts of the RT on its yearly proposal: start, fill, state, submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.bounds import MOST_COUNTED, MOST_SWADAYA, MOST_WORK_DAYS
from rembug.core.folding import folded
from rembug.core.privacy import entry_faults
from rembug.core.refusal import Reason, Refused, refuse_if
from rembug.core.rupiah import show
from rembug.core.steps import step
from rembug.core.words import number
from rembug.files.models import File
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.desk import close_items, open_item
from rembug.people.models import Person
from rembug.planning import permissions
from rembug.planning.models import (
    Activity,
    ActivityPaper,
    Meeting,
    PlanItem,
    Proposal,
    RabLine,
)
from rembug.planning.review import ActivityFacts, price_findings
from rembug.planning.rules import (
    PROPOSAL_STEPS,
    CostLine,
    MeetingState,
    PlanState,
    ProposalState,
    Stage,
    line_faults,
    line_field,
    stale,
    submit_faults,
)
from rembug.planning.services.mending import (
    ActivityDraft,
    draft_of,
    is_sent,
    mended,
    mended_one,
    rows_of,
    set_aside,
    set_out,
    set_values,
)
from rembug.planning.services.reviews import (
    activities_of,
    ceilings,
    content_digest,
    review,
)
from rembug.planning.services.verification import send_to_desk
from rembug.programs.models import PriceGroup, PriceItem, ProgramYear, YearState
from rembug.programs.phases import phase_faults, phase_flag
from rembug.programs.rulebook import OTHER
from rembug.regions.models import Unit
from rembug.regions.scope import refuse_niks


@transaction.atomic
def start_proposal(
    *, by: Person, unit: Unit, program_year: ProgramYear, at: datetime | None = None
) -> Proposal:
    """Open the one proposal of an RT (or RW) for a programme year; it waits to be submitted.

    One that was rejected stays readable and does not stand in the way of a new one. Rests on the
    unit's latest recorded meeting for that year. Raises PermissionDenied, or Refused when the year is
    not open, is for other units, the unit has no ceiling, or a proposal is there.
    """
    if not permissions.can_start_proposal(by, unit):
        raise PermissionDenied
    # Locked, so that head and secretary cannot start two proposals at the same moment.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    now = at or timezone.now()
    faults = []
    if program_year.state != YearState.OPEN:
        faults.append(_("Tahun anggaran ini belum dibuka atau sudah ditutup."))
    # An RW sums up the ceilings of its RT: that money is theirs.
    if unit.kind != program_year.program.level:
        told = {"program": program_year.program.name, "level": program_year.program.level.upper()}
        faults.append(_("Pagu %(program)s dipegang %(level)s.") % told)
    elif not ceilings(program_year.fund, [unit])[unit.pk][0]:
        told = {"unit": unit.label}
        faults.append(
            _("%(unit)s belum punya pagu untuk tahun itu. Tanyakan kepada kelurahan.") % told
        )
    standing = Proposal.objects.exclude(state=ProposalState.REJECTED)
    if standing.filter(unit=unit, program_year=program_year).exists():
        told = {"unit": unit.label}
        faults.append(_("%(unit)s sudah punya usulan untuk tahun itu. Buka yang sudah ada.") % told)
    refuse_if(faults)
    proposal = Proposal.objects.create(
        city=unit.city,
        unit=unit,
        program_year=program_year,
        meeting=meeting_for(unit, program_year.year),
    )
    _note(by, proposal, "proposal.started", at=now)
    open_item(
        act="proposal.submit",
        thing=proposal,
        about=unit,
        title=noted("Susun usulan %d") % program_year.year,
        path=f"usulan/{proposal.pk}/",
        at=now,
    )
    return proposal


def meeting_for(unit: Unit, year: int) -> Meeting | None:
    """The latest meeting that planned a year: a signed one if there is one."""
    held = Meeting.objects.filter(unit=unit, year=year).recorded()
    return held.filter(state=MeetingState.SIGNED).first() or held.first()


@transaction.atomic
def save_activity(
    *,
    by: Person,
    proposal: Proposal,
    draft: ActivityDraft,
    lines: Sequence[CostLine],
    activity: Activity | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Activity:
    """Add an activity to the proposal (no `activity`), or put this in place of what it says.

    `lines` are all its cost lines; those from the price list carry `item_id`, and the standard is
    read again here. `version` is what the page showed of the activity. Raises PermissionDenied, or
    Refused with every reason: nothing is kept then.
    """
    proposal = _editable(by, proposal)
    if activity:
        activity = mended_one(proposal, activity.pk)
        if activity is None:
            raise Refused([_("Kegiatan ini sudah dihapus. Muat ulang usulan.")])
    lines = _with_standards(proposal, lines)
    draft = _as_it_stands(draft)
    refuse_if(
        _stale_faults(activity, version)
        + _draft_faults(proposal, draft, activity)
        + line_faults(lines, PriceGroup.values)
        + _line_kind_faults(proposal, lines)
        + _price_faults(proposal, draft, lines)
    )
    before = content_digest(proposal)
    _hold_plan_item(activity.plan_item if activity else None, draft.plan_item)
    if activity and is_sent(activity):
        row = activity
        _check_aside(row, draft, lines)
        set_aside(row, draft, list(lines))
    else:
        row = _write_activity(proposal, activity, draft, sum(line.amount for line in lines))
        _write_lines(row, lines)
    _changed(by, proposal, before, {"activity": row.pk, "cost": row.cost}, at)
    return row


def _editable(by: Person, proposal: Proposal) -> Proposal:
    """The locked proposal, if this person may change it now."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "unit", "city", "program_year__program", "program_year__rule_set", "program_year__fund"
    )
    proposal = rows.get(pk=proposal.pk)
    if not permissions.can_start_proposal(by, proposal.unit):
        raise PermissionDenied
    if not proposal.editable:
        raise Refused([_("Usulan ini sedang diperiksa dan tidak dapat diubah sekarang.")])
    if proposal.program_year.state != YearState.OPEN:
        raise Refused([_("Tahun anggaran ini sudah ditutup.")])
    return proposal


def _as_it_stands(draft: ActivityDraft) -> ActivityDraft:
    """The wish locked and read again: somebody may have taken or struck it out since the page was made."""
    if draft.plan_item is None:
        return draft
    wish = PlanItem.objects.select_for_update().get(pk=draft.plan_item.pk)
    return replace(draft, plan_item=wish)


def _stale_faults(activity: Activity | None, version: int | None) -> list[str]:
    if activity is None or not stale(version, activity.version):
        return []
    return [
        _(
            "Orang lain baru saja menyimpan kegiatan ini. Isian Anda masih ada di bawah; "
            "bandingkan dengan yang tersimpan, lalu simpan lagi."
        )
    ]


def _draft_faults(proposal: Proposal, draft: ActivityDraft, activity: Activity | None) -> list[str]:
    book = proposal.book
    faults: list[str] = []
    item = draft.plan_item
    if item is None and not draft.off_list_reason.strip():
        told = _("Pilih dari daftar lima tahun, atau tulis mengapa tidak ada di sana.")
        faults.append(Reason(told, "plan_item"))
    elif item and (told := _wish_fault(proposal, item, activity)):
        faults.append(Reason(told, "plan_item"))
    if not draft.name.strip():
        faults.append(Reason(_("Tulis nama kegiatan."), "name"))
    if draft.field not in book.field_of:
        faults.append(Reason(_("Pilih bidang kegiatan."), "field"))
    if not 0 <= draft.swadaya_money <= MOST_SWADAYA:
        told = _("Uang dari warga paling banyak %s. Periksa jumlah nolnya.") % show(MOST_SWADAYA)
        faults.append(Reason(told, "swadaya_money"))
    if not 0 <= draft.swadaya_days <= MOST_WORK_DAYS:
        told = _("Kerja bakti paling banyak %s orang-hari. Periksa angkanya.")
        faults.append(Reason(told % number(MOST_WORK_DAYS), "swadaya_days"))
    if draft.kind and draft.kind != OTHER and draft.kind not in book.item_of:
        faults.append(Reason(_("Pilih jenis kegiatan dari daftar bidang ini."), "kind"))
    if not 0 <= draft.kind_number <= MOST_COUNTED:
        told = _("Periksa jumlahnya: orang atau barang yang dihitung.")
        faults.append(Reason(told, "kind_number"))
    return faults


def _wish_fault(proposal: Proposal, item: PlanItem, activity: Activity | None) -> str:
    """Why a line of the list cannot stand behind this activity; empty when it can."""
    if item.unit_id != proposal.unit_id:
        return _("Pilih rencana dari daftar wilayah ini.")
    if item.state == PlanState.DROPPED:
        return _("Rencana itu sudah dicoret dari daftar. Pilih yang lain.")
    if item.pk in _used(proposal, activity):
        return _("Rencana itu sudah dipakai kegiatan lain di usulan ini.")
    if item.state == PlanState.TAKEN and not _has(activity, item):
        return _("Rencana itu sudah diusulkan untuk tahun lain. Pilih yang lain.")
    return ""


def _used(proposal: Proposal, activity: Activity | None) -> set[int | None]:
    """Wishes that the other activities of the proposal hold, as its RT has them now."""
    return {
        row.plan_item_id for row in mended(proposal) if activity is None or row.pk != activity.pk
    }


def _line_kind_faults(proposal: Proposal, lines: Sequence[CostLine]) -> list[str]:
    known = proposal.book.item_of
    told = _("%s: pilih jenis baris dari daftar.")
    return [told % line.name for line in lines if line.kind and line.kind not in known]


def _has(activity: Activity | None, item: PlanItem) -> bool:
    """Whether this very activity holds the wish already."""
    return activity is not None and activity.plan_item_id == item.pk


def price_year(year: int | None) -> int | None:
    """The year whose price standard a budget year uses: its own, else the newest before it."""
    years = PriceItem.objects.all() if year is None else PriceItem.objects.filter(year__lte=year)
    return years.aggregate(last=Max("year"))["last"]


def _with_standards(proposal: Proposal, lines: Sequence[CostLine]) -> list[CostLine]:
    """Lines from the price list take name, measure, group and standard from it, not from the form."""
    wanted = {line.item_id for line in lines if line.item_id}
    listed = PriceItem.objects.filter(year=price_year(proposal.program_year.year))
    items = listed.in_bulk(wanted) if wanted else {}
    refuse_if(
        [_("Pilih barang dari daftar harga kota untuk tahun ini.")] if wanted - items.keys() else []
    )
    return [_standard(line, items[line.item_id]) if line.item_id else line for line in lines]


def _standard(line: CostLine, item: PriceItem) -> CostLine:
    return CostLine(
        name=_item_name(item),
        measure=item.unit,
        group=item.group,
        volume=line.volume,
        price=line.price,
        standard=item.price,
        item_id=item.pk,
        kind=line.kind,
    )


def _item_name(item: PriceItem) -> str:
    return f"{item.name}, {item.spec}"[:200] if item.spec else item.name


def _price_faults(proposal: Proposal, draft: ActivityDraft, lines: Sequence[CostLine]) -> list[str]:
    facts = ActivityFacts(0, draft.name, draft.field, draft.kind, tuple(lines))
    book = proposal.book
    return [
        Reason(finding.sentence, line_field(number, "price"))
        for number, line in enumerate(lines, 1)
        for finding in price_findings(book, facts, line)
        if finding.blocking
    ]


def _hold_plan_item(old: PlanItem | None, new: PlanItem | None) -> None:
    """Mark the list: what stands in a proposal is taken, what was let go is planned again."""
    if old and (new is None or old.pk != new.pk):
        release_plan_items([old.pk])
    if new:
        PlanItem.objects.filter(pk=new.pk).update(state=PlanState.TAKEN)


def release_plan_items(pks: Sequence[int]) -> None:
    PlanItem.objects.filter(pk__in=pks, state=PlanState.TAKEN).update(state=PlanState.PLANNED)


def _write_activity(
    proposal: Proposal, activity: Activity | None, draft: ActivityDraft, cost: int
) -> Activity:
    unit = proposal.unit
    if activity is None:
        last = proposal.activities.aggregate(last=Max("rank"))["last"] or 0
        activity = Activity(
            city_id=proposal.city_id,
            proposal=proposal,
            unit=unit,
            year=proposal.program_year.year,
            rank=last + 1,
        )
    set_values(activity, draft)
    activity.cost = cost
    activity.search = folded(activity.name, activity.place)
    activity.version += 1
    activity.mending = {}
    activity.save()
    return activity


def _check_aside(activity: Activity, draft: ActivityDraft, lines: Sequence[CostLine]) -> None:
    """What is set aside is refused for the same reasons as what is written."""
    tried = Activity(city_id=activity.city_id)
    set_values(tried, draft)
    refuse_niks([tried, *rows_of(activity, list(lines))])


def _write_lines(activity: Activity, lines: Sequence[CostLine]) -> None:
    activity.lines.all().delete()
    rows = rows_of(activity, list(lines))
    refuse_niks(rows)
    RabLine.objects.bulk_create(rows)


def _changed(
    by: Person, proposal: Proposal, before: str, detail: dict, at: datetime | None
) -> None:
    """The content is another one: raise its version and say so in the record."""
    proposal.version += 1
    Proposal.objects.filter(pk=proposal.pk).update(version=proposal.version)
    after = content_digest(proposal)
    _note(by, proposal, "proposal.changed", detail=detail, before=before, after=after, at=at)


def _note(by: Person, proposal: Proposal, act: str, **more) -> None:  # type: ignore[no-untyped-def]
    record(
        by,
        act,
        proposal,
        about=proposal.about,
        unit=proposal.unit,
        office=holds(by, "proposal.edit", at=proposal.unit),
        rule=proposal.rule,
        **more,
    )


@transaction.atomic
def remove_activity(
    *, by: Person, activity: Activity, version: int | None = None, at: datetime | None = None
) -> Proposal:
    """Take an activity out of the proposal; its wish stays on the five-year list. Raises Refused.

    One that was sent is withdrawn when the proposal is sent again, and stays readable.
    """
    proposal = _editable(by, activity.proposal)
    row = mended_one(proposal, activity.pk)
    if row is None:
        raise Refused([_("Kegiatan ini sudah dihapus. Muat ulang usulan.")])
    if stale(version, row.version):
        told = _(
            "Kegiatan ini baru saja diubah orang lain. Baca lagi, lalu hapus bila masih perlu."
        )
        raise Refused([told])
    before = content_digest(proposal)
    detail = {"removed": row.pk, "name": row.name, "cost": row.cost}
    _hold_plan_item(row.plan_item, None)
    if is_sent(row):
        set_out(row)
    else:
        row.delete()
    _changed(by, proposal, before, detail, at)
    return proposal


@transaction.atomic
def attach_paper(
    *,
    by: Person,
    activity: Activity,
    code: str,
    file: File | None = None,
    number: str = "",
    at: datetime | None = None,
) -> ActivityPaper:
    """Attach a paper the book asks for: its file, or the number under which the kelurahan keeps it.

    Attaching the same paper again replaces it. Raises PermissionDenied, or Refused.
    """
    proposal = _editable(by, activity.proposal)
    faults = []
    if code not in proposal.book.paper_of:
        faults.append(_("Pilih surat dari daftar."))
    if file is None and not number.strip():
        faults.append(_("Pilih berkas suratnya, atau tulis nomornya."))
    refuse_if(faults)
    before = content_digest(proposal)
    paper, _made = ActivityPaper.objects.update_or_create(
        city_id=proposal.city_id,
        activity=activity,
        code=code,
        defaults={"file": file, "number": number.strip()[:120]},
    )
    _changed(by, proposal, before, {"activity": activity.pk, "paper": code}, at)
    return paper


@transaction.atomic
def state_reasons(
    *,
    by: Person,
    proposal: Proposal,
    statements: Mapping[str, str],
    version: int | None = None,
    at: datetime | None = None,
) -> Proposal:
    """Keep the residents' statements: why a field is skipped or a duty does not apply.

    `statements` gives for a paper of the book (its code) the reason; an empty reason takes it back.
    Raises PermissionDenied, or Refused.
    """
    proposal = _editable(by, proposal)
    book = proposal.book
    kept = {code: text.strip() for code, text in statements.items() if text.strip()}
    faults = [_("Pilih surat dari daftar.")] if kept.keys() - book.paper_of.keys() else []
    faults += [
        _("%s: tulis alasannya lebih jelas.") % book.paper_of[code].title
        for code, text in kept.items()
        if code in book.paper_of and len(text) < 10
    ]
    faults += [
        f"{book.paper_of[code].title}: {words}"
        for code, text in kept.items()
        if code in book.paper_of
        for words in entry_faults(text, everybody=True)
    ]
    if stale(version, proposal.version):
        faults.append(_("Usulan ini baru saja diubah orang lain. Periksa lagi, lalu simpan."))
    refuse_if(faults)
    before = content_digest(proposal)
    proposal.statements = kept
    Proposal.objects.filter(pk=proposal.pk).update(statements=kept)
    _changed(by, proposal, before, {"statements": sorted(kept)}, at)
    return proposal


@transaction.atomic
def submit_proposal(
    *, by: Person, proposal: Proposal, version: int | None = None, at: datetime | None = None
) -> Proposal:
    """Send the proposal to its first verifier. Only when nothing blocks: all reasons come at once.

    `version` is what the sender had before their eyes. Raises PermissionDenied, or Refused.
    """
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "unit", "city", "program_year__program", "program_year__rule_set", "program_year__fund"
    )
    proposal = rows.get(pk=proposal.pk)
    office = holds(by, "proposal.submit", at=proposal.unit)
    if office is None:
        raise PermissionDenied
    if stale(version, proposal.version) and proposal.editable:
        raise Refused(
            [_("Usulan ini baru saja diubah orang lain. Periksa lagi isinya, lalu kirim.")]
        )
    now = at or timezone.now()
    activities = activities_of(proposal)
    meeting = meeting_for(proposal.unit, proposal.program_year.year)
    book, year = proposal.book, proposal.program_year.year
    refuse_if(
        proposal_faults(proposal, activities, meeting) + phase_faults(book, "proposal", year, now)
    )
    before = str(proposal.state)
    again = proposal.submitted_at is not None
    first = book.step_after(None)
    assert first is not None
    step(
        proposal,
        "submit",
        PROPOSAL_STEPS,
        meeting=meeting,
        tier=first.key,
        rule_set=proposal.rules,
        round=proposal.round + again,
        version=proposal.version + 1,
        returned_why="",
        submitted_at=now,
        submitted_by=by,
    )
    # Sent is public: from here on everybody sees the plan as it is now.
    _put_in_place(by, proposal, now)
    standing = Activity.objects.filter(proposal=proposal).exclude(stage=Stage.WITHDRAWN)
    standing.update(stage=Stage.PLAN, changed_at=now)
    record(
        by,
        "proposal.submitted",
        proposal,
        about=proposal.about,
        unit=proposal.unit,
        office=office,
        detail={
            "round": proposal.round,
            "activities": len(activities),
            "total": sum(row.cost for row in activities),
            **phase_flag(book, "proposal", year, now),
        },
        before={"state": before},
        after={"state": str(proposal.state), "content": content_digest(proposal, activities)},
        rule=proposal.rule,
        at=now,
    )
    close_items(proposal, by=by, outcome="submitted", act="proposal.submit", at=now)
    send_to_desk(proposal, first, sum(row.cost for row in activities), now)
    return proposal


def _put_in_place(by: Person, proposal: Proposal, now: datetime) -> None:
    """What was mended since it was given back becomes what everybody sees; what was taken out is withdrawn."""
    for row in proposal.activities.exclude(mending={}):
        if row.mending.get("removed"):
            row.stage, row.plan_item, row.mending = Stage.WITHDRAWN, None, {}
            row.save()
            record(
                by,
                "activity.withdrawn",
                row,
                about=row.about,
                unit=proposal.unit,
                office=holds(by, "proposal.submit", at=proposal.unit),
                detail={"proposal": proposal.pk},
                at=now,
            )
            continue
        draft, lines = draft_of(row)
        _write_activity(proposal, row, draft, sum(line.amount for line in lines))
        _write_lines(row, lines)


def proposal_faults(
    proposal: Proposal, activities: Sequence[Activity], meeting: Meeting | None
) -> list[str]:
    """Every reason why this proposal cannot be submitted now."""
    found = review(proposal, activities)
    return submit_faults(
        editable=proposal.editable,
        year_open=proposal.program_year.state == YearState.OPEN,
        meeting_held=meeting is not None,
        minutes_signed=meeting is not None and meeting.state == MeetingState.SIGNED,
        activities=len(activities),
        empty=[row.name for row in activities if not row.cost],
        off_list=[
            row.name for row in activities if not row.plan_item_id and not row.off_list_reason
        ],
        total=found.total,
        available=found.available,
        blocking=[finding.sentence for finding in found.blocking],
    )
