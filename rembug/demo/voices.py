"""What residents of the living city say about a work, and the answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rembug.demo.names import SAYINGS
from rembug.people.authority import role_title
from rembug.people.rules import seat_of

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory


def comment(story: WorkStory) -> None:
    """Somebody says something about a work; the lurah answers, or has not yet."""
    rng = story.rng
    said, answer = rng.choice(SAYINGS.get(story.f.wish.sign) or SAYINGS["*"])
    at = min(
        story.clock.at + timedelta(days=rng.randint(0, 9), hours=rng.randint(1, 9)), story.y.now
    )
    key = story.t.rows["comment"].next
    answered = at + timedelta(days=rng.randint(0, 6), hours=2)
    who = story.seat("lurah")
    row = {
        "activity_id": story.f.key,
        "name": rng.choice(("", "", "Warga RT", "Ibu di gang sebelah")),
        "text": said,
        "matches": rng.choice((True, True, None, False)),
        "at": at,
        "due_on": story.y.due(at, story.y.book.answer_days),
    }
    old = (story.y.now - at).days > 60
    done = answered < story.y.now and rng.random() < (0.998 if old else 0.85)
    if done:
        row |= {
            "answer": answer,
            "answered_at": answered,
            "answered_by_id": who[0],
            "answered_as": f"{role_title('lurah', story.y.of.city)}, {story.group.unit.label}",
        }
    story.t.add("comment", **row)
    _recorded(story, None, "comment.added", key, at)
    if done:
        _recorded(story, who, "comment.answered", key, answered)
    story.t.wait(
        "comment.answer",
        f"execution.comment:{key}",
        f"Jawab warga: {story.f.wish.name}",
        f"tanggapan/{key}/",
        at,
        seat=story.y.town.units[story.f.unit.above(seat_of("comment.answer"))].pk,
        about=story.f.unit.pk,
        due=row["due_on"],
        closed=answered if done else None,
        by=who[0] if done else None,
        outcome="answered" if done else "",
    )


def _recorded(
    story: WorkStory, who: tuple[int, int] | None, act: str, key: int, at: datetime
) -> None:
    story.t.record.add(
        who[0] if who else None,
        act,
        f"execution.comment:{key}",
        at,
        office=who[1] if who else None,
        about=f"activity:{story.f.key}",
        unit=story.f.unit.pk,
        salt=f"{story.rng.getrandbits(128):032x}",
    )
