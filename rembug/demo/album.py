"""The photographs of a living city: which drawn picture stands for which photograph, and where."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from rembug.execution.rules import metres

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory


class Files:
    """The pool of drawn pictures: every demo photograph is one of them, and plainly a drawing."""

    def __init__(
        self, scenes: dict[tuple[str, int, int], int], receipts: list[int], sha: dict[int, str]
    ):
        # `sha`: by key, what a file is known by in the record.
        self.scenes, self.receipts, self.sha = scenes, receipts, sha

    def receipt(self, rng: Random) -> int:
        return rng.choice(self.receipts)

    def shots(self, story: WorkStory, percent: int) -> list[int]:
        """The pictures of a stage, one for each point."""
        stage = 0 if percent == 0 else 100 if percent == 100 else 50
        return [self.scenes[story.f.wish.sign, n, stage] for n in range(len(story.points))]

    def photograph(self, story: WorkStory, report: dict, shots: list[int]) -> None:
        """One picture at each point, in the state the report tells."""
        for (point, lat, lon), file in zip(story.points, shots, strict=True):
            here = _near(story, lat, lon)
            measured = None not in (*here, lat, lon) and story.physical
            story.t.add(
                "photo",
                report_id=report["id"],
                point_id=point,
                file_id=file,
                taken_at=report["at"] - timedelta(minutes=story.rng.randint(30, 400)),
                lat=here[0],
                lon=here[1],
                distance_m=metres(here, (lat, lon)) if measured else None,
            )

    def places(self, story: WorkStory) -> list[str]:
        """What stands by the points of a work: two ends of what is built, one place for what is not."""
        if not story.physical:
            return ["Tempat kegiatan, balai RT"]
        inside = ["Di depan balai RT", "Di dalam balai RT"]
        notes = ["Dari mulut gang", "Dari ujung gang"] if "Gang" in story.f.wish.name else inside
        return [*notes, "Dari seberang"][: min(max(story.y.book.reports.min_photos, 1), 3)]

    def points(
        self, story: WorkStory, notes: list[str]
    ) -> list[tuple[int, float | None, float | None]]:
        """The fixed points of a work, set with its contract."""
        made = []
        for n, note in enumerate(notes):
            lat, lon = _place(story)
            key = story.t.add(
                "point", work_id=story.key, label="ABC"[n], note=note, lat=lat, lon=lon
            )
            made.append((key, lat, lon))
        return made


def _near(
    story: WorkStory, lat: float | None, lon: float | None
) -> tuple[float | None, float | None]:
    """Where somebody stands who photographs a point: a few steps beside it."""
    if lat is None or lon is None:
        return None, None
    off = story.rng.uniform
    return round(lat + off(-0.0001, 0.0001), 6), round(lon + off(-0.0001, 0.0001), 6)


def _place(story: WorkStory) -> tuple[float | None, float | None]:
    """Somewhere around the city's office, when its folder says where that stands."""
    lat, comma, lon = story.y.of.city.contact.get("point", "").partition(",")
    if not comma:
        return None, None
    return (
        round(float(lat) + story.rng.uniform(-0.03, 0.03), 6),
        round(float(lon) + story.rng.uniform(-0.03, 0.03), 6),
    )
