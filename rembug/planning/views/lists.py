"""Pages of the five-year list: field by year on a laptop, year after year on a phone."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.core.paging import page_of
from rembug.people.authority import holds_anywhere
from rembug.people.models import Act
from rembug.planning import permissions
from rembug.planning.books import book_for, fields_of, planned_year
from rembug.planning.forms import field_choices
from rembug.planning.models import Meeting, MeetingItem, PlanItem
from rembug.planning.rules import MeetingState, Outcome, PlanState
from rembug.planning.services.lists import (
    add_item,
    change_item,
    defer_item,
    drop_item,
    take_decisions,
)
from rembug.planning.views.frame import (
    allow,
    chosen_unit,
    history,
    own_units,
    seen,
    send,
    show,
    territory,
    thank,
    version_of,
)
from rembug.planning.wishforms import DropForm, WishForm, held_meetings
from rembug.programs.models import Level, Program
from rembug.programs.rulebook import RuleBook
from rembug.regions.models import Unit

FIVE = 5


def list_years(items: list[PlanItem], book: RuleBook | None, target: int) -> range:
    """The years of the list that holds the target year: it begins with the first wish."""
    length = book.meeting.list_years if book else FIVE
    first = min((item.year for item in items if item.state != PlanState.DROPPED), default=target)
    first = min(first, target)
    first += (target - first) // length * length
    return range(first, first + length)


@login_required
def plan_list(request: HttpRequest) -> HttpResponse:
    """The list of one RT; offices choose the RT first."""
    allow(holds_anywhere(request.user, "plan.read"))
    asked, mine = request.GET.get("rt"), own_units(request.user, "plan.read")
    if "pilih" in request.GET or not asked and not mine:
        return _choose_unit(request)
    units = Unit.objects.filter(kind__in=Level.values).select_related("city")
    unit = _seen_unit(request, units, asked or mine[0].code)
    items = list(unit.plan_items.select_related("meeting").order_by("year", "id"))
    target = planned_year(unit.kind)
    book = book_for(target, unit.kind)
    years = list_years(items, book, target)
    context = {
        "unit": unit,
        "years": [(year, [one for one in items if one.year == year]) for year in years],
        "rows": _rows(items, book, years),
        "others": [one for one in items if one.year not in years],
        "count": sum(one.state != PlanState.DROPPED for one in items),
        "may_edit": permissions.can_edit_list(request.user, unit),
        "decisions": _untaken(unit) if permissions.can_edit_list(request.user, unit) else [],
        "history": _changes(unit),
        "target": target,
        "wider": any(one.kind != Level.RT for one in mine),
    }
    return show(request, "planning/list.html", context)


def _seen_unit(request: HttpRequest, units: Any, code: str) -> Unit:
    """An RT or RW within the person's territory; 404 elsewhere."""
    return get_object_or_404(units.filter(territory(request.user)), code=code)


def _choose_unit(request: HttpRequest) -> HttpResponse:
    """For offices: every RT (and RW that plans) of the territory with how long its list is."""
    reach = territory(request.user)
    live = Count("plan_items", filter=~Q(plan_items__state=PlanState.DROPPED))
    kinds = {Level.RT, *Program.objects.values_list("level", flat=True).distinct()}
    rows = Unit.objects.filter(reach, kind__in=kinds).annotate(wishes=live).order_by("code")
    rows = rows.matching(request.GET.get("q", ""))
    page = page_of(rows, request.GET.get("halaman"), size=40)
    context = {"page": page, "q": request.GET.get("q", "")}
    return show(request, "planning/list_choose.html", context)


def _rows(items: list[PlanItem], book: RuleBook | None, years: range) -> list[dict[str, Any]]:
    """The table: one row for each field, one cell for each year."""
    known = fields_of(book)
    rows = [(field.code, field.title, field.icon) for field in known]
    extra = {one.field for one in items} - {field.code for field in known}
    rows += [(code, code, "") for code in sorted(extra)]
    for one in items:
        one.known = next((field for field in known if field.code == one.field), None)  # type: ignore[attr-defined]
    return [
        {
            "title": title,
            "icon": icon,
            "cells": [
                [one for one in items if one.field == code and one.year == year] for year in years
            ],
        }
        for code, title, icon in rows
    ]


def _untaken(unit: Unit) -> list[MeetingItem]:
    """What recorded meetings decided or deferred and the list does not have yet."""
    return list(
        MeetingItem.objects.filter(meeting__unit=unit, plan_items=None)
        .exclude(outcome=Outcome.DISCUSSED)
        .filter(meeting__state__in=[MeetingState.HELD, MeetingState.SIGNED])
        .select_related("meeting")
        .order_by("-meeting__at", "rank")[:40]
    )


def _changes(unit: Unit) -> list[Act]:
    return history(unit.city, f"list:{unit.pk}")[:12]


def _years(book_year: int) -> range:
    return range(book_year - 1, book_year + 7)


