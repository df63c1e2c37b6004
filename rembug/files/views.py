"""Serves files: public copies to anyone once published, the rest to whoever may see what they belong to."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from rembug.files import storage
from rembug.files.models import File
from rembug.files.readers import may_open
from rembug.files.responses import PRIVATE, answer, as_sent

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def public(request: HttpRequest, sha: str) -> HttpResponseBase:
    """The picture at most 1280 px wide."""
    return _copy(request, sha, storage.public_path(request.city.code, sha), f'"{sha}"')


@require_safe
def thumb(request: HttpRequest, sha: str) -> HttpResponseBase:
    """The picture about 320 px wide."""
    return _copy(request, sha, storage.thumb_path(request.city.code, sha), f'"{sha}-k"')


@require_safe
def document(request: HttpRequest, sha: str) -> HttpResponseBase:
    """A paper as it was sent, always saved and never shown inside the site."""
    file = get_object_or_404(File.objects, sha256=sha)
    if file.is_image or not may_open(request.user, file):
        raise Http404
    return as_sent(file)


def _copy(request: HttpRequest, sha: str, path: Path, etag: str) -> HttpResponseBase:
    file = get_object_or_404(File.objects, sha256=sha)
    # The session is not touched for a public picture, so caches need not vary by cookie.
    if not file.public and not may_open(request.user, file):
        raise Http404
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = answer(path, "image/webp", FOREVER if file.public else PRIVATE)
    response["ETag"] = etag
    return response
