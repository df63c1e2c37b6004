"""The interface's words and their translations, without GNU gettext.

Source words are Indonesian and stand in the code; a translation is `locale/<language>/LC_MESSAGES/django.po`.
`collect` finds the words, `renew` brings a translation in line with them and keeps what is translated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HOME = Path(__file__).resolve().parent.parent
LOCALE = HOME / "locale"
NOT_INTERFACE = frozenset({"tests", "migrations", "build", "locale"})
ORIGIN = "django.utils.translation"
# How many texts a call begins with, after its context if it has one.
CALLS = {"gettext": 1, "ngettext": 2, "pgettext": 1, "npgettext": 2}
WITH_CONTEXT = frozenset({"pgettext", "npgettext"})
# What Django turns a template's tags into, for babel: "c" marks the context.
TEMPLATE_CALLS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Words = tuple[int, str | tuple[str, ...], str | None]


def sources(home: Path = HOME) -> Iterator[Path]:
    """Every file that may hold words for people: Python and templates, without tests and migrations."""
    for path in sorted(home.rglob("*")):
        parts = set(path.relative_to(home).parts)
        wanted = path.suffix == ".py" or path.suffix == ".html" and "templates" in parts
        if wanted and not parts & NOT_INTERFACE:
            yield path


def calls_of(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every translation call of a Python file with the function it stands for, however it is named there."""
    names = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == ORIGIN
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if names.get(node.func.id) in CALLS:
                yield node, names[node.func.id]


def texts_of(call: ast.Call, function: str) -> list[ast.expr]:
    """The arguments of a translation call that are words: the context, if it has one, comes first."""
    return call.args[: CALLS[function] + (function in WITH_CONTEXT)]


def words_of_python(code: str) -> Iterator[Words]:
    """Words of a Python file; a call around something else than plain text is passed over."""
    for call, function in calls_of(ast.parse(code)):
        constants = (text for text in texts_of(call, function) if isinstance(text, ast.Constant))
        texts = [text.value for text in constants if isinstance(text.value, str)]
        if len(texts) == len(texts_of(call, function)):
            context = texts.pop(0) if function in WITH_CONTEXT else None
            yield call.lineno, texts[0] if len(texts) == 1 else tuple(texts), context


def words_of_template(code: str, name: str = "") -> Iterator[Words]:
    """Words of a template, as Django asks for them when it draws the page."""
    # A template's indentation means nothing, to Python it would.
    lines = (line.strip() for line in templatize(code, origin=name).splitlines())
    file = BytesIO("\n".join(lines).encode())
    options = {"encoding": "utf-8"}
    for line, words, _comments, context in extract("python", file, TEMPLATE_CALLS, options=options):
        yield line, words, context


def words_of(path: Path) -> Iterator[Words]:
    """Words of one file: line, text (or singular and plural), context."""
    code = path.read_text(encoding="utf-8")
    return (
        words_of_python(code) if path.suffix == ".py" else words_of_template(code, name=path.name)
    )


def collect(home: Path = HOME) -> Catalog:
    """All words of the interface, with the files they stand in."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in sources(home):
        name = path.relative_to(home.parent).as_posix()
        for line, words, context in words_of(path):
            catalog.add(words, locations=[(name, line)], context=context)
    return catalog


def po_of(language: str) -> Path:
    """Where the translation into a language lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The translation as it stands; an empty one when there is none yet."""
    path = po_of(language)
    if not path.exists():
        return Catalog(language, project="Rembug", version="1", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renew(language: str, found: Catalog | None = None) -> Catalog:
    """The translation in line with the words: translated ones stay, new ones are empty, old ones go."""
    catalog = read(language)
    template = collect() if found is None else found
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def write(language: str, catalog: Catalog) -> None:
    """Keep a translation: as text in the order of the files, without line numbers, and compiled."""
    path = po_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def untranslated(catalog: Catalog) -> list[str]:
    """Words still without a translation, in the order of the catalogue."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not all(forms(message.string))
    ]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """One text, or singular and plural, as a list; words without a translation give one empty text."""
    return [text or ""] if isinstance(text, str | None) else list(text)
