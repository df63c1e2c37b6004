"""The life of an activity in words and marks: chip, steps and one sentence. Plain values in, words out.

A plan is never dressed as money: its chip says Rencana, its steps and ladder are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core import words
from rembug.core.rupiah import show
from rembug.execution.rules import ReportState, WorkState
from rembug.planning.rules import ProposalState, Stage

PLANNED = frozenset({Stage.DRAFT, Stage.PLAN, Stage.CHECKED, Stage.DROPPED})
FINISHED = frozenset({Stage.DONE, Stage.CLOSED})
TIERS = {
    "rw": gettext_lazy("RW"),
    "kelurahan": gettext_lazy("kelurahan"),
    "kecamatan": gettext_lazy("kecamatan"),
    "city": gettext_lazy("kota"),
    "technical": gettext_lazy("OPD teknis"),
}


def tier_name(key: str) -> str:
    """The desk of a verification step, in a sentence."""
    return str(TIERS.get(key, key))


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


def is_late(stage: str, ends_on: date | None, today: date) -> bool:
    """Work under way past the last day of its contract."""
    running = stage in (Stage.CONTRACTED, Stage.RUNNING)
    return running and ends_on is not None and ends_on < today


def chip(
    stage: str, percent: int, late: bool = False, waiting: bool = False
) -> tuple[str, str, str]:
    """(state, words, icon) of the mark an activity wears in every list."""
    if stage == Stage.PLAN:
        return "idle", _("Rencana"), "pencil"
    if stage == Stage.CHECKED:
        return "idle", _("Rencana, lolos periksa"), "pencil"
    if stage == Stage.DROPPED:
        return "idle", _("Tidak diterima"), "x"
    if stage == Stage.BUDGETED:
        return "info", _("Teranggarkan"), ""
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
    percents: Sequence[int], reports: Iterable[Reported], ends_on: date | None, today: date
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
            note = _("dicek %(desk)s") % {"desk": tier_name(report.tier)}
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


def proposal_sentence(state: str, tier: str) -> str:
    """Where the proposal of a planned activity is."""
    if state == ProposalState.SUBMITTED:
        return _("Usulannya sedang diperiksa %(desk)s.") % {"desk": tier_name(tier)}
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


def sentence(now: Standing, reports: Iterable[Reported], today: date) -> str:
    """The state of an activity in one to three plain sentences: what is, who must act, until when."""
    if now.stage == Stage.DROPPED:
        return _("Tidak diterima dalam pemeriksaan. Tidak ada uang untuk kegiatan ini.")
    if now.stage in PLANNED:
        return " ".join(
            [
                _("Masih rencana senilai %(cost)s.") % {"cost": show(now.cost)},
                proposal_sentence(now.proposal_state, now.tier),
                _("Uangnya belum ada."),
            ]
        )
    return " ".join(part for part in _work_sentences(now, list(reports), today) if part)


def _work_sentences(now: Standing, reports: list[Reported], today: date) -> list[str]:
    if now.stage == Stage.BUDGETED:
        return [
            _("Sudah teranggarkan %(cost)s.") % {"cost": show(now.cost)},
            _("Menunggu kontrak dengan pokmas."),
        ]
    if now.stage == Stage.CLOSED:
        on = words.short_date(now.closed_on) if now.closed_on else ""
        return [
            _("Selesai dan ditutup %(day)s.") % {"day": on},
            _("Semua uangnya sudah dipertanggungjawabkan."),
        ]
    parts = [_running(now, today)]
    if waits := waiting_report(reports):
        told = {"percent": waits.percent, "desk": tier_name(waits.tier), "age": words.age(waits.at)}
        parts.append(_("Laporan %(percent)s%% dicek %(desk)s sejak %(age)s lalu.") % told)
    if now.hold:
        parts.append(_("Uangnya ditahan: %(why)s.") % {"why": now.hold.rstrip(".")})
    if now.spj_due_on:
        told = {"number": now.spj_number, "left": words.left(now.spj_due_on)}
        parts.append(_("SPJ tahap %(number)s belum diterima, batasnya %(left)s.") % told)
    return parts


def _after_work(state: str) -> str:
    """Who must act once the work itself is done."""
    return {
        WorkState.RUNNING: _("Menunggu pemeriksaan hasil (BAHP) oleh pengawas pokmas."),
        WorkState.INSPECTED: _("Hasilnya sudah diperiksa, menunggu diserahkan pokmas."),
        WorkState.OFFERED: _("Menunggu serah terima oleh lurah."),
        WorkState.STOPPED: _("Menunggu dibereskan dan ditutup."),
        WorkState.HANDED: _("Sudah diserahterimakan, menunggu ditutup."),
    }.get(state, "")


def _running(now: Standing, today: date) -> str:
    if now.stage == Stage.DONE:
        return _("Pekerjaan selesai.") + " " + _after_work(now.work_state)
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
