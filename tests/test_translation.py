"""Every word people read can be read in English: all found, all translated, nothing left bare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils.translation import override

from rembug.core import messages

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)[-.\d]*[a-z]|%%|%[-.\d]*[sdif]|</?\w+[^>]*>")
NAMELESS = re.compile(r"%[-.\d]*[sdif]")
# The sheet of components is for those who build pages; its words are examples.
FOR_BUILDERS = {"gallery.html"}
ATTRIBUTE = re.compile(
    r'\b(?:aria-label|placeholder|title|alt|label|data-l|data-words|content)="([^"]*)"'
)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Names, languages in their own word, and abbreviations of forms that are the same in every language.
SAME_EVERYWHERE = {"Rembug", "English", "Bahasa", "Indonesia", "RT", "RW", "WGS", "CSV", "PDF"} | {
    *("RAB", "SPJ", "SPP", "SPM", "SP", "DPA", "STS", "NTPN", "BAHP", "BAST", "HOK", "SK")
}
META = {"width=device-width, initial-scale=1", "light dark", "rt 3 rw 5"}
INDONESIAN = re.compile(
    r"\b(yang|belum|sudah|tidak|untuk|dengan|pada|oleh|atau|harus|bukan|supaya|sebelum|sesudah|"
    r"Anda|semua|tulis|pilih|isi|periksa|kirim|simpan|buka|muat)\b",
    re.IGNORECASE,
)
# Checks and the shell speak to operators; the made-up city and the search know Indonesian words as data.
NOT_PAGES = {"demo", "management", "integrity", "acts.py", "gallery.py", "finding.py"}


@pytest.fixture(scope="module")
def found():
    return messages.collect()


# ---- complete -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(found, language):
    """After a change of words: `rembug messages`, then fill in what it lists."""
    assert messages.untranslated(messages.renew(language, found)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_fuzzy_or_left_over(found, language):
    kept = messages.read(language)
    assert not kept.obsolete
    assert not [message.id for message in kept if message.fuzzy]
    assert {m.id for m in kept if m.id} <= {m.id for m in found}, "run `rembug messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_what_is_filled_in(language):
    faults = []
    for message in messages.read(language):
        if not message.id or not all(messages.forms(message.string)):
            continue
        source, texts = messages.forms(message.id)[-1], messages.forms(message.string)
        for text in texts:
            # Of one thing, the number itself may go unsaid.
            may_leave_out = {"%(n)s", "%(count)s", "%d"} if text is not texts[-1] else set()
            faults += [source] if not _fits(source, text, may_leave_out) else []
            faults += [source] if _edges(source) != _edges(text) else []
    assert faults == []


def _fits(source: str, text: str, may_leave_out: set[str]) -> bool:
    wanted, given = sorted(PLACEHOLDER.findall(source)), sorted(PLACEHOLDER.findall(text))
    in_order = NAMELESS.findall(source) == NAMELESS.findall(text)
    return (wanted == given and in_order) or sorted(set(wanted) - may_leave_out) == given


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def test_written_words_are_read_back_and_compiled(tmp_path, monkeypatch):
    kept = messages.read("en")
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    messages.write("en", kept)
    again = {message.id: message.string for message in messages.read("en")}
    assert again == {message.id: message.string for message in kept}
    with messages.po_of("en").with_suffix(".mo").open("rb") as file:
        assert GNUTranslations(file).gettext("Masuk") == "Sign in"


# ---- found --------------------------------------------------------------------------------------


def test_words_are_found_however_they_are_called():
    code = (
        "from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext\n"
        "from django.utils.translation import gettext_noop as noted, pgettext\n"
        "a = _('satu')\nb = lazy('dua ' 'tiga')\nc = f\"{_('empat')}\"\n"
        "d = ngettext('%d hal', '%d hal', n)\ne = pgettext('bulan', 'Mei')\nf = other('bukan')\ng = noted('lima')\n"
    )
    words = {(text, context) for _line, text, context in messages.words_of_python(code)}
    assert words == {
        ("satu", None),
        ("dua tiga", None),
        ("empat", None),
        (("%d hal", "%d hal"), None),
        ("Mei", "bulan"),
        ("lima", None),
    }


def test_words_are_found_in_templates():
    code = (
        '  {% translate "Batas" context "waktu" %}{% if x %}\n{{ y|default:_("Warga") }}{% endif %}\n'
        "{% blocktranslate trimmed count n=3 %}\n  {{ n }} hal\n  lagi\n{% plural %}{{ n }} hal lagi"
        "{% endblocktranslate %}"
    )
    words = {(text, context) for _line, text, context in messages.words_of_template(code)}
    assert words == {
        ("Batas", "waktu"),
        ("Warga", None),
        (("%(n)s hal lagi", "%(n)s hal lagi"), None),
    }


def test_only_plain_text_is_translated():
    """A value or an f-string in a translation call is looked up after it is filled in, and never found."""
    faults = [
        f"{path.relative_to(messages.HOME)}:{call.lineno}"
        for path in messages.sources()
        if path.suffix == ".py"
        for call, function in messages.calls_of(ast.parse(path.read_text()))
        if not all(isinstance(text, ast.Constant) for text in messages.texts_of(call, function))
    ]
    assert faults == []


# ---- nothing bare -------------------------------------------------------------------------------


def bare_text(source: str) -> Iterator[str]:
    """What a template shows as it stands: text between tags, and attributes that are read out."""
    shown, translated = "", False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            translated = token.contents.split()[0] in ("blocktranslate", "blocktrans", "comment")
        if token.token_type == TokenType.BLOCK and token.contents.startswith("plural"):
            translated = True
        if token.token_type == TokenType.TEXT and not translated:
            shown += token.contents
        elif token.token_type != TokenType.TEXT:
            shown += "\0"
    yield from (text for text in ATTRIBUTE.findall(shown) if text not in META)
    yield re.sub(r"&#?\w+;|<[^>]*>", " ", shown)


@pytest.mark.parametrize(
    "path",
    [p for p in messages.sources() if p.suffix == ".html" and p.name not in FOR_BUILDERS],
    ids=lambda p: p.stem,
)
def test_templates_show_nothing_untranslated(path):
    source = path.read_text()
    if path.name == "script_words.html" or "block page_class" in source or "block body" in source:
        # These hold pieces of a tag: attributes, a class.
        source = re.sub(r'( data-\w+="[^"]*")|(\{% block (page_class|body) %\}[^{]*)', "", source)
    words = {word for text in bare_text(source) for word in LETTERS.findall(text)}
    assert words - SAME_EVERYWHERE == set()


def test_code_shows_nothing_untranslated():
    faults = []
    for path in messages.sources():
        if path.suffix != ".py" or NOT_PAGES & set(path.relative_to(messages.HOME).parts):
            continue
        tree = ast.parse(path.read_text())
        wrapped = {
            id(node)
            for call, _function in messages.calls_of(tree)
            for text in call.args
            for node in ast.walk(text)
        }
        for node in ast.walk(tree):
            # A statement that is only a text is a docstring.
            if isinstance(node, ast.Expr):
                wrapped.add(id(node.value))
            elif isinstance(node, ast.Constant) and id(node) not in wrapped:
                text = node.value if isinstance(node.value, str) else ""
                if " " in text.strip() and INDONESIAN.search(text):
                    faults.append(f"{path.relative_to(messages.HOME)}:{node.lineno} {text}")
    assert faults == []


# ---- seen ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_visitor_may_read_english(city, client):
    page = f"/{city.slug}/masuk/"
    assert ">Masuk</h1>" in client.get(page).content.decode()
    client.post(f"/{city.slug}/bahasa/", {"language": "en"})
    answer = client.get(page).content.decode()
    assert ">Sign in</h1>" in answer and 'lang="en"' in answer and "Kata sandi" not in answer


def test_plurals_follow_the_number():
    from rembug.core import words

    with override("en"):
        assert [words.days(1), words.days(2)] == ["1 day", "2 days"]
        assert words.millions(9_500_000) == "9.5 mn"


def test_kept_titles_are_told_in_the_reader_s_language():
    from rembug.core.words import retold

    kept = ("Periksa laporan 50%: Paving Gang 2", "Siapkan kontrak: Paving: RT 3", "Usulan warga")
    with override("en"):
        assert [retold(title) for title in kept] == [
            "Check the 50% report: Paving Gang 2",
            "Prepare the contract: Paving: RT 3",
            "Usulan warga",
        ]
    assert tuple(retold(title) for title in kept) == kept
