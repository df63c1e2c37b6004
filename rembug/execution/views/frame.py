"""What every page of execution needs: which frame, which work, and carrying an act out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from rembug.core.forms import TellAll
from rembug.core.refusal import Refused
from rembug.execution.models import Tranche, Work
from rembug.execution.services.standing import WITH
from rembug.people.authority import offices_of
from rembug.people.desk import following_page
from rembug.people.models import Sending
from rembug.people.sending import form_key, objections, once_from
from rembug.regions.models import UnitKind


def on_phone(person: object) -> bool:
    """RT, RW and pokmas work from a phone; whoever also has an office works at a desk."""
    offices = offices_of(person)
    return bool(offices) and all(
        office.body or office.unit.kind in (UnitKind.RT, UnitKind.RW) for office in offices
    )


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page in the frame of the person: phone or desk."""
    phone = on_phone(request.user)
    frame = {
        "base": "base_phone.html" if phone else "base_desk.html",
        "phone": phone,
        "key": form_key(request),
    }
    return render(request, f"execution/{template}", frame | context, status=status)


def work_of(request: HttpRequest, pk: int) -> Work:
    """A work the person may see; 404 for strangers."""
    rows = Work.objects.visible_to(request.user).select_related(*WITH)
    return get_object_or_404(rows, pk=pk)


def tranche_of(work: Work, number: int) -> Tranche:
    found = get_object_or_404(Tranche, work=work, number=number)
    found.work = work
    return found


def carry_out(
    request: HttpRequest, form: TellAll, act: str, run: Callable[[], Model]
) -> Sending | None:
    """Do an act once for the form's key; None when it was refused, with every reason on the form."""
    if not form.is_bound:
        return None
    try:
        if form.is_valid():
            return once_from(request, act, run)
        form.refuse(objections(run))
    except Refused as refusal:
        form.refuse(refusal.reasons)
    return None


def onward(
    request: HttpRequest, sending: Sending, told: str, to: Any, *args: Any, draft: str = ""
) -> HttpResponse:
    """After an act: say that it was received, with its receipt, and go on. `draft`: forget that draft.

    At a desk what was done there leads to the next of its kind; a phone goes back to its work.
    """
    code = _("Tanda terima %s.") % sending.code
    messages.success(request, f"{told} {code}")
    answer = redirect(to, *args)
    if not on_phone(request.user) and (path := following_page(request)):
        answer["Location"] = path
    if draft:
        answer["Location"] += "?" + urlencode({"selesai": draft})
    return answer
