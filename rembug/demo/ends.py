"""How the story of a work stops: it waits for somebody, or its budget year ends over it."""

from __future__ import annotations

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
        story.go("work.end", "work.ended", "lurah", (3, 15), why=WHY_ENDED, detail=percent)
        story.work |= {"ended_on": story.clock.day, "ended_why": WHY_ENDED}
        if story.work["state"] != "handed":
            story.work["state"] = "stopped"
        for row in story.tranches:
            if row["state"] not in ("accounted", "waived"):
                _lapse(story, row)
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


def standing_of(story: WorkStory) -> Standing:
    """How a told work stands, for the question what waits."""
    city = story.y.of.city_id
    activity = Activity(
        id=story.f.key,
        city_id=city,
        name=story.f.wish.name,
        year=story.y.of.year,
        percent=story.percent,
        stage=story.stage,
        proposal=Proposal(city_id=city, program_year=story.y.of),
    )
    pokmas = Pokmas(id=story.group.key, city_id=city, account_no="1")
    row = {k: v for k, v in (story.work or {}).items() if k not in ("activity_id", "pokmas_id")}
    work = Work(id=story.key, city_id=city, activity=activity, pokmas=pokmas, **row)
    inner = ("spent", "receipts")
    return Standing(
        work,
        [
            Tranche(city_id=city, **{k: v for k, v in r.items() if k not in inner})
            for r in story.tranches
        ],
        [Report(city_id=city, **r) for r in story.reports],
        {"cash_pokmas": story.cash, "tax_owed": story.tax},
    )
