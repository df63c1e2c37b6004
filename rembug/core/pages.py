"""Pages that belong to no app: a form that came back from a stale tab, a machine that cannot just now."""

import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from rembug.core.troubles import AWAY, BUSY, FULL, trouble

# When to try again, in seconds; the script in the page does so by itself.
WAIT = {FULL: 600, BUSY: 5, AWAY: 15}


def only_sent(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """A view that takes what is sent and shows nothing by itself; who is led there sees the page above."""
    view.only_sent = True  # type: ignore[attr-defined]
    return require_POST(view)


def not_to_open(request: HttpRequest) -> HttpResponse:
    """An address that only takes what is sent was opened."""
    return render(request, "405.html", status=405)


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
            told = _("Alamat ini tidak dilayani di sini. Periksa alamat yang Anda tulis.")
            return HttpResponse(told, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """In words what went wrong: the disk is full, the database is busy or away, or the fault is ours.

    Asks nothing of the database and of no session: they may be what is broken.
    """
    ail = trouble(sys.exc_info()[1])
    title, lead = _words(ail)
    body = loader.render_to_string("500.html", {"title": title, "lead": lead})
    response = HttpResponse(body, status=503 if ail else 500)
    if ail:
        response["Retry-After"] = str(WAIT[ail])
    return response


def _words(ail: str) -> tuple[str, str]:
    kept = _(
        "Yang sudah mendapat tanda terima tetap aman. Isian yang diketik tetap di ponsel Anda."
    )
    known = {
        FULL: (
            _("Server kehabisan tempat"),
            _("Belum ada yang tersimpan kali ini. Beri tahu pengelola, lalu kirim lagi nanti."),
        ),
        BUSY: (
            _("Server sedang sibuk"),
            _("Belum ada yang tersimpan kali ini. Tunggu satu menit, lalu kirim lagi."),
        ),
        AWAY: (
            _("Server sedang tidak tersambung ke datanya"),
            _("Belum dapat dipastikan. Tunggu beberapa menit, lalu kirim lagi: tidak jadi ganda."),
        ),
    }
    ours = (
        _("Sedang ada gangguan di server"),
        _("Ini bukan salah Anda. Kembali ke halaman sebelumnya dan coba lagi beberapa menit lagi."),
    )
    title, lead = known.get(ail, ours)
    return title, f"{lead} {kept}"


# Choosing a language writes one cookie and nothing else. A token in this form, which stands on every page, would give
# each visitor a cookie and keep public pages out of caches.
choose_language = csrf_exempt(set_language)
