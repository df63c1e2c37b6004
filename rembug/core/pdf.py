"""Papers as PDF, set by typst from a template and plain data.

A template reads its data with `#let data = json(bytes(sys.inputs.data))`, sets the title of the document
and its language, and needs no font of the machine: typst brings its own, so that the same data gives
the same bytes everywhere. A paper always comes out: what its fonts cannot draw is printed as a box.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from rembug.core.signs import HOSTILE, dropped

# One compiler keeps its fonts and parsed templates; it is not made for two threads at once.
_lock = Lock()

# Ranges of signs for which typst's own fonts have a glyph, written by tools/drawn.py.
DRAWN = Path(__file__).with_name("drawn.txt")
Standard = Literal["ua-1", "a-3b", ""]
BOX = "□"
# What makes another sign of the one before it: a variant, a joint, a colour of skin, a frame.
JOINED = re.compile(
    "[\u200c\u200d\ufe00-\ufe0f\u20dd-\u20e4\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]"
)
# A word as long as this runs out of a table's column; typst may then break it anywhere.
LONG = re.compile(r"\S{28,}")
ANYWHERE = "\u200b"


def render(template: Path, data: Mapping[str, Any], *, standard: Standard = "ua-1") -> bytes:
    """The PDF of a `.typ` template with its data (anything JSON can say; dates as words).

    `standard` is a PDF standard of typst; `ua-1` makes it readable aloud, and refuses a sign without a
    glyph. Files the template includes must lie beside it.
    """
    plain = json.loads(json.dumps(data, default=str))
    try:
        return _compiled(template, _each_text(plain, drawable), standard)
    except typst.TypstError as wrong:
        if "could not be displayed" not in str(wrong):
            raise
        # Signs that are drawn alone and not together: only what every font has is left.
        return _compiled(template, _each_text(plain, _plainest), standard)


def drawable(text: str) -> str:
    """The text as it can be printed: a box for each sign no font has, breaks inside endless words."""
    whole = HOSTILE.sub("", dropped(unicodedata.normalize("NFC", text)))
    signs = JOINED.sub("", whole)
    boxed = "".join(sign if sign.isspace() or _has_glyph(sign) else BOX for sign in signs)
    return LONG.sub(lambda word: ANYWHERE.join(word[0]), boxed)


def _plainest(text: str) -> str:
    return "".join(
        sign if sign.isspace() or " " <= sign < "\u0180" else BOX for sign in drawable(text)
    )


def _has_glyph(sign: str) -> bool:
    starts, ends = _drawn()
    at = bisect_right(starts, ord(sign)) - 1
    return at >= 0 and ord(sign) <= ends[at]


@lru_cache(maxsize=1)
def _drawn() -> tuple[list[int], list[int]]:
    """First and last sign of every range."""
    pairs = [line.partition("-") for line in DRAWN.read_text().split()]
    return [int(first, 16) for first, _dash, _last in pairs], [
        int(last or first, 16) for first, _dash, last in pairs
    ]


def _each_text(data: Any, change: Callable[[str], str]) -> Any:
    """The data with every text changed; the names of its parts stay."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {name: _each_text(value, change) for name, value in data.items()}
    if isinstance(data, list):
        return [_each_text(value, change) for value in data]
    return data


def _compiled(template: Path, data: Any, standard: Standard) -> bytes:
    told = {"data": json.dumps(data, ensure_ascii=False)}
    with _lock:
        made = _compiler(template).compile(
            format="pdf", sys_inputs=told, pdf_standards=standard or None
        )
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=32)
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(
        str(template), root=str(template.parent), font_paths=[], ignore_system_fonts=True
    )
