"""Papers as PDF, set by typst from a template and plain data.

A template reads its data with `#let data = json(bytes(sys.inputs.data))`, sets the title of the document
and its language, and needs no font of the machine: typst brings its own, so that the same data gives
the same bytes everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

# One compiler keeps its fonts and parsed templates; it is not made for two threads at once.
_lock = Lock()


def render(
    template: Path, data: Mapping[str, Any], *, standard: Literal["ua-1", "a-3b", ""] = "ua-1"
) -> bytes:
    """The PDF of a `.typ` template with its data (anything JSON can say; dates as words).

    `standard` is a PDF standard of typst; `ua-1` makes it readable aloud. Files the template includes
    must lie beside it.
    """
    told = {"data": json.dumps(data, ensure_ascii=False, default=str)}
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
