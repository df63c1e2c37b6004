"""What residents decided: the signed minutes of a rembug, without the names of those who came."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rembug.core.parts.marks import bid
from rembug.planning.models import Meeting, MeetingItem, Signature
from rembug.planning.rules import MeetingState, Outcome
from rembug.public import places, years
from rembug.public.cache import kept
from rembug.public.voices import masked


@require_safe
@kept
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes everybody may read: from the last signature on, and only while they stand.

    The notes and the list of names stay inside the house; what was decided, put off or talked about,
    how many came and who signed in which office does not.
    """
    columns = ("unit__code", "year", "title", "place", "at", "men", "women", "count_reason")
    row = (
        Meeting.objects.filter(pk=pk, state=MeetingState.SIGNED)
        .values(*columns, "minutes_digest")
        .first()
    )
    if row is None:
        raise Http404
    way = places.way_to(request.city, row["unit__code"])
    crumbs = places.crumbs(request.city, way)
    items = _items(pk, years.years_of(request).fields)
    context = {
        "meeting": row
        | {name: masked(row[name]) for name in ("title", "place", "count_reason")}
        | {"present": row["men"] + row["women"]},
        "here": way[-1],
        "name": places.full_label(way),
        "crumbs": [*crumbs, (way[-1].url, way[-1].label)],
        "parts": items,
        "total": sum(item["cost"] for item in items[0][1]),
        "signers": _signers(pk),
    }
    return render(request, "public/minutes.html", context)


def _items(pk: int, fields: dict[str, tuple[str, str]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(heading, what was said there) for each outcome, decisions first. One query."""
    heads = {
        Outcome.DECIDED: _("Yang diputuskan"),
        Outcome.DEFERRED: _("Yang ditunda"),
        Outcome.DISCUSSED: _("Yang dibahas"),
    }
    found: dict[str, list[dict[str, Any]]] = {outcome: [] for outcome in heads}
    rows = MeetingItem.objects.filter(meeting=pk).order_by("rank")
    for row in rows.values("field", "title", "volume", "cost", "outcome", "reason"):
        row |= {name: masked(row[name]) for name in ("title", "volume", "reason")}
        row["bid"] = bid(*fields.get(row["field"], ("adm", row["field"]))) if row["field"] else ""
        found[row["outcome"]].append(row)
    return [(str(heads[Outcome(outcome)]), each) for outcome, each in found.items()]


def _signers(pk: int) -> list[dict[str, Any]]:
    """Who signed, in which office, when. One query."""
    standing = Signature.objects.filter(meeting=pk, lapsed_at=None).order_by("at")
    return [
        {"title": one.office.title, "name": one.person.name, "at": one.at, "code": one.digest[:16]}
        for one in standing.select_related("person", "office__city")
    ]
