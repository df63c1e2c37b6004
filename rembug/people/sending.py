"""Nothing is doubled and nothing is lost: what is sent carries a key, bound to act, target and content.

The same key with the same content gets the same receipt. The same key with other content is never
thanked: it is refused, what was typed stays, and the form gets a fresh key.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused
from rembug.core.troubles import AWAY, BUSY, trouble
from rembug.people.acts import noting, thing_of
from rembug.people.models import Act, Person, Sending
from rembug.regions.models import City

# Every key a form or a phone makes; anything else was tampered with.
KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
# A page with several forms lengthens one key for each of them.
MADE = re.compile(r"[0-9a-f]{32}")
# Say nothing about what was typed: the key itself and the browser's token.
ASIDE = {"key", "csrfmiddlewaretoken"}
# A database that is busy or away is asked again after so many seconds, unless asking took long already.
PAUSES, LONGEST = (0.2, 1.0), 10


def new_key() -> str:
    """A fresh key for a form; a phone makes its own."""
    return uuid.uuid4().hex


def form_key(request: HttpRequest) -> str:
    """The key a page puts into its form: the one that was sent while it is unused, else a fresh one."""
    sent_key = request.POST.get("key", "")
    if not KEY.fullmatch(sent_key):
        return new_key()
    if Sending.objects.filter(city=request.city, key=sent_key).exists():  # type: ignore[attr-defined]
        return new_key()
    made = MADE.match(sent_key)
    return made.group() if made else sent_key


def digest_of(content: Any) -> str:
    """What was sent, as one hash: plain values in lists and tables."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def content_of(request: HttpRequest) -> str:
    """The hash of everything a form says: its address, each field, and each file by its bytes."""
    known = getattr(request, "sent_content", None)
    if known is not None:
        return known
    fields = {
        name: [value.replace("\r\n", "\n") for value in values]
        for name, values in request.POST.lists()
        if name not in ASIDE
    }
    files = {name: [_bytes_of(one) for one in many] for name, many in request.FILES.lists()}
    request.sent_content = digest_of([request.get_full_path(), fields, files])  # type: ignore[attr-defined]
    return request.sent_content  # type: ignore[attr-defined]


def _bytes_of(upload: Any) -> str:
    upload.seek(0)
    told = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return told


def objections(run: Callable[[], object]) -> list[str]:
    """Every reason an act has against something, without doing it: nothing it does stays.

    For a form that could not be read whole, so that the rest of it is answered too.
    """
    try:
        with transaction.atomic():
            run()
            transaction.set_rollback(True)
    except Refused as refusal:
        return list(refusal.reasons)
    return []


def once_from(request: HttpRequest, act: str, run: Callable[[], Model]) -> Sending:
    """Run the act a form asks for, once for its key and content; returns the receipt."""
    key = request.POST.get("key", "")
    sending, _ran = once(key=key, by=request.user, act=act, run=run, content=content_of(request))  # type: ignore[arg-type]
    # Where the answer leads is noted beside it (people.middleware).
    request.receipt = sending  # type: ignore[attr-defined]
    return sending


def earlier(request: HttpRequest) -> Sending | None:
    """The receipt of exactly this, sent before by the same person."""
    key = request.POST.get("key", "")
    if not KEY.fullmatch(key):
        return None
    mine = Sending.objects.filter(city=request.city, key=key, person=request.user)  # type: ignore[attr-defined]
    sending = mine.first()
    return sending if sending and sending.content == content_of(request) else None


def once(
    *,
    key: str,
    by: Person | None,
    act: str,
    run: Callable[[], Model],
    content: str,
    city: City | None = None,
) -> tuple[Sending, bool]:
    """Run an act unless this key was already served; returns the receipt and whether it ran now.

    `content` is the hash of all that was sent with the key. The act and its receipt are one
    transaction, so a receipt exists only when the act is committed. Two requests with one key at the
    same time: the second waits or fails on the unique key, and gets the first one's receipt. Raises
    what the act raises; Refused when the key is missing or was used for something else.
    """
    where = city or (by and by.city)
    if where is None or not content or not KEY.fullmatch(key):
        raise Refused([_("Formulir ini tidak lengkap. Periksa isinya, lalu kirim sekali lagi.")])
    began = time.monotonic()
    for pause in (*PAUSES, None):
        try:
            return _once(where, key, by, act, run, content)
        except (OperationalError, InterfaceError) as fault:
            # Nothing of it was kept, or all of it: then the key finds the receipt.
            tired = pause is None or time.monotonic() - began > LONGEST
            if tired or connection.in_atomic_block or trouble(fault) not in (BUSY, AWAY):
                raise
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause or 0)
    raise AssertionError("unreachable")


def _once(
    city: City, key: str, by: Person | None, act: str, run: Callable[[], Model], content: str
) -> tuple[Sending, bool]:
    served = _served(city, key, act, by, content)
    if served:
        return served, False
    try:
        with transaction.atomic(), noting() as lines:
            # The key is claimed first: a twin request stops here until this one is finished.
            sending = Sending(
                city=city, key=key, person=by, act=act, content=content, at=timezone.now()
            )
            sending.save(force_insert=True)
            made = run()
            sending.thing = thing_of(made)
            sending.digest = _digest(sending, lines)
            sending.save()
            return sending, True
    except IntegrityError:
        served = _served(city, key, act, by, content)
        if served is None:
            raise
        return served, False


def _digest(sending: Sending, lines: list[Act]) -> str:
    """The receipt bears the code of the act's own line, so that it is found again in the record."""
    own = [line for line in lines if line.thing == sending.thing] or lines
    if own:
        return own[-1].digest
    return hashlib.sha256(f"{sending.key}|{sending.act}|{sending.thing}".encode()).hexdigest()


def _served(city: City, key: str, act: str, by: Person | None, content: str) -> Sending | None:
    served = Sending.objects.filter(city=city, key=key).first()
    if served is None:
        return None
    if served.act != act or served.person_id != (by.pk if by else None):
        raise Refused([_("Formulir ini sudah dipakai. Periksa isinya, lalu kirim sekali lagi.")])
    if served.content != content:
        raise Refused([_used(served)])
    return served


def _used(served: Sending) -> str:
    """Two contents under one key: the first has its receipt, the second is not kept yet."""
    return _(
        "Isian sebelumnya dari formulir ini sudah diterima (tanda terima %(code)s). Isian yang "
        "sekarang berbeda dan belum tersimpan. Bila memang hal lain, kirim sekali lagi."
    ) % {"code": served.code}
