"""What every act on a work begins and ends with: its turn, and the record, the books and the desks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from rembug.core.calendar import is_working_day
from rembug.core.paper_numbers import same_number
from rembug.core.refusal import Refused
from rembug.execution import permissions
from rembug.execution.days import paper_day_faults, typed_late
from rembug.execution.models import TakenBack, Tranche, Work
from rembug.execution.rules import number_faults, year_faults
from rembug.execution.services.duties import settle
from rembug.execution.services.standing import Standing, locked, moment, standing
from rembug.ledger.services import move
from rembug.people.acts import record
from rembug.people.models import Act, Office, Person
from rembug.planning.models import Activity
from rembug.planning.rules import Stage
from rembug.programs.calendar import holidays_between

# An act that is told no day is itself the paper: it counts for the day it is done.
TODAY = date.min


class Move(NamedTuple):
    """Money that goes from one state to another with an act, with its words in the books.

    `key` makes it happen once; empty: the kind and the thing the act is about.
    """

    kind: str
    source: str
    target: str
    amount: int
    memo: str
    key: str = ""


@dataclass
class Turn:
    """One act on one work: by whom, in which office, when it counts, and how the work stands."""

    by: Person
    office: Office
    s: Standing
    now: datetime
    today: date

    @property
    def work(self) -> Work:
        return self.s.work

    def keep(self, act: str, thing: models.Model | None = None, **told: Any) -> Act:
        """Record an act on the thread of the work's activity, with the rule version it was done under."""
        work = self.work
        return record(
            self.by,
            act,
            thing or work,
            about=work.about,
            unit=work.unit,
            office=self.office,
            rule=self.s.rule,
            at=self.now,
            **told,
        )

    def settle(self, act: str) -> None:
        """Bring the desks in line with how the work stands now."""
        settle(self.work, by=self.by, outcome=act.split(".")[1], at=self.now)

    def end(
        self,
        act: str,
        thing: models.Model | None = None,
        *,
        money: Move | None = None,
        on: date | None = None,
        **told: Any,
    ) -> None:
        """Record what was done, book the money that goes with it (`on` its day), and move the desks."""
        line = self.keep(act, thing, **told)
        if money:
            move(
                self.s.fund,
                money.source,
                money.target,
                self.work.unit,
                self.work.activity_id,
                money.amount,
                on=on or self.today,
                key=money.key or f"{money.kind}:{(thing or self.work).pk}",
                kind=money.kind,
                memo=money.memo,
                act_digest=line.digest,
            )
        self.settle(act)


@dataclass
class Dated:
    """The day on a paper, what the record keeps of it, and every reason against it."""

    on: date
    faults: list[str]
    told: dict[str, Any] = field(default_factory=dict)


def paper_day(
    t: Turn,
    on: date | None,
    paper: str,
    *,
    name: str = "on",
    earliest: date | None = None,
    after: str = "",
    in_year: bool = False,
    office: bool = True,
    why: str = "",
) -> Dated:
    """Look at the day written on a paper; see `days.paper_day_faults`.

    `office`: it is signed in an office, which rests on holidays. What is odd about the day goes into
    the record, where whoever checks next reads it: typed late, or dated on a day of rest.
    """
    given, on = on is not TODAY, t.today if on is TODAY else on
    closed = holidays_between(min(on or t.today, t.today), t.today)
    faults = paper_day_faults(
        on,
        paper,
        today=t.today,
        field=name,
        earliest=earliest,
        after=after,
        year=t.s.activity.year if in_year else 0,
        closed=closed if given and office else None,
        why=why,
    )
    told: dict[str, Any] = {}
    if on:
        told["on"] = on.isoformat()
        if late := typed_late(on, t.today, closed):
            told["late"] = late
        if office and not is_working_day(on, closed):
            told["rest_day"] = True
    return Dated(on or t.today, faults, told)


def in_year(t: Turn) -> list[str]:
    """Why the money of this work may not be touched today: its budget year has not begun or is over."""
    return year_faults(t.today, t.s.activity.year)


def turn(by: Person, act: str, work: Work, at: datetime | None = None) -> Turn:
    """Lock a work for one act, and see that the person may do it. Raises PermissionDenied."""
    work = locked(work)
    office = permissions.require(by, act, work)
    now, today = moment(at)
    return Turn(by, office, standing(work, today), now, today)


def turn_on(
    by: Person, act: str, tranche: Tranche, at: datetime | None = None
) -> tuple[Turn, Tranche]:
    """The same for one payment of a work, which comes as it is now."""
    t = turn(by, act, tranche.work, at)
    return t, next(row for row in t.s.tranches if row.pk == tranche.pk)


def awaited(tranche: Tranche, state: str) -> None:
    """Whoever comes second is told so before anything else is said of the payment."""
    if tranche.state != state:
        raise Refused([_("Keadaannya sudah berubah. Muat ulang halaman ini, lalu periksa lagi.")])


def advance(activity: Activity, now: datetime, **changes: Any) -> None:
    """Write the public stage or progress of an activity. `changed_at` is not set by an update by itself."""
    Activity.objects.filter(city_id=activity.city_id, pk=activity.pk).update(
        changed_at=now, **changes
    )
    for name, value in changes.items():
        setattr(activity, name, value)


def running(s: Standing, now: datetime) -> None:
    """The public sees *running* once money or a first report is in."""
    if s.activity.stage == Stage.CONTRACTED:
        advance(s.activity, now, stage=Stage.RUNNING)


def paper_number(row: models.Model, field: str, number: str, paper: str) -> list[str]:
    """Reasons against a paper's number: it looks like none, or another row of the city has it."""
    others = type(row)._default_manager.exclude(pk=row.pk)
    used = others.filter(**same_number(field, number)).exists()
    # The number of a paper that was reversed belongs to that paper for ever, also on its own payment.
    used = used or TakenBack.objects.filter(paper=paper, **same_number("number", number)).exists()
    return number_faults(number, paper, used)


@contextmanager
def number_once(paper: str) -> Iterator[None]:
    """The database refuses a number given twice at the same moment; say so in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise Refused([_("Nomor %s ini baru saja dipakai. Periksa nomornya.") % paper]) from twice
