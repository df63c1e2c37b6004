"""A whole proposal held against the book: shares, forbidden things, caps, duties, prices. No tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from rembug.core.rupiah import show
from rembug.planning.rules import CostLine, quote_count
from rembug.programs.rulebook import RuleBook
from rembug.programs.rules import (
    Line,
    Remark,
    ShareState,
    cap_faults,
    composition,
    composition_faults,
    item_faults,
    mandatory_faults,
    names,
    price_state,
)


@dataclass(frozen=True)
class ActivityFacts:
    """An activity as the book sees it. `papers` are the codes attached, `pk` 0 while unsaved."""

    pk: int
    name: str
    field: str
    kind: str
    lines: tuple[CostLine, ...]
    papers: frozenset[str] = frozenset()
    listed: bool = True

    @property
    def cost(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Finding:
    """One sentence about a proposal, and the activity it belongs to (0: the whole)."""

    sentence: str
    blocking: bool
    activity: int = 0


@dataclass(frozen=True)
class Review:
    """How a proposal stands now. Amounts in rupiah."""

    ceiling: int
    available: int
    total: int
    shares: list[ShareState]
    findings: list[Finding] = field(default_factory=list)

    @property
    def blocking(self) -> list[Finding]:
        return [one for one in self.findings if one.blocking]

    @property
    def advice(self) -> list[Finding]:
        return [one for one in self.findings if not one.blocking]

    @property
    def left(self) -> int:
        return self.available - self.total

    @property
    def scale(self) -> int:
        """The amount at the right end of the bars, the same for all."""
        tops = [max(one.amount, one.most if one.high is not None else 0) for one in self.shares]
        return max([*tops, self.ceiling // 2, 1])

    @property
    def mix(self) -> list[tuple[str, str, int]]:
        """Icon, title and amount of each field that has money, for the drawn division."""
        return [
            (one.icon, one.title, one.amount)
            for one in self.shares
            if len(one.fields) == 1 and one.amount
        ]

    @property
    def sums(self) -> str:
        """The total beside the ceiling, short enough for one line of a phone."""
        return _("%(total)s dari %(ceiling)s") % {
            "total": show(self.total),
            "ceiling": show(self.ceiling),
        }

    @property
    def verdict(self) -> str:
        """Whether it could be sent as it is; one line as well."""
        if self.blocking:
            return _("%d hal menghalangi kiriman.") % len(self.blocking)
        return _("Tidak ada yang menghalangi kiriman.")


def judge(
    book: RuleBook,
    *,
    ceiling: int,
    available: int,
    activities: Sequence[ActivityFacts],
    statements: Collection[str] = (),
) -> Review:
    """Everything the book says about these activities together, blocking first.

    `ceiling` is what shares are counted from, `available` what may still be reserved; `statements`
    are codes of papers that lift a duty.
    """
    amounts: dict[str, int] = defaultdict(int)
    for one in activities:
        amounts[one.field] += one.cost
    findings = [finding for one in activities for finding in activity_findings(book, one)]
    findings += _of_all(cap_faults(book, _entries(book, activities, "caps")))
    duties = _entries(book, activities, "mandatory")
    findings += _of_all(mandatory_faults(book, duties, statements))
    findings += _of_all(composition_faults(book, ceiling, amounts, statements))
    return Review(
        ceiling=ceiling,
        available=available,
        total=sum(amounts.values()),
        shares=composition(book, ceiling, amounts, statements),
        findings=_sorted(findings),
    )


def activity_findings(book: RuleBook, activity: ActivityFacts) -> list[Finding]:
    """What the book says about one activity: its kind and papers, its words, its prices."""
    found = _worded(
        activity,
        activity.name,
        # Caps look at cost lines, so the activity itself counts for nothing here.
        item_faults(
            book, activity.field, activity.name, 0, item=activity.kind, papers=activity.papers
        ),
    )
    for line in activity.lines:
        remarks = item_faults(
            book,
            activity.field,
            line.name,
            line.amount,
            count=line.pieces,
            price=line.price,
            item=activity.kind,
        )
        found += _worded(activity, line.name, remarks)
        found += price_findings(book, activity, line)
    return found


def price_findings(book: RuleBook, activity: ActivityFacts, line: CostLine) -> list[Finding]:
    """The unit price of a line against the standard: blocked, advised or silent."""
    state, sentence = price_state(book, line.price, line.standard, quote_count(line.quotes))
    if state == "ok":
        return []
    blocking = state in ("above", "quotes")
    return [Finding(f"{line.name}: {sentence}", blocking, activity.pk)]


def _worded(activity: ActivityFacts, name: str, remarks: Iterable[Remark]) -> list[Finding]:
    return [Finding(f"{name}: {one.sentence}", one.blocking, activity.pk) for one in remarks]


def _of_all(remarks: Iterable[Remark]) -> list[Finding]:
    return [Finding(one.sentence, one.blocking) for one in remarks]


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    """Blocking first, each sentence once."""
    once = {finding.sentence: finding for finding in findings}
    return sorted(once.values(), key=lambda one: not one.blocking)


def _entries(book: RuleBook, activities: Iterable[ActivityFacts], what: str) -> list[Line]:
    """What caps and duties count: the cost lines that carry a word of the rule, else the activity.

    A duty is fulfilled by an activity as a whole; a cap counts pieces, which only lines know.
    """
    words = [word for rule in getattr(book, what) for word in rule.words]
    entries = []
    for one in activities:
        whole = Line(one.field, one.name, one.cost, item=one.kind)
        lines = [
            Line(one.field, line.name, line.amount, line.pieces, line.price, one.kind)
            for line in one.lines
            if names(words, line.name)
        ]
        named = names(words, one.name)
        if what == "mandatory":
            entries += [whole] if named else lines
        else:
            entries += lines or ([whole] if named else [])
    return entries
