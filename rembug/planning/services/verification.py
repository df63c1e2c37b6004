"""Acts of the desks a proposal passes: let it pass, return it, reject it. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Refused, refuse_if
from rembug.core.steps import step
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.desk import close_items, open_item
from rembug.people.models import Act, Person
from rembug.planning import permissions
from rembug.planning.models import Activity, PlanItem, Proposal
from rembug.planning.rules import (
    PROPOSAL_STEPS,
    PlanState,
    ProposalState,
    Stage,
    decision_faults,
    stale,
)
from rembug.planning.services.reviews import activities_of, content_digest
from rembug.programs.calendar import due_on
from rembug.programs.rulebook import Step


def send_to_desk(proposal: Proposal, desk: Step, amount: int, now: datetime) -> None:
    """Open the item of the next verifier, due after the book's working days."""
    open_item(
        act=f"proposal.verify.{desk.key}",
        thing=proposal,
        about=proposal.unit,
        title=noted("Periksa usulan %d") % proposal.program_year.year,
        path=f"usulan/{proposal.pk}/periksa/",
        due_on=due_on(timezone.localtime(now).date(), desk.days),
        amount=amount,
        at=now,
    )


@transaction.atomic
def pass_proposal(
    *,
    by: Person,
    proposal: Proposal,
    note: str = "",
    version: int | None = None,
    tier: str | None = None,
    at: datetime | None = None,
) -> Proposal:
    """Let a proposal pass this desk: it goes to the next, or is verified after the last.

    `version` and `tier` are what the verifier had before their eyes. Raises PermissionDenied, or
    Refused when somebody was faster.
    """
    proposal = _awaited(by, proposal, version, tier)
    now = at or timezone.now()
    here = proposal.tier
    following = proposal.program_year.book.step_after(here)
    activities = activities_of(proposal)
    before = _standing(proposal)
    amount = sum(row.cost for row in activities)
    step(
        proposal,
        "pass" if following else "verify",
        PROPOSAL_STEPS,
        tier=following.key if following else "",
        version=proposal.version + 1,
    )
    _note(by, proposal, here, f"proposal.verified.{here}", before, activities, note, now)
    close_items(proposal, by=by, outcome="passed", act=f"proposal.verify.{here}", at=now)
    if following:
        send_to_desk(proposal, following, amount, now)
        return proposal
    Activity.objects.filter(proposal=proposal).update(stage=Stage.CHECKED, changed_at=now)
    open_item(
        act="proposal.budget",
        thing=proposal,
        about=proposal.unit,
        title=noted("Catat DPA usulan %d") % proposal.program_year.year,
        path=f"usulan/{proposal.pk}/dpa/",
        amount=amount,
        at=now,
    )
    return proposal


@transaction.atomic
def return_proposal(
    *,
    by: Person,
    proposal: Proposal,
    why: str,
    version: int | None = None,
    tier: str | None = None,
    at: datetime | None = None,
) -> Proposal:
    """Send a proposal back to its RT with the reason; it may be mended and submitted again.

    Raises PermissionDenied, or Refused with every reason.
    """
    refuse_if(decision_faults("return", why))
    proposal = _awaited(by, proposal, version, tier)
    now = at or timezone.now()
    here, before = proposal.tier, _standing(proposal)
    activities = activities_of(proposal)
    step(
        proposal,
        "return",
        PROPOSAL_STEPS,
        tier="",
        returned_why=why.strip(),
        version=proposal.version + 1,
    )
    _note(by, proposal, here, "proposal.returned", before, activities, why, now)
    close_items(proposal, by=by, outcome="returned", act=f"proposal.verify.{here}", at=now)
    open_item(
        act="proposal.submit",
        thing=proposal,
        about=proposal.unit,
        title=noted("Perbaiki usulan %d") % proposal.program_year.year,
        path=f"usulan/{proposal.pk}/",
        at=now,
    )
    return proposal


