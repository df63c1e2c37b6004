"""The whole state machine: a table of acts, and one guarded UPDATE."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused

Steps = Mapping[str, tuple[set, str]]


def step(row: Model, act: str, steps: Steps, **changes: Any) -> None:
    """Move a row along its table of states, unless someone has moved it first.

    `steps` maps an act to (states it may start from, state it ends in); `changes` are written in
    the same UPDATE. Raises Refused when the row is no longer in one of the starting states.
    """
    sources, target = steps[act]
    rows = type(row)._base_manager.filter(pk=row.pk, state__in=list(sources))
    if hasattr(row, "city_id"):
        rows = rows.filter(city_id=row.city_id)
    if not rows.update(state=target, **changes):
        raise Refused([_("Keadaannya sudah berubah. Muat ulang halaman ini, lalu periksa lagi.")])
    row.state = target  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
