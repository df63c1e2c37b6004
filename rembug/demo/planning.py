"""From rembug to budget: one RT and one programme year, told step by step until today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rembug.core.calendar import add_working_days, is_working_day
from rembug.core.folding import folded
from rembug.demo.budget import Shop, Wish, shares, wish
from rembug.demo.clock import Clock, moment
from rembug.demo.names import WHY_PROPOSAL_REFUSED, WHY_PROPOSAL_RETURNED
from rembug.demo.tables import Tables
from rembug.demo.town import Town
from rembug.ledger.services import Draft, Line
from rembug.people.rules import seat_of
from rembug.planning.rules import digest, minutes_content
from rembug.programs.models import ProgramYear
from rembug.programs.phases import phase_flag
from rembug.programs.rules import ceiling_for
from rembug.regions.models import Unit

if TYPE_CHECKING:
    from rembug.demo.buying import Market
    from rembug.demo.spending import Trail

TIER_ROLES = {
    "rw": "rw_head",
    "kelurahan": "ekbang",
    "kecamatan": "kecamatan_team",
    "city": "planning_office",
    "technical": "technical_office",
}


@dataclass
class Year:
    """What all RT of a city share in one programme year."""

    tables: Tables
    town: Town
    of: ProgramYear
    shop: Shop
    holidays: set[date]
    zone: ZoneInfo
    now: datetime
    drafts: list[Draft]
    market: Market
    trail: Trail

    @cached_property
    def book(self):
        return self.of.book

    def due(self, opened: datetime, days: int) -> date:
        return add_working_days(opened.date(), days, self.holidays)

    def window(self, phase: str, usual: tuple[date, date]) -> tuple[date, date]:
        """First and last day of a phase in the city's calendar; `usual` where it has none."""
        found = [e.window(self.of.year) for e in self.book.calendar if e.phase == phase]
        return found[-1] if found else usual

    @property
    def ahead(self) -> bool:
        """Whether this year is only being planned."""
        return self.of.year > self.now.year


@dataclass
class Funded:
    """An activity that is in the budget, on its way to a contract."""

    key: int
    unit: Unit
    wish: Wish
    budgeted_at: datetime
    lines: list[int]


