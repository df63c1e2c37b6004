"""Writes rembug/core/drawn.txt: the signs for which the fonts of typst have a glyph, as ranges in hex.

Run it after another version of typst is locked; a test says when it is due.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import typst

TABLE = Path(__file__).resolve().parent.parent / "rembug" / "core" / "drawn.txt"
# One sign a row of known height; a sign without a glyph is drawn as the font's box.
PAGE = """#set page(width: 60pt, height: auto, margin: 0pt)
#set text(lang: "id", font: "Libertinus Serif", size: 10pt)
#set block(spacing: 0pt)
#for sign in json(bytes(sys.inputs.data)) { block(height: 30pt, width: 60pt, sign) }
"""
ROW = re.compile(r'translate\(0 (\d+)\)|xlink:href="#(\w+)"')
NOWHERE = "\U0010fffd"
MANY = 4000


def drawn(signs: Iterable[str]) -> set[str]:
    """Those of some signs that have a glyph."""
    page = Path(tempfile.mkdtemp()) / "tanda.typ"
    page.write_text(PAGE)
    compiler = typst.Compiler(
        str(page), root=str(page.parent), font_paths=[], ignore_system_fonts=True
    )
    asked, found = sorted(signs), set()
    for start in range(0, len(asked), MANY):
        some = [NOWHERE, *asked[start : start + MANY]]
        told = {"data": json.dumps(some, ensure_ascii=False)}
        made = compiler.compile(format="svg", sys_inputs=told)
        assert isinstance(made, bytes)
        glyphs, row = {}, 0
        for at, glyph in ROW.findall(made.decode().partition("<defs")[0]):
            if at:
                row = int(at) // 30
            else:
                glyphs.setdefault(row, glyph)
        found |= {sign for row, sign in enumerate(some) if glyphs.get(row, "") != glyphs[0]}
    return found


def text_signs() -> list[str]:
    """Every assigned sign that is text."""
    signs = (chr(n) for n in range(0x21, 0x20000))
    return [sign for sign in signs if unicodedata.category(sign)[0] in "LMNPS"]


def ranges(signs: Iterable[str]) -> list[str]:
    """Neighbours put together: `0021-007E`."""
    found: list[list[int]] = []
    for n in sorted(map(ord, signs)):
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return [f"{first:04X}" if first == last else f"{first:04X}-{last:04X}" for first, last in found]


def main() -> None:
    """Ask typst for every sign and write the ranges."""
    found = drawn(text_signs())
    TABLE.write_text("\n".join(ranges(found)) + "\n")
    print(f"{len(found)} tanda, {len(ranges(found))} rentang")


if __name__ == "__main__":
    main()
