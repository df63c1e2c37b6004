"""A file as an answer to a request; who may have it was asked before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404

from rembug.files.models import File

# What is not published is asked for again every time: on a shared phone nobody sees it after *Keluar*.
PRIVATE = "private, no-cache"


def as_sent(file: File) -> FileResponse:
    """The file itself, saved and never shown."""
    response = answer(
        file.path, file.mime, "private, no-store", as_attachment=True, filename=file.name
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def answer(path: Path, mime: str, cache: str, **saving: Any) -> FileResponse:
    try:
        content = path.open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    response = FileResponse(content, content_type=mime, **saving)
    response["Cache-Control"] = cache
    return response
