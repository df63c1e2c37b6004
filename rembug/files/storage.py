"""Where files lie on disk, and how one is written so that a killed server leaves no half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings


def city_folder(city_code: str) -> Path:
    return Path(settings.MEDIA_ROOT) / city_code


def original_path(city_code: str, sha: str) -> Path:
    """The file as it was sent; private."""
    return city_folder(city_code) / "asli" / sha[:2] / sha


def public_path(city_code: str, sha: str) -> Path:
    """The picture anybody may see once it is published; named by the hash of the original."""
    return city_folder(city_code) / "umum" / sha[:2] / f"{sha}.webp"


def thumb_path(city_code: str, sha: str) -> Path:
    return city_folder(city_code) / "umum" / sha[:2] / f"{sha}-k.webp"


def write(path: Path, content: bytes, *, flush: bool = True) -> None:
    """Put the content at the path, whole or not at all, and on the disk itself before returning.

    A file of that size already there is kept (names are hashes) and its time renewed, so that
    `sweep` does not take it for a left-over. With `flush=False` the caller syncs once for many.
    """
    if path.is_file() and path.stat().st_size == len(content):
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".sebagian")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            if flush:
                os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if flush:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """The new name itself must survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
