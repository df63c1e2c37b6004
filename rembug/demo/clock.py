"""One chain of steps through time: each waits for the one before, some are late, some never come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rembug.core.calendar import is_working_day


@dataclass
class Clock:
    """Walks forward in office hours until `now`; `stuck` is the chance that a step never comes."""

    rng: Random
    zone: ZoneInfo
    now: datetime
    at: datetime
    stuck: float = 0.0
    stopped: bool = False
    # Days on which offices are closed besides weekends.
    closed: Collection[date] = ()

    def step(self, least: int, most: int, after: date | None = None) -> bool:
        """Wait some days for the next step, counted from `after` when that is later; False when it
        lies in the future or never comes."""
        if self.stopped:
            return False
        then = self.at
        if after and after > then.date():
            then = datetime(after.year, after.month, after.day, 8, tzinfo=self.zone)
        then += timedelta(days=self.rng.randint(least, most))
        then = _office_hour(self.rng, then, self.closed)
        if then <= self.at:
            then = self.at + timedelta(minutes=self.rng.randint(5, 40))
        if then > self.now or (self.stuck and self.rng.random() < self.stuck):
            self.stopped = True
            return False
        self.at = then
        return True

    @property
    def day(self) -> date:
        return self.at.date()


def _office_hour(rng: Random, at: datetime, closed: Collection[date] = ()) -> datetime:
    """A working day between eight and four."""
    while not is_working_day(at.date(), closed):
        at += timedelta(days=1)
    return at.replace(hour=rng.randint(8, 15), minute=rng.randint(0, 59), second=rng.randint(0, 59))


def moment(rng: Random, zone: ZoneInfo, first: date, last: date, hour: int) -> datetime:
    """A random day between two, at an hour."""
    day = first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
    return datetime(day.year, day.month, day.day, hour, rng.choice((0, 15, 30)), tzinfo=zone)
