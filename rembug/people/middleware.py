"""What every page of a signed-in person keeps to: a browser holds nothing of it, a button pressed twice
gets the first receipt, and whoever was signed out under a button comes back to the page they were on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from rembug.core.pages import not_to_open
from rembug.people.login import OPEN, page_pressed
from rembug.people.models import Sending
from rembug.people.sending import earlier

Answerer = Callable[[HttpRequest], HttpResponse]
# Our own script sends a form in the background and goes on by itself (frontend/ts/sending.ts).
SCRIPT, LOCATION = "X-Rembug-Sending", "X-Location"


class KeepNothing:
    """Pages of a signed-in person leave no trace in the browser: after *Keluar*, Back shows the sign-in.

    What is forgotten is not kept: only answers that say `public`, pages without a session of an app
    that is open to visitors, and files, which say for themselves how long, are left alone.
    """

    def __init__(self, get_response: Answerer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _may_be_kept(request, response):
            response["Cache-Control"] = "private, no-store"
        return response


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    page = request.resolver_match
    app = page.app_name if page else ""
    told = response.get("Cache-Control", "")
    if "public" in told or (app == "files" and told):
        return True
    known = settings.SESSION_COOKIE_NAME in (*request.COOKIES, *response.cookies)
    return not known and (app in OPEN or not app)


class FirstReceipt:
    """The same press again, whatever has changed since: the receipt of the first, and where it led."""

    def __init__(self, get_response: Answerer):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST":
            response = self._after(request, response)
        if response.status_code == 405 and request.method == "GET":
            return not_to_open(request)
        return _for_script(request, _signed_out(request, response))

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        sending = _sent_before(request)
        return told_again(request, sending) if sending and sending.answer else None

    def _after(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        receipt = getattr(request, "receipt", None)
        if where := _leads(response):
            _note(receipt, where)
        elif receipt is None and response.status_code in (403, 404, 422):
            # Refused, perhaps because its twin was served a moment ago.
            if sending := _sent_before(request):
                return told_again(request, sending)
        return response


def _sent_before(request: HttpRequest) -> Sending | None:
    if request.method != "POST" or request.city is None or "key" not in request.POST:  # type: ignore[attr-defined]
        return None
    return earlier(request) if request.user.is_authenticated else None


def _note(receipt: Sending | None, answer: str) -> None:
    """Keep where an act led; without it a second press lands on the page it came from."""
    if receipt is None or receipt.answer or len(answer) > 200:
        return
    try:
        Sending.objects.filter(city=receipt.city_id, pk=receipt.pk).update(answer=answer)
    except DatabaseError:
        # The act is committed and its answer on the way; this line is only a comfort.
        return


def told_again(request: HttpRequest, sending: Sending) -> HttpResponse:
    """Say that it had arrived already, and lead to where it led."""
    told = _("Ini sudah kami terima pukul %(clock)s. Tanda terima %(code)s.")
    clock = timezone.localtime(sending.at).strftime("%H.%M")
    messages.success(request, told % {"clock": clock, "code": sending.code})
    return redirect(sending.answer or page_pressed(request) or "people:home")


def _signed_out(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Signed out under a button: after signing in comes the page the button stood on."""
    if _to_sign_in(_leads(response)) and (request.method != "GET" or request.htmx):  # type: ignore[attr-defined]
        wanted = urlencode({"next": page_pressed(request)}, safe="/")
        response["Location"] = f"{reverse('people:login')}?{wanted}"
    return response


def _leads(response: HttpResponse) -> str:
    """Where an answer sends the browser; empty when it shows something itself."""
    return response.get("Location", "") if 300 <= response.status_code < 400 else ""


def _to_sign_in(where: str) -> bool:
    wanted = urlsplit(where).path
    return wanted.endswith("/masuk/") and wanted == reverse("people:login")


def _follows_typing(request: HttpRequest) -> bool:
    """Whether only a part of another page was asked for, while somebody types on there."""
    page = urlsplit(request.htmx.current_url or "").path if request.htmx else ""  # type: ignore[attr-defined]
    return bool(page) and page != request.path


def _for_script(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A script cannot see a redirect: it is told where to go, and goes itself."""
    where = _leads(response)
    if where and _to_sign_in(where) and _follows_typing(request):
        # A part of the page that follows the typing: the page stays, and the press says it.
        return HttpResponse(status=401)
    if where and request.htmx:  # type: ignore[attr-defined]
        told: HttpResponse = HttpResponseClientRedirect(where)
    elif where and SCRIPT in request.headers:
        told = HttpResponse(status=401 if _to_sign_in(where) else 204, headers={LOCATION: where})
    else:
        return response
    told.cookies = response.cookies
    return told
