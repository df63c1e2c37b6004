"""Pokmas: their list, forming one, its page, the camat's decree."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rembug.core.paging import page_of
from rembug.core.refusal import Refused
from rembug.execution import story
from rembug.execution.forms import DecreeForm, PokmasForm
from rembug.execution.models import Pokmas, Work
from rembug.execution.permissions import can_confirm_pokmas
from rembug.execution.rules import PokmasState
from rembug.execution.services.pokmas import confirm_pokmas, current_book, form_pokmas
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
    form = PokmasForm(request.POST or None)
    made: list[Pokmas] = []

    def run() -> Pokmas:
        names = ("name", "address", "bank", "account_no", "account_holder")
        told = {name: form.cleaned_data[name] for name in names}
        made.append(form_pokmas(by=request.user, unit=units[0], seats=form.seats(), **told))
        return made[0]

    if request.method == "POST":
        sending = carry_out(request, form, "pokmas.form", run)
        if sending and not made:
            return onward(
                request, sending, _("Pokmas ini sudah tercatat."), "execution:pokmas_list"
            )
        if sending:
            context = {"pokmas": made[0], "fresh": made[0].first_passwords, "code": sending.code}
            return page(request, "pokmas_made.html", context)
    context = {"form": form, "unit": units[0], "limits": _limits()}
    return page(request, "pokmas_form.html", context, 422 if form.errors else 200)


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
        "members": row.members.select_related("person"),
        "works": works[:25],
        "line": story.told(thread(row.city, row.about).reverse()),
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
    form = DecreeForm(request.POST or None)
    if request.method == "POST":
        if sending := carry_out(
            request,
            form,
            "pokmas.confirm",
            lambda: confirm_pokmas(by=request.user, pokmas=row, **form.cleaned_data),
        ):
            told = _("%s sudah disahkan.") % row.name
            return onward(request, sending, told, "execution:pokmas", row.pk, draft=f"sk-{row.pk}")
    context = {"form": form, "pokmas": row, "members": row.members.select_related("person")}
    return page(request, "pokmas_confirm.html", context, 422 if form.errors else 200)
