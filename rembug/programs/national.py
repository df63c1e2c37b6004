"""Taxes that are the same in every city, from `national.toml`; a rule set may replace rows of them."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

PARTS = ("taxes", "purchases")


@cache
def _text() -> str:
    data = tomllib.loads((Path(__file__).parent / "national.toml").read_text("utf-8"))
    return json.dumps(data, default=str)


def national() -> dict[str, list[dict[str, Any]]]:
    """The rows as a rule set would write them, plain data."""
    return json.loads(_text())


def with_national(book: dict[str, Any]) -> dict[str, Any]:
    """A rule set with the national rows behind its own; its own row replaces those of the same code."""
    whole = dict(book)
    for part, rows in national().items():
        own = book.get(part, [])
        if not isinstance(own, list):
            continue  # a fault that the reader of books tells
        codes = {row.get("code") for row in own if isinstance(row, dict)}
        whole[part] = own + [row for row in rows if row["code"] not in codes]
    return whole
