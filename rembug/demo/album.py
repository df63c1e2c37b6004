"""The photographs of a living city: which drawn picture stands for which photograph, and where."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory


class Files:
    """The pool of drawn pictures: every demo photograph is one of them, and plainly a drawing."""

    def __init__(self, scenes: dict[tuple[str, int, int], int], receipts: list[int]):
        self.scenes, self.receipts = scenes, receipts

    def receipt(self, rng: Random) -> int:
        return rng.choice(self.receipts)

    def photograph(self, story: WorkStory, report: dict) -> None:
        """One picture at each point, in the state the report tells."""
        stage = 0 if report["percent"] == 0 else 100 if report["percent"] == 100 else 50
        for n, (point, lat, lon) in enumerate(story.points):
            off = story.rng.randint(0, 18)
            story.t.add(
                "photo",
                report_id=report["id"],
                point_id=point,
                file_id=self.scenes[story.f.wish.field.icon, n, stage],
                taken_at=report["at"] - timedelta(hours=story.rng.randint(1, 5)),
                lat=lat,
                lon=lon,
                distance_m=off if lat is not None else None,
            )

    def points(self, story: WorkStory) -> list[tuple[int, float | None, float | None]]:
        """The fixed points of a work, set with its contract."""
        notes = ("Dari mulut gang", "Dari ujung gang", "Dari depan balai RT")
        made = []
        for n in range(max(1, min(story.y.book.reports.min_photos, 3))):
            lat, lon = _place(story)
            key = story.t.add(
                "point", work_id=story.key, label="ABC"[n], note=notes[n], lat=lat, lon=lon
            )
            made.append((key, lat, lon))
        return made


def _place(story: WorkStory) -> tuple[float | None, float | None]:
    """Somewhere around the city's office, when its folder says where that stands."""
    lat, comma, lon = story.y.of.city.contact.get("point", "").partition(",")
    if not comma:
        return None, None
    return (
        round(float(lat) + story.rng.uniform(-0.03, 0.03), 6),
        round(float(lon) + story.rng.uniform(-0.03, 0.03), 6),
    )
