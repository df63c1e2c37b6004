"""The matters behind every figure of lateness: what, where, since when, and who must act."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rembug.core import words
from rembug.core.paging import page_of
from rembug.execution.models import Comment, Report, Tranche, Work
from rembug.people.models import DeskItem
from rembug.planning.models import Activity
from rembug.public import places, tiles, waiting
from rembug.public.cache import kept
from rembug.regions.models import City, Unit, UnitKind

SIZE = 50
MOST_ACTS = 60
# The kind of thing that waits: the rows it lies in, and the way from there to its activity.
ACTIVITY_OF = {
    "planning.activity": (Activity, ""),
    "execution.work": (Work, "activity__"),
    "execution.tranche": (Tranche, "work__activity__"),
    "execution.report": (Report, "work__activity__"),
    "execution.comment": (Comment, "activity__"),
}
COLUMNS = ("act", "thing", "about_unit__code", "about_unit__kind", "opened_at", "due_on")


@require_safe
@kept
def waiting_list(request: HttpRequest) -> HttpResponse:
    """What is past its day (`?apa=` an act, `?wilayah=` a place); `?kosong=1`: before empty seats."""
    acts = request.GET.getlist("apa")[:MOST_ACTS]
    vacant = request.GET.get("kosong") == "1"
    upper = tiles.places()
    names = {place.code: place for place in upper}
    asked = request.GET.get("wilayah", "")
    # An RW is not among the upper places; nor is a code that does not exist.
    place = names.get(asked) or Unit.objects.filter(code=asked).defer("boundary").first()
    items = waiting.open_items(place.code if place else "")
    if acts:
        items = items.filter(act__in=acts)
    items = _before_empty_seats(items) if vacant else items.filter(due_on__lt=timezone.localdate())
    page = page_of(
        items.order_by("opened_at", "id").values_list(*COLUMNS),
        request.GET.get("halaman"),
        size=SIZE,
    )
    kelurahan = {code: each.name for code, each in names.items()}
    context = {
        "title": _title(acts, vacant, request.city),
        "place": place,
        "place_url": places.url_of(place.kind, place.code) if place else "",
        "page": page,
        "rows": _rows(request, page.rows, kelurahan),
        "vacant": vacant,
        "now": timezone.now(),
    }
    return render(request, "public/waiting.html", context)


def _title(acts: list[str], vacant: bool, city: City) -> str:
    if vacant:
        return _("Tertahan karena jabatan kosong")
    return waiting.awaited(acts[0], city) if len(acts) == 1 else _("Yang lewat batas")


def _before_empty_seats(items: QuerySet[DeskItem]) -> QuerySet[DeskItem]:
    """What waits where no decree names anyone who could do it. Two queries.

    Desks are gathered by act: when the terms of every RT of a city end on one day, a condition for
    each desk is more than a database takes.
    """
    desks: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for desk in waiting.vacant_desks(waiting.by_desk(items), waiting.holders_now(items)):
        # A pokmas lies in one kelurahan, so its number says the place too.
        desks[desk["act"], bool(desk["body"])].add(desk["body"] or desk["unit_id"])
    empty = Q(pk__in=[])
    for (act, of_pokmas), keys in desks.items():
        where = Q(body__in=keys) if of_pokmas else Q(body=0, unit__in=keys)
        empty |= Q(act=act) & where
    return items.filter(empty)


def _rows(
    request: HttpRequest, rows: list[tuple], kelurahan: dict[str, str]
) -> list[dict[str, Any]]:
    activities = _activities([thing for _act, thing, *_rest in rows])
    home = reverse("public:activities")
    found = []
    for act, thing, code, kind, opened_at, due_on in rows:
        pk, name = activities.get(thing, (0, ""))
        found.append(
            {
                "what": waiting.awaited(act, request.city),
                "activity": name,
                "url": f"{home}{pk}/" if pk else "",
                "place": _place(kind, code, kelurahan),
                "place_url": places.url_of(kind, code),
                "since": words.age(opened_at),
                "left": words.left(due_on) if due_on else "",
                "who": waiting.owners(act, request.city, kind),
            }
        )
    return found


def _place(kind: str, code: str, kelurahan: dict[str, str]) -> str:
    """`RT 03 / RW 05 Ngronggo`, `Kelurahan Ngronggo`."""
    if kind in (UnitKind.RT, UnitKind.RW):
        name = kelurahan.get(places.above(UnitKind.KELURAHAN, code), "")
        return f"{places.label_of(kind, code)} {name}".strip()
    return places.label_of(kind, code, kelurahan.get(code, ""))


def _activities(things: list[str]) -> dict[str, tuple[int, str]]:
    """The activity (key, name) behind each thing that belongs to one. A query per kind of thing."""
    keys: dict[str, list[int]] = defaultdict(list)
    for thing in things:
        kind, _colon, key = thing.partition(":")
        if kind in ACTIVITY_OF:
            keys[kind].append(int(key))
    found = {}
    for kind, pks in keys.items():
        model, way = ACTIVITY_OF[kind]
        rows = model._default_manager.filter(pk__in=pks)
        for pk, activity, name in rows.values_list("pk", f"{way}id", f"{way}name"):
            found[f"{kind}:{pk}"] = (activity, name)
    return found
