"""Public pages kept in memory until something in the city changes.

What is kept has passed the gate (core.gate): memory holds nobody's own numbers, and a kept page is not
read a second time. The key holds the city's stamp, which every committed act renews (people.acts.touch) and which the
city's middleware has read anyway: a kept page costs one query, and a change is seen by the next
visitor. Ages and deadlines on a page grow older by themselves, so nothing is kept over five minutes.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import wraps
from hashlib import sha1
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import InvalidCacheBackendError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from rembug.core.gate import guarded

KEEP_SECONDS = 300
LONGEST_QUERY = 200


class Kept(NamedTuple):
    """A page as it is kept: compressed, with the mark by which a browser asks whether it changed."""

    body: bytes
    kind: str
    etag: str


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the pages of a view for visitors who are not signed in.

    The view must write nothing, read no session and contain no form token.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _for_everyone(request):
            return view(request, *args, **kwargs)
        key = _key(request)
        page = _store().get(key)
        if page is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming or response.cookies:
                return response
            page = _pack(guarded(request, response))
            _store().set(key, page, KEEP_SECONDS)
        return _answer(request, page)

    return shown


def _store() -> Any:
    """The cache `pages` when the settings have one, else the default."""
    try:
        return caches["pages"]
    except InvalidCacheBackendError:
        return caches["default"]


def _for_everyone(request: HttpRequest) -> bool:
    return (
        getattr(settings, "PAGE_CACHE", True)
        and request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def _key(request: HttpRequest) -> str:
    told = f"{request.city.stamp}|{get_language()}|{request.get_host()}|{request.get_full_path()}"
    return f"page:{request.city.pk}:{sha1(told.encode()).hexdigest()}"


def _pack(response: HttpResponse) -> Kept:
    body = response.content
    return Kept(
        gzip.compress(body, 5), response["Content-Type"], f'W/"{sha1(body).hexdigest()[:20]}"'
    )


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """The kept page, or 304 when the browser has it. Shared caches must ask every time."""
    zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    response = HttpResponse(
        page.body if zipped else gzip.decompress(page.body), content_type=page.kind
    )
    if zipped:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = page.etag
    response["Cache-Control"] = "private, no-cache"
    response.is_guarded = True  # type: ignore[attr-defined]
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return get_conditional_response(request, etag=page.etag, response=response) or response
