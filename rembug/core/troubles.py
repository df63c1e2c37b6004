"""What ails the machine below an act: a full disk, a database that is busy, or one that is away.

Told apart by what the operating system and the databases say, so that a person reads what to do.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

FULL, BUSY, AWAY = "full", "busy", "away"
# SQLSTATE of PostgreSQL: disk full; serialization, deadlock, lock; connection lost, shutting down, too many.
STATES = {
    FULL: ("53100",),
    BUSY: ("40001", "40P01", "55P03"),
    AWAY: ("08", "57P01", "57P02", "57P03", "53300"),
}
SENTENCES = {
    FULL: ("database or disk is full",),
    BUSY: ("database is locked", "database table is locked"),
    AWAY: ("unable to open database file", "disk i/o error", "connection", "server closed"),
}
# Below this the operator is told before the disk is full.
LEAST_FREE_BYTES, LEAST_FREE_PERCENT = 2 * 1024**3, 5


def trouble(error: BaseException | None) -> str:
    """FULL, BUSY or AWAY; empty when the fault is our own."""
    return next(filter(None, map(_kind, _causes(error))), "")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str:
    if isinstance(error, OSError):
        return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    if state := getattr(error, "sqlstate", None):
        return next((kind for kind, known in STATES.items() if state.startswith(known)), "")
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    said = str(error).lower()
    return next(
        (kind for kind, known in SENTENCES.items() if any(words in said for words in known)), ""
    )


def nearly_full(folder: Path) -> str:
    """A sentence when little room is left where the data lie; empty otherwise."""
    while not folder.exists():
        folder = folder.parent
    disk = shutil.disk_usage(folder)
    percent = 100 * disk.free // disk.total if disk.total else 0
    if disk.free >= LEAST_FREE_BYTES and percent >= LEAST_FREE_PERCENT:
        return ""
    told = _("Disk hampir penuh: tinggal %(free)s GiB (%(part)s%%) di %(where)s. Kosongkan dahulu.")
    return told % {"free": f"{disk.free / 1024**3:.1f}", "part": percent, "where": folder}
