"""From contract to closing: one funded activity, told step by step until today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from rembug.demo.album import Files
from rembug.demo.buying import bought
from rembug.demo.clock import Clock
from rembug.demo.ends import IN_YEAR, Paused, YearOver, end_year, standing_of
from rembug.demo.names import NOTES, SHOPS, WHY_HELD, WHY_REPORT_RETURNED, WORKERS
from rembug.demo.planning import Funded, Year
from rembug.demo.town import Group
from rembug.demo.voices import comment
from rembug.execution import volumes
from rembug.execution.services.duties import OFFICE_DAYS, duties_of
from rembug.execution.services.receipts import nota_columns
from rembug.execution.withholding import dues, relevant
from rembug.ledger.rules import ACCOUNTS
from rembug.ledger.services import Draft, Line
from rembug.people.acts import thing_of
from rembug.people.authority import role_title
from rembug.people.rules import seat_of
from rembug.programs.rules import tranche_amounts

Who = tuple[int, int]
REPORT_ROLES = {
    "kelurahan": "ekbang",
    "kecamatan": "kecamatan_team",
    "city": "monitoring_office",
}


class WorkStory:
    """One work. Rows of its tables are kept as dictionaries until the story pauses or ends."""

    def __init__(self, year: Year, funded: Funded, files: Files, rng: Random):
        self.y, self.f, self.files, self.rng, self.t = year, funded, files, rng, year.tables
        groups = year.town.groups[funded.unit.above("kelurahan")]
        self.group: Group = groups[int(funded.unit.rt_number) % len(groups)]
        start = funded.budgeted_at + timedelta(days=rng.randint(8, self._spread()))
        # Years gone by are nearly all finished; in the running year some works stand still.
        stuck = 0.003 if year.of.year == year.now.year else 0.0001
        # Nothing is contracted before the year itself.
        start = max(start, datetime(year.of.year, 1, 2, 9, tzinfo=year.zone))
        self.clock = Clock(rng, year.zone, year.now, start, stuck, closed=year.holidays)
        self.key = year.tables.rows["work"].next
        self.percent, self.stage, self.cash, self.tax = -1, "budgeted", 0, 0
        self.tranches: list[dict] = []
        self.reports: list[dict] = []
        self.work: dict | None = None
        self.points: list[tuple[int, float | None, float | None]] = []
        self.line_left = [line["amount"] for line in funded.wish.lines]

    def _spread(self) -> int:
        """The running year has works in every state; years gone by began early."""
        return 210 if self.y.of.year == self.y.now.year else 80

    def run(self) -> None:
        """Tell it; then write the rows and put on the desks what waits."""
        try:
            self.contract()
            for rule, row in zip(self.y.book.tranches, self.tranches, strict=True):
                self.reports_before(rule)
                if "handed_over" in rule.gates:
                    self.hand_over()
                if self.cheaper(row):
                    self.report_until(100)
                    self.waive(row)
                    break
                self.pay(row)
                self.spend(row)
                self.account(row)
            self.report_until(100)
            self.hand_over()
            self.close()
        except YearOver:
            end_year(self)
        except Paused:
            pass
        self.write()

    # ---- small parts ---------------------------------------------------------------------------

    def seat(self, role: str) -> Who:
        if role.startswith("pokmas_"):
            return self.group.seats[role]
        return self.y.town.seat(role, self.f.unit)

    def go(
        self,
        waited: str,
        done: str,
        role: str,
        span: tuple[int, int],
        *,
        thing: str = "",
        title: str = "",
        **told: object,
    ) -> str:
        """One step: it waited on a desk since the last one, and is done now. Raises Paused."""
        opened = self.clock.at
        vacant = self.y.town.vacant.get((role, self.y.town.at(role, self.f.unit).pk))
        if not self.clock.step(*span) or (vacant and self.clock.day > vacant):
            raise Paused
        if done in IN_YEAR and self.clock.day.year > self.y.of.year:
            self.clock.at = opened
            raise YearOver
        who = self.seat(role)
        thing = thing or f"execution.work:{self.key}"
        digest = self.record(who, done, thing, **told)
        kind = seat_of(waited)
        self.t.wait(
            waited,
            thing,
            f"{title or done}: {self.f.wish.name}",
            f"pekerjaan/{self.key}/",
            opened,
            seat=self.y.town.units[self.f.unit.above(kind)].pk,
            about=self.f.unit.pk,
            body=self.group.key if role.startswith("pokmas_") else 0,
            amount=self.f.wish.cost,
            due=self.y.due(opened, OFFICE_DAYS),
            closed=self.clock.at,
            by=who[0],
            outcome=done.split(".", 1)[1][:24],
        )
        return digest

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
            **told,
        )

    def book(
        self, kind: str, key: str, lines: list[tuple[str, int, int]], memo: str, digest=""
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
                memo[:120],
                self.clock.day,
                key,
                digest,
            )
        )

    def move(
        self, kind: str, key: str, source: str, target: str, amount: int, memo: str, digest=""
    ) -> None:
        self.book(kind, key, [(target, amount, 0), (source, 0, amount)], memo, digest)

    # ---- the steps -----------------------------------------------------------------------------

    def contract(self) -> None:
        rng, y = self.rng, self.y
        number = f"027/{self.f.key:06d}/{y.of.year}"
        opened = self.clock.at
        value = self.f.wish.cost
        activity = f"planning.activity:{self.f.key}"
        if opened > y.now:
            self.clock.at = self.f.budgeted_at
            raise Paused
        self.go(
            "contract.prepare",
            "contract.prepared",
            "ekbang",
            (0, 6),
            thing=activity,
            title="Siapkan kontrak",
            detail={"contract": number, "value": value},
        )
        starts = self.clock.day + timedelta(days=7)
        self.work = {
            "activity_id": self.f.key,
            "unit_id": self.f.unit.pk,
            "pokmas_id": self.group.key,
            "state": "ready",
            "contract_no": number,
            "contract_on": self.clock.day,
            "value": value,
            "starts_on": starts,
            "ends_on": min(
                starts + timedelta(days=rng.choice((90, 120, 150))), date(y.of.year, 12, 31)
            ),
        }
        self.points = self.files.points(self)
        self.go(
            "contract.sign", "contract.signed", "pokmas_head", (1, 6), title="Tanda tangani kontrak"
        )
        self.work["state"] = "signed"
        digest = self.go(
            "contract.approve", "contract.approved", "lurah", (1, 4), title="Setujui kontrak"
        )
        self.work["state"], self.stage = "running", "contracted"
        self.work["approved_on"] = self.clock.day
        self.move(
            "commit",
            f"commit:{self.f.key}",
            "reserved",
            "committed",
            value,
            f"Kontrak {number}",
            digest,
        )
        first = self.t.rows["tranche"].next
        self.tranches = [
            {
                "id": first + n,
                "work_id": self.key,
                "number": rule.no,
                "amount": amount,
                "state": "planned",
            }
            for n, (rule, amount) in enumerate(
                zip(y.book.tranches, tranche_amounts(y.book, value), strict=True)
            )
        ]
        for row in self.tranches:
            # Keys are given out now, because the record and the books name them.
            self.t.add("tranche", **{k: v for k, v in row.items() if k != "id"})

    def reports_before(self, rule) -> None:
        """The reports a payment asks for; the first photographs are taken before any money."""
        wanted = [int(g.removeprefix("report_")) for g in rule.gates if g.startswith("report_")]
        self.report_until(max([self.y.book.reports.percents[0], *wanted]))

    def report_until(self, percent: int) -> None:
        for stage in self.y.book.reports.percents:
            if self.percent < stage <= percent:
                self.report(stage)

    def report(self, percent: int, again: bool = False) -> None:
        span = (2, 9) if percent == 0 or again else (14, 45)
        who = self.seat("pokmas_head")
        key = self.t.rows["report"].next
        self.go(
            "report.submit",
            "report.submitted",
            "pokmas_head",
            span,
            title=f"Kirim laporan {percent}%",
            detail={"percent": percent, "report": key},
        )
        steps = self.y.book.report_steps
        row = {
            "id": key,
            "work_id": self.key,
            "percent": percent,
            "seen_on": self.clock.day,
            "note": NOTES.get(percent, NOTES[50]),
            "state": "waiting",
            "tier": steps[0].key,
            "by_id": who[0],
            "at": self.clock.at,
        }
        self.t.add("report", **{k: v for k, v in row.items() if k != "id"})
        self.reports.append(row)
        self.files.photograph(self, row)
        for tier in steps:
            row["tier"] = tier.key
            if tier is steps[0] and not again and self.rng.random() < 0.05:
                self._returned(row, tier)
                return self.report(percent, again=True)
            self.go(
                f"report.verify.{tier.key}",
                f"report.verified.{tier.key}",
                REPORT_ROLES[tier.key],
                (0, tier.days + 2),
                thing=f"execution.report:{key}",
                title=f"Periksa laporan {percent}%",
                detail={"percent": percent},
            )
        row |= {"state": "accepted", "tier": "", "accepted_at": self.clock.at}
        self.percent = percent
        self.stage = {"contracted": "running"}.get(self.stage, self.stage)
        if percent == 100:
            self.stage = "done"
        return None

    def _returned(self, row: dict, tier) -> None:
        why = self.rng.choice(WHY_REPORT_RETURNED)
        self.go(
            f"report.verify.{tier.key}",
            "report.returned",
            REPORT_ROLES[tier.key],
            (0, tier.days),
            thing=f"execution.report:{row['id']}",
            title=f"Periksa laporan {row['percent']}%",
            why=why,
        )
        row |= {"state": "returned", "tier": "", "back_why": why}

    def held(self) -> None:
        """Money is held back until something is mended; some of it still is today."""
        role, why = self.rng.choice(WHY_HELD)
        place = self.y.town.at(role, self.f.unit)
        if (role, place.pk) in self.y.town.vacant or not self.clock.step(0, 2):
            return
        self.record(self.seat(role), "work.held", f"execution.work:{self.key}", why=why)
        by = f"{role_title(role, self.y.of.city)}, {place.label}"
        hold = {"hold": why, "hold_tier": place.kind, "held_as": by, "held_on": self.clock.day}
        self.work |= hold  # type: ignore[operator]
        act, told = f"work.release.{place.kind}", "Sudah diperiksa di lapangan dan dibereskan."
        self.go(act, "work.released", role, (4, 30), title="Lepas penahanan", why=told)
        self.work |= dict.fromkeys(hold, "") | {"held_on": None}  # type: ignore[operator]

    def pay(self, row: dict) -> None:
        """Five offices, one after the other, then the bank."""
        n, amount, key = row["number"], row["amount"], row["id"]
        if self.rng.random() < 0.02:
            self.held()
        thing, code = f"execution.tranche:{key}", f"{key:06d}/{self.y.of.year}"
        detail = {"number": n, "amount": amount}

        def step(
            act: str, done: str, role: str, span: tuple[int, int], state: str, **changes
        ) -> str:
            digest = self.go(
                act, done, role, span, thing=thing, title=f"Pencairan {n}", detail=detail
            )
            row.update(state=state, **changes)
            return digest

        step("tranche.request", "tranche.requested", "pokmas_treasurer", (0, 4), "requested")
        row["requested_on"] = self.clock.day
        step("tranche.bill", "tranche.billed", "treasurer", (0, 3), "billed", spp_no=f"SPP/{code}")
        row["billed_on"] = self.clock.day
        step("tranche.verify", "tranche.verified", "ppk", (0, 4), "verified")
        digest = step(
            "tranche.order", "tranche.ordered", "lurah", (0, 3), "ordered", spm_no=f"SPM/{code}"
        )
        row["ordered_on"] = self.clock.day
        self.move("order", f"order:{key}", "committed", "ordered", amount, f"SPM/{code}", digest)
        digest = step(
            "tranche.pay", "tranche.paid", "finance_office", (1, 6), "paid", sp2d_no=f"SP2D/{code}"
        )
        row["paid_on"] = self.clock.day
        direct = self.y.book.method == "LS"
        till = "cash_pokmas" if direct else "cash_kelurahan"
        self.move("pay", f"pay:{key}", "ordered", till, amount, f"SP2D/{code}", digest)
        digest = step("tranche.confirm", "tranche.received", "pokmas_treasurer", (0, 3), "received")
        row["received_on"] = self.clock.day
        row["spj_due_on"] = self.y.due(self.clock.at, self.y.book.spj_days)
        if not direct:
            self.move(
                "receive", f"receive:{key}", till, "cash_pokmas", amount, "Diterima pokmas", digest
            )
        self.cash += amount
        self.stage = "running" if self.stage == "contracted" else self.stage

    def cheaper(self, row: dict) -> bool:
        """A few works are done without their last payment."""
        return row is self.tranches[-1] is not self.tranches[0] and self.key % 40 == 7

    def waive(self, row: dict) -> None:
        """The head of the pokmas says that it is not needed, and it goes back to the ceiling."""
        key, number, amount = row["id"], row["number"], row["amount"]
        why = "Harga bahan turun dan warga bekerja bakti. Uang ini tidak diperlukan."
        digest = self.go(
            "tranche.request",
            "tranche.waived",
            "pokmas_head",
            (1, 6),
            thing=f"execution.tranche:{key}",
            title=f"Pencairan {number}",
            why=why,
            detail={"number": number, "amount": amount},
        )
        row |= {"state": "waived", "waived_on": self.clock.day, "waived_why": why}
        memo = f"Pencairan {number} tidak dipakai"
        self.move("release", f"release:{key}", "committed", "available", amount, memo, digest)

    def spend(self, row: dict) -> None:
        """Buy line by line until the money of this payment is used; the last one bargains a little."""
        row["spent"] = 0
        last = row is self.tranches[-1]
        for n, left in enumerate(self.line_left):
            amount = min(left, self.cash - self.tax)
            if amount < 1000:
                continue
            if not self.clock.step(1, 7):
                raise Paused
            self.line_left[n] -= amount
            if last and self.rng.random() < 0.4:
                amount = amount * self.rng.randint(970, 999) // 1000 // 500 * 500 or amount
            self._receipt(row, n, amount)
        if self.tax:
            self._deposit()

    def _receipt(self, row: dict, n: int, amount: int) -> None:
        line = self.f.wish.lines[n]
        group, who = line["item"].group, self.seat("pokmas_treasurer")
        book, day = self.y.book, self.clock.day
        nota = relevant(book, day, bought(book, group, amount))
        due = dues(book, day, nota)
        tax = sum(one.amount for one in due)
        shops = SHOPS[self.f.wish.field.icon]
        key = self.t.add(
            "receipt",
            work_id=self.key,
            tranche_id=row["id"],
            line_id=self.f.lines[n],
            supplier=self.rng.choice(WORKERS if group in ("upah", "jasa") else shops),
            what=line["item"].name,
            paid_on=self.clock.day,
            amount=amount,
            tax=tax,
            tax_due=tax,
            **nota_columns(nota, due),
            file_id=self.files.receipt(self.rng),
            by_id=who[0],
        )
        row.setdefault("receipts", []).append(key)
        row["spent"] += amount
        digest = self.record(
            who, "receipt.added", f"execution.receipt:{key}", detail={"amount": amount, "tax": tax}
        )
        lines = [("spent", amount, 0), ("cash_pokmas", 0, amount - tax)]
        if tax:
            lines.append(("tax_owed", 0, tax))
        self.book("spend", f"spend:{key}", lines, f"Kuitansi {line['item'].name}", digest)
        self.cash -= amount - tax
        self.tax += tax

    def _deposit(self) -> None:
        self.clock.step(1, 2)
        if self.clock.stopped:
            raise Paused
        who = self.seat("pokmas_treasurer")
        ntpn = f"{self.rng.getrandbits(64):016X}"
        key = self.t.add(
            "tax",
            work_id=self.key,
            amount=self.tax,
            ntpn=ntpn,
            paid_on=self.clock.day,
            by_id=who[0],
        )
        digest = self.record(
            who, "tax.deposited", f"execution.taxdeposit:{key}", detail={"amount": self.tax}
        )
        self.move("tax", f"tax:{key}", "cash_pokmas", "tax_owed", self.tax, f"NTPN {ntpn}", digest)
        self.cash -= self.tax
        self.tax = 0

    def account(self, row: dict) -> None:
        thing = f"execution.tranche:{row['id']}"
        title = f"SPJ pencairan {row['number']}"
        self.go(
            "spj.submit", "spj.submitted", "pokmas_treasurer", (2, 18), thing=thing, title=title
        )
        row |= {"state": "reported", "reported_on": self.clock.day}
        self._receipts(row, "submitted")
        digest = self.go("spj.verify", "spj.accepted", "ppk", (1, 9), thing=thing, title=title)
        row |= {"state": "accounted", "accounted_on": self.clock.day}
        if left := self.cash - self.tax:
            last = row is self.tranches[-1]
            row |= {"left_amount": left, "left_why": "" if last else "Untuk belanja berikutnya."}
        self._receipts(row, "accepted")
        if row["spent"]:
            self.move(
                "account", f"account:{row['id']}", "spent", "accounted", row["spent"], title, digest
            )

    def _receipts(self, row: dict, state: str) -> None:
        for key in row.get("receipts", ()):
            self.t.rows["receipt"].change(key, state=state)

    def hand_over(self) -> None:
        assert self.work is not None
        if self.work["state"] == "handed":
            return
        number, built = f"{self.key:06d}/{self.y.of.year}", volumes.read(self.f.wish.volume)
        self.go(
            "work.inspect", "work.inspected", "pokmas_supervisor", (1, 6), title="Periksa hasil"
        )
        self.work |= {
            "state": "inspected",
            "inspected_on": self.clock.day,
            "inspection_no": f"BAHP/{number}",
            "measured": self.f.wish.volume,
            "measured_milli": built and built.milli,
            "measured_unit": built.unit if built else "",
        }
        self.go("work.offer", "work.offered", "pokmas_head", (0, 4), title="Serahkan hasil")
        self.work["state"] = "offered"
        self.go("work.receive", "work.received", "lurah", (1, 6), title="Terima hasil")
        self.work |= {
            "state": "handed",
            "handed_on": self.clock.day,
            "handover_no": f"BAST/{number}",
        }

    def close(self) -> None:
        assert self.work is not None
        if self.cash:
            slip = f"STS/{self.key:06d}/{self.y.of.year}"
            self.go(
                "money.return",
                "money.returned",
                "pokmas_treasurer",
                (1, 6),
                title="Kembalikan sisa",
            )
            self.work |= {
                "return_slip": slip,
                "returned_on": self.clock.day,
                "returned_amount": self.cash,
            }
            digest = self.go(
                "money.receive_return", "return.received", "ppk", (1, 4), title="Periksa setoran"
            )
            self.work["return_received_on"] = self.clock.day
            self.move(
                "return", f"return:{self.key}", "cash_pokmas", "returned", self.cash, slip, digest
            )
            self.cash = 0
        self.go("work.close", "work.closed", "lurah", (1, 5), title="Tutup pekerjaan")
        self.work |= {"state": "closed", "closed_on": self.clock.day}
        self.stage = "closed"

    # ---- the end -------------------------------------------------------------------------------

    def write(self) -> None:
        """Rows in their last state, the activity as the public sees it, and what waits now."""
        if self.work is None:
            return self._not_prepared()
        self.t.add("work", **self.work)
        self.t.rows["activity"].change(
            self.f.key, stage=self.stage, percent=self.percent, changed_at=self.clock.at
        )
        for table, rows in (("tranche", self.tranches), ("report", self.reports)):
            for row in rows:
                fresh = {k: v for k, v in row.items() if k not in ("id", "spent", "receipts")}
                self.t.rows[table].change(row["id"], **fresh)
        if self.percent >= 0 and self.rng.random() < 0.3:
            comment(self)
        if self.stage != "closed":
            self._waits(self.clock.at)
        return None

    def _not_prepared(self) -> None:
        self.t.wait(
            "contract.prepare",
            f"planning.activity:{self.f.key}",
            f"Siapkan kontrak: {self.f.wish.name}",
            f"pekerjaan/siapkan/{self.f.key}/",
            self.f.budgeted_at,
            seat=self.y.town.at("ekbang", self.f.unit).pk,
            about=self.f.unit.pk,
            amount=self.f.wish.cost,
            due=self.y.due(self.f.budgeted_at, 10),
        )

    def _waits(self, since: datetime) -> None:
        """The same question the acts ask: what waits, given how the work stands?"""
        for duty in duties_of(standing_of(self)):
            self.t.wait(
                duty.act,
                thing_of(duty.thing),
                duty.title,
                duty.path,
                since,
                seat=self.y.town.units[self.f.unit.above(seat_of(duty.act))].pk,
                about=self.f.unit.pk,
                body=self.group.key if duty.own else 0,
                amount=duty.amount,
                due=duty.due or (self.y.due(since, duty.days) if duty.days else None),
            )
