"""The number of a paper: shown as it was typed, compared as it is read.

`001/UJI/2026`, `001/uji/2026` and `001 /UJI/2026` are one number on paper. A table keeps its normalised form in a
column the database fills by itself, so that no writer can forget it, and refuses it twice.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Replace, Upper

BLANKS = re.compile("[\\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
SLASHES = re.compile("[\u2044\u2215\u29f8\uff0f]")


def as_typed(number: str) -> str:
    """The number as it is kept and shown: trimmed, with the blanks, dashes and slashes of a keyboard."""
    return SLASHES.sub("/", DASHES.sub("-", BLANKS.sub(" ", number))).strip()


def normalised(number: Any) -> Upper:
    """An expression for what two spellings of a number have in common: no blanks, one case.

    `number` is the name of a column, or a `Value`.
    """
    column = F(number) if isinstance(number, str) else number
    return Upper(Replace(column, Value(" "), Value("")))


def key_of(column: str) -> models.GeneratedField:
    """A column that holds the normalised form of another, filled by the database."""
    return models.GeneratedField(
        expression=normalised(column),
        output_field=models.CharField(max_length=80),
        db_persist=True,
    )


def same_number(column: str, number: str) -> dict[str, Any]:
    """The filter for rows whose paper has this number, in whatever spelling."""
    return {f"{column}_key": normalised(Value(as_typed(number)))}
