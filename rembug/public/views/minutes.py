"""The signed minutes of a residents' meeting, for everybody: what was decided and who signed; never who came."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rembug.core.pdf import render as papered
from rembug.core.privacy import masked
from rembug.core.words import short_date
from rembug.planning.books import book_for, fields_of
from rembug.planning.minutes import TEMPLATE, minutes_data
from rembug.planning.models import Meeting
from rembug.planning.rules import SIGNERS, MeetingState, Outcome
from rembug.public.cache import kept


def _signed(pk: int) -> Meeting:
    """Minutes are everybody's once all have signed; until then nobody outside reads them."""
    rows = Meeting.objects.filter(state=MeetingState.SIGNED).select_related("unit", "city")
    return get_object_or_404(rows, pk=pk)


@require_safe
@kept
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """What one meeting decided, put off and discussed, how many came, and who signed."""
    row = _signed(pk)
    known = {one.code: one for one in fields_of(book_for(row.year, row.unit.kind))}
    items = [_item(one, known) for one in row.items.all()]
    titles = {
        Outcome.DECIDED: _("Diputuskan"),
        Outcome.DEFERRED: _("Ditunda"),
        Outcome.DISCUSSED: _("Dibahas"),
    }
    standing = row.signatures.filter(lapsed_at=None).select_related("person", "office__city")
    here = reverse("public:rt", args=[row.unit.code])
    context = {
        "meeting": row,
        "title": _("Notulen rembug, %s") % short_date(row.at),
        "about": row.title,
        "place": row.place,
        "crumbs": [(reverse("public:city"), request.city.name), (here, row.unit.full_label)],  # type: ignore[attr-defined]
        "groups": [
            (outcome, title, [one for one in items if one["outcome"] == outcome])
            for outcome, title in titles.items()
        ],
        "decided": sum(one["cost"] for one in items if one["outcome"] == Outcome.DECIDED),
        "signatures": list(standing),
        "wanted": len(SIGNERS[row.unit.kind]),
    }
    return render(request, "public/minutes.html", context)


def _item(item: Any, known: dict[str, Any]) -> dict[str, Any]:
    """One thing discussed, without the numbers of people in it."""
    told = {name: getattr(item, name) for name in ("title", "volume", "reason")}
    field = known.get(item.field)
    return {**told, "field": field, "code": item.field, "cost": item.cost, "outcome": item.outcome}


def _masked(said: Any) -> Any:
    """Everything a paper says, in whatever list or table it stands, without anybody's own numbers."""
    if isinstance(said, str):
        return masked(said)
    if isinstance(said, dict):
        return {name: _masked(value) for name, value in said.items()}
    return [_masked(value) for value in said] if isinstance(said, list | tuple) else said


@require_safe
def minutes_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same on paper; the list of who came stays inside the house. No gate reads a PDF, so it is masked here."""
    row = _signed(pk)
    address = request.build_absolute_uri(reverse("public:minutes", args=[row.pk]))
    data = minutes_data(row, address)
    data["names"] = []
    # What was noted beside the decisions stays inside the house, with the names.
    data["notes"] = ""
    data = _masked(data)
    response = HttpResponse(papered(TEMPLATE, data), content_type="application/pdf")
    response.is_guarded = True  # type: ignore[attr-defined]
    response["Content-Disposition"] = f'inline; filename="notulen-{row.pk}.pdf"'
    return response
