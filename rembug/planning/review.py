"""A whole proposal held against the book: shares, forbidden things, caps, duties, prices. No tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from rembug.core.rupiah import show
from rembug.planning.rules import CostLine, quote_count
from rembug.programs.kinds import Use, kind_faults, total_faults, use_faults, word_remarks
from rembug.programs.rulebook import RuleBook
from rembug.programs.rules import (
    Remark,
    ShareState,
    cited,
    composition,
    composition_faults,
    price_state,
)


@dataclass(frozen=True)
class ActivityFacts:
    """An activity as the book sees it. `papers` are the codes attached, `pk` 0 while unsaved.

    `number` is how many of what its kind counts, `note` why it is not what its words say.
    """

    pk: int
    name: str
    field: str
    kind: str
    lines: tuple[CostLine, ...]
    papers: frozenset[str] = frozenset()
    listed: bool = True
    number: int = 0
    note: str = ""

    @property
    def cost(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def own(self) -> Use:
        """What goes to the kind of the activity: its cost but for lines of another kind."""
        others = sum(line.amount for line in self.others)
        return Use(self.kind, self.name, self.cost - others, self.number)

    @property
    def others(self) -> list[CostLine]:
        """Cost lines of a kind of their own, such as a camera in a guard post."""
        return [line for line in self.lines if line.kind and line.kind != self.kind]

    @property
    def uses(self) -> list[Use]:
        """Everything that counts for a kind."""
        others = [Use(line.kind, line.name, line.amount, line.pieces) for line in self.others]
        return [self.own, *others] if self.own.amount or not others else others


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
    uses = [use for one in activities for use in one.uses]
    findings += _of_all(total_faults(book, uses, statements))
    findings += [
        Finding(cited(one.sentence, one.article), False) for one in book.reminders if not one.words
    ]
    findings += _of_all(composition_faults(book, ceiling, amounts, statements))
    return Review(
        ceiling=ceiling,
        available=available,
        total=sum(amounts.values()),
        shares=composition(book, ceiling, amounts, statements),
        findings=_sorted(findings),
    )


def activity_findings(book: RuleBook, activity: ActivityFacts) -> list[Finding]:
    """What the book says about one activity: its kind and papers, its words, its lines, its prices."""
    field, note = activity.field, activity.note
    remarks = kind_faults(book, field, activity.kind, note=note, papers=activity.papers)
    remarks += [*use_faults(book, activity.own), *_counted(book, activity)]
    remarks += word_remarks(book, field, activity.name, activity.kind, note)
    found = _worded(activity, activity.name, remarks)
    for line in activity.lines:
        found += _worded(activity, line.name, _line_remarks(book, activity, line))
        found += price_findings(book, activity, line)
    return found


def _line_remarks(book: RuleBook, activity: ActivityFacts, line: CostLine) -> list[Remark]:
    """A cost line of a kind of its own answers for it; every line for its words."""
    remarks = []
    if line.kind and line.kind != activity.kind:
        remarks += kind_faults(book, activity.field, line.kind, note=activity.note)
        remarks += use_faults(book, Use(line.kind, line.name, line.amount, line.pieces))
    kind = line.kind or activity.kind
    return remarks + word_remarks(book, activity.field, line.name, kind, activity.note)


def _counted(book: RuleBook, activity: ActivityFacts) -> list[Remark]:
    """The pieces on lines of the activity's own kind are among those that were told."""
    item = book.item_of.get(activity.kind)
    pieces = sum(line.pieces for line in activity.lines if line.kind == activity.kind)
    if item is None or not item.number or pieces <= activity.number:
        return []
    told = {"pieces": pieces, "what": item.number, "number": activity.number}
    sentence = _("Rincian biaya memuat %(pieces)d %(what)s, jumlahnya ditulis %(number)d. Samakan.")
    return [Remark(sentence % told, True, item.article, item.field)]


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
