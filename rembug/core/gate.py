"""The gate through which everything leaves for everybody: nobody's own number passes (core.privacy).

It stands around the answers, not in the pages, so that a page, list, table or address yet to be written
is behind it from its first day. Answers of the open face go through it whoever asks, and whatever else
somebody gets who is not signed in. A kind of answer it cannot read does not leave at all.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rembug.core.privacy import PHONE, Found, digits_of, masked, personal, replaced

# The face that is everybody's, whoever looks at it. `files` serves pictures; originals are for insiders.
OPEN_APPS = {"public"}
# Pictures and letter shapes hold no text.
PICTURES = ("image/webp", "image/png", "image/jpeg", "image/gif", "image/x-icon", "font/")
# Parts of a page that are no text: where things lie, how they look, what a machine reads. Not `title`,
# `alt`, `content`, `value` and whatever is yet to come.
NOT_TEXT = {
    *(
        "href",
        "src",
        "srcset",
        "action",
        "d",
        "points",
        "viewbox",
        "transform",
        "id",
        "class",
        "for",
    ),
    *("hx-get", "hx-post", "integrity", "nonce", "width", "height", "datetime", "pattern"),
}
ATTRIBUTE = re.compile(r"([\w:@.-]+)\s*=\s*(?:\"[^\"]*|'[^']*)$")
# What somebody typed and is given back to mend: theirs alone, only in the answer to what they sent.
TYPED = re.compile(r"<textarea\b[^>]*>.*?</textarea>|<input\b[^>]*>", re.DOTALL)
MONEY_HEAD = re.compile(r"\(Rp\)|\brupiah\b", re.IGNORECASE)


class PrivacyMiddleware:
    """Puts the gate around every answer (see `guarded`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return response if _inside(request, response) else guarded(request, response)


def _inside(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this is a page of the house, opened by somebody who is signed in there."""
    page = request.resolver_match
    if page is None or page.app_name in OPEN_APPS:
        return False
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_picture(response):
        return False
    return bool(getattr(getattr(request, "user", None), "is_authenticated", False))


def guarded(request: HttpRequest, response: Any) -> Any:
    """The answer without anybody's own numbers. Done once, however often it is asked for."""
    if getattr(response, "is_guarded", False) or _is_picture(response):
        return response
    response.is_guarded = True
    kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
    if not response.streaming and not response.content:
        return response
    mask = MASKS.get(kind)
    if mask is None or response.get("Content-Encoding"):
        raise ImproperlyConfigured(f"core.gate cannot read {kind!r}: say there how it is masked")
    allowed = office_numbers(request)
    if response.streaming:
        response.streaming_content = _streamed(kind, response.streaming_content, allowed)
        return response
    typed = request.method == "POST" and kind == "text/html"
    response.content = (
        mask_typed(response.content, allowed) if typed else mask(response.content, allowed)
    )
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
    return response


def _is_picture(response: HttpResponseBase) -> bool:
    return response.get("Content-Type", "").startswith(PICTURES)


def office_numbers(request: HttpRequest) -> frozenset[str]:
    """The numbers a city's office tells itself: its telephone is there to be called."""
    contact = getattr(getattr(request, "city", None), "contact", None) or {}
    return frozenset(
        digits_of(value[each.start : each.end])
        for value in map(str, contact.values())
        for each in personal(value)
        if each.kind == PHONE
    )


def mask_page(body: bytes, allowed: frozenset[str] = frozenset()) -> bytes:
    """HTML or SVG: its text, and the attributes that are read or spoken."""
    text = body.decode()
    found = [each for each in personal(text, allowed) if not _is_no_text(text, each)]
    return replaced(text, found).encode() if found else body


def mask_typed(body: bytes, allowed: frozenset[str] = frozenset()) -> bytes:
    """The answer to a form: as any page, but what was typed stays to be mended."""
    text = body.decode()
    own = [each.span() for each in TYPED.finditer(text)]
    found = [
        each
        for each in personal(text, allowed)
        if not _is_no_text(text, each) and not any(a <= each.start < b for a, b in own)
    ]
    return replaced(text, found).encode() if found else body


def _is_no_text(text: str, found: Found) -> bool:
    """Whether a place lies in a tag, in an attribute that nobody reads."""
    tag = text.rfind("<", 0, found.start)
    if tag < 0 or text.find(">", tag, found.start) >= 0:
        return False
    name = ATTRIBUTE.search(text, tag, found.start)
    return name is not None and name[1].lower() in NOT_TEXT


def mask_text(body: bytes, allowed: frozenset[str] = frozenset()) -> bytes:
    return masked(body.decode(), allowed).encode()


def mask_json(body: bytes, allowed: frozenset[str] = frozenset()) -> bytes:
    """Numbers are figures; text is read as everywhere."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return masked(value, allowed)
        if isinstance(value, dict):
            return {clean(key): clean(each) for key, each in value.items()}
        return [clean(each) for each in value] if isinstance(value, list) else value

    return json.dumps(clean(json.loads(body)), ensure_ascii=False).encode()


def mask_sheet(body: bytes, allowed: frozenset[str] = frozenset()) -> bytes:
    """A workbook: the texts of its cells and names; numbers in cells are figures."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith(".xml"):
                data = re.sub(
                    rb"(<(?:t|dc:\w+|Company)\b[^>]*>)([^<]*)",
                    lambda text: text[1] + mask_text(text[2], allowed),
                    data,
                )
            new.writestr(part, data, compress_type=part.compress_type)
    return out.getvalue()


def _streamed(kind: str, parts: Iterable[bytes], allowed: frozenset[str]) -> Iterator[bytes]:
    """A table that leaves line by line; anything else would have to be read whole first."""
    if kind != "text/csv":
        yield MASKS[kind](b"".join(parts), allowed)
        return
    table, rest = _Table(allowed), ""
    for part in parts:
        *lines, rest = (rest + part.decode()).split("\n")
        if lines:
            yield "".join(table.line(line + "\n") for line in lines).encode()
    if rest:
        yield table.line(rest).encode()


class _Table:
    """The lines of a CSV as they go by. Amounts stand under a head that says so, and are figures."""

    def __init__(self, allowed: frozenset[str]):
        self.allowed = allowed
        self.money: set[int] | None = None
        self.separator = ","

    def line(self, line: str) -> str:
        if self.money is None:
            if line.lstrip("\ufeff").startswith("sep="):
                return line
            self.separator = max(",;\t", key=line.count)
            cells = next(csv.reader([line], delimiter=self.separator))
            self.money = {at for at, cell in enumerate(cells) if MONEY_HEAD.search(cell)}
            return masked(line, self.allowed)
        if not personal(line, self.allowed):
            return line
        if line.count('"') % 2:
            return masked(line, self.allowed)  # a cell of several lines is not taken apart
        out = io.StringIO()
        cells = next(csv.reader([line], delimiter=self.separator), [])
        csv.writer(out, delimiter=self.separator).writerow(
            map(self._cell, range(len(cells)), cells)
        )
        return out.getvalue()

    def _cell(self, at: int, cell: str) -> str:
        figure = at in (self.money or ()) and re.fullmatch(r"-?\d+", cell)
        return cell if figure else masked(cell, self.allowed)


def mask_table(body: bytes, allowed: frozenset[str] = frozenset()) -> bytes:
    return b"".join(_streamed("text/csv", [body], allowed))


MASKS: dict[str, Callable[[bytes, frozenset[str]], bytes]] = {
    "text/html": mask_page,
    "image/svg+xml": mask_page,
    "application/xml": mask_page,
    "text/plain": mask_text,
    "text/csv": mask_table,
    "text/css": lambda body, _allowed: body,
    "application/json": mask_json,
    "application/geo+json": mask_json,
    "application/manifest+json": mask_json,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": mask_sheet,
}
