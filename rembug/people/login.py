"""Signing in to one city: the login name is unique there, and means nothing in another."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlencode

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django_htmx.http import HttpResponseClientRedirect

from rembug.core.source import source_of
from rembug.people.models import Person

# Wrong passwords from one source, for all names together, in the time a lock lasts, before it must rest.
MOST_GUESSES = 24
DEVICE_COOKIE, DEVICE_PERSONS = "pernah_masuk", 6


def login_name(typed: str) -> str:
    """A login name as it is kept: no blanks around it, lower case."""
    return typed.strip().lower()


def lock_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name wrong passwords are counted: one login of one city, however it is typed.

    From a browser in which this person has signed in before they are counted apart: whoever guesses
    elsewhere, also in the same network, cannot keep the officer out of their own telephone.
    """
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    city = getattr(request, "city", None)
    name = plain_lock_name(city.pk if city else "", typed)
    device = _devices(request).get(name, "")
    return f"{name} {device}".strip()


def plain_lock_name(city: str, login: str) -> str:
    return f"{city}:{login_name(login)}"


def _devices(request: HttpRequest) -> dict[str, str]:
    """The persons who have signed in from this browser, each with a sign of it."""
    try:
        told = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_COOKIE)
    except signing.BadSignature:
        return {}
    return told if isinstance(told, dict) else {}


def remember_device(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """After a right password: the browser is known to be this person's too."""
    devices = _devices(request)
    name = plain_lock_name(person.city_id, person.login)
    devices[name] = devices.pop(name, "") or secrets.token_hex(6)
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(dict(list(devices.items())[-DEVICE_PERSONS:]), salt=DEVICE_COOKIE),
        max_age=180 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def guesses_too_much(request: HttpRequest) -> bool:
    """Whether so many wrong passwords came from one source, for whatever names, that it must rest.

    A browser in which the person has signed in before is not held up by what others do beside it.
    """
    if " " in lock_name(request):
        return False
    since = now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    wrong = AccessAttempt.objects.filter(ip_address=source_of(request), attempt_time__gt=since)
    return (wrong.aggregate(sum=Sum("failures_since_start"))["sum"] or 0) >= MOST_GUESSES


def let_in_again(person: Person) -> None:
    """Forget the wrong passwords of a person: the office above has given out a new one."""
    name = plain_lock_name(person.city_id, person.login)
    own = Q(username=name) | Q(username__startswith=name + " ")
    AccessAttempt.objects.filter(own).delete()


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
        return person if check_password(password, person.password) and person.is_active else None

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


# Apps whose pages a visitor may open too, and the pages by which a first password becomes one's own.
OPEN = {"public", "files"}
WAY_OUT = {"people:login", "people:password", "people:logout", "set_language"}


class FirstPasswordMiddleware(MiddlewareMixin):
    """Whoever still has the password an office gave them chooses their own before anything else.

    Until then open pages know them only as a visitor. Every other page, also one yet to be written,
    sends them on unopened, and what a form or htmx sent is not run.
    """

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        user, page = request.user, request.resolver_match
        if request.city is None or page.view_name in WAY_OUT:  # type: ignore[attr-defined, union-attr]
            return None
        if page.app_name in OPEN:  # type: ignore[union-attr]
            # Still read only when a page asks: public pictures touch no session.
            request.user = SimpleLazyObject(lambda: AnonymousUser() if _has_first(user) else user)
            return None
        if not _has_first(user):
            return None
        choose = f"{reverse('people:password')}?{urlencode({'next': _wanted(request)}, safe='/')}"
        return HttpResponseClientRedirect(choose) if request.htmx else redirect(choose)  # type: ignore[attr-defined]


def _has_first(user: Any) -> bool:
    return getattr(user, "must_change_password", False)


def _wanted(request: HttpRequest) -> str:
    """The page to come back to: the one asked for, or the one on which something was pressed."""
    if request.method in ("GET", "HEAD") and not request.htmx:  # type: ignore[attr-defined]
        return request.get_full_path()
    return page_pressed(request)


def page_pressed(request: HttpRequest) -> str:
    """The page of this city on which something was pressed; empty when that is not known."""
    pressed = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    return own_path(request, re.sub("^https?://[^/]*", "", pressed))


def own_path(request: HttpRequest, wanted: str) -> str:
    """An address within this city to which somebody may be sent on; empty for every other one.

    Steps upwards are refused: what begins in this city could still end in another.
    """
    steps = re.split(r"[/\\]", unquote(re.split("[?#]", wanted)[0]))
    inside = wanted.startswith(request.city_root) and not {".", ".."} & set(steps)  # type: ignore[attr-defined]
    if not (inside and url_has_allowed_host_and_scheme(wanted, None)):
        return ""
    return above(wanted) if _only_sent(request, wanted) else wanted


def above(path: str) -> str:
    """The page one step up: `/kota/usulan/5/` for `/kota/usulan/5/kirim/`."""
    return re.split("[?#]", path)[0].rstrip("/").rpartition("/")[0] + "/"


def _only_sent(request: HttpRequest, path: str) -> bool:
    """Whether a page takes only what is sent, so that nobody can be led to it."""
    inner = "/" + re.split("[?#]", path)[0].removeprefix(request.city_root)  # type: ignore[attr-defined]
    try:
        found = resolve(unquote(inner), urlconf=request.urlconf)  # type: ignore[attr-defined]
    except Resolver404:
        return False
    return getattr(found.func, "only_sent", False)
