"""Signing in to one city: the login name is unique there, and means nothing in another."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from rembug.people.models import Person


def login_name(typed: str) -> str:
    """A login name as it is kept: no blanks around it, lower case."""
    return typed.strip().lower()


def lock_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name wrong passwords are counted: one login of one city, however it is typed."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    city = getattr(request, "city", None)
    return f"{city.pk if city else ''}:{login_name(typed)}"


class CityBackend:
    """Login name and password, inside the city of the address."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> Person | None:
        city = getattr(request, "city", None)
        if city is None or not username or not password:
            return None
        person = Person.everywhere.filter(city=city, login=login_name(username)).first()
        if person is None:
            # Spend the same time as for a real login, so that names cannot be guessed by the clock.
            make_password(password)
            return None
        return person if person.is_active and check_password(password, person.password) else None

    def get_user(self, user_id: int) -> Person | None:
        return Person.everywhere.select_related("city").filter(pk=user_id, is_active=True).first()


def visitor_or_insider(request: HttpRequest) -> Person | AnonymousUser:
    """Who is looking: a person signed in elsewhere is a visitor in this city."""
    user = get_user(request)
    city = getattr(request, "city", None)
    if isinstance(user, Person) and city is not None and user.city_id == city.pk:
        return user
    return AnonymousUser()


class CityAuthenticationMiddleware(MiddlewareMixin):
    """Sets `request.user`, read only when a page asks for it."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: visitor_or_insider(request))
