"""What waits, for whom: worked out from how a work stands, and put on the desks after every act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from rembug.execution.models import Tranche, Work
from rembug.execution.rules import TrancheState, WorkState
from rembug.execution.services.standing import UNPAID, Standing, moment, standing
from rembug.people.acts import thing_of
from rembug.people.desk import open_item
from rembug.people.models import DeskItem, Person
from rembug.programs.calendar import due_on

# How many working days an office has for a step that the rulebook gives no term of its own.
OFFICE_DAYS = 5


@dataclass
class Duty:
    """One thing that waits: which act, about what, on which page of the city, by when.

    `days`: working days from the moment it is opened, when the day itself is not fixed. `own`: it
    waits for the pokmas. `amount`: rupiah that wait with it.
    """

    act: str
    thing: models.Model
    title: str
    path: str
    due: date | None = None
    days: int = 0
    own: bool = False
    amount: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.act, thing_of(self.thing)


def duties_of(s: Standing) -> list[Duty]:
    """Everything that waits now, given how a work stands."""
    if s.work.state == WorkState.CLOSED:
        return []
    duties = [_end_duty(s)] if s.must_end else _work_duties(s)
    if s.work.hold:
        duties.append(_release_duty(s))
    if s.work.state not in (WorkState.READY, WorkState.SIGNED):
        duties += [duty for tranche in s.tranches for duty in _tranche_duties(s, tranche)]
    return duties


def _work_duties(s: Standing) -> list[Duty]:
    """Contract, reports, inspection, handover, closing: one at a time."""
    state = WorkState(s.work.state)
    if state == WorkState.RUNNING:
        return _report_duties(s)
    if state in (WorkState.HANDED, WorkState.STOPPED):
        return _closing_duties(s)
    act, title, page, own = {
        WorkState.READY: ("contract.sign", _("Tanda tangani kontrak"), "kontrak", True),
        WorkState.SIGNED: ("contract.approve", _("Setujui kontrak"), "kontrak", False),
        WorkState.INSPECTED: ("work.offer", _("Serahkan hasil"), "serah-terima", True),
        WorkState.OFFERED: ("work.receive", _("Terima hasil"), "serah-terima", False),
    }[state]
    if act == "contract.sign" and s.work.back_why:
        path = f"pekerjaan/siapkan/{s.work.activity_id}/"
        title = _("Perbaiki kontrak")
        return [_duty(s, "contract.prepare", title, path, thing=s.activity, days=OFFICE_DAYS)]
    path = f"pekerjaan/{s.work.pk}/{page}/"
    return [_duty(s, act, title, path, days=OFFICE_DAYS, own=own)]


def _report_duties(s: Standing) -> list[Duty]:
    report, here = s.waiting, f"pekerjaan/{s.work.pk}/"
    if report:
        steps = s.book.report_steps
        days = next((one.days for one in steps if one.key == report.tier), OFFICE_DAYS)
        act, path = f"report.verify.{report.tier}", f"laporan/{report.pk}/"
        title = _("Periksa laporan %d%%") % report.percent
        return [_duty(s, act, title, path, thing=report, days=days)]
    if s.expected is not None:
        title, due = _("Kirim laporan %d%%") % s.expected, s.due_of(s.expected)
        return [_duty(s, "report.submit", title, here + "laporan/baru/", due=due, own=True)]
    title = _("Periksa hasil (BAHP)")
    return [_duty(s, "work.inspect", title, here + "periksa/", days=OFFICE_DAYS, own=True)]


def _end_duty(s: Standing) -> Duty:
    """The year is over, and something was not contracted or not paid: the lurah gives it up."""
    path = f"pekerjaan/{s.work.pk}/akhiri/"
    left = sum(t.amount for t in s.unpaid) if s.tranches else s.work.value
    title = _("Akhiri, tahun anggaran sudah lewat")
    return _duty(s, "work.end", title, path, days=OFFICE_DAYS, amount=left)


def _release_duty(s: Standing) -> Duty:
    """Money that is held back waits for the office that holds it."""
    act, path = f"work.release.{s.work.hold_tier}", f"pekerjaan/{s.work.pk}/tahan/"
    left = s.work.value - s.paid - s.waived
    return _duty(s, act, _("Lepas penahanan"), path, days=OFFICE_DAYS, amount=left)


def _closing_duties(s: Standing) -> list[Duty]:
    path = f"pekerjaan/{s.work.pk}/tutup/"
    if s.open_tranches or s.tax_owed:
        return []
    if s.cash and not s.work.return_slip:
        return [
            _duty(
                s,
                "money.return",
                _("Kembalikan sisa uang"),
                path,
                days=OFFICE_DAYS,
                own=True,
                amount=s.cash,
            )
        ]
    if s.cash:
        return [
            _duty(
                s,
                "money.receive_return",
                _("Periksa setoran sisa uang"),
                path,
                days=OFFICE_DAYS,
                amount=s.cash,
            )
        ]
    if s.work.hold:
        return []
    return [_duty(s, "work.close", _("Tutup pekerjaan"), path, days=OFFICE_DAYS)]


def _tranche_duties(s: Standing, tranche: Tranche) -> list[Duty]:
    """What one payment waits for; a payment whose gates are shut waits for nothing by itself, nor
    does one that is held back before the treasury paid."""
    path = f"pekerjaan/{s.work.pk}/termin/{tranche.number}/"
    known = _tranche_titles().get(tranche.state)
    if known is None or (s.work.hold or s.year_over) and tranche.state in UNPAID:
        return []
    if tranche.state == TrancheState.PLANNED and not all(gate.met for gate in s.gates(tranche)):
        return []
    act, title, own = known
    due = tranche.spj_due_on if act == "spj.submit" else None
    found = [
        _duty(
            s,
            act,
            title % tranche.number,
            path + ("spj/" if act.startswith("spj.") else ""),
            thing=tranche,
            due=due,
            days=0 if due else OFFICE_DAYS,
            own=own,
            amount=tranche.amount,
        )
    ]
    if act == "spj.submit" and s.tax_owed:
        tax = f"pekerjaan/{s.work.pk}/pajak/"
        found.append(
            _duty(
                s, "money.tax", _("Setor pajak"), tax, days=OFFICE_DAYS, own=True, amount=s.tax_owed
            )
        )
    return found


def _tranche_titles() -> dict[str, tuple[str, str, bool]]:
    """State of a tranche: (act awaited, title, whether it waits for the pokmas)."""
    return {
        TrancheState.PLANNED: ("tranche.request", _("Minta pencairan %d"), True),
        TrancheState.REQUESTED: ("tranche.bill", _("Buat SPP pencairan %d"), False),
        TrancheState.BILLED: ("tranche.verify", _("Periksa SPP pencairan %d"), False),
        TrancheState.VERIFIED: ("tranche.order", _("Terbitkan SPM pencairan %d"), False),
        TrancheState.ORDERED: ("tranche.pay", _("Terbitkan SP2D pencairan %d"), False),
        TrancheState.PAID: ("tranche.confirm", _("Pastikan uang pencairan %d masuk"), True),
        TrancheState.RECEIVED: ("spj.submit", _("Ajukan SPJ pencairan %d"), True),
        TrancheState.REPORTED: ("spj.verify", _("Periksa SPJ pencairan %d"), False),
    }


def _duty(s: Standing, act: str, title: str, path: str, **given: Any) -> Duty:
    thing = given.pop("thing", s.work)
    given.setdefault("amount", s.work.value)
    return Duty(act, thing, f"{title}: {s.activity.name}", path, **given)


def settle(work: Work, *, by: Person | None, outcome: str, at: datetime | None = None) -> Standing:
    """Bring the desks in line with how the work stands after an act: close what is done, open what is due.

    Items that still wait stay as they are, with their age. Returns the standing.
    """
    now, today = moment(at)
    s = standing(work, today)
    with translation.override(settings.LANGUAGE_CODE):
        due = {duty.key: duty for duty in duties_of(s)}
    things = [work, work.activity, *s.tranches, *s.reports]
    waiting = DeskItem.objects.filter(
        city_id=work.city_id, thing__in=[thing_of(thing) for thing in things], closed_at=None
    )
    for item in waiting:
        if due.pop((item.act, item.thing), None) is None:
            item.closed_at, item.closed_by, item.outcome = now, by, outcome[:24]
            item.save(update_fields=["closed_at", "closed_by", "outcome"])
    for duty in due.values():
        open_item(
            act=duty.act,
            thing=duty.thing,
            about=work.unit,
            title=duty.title,
            path=duty.path,
            due_on=duty.due or (due_on(today, duty.days) if duty.days else None),
            body=work.pokmas_id if duty.own else 0,
            amount=duty.amount,
            at=now,
        )
    return s
