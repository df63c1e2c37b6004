"""The day on a paper: in its year, in its order, on a day the office was open, and typed in time.

Plain values in, reasons out; no tables. The day of typing is the record's; both are kept.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext

from rembug.core.calendar import is_working_day, working_days_between
from rembug.core.refusal import Reason
from rembug.core.words import short_date
from rembug.execution.rules import day_faults, year_faults

# Typed so many working days after the day on the paper, it is told to whoever checks.
LATE_AFTER = 3
LEAST_WHY = 10


def paper_day_faults(
    on: date | None,
    paper: str,
    *,
    today: date,
    field: str = "on",
    earliest: date | None = None,
    after: str = "",
    year: int = 0,
    closed: Collection[date] | None = None,
    why: str = "",
) -> list[str]:
    """Every reason against the day on a paper. `earliest`: the day of the paper before it (`after`
    names it); `year`: the budget year it must lie in; `closed`: holidays, if the office that signs it
    rests on them and on weekends, unless `why` says how it came about."""
    faults = day_faults(on, paper, field, today=today)
    if on is None:
        return faults
    if earliest and on < earliest:
        told = gettext("Tanggal %(paper)s tidak boleh mendahului %(after)s, %(day)s.")
        words = {"paper": paper, "after": after, "day": short_date(earliest)}
        faults.append(Reason(told % words, field))
    if year:
        faults += year_faults(on, year, field)
    if closed is not None and not is_working_day(on, closed) and len(why.strip()) < LEAST_WHY:
        told = gettext("%(day)s hari libur kantor. Periksa tanggalnya, atau tulis sebabnya.")
        faults.append(Reason(told % {"day": short_date(on)}, "day_why"))
    return faults


def typed_late(on: date, today: date, closed: Collection[date]) -> int:
    """Working days between the paper and its typing when they are too many; 0: in time."""
    days = working_days_between(on, today, closed)
    return days if days > LATE_AFTER else 0
