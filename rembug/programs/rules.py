"""What the rulebook says about a proposal, a price and a payment. Plain values in, reasons out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rembug.core.rupiah import Rupiah, part, share, show
from rembug.programs.rulebook import Cap, Field, Group, Item, Mandatory, RuleBook


@dataclass(frozen=True)
class Remark:
    """One sentence about a proposal. Blocking must be mended; advice lets go on with a reason."""

    sentence: str
    blocking: bool
    article: str = ""
    field: str = ""

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class ShareState:
    """How a field (or fields together) stands against its range; amounts in rupiah.

    `low`, `high` are the range in percent of the ceiling (None: no limit), `least`, `most` in
    rupiah. State: ok, low, over, or free where the book sets no range.
    """

    code: str
    title: str
    icon: str
    amount: int
    percent: float
    low: float | None
    high: float | None
    least: int
    most: int
    state: str
    sentence: str
    blocking: bool
    article: str
    fields: tuple[str, ...]

    @property
    def bid(self) -> str:
        """The field's sign and colour, as the `bid` tag names it."""
        return self.icon.removeprefix("b-")


@dataclass(frozen=True)
class Line:
    """A proposed thing as the rules see it. `count` is how many pieces, `price` of one piece."""

    field: str
    name: str
    amount: int
    count: int = 1
    price: int = 0
    item: str = ""


def ceiling_for(book: RuleBook, households: int, rt_in_rw: int = 1, nth: int = 0) -> Rupiah:
    """The ceiling of one RT (or of one RW, with rt_in_rw=1) by the book's formula.

    An amount given per RW is split over its RT to the last rupiah: `nth` (from 0) is the RT's place
    in its RW, and the first ones carry the odd rupiah.
    """
    ceiling = book.ceiling
    if ceiling.kind == "flat":
        return Rupiah(ceiling.amount)
    if ceiling.kind == "per_rw":
        whole, odd = divmod(ceiling.amount, rt_in_rw)
        return Rupiah(whole + (nth < odd))
    for tier in ceiling.tiers:
        if tier.max is None or households <= tier.max:
            return Rupiah(tier.amount)
    raise ValueError("the tiers of a checked book have no end")


def cited(sentence: str, article: str) -> str:
    """A sentence with the article it follows from: `Kurangi Rp1. (pasal 9)`."""
    return f"{sentence} ({article})" if article else sentence


def composition(
    book: RuleBook,
    ceiling: int,
    amounts_by_field: Mapping[str, int],
    statements: Collection[str] = (),
) -> list[ShareState]:
    """Each field against its allowed range, then each joint share. Order is the book's.

    `statements` are codes of papers attached; the book's waiver turns a missing share into advice.
    """
    waived = bool(book.share_waiver) and book.share_waiver in statements
    fields = [
        _share(book, field, (field.code,), amounts_by_field.get(field.code, 0), ceiling, waived)
        for field in book.fields
    ]
    groups = [
        _share(
            book,
            group,
            group.fields,
            sum(amounts_by_field.get(code, 0) for code in group.fields),
            ceiling,
            waived,
        )
        for group in book.groups
    ]
    return fields + groups


def _share(
    book: RuleBook,
    limit: Field | Group,
    codes: tuple[str, ...],
    amount: int,
    ceiling: int,
    waived: bool,
) -> ShareState:
    least = _least(ceiling, limit.min_percent)
    most = _most(ceiling, limit.max_percent, limit.max_amount)
    free = limit.min_percent is None and limit.max_percent is None and limit.max_amount is None
    state = "over" if amount > most else "low" if amount < least else "free" if free else "ok"
    return ShareState(
        code="+".join(codes),
        title=limit.title,
        icon=book.field_of[codes[0]].icon,
        amount=amount,
        percent=share(amount, ceiling),
        low=limit.min_percent,
        high=limit.max_percent,
        least=least,
        most=most,
        state=state,
        sentence=cited(_share_sentence(book, state, amount, least, most, waived), limit.article),
        blocking=state == "over" or (state == "low" and not waived),
        article=limit.article,
        fields=codes,
    )


