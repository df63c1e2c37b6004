"""Books stored by earlier versions, read as the book is written now. What was decided keeps its text.

Until version 0.1.0 limits and duties hung on words. A stored book is never rewritten: its version and
digest stand in the record. Read today, such limits only remind; the city makes them binding again by
an amendment that names kinds.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rembug.core.rupiah import show


def upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """The same book in today's words."""
    if "caps" not in data and "mandatory" not in data:
        return data
    made = {key: value for key, value in data.items() if key not in ("caps", "mandatory")}
    reminders = [_cap(row) for row in data.get("caps", [])]
    reminders += [_duty(row) for row in data.get("mandatory", [])]
    made["reminders"] = [*data.get("reminders", []), *reminders]
    return made


def _cap(row: dict[str, Any]) -> dict[str, Any]:
    most = [show(row["max_amount"])] if "max_amount" in row else []
    most += [_("%d buah") % row["max_count"]] if "max_count" in row else []
    told = {"title": row["title"], "most": ", ".join(most)}
    sentence = _("%(title)s paling banyak %(most)s. Periksa jumlahnya.") % told
    return {"sentence": sentence, "words": row["words"]} | _article(row)


def _duty(row: dict[str, Any]) -> dict[str, Any]:
    return {"sentence": _("Usulan harus memuat: %s.") % row["title"]} | _article(row)


def _article(row: dict[str, Any]) -> dict[str, Any]:
    return {"article": row["article"]} if row.get("article") else {}
