"""Pages of the invitation to a meeting: write it, change it, call the meeting off, print it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from rembug.planning import permissions
from rembug.planning.books import planned_year
from rembug.planning.forms import CallForm, CancelForm
from rembug.planning.invitation import invitation_pdf
from rembug.planning.models import Meeting
from rembug.planning.rules import MeetingState
from rembug.planning.services.meetings import call_meeting, cancel_meeting, change_invitation
from rembug.planning.views.frame import (
    allow,
    chosen_unit,
    made,
    seen,
    send,
    show,
    thank,
    version_of,
)


def _sent(request: HttpRequest) -> Any:
    """What was sent, also when it was nothing at all."""
    return request.POST if request.method == "POST" else None


@login_required
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Write the invitation."""
    unit = chosen_unit(request, "meeting.call")
    year = planned_year(unit.kind)
    initial = {"year": year, "day": localdate() + timedelta(days=7), "clock": "19:30"}
    form = CallForm(_sent(request), years=range(year - 1, year + 2), initial=initial)
    if request.method == "POST":
        readable = form.is_valid()
        run = partial(call_meeting, by=request.user, unit=unit, **form.told())
        receipt, _reasons = send(
            request, "meeting.call", run, form, draft="rembug-baru", readable=readable
        )
        if receipt:
            thank(request, receipt, _("Undangan rembug tersimpan."))
            return redirect("planning:meeting", made(receipt))
    context = {"form": form, "unit": unit, "draft": "rembug-baru"}
    return show(request, "planning/meeting_new.html", context, 422 if form.errors else 200)


def _called(request: HttpRequest, pk: int) -> Meeting:
    """A meeting whose invitation this person may change."""
    row = seen(request, Meeting.objects.select_related("unit", "city"), pk=pk)
    allow(permissions.can_call_meeting(request.user, row.unit))
    return row


@login_required
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the invitation, until the results are written down."""
    row = _called(request, pk)
    at = localtime(row.at)
    stored = {name: getattr(row, name) for name in ("title", "place", "agenda", "year")}
    initial = {**stored, "day": at.date(), "clock": at.strftime("%H:%M")}
    years = sorted({row.year, *range(planned_year(row.unit.kind) - 1, row.year + 2)})
    form = CallForm(_sent(request), years=years, initial=initial)
    draft = f"undangan-{row.pk}-v{row.version}"
    if request.method == "POST":
        readable, version = form.is_valid(), version_of(request)
        run = partial(
            change_invitation, by=request.user, meeting=row, version=version, **form.told()
        )
        receipt, _reasons = send(
            request, "meeting.change", run, form, draft=draft, readable=readable
        )
        if receipt:
            thank(request, receipt, _("Undangan sudah diubah. Beri tahu warga lagi."))
            return redirect("planning:meeting", row.pk)
        row.refresh_from_db()
    context = {"form": form, "unit": row.unit, "meeting": row, "draft": draft}
    return show(request, "planning/meeting_new.html", context, 422 if form.errors else 200)


@login_required
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the meeting off, with a reason."""
    row = _called(request, pk)
    form = CancelForm(_sent(request))
    if request.method == "POST":
        readable = form.is_valid()
        why = form.cleaned_data["why"] or ""
        run = partial(cancel_meeting, by=request.user, meeting=row, why=why)
        receipt, _reasons = send(
            request, "meeting.cancel", run, form, draft=f"batal-{row.pk}", readable=readable
        )
        if receipt:
            thank(request, receipt, _("Rembug dibatalkan. Beri tahu warga."))
            return redirect("planning:meeting", row.pk)
    context = {"meeting": row, "form": form, "draft": f"batal-{row.pk}"}
    return show(request, "planning/meeting_cancel.html", context, 422 if form.errors else 200)


@login_required
def meeting_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The invitation on paper, to be given from door to door."""
    row = seen(request, Meeting.objects.select_related("unit", "city"), pk=pk)
    allow(row.state == MeetingState.CALLED)
    address = request.build_absolute_uri(reverse("public:rt", args=[row.unit.code]))
    response = HttpResponse(invitation_pdf(row, address), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="undangan-{row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
