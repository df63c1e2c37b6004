"""The record: what was done is appended with a hash of its content, and never changed.

The Merkle log over these lines comes later; each line already carries everything it needs.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from rembug.core.bulk import Rows
from rembug.people.models import Act, Office, Person
from rembug.people.rules import kept_from
from rembug.regions.models import City, Unit

# The lines written since somebody began to listen; None when nobody does.
_noted: ContextVar[list[Act] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[Act]]:
    """The lines recorded inside, in their order."""
    lines: list[Act] = []
    before = _noted.set(lines)
    try:
        yield lines
    finally:
        _noted.reset(before)


def thing_of(row: Model) -> str:
    """How the record names a row: `planning.proposal:12`."""
    return f"{row._meta.label_lower}:{row.pk}"


def canonical(content: dict[str, Any]) -> bytes:
    """The bytes that are hashed: JSON with sorted keys; persons and places by key, not by name."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_of(act: Act) -> dict[str, Any]:
    """Everything a line says, without its number and its hash. Time in whole milliseconds."""
    return {
        "city": act.city_id,
        "actor": act.actor_id,
        "office": act.office_id,
        "act": act.act,
        "thing": act.thing,
        "about": act.about,
        "unit": act.unit_id,
        "detail": act.detail,
        "why": act.why,
        "rule": act.rule,
        "at": round(act.at.timestamp() * 1000),
        "salt": act.salt,
    }


def digest_of(act: Act) -> str:
    """SHA-256 of the canonical content, in hex."""
    return hashlib.sha256(canonical(content_of(act))).hexdigest()


def _whole_ms(at: datetime) -> datetime:
    """The record keeps milliseconds, so that the hash is the same on every database."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def record(
    by: Person | None,
    act: str,
    thing: Model,
    *,
    about: str = "",
    unit: Unit | None = None,
    office: Office | None = None,
    detail: dict[str, Any] | None = None,
    before: Any = None,
    after: Any = None,
    why: str = "",
    rule: str = "",
    evidence: Iterable[str] = (),
    at: datetime | None = None,
) -> Act:
    """Append one act to the record, in the transaction of the act itself.

    `about` names the thread it is read in (`activity:12`, `proposal:5`); `evidence` are SHA-256
    hashes of files; `detail` must hold no personal data. Returns the line, whose `code` people see.
    """
    what = dict(detail or {})
    if before is not None or after is not None:
        what |= {"before": before, "after": after}
    if evidence := list(evidence):
        what["evidence"] = evidence
    city = thing.city  # type: ignore[attr-defined]
    line = Act(
        city=city,
        actor=by,
        office=office,
        act=act,
        thing=thing_of(thing),
        about=about,
        unit=unit,
        # As the database will give it back: names of parts are text.
        detail=json.loads(json.dumps(what)),
        why=why,
        rule=rule,
        at=_whole_ms(at or timezone.now()),
        salt=secrets.token_hex(16),
    )
    line.digest = digest_of(line)
    line.save(force_insert=True)
    if (noted := _noted.get()) is not None:
        noted.append(line)
    touch(city)
    return line


class Lines:
    """The bulk twin of `record`: the same lines with the same hashes, kept until `write`."""

    def __init__(self, city: City):
        self.city, self.rows = city, Rows(Act)

    def add(
        self,
        by: int | None,
        act: str,
        thing: str,
        at: datetime,
        *,
        office: int | None = None,
        about: str = "",
        unit: int | None = None,
        detail: dict[str, Any] | None = None,
        why: str = "",
        rule: str = "",
        salt: str = "",
    ) -> str:
        """Keep one line, persons and places by key; returns its hash."""
        at = _whole_ms(at)
        content = {
            "city": self.city.pk,
            "actor": by,
            "office": office,
            "act": act,
            "thing": thing,
            "about": about,
            "unit": unit,
            "detail": detail or {},
            "why": why,
            "rule": rule,
            "at": round(at.timestamp() * 1000),
            "salt": salt or secrets.token_hex(16),
        }
        digest = hashlib.sha256(canonical(content)).hexdigest()
        self.rows.add(
            city_id=self.city.pk,
            actor_id=by,
            office_id=office,
            act=act,
            thing=thing,
            about=about,
            unit_id=unit,
            detail=content["detail"],
            why=why,
            rule=rule,
            at=at,
            salt=content["salt"],
            digest=digest,
        )
        return digest

    def write(self) -> int:
        """Append what is kept; returns how many lines."""
        written = self.rows.write()
        touch(self.city)
        return written


def touch(city: City) -> None:
    """Let cached public pages of this city go stale as soon as this transaction is committed.

    Done after the commit, in a statement of its own, so that acts do not queue for one row.
    """
    pending = transaction.get_connection()
    code, stamp = city.pk, secrets.token_hex(8)
    if any(getattr(run, "city_stamp", None) == code for _, run, _ in pending.run_on_commit):
        return

    def freshen() -> None:
        City.objects.filter(pk=code).update(stamp=stamp)

    freshen.city_stamp = code  # type: ignore[attr-defined]
    transaction.on_commit(freshen)


def thread(city: City, *abouts: str) -> QuerySet[Act]:
    """Everything recorded about something, oldest first."""
    return (
        Act.objects.filter(city=city, about__in=abouts)
        .select_related("actor", "office__unit", "office__city")
        .order_by("id")
    )


def kept_apart(person: Person, act: str, *abouts: str) -> bool:
    """Whether something this person did on these threads keeps them from an act: the separation of duties."""
    done = Act.objects.filter(city_id=person.city_id, about__in=abouts, actor=person)
    return kept_from(act, done.values_list("act", "detail__tier"))


def audit(city: City) -> list[str]:
    """Lines of the record whose content no longer matches their hash."""
    wrong = [
        f"catatan {act.pk}: isi tidak cocok dengan sidiknya"
        for act in Act.objects.filter(city=city).iterator(chunk_size=5000)
        if digest_of(act) != act.digest
    ]
    return wrong
