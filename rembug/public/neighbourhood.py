"""Everything the page and the notice-board sheet of an RT show, read in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rembug.core import words
from rembug.execution.models import Report, Tranche
from rembug.execution.rules import TrancheState
from rembug.ledger.models import Balance
from rembug.ledger.rules import Ladder, ladder_of
from rembug.planning.models import Activity, PlanItem
from rembug.planning.rules import PlanState, Stage
from rembug.programs.rulebook import RuleBook
from rembug.programs.rules import composition
from rembug.public import life, years
from rembug.public.life import Reported
from rembug.regions.models import said

ACTIVITY = (
    "id",
    "name",
    "place",
    "volume",
    "field",
    "stage",
    "percent",
    "cost",
    "swadaya_money",
    "swadaya_note",
    "proposal__state",
    "proposal__tier",
    "proposal__program_year__program__name",
    "proposal__program_year__rule_set_id",
    "proposal__program_year__rule_set__digest",
    "proposal__program_year__rule_set__citation",
    "work__id",
    "work__ends_on",
    "work__closed_on",
    "work__hold",
    "work__state",
    "work__pokmas__name",
    "spj_due_on",
    "spj_number",
)


@dataclass
class Books:
    """The money of one RT: its ladder by year, and the ladders of its activities."""

    by_year: dict[int, Ladder] = field(default_factory=dict)
    by_activity: dict[int, Ladder] = field(default_factory=dict)


def books_of(unit_id: int) -> Books:
    """All years at once. One query, over rows of this unit alone."""
    amounts: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Balance.objects.filter(unit=unit_id).values_list(
        "rollup", "fund__year", "subject", "account", "amount"
    )
    for rollup, year, subject, account, amount in rows:
        if rollup:
            amounts["year", year][account] += amount
        elif subject:
            amounts["activity", subject][account] += amount
    found = Books()
    for (kind, key), kinds in amounts.items():
        target = found.by_year if kind == "year" else found.by_activity
        target[key] = ladder_of(kinds)
    return found


def activities_of(unit_id: int, year: int) -> list[dict[str, Any]]:
    """The activities of an RT in a year with their proposal, rules, work and pokmas. One query."""
    open_spj = Tranche.objects.filter(
        city=OuterRef("city_id"),
        work__activity=OuterRef("pk"),
        state__in=[TrancheState.RECEIVED, TrancheState.REPORTED],
    ).order_by("number")
    return list(
        Activity.objects.shown()
        .filter(unit=unit_id, year=year)
        .annotate(
            spj_due_on=Subquery(open_spj.values("spj_due_on")[:1]),
            spj_number=Subquery(open_spj.values("number")[:1]),
        )
        .order_by("rank", "id")
        .values(*ACTIVITY)
    )


def reports_of(unit_id: int, year: int) -> tuple[dict[int, list[Reported]], dict[int, str]]:
    """Reports by work, and the newest accepted picture (hash) of each work. One query.

    Of a report that is not accepted only its percent and desk are kept, never a picture.
    """
    rows = (
        Report.objects.filter(work__activity__unit=unit_id, work__activity__year=year)
        .order_by("id", "-photos__point__label")
        .values_list(
            "work_id",
            "id",
            "percent",
            "state",
            "tier",
            "at",
            "seen_on",
            "accepted_at",
            "photos__file__sha256",
            "photos__file__public",
        )
    )
    reports: dict[int, dict[int, Reported]] = defaultdict(dict)
    pictures: dict[int, str] = {}
    for work, pk, *about, sha, public in rows:
        report = reports[work].setdefault(pk, Reported(pk, *about))
        if report.accepted and sha and public:
            pictures[work] = sha
    return {work: list(found.values()) for work, found in reports.items()}, pictures


def standing_of(row: dict[str, Any]) -> life.Standing:
    return life.Standing(
        stage=row["stage"],
        percent=row["percent"],
        cost=row["cost"],
        proposal_state=row["proposal__state"],
        tier=row["proposal__tier"],
        ends_on=row["work__ends_on"],
        closed_on=row["work__closed_on"],
        hold=row["work__hold"] or "",
        spj_due_on=row["spj_due_on"],
        spj_number=row["spj_number"] or 0,
        work_state=row["work__state"] or "",
    )


def rules_of(rows: Iterable[dict[str, Any]]) -> tuple[RuleBook, str, str] | None:
    """The rule book, the programme and the citation behind a year's activities."""
    first = next(iter(rows), None)
    if first is None:
        return None
    book = years.book_by(
        first["proposal__program_year__rule_set__digest"],
        first["proposal__program_year__rule_set_id"],
    )
    return (
        book,
        first["proposal__program_year__program__name"],
        first["proposal__program_year__rule_set__citation"],
    )


