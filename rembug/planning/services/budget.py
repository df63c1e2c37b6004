"""The act by which a plan becomes money: the proposal enters the city's budget document (DPA)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import Refused, refuse_if
from rembug.core.steps import step
from rembug.core.words import short_date
from rembug.ledger.services import Draft, Line, post_many
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.desk import close_items, open_item
from rembug.people.models import Person
from rembug.planning import permissions
from rembug.planning.models import Activity, Proposal
from rembug.planning.rules import PROPOSAL_STEPS, ProposalState, Stage, stale
from rembug.planning.services.reviews import activities_of, content_digest
from rembug.programs.models import YearState


@transaction.atomic
def budget_proposal(
    *,
    by: Person,
    proposal: Proposal,
    document: str,
    on: date | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Proposal:
    """Enter a verified proposal into the budget: each activity gets its money reserved in the ledger.

    `document` is the number of the DPA, `on` its day. Afterwards the kelurahan prepares a contract
    for each activity. Raises PermissionDenied, or Refused (also when the ceiling has not enough).
    """
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "unit", "city", "program_year__program", "program_year__rule_set", "program_year__fund"
    )
    proposal = rows.get(pk=proposal.pk)
    office = holds(by, "proposal.budget", at=proposal.unit)
    if office is None:
        raise PermissionDenied
    now = at or timezone.now()
    day = on or timezone.localtime(now).date()
    refuse_if(_faults(by, proposal, document, day, version, now))
    activities = activities_of(proposal)
    content = content_digest(proposal, activities)
    step(
        proposal,
        "budget",
        PROPOSAL_STEPS,
        budget_doc=as_typed(document),
        version=proposal.version + 1,
    )
    line = record(
        by,
        "proposal.budgeted",
        proposal,
        about=proposal.about,
        unit=proposal.unit,
        office=office,
        detail={
            "document": as_typed(document),
            "on": day.isoformat(),
            "total": sum(row.cost for row in activities),
        },
        before={"state": str(ProposalState.VERIFIED), "content": content},
        after={"state": str(proposal.state), "content": content},
        rule=proposal.rule,
        at=now,
    )
    _reserve(proposal, activities, day, line.digest)
    standing = Activity.objects.filter(proposal=proposal).exclude(stage=Stage.WITHDRAWN)
    standing.update(stage=Stage.BUDGETED, changed_at=now)
    close_items(proposal, by=by, outcome="budgeted", act="proposal.budget", at=now)
    for row in activities:
        open_item(
            act="contract.prepare",
            thing=row,
            about=proposal.unit,
            title=noted("Siapkan kontrak: %s") % row.name,
            path=f"pekerjaan/siapkan/{row.pk}/",
            amount=row.cost,
            at=now,
        )
    return proposal


@transaction.atomic
def budget_several(
    *,
    by: Person,
    proposals: Iterable[tuple[Proposal, int | None]],
    document: str,
    on: date | None = None,
    at: datetime | None = None,
) -> list[Proposal]:
    """Enter several proposals under one budget document: one DPA covers a whole kelurahan.

    Each comes with the version that was seen. All enter, or none: Refused names every RT that cannot,
    with each of its reasons; what all share (the number, the day) is said once.
    """
    done, faults = [], []
    for proposal, version in proposals:
        try:
            with transaction.atomic():
                done.append(
                    budget_proposal(
                        by=by, proposal=proposal, document=document, on=on, version=version, at=at
                    )
                )
        except Refused as refusal:
            faults += [(proposal.unit.full_label, reason) for reason in refusal.reasons]
    if not done and not faults:
        refuse_if([_("Centang sedikitnya satu usulan.")])
    count = len(done) + len({place for place, _reason in faults})
    told = Counter(reason for _place, reason in faults)
    shared = [reason for reason in told if count > 1 and told[reason] == count]
    refuse_if(shared + [f"{place}: {reason}" for place, reason in faults if reason not in shared])
    return done


def _faults(
    by: Person,
    proposal: Proposal,
    document: str,
    day: date,
    version: int | None,
    now: datetime,
) -> list[str]:
    if proposal.state == ProposalState.BUDGETED:
        return [_("Usulan ini sudah masuk anggaran dengan DPA %s.") % proposal.budget_doc]
    if proposal.state != ProposalState.VERIFIED:
        return [_("Usulan ini belum lolos semua pemeriksaan.")]
    faults = []
    if proposal.program_year.state != YearState.OPEN:
        faults.append(_("Tahun anggaran ini sudah ditutup."))
    if not permissions.can_budget(by, proposal):
        faults.append(
            permissions.conflict_with(by, proposal)
            or _("Anda ikut mengajukan usulan ini. Orang lain yang harus mencatat DPA-nya.")
        )
    if stale(version, proposal.version):
        faults.append(_("Usulan ini berubah sejak Anda membukanya. Periksa lagi."))
    if not document.strip():
        faults.append(_("Tulis nomor DPA."))
    opened = proposal.program_year.opened_at
    if day > timezone.localtime(now).date():
        faults.append(_("Periksa tanggal DPA: tidak boleh sesudah hari ini."))
    elif opened and day < (first := timezone.localtime(opened).date()):
        told = _("Periksa tanggal DPA: pagu tahun ini baru ada sejak %s.")
        faults.append(told % short_date(first))
    return faults


def _reserve(proposal: Proposal, activities: list[Activity], day: date, act_digest: str) -> None:
    """Set each activity's cost aside from the RT's free ceiling."""
    post_many(
        proposal.program_year.fund,
        [
            Draft(
                kind="reserve",
                lines=[
                    Line("reserved", proposal.unit_id, row.pk, debit=row.cost),
                    Line("available", proposal.unit_id, credit=row.cost),
                ],
                memo=row.name,
                on=day,
                key=f"reserve:{row.pk}",
                act_digest=act_digest,
            )
            for row in activities
        ],
    )
