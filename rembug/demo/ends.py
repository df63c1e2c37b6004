"""How the story of a work stops: it waits for somebody, or its budget year ends over it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rembug.execution.models import Pokmas, Report, Tranche, Work
from rembug.execution.services.standing import Standing
from rembug.planning.models import Activity, Proposal

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory


class Paused(Exception):
    """The next step lies in the future, or never came."""


class YearOver(Paused):
    """The step would contract or pay in a budget year that has ended."""


# Acts that use the money of the year, which may do so only in it.
IN_YEAR = (
    "contract.prepared",
    "contract.signed",
    "contract.approved",
    "tranche.requested",
    "tranche.billed",
    "tranche.verified",
    "tranche.ordered",
    "tranche.paid",
)
WHY_ENDED = "Tahun anggaran berakhir. Yang belum dibayar kembali ke pagu."


def end_year(story: WorkStory) -> None:
    """The lurah gives up what was not paid; what was is accounted for, so the work can be closed."""
    if story.work is None or story.work["state"] in ("ready", "signed"):
        return
    percent = {"percent": max(story.percent, 0)}
    try:
        if not story.clock.step(3, 15):
            return
        lurah = story.seat("lurah")
        for row in story.tranches:
            if row["state"] not in ("paid", "received", "reported", "accounted", "waived"):
                _lapse(story, row)
        if story.percent < 100 and story.work["state"] == "running":
            story.work["state"] = "stopped"
        story.work |= {"ended_on": story.clock.day, "ended_why": WHY_ENDED}
        thing = f"execution.work:{story.key}"
        story.record(lurah, "work.ended", thing, why=WHY_ENDED, detail=percent)
        story.desks.settle(lurah[0], "ended")
        if all(row["state"] in ("accounted", "waived") for row in story.tranches):
            story.close()
    except Paused:
        pass


def _lapse(story: WorkStory, row: dict) -> None:
    key, number, amount = row["id"], row["number"], row["amount"]
    source = "ordered" if row["state"] == "ordered" else "committed"
    thing, detail = f"execution.tranche:{key}", {"number": number, "amount": amount}
    lurah = story.seat("lurah")
    digest = story.record(lurah, "tranche.lapsed", thing, why=WHY_ENDED, detail=detail)
    row |= {"state": "waived", "waived_on": story.clock.day, "waived_why": WHY_ENDED}
    memo = f"Pencairan {number} tidak dibayar sampai akhir tahun"
    story.move("release", f"release:{key}", source, "available", amount, memo, digest)
    story.desks.settle(lurah[0], "lapsed")


# What a story keeps of a payment beside its columns.
INNER = ("spent", "receipts", "twins")


def standing_of(story: WorkStory) -> Standing:
    """How a told work stands, for the question what waits. `stand` brings it up to date."""
    city = story.y.of.city_id
    activity = Activity(
        id=story.f.key,
        city_id=city,
        name=story.f.wish.name,
        year=story.y.of.year,
        kind=story.f.wish.kind,
        proposal=Proposal(city_id=city, program_year=story.y.of),
    )
    pokmas = Pokmas(id=story.group.key, city_id=city, account_no="1")
    work = Work(id=story.key, city_id=city, activity=activity, pokmas=pokmas)
    return Standing(work, [], [])


def stand(s: Standing, story: WorkStory, today: date) -> None:
    """Write how far the story came into its standing."""
    city = story.y.of.city_id
    s.work.__dict__.update(story.work or {})
    s.activity.percent, s.activity.stage = story.percent, story.stage
    s.tranches += [Tranche(city_id=city) for _row in story.tranches[len(s.tranches) :]]
    s.reports += [Report(city_id=city) for _row in story.reports[len(s.reports) :]]
    for one, row in zip([*s.tranches, *s.reports], [*story.tranches, *story.reports], strict=True):
        one.__dict__.update(row)
    s.money = {"cash_pokmas": story.cash, "tax_owed": story.tax, "returned": story.returned}
    s.today = today
    s.__dict__.pop("waiting", None)
