"""What waits, on whose desk, since when and until when. One table answers for every kind of matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Min, Model, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from rembug.core import folding
from rembug.core.words import retold
from rembug.people.acts import thing_of
from rembug.people.authority import offices_of, seat_title
from rembug.people.models import DeskItem, Office, Person
from rembug.people.rules import ROLES, holders, seat_of
from rembug.regions.models import Unit


def seat(act: str, about: Unit) -> Unit:
    """The unit whose office does an act for a place: the RW of an RT, its kelurahan, the city."""
    code = about.above(seat_of(act)) or about.code
    return about if code == about.code else Unit.objects.get(city_id=about.city_id, code=code)


def open_item(
    *,
    act: str,
    thing: Model,
    about: Unit,
    title: str,
    path: str,
    due_on: date | None = None,
    body: int = 0,
    amount: int = 0,
    at: datetime | None = None,
) -> DeskItem:
    """Put a matter on the desk of the office that must act next.

    `path` is the page of the city where it is done, `amount` rupiah that wait with it.
    """
    item = DeskItem(
        city_id=about.city_id,
        act=act,
        unit=seat(act, about),
        body=body,
        thing=thing_of(thing),
        title=title[:200],
        about_unit=about,
        path=path,
        amount=amount,
        opened_at=at or timezone.now(),
        due_on=due_on,
    )
    item.save(force_insert=True)
    return item


def close_items(
    thing: Model,
    *,
    by: Person | None,
    outcome: str,
    act: str | None = None,
    at: datetime | None = None,
) -> int:
    """Take a matter off the desks where it waits (all of them, or the one for an act)."""
    waiting = DeskItem.objects.filter(
        city_id=thing.city_id,  # type: ignore[attr-defined]
        thing=thing_of(thing),
        closed_at=None,
    )
    if act:
        waiting = waiting.filter(act=act)
    return waiting.update(closed_at=at or timezone.now(), closed_by=by, outcome=outcome)


def _desks(offices: Iterable[Office]) -> Q:
    mine = Q(pk__in=[])
    for office in offices:
        mine |= Q(unit=office.unit_id, body=office.body, act__in=ROLES[office.role])
    return mine


def inbox(person: Person) -> QuerySet[DeskItem]:
    """What waits for this person's offices, oldest first."""
    return (
        DeskItem.objects.filter(_desks(offices_of(person)), city_id=person.city_id, closed_at=None)
        .select_related("about_unit__parent__parent", "unit", "city")
        .order_by("opened_at", "id")
    )


# How long after an act its page may still ask what comes next.
JUST_NOW = timedelta(minutes=5)


def following(person: Person, path: str) -> str | None:
    """Where to go, within the city, after the matter of a page was done: the oldest of the same kind,
    else the oldest, else the desk. None where the page was not on the person's desk.
    """
    done = (
        DeskItem.objects.filter(
            city_id=person.city_id,
            closed_by=person,
            closed_at__gte=timezone.now() - JUST_NOW,
            path=path,
        )
        .order_by("-closed_at")
        .first()
    )
    if done is None:
        return None
    upcoming = inbox(person).filter(act=done.act).first() or inbox(person).first()
    return upcoming.path if upcoming else reverse("people:desk").removeprefix(get_script_prefix())


def following_page(request: HttpRequest) -> str | None:
    """The same as the whole address of a page, for the page that was just sent."""
    root = get_script_prefix()
    path = following(request.user, request.path.removeprefix(root))  # type: ignore[arg-type]
    return None if path is None else root + path


def narrowed(items: QuerySet[DeskItem], text: str, act: str) -> QuerySet[DeskItem]:
    """Those of one kind (`act`), or whose title or place holds every word of a search."""
    if act:
        items = items.filter(act=act)
    for word in folding.words_of(text)[: folding.MOST_WORDS]:
        there = Unit.objects.filter(folding.holds(word)).order_by().values("id")
        items = items.filter(Q(title__icontains=word) | Q(about_unit__in=there))
    return items


def kinds(items: QuerySet[DeskItem]) -> list[tuple[str, str, int]]:
    """(act, its words, how many) of everything among the items, the most first. One query."""
    rows = items.order_by().values("act").annotate(count=Count("id"), title=Min("title"))
    found = []
    for row in rows:
        words = retold(row["title"]).partition(": ")[0]
        # Years, percents and numbers differ within a kind; what is left is what they share.
        said = re.sub(r"\s*\d+\S*", "", words).strip()
        found.append((row["act"], said, row["count"]))
    return sorted(found, key=lambda each: -each[2])


def _territory(person: Person) -> Q:
    """Items about a place within any office of the person."""
    place = Q(pk__in=[])
    for office in offices_of(person):
        place |= Q(about_unit=office.unit_id) | Q(
            about_unit__code__startswith=office.unit.code + "."
        )
    return place


def elsewhere(person: Person) -> QuerySet[DeskItem]:
    """What concerns this person's territory and waits for somebody else, oldest first."""
    return (
        DeskItem.objects.filter(_territory(person), city_id=person.city_id, closed_at=None)
        .exclude(_desks(offices_of(person)))
        .select_related("about_unit__parent__parent", "unit", "city")
        .order_by("opened_at", "id")
    )


@dataclass
class Blocked:
    """A seat that nobody holds by a valid decree, and what stops there: rupiah and matters."""

    unit: Unit
    act: str
    count: int
    since: datetime
    amount: int

    @property
    def seat(self) -> str:
        return seat_title(self.act, self.unit.city, self.unit.kind)


def blocked(person: Person) -> list[Blocked]:
    """Every empty seat in this person's territory at which something waits, longest first.

    Four queries, however much waits.
    """
    seats = list(
        DeskItem.objects.filter(_territory(person), city_id=person.city_id, closed_at=None)
        .order_by()
        .values("city_id", "unit_id", "act", "body")
        .annotate(count=Count("pk"), since=Min("opened_at"), amount=Sum("amount"))
    )
    waiting = [SimpleNamespace(**seat) for seat in seats]
    who_must(waiting)
    empty = [seat for seat in waiting if not seat.holders]
    units = Unit.objects.filter(city_id=person.city_id).select_related("city")
    places = units.in_bulk({seat.unit_id for seat in empty})
    found = [
        Blocked(places[seat.unit_id], seat.act, seat.count, seat.since, seat.amount)
        for seat in empty
    ]
    return sorted(found, key=lambda one: one.since)


def done_today(person: Person) -> QuerySet[DeskItem]:
    """What this person finished since midnight, newest first."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        DeskItem.objects.filter(city_id=person.city_id, closed_by=person, closed_at__gte=midnight)
        .select_related("about_unit__parent__parent", "unit", "city")
        .order_by("-closed_at")
    )


def who_must(items: Sequence[Any]) -> None:
    """Set `holders` on each item: the titles and names that can act, empty when the office is vacant.

    One query for a whole page of items.
    """
    roles = {role for item in items for role in holders(item.act)}
    offices = (
        Office.objects.filter(
            city_id=items[0].city_id,
            role__in=roles,
            unit__in={item.unit_id for item in items},
        )
        .on(timezone.localdate())
        .select_related("person", "city")
        if items
        else []
    )
    seats: dict[tuple[int, int], list[Office]] = {}
    for office in offices:
        seats.setdefault((office.unit_id, office.body), []).append(office)
    for item in items:
        item.holders = [
            office
            for office in seats.get((item.unit_id, item.body), [])
            if item.act in ROLES[office.role]
        ]
