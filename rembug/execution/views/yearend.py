"""Ending a work when its budget year is over, and closing the year."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core.forms import TellAll
from rembug.execution.forms import CloseYearForm, EndForm
from rembug.execution.models import Work
from rembug.execution.permissions import may
from rembug.execution.services import yearend as acts
from rembug.execution.services.standing import standing
from rembug.execution.views.frame import carry_out, onward, page, work_of
from rembug.people.authority import holds_anywhere
from rembug.programs.models import ProgramYear

SHOWN = 100


@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The lurah gives up what was not paid in a year that is over, with the reason."""
    work = work_of(request, pk)
    if not may(request.user, "work.end", work):
        raise PermissionDenied
    form, draft = EndForm(request.POST or None), f"akhiri-{work.pk}"

    def run() -> Work:
        return acts.end_work(by=request.user, work=work, why=form.cleaned_data["why"])

    if request.method == "POST" and (sending := carry_out(request, form, "work.end", run)):
        told = _("Pekerjaan diakhiri. Yang belum dibayar kembali ke pagu.")
        return onward(request, sending, told, "execution:work", work.pk, draft=draft)
    s = standing(work)
    carry = s.book.unpaid_at_year_end == "carry_over" and s.unpaid
    context = {
        "work": work,
        "s": s,
        "form": form,
        "draft": draft,
        "ready": s.may_end,
        "back": sum(one.amount for one in s.unpaid) if s.tranches else work.value,
        "carried": work.activity.year + 1 if carry else 0,
    }
    return page(request, "end.html", context, 422 if form.errors else 200)


@login_required
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """What a budget year still holds open, and the button that closes it."""
    if not holds_anywhere(request.user, "year.close"):
        raise PermissionDenied
    rows = ProgramYear.objects.filter(city=request.city).select_related("program", "fund")
    made = get_object_or_404(rows, pk=pk)
    do, by = request.POST.get("do", ""), request.user
    call = TellAll(request.POST if do == "call_in" else None)
    form = CloseYearForm(request.POST if do == "close" else None)
    if do == "call_in":
        sending = carry_out(
            request, call, "year.call_in", lambda: acts.call_in(by=by, program_year=made)
        )
        if sending:
            told = _("Yang masih terbuka sudah ada di meja masing-masing.")
            return onward(request, sending, told, "execution:year", made.pk)
    elif do == "close":
        sending = carry_out(
            request,
            form,
            "year.close",
            lambda: acts.close_year(by=by, program_year=made, why=form.cleaned_data["why"]),
        )
        if sending:
            return onward(request, sending, _("Tahun anggaran ditutup."), "programs:years")
    left = acts.openings(made)
    works = acts.open_works(made).select_related("unit", "activity")[:SHOWN]
    context = {
        "year": made,
        "over": localdate().year > made.year,
        "left": left,
        "works": works,
        "more": max(0, left.works - SHOWN),
        "call": call,
        "form": form,
    }
    return page(request, "year.html", context, 422 if call.errors or form.errors else 200)
