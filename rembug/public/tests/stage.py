"""A neighbourhood with something in every state, laid straight into the tables for the pages to show.

The acts themselves are tested where they live; here only what the open face reads matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rembug.core.folding import folded
from rembug.execution.models import (
    Comment,
    PhotoPoint,
    Pokmas,
    Receipt,
    Report,
    ReportPhoto,
    Tranche,
    Work,
)
from rembug.files.models import File
from rembug.ledger.services import Line, post
from rembug.people.acts import record
from rembug.people.desk import open_item
from rembug.planning.models import (
    Activity,
    Attendance,
    Meeting,
    PlanItem,
    Proposal,
    RabLine,
)

SECRET_NAME = "Sumirah Hadir"
SECRET_PHONE = "0812 3456 7890"
SECRET_NIK = "3571021207880001"
UNSEEN = "f" * 64


@dataclass
class Staged:
    """What stands on the stage, by name."""

    cast: Any
    activities: dict[str, Activity] = field(default_factory=dict)
    works: dict[str, Work] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)


def _file(city, sha: str, public: bool = True) -> File:
    return File.objects.create(
        city=city, sha256=sha, mime="image/jpeg", size=9, width=9, height=9, name="f", public=public
    )


def _activity(staged: Staged, proposal: Proposal, key: str, **told: Any) -> Activity:
    cast = staged.cast
    made = Activity.objects.create(
        city=cast.city,
        proposal=proposal,
        unit=cast.rt,
        year=cast.year.year,
        **{"field": "infra", "cost": 10_000_000, "search": folded(told["name"])} | told,
    )
    staged.activities[key] = made
    return made


def _book(cast, kind: str, source: str, target: str, activity: Activity, amount: int) -> None:
    plain = source == "available"
    post(
        fund=cast.year.fund,
        kind=kind,
        lines=[
            Line(target, cast.rt, activity.pk, amount, 0),
            Line(source, cast.rt, 0 if plain else activity.pk, 0, amount),
        ],
        memo=kind,
        on=timezone.localdate(),
        key=f"{kind}:{activity.pk}",
    )


def _work(staged: Staged, pokmas: Pokmas, key: str, ends_in: int, **told: Any) -> Work:
    cast, activity = staged.cast, staged.activities[key]
    today = timezone.localdate()
    work = Work.objects.create(
        city=cast.city,
        activity=activity,
        unit=cast.rt,
        pokmas=pokmas,
        contract_no=f"K/{activity.pk}",
        contract_on=today - timedelta(days=60),
        value=activity.cost,
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=ends_in),
        **{"state": "running"} | told,
    )
    staged.works[key] = work
    for step in (("reserve", "available", "reserved"), ("commit", "reserved", "committed")):
        _book(cast, *step, activity, activity.cost)
    return work


def _report(staged: Staged, key: str, percent: int, sha: str, state: str = "accepted") -> Report:
    cast, work = staged.cast, staged.works[key]
    now = timezone.now()
    report = Report.objects.create(
        city=cast.city,
        work=work,
        percent=percent,
        seen_on=timezone.localdate() - timedelta(days=100 - percent),
        note=f"Keadaan {percent} {state}",
        state=state,
        tier="kecamatan" if state == "waiting" else "",
        by=cast.ekbang,
        at=now - timedelta(days=2),
        accepted_at=now if state == "accepted" else None,
    )
    point, _made = PhotoPoint.objects.get_or_create(
        city=cast.city, work=work, label="A", defaults={"note": "mulut gang"}
    )
    ReportPhoto.objects.create(
        city=cast.city,
        report=report,
        point=point,
        file=_file(cast.city, sha, state == "accepted"),
        taken_at=now,
        distance_m=7,
    )
    staged.reports[f"{key}{percent}"] = report
    act = record(
        cast.ekbang,
        "report.submitted",
        report,
        about=work.about,
        office=cast.ekbang.offices.first(),
        detail={"percent": percent},
    )
    assert act.code
    return report


def set_stage(cast) -> Staged:
    """A finished, a running, a late and a planned activity of one RT, with everything around them."""
    staged = Staged(cast)
    city, today, now = cast.city, timezone.localdate(), timezone.now()
    meeting = Meeting.objects.create(
        city=city,
        unit=cast.rt,
        year=cast.year.year,
        title="Rembug bulanan",
        place="Balai RT",
        at=now - timedelta(days=40),
        men=22,
        women=19,
        notes=f"Dicatat oleh {SECRET_NAME}",
        state="signed",
        called_by=cast.rt_head,
    )
    Attendance.objects.create(city=city, meeting=meeting, name=SECRET_NAME, sex="f")
    Meeting.objects.create(
        city=city,
        unit=cast.rt,
        year=cast.year.year,
        title="Rembug berikutnya",
        place="Balai RT",
        at=now + timedelta(days=20),
        state="called",
        called_by=cast.rt_head,
    )
    proposal = Proposal.objects.create(
        city=city, unit=cast.rt, program_year=cast.year, meeting=meeting, state="budgeted"
    )
    for year, title in ((cast.year.year, "Paving Melati"), (cast.year.year + 1, "Pagar balai")):
        PlanItem.objects.create(city=city, unit=cast.rt, year=year, field="infra", title=title)
    _activity(staged, proposal, "done", name="Paving Gang Melati", stage="done", percent=100)
    _activity(staged, proposal, "running", name="Saluran air", stage="running", percent=50)
    _activity(staged, proposal, "late", name="Taman baca", stage="running", percent=0)
    _activity(staged, proposal, "plan", name="Lampu gang impian", stage="plan", cost=7_777_000)
    pokmas = Pokmas.objects.create(
        city=city,
        unit=cast.kelurahan,
        name="Pokmas Guyub",
        address="Jalan Satu",
        bank="Bank Uji",
        account_no="1234567890123",
        account_holder="Pokmas Guyub",
        formed_on=today,
    )
    _work(staged, pokmas, "done", 10)
    _work(staged, pokmas, "running", 10)
    _work(staged, pokmas, "late", -6)
    for percent, sha in ((0, "a" * 64), (50, "b" * 64), (100, "c" * 64)):
        _report(staged, "done", percent, sha)
    _report(staged, "running", 50, "d" * 64)
    _report(staged, "running", 100, UNSEEN, "waiting")
    _spend(staged, today)
    _voice(staged, now, today)
    open_item(
        act="report.verify.kelurahan",
        thing=staged.reports["running100"],
        about=cast.rt,
        title="Periksa laporan",
        path="laporan/1/",
        due_on=today - timedelta(days=20),
    )
    return staged


def _spend(staged: Staged, today) -> None:
    cast, activity, work = staged.cast, staged.activities["done"], staged.works["done"]
    line = RabLine.objects.create(
        city=cast.city,
        activity=activity,
        group="bahan",
        name="Paving K-175",
        measure="m2",
        volume_milli=62_500,
        price=160_000,
        amount=10_000_000,
    )
    tranche = Tranche.objects.create(
        city=cast.city,
        work=work,
        number=1,
        amount=6_000_000,
        state="received",
        paid_on=today,
        spj_due_on=today + timedelta(days=9),
    )
    Receipt.objects.create(
        city=cast.city,
        work=work,
        tranche=tranche,
        line=line,
        supplier=f"Toko {SECRET_NAME}",
        what="Paving",
        paid_on=today,
        amount=5_500_000,
        file=_file(cast.city, "9" * 64, public=False),
        by=cast.ekbang,
    )
    _book(cast, "order", "committed", "ordered", activity, 6_000_000)
    _book(cast, "pay", "ordered", "cash_pokmas", activity, 6_000_000)


def _voice(staged: Staged, now, today) -> None:
    cast, activity = staged.cast, staged.activities["done"]
    said = Comment.objects.create(
        city=cast.city,
        activity=activity,
        name=SECRET_NAME,
        text="Kanstin retak.",
        at=now - timedelta(days=3),
        due_on=today,
        answer="Kami ganti hari Sabtu.",
        answered_at=now,
        answered_as="Kasi Ekbang",
    )
    # As it was kept before an act refused such numbers.
    whole = f"Kanstin retak. Hubungi {SECRET_PHONE}, NIK {SECRET_NIK}."
    Comment.objects.filter(pk=said.pk).update(text=whole)
    Comment.objects.create(
        city=cast.city,
        activity=activity,
        text="kata kasar yang disembunyikan",
        at=now,
        due_on=today,
        hidden_why="Menghina orang",
    )
