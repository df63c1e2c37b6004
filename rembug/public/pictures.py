"""Photographs of accepted reports, and nothing of any other report."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from rembug.execution.models import Report
from rembug.execution.rules import ReportState
from rembug.files.rules import FLAGS
from rembug.public.life import Reported

# What a photograph lacks is said beside it anyway; these say that something in it cannot be right.
ODD = frozenset(flag for flag in FLAGS if not flag.endswith(("_tidak_ada", "_tambahan")))


@dataclass(frozen=True)
class Shot:
    """One published photograph of an accepted report."""

    report: int
    percent: int
    point: str
    note: str
    sha: str
    taken_at: Any
    distance_m: int | None
    flags: list[str]


def reports_with_photos(work: int | None) -> tuple[list[Reported], list[Shot]]:
    """Every report of a work, and the photographs of the accepted ones alone. One query."""
    if work is None:
        return [], []
    rows = (
        Report.objects.filter(work=work)
        .order_by("id", "photos__point__label")
        .values_list(
            "id",
            "percent",
            "state",
            "tier",
            "at",
            "seen_on",
            "accepted_at",
            "note",
            "photos__point__label",
            "photos__point__note",
            "photos__file__sha256",
            "photos__file__public",
            "photos__taken_at",
            "photos__distance_m",
            "photos__flags",
        )
    )
    reports: dict[int, Reported] = {}
    shots = []
    for pk, percent, state, tier, at, seen_on, accepted_at, note, *photo in rows:
        reports.setdefault(pk, Reported(pk, percent, state, tier, at, seen_on, accepted_at, note))
        label, about, sha, public, *taken = photo
        if state == ReportState.ACCEPTED and sha and public:
            shots.append(Shot(pk, percent, label, about, sha, *taken))
    return list(reports.values()), shots


def _picture(sha: str, small: bool = False) -> str:
    return f"{reverse('public:city')}berkas/{sha}{'-k' if small else ''}.webp"


def pairs(shots: list[Shot]) -> list[dict[str, Any]]:
    """Before and after at each photo point that has both, the first point first."""
    by_point: dict[str, list[Shot]] = defaultdict(list)
    for shot in shots:
        by_point[shot.point].append(shot)
    found = []
    for point, taken in sorted(by_point.items()):
        first, last = min(taken, key=_order), max(taken, key=_order)
        if first.percent == last.percent:
            continue
        found.append(
            {
                "point": point,
                "note": first.note,
                "before": _picture(first.sha),
                "after": _picture(last.sha),
                "before_percent": first.percent,
                "after_percent": last.percent,
                "before_at": first.taken_at,
                "after_at": last.taken_at,
            }
        )
    return found


def _order(shot: Shot) -> tuple[int, int]:
    return shot.percent, shot.report


def told(reports: list[Reported], shots: list[Shot]) -> list[dict[str, Any]]:
    """Accepted reports, newest first, each with all its photographs."""
    by_report: dict[int, list[Shot]] = defaultdict(list)
    for shot in shots:
        by_report[shot.report].append(shot)
    return [
        {
            "percent": each.percent,
            "seen_on": each.seen_on,
            "accepted_at": each.accepted_at,
            "note": each.note,
            "shots": [
                {
                    "url": _picture(shot.sha),
                    "thumb": _picture(shot.sha, small=True),
                    "point": shot.point,
                    "about": shot.note,
                    "taken_at": shot.taken_at,
                    "distance": shot.distance_m,
                    "flags": [str(FLAGS[flag]) for flag in shot.flags if flag in ODD],
                }
                for shot in by_report[each.id]
            ],
        }
        for each in reversed(reports)
        if each.accepted
    ]
