"""Who may open a file the public does not see: whoever may see a thing it belongs to.

The things stand above files on the stairs. Each table with a link to a file says for a row of its own who
reads it (`readable_by(person)`); a table that says nothing opens nothing, and a test finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from rembug.files.models import File

# How long a form may lie half filled: a file that belongs to nothing yet is shown to its own office's
# people, who alone can know its name.
LOOSE = timedelta(days=1)


def links() -> Iterator[tuple[type[Model], str]]:
    """Every table with a link to a file, and the link's name; also those without a way back."""
    for field in File._meta.get_fields(include_hidden=True):
        if field.auto_created and field.is_relation and not field.concrete:
            yield field.related_model, field.field.name


def belongings(file: File) -> Iterator[Model]:
    """Every row that links to a file."""
    for model, name in links():
        yield from model._base_manager.filter(city_id=file.city_id, **{name: file}).order_by("pk")


def may_open(person: Any, file: File) -> bool:
    """Whether somebody may open a file: an office of today in its very city, and a thing they may see."""
    if not person.is_authenticated or person.city_id != file.city_id:
        return False
    if not person.offices.on(timezone.localdate()).exists():
        return False
    rows = list(belongings(file))
    if not rows:
        return timezone.now() - file.created_at < LOOSE
    return any(_reads(row, person) for row in rows)


def _reads(row: Any, person: Any) -> bool:
    readable_by = getattr(row, "readable_by", None)
    return readable_by is not None and bool(readable_by(person))