def _least(ceiling: int, percent: float | None) -> int:
    """The least amount, rounded up: one rupiah below a share is below it."""
    return -(-ceiling * round((percent or 0) * 100) // 10_000)


def _most(ceiling: int, percent: float | None, amount: int | None) -> int:
    limits = [ceiling]
    if percent is not None:
        limits.append(part(ceiling, percent))
    if amount is not None:
        limits.append(amount)
    return min(limits)


def _share_sentence(
    book: RuleBook, state: str, amount: int, least: int, most: int, waived: bool
) -> str:
    if state == "over":
        told = {"cut": show(amount - most), "most": show(most)}
        return _("Kurangi %(cut)s. Paling banyak %(most)s.") % told
    if state == "low":
        told = {"add": show(least - amount), "least": show(least)}
        if waived:
            return _("Di bawah %(least)s, dengan surat pernyataan.") % told
        sentence = _("Tambah %(add)s. Paling sedikit %(least)s.") % told
        if book.share_waiver:
            paper = book.paper_of[book.share_waiver].title
            sentence += " " + _("Bila tidak perlu, lampirkan %s.") % paper
        return sentence
    if state == "free":
        return _("Tidak ada batas sendiri.")
    return _("Sesuai.")


def composition_faults(
    book: RuleBook,
    ceiling: int,
    amounts_by_field: Mapping[str, int],
    statements: Collection[str] = (),
) -> list[Remark]:
    """What is wrong with the division over fields and with the total; blocking first."""
    remarks = [
        Remark(f"{row.title}: {row.sentence}", row.blocking, row.article, row.fields[0])
        for row in composition(book, ceiling, amounts_by_field, statements)
        if row.state in ("over", "low")
    ]
    for code in amounts_by_field.keys() - book.field_of.keys():
        remarks.append(Remark(_("Pilih bidang yang ada: %s tidak dikenal.") % code, True))
    total = sum(amounts_by_field.values())
    if total > ceiling:
        told = {"cut": show(total - ceiling), "ceiling": show(ceiling)}
        sentence = _("Kurangi %(cut)s. Pagu RT ini %(ceiling)s.") % told
        remarks.append(Remark(cited(sentence, book.ceiling.article), True, book.ceiling.article))
    elif total < ceiling:
        left = _("Masih ada %s yang belum dipakai.") % show(ceiling - total)
        remarks.append(Remark(left, False))
    return sorted(remarks, key=lambda remark: not remark.blocking)


def names(words: Iterable[str], text: str) -> bool:
    """Whether one of the words stands in the text as a whole word, whatever its case.

    >>> names(["pot"], "Pot bunga"), names(["pot"], "Potong rumput")
    (True, False)
    """
    lower = text.lower()
    return any(re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", lower) for word in words)


def item_faults(
    book: RuleBook,
    field: str,
    name: str,
    amount: int,
    *,
    count: int = 1,
    price: int = 0,
    item: str = "",
    papers: Collection[str] | None = None,
) -> list[Remark]:
    """What the book says against one proposed thing: forbidden words, caps, kinds and papers.

    `item` is the code of the kind of activity; `papers` the codes attached (None: not asked yet).
    """
    line = Line(field, name, amount, count, price, item)
    remarks = [*_forbidden(book, line), *_kind_remarks(book, line, papers)]
    for cap in book.caps:
        if cap.per != "proposal" and names(cap.words, name):
            remarks += _cap_remarks(cap, [line])
    return remarks


def _forbidden(book: RuleBook, line: Line) -> list[Remark]:
    return [
        Remark(cited(ban.reason, ban.article), True, ban.article, line.field)
        for ban in book.forbidden
        if (not ban.fields or line.field in ban.fields) and names(ban.words, line.name)
    ]


def _kind_remarks(book: RuleBook, line: Line, papers: Collection[str] | None) -> list[Remark]:
    """The kind of activity must be one of the field's, and bring its papers."""
    kind: Item | None = book.item_of.get(line.item)
    if kind is None:
        if not book.items_in(line.field) or not (book.closed_list or line.item):
            return []
        return [Remark(_("Pilih jenis kegiatan dari daftar bidang ini."), True, "", line.field)]
    if kind.field != line.field:
        right = book.field_of[kind.field].title
        told = {"title": kind.title, "field": right}
        sentence = _("%(title)s masuk bidang %(field)s. Pindahkan ke sana.") % told
        return [Remark(cited(sentence, kind.article), True, kind.article, line.field)]
    missing = [code for code in kind.needs if papers is not None and code not in papers]
    return [
        Remark(
            cited(_("Lampirkan %s.") % book.paper_of[code].title, kind.article),
            True,
            kind.article,
            line.field,
        )
        for code in missing
    ]


def _cap_remarks(cap: Cap, lines: list[Line]) -> list[Remark]:
    amount = sum(line.price if cap.per == "unit_price" else line.amount for line in lines)
    count = sum(line.count for line in lines)
    sentences = []
    if cap.max_amount is not None and amount > cap.max_amount:
        cut = amount - cap.max_amount
        told = {"title": cap.title, "most": show(cap.max_amount), "cut": show(cut)}
        sentences.append(_("%(title)s paling banyak %(most)s. Kurangi %(cut)s.") % told)
    if cap.max_count is not None and count > cap.max_count:
        pieces = {"title": cap.title, "most": str(cap.max_count)}
        sentences.append(_("%(title)s paling banyak %(most)s buah.") % pieces)
    return [Remark(cited(each, cap.article), True, cap.article) for each in sentences]


def cap_faults(book: RuleBook, lines: Iterable[Line]) -> list[Remark]:
    """Caps that count over the whole proposal, such as at most three of something for each RT."""
    lines = list(lines)
    remarks = []
    for cap in book.caps:
        touched = [line for line in lines if names(cap.words, line.name)]
        if cap.per == "proposal" and touched:
            remarks += _cap_remarks(cap, touched)
    return remarks


def mandatory_faults(
    book: RuleBook, lines: Iterable[Line], statements: Collection[str] = ()
) -> list[Remark]:
    """What every proposal must contain and this one lacks; a statement may exempt it."""
    found: dict[str, int] = defaultdict(int)
    for line in lines:
        for duty in book.mandatory:
            if line.field == duty.field and names(duty.words, line.name):
                found[duty.code] += line.amount
    return [
        Remark(cited(sentence, duty.article), True, duty.article, duty.field)
        for duty in book.mandatory
        if not (duty.exempt_by and duty.exempt_by in statements)
        for sentence in _duty_sentences(book, duty, found.get(duty.code))
    ]


def _duty_sentences(book: RuleBook, duty: Mandatory, amount: int | None) -> list[str]:
    told = {
        "title": duty.title,
        "field": book.field_of[duty.field].title,
        "least": show(duty.min_amount),
        "most": show(duty.max_amount or 0),
    }
    if amount is None:
        sentence = _("Tambahkan %(title)s di bidang %(field)s.") % told
        if duty.exempt_by:
            paper = book.paper_of[duty.exempt_by].title
            sentence += " " + _("Bila tidak perlu, lampirkan %s.") % paper
        return [sentence]
    if amount < duty.min_amount:
        return [_("%(title)s paling sedikit %(least)s.") % told]
    if duty.max_amount is not None and amount > duty.max_amount:
        return [_("%(title)s paling banyak %(most)s.") % told]
    return []


def price_state(
    book: RuleBook, price: int, standard: int | None, quotes: int = 0
) -> tuple[str, str]:
    """A unit price against the standard: (state, sentence).

    States: ok; above (blocks); high (advice, where the city only warns); low (advice); quotes
    (blocks: no standard and too few offers). `standard` None means the thing is not in the list.
    """
    rule = book.prices
    if standard is None:
        if quotes >= rule.manual_quotes:
            return "ok", _("Di luar standar, dengan %d penawaran.") % quotes
        need = rule.manual_quotes - quotes
        sentence = _("Barang ini di luar standar. Lampirkan %d penawaran lagi.") % need
        return "quotes", cited(sentence, rule.article)
    if price > standard:
        sentence = _("Paling tinggi %s. Turunkan harga atau pilih barang lain.") % show(standard)
        state = "above" if rule.above_standard == "refuse" else "high"
        return state, cited(sentence, rule.article)
    if price * 10_000 < standard * round(rule.below_percent_warn * 100):
        told = {"percent": round(100 * price / standard), "standard": show(standard)}
        sentence = _("Hanya %(percent)d%% dari standar %(standard)s. Periksa mutu dan satuannya.")
        return "low", sentence % told
    return "ok", _("Sesuai standar.")


def tranche_amounts(book: RuleBook, value: int) -> list[int]:
    """The contract's value divided over the tranches to the last rupiah; the last takes the odd."""
    amounts = [int(part(value, tranche.percent)) for tranche in book.tranches[:-1]]
    return [*amounts, value - sum(amounts)]
