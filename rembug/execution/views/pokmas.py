"""Pokmas: their list, forming and mending one, its page, what the camat decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from rembug.core.paging import page_of
from rembug.core.refusal import Refused
from rembug.execution import story
from rembug.execution.forms import DecreeForm, PokmasForm, WhyForm
from rembug.execution.models import Pokmas, Work
from rembug.execution.permissions import can_confirm_pokmas, can_form_pokmas
from rembug.execution.rules import PokmasState
from rembug.execution.seats import MemberRole
from rembug.execution.services.pokmas import (
    confirm_pokmas,
    current_book,
    form_pokmas,
    mend_pokmas,
    return_pokmas,
    seat_of,
)
from rembug.execution.views.frame import carry_out, onward, page
from rembug.people.acts import thread
from rembug.people.authority import offices_of
from rembug.people.rules import ROLES
from rembug.regions.models import Unit


@login_required
def pokmas_list(request: HttpRequest) -> HttpResponse:
    """Pokmas of the person's territory, or the one they sit in."""
    rows = Pokmas.objects.visible_to(request.user).select_related("unit")
    rows = rows.annotate(works_count=Count("works")).order_by("unit__code", "name")
    found = page_of(rows, request.GET.get("halaman"))
    return page(request, "pokmas_list.html", {"found": found, "may_form": bool(_seats(request))})


def _seats(request: HttpRequest) -> list[Unit]:
    """The kelurahan where this person may form a pokmas."""
    offices = offices_of(request.user)
    return [office.unit for office in offices if "pokmas.form" in ROLES[office.role]]


@login_required
def pokmas_new(request: HttpRequest) -> HttpResponse:
    """Form a pokmas; the first passwords of its officers are shown once, right here."""
    units = _seats(request)
    if not units:
        raise PermissionDenied
    return _written(request, units[0], "pokmas.form", partial(form_pokmas, unit=units[0]))


@login_required
def pokmas_mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a pokmas that the camat gave back, and send it again."""
    row = _pokmas(request, pk)
    if not can_form_pokmas(request.user, row.unit):
        raise PermissionDenied
    if row.state != PokmasState.RETURNED and request.method == "GET":
        return redirect("execution:pokmas", row.pk)
    return _written(request, row.unit, "pokmas.mend", partial(mend_pokmas, pokmas=row), row)


def _written(
    request: HttpRequest,
    unit: Unit,
    act: str,
    run: Callable[..., Pokmas],
    old: Pokmas | None = None,
) -> HttpResponse:
    """Form or mend a pokmas; the first passwords of new officers are in the answer itself, once."""
    form = PokmasForm(request.POST or None, initial=_initial(old))
    made: list[Pokmas] = []

    def write() -> Pokmas:
        told = {name: form.cleaned_data[name] for name in SAID}
        made.append(run(by=request.user, seats=form.seats(), **told))
        return made[-1]

    if request.method == "POST" and (sending := carry_out(request, form, act, write)):
        if not made:
            told = _("Pokmas ini sudah tercatat.")
            return onward(request, sending, told, "execution:pokmas_list")
        context = {"pokmas": made[0], "fresh": made[0].first_passwords, "code": sending.code}
        return page(request, "pokmas_made.html", context | {"draft": _draft(old)})
    context = {
        "form": form,
        "unit": unit,
        "limits": _limits(),
        "old": old,
        "draft": _draft(old),
    }
    return page(request, "pokmas_form.html", context, 422 if form.errors else 200)


TERMS = ("name", "address", "bank", "account_no", "account_holder")
# Said to the act beside the terms, kept in the record.
SAID = (*TERMS, "namesakes")


def _draft(old: Pokmas | None) -> str:
    return f"pokmas-{old.pk}" if old else "pokmas"


def _initial(old: Pokmas | None) -> dict[str, Any]:
    """A pokmas that came back is mended, not typed anew."""
    if old is None:
        return {}
    found = {name: getattr(old, name) for name in TERMS}
    members = 0
    for seat in map(seat_of, old.sitting.select_related("person")):
        key: str = seat.role
        if seat.role == MemberRole.MEMBER:
            members += 1
            key = f"member{members}"
        found |= {f"{key}_name": seat.name, f"{key}_login": seat.login}
    return found


def _limits() -> object:
    try:
        return current_book().pokmas
    except Refused:
        return None


def _pokmas(request: HttpRequest, pk: int) -> Pokmas:
    rows = Pokmas.objects.visible_to(request.user).select_related("unit", "city")
    return get_object_or_404(rows, pk=pk)


@login_required
def pokmas(request: HttpRequest, pk: int) -> HttpResponse:
    """One pokmas: people, account, decree, works."""
    row = _pokmas(request, pk)
    works = Work.objects.filter(pokmas=row).select_related("activity", "unit").order_by("-pk")
    context = {
        "pokmas": row,
        "members": row.sitting.select_related("person"),
        "works": works[:25],
        "line": story.told(thread(row.city, row.about).reverse()),
        "may_mend": row.state == PokmasState.RETURNED and can_form_pokmas(request.user, row.unit),
        "may_confirm": row.state == PokmasState.FORMED and can_confirm_pokmas(request.user, row),
        "done": request.GET.get("selesai", ""),
    }
    return page(request, "pokmas.html", context)


@login_required
def pokmas_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The camat confirms a pokmas by decree."""
    row = _pokmas(request, pk)
    if not can_confirm_pokmas(request.user, row):
        raise PermissionDenied
    returning = request.POST.get("do") == "back"
    form = DecreeForm(None if returning else request.POST or None)
    back = WhyForm(request.POST if returning else None)
    if request.method == "POST":
        if returning:
            sending = carry_out(
                request,
                back,
                "pokmas.return",
                lambda: return_pokmas(by=request.user, pokmas=row, why=back.cleaned_data["why"]),
            )
            told = _("%s dikembalikan ke kelurahan.") % row.name
        else:
            sending = carry_out(
                request,
                form,
                "pokmas.confirm",
                lambda: confirm_pokmas(by=request.user, pokmas=row, **form.cleaned_data),
            )
            told = _("%s sudah disahkan.") % row.name
        if sending:
            return onward(request, sending, told, "execution:pokmas", row.pk, draft=f"sk-{row.pk}")
    context = {
        "form": form,
        "back": back,
        "pokmas": row,
        "members": row.sitting.select_related("person"),
    }
    faulty = form.errors or back.errors
    return page(request, "pokmas_confirm.html", context, 422 if faulty else 200)
