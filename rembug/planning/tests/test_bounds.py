"""Every free amount and count has a bound beyond which it is a slip of the finger."""

import pytest

from rembug.core.bounds import (
    MOST_COST,
    MOST_PRESENT,
    MOST_SWADAYA,
    MOST_VOLUME_MILLI,
    MOST_WORK_DAYS,
)
from rembug.core.refusal import Refused
from rembug.planning.rules import (
    CostLine,
    Point,
    attendance_faults,
    line_faults,
    point_faults,
)
from rembug.planning.services.lists import add_item
from rembug.planning.services.proposals import ActivityDraft, save_activity

GROUPS = ["bahan"]


@pytest.mark.fault("attack-19", "item-25")
@pytest.mark.parametrize(
    ("field", "most"), [("swadaya_money", MOST_SWADAYA), ("swadaya_days", MOST_WORK_DAYS)]
)
def test_what_residents_add(cast, proposal, paving, wish, field, most):
    def save(amount):
        draft = ActivityDraft("infra", "Paving", plan_item=wish, **{field: amount})
        return save_activity(by=cast.rt_head, proposal=proposal, draft=draft, lines=paving)

    for wrong in (most + 1, 10**15, -1):
        with pytest.raises(Refused) as refused:
            save(wrong)
        assert [reason.field for reason in refused.value.reasons] == [field]
    assert getattr(save(most), field) == most


@pytest.mark.fault("attack-19")
def test_what_is_planned_decided_counted_and_measured(cast):
    assert not point_faults([Point("infra", "Paving", "decided", cost=MOST_COST)])
    assert point_faults([Point("infra", "Paving", "decided", cost=MOST_COST + 1)])
    assert not line_faults([CostLine("x", "m", "bahan", 1000, MOST_COST)], GROUPS)
    assert line_faults([CostLine("x", "m", "bahan", 1000, MOST_COST + 1)], GROUPS)
    assert line_faults([CostLine("x", "m", "bahan", MOST_VOLUME_MILLI + 1, 1)], GROUPS)
    assert not attendance_faults(MOST_PRESENT, 0, [])
    assert attendance_faults(MOST_PRESENT, 1, []) and attendance_faults(-1, 3, [])
    assert not line_faults([CostLine("x", "m", "bahan", MOST_VOLUME_MILLI, 1)], GROUPS)
    with pytest.raises(Refused, match="biaya"):
        add_item(
            by=cast.rt_head,
            unit=cast.rt,
            year=cast.year.year,
            field="infra",
            title="Paving",
            cost=MOST_COST + 1,
            reason="perlu",
        )
