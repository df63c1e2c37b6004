"""Pages that belong to no app: a form that came back from a stale tab."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened long ago or in another login: say how to go on, keep the typed text."""
    return render(request, "403_csrf.html", status=403)


class HostMiddleware:
    """An address that is not this server's: told in a sentence, before anything asks what it is called."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            told = gettext("Alamat ini tidak dilayani di sini. Periksa alamat yang Anda tulis.")
            return HttpResponse(told, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


# Choosing a language writes one cookie and nothing else. A token in this form, which stands on every page, would give
# each visitor a cookie and keep public pages out of caches.
choose_language = csrf_exempt(set_language)
