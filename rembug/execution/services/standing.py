"""How a work stands: its rulebook, tranches, reports and cash. Reading only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from rembug.core.rupiah import show
from rembug.execution import gates, rules
from rembug.execution.models import Report, Tranche, Work
from rembug.execution.rules import ReportState, TrancheState, WorkState
from rembug.ledger.models import Fund
from rembug.ledger.reading import balances
from rembug.planning.models import Activity
from rembug.programs.models import ProgramYear
from rembug.programs.rulebook import RuleBook
from rembug.programs.rulebook import Tranche as TrancheRule

# Payments that have not left the treasury: a hold or the end of the year can still stop them.
UNPAID = {
    TrancheState.PLANNED,
    TrancheState.REQUESTED,
    TrancheState.BILLED,
    TrancheState.VERIFIED,
    TrancheState.ORDERED,
}
WITH = (
    "unit",
    "city",
    "pokmas",
    "activity__unit",
    "activity__proposal__program_year__rule_set",
    "activity__proposal__program_year__program",
    "activity__proposal__program_year__fund",
)


def moment(at: datetime | None) -> tuple[datetime, date]:
    """The moment an act counts for and its calendar day in the city."""
    now = at or timezone.now()
    return now, timezone.localdate(now)


def locked(work: Work) -> Work:
    """The work as it is now, held until the end of the transaction: acts on one work take turns."""
    rows = Work.objects.select_for_update(of=("self",)).select_related(*WITH)
    return rows.get(city_id=work.city_id, pk=work.pk)


@dataclass
class Standing:
    """Everything that decides what may be done with a work next. Money in rupiah."""

    work: Work
    tranches: list[Tranche]
    reports: list[Report]
    money: dict[str, int] = field(default_factory=dict)
    today: date = field(default_factory=timezone.localdate)

    @property
    def year_over(self) -> bool:
        """Whether the budget year has ended: what is not paid by then is not paid any more."""
        return self.today.year > self.activity.year

    @property
    def must_end(self) -> bool:
        """Whether the year ended over something that was not contracted or not paid."""
        begun = self.work.state not in (WorkState.READY, WorkState.SIGNED, WorkState.CLOSED)
        never = self.work.state in (WorkState.READY, WorkState.SIGNED)
        return self.year_over and (never or begun and bool(self.unpaid))

    @property
    def may_end(self) -> bool:
        """Also what is paid and not finished may be stopped once the year is over."""
        unfinished = self.work.state == WorkState.RUNNING and self.accepted < 100
        return self.must_end or self.year_over and unfinished

    @property
    def till(self) -> str:
        """Where the treasury's payment arrives: at the pokmas, or first at the kelurahan."""
        return "cash_pokmas" if self.book.method == "LS" else "cash_kelurahan"

    @property
    def unpaid(self) -> list[Tranche]:
        """Payments that have not left the treasury and were not given up."""
        return [t for t in self.tranches if t.state in UNPAID]

    @property
    def activity(self) -> Activity:
        return self.work.activity

    @property
    def book(self) -> RuleBook:
        return self.year.rules_by(self.work.rule_set_id).rules

    @property
    def year(self) -> ProgramYear:
        return self.activity.proposal.program_year

    @property
    def physical(self) -> bool:
        """Whether the result is measured at its place; else its event or its papers are shown."""
        return self.book.is_physical(self.activity.kind)

    @property
    def rule(self) -> str:
        return self.year.rule_of(self.year.rules_by(self.work.rule_set_id))

    @property
    def fund(self) -> Fund:
        """The books of the year; a budgeted activity always has them."""
        fund = self.activity.proposal.program_year.fund
        assert fund is not None
        return fund

    @property
    def cash(self) -> int:
        return self.money.get("cash_pokmas", 0)

    @property
    def tax_owed(self) -> int:
        return self.money.get("tax_owed", 0)

    @property
    def accepted(self) -> int:
        """Accepted physical progress in percent, -1 before any."""
        return self.activity.percent

    @cached_property
    def waiting(self) -> Report | None:
        """The report that is being checked."""
        return next((r for r in self.reports if r.state == ReportState.WAITING), None)

    @property
    def last_accepted(self) -> Report | None:
        found = [r for r in self.reports if r.state == ReportState.ACCEPTED]
        return found[-1] if found else None

    @property
    def expected(self) -> int | None:
        """The stage to be reported next; what was refused is reported once more."""
        if not self.renewed:
            return 100
        return rules.next_percent(self.book.reports.percents, self.accepted)

    @property
    def renewed(self) -> bool:
        """Whether a result that the lurah refused was shown anew since; also when none was refused."""
        refused, last = self.work.refused_at, self.last_accepted
        return refused is None or last is not None and last.percent == 100 and last.at > refused

    @property
    def owed_back(self) -> int:
        """Rupiah paid for what was not built, and not returned yet."""
        return max(0, self.work.owed_back - self.money.get("returned", 0))

    @property
    def cut(self) -> int:
        """What is not paid because less was built, so that it went back to the ceiling."""
        return sum(t.cut for t in self.tranches)

    @property
    def open_tranches(self) -> list[int]:
        """Numbers of tranches whose SPJ is not accepted yet."""
        over = {TrancheState.ACCOUNTED, TrancheState.WAIVED}
        return [t.number for t in self.tranches if t.state not in over]

    @property
    def undrawn(self) -> list[int]:
        """Numbers of tranches that nobody has asked for."""
        return [t.number for t in self.tranches if t.state == TrancheState.PLANNED]

    @property
    def waived(self) -> int:
        """What the pokmas did not need, so that it went back to the ceiling."""
        return sum(t.amount for t in self.tranches if t.state == TrancheState.WAIVED)

    @property
    def spending(self) -> Tranche | None:
        """The tranche receipts are kept under: the last one that came in and is not reported yet."""
        open_ = [t for t in self.tranches if t.state == TrancheState.RECEIVED]
        return open_[-1] if open_ else None

    @property
    def hold(self) -> str:
        """Who holds payments back, why, and what to do; empty when nobody does."""
        if not self.work.hold:
            return ""
        told = {"who": self.work.held_as, "why": self.work.hold.rstrip(".")}
        return (
            _("Ditahan oleh %(who)s: %(why)s. Bereskan, lalu minta yang menahan melepasnya.") % told
        )

    @property
    def paid(self) -> int:
        """What has left the city's treasury for this work."""
        states = {
            TrancheState.PAID,
            TrancheState.RECEIVED,
            TrancheState.REPORTED,
            TrancheState.ACCOUNTED,
        }
        return sum(t.amount for t in self.tranches if t.state in states)

    def gates(self, tranche: Tranche) -> list[gates.Gate]:
        """The conditions of a tranche, met or not."""
        before = [t for t in self.tranches if t.number < tranche.number]
        came = {TrancheState.RECEIVED, TrancheState.REPORTED, TrancheState.ACCOUNTED}
        facts = gates.Facts(
            signed=self.work.state not in (WorkState.READY, WorkState.SIGNED),
            account=bool(self.work.pokmas.account_no),
            percent=self.accepted,
            previous_accounted=all(t.state == TrancheState.ACCOUNTED for t in before),
            tax_owed=self.tax_owed,
            hold=self.hold,
            previous_received=all(t.state in came for t in before),
            handed_over=self.work.state in (WorkState.HANDED, WorkState.CLOSED),
            paid_percent=self.book.paid_by(tranche.number),
            ahead_percent=self._rule(tranche).ahead_percent,
            left=self._left(before),
        )
        return gates.gates(self._rule(tranche).gates, facts)

    def _rule(self, tranche: Tranche) -> TrancheRule:
        """What the rulebook says of a payment."""
        # A payment the book does not know waits for all that the last one waits for.
        last = self.book.tranches[-1]
        return next((one for one in self.book.tranches if one.no == tranche.number), last)

    def _left(self, before: list[Tranche]) -> str:
        """What stayed with the pokmas of the payments before, in words."""
        told = _("Sisa %(amount)s pada pokmas: %(why)s")
        return " ".join(
            told % {"amount": show(t.left_amount), "why": t.left_why}
            for t in before[-1:]
            if t.left_amount
        )

    def left_after(self, tranche: Tranche, spent: int) -> int:
        """Rupiah of this payment and those before it that no receipt shows; `spent`: their receipts."""
        came = sum(t.amount for t in self.tranches if t.received_on and t.number <= tranche.number)
        return max(0, came - spent - self.money.get("returned", 0))

    def papers(self, step: str) -> dict[str, str]:
        """Papers (code: title) the rulebook asks for before a step of the money (see `required`)."""
        codes = getattr(self.book.required, step)
        return {code: self.book.paper_of[code].title for code in codes}

    def due_of(self, percent: int) -> date | None:
        """By when a stage should be reported: its share of the contract's term."""
        if not (self.work.starts_on and self.work.ends_on):
            return None
        return rules.interpolate(self.work.starts_on, self.work.ends_on, percent)


def standing(work: Work, today: date | None = None) -> Standing:
    """Read how a work stands on a day (today); the work must come with WITH. Three queries."""
    tranches = list(Tranche.objects.filter(work=work).order_by("number"))
    reports = list(Report.objects.filter(work=work).order_by("id"))
    rows = balances(subjects=[work.activity_id]).values_list("account", "amount")
    money: dict[str, int] = {}
    for account, amount in rows:
        money[account] = money.get(account, 0) + amount
    for tranche in tranches:
        tranche.work = work
    for report in reports:
        report.work = work
    return Standing(work, tranches, reports, money, today or timezone.localdate())
