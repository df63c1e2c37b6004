"""What the rulebook says about a proposal, a price and a payment. Plain values in, reasons out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rembug.core.rupiah import Rupiah, part, share, show
from rembug.programs.rulebook import Field, Group, RuleBook


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
    waived = is_waived(book, statements)
    lifted = _lifted(book, ceiling, amounts_by_field) if waived else {}
    fields = [
        _share(
            book,
            field,
            (field.code,),
            amounts_by_field.get(field.code, 0),
            ceiling,
            waived,
            lifted.get(field.code, 0),
        )
        for field in book.fields
    ]
    groups = [
        _share(
            book,
            group,
            group.fields,
            _sum(amounts_by_field, group.fields),
            ceiling,
            waived,
            lifted.get(group.title, 0),
        )
        for group in book.groups
    ]
    return fields + groups


def is_waived(book: RuleBook, statements: Collection[str]) -> bool:
    """Whether the residents state that a share or a field is not needed."""
    return bool(book.share_waiver) and book.share_waiver in statements


def _sum(amounts: Mapping[str, int], codes: Iterable[str]) -> int:
    return sum(amounts.get(code, 0) for code in codes)


def _lifted(book: RuleBook, ceiling: int, amounts: Mapping[str, int]) -> dict[str, int]:
    """By how much largest shares rise when a statement lifts a least share; rupiah, by code or title.

    What a unit leaves out of a least share is its own again: where the other largest shares would not
    let it reach its ceiling, the widest of them take what became free. A limit in rupiah never rises.
    """
    grouped = {code for group in book.groups for code in group.fields}
    parts: list[tuple[Field | Group, tuple[str, ...]]] = [(one, one.fields) for one in book.groups]
    parts += [(one, (one.code,)) for one in book.fields if one.code not in grouped]
    freed, room, open_ended = 0, 0, []
    for limit, codes in parts:
        amount, least = _sum(amounts, codes), _least(ceiling, limit.min_percent)
        if amount < least:
            freed += least - amount
            room += amount
            continue
        room += _room(book, limit, codes, ceiling)
        if limit.max_percent is not None:
            open_ended.append((limit.max_percent, limit, codes))
    raised: dict[str, int] = {}
    for percent in sorted({percent for percent, _limit, _codes in open_ended}, reverse=True):
        if room >= ceiling:
            break
        for _percent, limit, codes in (one for one in open_ended if one[0] == percent):
            room += freed
            raised |= dict.fromkeys((getattr(limit, "code", limit.title), *codes), freed)
    return raised


def _room(book: RuleBook, limit: Field | Group, codes: tuple[str, ...], ceiling: int) -> int:
    """The most that may go to a field, or to fields that share a range."""
    own = _most(ceiling, limit.max_percent, limit.max_amount)
    rows = [book.field_of[code] for code in codes]
    return min(own, sum(_most(ceiling, row.max_percent, row.max_amount) for row in rows))


def _share(
    book: RuleBook,
    limit: Field | Group,
    codes: tuple[str, ...],
    amount: int,
    ceiling: int,
    waived: bool,
    lifted: int = 0,
) -> ShareState:
    least = _least(ceiling, limit.min_percent)
    most = _most(ceiling, limit.max_percent, limit.max_amount, lifted)
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


def _most(ceiling: int, percent: float | None, amount: int | None, lifted: int = 0) -> int:
    """The most in rupiah; `lifted` is what a statement adds to a share, not to a limit in rupiah."""
    limits = [ceiling]
    if percent is not None:
        limits.append(part(ceiling, percent) + lifted)
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
    remarks += _left_out(book, amounts_by_field, is_waived(book, statements))
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


def _left_out(book: RuleBook, amounts: Mapping[str, int], waived: bool) -> Iterator[Remark]:
    """Fields that every proposal must contain and this one lacks."""
    for field in book.fields:
        if not field.required or amounts.get(field.code) or field.min_percent:
            continue  # a field with a least share is already told
        if waived:
            sentence = _("%s: tidak diusulkan, dengan surat pernyataan.") % field.title
        else:
            sentence = _("%s: tambahkan kegiatan; setiap usulan memuat bidang ini.") % field.title
            if book.share_waiver:
                paper = book.paper_of[book.share_waiver].title
                sentence += " " + _("Bila tidak perlu, lampirkan %s.") % paper
        yield Remark(cited(sentence, field.article), not waived, field.article, field.code)


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
