"""The desk beside the case that is open, and who sits at it."""

from __future__ import annotations

from typing import Any

from django import template

from rembug.people import desk
from rembug.people.authority import offices_of
from rembug.people.models import Person

register = template.Library()
BESIDE = 12


@register.inclusion_tag("people/desk_side.html", takes_context=True)
def desk_side(context: dict[str, Any]) -> dict[str, Any]:
    """What else of this kind waits, when the open page is one that waits for the reader."""
    request = context.get("request")
    person = getattr(request, "user", None)
    root = getattr(request, "city_root", "")
    match = getattr(request, "resolver_match", None)
    # The desk itself, and pages of errors, have nothing beside them.
    if not isinstance(person, Person) or not root or not match or match.view_name == "people:desk":
        return {}
    here = request.path.removeprefix(root)  # type: ignore[union-attr]
    current = desk.inbox(person).filter(path=here).first()
    if current is None:
        return {}
    alike = list(desk.inbox(person).filter(act=current.act)[:BESIDE])
    if current not in alike:
        alike = [current, *alike[: BESIDE - 1]]
    return {"items": alike, "current": current, "root": root}


@register.inclusion_tag("people/desk_who.html", takes_context=True)
def desk_who(context: dict[str, Any]) -> dict[str, Any]:
    """The name of who is signed in, their offices, and the way out."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {}
    return {"person": person, "offices": offices_of(person), "request": request} | (
        {"csrf_token": context["csrf_token"]} if "csrf_token" in context else {}
    )
