"""Who may do what, where: office x territory. The only place that answers."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate

from rembug.people.models import Office, Person
from rembug.people.rules import OWN, ROLE_SEATS, ROLES, holders, seat_of
from rembug.regions.models import City, Unit, reaches


def role_title(role: str, city: City) -> str:
    """What this city calls a role; else the plain title."""
    own = city.role_titles.get(role)
    return city.said(own) if own else str(ROLE_SEATS[role][1])


def seat_title(act: str, city: City, kind: str = "") -> str:
    """The title of the office an act waits for, as this city calls it; `kind` is where its desk stands."""
    carrying = [role for role in ROLE_SEATS if role in holders(act)]
    here = [role for role in carrying if str(ROLE_SEATS[role][0]) == (kind or seat_of(act))]
    return role_title((here or carrying)[0], city)


def offices_of(person: object, on: date | None = None) -> list[Office]:
    """The appointments a person holds today, read once per request; empty for a visitor."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    today = on or localdate()
    kept = getattr(person, "_offices", None)
    if kept is None or on is not None:
        kept = list(
            Office.objects.filter(city_id=person.city_id, person=person)
            .on(today)
            .select_related("unit", "city")
            .order_by("id")
        )
        if on is None:
            person._offices = kept  # type: ignore[attr-defined]
    return kept


def holds(person: object, act: str, *, at: Unit, body: int = 0) -> Office | None:
    """The office by which a person may do an act at a place, or None.

    Offices inside a pokmas act only for that pokmas (`body`); all others for their whole territory,
    unless the act is one that ends at their own unit (`rules.OWN`).
    """
    for office in offices_of(person):
        if act not in ROLES[office.role] or office.city_id != at.city_id:
            continue
        if office.body and office.body != body:
            continue
        if _covers(act, office.unit.code, at.code):
            return office
    return None


def _covers(act: str, seat: str, place: str) -> bool:
    """Whether an office's right to an act, from where it sits, extends to a place."""
    return seat == place if act in OWN else reaches(seat, place)


def holds_anywhere(person: object, act: str) -> bool:
    """Whether any office of the person carries an act: the difference between 403 and 404."""
    return any(act in ROLES[office.role] for office in offices_of(person))


def within_reach(person: object, act: str, field: str = "unit", body: str = "") -> Q:
    """The same question as a filter: rows whose unit lies within an office carrying the act.

    `body` names the field with the key of the pokmas a row belongs to. An office inside a pokmas
    reaches only rows of its own; where rows belong to none, it reaches nothing, as in `holds`.
    """
    reach = Q(pk__in=[])
    for office in offices_of(person):
        if act not in ROLES[office.role] or (office.body and not body):
            continue
        own = Q(**{body: office.body}) if office.body else Q()
        place = Q(**{f"{field}__code": office.unit.code})
        if act not in OWN:
            place |= Q(**{f"{field}__code__startswith": office.unit.code + "."})
        reach |= place & own
    return reach


def holders_at(act: str, unit: Unit, body: int = 0, on: date | None = None) -> list[Office]:
    """The appointments in force that can do an act for a place."""
    found = (
        Office.objects.filter(city_id=unit.city_id, role__in=holders(act), body__in=[0, body])
        .on(on or localdate())
        .select_related("unit", "person", "city")
    )
    return [office for office in found if _covers(act, office.unit.code, unit.code)]


def vacant(act: str, unit: Unit, body: int = 0, on: date | None = None) -> bool:
    """No valid decree names anyone who could do this act here: the matter is visibly blocked."""
    return not holders_at(act, unit, body, on)
