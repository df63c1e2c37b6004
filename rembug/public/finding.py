"""What somebody means who types `ngronggo rt 3 rw 5`, `RT03/05 Ngronggo` or `jl. melati`. No tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rembug.core import folding

# Words that say what kind of place is meant, or nothing at all. Short forms are written out before.
EMPTY = frozenset(
    "kelurahan kecamatan kota desa di no nomor warga lingkungan dan jalan gang lorong".split()
)
STREET = frozenset("jalan gang lorong no nomor".split())
LONGEST = 100


@dataclass(frozen=True)
class Wanted:
    """Numbers of RT and RW (0: not said) and the words that name a place or a thing."""

    rt: int = 0
    rw: int = 0
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rt or self.rw or self.words)

    @property
    def question(self) -> str:
        """The same as words to search by."""
        numbers = [f"{kind} {n}" for kind, n in (("rt", self.rt), ("rw", self.rw)) if n]
        return " ".join([*self.words, *numbers])


def wanted(text: str) -> Wanted:
    """Read a search: order, punctuation and leading zeros do not matter.

    Numbers that belong to nothing are an RT and an RW in that order, unless a street was named.
    A letter alone names nothing.
    """
    tokens = folding.tokens(text[:LONGEST])
    street = bool(STREET & set(tokens))
    numbers: dict[str, int] = {}
    loose: list[int] = []
    words: list[str] = []
    meant = ""
    for token in tokens:
        if token in ("rt", "rw"):
            meant = token
        elif token.isdigit():
            number = int(token[:6])
            if meant and meant not in numbers:
                numbers[meant] = number
                # In `rt 3 5` the second number is the RW.
                meant = "rw" if meant == "rt" else ""
            elif street and words and words[-1] not in EMPTY:
                # `gang kenanga 5`: the number is part of the street's name.
                words[-1] += f" {number}"
            else:
                loose.append(number)
        else:
            meant = ""
            words.append(token)
    if not street:
        for kind in ("rt", "rw"):
            if loose and kind not in numbers and not (kind == "rt" and "rw" in numbers):
                numbers[kind] = loose.pop(0)
    named = tuple(word for word in words if word not in EMPTY and len(word) > 1)
    return Wanted(numbers.get("rt", 0), numbers.get("rw", 0), named)


def matching(
    words: Iterable[str], names: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[str]]:
    """Codes of the places whose names hold these words, and the words no place knows.

    `names` maps a code to the names of a place, of today and of before. A place named exactly so
    comes alone; otherwise every place that holds at least one of the words, the best match first: a
    word that is written whole counts more than one that only begins so.
    """
    asked = list(words)
    spelled = {code: [folding.plain(name) for name in each] for code, each in names.items()}
    whole = " ".join(asked)
    exact = [
        code
        for code, each in spelled.items()
        if any(name in (whole, whole.replace(" ", "")) for name in each)
    ]
    if exact:
        return exact, []
    tokens = {
        code: {token for name in each for token in folding.tokens(name)}
        for code, each in spelled.items()
    }
    known = {token for each in tokens.values() for token in each}
    unknown = [word for word in asked if not any(token.startswith(word) for token in known)]
    named = [word for word in asked if word not in unknown]
    if not named:
        return [], unknown
    scores = {code: sum(_score(word, each) for word in named) for code, each in tokens.items()}
    best = max(scores.values())
    return [code for code, score in scores.items() if score == best and score], unknown


def _score(word: str, tokens: Iterable[str]) -> int:
    return max(
        ((2 if token == word else 1) for token in tokens if token.startswith(word)), default=0
    )


def mended(words: Iterable[str], names: Iterable[str]) -> list[str]:
    """The words with slips of the finger mended towards the names of places: `ngrongo`, `bandarlor`."""
    whole = [folding.plain(name) for name in names]
    tokens = sorted({token for name in whole for token in name.split()})
    joined = {name.replace(" ", ""): name for name in whole if " " in name}
    found: list[str] = []
    for word in words:
        close = get_close_matches(word, [*tokens, *joined], n=1, cutoff=0.72)
        found += joined.get(close[0], close[0]).split() if close else [word]
    return found
