"""Money to the pokmas of a told work: asked for, billed, verified, ordered, paid, received; held; not needed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rembug.demo.names import WHY_HELD
from rembug.people.authority import role_title

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory


def held(story: WorkStory) -> None:
    """Money is held back until something is mended; some of it still is today."""
    role, why = story.rng.choice(WHY_HELD)
    place = story.y.town.at(role, story.f.unit)
    if (role, place.pk) in story.y.town.vacant or not story.clock.step(0, 2):
        return
    story.done = story.seat(role)
    story.record(story.done, "work.held", f"execution.work:{story.key}", why=why)
    by = f"{role_title(role, story.y.of.city)}, {place.label}"
    hold = {"hold": why, "hold_tier": place.kind, "held_as": by, "held_on": story.clock.day}
    story.work |= hold  # type: ignore[operator]
    story.settle("work.held")
    story.go("work.released", role, (4, 20), why="Sudah diperiksa di lapangan dan dibereskan.")
    story.work |= dict.fromkeys(hold, "") | {"held_on": None}  # type: ignore[operator]
    story.settle("work.released")


class Paper:
    """One payment on its way: every step is recorded, changes the row, and moves the desks."""

    def __init__(self, story: WorkStory, row: dict):
        self.story, self.row = story, row
        self.thing = f"execution.tranche:{row['id']}"

    def step(
        self,
        done: str,
        role: str,
        span: tuple[int, int],
        state: str,
        *,
        no: str = "",
        day: str = "",
        money: tuple[str, str, str, str] | None = None,
        **more,
    ) -> None:
        """`no`: column and name of the paper's number; `money`: kind, source, target, words."""
        story, row = self.story, self.row
        detail = {"number": row["number"]}
        changes: dict = {"state": state}
        if no:
            changes[f"{no}_no"] = f"{no.upper()}/{row['id']:06d}/{story.y.of.year}"
            detail[no] = changes[f"{no}_no"]
        detail |= more.pop("detail", {"amount": row["amount"]})
        digest = story.go(done, role, span, thing=self.thing, detail=detail, **more)
        row |= changes
        if day:
            row[day] = story.clock.day
        if money:
            kind, source, target, memo = money
            memo = f"{memo} {row['number'] if kind == 'receive' else changes[f'{no}_no']}"
            key = f"{kind}:{row['id']}"
            story.move(kind, key, source, target, row["amount"], memo, digest)


def pay(story: WorkStory, row: dict) -> None:
    """Five offices, one after the other, then the bank."""
    if story.rng.random() < 0.02:
        held(story)
    book, paper = story.y.book, Paper(story, row)
    till = "cash_pokmas" if book.method == "LS" else "cash_kelurahan"
    first, _last = story.y.window("payment", (date(story.y.of.year, 1, 1),) * 2)
    paper.step(
        "tranche.requested",
        "pokmas_treasurer",
        (0, 3),
        "requested",
        after=first,
        phase="payment",
        day="requested_on",
    )
    story.settle("tranche.requested")
    paper.step(
        "tranche.billed", "treasurer", (0, 2), "billed", no="spp", day="billed_on", dated=True
    )
    story.settle("tranche.billed")
    papers = {"papers": sorted(book.required.tranche)}
    paper.step("tranche.verified", "ppk", (0, 3), "verified", detail=papers)
    story.settle("tranche.verified")
    order = ("order", "committed", "ordered", "SPM")
    paper.step(
        "tranche.ordered",
        "lurah",
        (0, 2),
        "ordered",
        no="spm",
        day="ordered_on",
        dated=True,
        money=order,
    )
    story.settle("tranche.ordered")
    paid = ("pay", "ordered", till, "SP2D")
    paper.step(
        "tranche.paid",
        "finance_office",
        (1, 4),
        "paid",
        no="sp2d",
        day="paid_on",
        dated=True,
        money=paid,
    )
    _arrived(story, row, till == "cash_pokmas", first_time=True)
    story.settle("tranche.paid")
    over = ("receive", till, "cash_pokmas", "Diterima pokmas, pencairan")
    paper.step(
        "tranche.received",
        "pokmas_treasurer",
        (0, 2),
        "received",
        day="received_on",
        dated=True,
        money=None if till == "cash_pokmas" else over,
    )
    row["spj_due_on"] = story.y.due(story.clock.at, book.spj_days)
    _arrived(story, row, till != "cash_pokmas", first_time=False)
    story.settle("tranche.received")


def _arrived(story: WorkStory, row: dict, now: bool, first_time: bool) -> None:
    """The cash of the pokmas, where it comes with this step; receiving it starts the work in public."""
    if now:
        story.cash += row["amount"]
    if not first_time and story.stage == "contracted":
        story.show("running")


def cheaper(story: WorkStory, row: dict) -> bool:
    """A few works are done without their last payment."""
    last = row is story.tranches[-1] is not story.tranches[0]
    return last and story.key % 40 == 7


def waive(story: WorkStory, row: dict) -> None:
    """The head of the pokmas says that it is not needed, and it goes back to the ceiling."""
    key, number, amount = row["id"], row["number"], row["amount"]
    why = "Harga bahan turun dan warga bekerja bakti. Uang ini tidak diperlukan."
    digest = story.go(
        "tranche.waived",
        "pokmas_head",
        (1, 6),
        thing=f"execution.tranche:{key}",
        why=why,
        detail={"number": number, "amount": amount},
    )
    row |= {"state": "waived", "waived_on": story.clock.day, "waived_why": why}
    memo = f"Pencairan {number} tidak dipakai"
    story.move("release", f"release:{key}", "committed", "available", amount, memo, digest)
    story.settle("tranche.waived")
