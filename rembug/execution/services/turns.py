"""What every act on a work begins and ends with: its turn, and the record, the books and the desks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from rembug.core.paper_numbers import same_number
from rembug.core.refusal import Refused
from rembug.execution import permissions
from rembug.execution.models import Tranche, Work
from rembug.execution.rules import number_faults
from rembug.execution.services.duties import settle
from rembug.execution.services.standing import Standing, locked, moment, standing
from rembug.ledger.services import move
from rembug.people.acts import record
from rembug.people.models import Act, Office, Person
from rembug.planning.models import Activity
from rembug.planning.rules import Stage


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


def turn(by: Person, act: str, work: Work, at: datetime | None = None) -> Turn:
    """Lock a work for one act, and see that the person may do it. Raises PermissionDenied."""
    work = locked(work)
    office = permissions.require(by, act, work)
    return Turn(by, office, standing(work), *moment(at))


def turn_on(
    by: Person, act: str, tranche: Tranche, at: datetime | None = None
) -> tuple[Turn, Tranche]:
    """The same for one payment of a work, which comes as it is now."""
    t = turn(by, act, tranche.work, at)
    return t, next(row for row in t.s.tranches if row.pk == tranche.pk)


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
    return number_faults(number, paper, others.filter(**same_number(field, number)).exists())


@contextmanager
def number_once(paper: str) -> Iterator[None]:
    """The database refuses a number given twice at the same moment; say so in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise Refused([_("Nomor %s ini baru saja dipakai. Periksa nomornya.") % paper]) from twice
