"""Serves files: public copies to anyone once published, the rest to the city's own people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from rembug.files import storage
from rembug.files.models import File

FOREVER = "public, max-age=31536000, immutable"
# What is not published is asked for again every time: on a shared phone nobody sees it after *Keluar*.
PRIVATE = "private, no-cache"


@require_safe
def public(request: HttpRequest, sha: str) -> HttpResponseBase:
    """The picture at most 1280 px wide."""
    return _copy(request, sha, storage.public_path(request.city.code, sha), f'"{sha}"')


@require_safe
def thumb(request: HttpRequest, sha: str) -> HttpResponseBase:
    """The picture about 320 px wide."""
    return _copy(request, sha, storage.thumb_path(request.city.code, sha), f'"{sha}-k"')


@require_safe
def original(request: HttpRequest, sha: str) -> HttpResponseBase:
    """The file as it was sent, always saved and never shown inside the site."""
    if not _insider(request):
        raise Http404
    file = get_object_or_404(File.objects, sha256=sha)
    response = _file(
        file.path, file.mime, "private, no-store", as_attachment=True, filename=file.name
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _copy(request: HttpRequest, sha: str, path: Path, etag: str) -> HttpResponseBase:
    file = get_object_or_404(File.objects, sha256=sha)
    # The session is not touched for a public picture, so caches need not vary by cookie.
    if not file.public and not _insider(request):
        raise Http404
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = _file(path, "image/webp", FOREVER if file.public else PRIVATE)
    response["ETag"] = etag
    return response


def _insider(request: HttpRequest) -> bool:
    """Whether the visitor holds an office today, in this very city.

    People stand above files on the stairs, so the question is put to the person, not imported.
    """
    user = request.user
    if not user.is_authenticated or user.city_id != request.city.code:
        return False
    return user.offices.on(timezone.localdate()).exists()


def _file(path: Path, mime: str, cache: str, **saving: Any) -> FileResponse:
    try:
        content = path.open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    response = FileResponse(content, content_type=mime, **saving)
    response["Cache-Control"] = cache
    return response
