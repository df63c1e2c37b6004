"""Pages that belong to no app: a form that came back from a stale tab."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened long ago or in another login: say how to go on, keep the typed text."""
    return render(request, "403_csrf.html", status=403)


# Choosing a language writes one cookie and nothing else. A token in this form, which stands on every page, would give
# each visitor a cookie and keep public pages out of caches.
choose_language = csrf_exempt(set_language)
