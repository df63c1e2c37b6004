"""One budget document for many RT: choose a kelurahan, tick, write number and day once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.people.authority import holds_anywhere, within_reach
from rembug.people.sending import objections
from rembug.planning.forms import BudgetForm
from rembug.planning.models import Proposal
from rembug.planning.rules import ProposalState
from rembug.planning.services.budget import budget_several
from rembug.planning.views.frame import allow, send, show, thank
from rembug.planning.views.proposals import whole
from rembug.regions.models import Unit, UnitKind

# As many as one kelurahan has RT, with room; a longer list would hold the books too long.
MOST = 150


@login_required
def budget_many(request: HttpRequest) -> HttpResponse:
    """Verified proposals of one kelurahan, entered together: all or none, every reason named."""
    allow(holds_anywhere(request.user, "proposal.budget"))
    ready = whole().filter(
        within_reach(request.user, "proposal.budget"), state=ProposalState.VERIFIED
    )
    asked = request.POST.get("kelurahan") or request.GET.get("kelurahan") or ""
    place = Unit.objects.filter(kind=UnitKind.KELURAHAN, code=asked[:32]).first()
    rows = _rows(ready, place) if place else []
    form = BudgetForm(request.POST or None, initial={"on": localdate()})
    ticked = request.POST.getlist("usulan")[:MOST]
    if form.is_bound and place and _enter(request, form, rows, ticked):
        return redirect(f"{reverse('planning:budget_many')}?kelurahan={place.code}")
    context = {
        "place": place,
        "rows": rows,
        "form": form,
        "ticked": ticked,
        "total": sum(row.cost for row in rows),
        "places": _places(ready),
    }
    return show(request, "planning/budget_many.html", context, 422 if form.errors else 200)


def _rows(ready: Any, place: Unit) -> list[Proposal]:
    """What waits in a kelurahan, with its activities and cost; each says its key and version."""
    inside = Unit.objects.within(place.code).filter(city_id=place.city_id)
    rows = ready.filter(unit__in=inside).select_related("unit__parent__parent")
    rows = list(
        rows.annotate(cost=Sum("activities__cost", default=0), count=Count("activities")).order_by(
            "unit__code"
        )
    )[:MOST]
    for row in rows:
        row.seen = f"{row.pk}-{row.version}"
    return rows


def _places(ready: Any) -> list[dict[str, Any]]:
    """Kelurahan in which something waits, the most first. Two queries."""
    counts: dict[str, int] = {}
    for code in ready.values_list("unit__code", flat=True):
        key = ".".join(code.split(".")[:4])
        counts[key] = counts.get(key, 0) + 1
    units = Unit.objects.filter(kind=UnitKind.KELURAHAN, code__in=counts).defer("boundary")
    found = [{"code": unit.code, "name": unit.label, "count": counts[unit.code]} for unit in units]
    return sorted(found, key=lambda each: (-each["count"], each["name"]))


def _enter(request: HttpRequest, form: BudgetForm, rows: list[Proposal], ticked: list[str]) -> bool:
    """Do the act once for all ticked rows; on False the form says every reason."""
    known = {row.pk: row for row in rows}
    chosen = []
    for text in ticked:
        pk, _dash, version = text.partition("-")
        row = known.get(machine(pk))
        if row is not None:
            chosen.append((row, machine(version)))
    sound = form.is_valid()

    def run() -> Proposal:
        return budget_several(
            by=request.user,  # type: ignore[arg-type]
            proposals=chosen,
            document=form.cleaned_data.get("document") or "",
            on=form.cleaned_data.get("on"),
        )[0]

    if not sound:
        form.refuse(objections(run))
        return False
    receipt, _reasons = send(request, "proposal.budget_several", run, form)
    if receipt is None:
        return False
    thank(request, receipt, _("%d usulan masuk anggaran. Uangnya sudah dicadangkan.") % len(chosen))
    return True
