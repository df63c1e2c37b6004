"""What one book says differently from another, in words an officer can check. No tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from rembug.core.rupiah import show
from rembug.programs.rulebook import RuleBook

# What tells two rows of a list apart, the first that a row has.
KEYS = ("code", "key", "no", "title", "sentence", "reason", "min")


def differences(before: RuleBook, after: RuleBook) -> list[str]:
    """Every setting that changed: where it stands, what it was, what it is.

    `bidang Kesehatan, paling banyak: 50% menjadi 40%`.
    """
    return [
        _("%(where)s: %(before)s menjadi %(after)s")
        % {"where": ", ".join(where), "before": was, "after": now}
        for where, was, now in _walk(before, after, ())
    ]


def _walk(before: Any, after: Any, where: tuple[str, ...]) -> Iterator[tuple]:
    for each in fields(before):
        was, now = getattr(before, each.name), getattr(after, each.name)
        if was == now:
            continue
        kind, place = each.metadata["kind"], (*where, str(each.metadata["meaning"]))
        if kind == "one":
            yield from _walk(was, now, place)
        elif kind == "many":
            yield from _rows(was, now, place)
        else:
            yield place, _told(was, kind), _told(now, kind)


def _rows(before: tuple, after: tuple, where: tuple[str, ...]) -> Iterator[tuple]:
    """Rows of a list matched by what names them: changed, taken out, or new; or only their order."""
    old, new = _named(before), _named(after)
    for name in [*old, *(name for name in new if name not in old)]:
        place = (*where, _title(old.get(name) or new[name]))
        if name not in new:
            yield place, _("ada"), _("dihapus")
        elif name not in old:
            yield place, _("belum ada"), _("ditambahkan")
        else:
            yield from _walk(old[name], new[name], place)
    if sorted(old) == sorted(new) and list(old) != list(new):
        yield where, ", ".join(map(_title, before)), ", ".join(map(_title, after))


def _named(rows: tuple) -> dict[str, Any]:
    """Rows by their name; the second of one name (a tax with two dates) gets its place as well."""
    found: dict[str, Any] = {}
    for row in rows:
        name = next(str(getattr(row, key)) for key in KEYS if hasattr(row, key))
        nth = sum(known.split("#")[0] == name for known in found)
        found[f"{name}#{nth}"] = row
    return found


def _title(row: Any) -> str:
    words = getattr(row, "title", "") or next(
        str(getattr(row, key)) for key in KEYS if hasattr(row, key)
    )
    return words


def _told(value: Any, kind: str) -> str:
    """A value as people read it."""
    if value is None or value in ("", ()):
        return _("tidak ada")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if kind == "rupiah":
        return show(value)
    return f"{value}%" if kind == "percent" else str(value)
