"""Acts of the desks a proposal passes: let it pass, return it, reject it. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
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
from rembug.programs.models import YearState
from rembug.programs.phases import phase_faults, phase_flag
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


@dataclass
class Decision:
    """One decision of a desk under way: what stood before, and how it is carried out and recorded."""

    by: Person
    proposal: Proposal
    now: datetime
    flag: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desk = self.proposal.tier
        self.activities = activities_of(self.proposal)
        self.content = content_digest(self.proposal, self.activities)
        self.before = self._standing()

    @property
    def amount(self) -> int:
        return sum(row.cost for row in self.activities)

    def carry_out(self, move: str, act: str, outcome: str, why: str, **changes: Any) -> None:
        """Move the proposal along, record who decided what and why, and clear this desk."""
        version = self.proposal.version + 1
        step(self.proposal, move, PROPOSAL_STEPS, version=version, **{"tier": "", **changes})
        record(
            self.by,
            act,
            self.proposal,
            about=self.proposal.about,
            unit=self.proposal.unit,
            office=holds(self.by, f"proposal.verify.{self.desk}", at=self.proposal.unit),
            detail={"tier": self.desk, "round": self.proposal.round, **self.flag},
            before=self.before,
            after=self._standing(),
            why=why.strip(),
            rule=self.proposal.rule,
            at=self.now,
        )
        waited = f"proposal.verify.{self.desk}"
        close_items(self.proposal, by=self.by, outcome=outcome, act=waited, at=self.now)

    def stage(self, stage: Stage) -> None:
        """Say of each activity how far it came."""
        rows = Activity.objects.filter(proposal=self.proposal).exclude(stage=Stage.WITHDRAWN)
        rows.update(stage=stage, changed_at=self.now)

    def open(self, act: str, title: str, page: str = "", amount: int = 0) -> None:
        """Put the proposal where it waits next."""
        open_item(
            act=act,
            thing=self.proposal,
            about=self.proposal.unit,
            title=title % self.proposal.program_year.year,
            path=f"usulan/{self.proposal.pk}/{page}",
            amount=amount,
            at=self.now,
        )

    def _standing(self) -> dict[str, Any]:
        row = self.proposal
        stands = {"state": str(row.state), "tier": row.tier, "version": row.version}
        return {**stands, "content": self.content}


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
    one = _awaited(by, proposal, version, tier, at)
    if one.proposal.program_year.state != YearState.OPEN:
        raise Refused([_("Tahun anggaran ini sudah ditutup.")])
    book, year = one.proposal.book, one.proposal.program_year.year
    refuse_if(phase_faults(book, "verification", year, one.now))
    one.flag = phase_flag(book, "verification", year, one.now)
    following = book.step_after(one.desk)
    verified = f"proposal.verified.{one.desk}"
    if following:
        one.carry_out("pass", verified, "passed", note, tier=following.key)
        send_to_desk(one.proposal, following, one.amount, one.now)
    else:
        one.carry_out("verify", verified, "passed", note)
        one.stage(Stage.CHECKED)
        one.open("proposal.budget", noted("Catat DPA usulan %d"), "dpa/", one.amount)
    return one.proposal


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
    one = _awaited(by, proposal, version, tier, at)
    one.carry_out("return", "proposal.returned", "returned", why, returned_why=why.strip())
    one.open("proposal.submit", noted("Perbaiki usulan %d"))
    return one.proposal


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
    one = _awaited(by, proposal, version, tier, at)
    one.carry_out("reject", "proposal.rejected", "rejected", why, returned_why=why.strip())
    one.stage(Stage.DROPPED)
    wishes = [row.plan_item_id for row in one.activities if row.plan_item_id]
    PlanItem.objects.filter(pk__in=wishes).update(state=PlanState.PLANNED)
    return one.proposal


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
    by: Person,
    proposal: Proposal,
    version: int | None,
    tier: str | None,
    at: datetime | None,
) -> Decision:
    """This person's decision on the locked proposal, if it still waits for it."""
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
    return Decision(by, proposal, at or timezone.now())


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
