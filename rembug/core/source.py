"""Where a request comes from, and from which browser: to count by, never to keep (hash it before)."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def source_of(request: HttpRequest) -> str:
    """The visitor's address. Behind a proxy it is what the proxy wrote last; its own address would
    make one source of the whole city."""
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if behind_proxy else ""
    found = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found))
    except ValueError:
        return request.META.get("REMOTE_ADDR", "")


def browser_of(request: HttpRequest) -> str:
    """A sign of the browser alone: the secret by which its own forms are known. Empty before it has one.

    Many residents share one address of their carrier; each telephone has a secret of its own.
    """
    return request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")[:64]
