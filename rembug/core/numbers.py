"""One reader for every number people type: rupiah, counts, volumes, percent, degrees.

The point parts thousands and the comma begins the fraction, as in every Indonesian school. What keeps to that is
read, with the clothes people put around it (`Rp. 1.000.000,-`, `1,5 jt`). What does not is refused with what to
write instead, and what can be read two ways is asked, never guessed: a wrong guess is a thousandfold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

from rembug.core.rupiah import LARGEST, Rupiah

# Blanks that keep figures together, and signs nobody can see that come along when pasting.
BLANKS = re.compile("[\\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")

GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?: \d{3})+)", re.ASCII)
PLAIN = re.compile(r"0|[1-9]\d*", re.ASCII)
FIGURES = re.compile(r"[\d.,](?:[\d., ]*\d)?", re.ASCII)

# What a word behind the figures multiplies by. `M` alone is a billion to one and a million to another.
SCALES = {
    "k": 10**3,
    "rb": 10**3,
    "ribu": 10**3,
    "jt": 10**6,
    "juta": 10**6,
    "miliar": 10**9,
    "milyar": 10**9,
    "triliun": 10**12,
}
UNCLEAR = {"m": ("juta", "miliar"), "t": ("ribu", "triliun")}
MOST_TYPED = 40


@dataclass(frozen=True)
class Kind:
    """What is counted. Limits are in the smallest unit kept: a number times ten to the power of `places`."""

    places: int = 0
    low: int = 0
    high: int = LARGEST
    money: bool = False
    percent: bool = False


RUPIAH = Kind(money=True)
PERCENT = Kind(places=2, high=100_00, percent=True)


def rupiah(text: str) -> Rupiah:
    """Whole rupiah from `1.250.000`, `Rp 1.250.000,00`, `Rp. 1.000.000,-`, `1,5 jt`, `50 ribu`.

    Raises ValueError, worded for the person, like every reader here.
    """
    return Rupiah(read(text, RUPIAH))


def count(text: str, low: int = 0, high: int = LARGEST) -> int:
    """A whole number of people, days or years: `1.000` is a thousand."""
    return read(text, Kind(low=low, high=high))


def volume(text: str) -> int:
    """Thousandths of a unit, more than none: `2,5` is 2500, `1.600` is 1600000."""
    return read(text, Kind(places=3, low=1))


def percent(text: str) -> int:
    """Hundredths of a percent from `12,5` or `12,5%`; `12,500` too, since no percent reaches a thousand."""
    return read(text, PERCENT)


def degrees(text: str) -> float:
    """A coordinate, with a point or a comma as maps write it: nothing on earth has thousands of degrees."""
    typed = DASHES.sub("-", UNSEEN.sub("", text)).strip().removesuffix("°").strip()
    if not re.fullmatch(r"-?\d{1,3}([.,]\d{1,15})?", typed, re.ASCII):
        raise ValueError(_("Tulis derajat dengan angka, misalnya -7,8166."))
    return round(float(typed.replace(",", ".")), 7)


def machine(text: str | None, otherwise: int = 0) -> int:
    """A key, a version or a year as a page of ours sends it back, typed by nobody."""
    known = text and text.isascii() and text.isdigit() and len(text) < 16
    return int(text or 0) if known else otherwise


def show(value: int, places: int = 0) -> str:
    """The number as one would type it, so that reading it again gives the same.

    Three decimals get a fourth, as `3,3750`: `3,375` could be read two ways.
    """
    whole, rest = divmod(value, 10**places)
    return _typed(str(whole), f"{rest:0{places}d}" if rest else "")


def read(text: str, kind: Kind) -> int:
    """The number in its smallest unit. Raises ValueError, worded for the person."""
    typed = BLANKS.sub(" ", DASHES.sub("-", UNSEEN.sub("", text))).strip()
    if len(typed) > MOST_TYPED:
        raise ValueError(_("Angkanya terlalu besar. Periksa jumlah nolnya."))
    figures, word = _undressed(typed, kind)
    scale = _scale(figures, word, kind)
    places = kind.places + len(str(scale)) - 1
    if word and (found := re.fullmatch(r"(\d{1,3})[., ](\d{3})", figures, re.ASCII)):
        # `1.500 jt`: fifteen hundred million, or a foreign point.
        _ask(f"{_written(*found.groups())} {word}", _written(str(int(found[1] + found[2]) * scale)))
    whole, decimals = _parts(figures, kind, places, word)
    decimals = decimals.rstrip("0")
    if len(decimals) > places:
        _too_fine(whole, kind)
    return _bounded(int(whole + decimals.ljust(places, "0")), kind)


# ---- what people put around the figures ------------------------------------------------------


def _undressed(typed: str, kind: Kind) -> tuple[str, str]:
    """The figures alone, and the word behind them."""
    bare = typed
    if kind.money:
        bare = re.sub(r"^(-?) ?(rp|idr)\b\.? ?|^(-?)rp(?=\d)", r"\1\3", bare, flags=re.I)
        bare = re.sub(r" ?(rupiah|idr)$", "", bare, flags=re.I)
        bare = re.sub(r"(?<=\d)(,00?)?( ?[.,]?-{1,2})?$", "", bare, flags=re.ASCII)
    if kind.percent:
        bare = re.sub(r" ?(%|persen)$", "", bare, flags=re.I)
    if any(sign.isnumeric() and not sign.isascii() for sign in bare):
        raise ValueError(_("Pakai angka 0 sampai 9, tanpa pangkat dan pecahan kecil."))
    if re.match(r"[-(] ?[\d.,]", bare):
        raise ValueError(_("Tidak bisa kurang dari nol. Tulis dengan angka saja, tanpa minus."))
    found = FIGURES.match(bare)
    if not found:
        raise ValueError(_example(kind))
    return found[0], bare[found.end() :].strip()


def _scale(figures: str, word: str, kind: Kind) -> int:
    """What the word behind the figures multiplies by."""
    plain = word.lower().removesuffix(".")
    if not word:
        return 1
    if plain in SCALES and not kind.percent:
        return SCALES[plain]
    if plain in UNCLEAR and kind.money:
        _ask(*(f"{figures} {one}" for one in UNCLEAR[plain]))
    if re.search(r"\d", word) or len(word) > 20:
        raise ValueError(_example(kind))
    told = {"figures": figures, "word": word}
    raise ValueError(_('Tulis angkanya saja: %(figures)s, tanpa "%(word)s".') % told)


# ---- separators ------------------------------------------------------------------------------


def _parts(figures: str, kind: Kind, places: int, word: str) -> tuple[str, str]:
    """Whole part and decimals without separators; refuses what nobody here writes."""
    head, comma, decimals = figures.partition(",")
    if comma and not re.fullmatch(r"\d+", decimals, re.ASCII):
        _foreign(figures, kind)
    if GROUPED.fullmatch(head):
        return re.sub(r"[. ]", "", head), decimals
    if PLAIN.fullmatch(head):
        # `1,500` is one and a half here and fifteen hundred abroad. No percent reaches a thousand.
        if len(decimals) == 3 and head != "0" and len(head) <= 3 and not kind.percent:
            if not places and decimals != "000":
                _foreign(figures, kind)
            _ask(_typed(head, decimals), f"{head}.{decimals}")
        return head, decimals
    if re.fullmatch(r"0\d+", head, re.ASCII):
        ways = [_written(head, decimals)]
        if places and not comma and int(head):
            ways.append(_written("0", head[1:]))
        raise ValueError(_("Jangan mulai dengan nol. Tulis %s.") % _either(ways))
    if not head and decimals:
        if not places:
            raise ValueError(_example(kind))
        raise ValueError(_("Tulis %s, dengan angka di depan koma.") % _written("0", decimals))
    if not comma and re.fullmatch(r"\d*\.\d+", head, re.ASCII):
        front, _dot, behind = head.partition(".")
        if word:
            _ask_comma([f"{_written(front, behind)} {word}"])
        _point(front, behind, kind, places)
    _foreign(figures, kind)


def _point(whole: str, decimals: str, kind: Kind, places: int) -> NoReturn:
    """`0.5`, `.500`, `1000.000`: a point that does not part thousands."""
    ways = [_typed(whole or "0", decimals)] if places else []
    if len(decimals) == 3 and whole.strip("0"):
        ways.append(_written(whole + decimals))
    if not ways:
        raise ValueError(_example(kind))
    _ask_comma(ways)


def _ask_comma(ways: Iterable[str]) -> NoReturn:
    words = _("Titik hanya untuk ribuan; tulis pecahan dengan koma. Maksudnya %s?")
    raise ValueError(words % _either(ways))


def _foreign(figures: str, kind: Kind) -> NoReturn:
    """Separators where nobody here writes them; what is guessed is only proposed."""
    whole = re.sub(r"[. ]", "", figures.partition(",")[0])
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", figures, re.ASCII):
        whole = figures.partition(".")[0].replace(",", "")
    if cents := re.fullmatch(r"([1-9]\d{0,2}(?:\.\d{3})+)\.\d{2}", figures, re.ASCII):
        # Groups of three and then two figures are cents, not a hundred times as much.
        whole = cents[1].replace(".", "")
    if not whole.strip("0"):
        raise ValueError(_example(kind))
    words = _("Pemisah angkanya tidak pas. Bila maksudnya %(number)s, tulis begitu.")
    raise ValueError(words % {"number": _written(whole)})


def _ask(*ways: str) -> NoReturn:
    raise ValueError(_("Ini bisa dibaca dua cara. Tulis %s.") % _either(ways))


def _too_fine(whole: str, kind: Kind) -> NoReturn:
    if kind.places:
        raise ValueError(_("Paling banyak %d angka di belakang koma.") % kind.places)
    if not int(whole):
        raise ValueError(_("Tulis bilangan bulat, bukan pecahan."))
    if kind.money:
        raise ValueError(_("Tulis rupiah tanpa sen, misalnya %s.") % _written(whole))
    raise ValueError(_("Tulis bilangan bulat, misalnya %s.") % _written(whole))


def _bounded(value: int, kind: Kind) -> int:
    if value > LARGEST <= kind.high:
        raise ValueError(_("Angkanya terlalu besar. Periksa jumlah nolnya."))
    if value == 0 < kind.low == 1:
        raise ValueError(_("Harus lebih dari nol."))
    if not kind.low <= value <= kind.high:
        told = {"low": show(kind.low, kind.places), "high": show(kind.high, kind.places)}
        raise ValueError(_("Tulis angka %(low)s sampai %(high)s.") % told)
    return value


# ---- words -----------------------------------------------------------------------------------


def _example(kind: Kind) -> str:
    if kind.money:
        return _("Tulis rupiah dengan angka saja, misalnya 1.250.000.")
    if kind.places:
        return _("Tulis dengan angka, misalnya 12 atau 1,5.")
    return _("Tulis dengan angka, misalnya 12.")


def _written(whole: str, decimals: str = "") -> str:
    """Figures as people here write them."""
    text = f"{int(whole or '0'):,}".replace(",", ".")
    return f"{text},{decimals.rstrip('0')}".rstrip(",") if decimals else text


def _typed(whole: str, decimals: str) -> str:
    """The same so that this reader takes it: three decimals behind a small number get a fourth."""
    text = _written(whole, decimals)
    return f"{text}0" if len(text.partition(",")[2]) == 3 and 0 < int(whole) < 1000 else text


def _either(ways: Iterable[str]) -> str:
    return _(" atau ").join(ways)
