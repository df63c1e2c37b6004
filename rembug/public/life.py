"""The life of an activity in words and marks: chip, steps and one sentence. Plain values in, words out.

A plan is never dressed as money: its chip says Rencana, its steps and ladder are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core import words
from rembug.core.rupiah import show
from rembug.execution.rules import ReportState, WorkState
from rembug.people.rules import ROLE_SEATS
from rembug.planning.rules import UNFUNDED, ProposalState, Stage
from rembug.programs.rulebook import RuleBook, Step
from rembug.regions.models import said

PLANNED = UNFUNDED
# What was asked for and will not be done.
GONE = frozenset({Stage.DROPPED, Stage.WITHDRAWN})
FINISHED = frozenset({Stage.DONE, Stage.CLOSED})
TIERS = {
    "rw": gettext_lazy("RW"),
    "kelurahan": gettext_lazy("kelurahan"),
    "kecamatan": gettext_lazy("kecamatan"),
    "city": gettext_lazy("kota"),
    "technical": gettext_lazy("OPD teknis"),
}


@dataclass(frozen=True)
class Names:
    """What this city calls its offices and the desks of its rule book, in the middle of a sentence.

    `titles` are the city's own names of roles, as far as it has given any.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    proposal_steps: Sequence[Step] = ()
    report_steps: Sequence[Step] = ()

    @classmethod
    def of(cls, titles: Mapping[str, str], book: RuleBook | None) -> Names:
        return cls(titles, book.proposal_steps, book.report_steps) if book else cls(titles)

    def office(self, role: str) -> str:
        own = self.titles.get(role)
        return said(own) if own else str(ROLE_SEATS[role][1])

    def proposal_desk(self, key: str) -> str:
        return _desk(self.proposal_steps, key)

    def report_desk(self, key: str) -> str:
        return _desk(self.report_steps, key)


def _desk(steps: Iterable[Step], key: str) -> str:
    own = next((one.title for one in steps if one.key == key), "")
    return said(own) if own else str(TIERS.get(key, key))


PLAIN = Names()


@dataclass(frozen=True)
class Reported:
    """One report as the public may know it; `tier` is the desk it waits at."""

    id: int
    percent: int
    state: str
    tier: str
    at: datetime
    seen_on: date
    accepted_at: datetime | None
    note: str = ""

    @property
    def accepted(self) -> bool:
        return self.state == ReportState.ACCEPTED


def days_over(stage: str, ends_on: date | None, ended_on: date | None) -> int:
    """How many days after its last day a finished work was done; 0 in time, or when nobody knows."""
    if stage not in FINISHED or ends_on is None or ended_on is None:
        return 0
    return max(0, (ended_on - ends_on).days)


def ended(reports: Iterable[Reported], percent: int) -> date | None:
    """The day on which a work was seen finished: that of its last accepted report."""
    days = [one.seen_on for one in reports if one.accepted and one.percent == percent]
    return max(days, default=None)


def is_late(stage: str, ends_on: date | None, today: date) -> bool:
    """Work under way past the last day of its contract."""
    running = stage in (Stage.CONTRACTED, Stage.RUNNING)
    return running and ends_on is not None and ends_on < today


def chip(
    stage: str, percent: int, late: bool = False, waiting: bool = False, over: int = 0
) -> tuple[str, str, str]:
    """(state, words, icon) of the mark an activity wears in every list. `over`: days it ended late."""
    if stage == Stage.PLAN:
        return "idle", _("Rencana"), "pencil"
    if stage == Stage.CHECKED:
        return "idle", _("Rencana, lolos pemeriksaan"), "pencil"
    if stage == Stage.DROPPED:
        return "idle", _("Tidak diterima"), "x"
    if stage == Stage.WITHDRAWN:
        return "idle", _("Ditarik"), "undo"
    if stage == Stage.BUDGETED:
        return "info", _("Teranggarkan"), ""
    if stage in FINISHED and over:
        return "wait", _("Selesai, terlambat %(days)s") % {"days": words.days(over)}, "check"
    if stage == Stage.DONE:
        return "ok", _("Selesai"), ""
    if stage == Stage.CLOSED:
        return "ok", _("Selesai, ditutup"), ""
    if late:
        return "late", _("Terlambat"), ""
    if waiting:
        return "wait", _("Sedang dicek"), ""
    if stage == Stage.CONTRACTED:
        return "info", _("Dikontrak"), ""
    return "info", _("Berjalan %(percent)s%%") % {"percent": max(percent, 0)}, ""


def day_and_month(day: date) -> str:
    """`12 Sep`, where the year is known from the page."""
    return f"{day.day} {words.SHORT_MONTHS[day.month - 1]}"


def steps(
    percents: Sequence[int],
    reports: Iterable[Reported],
    ends_on: date | None,
    today: date,
    names: Names = PLAIN,
) -> list[tuple[str, str, str]]:
    """0, 50, 100: what was accepted and when, what is being checked and where, what is due."""
    known = {each.percent: each for each in reports if each.state != ReportState.RETURNED}
    rows: list[tuple[str, str, str]] = []
    told = False
    for percent in percents:
        report = known.get(percent)
        if report and report.accepted:
            rows.append(("done", f"{percent}%", day_and_month(report.seen_on)))
            continue
        if report:
            note = _("dicek %(desk)s") % {"desk": names.report_desk(report.tier)}
            rows.append(("now", f"{percent}%", note))
        elif not told and ends_on and ends_on < today:
            rows.append(("late", f"{percent}%", words.left(ends_on)))
            told = True
        else:
            last = percent == percents[-1] and ends_on
            note = _("batas %(day)s") % {"day": day_and_month(ends_on)} if last else _("belum")
            rows.append(("next", f"{percent}%", note))
    return rows


