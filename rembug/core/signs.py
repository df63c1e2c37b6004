"""Signs that are not text: what is dropped on the way in, and what is refused.

Phones and spreadsheets paste marks nobody sees along with a name; they are dropped. A NUL, half a sign, or a mark
that turns the reading order around makes one text look like another: what stays after dropping it would not be what
the writer saw, so it is refused.
"""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202c"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
HOSTILE = re.compile("[\x00\u202d\u202e\ud800-\udfff]")
LINES = re.compile("[\u2028\u2029]")


def is_hostile(text: str) -> bool:
    """Whether a text holds a sign that must be refused."""
    return HOSTILE.search(text) is not None


def dropped(text: str) -> str:
    """The text without the marks nobody sees; what must be refused stays, to be refused."""
    return LINES.sub("\n", UNSEEN.sub("", text))


def readable(text: str) -> str:
    """The text without either, trimmed: for what is only looked up, shown or printed."""
    return HOSTILE.sub("", dropped(text)).strip()


def named(text: str) -> str:
    """The first such sign of a text by its number, for whoever must find it: `U+202E`; empty for none."""
    found = HOSTILE.search(text) or UNSEEN.search(text) or LINES.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""
