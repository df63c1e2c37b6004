"""Progress reports: sent by the pokmas with a photograph from every point, checked tier by tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused, refuse_if
from rembug.core.steps import step
from rembug.execution import rules
from rembug.execution.models import PhotoPoint, Report, ReportPhoto, Work
from rembug.execution.rules import REPORT_STEPS, ReportState, WorkState, why_faults
from rembug.execution.services.standing import Standing, locked
from rembug.execution.services.turns import Turn, advance, running, turn
from rembug.files.models import File
from rembug.files.services import StoredImage, publish
from rembug.people.models import Person
from rembug.planning.rules import Stage
from rembug.programs.phases import phase_faults, phase_flag


@dataclass(frozen=True)
class Shot:
    """A photograph from one point, as `files.store_image` took it in."""

    point: PhotoPoint
    image: StoredImage


@transaction.atomic
def submit_report(
    *,
    by: Person,
    work: Work,
    percent: int,
    seen_on: date | None,
    note: str,
    shots: Sequence[Shot],
    at: datetime | None = None,
) -> Report:
    """Report how far the work had come on a day, with a photograph from every fixed point.

    Stages come in order, one at a time. What is odd about a photograph becomes a flag for the
    verifier; only a picture that was already used elsewhere is refused. Raises PermissionDenied, or
    Refused with every reason.
    """
    t = turn(by, "report.submit", work, at)
    s, work = t.s, t.work
    faults = _faults(s, percent, seen_on, note, shots, t.today)
    if work.state != WorkState.RUNNING:
        told = _("Laporan dikirim sesudah kontrak disetujui dan sebelum hasil diperiksa.")
        faults.insert(0, told)
    final = "final_report" if percent == 100 else ""
    if final:
        faults += phase_faults(s.book, final, s.activity.year, t.now)
    refuse_if(faults)
    assert seen_on is not None
    report = Report.objects.create(
        city_id=work.city_id,
        work=work,
        percent=percent,
        seen_on=seen_on,
        note=note.strip(),
        tier=s.book.report_steps[0].key,
        by=by,
        at=t.now,
    )
    ReportPhoto.objects.bulk_create(_photo(s, report, shot) for shot in shots)
    detail: dict[str, Any] = {"percent": percent, "photos": len(shots)}
    detail |= phase_flag(s.book, final, s.activity.year, t.now) if final else {}
    evidence = [shot.image.file.sha256 for shot in shots]
    t.end("report.submitted", report, detail=detail, evidence=evidence)
    return report


def _faults(
    s: Standing,
    percent: int,
    seen_on: date | None,
    note: str,
    shots: Sequence[Shot],
    today: date,
) -> list[str]:
    taken = {shot.point.pk for shot in shots}
    last = s.last_accepted
    return rules.report_faults(
        percent=percent,
        expected=s.expected,
        waiting=s.waiting is not None,
        note=note,
        seen_on=seen_on,
        today=today,
        last_seen_on=last.seen_on if last else None,
        max_age_days=s.book.reports.max_age_days,
        missing=[p.label for p in s.work.points.all() if p.pk not in taken],
        photos=len(shots),
        min_photos=s.book.reports.min_photos if s.physical else 1,
        doubles=_doubles(shots),
        used=_used(s, shots),
    )


def _doubles(shots: Sequence[Shot]) -> list[str]:
    """Labels of points that were given one and the same file."""
    files = [shot.image.file.pk for shot in shots]
    return [shot.point.label for shot in shots if files.count(shot.image.file.pk) > 1]


def _used(s: Standing, shots: Sequence[Shot]) -> list[str]:
    """Labels of points whose very file stands in another report. A returned report of this work
    does not count: its good photographs may be sent again."""
    files = [shot.image.file.pk for shot in shots]
    others = ReportPhoto.objects.filter(file__in=files).exclude(
        report__work=s.work, report__state=ReportState.RETURNED
    )
    taken = set(others.values_list("file_id", flat=True))
    return [shot.point.label for shot in shots if shot.image.file.pk in taken]


def _photo(s: Standing, report: Report, shot: Shot) -> ReportPhoto:
    image, point = shot.image, shot.point
    distance = None
    if s.physical and None not in (image.lat, image.lon, point.lat, point.lon):
        here, there = (image.lat, image.lon), (point.lat, point.lon)
        distance = rules.metres(here, there)  # type: ignore[arg-type]
    flags = rules.photo_flags(
        distance_m=distance,
        max_distance_m=s.book.reports.max_distance_m,
        taken_at=image.taken_at,
        seen_on=report.seen_on,
        twin=_has_twin(s, image.file),
        known=image.flags,
    )
    return ReportPhoto(
        city_id=report.city_id,
        report=report,
        point=point,
        file=image.file,
        taken_at=image.taken_at,
        lat=image.lat,
        lon=image.lon,
        distance_m=distance,
        flags=flags,
    )


def _has_twin(s: Standing, file: File) -> bool:
    """Whether another photograph of any report in the city shows exactly the same scene."""
    if file.dhash is None:
        return False
    twins = ReportPhoto.objects.filter(file__dhash=file.dhash).exclude(file=file)
    return twins.exclude(report__work=s.work, report__state=ReportState.RETURNED).exists()


def _opened(by: Person, report: Report, at: datetime | None) -> tuple[Turn, Report]:
    """Lock the work and see that the report still waits where the person saw it, on their desk."""
    locked(report.work)
    fresh = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if fresh.state != ReportState.WAITING or fresh.tier != report.tier:
        raise Refused(
            [_("Laporan ini sudah diperiksa. Muat ulang halaman untuk melihat hasilnya.")]
        )
    t = turn(by, f"report.verify.{fresh.tier}", report.work, at)
    return t, next(row for row in t.s.reports if row.pk == fresh.pk)


@transaction.atomic
def verify_report(*, by: Person, report: Report, at: datetime | None = None) -> Report:
    """Pass a report on to the next tier; after the last one it is accepted and public.

    `report.tier` is the tier the person saw; if it has moved meanwhile, this is refused.
    """
    t, report = _opened(by, report, at)
    tier = report.tier
    following = t.s.book.step_after(tier, of_report=True)
    if following:
        step(report, "pass", REPORT_STEPS, tier=following.key)
    else:
        step(report, "accept", REPORT_STEPS, tier="", accepted_at=t.now)
        _accept(t.s, report, t.now)
    t.end(f"report.verified.{tier}", report, detail={"percent": report.percent})
    return report


def _accept(s: Standing, report: Report, now: datetime) -> None:
    """An accepted report is the progress everybody sees, with its photographs."""
    publish(report.photos.values_list("file_id", flat=True))
    advance(s.activity, now, percent=report.percent)
    running(s, now)
    if report.percent == 100:
        advance(s.activity, now, stage=Stage.DONE)


@transaction.atomic
def return_report(*, by: Person, report: Report, why: str, at: datetime | None = None) -> Report:
    """Give a report back to the pokmas, with the reason it reads word for word."""
    t, report = _opened(by, report, at)
    refuse_if(why_faults(why))
    step(report, "return", REPORT_STEPS, back_why=why.strip())
    detail = {"percent": report.percent, "tier": report.tier}
    t.end("report.returned", report, why=why.strip(), detail=detail)
    return report