class RtYear:
    """One RT in one programme year."""

    def __init__(self, year: Year, rt: Unit, count: int, rng: Random):
        self.y, self.rt, self.rng, self.count = year, rt, rng, count
        self.t = year.tables
        self.head = year.town.seat("rt_head", rt)
        self.secretary = year.town.seat("rt_secretary", rt)
        usual = (date(year.of.year - 1, 6, 1), date(year.of.year - 1, 7, 31))
        self.met_at = self._evening(*year.window("meeting", usual))
        stuck = 0.035 if year.ahead else 0.0
        # Called a week before the evening itself, in the morning.
        called = (self.met_at - timedelta(days=rng.randint(5, 9))).replace(hour=9)
        self.clock = Clock(rng, year.zone, year.now, called, stuck, closed=year.holidays)

    def _evening(self, first: date, last: date) -> datetime:
        """An evening in the window that is no holiday, nor the eve of one."""
        # The window of the proposals begins before that of the meetings ends.
        last = max(first, last - timedelta(days=9))
        while True:
            at = moment(self.rng, self.y.zone, first, last, 19)
            if not {at.date(), at.date() + timedelta(days=1)} & self.y.holidays:
                return at

    def act(self, who: tuple[int, int], act: str, thing: str, about: str, **more) -> str:
        return self.t.record.add(
            who[0],
            act,
            thing,
            self.clock.at,
            office=who[1],
            about=about,
            unit=self.rt.pk,
            rule=self.y.of.rule,
            salt=f"{self.rng.getrandbits(128):032x}",
            **more,
        )

    def run(self) -> list[Funded]:
        """Tell it all; returns the activities that got into the budget."""
        if self.met_at + timedelta(days=2) > self.y.now:
            return []
        book = self.y.book
        self.ceiling = ceiling_for(book, self.rt.households)
        self.wishes = [
            wish(book, one, amount, self.rng, self.y.shop)
            for one, amount in shares(book, self.ceiling, self.count, self.rng)
        ]
        self.meet()
        self.plan_five_years()
        return self.propose()

    def meet(self) -> None:
        """The rembug, its minutes and three signatures."""
        men, women = self.rng.randint(9, 32), self.rng.randint(7, 30)
        points = [
            {
                "rank": n,
                "field": w.field.code,
                "title": w.name,
                "volume": w.volume,
                "cost": w.cost,
                "outcome": "decided",
            }
            for n, w in enumerate(self.wishes, 1)
        ]
        points.append(
            {
                "rank": len(points) + 1,
                "field": self.wishes[0].field.code,
                "title": "Pagar balai RT",
                "volume": "1 unit",
                "cost": 6_500_000,
                "outcome": "deferred",
                "reason": "Tanahnya belum diserahkan. Dibahas lagi tahun depan.",
            }
        )
        told = {
            "year": self.y.of.year,
            "title": f"Rembug warga usulan {self.y.of.year}",
            "place": f"Balai {self.rt.label}",
            "at": self.met_at,
            "agenda": "Memilih kegiatan dan urutannya",
            "men": men,
            "women": women,
            "notes": "Daftar hadir bertanda tangan disimpan sekretaris.",
        }
        sealed = digest(minutes_content(self.rt.code, told, points=points))
        self.meeting = self.t.add(
            "meeting",
            **told,
            unit_id=self.rt.pk,
            state="signed",
            called_by_id=self.head[0],
            minutes_digest=sealed,
            version=4,
        )
        self.decisions = [
            self.t.add("meeting_item", meeting_id=self.meeting, **point) for point in points
        ]
        thing, about = f"planning.meeting:{self.meeting}", f"meeting:{self.meeting}"
        when = {"year": self.y.of.year, "when": self.met_at.astimezone(UTC).isoformat()}
        self.act(self.head, "meeting.called", thing, about, detail=when)
        called, self.clock.at = self.clock.at, self.met_at + timedelta(hours=2)
        came = {"men": men, "women": women, "names": 0, "points": len(points)}
        came |= {"before": "", "after": sealed}
        self.act(self.secretary, "meeting.held", thing, about, detail=came)
        title, path = f"Catat hasil rembug: {told['title']}", f"rembug/{self.meeting}/catat/"
        due, by = self.met_at.date(), self.secretary[0]
        self._desk("meeting.hold", thing, title, path, called, due=due, by=by, outcome="held")
        self._sign(thing, about, sealed)

    def _sign(self, thing: str, about: str, sealed: str) -> None:
        # The two of the RT sign before they go home, the RW over breakfast.
        signers = {
            "rt": (self.head, 10, 25),
            "secretary": (self.secretary, 5, 15),
            "rw": (self.y.town.seat("rw_head", self.rt), 560, 720),
        }
        held, title = self.clock.at, f"Rembug warga usulan {self.y.of.year}"
        for role, (who, soonest, latest) in signers.items():
            self.clock.at += timedelta(minutes=self.rng.randint(soonest, latest))
            seal = {"before": None, "after": sealed}
            self.act(who, f"meeting.signed.{role}", thing, about, detail=seal)
            self._desk(
                f"meeting.sign.{role}",
                thing,
                f"Tanda tangani notulen: {title}",
                f"rembug/{self.meeting}/",
                held,
                by=who[0],
                outcome="signed",
            )
            self.t.add(
                "signature",
                meeting_id=self.meeting,
                role=role,
                person_id=who[0],
                office_id=who[1],
                at=self.clock.at,
                digest=sealed,
            )

    def _desk(
        self,
        act: str,
        thing: str,
        title: str,
        path: str,
        opened: datetime,
        *,
        by: int | None = None,
        outcome: str = "",
        amount: int = 0,
        due: date | None = None,
    ) -> None:
        """A matter on a desk from `opened` on; with an outcome it was closed now."""
        self.t.wait(
            act,
            thing,
            title,
            path,
            opened,
            seat=self.y.town.units[self.rt.above(seat_of(act))].pk,
            about=self.rt.pk,
            amount=amount,
            due=due,
            closed=self.clock.at if outcome else None,
            by=by if outcome else None,
            outcome=outcome,
        )

    def plan_five_years(self) -> None:
        """What was decided goes on the list of the RT."""
        self.plan_items = [
            self.t.add(
                "plan_item",
                unit_id=self.rt.pk,
                year=self.y.of.year,
                field=w.field.code,
                title=w.name,
                volume=w.volume,
                cost=w.cost,
                state="taken",
                meeting_id=self.meeting,
                decision_id=decision,
            )
            for w, decision in zip(self.wishes, self.decisions, strict=False)
        ]
        if self.y.ahead:
            for year in range(self.y.of.year + 1, self.y.of.year + 4):
                one = self.rng.choice([f for f in self.y.book.fields if f.icon != "b-adm"])
                made = wish(self.y.book, one, self.ceiling // 6, self.rng, self.y.shop)
                self.t.add(
                    "plan_item",
                    unit_id=self.rt.pk,
                    year=year,
                    field=one.code,
                    title=made.name,
                    volume=made.volume,
                    cost=made.cost,
                    meeting_id=self.meeting,
                )

    def propose(self) -> list[Funded]:
        """Draft, send, be checked tier by tier, enter the budget."""
        t, rng = self.t, self.rng
        self.proposal = t.rows["proposal"].next
        thing, about = f"planning.proposal:{self.proposal}", f"proposal:{self.proposal}"
        row = {
            "unit_id": self.rt.pk,
            "program_year_id": self.y.of.pk,
            "meeting_id": self.meeting,
            "state": "draft",
            "version": 1,
        }
        started = self.clock.step(1, 4)
        if started:
            self.act(self.head, "proposal.started", thing, about)
        opened, self.path = self.clock.at, f"usulan/{self.proposal}/"
        usual = (date(self.y.of.year - 1, 7, 1), date(self.y.of.year - 1, 8, 15))
        first, _last = self.y.window("proposal", usual)
        if self.clock.step(1, 6, after=first):
            self._submitted(row, thing, about, opened, "Susun")
            self._verified(row, thing, about)
        else:
            self._waits("proposal.submit", thing, opened, f"Susun usulan {self.y.of.year}")
        funded_at = self._budgeted(row, thing, about) if row["state"] == "verified" else None
        t.add("proposal", **row)
        stage = {
            "budgeted": "budgeted",
            "verified": "checked",
            "rejected": "dropped",
            "draft": "draft",
        }.get(row["state"], "plan")
        made = [self._activity(n, w, stage) for n, w in enumerate(self.wishes)]
        if funded_at is None or rng is None:
            return []
        return [
            Funded(key, self.rt, w, funded_at, lines)
            for (key, lines), w in zip(made, self.wishes, strict=True)
        ]

    @property
    def total(self) -> int:
        return sum(w.cost for w in self.wishes)

    def _flag(self, phase: str) -> dict[str, str]:
        return phase_flag(self.y.book, phase, self.y.of.year, self.clock.at)

    def _submitted(self, row: dict, thing: str, about: str, opened: datetime, verb: str) -> None:
        told = {"round": row.get("round", 1), "activities": len(self.wishes), "total": self.total}
        self.act(
            self.head, "proposal.submitted", thing, about, detail=told | self._flag("proposal")
        )
        title, by = f"{verb} usulan {self.y.of.year}", self.head
        self._waits("proposal.submit", thing, opened, title, by=by, outcome="submitted")
        row |= {
            "state": "submitted",
            "tier": self.y.book.proposal_steps[0].key,
            "submitted_at": self.clock.at,
            "submitted_by_id": self.head[0],
        }

    def _verified(self, row: dict, thing: str, about: str) -> None:
        """Through the tiers; sometimes back once, rarely refused for good."""
        usual = (date(self.y.of.year - 1, 7, 15), date(self.y.of.year - 1, 9, 30))
        first, _last = self.y.window("verification", usual)
        title = f"Periksa usulan {self.y.of.year}"
        for tier in self.y.book.proposal_steps:
            row["tier"] = tier.key
            who = self.y.town.seats[TIER_ROLES[tier.key], self._seat(tier.key).pk]
            opened, act = self.clock.at, f"proposal.verify.{tier.key}"
            if not self.clock.step(1, tier.days, after=first):
                self._waits(act, thing, opened, title, days=tier.days)
                return
            fate = self.rng.random()
            told = {"tier": tier.key, "round": row.get("round", 1)}
            if fate < 0.012 or (fate < 0.06 and row.get("round", 1) == 1):
                outcome = "rejected" if fate < 0.004 else "returned"
                reasons = {"rejected": WHY_PROPOSAL_REFUSED, "returned": WHY_PROPOSAL_RETURNED}
                why = self.rng.choice(reasons[outcome])
                self.act(who, f"proposal.{outcome}", thing, about, why=why, detail=told)
                self._waits(act, thing, opened, title, days=tier.days, by=who, outcome=outcome)
                row |= {"state": outcome, "returned_why": why, "tier": ""}
                if outcome == "returned" and self._again(row, thing, about):
                    self._verified(row, thing, about)
                return
            told |= self._flag("verification")
            self.act(who, f"proposal.verified.{tier.key}", thing, about, detail=told)
            self._waits(act, thing, opened, title, days=tier.days, by=who, outcome="passed")
        row |= {"state": "verified", "tier": ""}

    def _again(self, row: dict, thing: str, about: str) -> bool:
        """The RT mends what was sent back and sends it again, to the first desk."""
        opened = self.clock.at
        if not self.clock.step(1, 5):
            self._waits("proposal.submit", thing, opened, f"Perbaiki usulan {self.y.of.year}")
            return False
        row["round"] = row.get("round", 1) + 1
        row["returned_why"] = ""
        self._submitted(row, thing, about, opened, "Perbaiki")
        return True

    def _seat(self, tier: str) -> Unit:
        return self.y.town.at(TIER_ROLES[tier], self.rt)

    def _waits(
        self,
        act: str,
        thing: str,
        opened: datetime,
        title: str,
        *,
        days: int | None = None,
        by: tuple[int, int] | None = None,
        outcome: str = "",
    ) -> None:
        """The desk item of a proposal; those of the RT carry no money yet."""
        page = {"verify": "periksa/", "budget": "dpa/"}.get(act.split(".")[1], "")
        self._desk(
            act,
            thing,
            title,
            self.path + page,
            opened,
            by=by[0] if by else None,
            outcome=outcome,
            amount=0 if act == "proposal.submit" else self.total,
            due=self.y.due(opened, days) if days else None,
        )

    def _budgeted(self, row: dict, thing: str, about: str) -> datetime | None:
        """The DPA of the new year, one for each kelurahan: the money is set apart."""
        who = self.y.town.seats["planning_office", self._seat("city").pk]
        opened, year, village = self.clock.at, self.y.of.year, self.rt.above("kelurahan")
        rng, title = Random(f"{village}-{year}"), f"Catat DPA usulan {year}"
        day = date(year, 1, rng.randint(5, 22))
        while not is_working_day(day, self.y.holidays):
            day += timedelta(days=1)
        dpa = moment(rng, self.y.zone, day, day, 10)
        if dpa > self.y.now:
            self._waits("proposal.budget", thing, opened, title)
            return None
        self.clock.at = max(dpa, opened + timedelta(hours=1))
        number = f"DPA/A.1/{village.rsplit('.', 1)[1]}/{year}"
        told = {"document": number, "on": self.clock.day.isoformat(), "total": self.total}
        self.digest = self.act(who, "proposal.budgeted", thing, about, detail=told)
        self._waits("proposal.budget", thing, opened, title, by=who, outcome="budgeted")
        row |= {"state": "budgeted", "budget_doc": number}
        return self.clock.at

    def _activity(self, n: int, w: Wish, stage: str) -> tuple[int, list[int]]:
        place = f"Gang {w.lane}, {self.rt.label}"
        key = self.t.add(
            "activity",
            proposal_id=self.proposal,
            unit_id=self.rt.pk,
            year=self.y.of.year,
            rank=n + 1,
            field=w.field.code,
            kind=w.kind,
            kind_number=w.number,
            kind_note=w.note,
            name=w.name,
            place=place,
            volume=w.volume,
            cost=w.cost,
            swadaya_money=self.rng.choice((0, 0, 250_000, 500_000)),
            swadaya_note=self.rng.choice(("", "Kerja bakti dua hari Minggu", "Konsumsi warga")),
            plan_item_id=self.plan_items[n],
            stage=stage,
            search=folded(w.name, place),
            changed_at=self.clock.at,
        )
        self._papers(key, w)
        lines = [
            self.t.add(
                "rab",
                activity_id=key,
                position=position,
                group=line["item"].group,
                item_id=line["item"].pk,
                name=line["item"].name,
                measure=line["item"].unit,
                volume_milli=line["milli"],
                price=line["price"],
                standard=line["item"].price,
                amount=line["amount"],
            )
            for position, line in enumerate(w.lines, 1)
        ]
        if stage == "budgeted":
            self._reserve(key, w)
        return key, lines

    def _papers(self, key: int, w: Wish) -> None:
        """What the kind asks for, kept at the kelurahan under a number."""
        item = self.y.book.item_of.get(w.kind)
        for code in item.needs if item else ():
            number = f"590/{key % 900 + 100}/{self.y.of.year}"
            self.t.add("activity_paper", activity_id=key, code=code, number=number)

    def _reserve(self, key: int, w: Wish) -> None:
        rt = self.rt.pk
        self.y.drafts.append(
            Draft(
                "reserve",
                [Line("reserved", rt, key, w.cost, 0), Line("available", rt, 0, 0, w.cost)],
                w.name,
                self.clock.day,
                f"reserve:{key}",
                self.digest,
            )
        )
