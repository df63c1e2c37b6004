"""Holding payments of a work back until something is mended, and letting them go again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from rembug.core.refusal import refuse_if
from rembug.execution.gates import hold_faults, release_faults
from rembug.execution.models import Work
from rembug.execution.services.turns import turn
from rembug.people.models import Person


@transaction.atomic
def hold_work(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """Stop every payment of a work until the reason, which everybody reads, is mended.

    Nothing that was paid is touched. Raises PermissionDenied, or Refused with every reason.
    """
    t = turn(by, "work.hold", work, at)
    refuse_if(hold_faults(why, state=t.work.state, hold=t.work.hold))
    held_as = f"{t.office.title}, {t.office.unit.label}"[:120]
    _write(t.work, why.strip(), t.office.unit.kind, held_as, t.today)
    t.end("work.held", why=why.strip())
    return t.work


@transaction.atomic
def release_work(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """Let payments go on, saying what was mended: by the office that held them or one above it.

    `work.hold_tier` is what the person saw; if another hold stands there now, this is refused.
    """
    t = turn(by, f"work.release.{work.hold_tier}", work, at)
    refuse_if(release_faults(why, tier=t.work.hold_tier, seen=work.hold_tier))
    _write(t.work, "", "", "", None)
    t.end("work.released", why=why.strip())
    return t.work


def _write(work: Work, why: str, tier: str, held_as: str, on: date | None) -> None:
    work.hold, work.hold_tier, work.held_as, work.held_on = why, tier, held_as, on
    work.save(update_fields=["hold", "hold_tier", "held_as", "held_on"])
