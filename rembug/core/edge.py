"""What comes in from outside, before any page reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from rembug.core.signs import HOSTILE, dropped, is_hostile, named, readable


class SignsMiddleware:
    """Drops marks nobody sees from everything sent, and leaves what deceives to be refused at its field.

    Every text field of every form refuses a NUL. So each sign that must be refused becomes one, and no form
    has to remember; the page that says so shows the text without it, ready to be looked at and sent again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "had_hostile_signs", False) and not response.streaming:
            response.content = response.content.replace(b"\0", b"")
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Here the guard against foreign forms has read the form, and no page has."""
        if request.method != "POST" or not any(map(named, _texts(request.POST))):
            return
        request.had_hostile_signs = any(map(is_hostile, _texts(request.POST)))  # type: ignore[attr-defined]
        request.POST = _cleaned(  # type: ignore[assignment]
            request.POST, lambda text: HOSTILE.sub("\0", dropped(text))
        )


def cleaned_query(query: str) -> str:
    """What is asked for in an address. It is looked up, never kept: without such signs it finds what was meant."""
    if query.isascii() and "%" not in query:
        return query
    asked = QueryDict(query)
    return _cleaned(asked, readable).urlencode() if any(map(named, _texts(asked))) else query


def _texts(sent: QueryDict) -> list[str]:
    return [text for name, values in sent.lists() for text in (name, *values)]


def _cleaned(sent: QueryDict, clean: Callable[[str], str]) -> QueryDict:
    made = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        made.setlist(readable(name), [clean(one) for one in values])
    made._mutable = False
    return made
