"""Acts on the five-year list. It belongs to the RT: whoever heads it next sees the same list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from rembug.core.bounds import MOST_COST
from rembug.core.refusal import Refused, refuse_if
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.models import Person
from rembug.planning import permissions
from rembug.planning.books import book_for, fields_of, planned_year
from rembug.planning.models import Meeting, MeetingItem, PlanItem
from rembug.planning.rules import MeetingState, Outcome, PlanState, stale
from rembug.regions.models import Unit


@transaction.atomic
def add_item(
    *,
    by: Person,
    unit: Unit,
    year: int,
    field: str,
    title: str,
    volume: str = "",
    cost: int = 0,
    meeting: Meeting | None = None,
    reason: str = "",
    decision: MeetingItem | None = None,
    at: datetime | None = None,
) -> PlanItem:
    """Put a wish of the residents on the list, for a year and a field. `cost` in rupiah, a guess.

    It rests on a recorded meeting, or says why not. Raises PermissionDenied, or Refused.
    """
    _allow(by, unit)
    item = PlanItem(
        city=unit.city,
        unit=unit,
        year=year,
        field=field,
        title=title.strip(),
        volume=volume.strip(),
        cost=cost,
        reason=reason.strip(),
        meeting=meeting,
        decision=decision,
    )
    faults = _item_faults(item)
    if meeting is None and not reason.strip():
        faults.append(_("Pilih rembug yang memutuskannya, atau tulis alasannya."))
    refuse_if(faults)
    item.save(force_insert=True)
    _note(by, item, "add", None, reason, at)
    return item


@transaction.atomic
def change_item(
    *,
    by: Person,
    item: PlanItem,
    year: int,
    field: str,
    title: str,
    volume: str = "",
    cost: int = 0,
    reason: str,
    meeting: Meeting | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> PlanItem:
    """Change what a line says or the year it stands for, with a reason. Raises Refused."""
    item, before = _open(by, item)
    item.year, item.field, item.cost = year, field, cost
    item.title, item.volume = title.strip(), volume.strip()
    item.state = PlanState.PLANNED
    faults = _stale_faults(version, before["version"]) + _free_faults(before)
    refuse_if(faults + _reason_faults(reason) + _item_faults(item))
    return _keep(by, item, "change", before, reason, meeting, at)


@transaction.atomic
def defer_item(
    *,
    by: Person,
    item: PlanItem,
    year: int,
    reason: str,
    meeting: Meeting | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> PlanItem:
    """Move a wish to a later year, with a reason; it stays on the list. Raises Refused."""
    item, before = _open(by, item)
    faults = _stale_faults(version, before["version"]) + _free_faults(before)
    if year <= item.year:
        faults.append(_("Pilih tahun sesudah %d.") % item.year)
    item.year, item.state = year, PlanState.DEFERRED
    refuse_if(faults + _reason_faults(reason) + _item_faults(item))
    return _keep(by, item, "defer", before, reason, meeting, at)


@transaction.atomic
def drop_item(
    *,
    by: Person,
    item: PlanItem,
    reason: str,
    meeting: Meeting | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> PlanItem:
    """Strike a wish out, with a reason; it stays readable. Raises Refused."""
    item, before = _open(by, item)
    faults = _stale_faults(version, before["version"]) + _free_faults(before)
    item.state = PlanState.DROPPED
    refuse_if(faults + _reason_faults(reason))
    return _keep(by, item, "drop", before, reason, meeting, at)


@transaction.atomic
def take_decisions(
    *, by: Person, meeting: Meeting, years: Mapping[int, int], at: datetime | None = None
) -> Meeting:
    """Carry what a meeting decided or deferred over to the list.

    `years` gives for each item of the meeting (its id) the year it is planned for; what was taken
    before is left alone. Raises PermissionDenied, or Refused.
    """
    _allow(by, meeting.unit)
    # Locked, so that two people cannot carry the same decision over at the same moment.
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.state == MeetingState.RETURNED:
        raise Refused([_("Notulen ini sedang diperbaiki. Tunggu sampai disimpan lagi.")])
    items = list(meeting.items.filter(pk__in=years).exclude(outcome=Outcome.DISCUSSED))
    taken = set(PlanItem.objects.filter(decision__in=items).values_list("decision_id", flat=True))
    items = [item for item in items if item.pk not in taken]
    if not items:
        raise Refused([_("Pilih sedikitnya satu keputusan yang belum ada di daftar.")])
    for item in items:
        add_item(
            by=by,
            unit=meeting.unit,
            year=years[item.pk],
            field=item.field,
            title=item.title,
            volume=item.volume,
            cost=item.cost,
            meeting=meeting,
            reason=item.reason,
            decision=item,
            at=at,
        )
    return meeting


def _allow(by: Person, unit: Unit) -> None:
    if not permissions.can_edit_list(by, unit):
        raise PermissionDenied


def _open(by: Person, item: PlanItem) -> tuple[PlanItem, dict[str, Any]]:
    """The locked line and what it says now."""
    rows = PlanItem.objects.select_for_update(of=("self",)).select_related("unit", "city")
    item = rows.get(pk=item.pk)
    _allow(by, item.unit)
    return item, {**said(item), "version": item.version}


def said(item: PlanItem) -> dict[str, Any]:
    """A line as plain values, for the record."""
    return {
        "year": item.year,
        "field": item.field,
        "title": item.title,
        "volume": item.volume,
        "cost": item.cost,
        "state": str(item.state),
    }


def _item_faults(item: PlanItem) -> list[str]:
    book = book_for(item.year, item.unit.kind)
    codes = [field.code for field in fields_of(book)]
    faults = []
    if not item.title:
        faults.append(_("Tulis apa yang direncanakan."))
    if codes and item.field not in codes:
        faults.append(_("Pilih bidangnya."))
    if not 2000 <= item.year <= 2100:
        faults.append(_("Periksa tahunnya."))
    elif book and item.year >= planned_year(item.unit.kind) + book.meeting.list_years:
        last = planned_year(item.unit.kind) + book.meeting.list_years - 1
        faults.append(_("Daftar rencana paling jauh sampai tahun %d.") % last)
    if not 0 <= item.cost <= MOST_COST:
        faults.append(_("Periksa perkiraan biayanya."))
    meeting = item.meeting
    if meeting and meeting.unit_id != item.unit_id:
        faults.append(_("Pilih rembug dari wilayah ini."))
    elif meeting and not meeting.recorded:
        faults.append(_("Catat dahulu hasil rembug itu."))
    return faults


def _reason_faults(reason: str) -> list[str]:
    return [] if reason.strip() else [_("Tulis alasan perubahan, supaya warga tahu.")]


def _free_faults(before: dict[str, Any]) -> list[str]:
    """What stands in a proposal, or was struck out, is not changed here."""
    if before["state"] == PlanState.TAKEN:
        return [_("Rencana ini sudah diusulkan. Ubah di usulannya.")]
    if before["state"] == PlanState.DROPPED:
        return [_("Rencana ini sudah dicoret. Tambahkan sebagai rencana baru.")]
    return []


def _stale_faults(version: int | None, current: int) -> list[str]:
    if not stale(version, current):
        return []
    return [_("Orang lain baru saja mengubah rencana ini. Bandingkan dahulu, lalu simpan lagi.")]


def _keep(
    by: Person,
    item: PlanItem,
    change: str,
    before: dict[str, Any],
    reason: str,
    meeting: Meeting | None,
    at: datetime | None,
) -> PlanItem:
    if meeting is not None and meeting.unit_id != item.unit_id:
        raise Refused([_("Pilih rembug dari wilayah ini.")])
    item.version += 1
    item.reason = reason.strip()
    item.meeting = meeting or item.meeting
    item.save()
    del before["version"]
    _note(by, item, change, before, reason, at)
    return item


def _note(
    by: Person,
    item: PlanItem,
    change: str,
    before: dict[str, Any] | None,
    reason: str,
    at: datetime | None,
) -> None:
    record(
        by,
        "list.changed",
        item,
        about=f"list:{item.unit_id}",
        unit=item.unit,
        office=holds(by, "list.edit", at=item.unit),
        detail={"change": change, "meeting": item.meeting_id},
        before=before,
        after=said(item),
        why=reason.strip(),
        at=at,
    )
