"""One payment: its gates, its papers, and the button of whoever must act next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rembug.core.forms import TellAll
from rembug.execution import story
from rembug.execution.forms import (
    BankDateForm,
    DayForm,
    NumberForm,
    PapersForm,
    TakeBackForm,
    WaiveForm,
    WhyForm,
)
from rembug.execution.models import Tranche, Work
from rembug.execution.permissions import may
from rembug.execution.rules import TrancheState
from rembug.execution.services import tranches as acts
from rembug.execution.services.standing import Standing, standing
from rembug.execution.services.takeback import TAKE_BACK, take_back
from rembug.execution.views.frame import carry_out, onward, page, tranche_of, work_of
from rembug.people.acts import thing_of
from rembug.people.models import Act
from rembug.people.sending import objections


def _moves() -> dict[str, tuple[str, str, str, str]]:
    """For each state: the act awaited, the paper it numbers, its button, what is said afterwards."""
    return {
        TrancheState.PLANNED: (
            "tranche.request",
            "",
            _("Minta uang"),
            _("Permintaan terkirim. Bendahara kelurahan membuat SPP."),
        ),
        TrancheState.REQUESTED: (
            "tranche.bill",
            "SPP",
            _("Catat SPP"),
            _("SPP tercatat. PPK-Keuangan memeriksanya."),
        ),
        TrancheState.BILLED: (
            "tranche.verify",
            "",
            _("Nyatakan lengkap dan benar"),
            _("Sudah diperiksa. Lurah menerbitkan SPM."),
        ),
        TrancheState.VERIFIED: (
            "tranche.order",
            "SPM",
            _("Terbitkan SPM"),
            _("SPM terbit. Pejabat keuangan daerah menerbitkan SP2D."),
        ),
        TrancheState.ORDERED: (
            "tranche.pay",
            "SP2D",
            _("Terbitkan SP2D"),
            _("SP2D terbit. Bendahara pokmas memastikan uangnya masuk."),
        ),
        TrancheState.PAID: (
            "tranche.confirm",
            "",
            _("Uang sudah masuk"),
            _("Uang masuk tercatat. Setiap belanja, foto kuitansinya."),
        ),
    }


@login_required
def tranche(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """How a payment stands, what is still missing, and the one thing this person can do with it."""
    work = work_of(request, pk)
    row = tranche_of(work, number)
    s = standing(work)
    move = _moves().get(row.state)
    may_move = move is not None and may(request.user, move[0], work)
    form = _form(request, s, row)
    back = WhyForm(request.POST) if request.POST.get("do") == "back" else WhyForm()
    undo = TakeBackForm(request.POST if request.POST.get("do") == "take_back" else None)
    if request.method == "POST":
        answer = _do(request, work, row, form, back, undo)
        if answer:
            return answer
    context = {
        "work": work,
        "s": s,
        "tranche": row,
        "gates": s.gates(row),
        "move": move,
        "paper": move[1] if move else "",
        "may_move": may_move,
        "may_back": row.state in acts.BACK_ACTS
        and may(request.user, acts.BACK_ACTS[row.state], work),
        "form": form,
        "look": "lihat" in request.POST and not form.errors,
        "back": back,
        "undo": undo,
        "undone": TAKE_BACK[row.state][1] if row.state in TAKE_BACK else "",
        "may_undo": row.state in TAKE_BACK and may(request.user, TAKE_BACK[row.state][0], work),
        "taken_back": row.taken_back.all(),
        "may_waive": may_waive(request, s, row),
        "chip": story.tranche_chip(row.state),
        "line": story.told(
            Act.objects.filter(city=work.city, thing=thing_of(row))
            .select_related("office__unit", "office__city")
            .order_by("-id")
        ),
        "paid_percent": 100 * s.paid // work.value if work.value else 0,
    }
    faults = form.errors or back.errors or undo.errors
    return page(request, "tranche.html", context, 422 if faults else 200)


def _form(request: HttpRequest, s: Standing, row: Tranche) -> TellAll:
    """What this state asks for: a paper's number and day, the papers seen, the bank's day, or nothing."""
    sent = request.method == "POST" and request.POST.get("do") not in ("back", "take_back")
    data = request.POST if sent else None
    paper = _moves().get(row.state, ("", "", "", ""))[1]
    if paper:
        return NumberForm(data, paper=paper)
    if row.state == TrancheState.BILLED:
        return PapersForm(data, asked=s.papers("tranche"))
    return BankDateForm(data) if row.state == TrancheState.PAID else TellAll(data)


def _run(request: HttpRequest, row: Tranche, act: str, form: TellAll) -> Callable[[], Tranche]:
    """The act a pressed button asks for."""
    by, data = request.user, form

    def paper() -> dict[str, Any]:
        """The number of a paper and its day."""
        day = data.dated() if isinstance(data, DayForm) else {}
        return {"number": data.cleaned_data.get("number", "")} | day

    known: dict[str, Callable[[], Tranche]] = {
        "tranche.request": lambda: acts.request_tranche(by=by, tranche=row),
        "tranche.bill": lambda: acts.bill_tranche(by=by, tranche=row, **paper()),
        "tranche.verify": lambda: acts.verify_tranche(
            by=by, tranche=row, papers=data.cleaned_data.get("papers") or []
        ),
        "tranche.order": lambda: acts.order_tranche(by=by, tranche=row, **paper()),
        "tranche.pay": lambda: acts.pay_tranche(by=by, tranche=row, **paper()),
        "tranche.confirm": lambda: acts.confirm_received(
            by=by, tranche=row, bank_date=data.cleaned_data.get("bank_date")
        ),
    }
    return known[act]


def _do(
    request: HttpRequest,
    work: Work,
    row: Tranche,
    form: TellAll,
    back: WhyForm,
    undo: TakeBackForm,
) -> HttpResponse | None:
    """Move the payment on or give it back; None when that was refused.

    The button names the act it was made for, so that a stale tab cannot do the next one by mistake.
    """
    if request.POST.get("do") == "back":
        sending = carry_out(
            request,
            back,
            "tranche.send_back",
            lambda: acts.send_back(by=request.user, tranche=row, why=back.cleaned_data["why"]),
        )
        told = _("Permintaan dikembalikan kepada pokmas.")
    elif request.POST.get("do") == "take_back":
        sending = carry_out(
            request,
            undo,
            "tranche.take_back",
            lambda: take_back(
                by=request.user, tranche=row, why=undo.cleaned_data["why"], **undo.dated()
            ),
        )
        told = _("Suratnya dibatalkan. Buku mencatat keduanya, dan pencairan dapat diteruskan.")
    else:
        known = {act: after for act, _paper, _button, after in _moves().values()}
        act = request.POST.get("do", "")
        if act not in known:
            form.full_clean()
            form.add_error(None, _("Keadaannya sudah berubah. Muat ulang halaman ini."))
            return None
        if "lihat" in request.POST:
            # A look at what will happen, with everything that stands against it; nothing is done.
            form.full_clean()
            form.refuse(objections(_run(request, row, act, form)))
            return None
        sending, told = carry_out(request, form, act, _run(request, row, act, form)), known[act]
    return onward(request, sending, told, "execution:work", work.pk) if sending else None


def may_waive(request: HttpRequest, s: Standing, row: Tranche) -> bool:
    """Whether this person could now say that the money is not needed."""
    planned = row.state == TrancheState.PLANNED and s.accepted >= 100
    return planned and may(request.user, "tranche.waive", s.work)


@login_required
def waive(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The head of the pokmas says that this payment and those after it are not needed, and why."""
    work = work_of(request, pk)
    if not may(request.user, "tranche.waive", work):
        raise PermissionDenied
    row, s = tranche_of(work, number), standing(work)
    form = WaiveForm(request.POST or None)
    draft = f"lepas-{row.pk}"

    def run() -> Tranche:
        return acts.waive_tranche(by=request.user, tranche=row, why=form.cleaned_data["why"])

    if request.method == "POST" and (sending := carry_out(request, form, "tranche.waive", run)):
        told = _("Uangnya tidak jadi diambil dan kembali ke pagu.")
        return onward(request, sending, told, "execution:work", work.pk, draft=draft)
    rest = [one for one in s.tranches if one.number >= number and one.number in s.undrawn]
    context = {
        "work": work,
        "s": s,
        "tranche": row,
        "rest": rest,
        "sum": sum(one.amount for one in rest),
        "form": form,
        "draft": draft,
    }
    return page(request, "waive.html", context, 422 if form.errors else 200)
