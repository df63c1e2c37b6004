"""The end of a budget year for what was only planned: proposals that never became money, money that
was set aside and never contracted. Called by the act that closes the year, which asked authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as noted

from rembug.ledger.services import Draft, Line, post_many
from rembug.people.acts import record
from rembug.people.desk import close_items
from rembug.people.models import Office, Person
from rembug.planning.models import Activity, PlanItem, Proposal
from rembug.planning.rules import PLANNED, PlanState, ProposalState, Stage
from rembug.programs.models import ProgramYear


def unfinished(program_year: ProgramYear) -> QuerySet[Proposal]:
    """Proposals of a year that were sent and are still a plan; an unsent draft is its RT's own."""
    sent = PLANNED - {ProposalState.DRAFT}
    return Proposal.objects.filter(program_year=program_year, state__in=sent)


def lapse_proposals(
    *, by: Person, office: Office, program_year: ProgramYear, why: str, now: datetime
) -> int:
    """Proposals that never entered the budget end with the year; their wishes stay on the list."""
    rows = list(
        unfinished(program_year).select_for_update(of=("self",)).select_related("unit", "city")
    )
    for row in rows:
        before = {"state": str(row.state)}
        row.state, row.tier, row.returned_why = ProposalState.REJECTED, "", why
        row.save(update_fields=["state", "tier", "returned_why"])
        close_items(row, by=by, outcome="lapsed", at=now)
        record(
            by,
            "proposal.rejected",
            row,
            about=row.about,
            unit=row.unit,
            office=office,
            before=before,
            after={"state": str(row.state)},
            why=why,
            rule=program_year.rule,
            at=now,
        )
    # What an RT withdrew itself stays withdrawn.
    activities = Activity.objects.filter(proposal__in=rows).exclude(stage=Stage.WITHDRAWN)
    _back_on_the_list(activities)
    activities.update(stage=Stage.DROPPED, changed_at=now, mending={})
    _leave_drafts(by, program_year, now)
    return len(rows)


def _leave_drafts(by: Person, program_year: ProgramYear, now: datetime) -> None:
    """A draft nobody sent stays its RT's own, unseen; its wishes are free again and nothing waits."""
    drafts = Proposal.objects.filter(program_year=program_year, state=ProposalState.DRAFT)
    for row in drafts.select_related("city"):
        close_items(row, by=by, outcome="lapsed", at=now)
    _back_on_the_list(Activity.objects.filter(proposal__in=drafts))


def lapse_activities(
    *,
    by: Person,
    office: Office,
    program_year: ProgramYear,
    activities: Iterable[Activity],
    why: str,
    on: date,
    now: datetime,
) -> int:
    """Money set aside for activities that got no contract goes back to the ceiling of its place."""
    rows = list(activities)
    drafts = []
    for row in rows:
        line = record(
            by,
            "activity.lapsed",
            row,
            about=f"activity:{row.pk}",
            unit=row.unit,
            office=office,
            detail={"amount": row.cost},
            why=why,
            rule=program_year.rule,
            at=now,
        )
        close_items(row, by=by, outcome="lapsed", at=now)
        lines = [
            Line("available", row.unit_id, debit=row.cost),
            Line("reserved", row.unit_id, row.pk, credit=row.cost),
        ]
        memo = noted("Tidak dikontrak sampai akhir tahun")
        drafts.append(Draft("release", lines, memo, on, f"lapse:{row.pk}", line.digest))
    if drafts:
        post_many(program_year.fund, drafts)
    found = Activity.objects.filter(pk__in=[row.pk for row in rows])
    _back_on_the_list(found)
    found.update(stage=Stage.DROPPED, changed_at=now)
    return len(rows)


def _back_on_the_list(activities: QuerySet[Activity]) -> None:
    """What was wished for and not built may be proposed again, unless another proposal holds it by now.

    A wish that was only taken in a change not sent yet (`Activity.mending`) is held like any other.
    """
    rows = list(activities.values_list("pk", "plan_item", "mending"))
    wishes = {pk for _row, pk, _mending in rows if pk}
    wishes |= {
        pk for _row, _pk, mending in rows if (pk := (mending.get("says") or {}).get("plan_item"))
    }
    held = (
        Activity.objects.filter(plan_item__in=wishes)
        .exclude(pk__in=[pk for pk, _wish, _mending in rows])
        .exclude(stage__in=[Stage.DROPPED, Stage.WITHDRAWN])
        .values_list("plan_item", flat=True)
    )
    free = PlanItem.objects.filter(pk__in=wishes - set(held), state=PlanState.TAKEN)
    free.update(state=PlanState.PLANNED)