@transaction.atomic
def reject_proposal(
    *,
    by: Person,
    proposal: Proposal,
    why: str,
    version: int | None = None,
    tier: str | None = None,
    at: datetime | None = None,
) -> Proposal:
    """Refuse a proposal for good, with the reason; its wishes stay on the five-year list.

    Raises PermissionDenied, or Refused with every reason.
    """
    refuse_if(decision_faults("reject", why))
    proposal = _awaited(by, proposal, version, tier)
    now = at or timezone.now()
    here, before = proposal.tier, _standing(proposal)
    activities = activities_of(proposal)
    step(
        proposal,
        "reject",
        PROPOSAL_STEPS,
        tier="",
        returned_why=why.strip(),
        version=proposal.version + 1,
    )
    Activity.objects.filter(proposal=proposal).update(stage=Stage.DROPPED, changed_at=now)
    wishes = [row.plan_item_id for row in activities if row.plan_item_id]
    PlanItem.objects.filter(pk__in=wishes).update(state=PlanState.PLANNED)
    _note(by, proposal, here, "proposal.rejected", before, activities, why, now)
    close_items(proposal, by=by, outcome="rejected", at=now)
    return proposal


@transaction.atomic
def pass_several(
    *,
    by: Person,
    proposals: Iterable[tuple[Proposal, int | None]],
    note: str = "",
    at: datetime | None = None,
) -> list[Proposal]:
    """Let several proposals pass one desk together: the RW merges those of its RT.

    Each comes with the version that was seen. All pass, or none: Refused names every RT that cannot.
    """
    done, faults = [], []
    for proposal, version in proposals:
        try:
            with transaction.atomic():
                done.append(
                    pass_proposal(by=by, proposal=proposal, note=note, version=version, at=at)
                )
        except Refused as refusal:
            faults += [f"{proposal.unit.label}: {reason}" for reason in refusal.reasons]
    if not done and not faults:
        faults.append(_("Pilih sedikitnya satu usulan."))
    refuse_if(faults)
    return done


def _awaited(
    by: Person, proposal: Proposal, version: int | None, tier: str | None = None
) -> Proposal:
    """The locked proposal, if it still waits for this person's decision."""
    seen = tier or proposal.tier
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "unit", "city", "program_year__program", "program_year__rule_set"
    )
    proposal = rows.get(pk=proposal.pk)
    moved = proposal.state != ProposalState.SUBMITTED or proposal.tier != seen
    if moved and seen and holds(by, f"proposal.verify.{seen}", at=proposal.unit):
        raise Refused([_faster(proposal)])
    if not permissions.may_judge(by, proposal):
        raise PermissionDenied
    if reason := permissions.conflict_with(by, proposal):
        raise Refused([reason])
    if permissions.has_had_a_hand(by, proposal):
        raise Refused(
            [_("Anda sudah ikut menyusun atau memeriksa usulan ini. Orang lain yang harus.")]
        )
    if stale(version, proposal.version):
        raise Refused([_("Isi usulan ini berubah sejak Anda membukanya. Periksa lagi.")])
    return proposal


def _faster(proposal: Proposal) -> str:
    """Who decided before the verifier who is told now."""
    last = (
        Act.objects.filter(about=proposal.about, act__startswith="proposal.")
        .select_related("actor", "office__city")
        .order_by("-id")
        .first()
    )
    if last is None or last.actor is None:
        return _("Usulan ini sudah diputuskan orang lain. Muat ulang halaman ini.")
    told = {"name": last.office.title if last.office else last.actor.name}
    return _("%(name)s baru saja memutuskan usulan ini. Muat ulang untuk melihat hasilnya.") % told


def _standing(proposal: Proposal) -> dict[str, Any]:
    return {"state": str(proposal.state), "tier": proposal.tier, "version": proposal.version}


def _note(
    by: Person,
    proposal: Proposal,
    here: str,
    act: str,
    before: dict[str, Any],
    activities: list[Activity],
    why: str,
    now: datetime,
) -> None:
    content = content_digest(proposal, activities)
    record(
        by,
        act,
        proposal,
        about=proposal.about,
        unit=proposal.unit,
        office=holds(by, f"proposal.verify.{here}", at=proposal.unit),
        detail={"tier": here, "round": proposal.round},
        before={**before, "content": content},
        after={**_standing(proposal), "content": content},
        why=why.strip(),
        rule=proposal.program_year.rule,
        at=now,
    )
