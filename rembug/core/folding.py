"""One way to write words down for searching, and to read what somebody asks: `Qur’an` and `quran` are one.

What is kept for searching and the question go through the same function, so that whatever stands on a
page is found by typing it. No tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.db.models import Q

# Marks that stand inside a word and are typed in many ways, or not at all: Qur'an, Jum’at.
INSIDE = re.compile("(?<=\\w)['\u2018\u2019\u02bc\u0060\u00b4](?=\\w)")
TOKEN = re.compile(r"[a-z]+|\d+")
# `RT 03/05`: the number behind the stroke is the RW.
STROKE = re.compile(r"\b(rt\W{0,3}\d{1,6})\s*/\s*(?=\d)")
SHORT = {"gg": "gang", "jl": "jalan", "jln": "jalan", "kel": "kelurahan", "kec": "kecamatan"}
ROMAN = re.compile(r"(?=[ivx])x{0,3}(ix|iv|v?i{0,3})")
COUNTED = {
    name: number
    for number, name in enumerate(
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split(), 1
    )
}
MOST_WORDS = 8


def plain(text: str) -> str:
    """Lower case, without accents and without marks inside words."""
    spread = unicodedata.normalize("NFKD", INSIDE.sub("", text).lower())
    return "".join(each for each in spread if not unicodedata.combining(each))


def tokens(text: str) -> list[str]:
    """Words and numbers in their order: short forms written out, numbers without leading zeros.

    Behind RT or RW a number may be a word or Roman: `rt tiga`, `RW V`.
    """
    found = TOKEN.findall(STROKE.sub(r"\1 rw ", plain(text)))
    made: list[str] = []
    at = 0
    while at < len(found):
        word = found[at]
        if made and made[-1] in ("rt", "rw") and not word.isdigit():
            number, used = _spelled(found[at : at + 3])
            if number:
                made.append(str(number))
                at += used
                continue
        made.append(word.lstrip("0") or "0" if word.isdigit() else SHORT.get(word, word))
        at += 1
    return made


def _spelled(words: list[str]) -> tuple[int, int]:
    """The number these words begin with and how many of them it takes; 0 for none."""
    first = words[0]
    if ROMAN.fullmatch(first):
        return _from_roman(first), 1
    number = COUNTED.get(first, 0)
    if not number:
        return 0, 0
    if words[1:2] == ["belas"]:
        return number + 10, 2
    if words[1:2] == ["puluh"]:
        more = COUNTED.get(words[2], 0) if len(words) > 2 else 0
        return number * 10 + (more if more < 10 else 0), 3 if 0 < more < 10 else 2
    return number, 1


def _from_roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[each] for each in text]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def words_of(text: str) -> list[str]:
    """The words of a question, each once; RT and RW stand in one word with their number: `rt3`."""
    return list(dict.fromkeys(_joined(tokens(text))))


def _joined(found: Iterable[str]) -> Iterator[str]:
    kind = ""
    for token in found:
        if kind:
            yield kind + token if token.isdigit() else kind
            if token.isdigit():
                kind = ""
                continue
        kind = token if token in ("rt", "rw") else ""
        if not kind:
            yield token
    if kind:
        yield kind


def folded(*parts: str, longest: int = 600) -> str:
    """What is kept for searching: the words of all parts, each once, with a blank on either side."""
    text = " ".join(words_of(" ".join(part for part in parts if part)))
    return f" {text[: longest - 2]} " if text else ""


def holds(word: str, column: str = "search") -> Q:
    """Rows whose kept words hold this word of a question.

    A number or a single letter only as a word of its own, two letters at the beginning of a word,
    longer ones anywhere. The column is folded, so a plain LIKE is enough on every database.
    """
    if len(word) < 2 or any(sign.isdigit() for sign in word):
        word = f" {word} "
    elif len(word) == 2:
        word = f" {word}"
    return Q(**{f"{column}__contains": word})


def holding(text: str, column: str = "search") -> Q:
    """Rows that hold every word of a question, in any order."""
    words = words_of(text)
    if text.strip() and not words:
        # Only signs no search knows: nothing holds them, rather than everything.
        return Q(pk__in=[])
    found = Q()
    for word in words[:MOST_WORDS]:
        found &= holds(word, column)
    return found
