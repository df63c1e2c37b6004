"""What residents say and what they were answered; numbers in it are masked by the gate (core.gate)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core import words
from rembug.execution.models import Comment


def voices(comments: QuerySet[Comment]) -> list[dict[str, Any]]:
    """Comments as they are shown: never the name that was written, only whether one was."""
    rows = comments.values(
        "activity_id",
        "activity__name",
        "name",
        "text",
        "matches",
        "at",
        "due_on",
        "answer",
        "answered_at",
        "answered_as",
        "hidden_why",
    )
    return [_voice(row) for row in rows]


def _voice(row: dict[str, Any]) -> dict[str, Any]:
    hidden = bool(row["hidden_why"])
    return {
        "activity": row["activity_id"],
        "activity_name": row["activity__name"],
        "who": _("Warga") if row["name"] else _("Nama disembunyikan"),
        "text": "" if hidden else row["text"],
        "hidden": row["hidden_why"],
        "matches": None if hidden else row["matches"],
        "at": row["at"],
        "answer": "" if hidden else row["answer"],
        "answered_as": row["answered_as"],
        "answered_at": row["answered_at"],
        "chip": None if hidden else _chip(row),
        "due_on": row["due_on"],
    }


def _chip(row: dict[str, Any]) -> tuple[str, str]:
    """How fast it was answered, or how long it has waited."""
    if row["answered_at"]:
        days = (words.day_of(row["answered_at"]) - words.day_of(row["at"])).days
        quick = _("dijawab pada hari yang sama")
        return "ok", _("dijawab dalam %(days)s") % {"days": words.days(days)} if days else quick
    told = {"age": words.age(row["at"])}
    if row["due_on"] < localdate():
        return "late", _("belum dijawab, %(age)s") % told
    return "wait", _("menunggu jawaban, %(age)s") % told


def tally(found: list[dict[str, Any]]) -> str:
    """`12 masuk, 11 terjawab`."""
    answered = sum(1 for voice in found if voice["answer"])
    return _("%(all)s masuk, %(answered)s terjawab") % {"all": len(found), "answered": answered}
