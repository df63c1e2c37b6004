"""Holding payments of a work back, and letting them go."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rembug.execution.forms import ReleaseForm, WhyForm
from rembug.execution.permissions import may
from rembug.execution.services.holds import hold_work, release_work
from rembug.execution.services.standing import standing
from rembug.execution.views.frame import carry_out, onward, page, work_of


@login_required
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds the money back and why; whoever may, holds it or lets it go.

    The page carries the hold it was opened for, so that a stale tab does not lift another one.
    """
    work = work_of(request, pk)
    by = request.user
    if not may(by, "work.hold", work):
        raise PermissionDenied
    held, tier = bool(work.hold), work.hold_tier
    work.hold_tier = request.POST.get("tier", tier)
    releasing = request.POST.get("do") == "release"
    form = WhyForm(None if releasing else request.POST or None)
    release = ReleaseForm(request.POST if releasing else None)
    if request.method == "POST":
        if releasing:
            sending = carry_out(
                request,
                release,
                "work.release",
                lambda: release_work(by=by, work=work, why=release.cleaned_data["why"]),
            )
            told = _("Penahanan dilepas. Pembayaran dapat berjalan lagi.")
        else:
            sending = carry_out(
                request,
                form,
                "work.hold",
                lambda: hold_work(by=by, work=work, why=form.cleaned_data["why"]),
            )
            told = _("Pembayaran ditahan. Pokmas dan warga membaca alasannya.")
        if sending:
            return onward(request, sending, told, "execution:work", work.pk, draft=f"tahan-{pk}")
    context = {
        "work": work,
        "s": standing(work),
        "held": held,
        "tier": tier,
        "form": form,
        "release": release,
        "may_release": held and may(by, f"work.release.{tier}", work),
        "draft": f"tahan-{pk}",
    }
    return page(request, "hold.html", context, 422 if form.errors or release.errors else 200)
