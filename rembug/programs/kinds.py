"""What the book says about kinds of item: limits, duties and bans. Plain values in, reasons out.

Limits attach to the kind that was chosen, never to words in a title. Words only remind: of a kind with
a limit as advice, of something forbidden as a question that must be answered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from rembug.core.rupiah import show
from rembug.programs.rulebook import OTHER, Item, RuleBook
from rembug.programs.rules import Remark, cited

# An explanation shorter than this explains nothing.
SHORTEST = 10


@dataclass(frozen=True)
class Use:
    """What is spent on one kind: rupiah, and how many of what the kind counts (0: not told)."""

    kind: str
    name: str
    amount: int
    number: int = 0


def names(words: Iterable[str], text: str) -> bool:
    """Whether one of the words stands in the text as a whole word, whatever its case.

    >>> names(["pot"], "Pot bunga"), names(["pot"], "Potong rumput")
    (True, False)
    """
    words = tuple(words)
    return bool(words) and _any_of(words).search(text.lower()) is not None


@lru_cache(maxsize=1024)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    found = "|".join(re.escape(word.lower()) for word in words)
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)")


def explained(note: str) -> bool:
    """Whether somebody wrote why a thing is not what its words say."""
    return len(note.strip()) >= SHORTEST


# ---- the kind that was chosen ----------------------------------------------------------------


def kind_faults(
    book: RuleBook,
    field: str,
    kind: str,
    *,
    note: str = "",
    papers: Collection[str] | None = None,
) -> list[Remark]:
    """Whether a kind may be chosen in a field, and the papers it brings.

    `papers` are the codes attached (None: not asked yet); `note` explains what is in no list.
    """
    item = book.item_of.get(kind)
    if item is None:
        return _unlisted(book, field, kind, note)
    if item.forbidden:
        return [_blocking(item.forbidden, item, field)]
    if item.field != field:
        told = {"title": item.title, "field": book.field_of[item.field].title}
        sentence = _("%(title)s masuk bidang %(field)s. Pindahkan ke sana.") % told
        return [_blocking(sentence, item, field)]
    missing = [code for code in item.needs if papers is not None and code not in papers]
    return [
        _blocking(_("Lampirkan %s.") % book.paper_of[code].title, item, field) for code in missing
    ]


def _unlisted(book: RuleBook, field: str, kind: str, note: str) -> list[Remark]:
    """An activity without a kind of the list: only where the list is open, and only explained."""
    if not book.items_in(field) and not (kind and kind != OTHER):
        return []
    if kind == OTHER and not book.closed_list:
        if explained(note):
            return []
        return [Remark(_("Jelaskan mengapa jenisnya tidak ada di daftar."), True, "", field)]
    return [Remark(_("Pilih jenis kegiatan dari daftar bidang ini."), True, "", field)]


def _blocking(sentence: str, item: Item, field: str) -> Remark:
    return Remark(cited(sentence, item.article), True, item.article, field)


# ---- limits and duties -----------------------------------------------------------------------


def use_faults(book: RuleBook, use: Use) -> list[Remark]:
    """Limits of one activity by itself: how many, and how much for each."""
    item = book.item_of.get(use.kind)
    if item is None or item.forbidden or not item.number:
        return []
    if not use.number:
        told = {"title": item.title, "what": item.number}
        sentence = _("%(title)s: tulis jumlah %(what)s.") % told
        return [_blocking(sentence, item, item.field)]
    return [_blocking(sentence, item, item.field) for sentence in _number_sentences(item, use)]


def _number_sentences(item: Item, use: Use) -> Iterator[str]:
    if use.number < item.min_number:
        told = {"title": item.title, "least": item.min_number, "what": item.number}
        yield _("%(title)s paling sedikit %(least)d %(what)s.") % told
    if use.amount < item.min_each * use.number:
        told = {"title": item.title, "what": item.number, "least": show(item.min_each)}
        yield _("%(title)s paling sedikit %(least)s untuk satu %(what)s. Periksa biayanya.") % told
    if item.max_each is not None and use.amount > item.max_each * use.number:
        cut = use.amount - item.max_each * use.number
        told = {
            "title": item.title,
            "what": item.number,
            "most": show(item.max_each),
            "cut": show(cut),
        }
        yield _("%(title)s paling banyak %(most)s untuk satu %(what)s. Kurangi %(cut)s.") % told


def total_faults(
    book: RuleBook, uses: Iterable[Use], statements: Collection[str] = ()
) -> list[Remark]:
    """Limits of all of a kind in one proposal together, and the kinds it must contain."""
    found: dict[str, tuple[int, int]] = {}
    for use in uses:
        amount, number = found.get(use.kind, (0, 0))
        found[use.kind] = amount + use.amount, number + use.number
    return [
        _blocking(sentence, item, item.field)
        for item in book.items
        if not item.forbidden
        for sentence in (
            _total_sentences(item, *found[item.code])
            if item.code in found
            else _missing_sentences(book, item, statements)
        )
    ]


def _total_sentences(item: Item, amount: int, number: int) -> Iterator[str]:
    if item.max_number is not None and number > item.max_number:
        told = {"title": item.title, "most": item.max_number, "what": item.number}
        yield _("%(title)s paling banyak %(most)d %(what)s.") % told
    if amount < item.min_amount:
        yield _("%(title)s paling sedikit %(least)s.") % {
            "title": item.title,
            "least": show(item.min_amount),
        }
    if item.max_amount is not None and amount > item.max_amount:
        cut = show(amount - item.max_amount)
        told = {"title": item.title, "most": show(item.max_amount), "cut": cut}
        yield _("%(title)s paling banyak %(most)s. Kurangi %(cut)s.") % told


def _missing_sentences(book: RuleBook, item: Item, statements: Collection[str]) -> Iterator[str]:
    if not item.mandatory or (item.exempt_by and item.exempt_by in statements):
        return
    told = {"title": item.title, "field": book.field_of[item.field].title}
    sentence = _("Tambahkan %(title)s di bidang %(field)s.") % told
    if item.exempt_by:
        paper = book.paper_of[item.exempt_by].title
        sentence += " " + _("Bila tidak perlu, lampirkan %s.") % paper
    yield sentence


# ---- words -----------------------------------------------------------------------------------


def word_remarks(
    book: RuleBook, field: str, name: str, kind: str = "", note: str = ""
) -> list[Remark]:
    """What the words of a name bring to mind.

    Something forbidden is a question: it blocks until `note` answers it, and then the verifier sees
    both. A kind with limits that was not chosen is advice, and so is a reminder of the city.
    """
    return [
        *_bans(book, field, name, kind, note),
        *_hints(book, name, kind),
        *(
            Remark(cited(one.sentence, one.article), False, one.article, field)
            for one in book.reminders
            if names(one.words, name)
        ),
    ]


def _bans(book: RuleBook, field: str, name: str, kind: str, note: str) -> Iterator[Remark]:
    chosen = book.item_of.get(kind)
    allowed = chosen.allows if chosen else ()
    asked = [
        (item.forbidden, item.article)
        for item in book.banned
        if item.code not in (*allowed, kind)
        and item.field in ("", field)
        and names(item.words, name)
    ]
    asked += [
        (ban.reason, ban.article)
        for ban in book.forbidden
        if (not ban.fields or field in ban.fields) and names(ban.words, name)
    ]
    for reason, article in asked:
        if explained(note):
            told = _("%(reason)s Penjelasan pengusul: %(note)s")
            sentence = told % {"reason": reason, "note": note.strip()}
        else:
            sentence = reason + " " + _("Bila bukan itu, tulis penjelasan jenisnya.")
        yield Remark(cited(sentence, article), not explained(note), article, field)


def _hints(book: RuleBook, name: str, kind: str) -> Iterator[Remark]:
    for item in suggested(book, name, kind):
        told = _("Mungkin ini %(title)s: pilih jenisnya bila benar.") % {"title": item.title}
        yield Remark(cited(told, item.article), False, item.article, item.field)


def suggested(book: RuleBook, name: str, kind: str = "") -> Sequence[Item]:
    """Kinds with a limit or a duty that a name brings to mind, besides the one chosen."""
    return [
        item
        for item in book.items
        if item.watched and item.code != kind and names(item.words, name)
    ]


def limits_of(book: RuleBook, item: Item) -> list[str]:
    """The limits and duties of a kind in words, for the page of the rules."""
    found = []
    if item.mandatory:
        paper = book.paper_of[item.exempt_by].title if item.exempt_by else ""
        found.append(_("wajib, kecuali dengan %s") % paper if paper else _("wajib"))
    if item.min_number:
        told = {"least": item.min_number, "what": item.number}
        found.append(_("paling sedikit %(least)d %(what)s") % told)
    if item.max_number is not None:
        told = {"most": item.max_number, "what": item.number}
        found.append(_("paling banyak %(most)d %(what)s") % told)
    each = _("untuk satu %s") % item.number
    for amount, words in (
        (item.min_amount, _("paling sedikit %s")),
        (item.max_amount, _("paling banyak %s")),
        (item.min_each, _("paling sedikit %s") + " " + each),
        (item.max_each, _("paling banyak %s") + " " + each),
    ):
        if amount:
            found.append(words % show(amount))
    return found
