"""Inspection, handover, the remainder and closing; the papers of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rembug.core.forms import TellAll
from rembug.execution import papers
from rembug.execution.forms import (
    ClaimForm,
    DayForm,
    InspectForm,
    NumberForm,
    ReceiveForm,
    WhyForm,
)
from rembug.execution.models import Work
from rembug.execution.permissions import may
from rembug.execution.rules import WorkState
from rembug.execution.services import closing as acts
from rembug.execution.services.standing import standing
from rembug.execution.views.frame import carry_out, onward, page, work_of


@login_required
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisor writes what was measured (BAHP)."""
    work = work_of(request, pk)
    if not may(request.user, "work.inspect", work):
        raise PermissionDenied
    form = InspectForm(request.POST or None, paper="BAHP")

    def run() -> Work:
        told = {name: form.cleaned_data[name] for name in ("number", "measured")}
        return acts.inspect_work(by=request.user, work=work, on=form.dated()["on"], **told)

    draft = f"bahp-{work.pk}"
    if request.method == "POST" and (sending := carry_out(request, form, "work.inspect", run)):
        told = _("Berita acara pemeriksaan tersimpan.")
        return onward(request, sending, told, "execution:work", work.pk, draft=draft)
    context = {"work": work, "s": standing(work), "form": form, "draft": draft}
    return page(request, "inspect.html", context, 422 if form.errors else 200)


def _pressed(
    request: HttpRequest,
    work: Work,
    known: dict[str, tuple[TellAll, Callable[[], Work], str]],
) -> HttpResponse | None:
    """Do what the pressed button (`do`) names; None when it is unknown or was refused."""
    do = request.POST.get("do", "")
    if do not in known:
        return None
    form, run, told = known[do]
    sending = carry_out(request, form, f"work.{do}", run)
    return onward(request, sending, told, "execution:work", work.pk) if sending else None


def _bound(kind: type[TellAll], request: HttpRequest, do: str, **given: Any) -> Any:
    """A form that is filled only when its own button was pressed."""
    return kind(request.POST if request.POST.get("do") == do else None, **given)


@login_required
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """The pokmas offers the result, the lurah receives it (BAST) or has it mended."""
    work = work_of(request, pk)
    by = request.user
    offer = _bound(TellAll, request, "offer")
    s = standing(work)
    receive = _bound(ReceiveForm, request, "receive", asked=s.papers("handover"))
    refuse = _bound(WhyForm, request, "refuse")
    if request.method == "POST":
        answer = _pressed(
            request,
            work,
            {
                "offer": (
                    offer,
                    lambda: acts.offer_work(by=by, work=work),
                    _("Hasil diserahkan. Menunggu lurah menerimanya."),
                ),
                "receive": (
                    receive,
                    lambda: acts.receive_work(
                        by=by,
                        work=work,
                        number=receive.cleaned_data["number"],
                        papers=receive.seen(),
                        **receive.dated(),
                    ),
                    _("Hasil pekerjaan sudah diterima."),
                ),
                "refuse": (
                    refuse,
                    lambda: acts.refuse_work(by=by, work=work, why=refuse.cleaned_data["why"]),
                    _("Hasil belum diterima. Pokmas memperbaikinya."),
                ),
            },
        )
        if answer:
            return answer
    faults = [form for form in (offer, receive, refuse) if form.errors]
    may_receive = may(by, "work.receive", work)
    context = {
        "work": work,
        "s": s,
        "offer": offer,
        "receive": receive,
        "refuse": refuse,
        "may_offer": work.state == WorkState.INSPECTED and may(by, "work.offer", work),
        "may_receive": work.state == WorkState.OFFERED and may_receive,
        "may_refuse": work.state in (WorkState.INSPECTED, WorkState.OFFERED) and may_receive,
    }
    return page(request, "handover.html", context, 422 if faults else 200)


CLAIMED = "x" * 10


@login_required
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still open before the end; the remainder is returned, then the lurah closes."""
    work = work_of(request, pk)
    by = request.user
    give = _bound(NumberForm, request, "return", paper="STS")
    take = _bound(DayForm, request, "receive_return")
    refuse = _bound(WhyForm, request, "refuse_return")
    end = _bound(ClaimForm, request, "close")
    if request.method == "POST":
        answer = _pressed(
            request,
            work,
            {
                "return": (
                    give,
                    lambda: acts.return_remainder(
                        by=by, work=work, slip=give.cleaned_data["number"], **give.dated()
                    ),
                    _("Setoran sisa tercatat. PPK-Keuangan memeriksanya."),
                ),
                "receive_return": (
                    take,
                    lambda: acts.receive_return(by=by, work=work, **take.dated()),
                    _("Sisa uang sudah diterima kas daerah."),
                ),
                "refuse_return": (
                    refuse,
                    lambda: acts.refuse_return(by=by, work=work, why=refuse.cleaned_data["why"]),
                    _("Setoran dikembalikan kepada pokmas untuk dibetulkan."),
                ),
                "close": (
                    end,
                    lambda: acts.close_work(
                        by=by, work=work, claim=end.cleaned_data.get("claim", "")
                    ),
                    _("Pekerjaan ditutup. Terima kasih."),
                ),
            },
        )
        if answer:
            return answer
    s = standing(work)
    handed = work.state in (WorkState.HANDED, WorkState.STOPPED)
    settled = not s.open_tranches and not s.tax_owed
    waits = bool(work.return_slip) and not work.return_received_on
    context = {
        "work": work,
        "s": s,
        # What the lurah can say when closing is no hindrance to the button.
        "left": acts.open_ends(s, claim=CLAIMED),
        "give": give,
        "take": take,
        "refuse": refuse,
        "end": end,
        "may_give": handed and settled and s.cash and not waits and may(by, "money.return", work),
        "may_take": handed and waits and may(by, "money.receive_return", work),
        "may_close": handed and may(by, "work.close", work),
    }
    faults = [form for form in (give, take, refuse, end) if form.errors]
    return page(request, "close.html", context, 422 if faults else 200)


@login_required
def bahp_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The inspection on paper."""
    work = work_of(request, pk)
    if not work.inspection_no:
        raise Http404
    return papers.answer(papers.inspection(work), "bahp.pdf")


@login_required
def bast_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The handover on paper."""
    work = work_of(request, pk)
    if not work.handover_no:
        raise Http404
    return papers.answer(papers.handover(work), "bast.pdf")
