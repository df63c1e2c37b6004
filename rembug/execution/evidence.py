"""Whether two receipts may be one and the same paper. Plain values in, answers out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason
from rembug.core.roster import same_words


class TwinSign(TextChoices):
    """By what two pieces of evidence are alike; each is a flag of the later receipt."""

    SCENE = "foto_mirip", _("Fotonya mirip foto lain di kota ini.")
    WORDS = (
        "toko_hari_jumlah",
        _("Toko, hari, dan jumlahnya sama dengan kuitansi lain di kota ini."),
    )


# Words before or behind a shop's name that some write and some leave out.
KINDS_OF_SHOP = {
    "ud",
    "cv",
    "pt",
    "tb",
    "tk",
    "toko",
    "warung",
    "kios",
    "bapak",
    "pak",
    "ibu",
    "bu",
}


def same_shop(one: str, other: str) -> bool:
    """Whether two names are one shop, however they are written: capitals, blanks, `UD` in front or behind."""
    a, b = _shop(one), _shop(other)
    return sorted(a) == sorted(b) or "".join(a) == "".join(b)


def _shop(name: str) -> list[str]:
    words = same_words(name).split()
    return [word for word in words if word not in KINDS_OF_SHOP] or words


def twins_by_words(
    rows: Iterable[tuple[int, str, date, int]],
) -> Iterator[tuple[int, int]]:
    """(later, earlier) for receipts (key, shop, day, amount) of a city, in the order they were kept:
    what the act finds one by one, for a bulk writer."""
    before: dict[tuple[date, int], list[tuple[int, str]]] = {}
    for key, shop, day, amount in rows:
        same = before.setdefault((day, amount), [])
        yield from ((key, other) for other, name in same if same_shop(name, shop))
        same.append((key, shop))


def twin_faults(why: str, twins: Collection[object]) -> list[str]:
    """Evidence that looks used twice is accepted only by somebody who says why it is not."""
    if not twins or len(why.strip()) >= 10:
        return []
    told = gettext(
        "Ada kuitansi yang mirip bukti lain. Bandingkan, lalu tulis mengapa tetap diterima, paling "
        "sedikit 10 huruf; atau kembalikan SPJ-nya."
    )
    return [Reason(told, "twins_why")]
