"""Nothing is doubled: what a form or a phone sends carries a key, and the same key is served once."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused
from rembug.people.acts import thing_of
from rembug.people.models import Person, Sending
from rembug.regions.models import City

# Every key a form or a phone makes; anything else was tampered with.
KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def new_key() -> str:
    """A fresh key for a form; a phone makes its own."""
    return uuid.uuid4().hex


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


def once(
    *, key: str, by: Person | None, act: str, run: Callable[[], Model], city: City | None = None
) -> tuple[Sending, bool]:
    """Run an act unless this key was already served; returns the receipt and whether it ran now.

    The act and its receipt are one transaction, so a receipt exists only when the act is committed.
    Two requests with one key at the same time: the second waits or fails on the unique key, and
    gets the first one's receipt. Raises what the act raises; Refused when the key is missing or
    was used for something else.
    """
    where = city or (by and by.city)
    if where is None or not KEY.fullmatch(key):
        raise Refused([_("Formulir ini tidak lengkap. Muat ulang halaman, lalu kirim lagi.")])
    served = _served(where, key, act, by)
    if served:
        return served, False
    try:
        with transaction.atomic():
            # The key is claimed first: a twin request stops here until this one is finished.
            sending = Sending(
                city=where, key=key, person=by, act=act, thing="", digest="", at=timezone.now()
            )
            sending.save(force_insert=True)
            made = run()
            sending.thing = thing_of(made)
            sending.digest = hashlib.sha256(f"{key}|{act}|{sending.thing}".encode()).hexdigest()
            sending.save()
            return sending, True
    except IntegrityError:
        served = _served(where, key, act, by)
        if served is None:
            raise
        return served, False


def _served(city: City, key: str, act: str, by: Person | None) -> Sending | None:
    served = Sending.objects.filter(city=city, key=key).first()
    if served and (served.act != act or served.person_id != (by.pk if by else None)):
        raise Refused([_("Formulir ini sudah dipakai. Muat ulang halaman, lalu isi lagi.")])
    return served