def waiting_report(reports: Iterable[Reported]) -> Reported | None:
    return next((each for each in reports if each.state == ReportState.WAITING), None)


def proposal_sentence(state: str, tier: str, names: Names = PLAIN) -> str:
    """Where the proposal of a planned activity is."""
    if state == ProposalState.SUBMITTED:
        return _("Usulannya sedang diperiksa %(desk)s.") % {"desk": names.proposal_desk(tier)}
    return {
        ProposalState.DRAFT: _("Usulannya sedang disusun RT."),
        ProposalState.RETURNED: _("Usulannya dikembalikan kepada RT untuk diperbaiki."),
        ProposalState.VERIFIED: _("Usulannya lolos pemeriksaan dan menunggu masuk anggaran (DPA)."),
        ProposalState.REJECTED: _("Usulannya ditolak."),
        ProposalState.BUDGETED: _("Usulannya sudah masuk anggaran (DPA)."),
    }.get(state, "")


@dataclass(frozen=True)
class Standing:
    """What a sentence about an activity must know."""

    stage: str
    percent: int
    cost: int
    proposal_state: str
    tier: str
    ends_on: date | None = None
    closed_on: date | None = None
    hold: str = ""
    spj_due_on: date | None = None
    spj_number: int = 0
    work_state: str = ""


def sentence(now: Standing, reports: Iterable[Reported], today: date, names: Names = PLAIN) -> str:
    """The state of an activity in one to three plain sentences: what is, who must act, until when."""
    if now.stage == Stage.DROPPED:
        return _("Tidak diterima dalam pemeriksaan. Tidak ada uang untuk kegiatan ini.")
    if now.stage == Stage.WITHDRAWN:
        return _("Ditarik RT dari usulannya. Tidak ada uang untuk kegiatan ini.")
    if now.stage in PLANNED:
        return " ".join(
            [
                _("Masih rencana senilai %(cost)s.") % {"cost": show(now.cost)},
                proposal_sentence(now.proposal_state, now.tier, names),
                _("Uangnya belum ada."),
            ]
        )
    return " ".join(part for part in _work_sentences(now, list(reports), today, names) if part)


def _work_sentences(now: Standing, reports: list[Reported], today: date, names: Names) -> list[str]:
    if now.stage == Stage.BUDGETED:
        return [
            _("Sudah teranggarkan %(cost)s.") % {"cost": show(now.cost)},
            _("Menunggu kontrak dengan pokmas."),
        ]
    if now.stage == Stage.CLOSED:
        on = words.short_date(now.closed_on) if now.closed_on else ""
        return [
            _("Selesai dan ditutup %(day)s.") % {"day": on},
            _over(now, reports),
            _("Semua uangnya sudah dipertanggungjawabkan."),
        ]
    parts = [_running(now, reports, today, names)]
    if waits := waiting_report(reports):
        desk = names.report_desk(waits.tier)
        told = {"percent": waits.percent, "desk": desk, "age": words.age(waits.at)}
        parts.append(_("Laporan %(percent)s%% dicek %(desk)s sejak %(age)s lalu.") % told)
    if now.hold:
        parts.append(_("Uangnya ditahan: %(why)s.") % {"why": now.hold.rstrip(".")})
    if now.spj_due_on:
        told = {"number": now.spj_number, "left": words.left(now.spj_due_on)}
        parts.append(_("SPJ pencairan %(number)s belum diterima, batasnya %(left)s.") % told)
    return parts


def _over(now: Standing, reports: Iterable[Reported]) -> str:
    """That a finished work was late, and how much."""
    over = days_over(now.stage, now.ends_on, ended(reports, now.percent))
    return _("Selesainya terlambat %(days)s.") % {"days": words.days(over)} if over else ""


def _after_work(state: str, names: Names) -> str:
    """Who must act once the work itself is done."""
    return {
        WorkState.RUNNING: _("Menunggu pemeriksaan hasil (BAHP) oleh pengawas pokmas."),
        WorkState.INSPECTED: _("Hasilnya sudah diperiksa, menunggu diserahkan pokmas."),
        WorkState.OFFERED: _("Menunggu serah terima oleh %(office)s.")
        % {"office": names.office("lurah")},
        WorkState.STOPPED: _("Menunggu dibereskan dan ditutup."),
        WorkState.HANDED: _("Sudah diserahterimakan, menunggu ditutup."),
    }.get(state, "")


def _running(now: Standing, reports: list[Reported], today: date, names: Names) -> str:
    if now.stage == Stage.DONE:
        said = [_("Pekerjaan selesai."), _over(now, reports), _after_work(now.work_state, names)]
        return " ".join(part for part in said if part)
    told = {
        "percent": max(now.percent, 0),
        "day": words.short_date(now.ends_on) if now.ends_on else "",
    }
    if now.work_state == WorkState.STOPPED:
        told = {"percent": max(now.percent, 0)}
        return _("Dihentikan pada %(percent)s%% karena tahun anggaran berakhir.") % told
    if is_late(now.stage, now.ends_on, today):
        told["left"] = words.left(now.ends_on)  # type: ignore[arg-type]
        return _("Pekerjaan %(percent)s%%, batasnya %(left)s.") % told
    if now.stage == Stage.CONTRACTED:
        return _("Sudah dikontrak, batas selesai %(day)s.") % told
    return _("Sedang dikerjakan, %(percent)s%%. Batas selesai %(day)s.") % told
