"""What an RT changes in a proposal that was given back, kept apart from what everybody sees.

An activity that was sent once is public as it was sent. Its RT works on a copy of what it says, kept in
`Activity.mending`; sending again puts the copy in its place. What was never sent is changed at once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rembug.planning.models import Activity, PlanItem, Proposal, RabLine
from rembug.planning.rules import CostLine, Stage

VALUES = ("field", "name", "kind", "kind_number", "kind_note", "place", "volume", "off_list_reason")
SWADAYA = ("swadaya_money", "swadaya_days", "swadaya_note")


@dataclass(frozen=True)
class ActivityDraft:
    """What the RT says about an activity. `swadaya_money` in rupiah, `swadaya_days` days of work.

    `kind_number` is how many of what its kind counts, `kind_note` why it is not what its words say.
    """

    field: str
    name: str
    kind: str = ""
    kind_number: int = 0
    kind_note: str = ""
    place: str = ""
    volume: str = ""
    plan_item: PlanItem | None = None
    off_list_reason: str = ""
    swadaya_money: int = 0
    swadaya_days: int = 0
    swadaya_note: str = ""


def set_values(activity: Activity, draft: ActivityDraft) -> None:
    """What a draft says, on the row; nothing is written."""
    for name in (*VALUES, *SWADAYA):
        value = getattr(draft, name)
        setattr(activity, name, value.strip() if isinstance(value, str) else value)
    activity.plan_item = draft.plan_item
    activity.off_list_reason = "" if draft.plan_item else activity.off_list_reason


def rows_of(activity: Activity, lines: list[CostLine]) -> list[RabLine]:
    """Cost lines as rows, not yet written."""
    return [
        RabLine(
            city_id=activity.city_id,
            activity=activity,
            position=position,
            group=line.group,
            item_id=line.item_id,
            name=line.name.strip()[:200],
            measure=line.measure.strip(),
            volume_milli=line.volume,
            price=line.price,
            standard=line.standard or 0,
            amount=line.amount,
            quotes=line.quotes.strip(),
            kind=line.kind,
        )
        for position, line in enumerate(lines, 1)
    ]


def is_sent(activity: Activity) -> bool:
    """Whether everybody sees it: what is changed now waits until it is sent again."""
    return activity.stage != Stage.DRAFT


def set_aside(activity: Activity, draft: ActivityDraft, lines: list[CostLine]) -> None:
    """Keep the change beside the row. The row in memory then says what was changed."""
    said: dict[str, Any] = {name: getattr(draft, name) for name in (*VALUES, *SWADAYA)}
    said["plan_item"] = draft.plan_item.pk if draft.plan_item else None
    _keep(activity, {"says": said, "lines": [asdict(line) for line in lines]})
    overlay(activity)


def set_out(activity: Activity) -> None:
    """Remember that it is to be withdrawn when the proposal is sent again."""
    _keep(activity, {"removed": True})


def _keep(activity: Activity, mending: dict[str, Any]) -> None:
    activity.mending = mending
    activity.version += 1
    Activity.objects.filter(city_id=activity.city_id, pk=activity.pk).update(
        mending=mending, version=activity.version
    )


def draft_of(activity: Activity) -> tuple[ActivityDraft, list[CostLine]]:
    """The change that was set aside."""
    said = dict(activity.mending["says"])
    item = said.pop("plan_item")
    wish = PlanItem.objects.filter(pk=item).first() if item else None
    lines = [CostLine(**line) for line in activity.mending["lines"]]
    return ActivityDraft(plan_item=wish, **said), lines


def overlay(activity: Activity) -> Activity:
    """The row in memory as its RT has it now; nothing is written."""
    if "says" not in activity.mending:
        return activity
    draft, lines = draft_of(activity)
    set_values(activity, draft)
    activity.cost = sum(line.amount for line in lines)
    shown = RabLine.objects.none()
    shown._result_cache = rows_of(activity, lines)
    cache = activity.__dict__.setdefault("_prefetched_objects_cache", {})
    cache["lines"] = shown
    return activity


def mended(proposal: Proposal) -> list[Activity]:
    """The activities as their RT has them now, with lines and papers (three queries)."""
    rows = proposal.activities.exclude(stage=Stage.WITHDRAWN)  # type: ignore[attr-defined]
    found = rows.prefetch_related("lines", "papers__file")
    return [overlay(row) for row in found if not row.mending.get("removed")]


def mended_one(proposal: Proposal, pk: int | None) -> Activity | None:
    """One of them, or None when it is not (or no longer) among them."""
    rows = proposal.activities.exclude(stage=Stage.WITHDRAWN)  # type: ignore[attr-defined]
    row = rows.prefetch_related("lines", "papers__file").filter(pk=pk).first()
    return overlay(row) if row and not row.mending.get("removed") else None
