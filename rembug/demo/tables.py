"""The tables a living city fills, each as rows kept until they are written in the order of their keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from rembug.core.bulk import Rows
from rembug.execution import models as doing
from rembug.people.acts import Lines
from rembug.people.models import DeskItem, Office, Person
from rembug.planning import models as planning
from rembug.regions.models import City

# In the order in which rows name one another.
TABLES = {
    "person": Person,
    "office": Office,
    "pokmas": doing.Pokmas,
    "member": doing.PokmasMember,
    "meeting": planning.Meeting,
    "meeting_item": planning.MeetingItem,
    "signature": planning.Signature,
    "plan_item": planning.PlanItem,
    "proposal": planning.Proposal,
    "activity": planning.Activity,
    "rab": planning.RabLine,
    "activity_paper": planning.ActivityPaper,
    "work": doing.Work,
    "point": doing.PhotoPoint,
    "tranche": doing.Tranche,
    "report": doing.Report,
    "photo": doing.ReportPhoto,
    "receipt": doing.Receipt,
    "twin": doing.Twin,
    "tax": doing.TaxDeposit,
    "comment": doing.Comment,
    "desk": DeskItem,
}


class Tables:
    """Rows of one city, by short name; every row gets the city by itself."""

    def __init__(self, city: City):
        self.city = city
        self.rows = {name: Rows(model) for name, model in TABLES.items()}
        self.record = Lines(city)

    def add(self, table: str, **values: object) -> int:
        """Keep a row; returns its key."""
        return self.rows[table].add(city_id=self.city.pk, **values)

    def wait(
        self,
        act: str,
        thing: str,
        title: str,
        path: str,
        opened: datetime,
        *,
        seat: int,
        about: int,
        body: int = 0,
        amount: int = 0,
        due: date | None = None,
        closed: datetime | None = None,
        by: int | None = None,
        outcome: str = "",
    ) -> None:
        """The bulk twin of desk.open_item and, with `closed`, of desk.close_items."""
        self.add(
            "desk",
            act=act,
            unit_id=seat,
            body=body,
            thing=thing,
            title=title[:200],
            about_unit_id=about,
            path=path,
            amount=amount,
            opened_at=opened,
            due_on=due,
            closed_at=closed,
            closed_by_id=by,
            outcome=outcome,
        )

    def write(self, progress: Callable[[int], None] | None = None) -> int:
        """Store everything kept so far; returns how many rows."""
        written = 0
        for rows in self.rows.values():
            if len(rows):
                written += rows.write()
                if progress:
                    progress(written)
        return written + self.record.write()
