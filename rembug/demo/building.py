"""How a told work is built: photographs and reports, checked tier by tier; inspection and handover."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from rembug.demo.names import LATE_NOTE, NOTES, WHY_REPORT_RETURNED
from rembug.execution import volumes
from rembug.execution.rules import interpolate

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory

REPORT_ROLES = {
    "kelurahan": "ekbang",
    "kecamatan": "kecamatan_team",
    "city": "monitoring_office",
}
# The last report is sent so long before the contract ends that the result can still be inspected.
BEFORE_THE_END = 32


def reports_before(story: WorkStory, rule) -> None:
    """The reports a payment asks for; the first photographs are taken before any money."""
    wanted = [int(g.removeprefix("report_")) for g in rule.gates if g.startswith("report_")]
    report_until(story, max([story.y.book.reports.percents[0], *wanted]))


def report_until(story: WorkStory, percent: int) -> None:
    for stage in story.y.book.reports.percents:
        if story.percent < stage <= percent:
            report(story, stage)


def _when(story: WorkStory, percent: int) -> date:
    """When a stage is reached: in the term of the contract, unless the work is late."""
    assert story.work is not None
    first, last = story.work["starts_on"], story.work["ends_on"]
    last += timedelta(days=4 if story.late else -BEFORE_THE_END)
    return interpolate(first, max(first, last), percent)


def report(story: WorkStory, percent: int, again: bool = False) -> None:
    key, t = story.t.rows["report"].next, story.t
    after = None if again else _when(story, percent)
    who = story.seat("pokmas_head")
    shots = story.files.shots(story, percent)
    detail = {"percent": percent, "photos": len(shots)}
    detail["evidence"] = [story.files.sha[file] for file in shots]
    thing, phase = f"execution.report:{key}", "final_report" if percent == 100 else ""
    # Evidence stands behind the flags of the calendar, as the act writes it.
    evidence = detail.pop("evidence")
    story.go(
        "report.submitted",
        "pokmas_head",
        (0, 4),
        after=after,
        thing=thing,
        phase=phase,
        detail=detail | {"evidence": evidence},
    )
    late = percent == 100 and story.work and story.clock.day > story.work["ends_on"]
    row = {
        "id": key,
        "work_id": story.key,
        "percent": percent,
        "seen_on": story.clock.day,
        "note": LATE_NOTE if late else NOTES.get(percent, NOTES[50]),
        "state": "waiting",
        "tier": story.y.book.report_steps[0].key,
        "by_id": who[0],
        "at": story.clock.at,
        "back_why": "",
    }
    t.add("report", **{k: v for k, v in row.items() if k != "id"})
    story.reports.append(row)
    story.files.photograph(story, row, shots)
    story.settle("report.submitted")
    _checked(story, row, again)


def _checked(story: WorkStory, row: dict, again: bool) -> None:
    steps, percent = story.y.book.report_steps, row["percent"]
    thing = f"execution.report:{row['id']}"
    for n, tier in enumerate(steps):
        if n == 0 and not again and story.rng.random() < 0.05:
            why = story.rng.choice(WHY_REPORT_RETURNED)
            detail = {"percent": percent, "tier": tier.key}
            role = REPORT_ROLES[tier.key]
            story.go("report.returned", role, (0, tier.days), thing=thing, why=why, detail=detail)
            row |= {"state": "returned", "tier": tier.key, "back_why": why}
            story.settle("report.returned")
            return report(story, percent, again=True)
        done, role = f"report.verified.{tier.key}", REPORT_ROLES[tier.key]
        story.go(done, role, (0, tier.days), thing=thing, detail={"percent": percent})
        if n + 1 < len(steps):
            row["tier"] = steps[n + 1].key
        else:
            row |= {"state": "accepted", "tier": "", "accepted_at": story.clock.at}
            story.percent = percent
            running = {"contracted": "running"}.get(story.stage, story.stage)
            story.show("done" if percent == 100 else running)
        story.settle(done)
    return None


def hand_over(story: WorkStory) -> None:
    """Measured by the supervisor, offered, taken over by the lurah."""
    work = story.work
    assert work is not None
    if work["state"] == "handed":
        return
    volume = story.f.wish.volume
    number, built = f"{story.key:06d}/{story.y.of.year}", volumes.read(volume)
    detail = {"number": f"BAHP/{number}", "measured": volume}
    story.go("work.inspected", "pokmas_supervisor", (0, 4), dated=True, detail=detail)
    work |= {
        "state": "inspected",
        "inspected_on": story.clock.day,
        "inspection_no": f"BAHP/{number}",
        "measured": volume,
        "measured_milli": built and built.milli,
        "measured_unit": built.unit if built else "",
    }
    story.settle("work.inspected")
    story.go("work.offered", "pokmas_head", (0, 2))
    work["state"] = "offered"
    story.settle("work.offered")
    papers = sorted(story.y.book.required.handover)
    detail = {"number": f"BAST/{number}", "papers": papers}
    story.go("work.received", "lurah", (0, 4), dated=True, detail=detail)
    day = story.clock.day
    work |= {"state": "handed", "handed_on": day, "handover_no": f"BAST/{number}"}
    story.settle("work.received")