def shares_of(book: RuleBook, ceiling: int, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the share tag takes, field by field, with the range and its article. Budgeted money only."""
    amounts: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["stage"] not in life.PLANNED:
            amounts[row["field"]] += row["cost"]
    states = composition(book, ceiling, amounts) if ceiling else []
    scale = max((max(each.amount, min(each.most, ceiling)) for each in states), default=1)
    return [
        {
            "bid": each.bid,
            "title": said(each.title),
            "amount": each.amount,
            "low": each.least,
            "high": each.most,
            "scale": scale,
            "note": _range(each.state, each.least, each.most, each.article),
            "alone": len(each.fields) == 1,
            "bound": each.state != "free",
        }
        for each in states
    ]


def _range(state: str, least: int, most: int, article: str) -> str:
    """The bracket in words, with the article it follows from."""
    told = {"low": words.millions(least), "high": words.millions(most)}
    if state == "free":
        said = _("tidak dibatasi")
    elif least and least >= most:
        said = _("harus %(low)s") % told
    elif least:
        said = _("boleh %(low)s sampai %(high)s") % told
    else:
        said = _("boleh sampai %(high)s") % told
    return f"{said} · {article}" if article else said


@dataclass(frozen=True)
class Count:
    """How the funded activities of a year stand."""

    funded: int
    done: int
    running: int
    late: int
    planned: int
    latest_days: int


def count_of(rows: Iterable[dict[str, Any]], today: date) -> Count:
    rows = list(rows)
    late = [
        (today - row["work__ends_on"]).days
        for row in rows
        if life.is_late(row["stage"], row["work__ends_on"], today)
    ]
    funded = [row for row in rows if row["stage"] not in life.PLANNED]
    done = sum(row["stage"] in life.FINISHED for row in funded)
    running = sum(row["stage"] in (Stage.CONTRACTED, Stage.RUNNING) for row in funded)
    planned = sum(row["stage"] in (Stage.PLAN, Stage.CHECKED) for row in rows)
    return Count(len(funded), done, running - len(late), len(late), planned, max(late, default=0))


def money_sentence(name: str, year: int, ceiling: int, count: Count, rest: int = 0) -> str:
    """`Tahun 2026 RT 03 mengelola Rp100 juta untuk 11 kegiatan. 7 selesai, 3 berjalan.`

    Where `rest` rupiah are used by no activity, that is said at once.
    """
    told = {"name": name, "year": year, "ceiling": words.rounded(ceiling), "count": count.funded}
    told |= {"used": words.rounded(ceiling - rest), "rest": words.rounded(rest)}
    if not ceiling:
        return _("Tahun %(year)s belum ada pagu untuk %(name)s.") % told
    if not count.funded:
        return (
            _("Tahun %(year)s pagu %(name)s %(ceiling)s. Belum ada kegiatan yang teranggarkan.")
            % told
        )
    if rest > 0:
        sentence = ngettext(
            "Tahun %(year)s pagu %(name)s %(ceiling)s: %(used)s untuk %(count)s kegiatan, "
            "%(rest)s belum dianggarkan.",
            "Tahun %(year)s pagu %(name)s %(ceiling)s: %(used)s untuk %(count)s kegiatan, "
            "%(rest)s belum dianggarkan.",
            count.funded,
        )
    else:
        sentence = ngettext(
            "Tahun %(year)s %(name)s mengelola %(ceiling)s untuk %(count)s kegiatan.",
            "Tahun %(year)s %(name)s mengelola %(ceiling)s untuk %(count)s kegiatan.",
            count.funded,
        )
    parts = []
    if count.done:
        parts.append(_("%(count)s selesai") % {"count": count.done})
    if count.running > 0:
        parts.append(_("%(count)s berjalan") % {"count": count.running})
    rest = count.funded - count.done - max(count.running, 0) - count.late
    if rest > 0:
        parts.append(_("%(count)s menunggu kontrak") % {"count": rest})
    said = sentence % told
    return f"{said} {', '.join(parts)}." if parts else said


def late_words(count: Count) -> str:
    """`1 terlambat, paling lama 6 hari`, or nothing."""
    if not count.late:
        return ""
    told = {"count": count.late, "days": words.days(count.latest_days)}
    return _("%(count)s terlambat, paling lama %(days)s") % told


def list_of(unit_id: int, year: int) -> tuple[list[int], list[tuple[str, list[list[dict]]]]]:
    """The five-year list as a table: its years, and per field the items of each year. One query."""
    items = PlanItem.objects.filter(unit=unit_id).order_by("year", "id")
    rows = list(items.values("year", "field", "title", "state", "reason"))
    known = sorted({row["year"] for row in rows})
    # Five years that hold the shown one; a list that is older or newer is shown as it is.
    run = [each for each in known if each <= year][-3:]
    run += [each for each in known if each > year][: 5 - len(run)]
    table: dict[str, list[list[dict]]] = {}
    for row in rows:
        if row["year"] in run:
            cells = table.setdefault(row["field"], [[] for _year in run])
            cells[run.index(row["year"])].append(row)
    return run, list(table.items())


def deferred(table: list[tuple[str, list[list[dict]]]]) -> list[dict]:
    """What was put off or struck out, with the reason."""
    out = (PlanState.DEFERRED, PlanState.DROPPED)
    return [
        item
        for _field, cells in table
        for cell in cells
        for item in cell
        if item["state"] in out and item["reason"]
    ]
