"""What waits on the desks while a work is told: the same question the acts ask, after every step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from rembug.demo.ends import stand, standing_of
from rembug.execution.services.duties import duties_of
from rembug.people.acts import thing_of
from rembug.people.rules import seat_of

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory


class Desks:
    """The bulk twin of `duties.settle`: items that wait, by act and thing; done ones are written."""

    def __init__(self, story: WorkStory):
        self.story = story
        self.waiting: dict[tuple[str, str], dict[str, Any]] = {}
        f = story.f
        title, path = f"Siapkan kontrak: {f.wish.name}", f"pekerjaan/siapkan/{f.key}/"
        self._open(
            "contract.prepare",
            f"planning.activity:{f.key}",
            title,
            path,
            f.budgeted_at,
            amount=f.wish.cost,
        )

    def settle(self, by: int, outcome: str) -> None:
        """Close what is done, open what is due, at the clock of the story."""
        story, now = self.story, self.story.clock.at
        due = self._due(now)
        for key in [key for key in self.waiting if key not in due]:
            row = self.waiting.pop(key)
            story.t.wait(**row, closed=now, by=by, outcome=outcome[:24])
        for key, duty in due.items():
            if key not in self.waiting:
                self._open(
                    *key,
                    duty.title,
                    duty.path,
                    now,
                    amount=duty.amount,
                    body=story.group.key if duty.own else 0,
                    due=duty.due or (story.y.due(now, duty.days) if duty.days else None),
                )

    def end(self) -> None:
        """Write what still waits."""
        for row in self.waiting.values():
            self.story.t.wait(**row)

    def year_over(self) -> None:
        """The day a budget year ends shows on the desks of works that are still open."""
        story = self.story
        if story.work and story.y.now.year > story.y.of.year:
            story.standing = story.standing or standing_of(story)
            due = self._due(story.y.now)
            self.waiting = {key: row for key, row in self.waiting.items() if key in due}
            for key, duty in due.items():
                if key not in self.waiting:
                    since = story.clock.at
                    days = duty.due or (story.y.due(since, duty.days) if duty.days else None)
                    body = story.group.key if duty.own else 0
                    self._open(
                        *key,
                        duty.title,
                        duty.path,
                        since,
                        amount=duty.amount,
                        body=body,
                        due=days,
                    )

    def _due(self, at: datetime) -> dict[tuple[str, str], Any]:
        story = self.story
        story.standing = story.standing or standing_of(story)
        stand(story.standing, story, at.date())
        return {(duty.act, thing_of(duty.thing)): duty for duty in duties_of(story.standing)}

    def _open(self, act: str, thing: str, title: str, path: str, at: datetime, **more: Any) -> None:
        story = self.story
        self.waiting[act, thing] = {
            "act": act,
            "thing": thing,
            "title": title,
            "path": path,
            "opened": at,
            "seat": story.y.town.units[story.f.unit.above(seat_of(act))].pk,
            "about": story.f.unit.pk,
            **more,
        }