@login_required
def list_add(request: HttpRequest) -> HttpResponse:
    """Add a wish, or carry decisions of a meeting over."""
    unit = chosen_unit(request, "list.edit")
    year = planned_year(unit.kind)
    form = WishForm(
        request.POST if request.POST.get("do") == "add" else None,
        choices=field_choices(book_for(year, unit.kind)),
        years=_years(year),
        meetings=held_meetings(unit.pk),
        initial={"year": year},
    )
    refused: list[str] = []
    if request.method == "POST" and request.POST.get("do") == "take":
        response, refused = _take(request, unit)
        if response:
            return response
    elif request.method == "POST" and form.is_valid():
        run = partial(add_item, by=request.user, unit=unit, **form.wish())
        receipt, _reasons = send(request, "list.add", run, form, draft="daftar-baru")
        if receipt:
            thank(request, receipt, _("Rencana masuk daftar."))
            return redirect("planning:list")
    wrong = bool(form.errors or refused)
    context = {
        "unit": unit,
        "form": form,
        "decisions": _untaken(unit),
        "years": _years(year),
        "target": year,
        "refused": refused,
        "chosen": request.POST.getlist("decision"),
        "asked": request.POST.get("do") == "take",
    }
    return show(request, "planning/list_add.html", context, 422 if wrong else 200)


def _take(request: HttpRequest, unit: Unit) -> tuple[HttpResponse | None, list[str]]:
    """Carry ticked decisions over, each to the year chosen beside it."""
    chosen = [machine(one) for one in request.POST.getlist("decision")[:60]]
    items = MeetingItem.objects.filter(pk__in=chosen, meeting__unit=unit)
    meetings: dict[int, dict[int, int]] = {}
    for item in items:
        asked = machine(request.POST.get(f"year-{item.pk}"))
        year = asked or planned_year(unit.kind)
        meetings.setdefault(item.meeting_id, {})[item.pk] = year
    if not meetings:
        return None, [_("Pilih sedikitnya satu keputusan rembug.")]

    def run() -> Unit:
        for pk, years in meetings.items():
            take_decisions(by=request.user, meeting=Meeting.objects.get(pk=pk), years=years)
        return unit

    receipt, reasons = send(request, "list.take", run)
    if receipt is None:
        return None, reasons
    thank(request, receipt, _("Keputusan rembug masuk daftar."))
    return redirect("planning:list"), []


@login_required
def list_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One wish: change it, put it off, strike it out; and what happened to it before."""
    rows = PlanItem.objects.select_related("unit", "city", "meeting", "decision")
    item = seen(request, rows, pk=pk)
    may_edit = permissions.can_edit_list(request.user, item.unit)
    if request.method == "POST":
        allow(may_edit)
    do = request.POST.get("do", "")
    form = _wish_form(request, item, do)
    drop = DropForm(
        request.POST if do in ("drop", "defer") else None, years=range(item.year + 1, item.year + 7)
    )
    reasons: list[str] = []
    if request.method == "POST":
        response, reasons = _change(request, item, do, form, drop)
        if response:
            return response
    context = {
        "item": item,
        "form": form,
        "drop": drop,
        "field": next(
            (f for f in fields_of(book_for(item.year, item.unit.kind)) if f.code == item.field),
            None,
        ),
        "may_edit": may_edit and item.state not in (PlanState.TAKEN, PlanState.DROPPED),
        "activities": list(item.activities.select_related("proposal")),
        "history": [
            line
            for line in history(item.city, f"list:{item.unit_id}")
            if line.thing == f"planning.planitem:{item.pk}"
        ],
        "stored": PlanItem.objects.get(pk=item.pk) if reasons else None,
    }
    return show(request, "planning/list_item.html", context, 422 if reasons else 200)


def _wish_form(request: HttpRequest, item: PlanItem, do: str) -> WishForm:
    stored = {
        "title": item.title,
        "field": item.field,
        "year": item.year,
        "volume": item.volume,
        "cost": item.cost,
        "meeting": item.meeting_id,
    }
    year = planned_year(item.unit.kind)
    return WishForm(
        request.POST if do == "change" else None,
        choices=field_choices(book_for(item.year, item.unit.kind)),
        years=sorted({item.year, *_years(year)}),
        meetings=held_meetings(item.unit_id),
        initial=stored,
        stored=True,
    )


def _change(
    request: HttpRequest, item: PlanItem, do: str, form: WishForm, drop: DropForm
) -> tuple[HttpResponse | None, list[str]]:
    """Do what the pressed button says; a response when it is done, else every reason."""
    acts = {"change": change_item, "defer": defer_item, "drop": drop_item}
    used = form if do == "change" else drop
    if do not in acts:
        return None, [_("Pilih ubah, tunda, atau coret.")]
    if not used.is_valid():
        return None, [str(one) for errors in used.errors.values() for one in errors]
    if do == "change":
        told = form.wish()
    else:
        told = {"reason": drop.cleaned_data["reason"]}
        if do == "defer":
            told["year"] = drop.cleaned_data["year"] or 0
    version = version_of(request)
    run = partial(acts[do], by=request.user, item=item, version=version, **told)
    draft = f"daftar-{item.pk}-v{item.version}"
    receipt, reasons = send(request, f"list.{do}", run, used, draft=draft)
    if receipt is None:
        return None, reasons
    thank(request, receipt, _("Daftar sudah diubah."))
    return redirect(reverse("planning:list") + f"?rt={item.unit.code}"), []
