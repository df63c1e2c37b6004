"""Reading a proposal whole: its content for the record, and how it stands against the book."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from rembug.ledger.models import Fund
from rembug.ledger.reading import balances
from rembug.planning.models import Activity, Proposal, RabLine
from rembug.planning.review import ActivityFacts, Review, judge
from rembug.planning.rules import CostLine, digest
from rembug.planning.services.mending import mended
from rembug.regions.models import Unit


def ceilings(fund: Fund, units: Iterable[Unit | int]) -> dict[int, tuple[int, int]]:
    """For each unit (by id) its ceiling and what of it is still free, in rupiah. One query."""
    units = list(units)
    found = {getattr(unit, "pk", unit): [0, 0] for unit in units}
    rows = balances(fund, units=units, rollup=True).filter(account__in=["source", "available"])
    for unit_id, account, amount in rows.values_list("unit_id", "account", "amount"):
        found[unit_id][account == "available"] = amount
    return {unit: (whole, free) for unit, (whole, free) in found.items()}


def activities_of(proposal: Proposal) -> list[Activity]:
    """The activities with their lines and papers, as their RT has them now (three queries)."""
    return mended(proposal)


def line_of(line: RabLine) -> CostLine:
    """A stored cost line as plain values."""
    return CostLine(
        name=line.name,
        measure=line.measure,
        group=line.group,
        volume=line.volume_milli,
        price=line.price,
        standard=line.standard or None,
        item_id=line.item_id,
        quotes=line.quotes,
        kind=line.kind,
    )


def facts_of(activity: Activity) -> ActivityFacts:
    """A stored activity as the book sees it."""
    return ActivityFacts(
        pk=activity.pk,
        name=activity.name,
        field=activity.field,
        kind=activity.kind,
        lines=tuple(line_of(line) for line in activity.lines.all()),
        papers=frozenset(paper.code for paper in activity.papers.all()),
        listed=bool(activity.plan_item_id or activity.off_list_reason),
        number=activity.kind_number,
        note=activity.kind_note,
    )


def review(
    proposal: Proposal,
    activities: Iterable[Activity] | None = None,
    *,
    draft: ActivityFacts | None = None,
    statements: Collection[str] | None = None,
) -> Review:
    """How the proposal stands now; with `draft`, as if that activity were saved in place of its own.

    Reads the ceiling from the ledger. `activities` may be given when they were read before.
    """
    rows = activities_of(proposal) if activities is None else list(activities)
    facts = [facts_of(row) for row in rows if draft is None or row.pk != draft.pk]
    if draft is not None:
        facts.append(draft)
    year = proposal.program_year
    ceiling, available = ceilings(year.fund, [proposal.unit])[proposal.unit_id]
    return judge(
        proposal.book,
        ceiling=ceiling,
        available=available,
        activities=facts,
        statements=proposal.statements if statements is None else statements,
    )


def content_of(proposal: Proposal, activities: Iterable[Activity] | None = None) -> dict[str, Any]:
    """What is asked for, as plain values: what a decision was about."""
    rows = activities_of(proposal) if activities is None else activities
    return {
        "unit": proposal.unit.code,
        "year": proposal.program_year_id,
        "meeting": proposal.meeting_id,
        "statements": proposal.statements,
        "activities": [_activity_content(row) for row in rows],
    }


def content_digest(proposal: Proposal, activities: Iterable[Activity] | None = None) -> str:
    """SHA-256 of the content."""
    return digest(content_of(proposal, activities))


def _activity_content(row: Activity) -> dict[str, Any]:
    return {
        "id": row.pk,
        "field": row.field,
        "kind": [row.kind, row.kind_number, row.kind_note],
        "name": row.name,
        "place": row.place,
        "volume": row.volume,
        "cost": row.cost,
        "swadaya": [row.swadaya_money, row.swadaya_days, row.swadaya_note],
        "listed": [row.plan_item_id, row.off_list_reason],
        "papers": [[paper.code, paper.file_id, paper.number] for paper in row.papers.all()],
        "lines": [
            [
                line.name,
                line.measure,
                line.group,
                line.volume_milli,
                line.price,
                line.quotes,
                line.kind,
            ]
            for line in row.lines.all()
        ],
    }
