"""From contract to closing: one funded activity, told step by step until today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from rembug.core.calendar import is_working_day
from rembug.core.rupiah import show
from rembug.demo import building, paying, spending
from rembug.demo.album import Files
from rembug.demo.clock import Clock
from rembug.demo.desks import Desks
from rembug.demo.ends import IN_YEAR, INNER, Paused, YearOver, end_year
from rembug.demo.planning import Funded, Year
from rembug.demo.town import Group
from rembug.demo.voices import comment
from rembug.execution.services.standing import Standing
from rembug.ledger.rules import ACCOUNTS
from rembug.ledger.services import Draft, Line
from rembug.programs.phases import phase_flag
from rembug.programs.rules import tranche_amounts

Who = tuple[int, int]
# How many days the pokmas has for a work.
TERMS = (150, 165, 180, 210)


class WorkStory:
    """One work. Rows of its tables are kept as dictionaries until the story pauses or ends."""

    def __init__(self, year: Year, funded: Funded, files: Files, rng: Random):
        self.y, self.f, self.files, self.rng, self.t = year, funded, files, rng, year.tables
        groups = year.town.groups[funded.unit.above("kelurahan")]
        self.group: Group = groups[int(funded.unit.rt_number) % len(groups)]
        # Years gone by are nearly all finished; in the running year some works stand still.
        stuck = 0.003 if year.of.year == year.now.year else 0.0001
        opened = funded.budgeted_at
        self.clock = Clock(rng, year.zone, year.now, opened, stuck, closed=year.holidays)
        self.key = year.tables.rows["work"].next
        self.percent, self.stage, self.cash, self.tax, self.returned = -1, "budgeted", 0, 0, 0
        self.tranches: list[dict] = []
        self.reports: list[dict] = []
        self.receipts: list[dict] = []
        self.work: dict | None = None
        self.standing: Standing | None = None
        self.points: list[tuple[int, float | None, float | None]] = []
        self.line_left = [line["amount"] for line in funded.wish.lines]
        self.crew = rng.randint(2, 5)
        # A few are late, and say so.
        self.late = rng.random() < 0.04
        # When what the public sees changed last.
        self.changed_at: datetime = opened
        self.desks = Desks(self)

    def run(self) -> None:
        """Tell it; then write the rows and put on the desks what waits."""
        try:
            self.contract()
            for rule, row in zip(self.y.book.tranches, self.tranches, strict=True):
                building.reports_before(self, rule)
                if "handed_over" in rule.gates:
                    building.hand_over(self)
                if paying.cheaper(self, row):
                    building.report_until(self, 100)
                    paying.waive(self, row)
                    break
                paying.pay(self, row)
                spending.spend(self, row)
                spending.account(self, row)
            building.report_until(self, 100)
            building.hand_over(self)
            self.close()
        except YearOver:
            end_year(self)
        except Paused:
            pass
        self.write()

    # ---- small parts ---------------------------------------------------------------------------

    @property
    def physical(self) -> bool:
        return self.y.book.is_physical(self.f.wish.kind)

    def seat(self, role: str) -> Who:
        if role.startswith("pokmas_"):
            return self.group.seats[role]
        return self.y.town.seat(role, self.f.unit)

    def go(
        self,
        done: str,
        role: str,
        span: tuple[int, int],
        *,
        thing: str = "",
        after: date | None = None,
        phase: str = "",
        dated: bool = False,
        **told: object,
    ) -> str:
        """One step, recorded: some days after the last one, not before `after`. Raises Paused.

        Its changes come next, then `settle`. `phase`: the window of the calendar it belongs to;
        `dated`: a paper bears the day.
        """
        opened = self.clock.at
        vacant = self.y.town.vacant.get((role, self.y.town.at(role, self.f.unit).pk))
        if not self.clock.step(*span, after=after) or (vacant and self.clock.day > vacant):
            raise Paused
        if done in IN_YEAR and self.clock.day.year > self.y.of.year:
            self.clock.at = opened
            raise YearOver
        who = self.done = self.seat(role)
        detail = dict(told.pop("detail", None) or {})  # type: ignore[call-overload]
        if dated:
            detail["on"] = self.clock.day.isoformat()
        if phase:
            detail |= phase_flag(self.y.book, phase, self.y.of.year, self.clock.at)
        return self.record(who, done, thing or f"execution.work:{self.key}", detail=detail, **told)

    def show(self, stage: str) -> None:
        """The stage everybody sees changes now."""
        self.stage, self.changed_at = stage, self.clock.at

    def settle(self, done: str) -> None:
        """Bring the desks in line after a step, as its act does."""
        self.desks.settle(self.done[0], done.split(".")[1])

    def record(self, who: Who, act: str, thing: str, **told: object) -> str:
        return self.t.record.add(
            who[0],
            act,
            thing,
            self.clock.at,
            office=who[1],
            about=f"activity:{self.f.key}",
            unit=self.f.unit.pk,
            rule=self.y.of.rule,
            salt=f"{self.rng.getrandbits(128):032x}",
            **told,  # type: ignore[arg-type]
        )

    def book(
        self, kind: str, key: str, lines: list[tuple[str, int, int]], memo: str, digest: str = ""
    ) -> None:
        rt, subject = self.f.unit.pk, self.f.key
        self.y.drafts.append(
            Draft(
                kind,
                [
                    Line(
                        account, rt, subject if ACCOUNTS[account].by_activity else 0, debit, credit
                    )
                    for account, debit, credit in lines
                ],
                memo,
                self.clock.day,
                key,
                digest,
            )
        )

    def move(
        self, kind: str, key: str, source: str, target: str, amount: int, memo: str, digest: str
    ) -> None:
        self.book(kind, key, [(target, amount, 0), (source, 0, amount)], memo, digest)

    # ---- the contract --------------------------------------------------------------------------

    def contract(self) -> None:
        """Prepared, signed, approved, in the window of the calendar; some after it, and flagged."""
        y, number = self.y, f"027/{self.f.key:06d}/{self.y.of.year}"
        first, last = y.window("contract", (date(y.of.year, 1, 15), date(y.of.year, 4, 30)))
        room = max((last - first).days - 14, 1)
        start = first + timedelta(days=self.rng.randint(0, room))
        if self.rng.random() < 0.03:
            start = last + timedelta(days=self.rng.randint(3, 20))
        value, works = self.f.wish.cost, self.t.rows["work"]
        points = self.files.places(self)
        detail = {"contract": number, "value": value, "points": len(points)}
        assert works.next == self.key
        self.go("contract.prepared", "ekbang", (0, 6), after=start, phase="contract", detail=detail)
        starts, ends = self._term()
        self.work = {
            "activity_id": self.f.key,
            "unit_id": self.f.unit.pk,
            "pokmas_id": self.group.key,
            "rule_set_id": y.of.rule_set_id,
            "state": "ready",
            "contract_no": number,
            "contract_on": self.clock.day,
            "value": value,
            "starts_on": starts,
            "ends_on": ends,
        }
        self.points = self.files.points(self, points)
        self.settle("contract.prepared")
        self.go("contract.signed", "pokmas_head", (1, 4), detail={"value": value})
        self.work["state"] = "signed"
        self.settle("contract.signed")
        self._approved(value, f"Kontrak {number}")

    def _approved(self, value: int, memo: str) -> None:
        assert self.work is not None
        amounts = tranche_amounts(self.y.book, value)
        papers = sorted(self.y.book.required.contract)
        digest = self.go(
            "contract.approved",
            "lurah",
            (1, 3),
            dated=True,
            detail={"tranches": amounts, "papers": papers},
        )
        self.work["state"] = "running"
        self.show("contracted")
        self.work["approved_on"] = self.clock.day
        key = f"commit:{self.f.key}"
        self.move("commit", key, "reserved", "committed", value, memo, digest)
        for rule, amount in zip(self.y.book.tranches, amounts, strict=True):
            row = {"work_id": self.key, "number": rule.no, "amount": amount, "state": "planned"}
            # Keys are given out now, because the record and the books name them.
            self.tranches.append({"id": self.t.add("tranche", **row), **row})
        self.settle("contract.approved")

    def _term(self) -> tuple[date, date]:
        """When the work begins, two weeks after its contract, and when it ends, on working days."""
        first = self.clock.day + timedelta(days=14)
        last = first + timedelta(days=self.rng.choice(TERMS))
        _begin, end = self.y.window("final_report", (first, date(self.y.of.year, 11, 30)))
        last = max(min(last, end - timedelta(days=10)), first + timedelta(days=60))
        last = min(last, date(self.y.of.year, 12, 31))
        while not is_working_day(first, self.y.holidays):
            first += timedelta(days=1)
        while last > first and not is_working_day(last, self.y.holidays):
            last -= timedelta(days=1)
        return first, last

    # ---- the end -------------------------------------------------------------------------------

    def close(self) -> None:
        """What is left is returned and seen to arrive; then the lurah closes."""
        assert self.work is not None
        if self.cash:
            self._return()
        detail = {"value": show(self.work["value"]), "returned": self.returned}
        detail |= {"waived": sum(t["amount"] for t in self.tranches if t["state"] == "waived")}
        self.go("work.closed", "lurah", (1, 5), detail=detail)
        self.work |= {"state": "closed", "closed_on": self.clock.day}
        self.show("closed")
        self.settle("work.closed")

    def _return(self) -> None:
        assert self.work is not None
        slip = f"STS/{self.key:06d}/{self.y.of.year}"
        detail = {"amount": self.cash, "slip": slip}
        self.go("money.returned", "pokmas_treasurer", (1, 4), dated=True, detail=detail)
        back = {"return_slip": slip, "returned_on": self.clock.day, "returned_amount": self.cash}
        self.work |= back
        self.settle("money.returned")
        digest = self.go("return.received", "ppk", (1, 4), dated=True, detail=detail)
        self.work["return_received_on"] = self.clock.day
        key = f"return:{self.key}"
        self.move("return", key, "cash_pokmas", "returned", self.cash, f"STS {slip}", digest)
        self.returned, self.cash = self.cash, 0
        self.settle("return.received")

    def write(self) -> None:
        """Rows in their last state, the activity as the public sees it, and what waits now."""
        self.desks.year_over()
        self.desks.end()
        if self.work is None:
            return
        self.t.add("work", **self.work)
        self.t.rows["activity"].change(
            self.f.key, stage=self.stage, percent=self.percent, changed_at=self.changed_at
        )
        for table, rows in (("tranche", self.tranches), ("report", self.reports)):
            for row in rows:
                fresh = {k: v for k, v in row.items() if k != "id" and k not in INNER}
                self.t.rows[table].change(row["id"], **fresh)
        if self.percent >= 0 and self.rng.random() < 0.3:
            comment(self)
