"""Reads a rulebook and finds what no setting shows alone: parts that contradict one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from rembug.programs.rulebook import (
    GATES,
    OTHER,
    PROPOSAL_STEPS,
    REPORT_STEPS,
    CeilingTier,
    RuleBook,
    Step,
    Tax,
)
from rembug.programs.typed import Fault, build


def read_book(data: Any) -> tuple[RuleBook | None, list[Fault]]:
    """The book in plain data and every fault of it; the book is None when there are any."""
    faults: list[Fault] = []
    book = build(RuleBook, data, "", faults)
    if book is not None:
        faults += book_faults(book)
    return (None if faults else book), faults


def book_faults(book: RuleBook) -> list[Fault]:
    """Every contradiction in a book whose settings are each well formed."""
    return [
        *_ceiling_faults(book),
        *_codes_twice(book),
        *_range_faults(book),
        *_share_sum_faults(book),
        *_reference_faults(book),
        *_item_faults(book),
        *_step_faults("proposal_steps", book.proposal_steps, PROPOSAL_STEPS),
        *_step_faults("report_steps", book.report_steps, REPORT_STEPS),
        *_tranche_faults(book),
        *_other_faults(book),
    ]


def _ceiling_faults(book: RuleBook) -> Iterator[Fault]:
    ceiling = book.ceiling
    if ceiling.kind == "by_households":
        if ceiling.amount:
            yield Fault("ceiling.amount", _("hapus: pagu ini memakai tiers"))
        yield from _tier_faults(ceiling.tiers)
        return
    if not ceiling.amount:
        yield Fault("ceiling.amount", _("isi dengan rupiah lebih dari 0"))
    if ceiling.tiers:
        yield Fault("ceiling.tiers", _('hapus: hanya untuk kind = "by_households"'))


def _tier_faults(tiers: tuple[CeilingTier, ...]) -> Iterator[Fault]:
    """Tiers follow one another without gap or overlap, from 0 households to no limit."""
    if not tiers:
        yield Fault("ceiling.tiers", _("isi sedikitnya satu golongan"))
        return
    expected: int | None = 0
    for n, tier in enumerate(tiers):
        path = f"ceiling.tiers[{n}]"
        if expected is None:
            yield Fault(path, _("hapus: golongan sebelumnya sudah tanpa batas atas"))
            return
        if tier.min != expected:
            yield Fault(f"{path}.min", _("mulai dari %d agar tidak ada celah") % expected)
        if tier.max is not None and tier.max < tier.min:
            yield Fault(f"{path}.max", _("tidak boleh kurang dari min (%d)") % tier.min)
        if not tier.amount:
            yield Fault(f"{path}.amount", _("isi dengan rupiah lebih dari 0"))
        expected = None if tier.max is None else tier.max + 1
    if expected is not None:
        last = f"ceiling.tiers[{len(tiers) - 1}].max"
        yield Fault(last, _("hapus: golongan terakhir tanpa batas"))


def _codes_twice(book: RuleBook) -> Iterator[Fault]:
    for part in ("fields", "items", "papers"):
        yield from _twice(part, "code", [row.code for row in getattr(book, part)])
    yield from _twice("calendar", "key", [row.key for row in book.calendar])


def _twice(part: str, key: str, codes: Iterable[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, code in enumerate(codes):
        if code in seen:
            yield Fault(f"{part}[{n}].{key}", _("%s sudah dipakai di atas; beri kode lain") % code)
        seen.add(code)


def _range_faults(book: RuleBook) -> Iterator[Fault]:
    ranges = [
        (part, n, low, high, row)
        for part, low, high in (
            ("fields", "min_percent", "max_percent"),
            ("groups", "min_percent", "max_percent"),
            ("items", "min_amount", "max_amount"),
            ("items", "min_each", "max_each"),
            ("items", "min_number", "max_number"),
        )
        for n, row in enumerate(getattr(book, part))
    ]
    for part, n, low, high, row in ranges:
        least, most = getattr(row, low), getattr(row, high)
        if least is not None and most is not None and least > most:
            told = {"low": low, "least": least, "high": high, "most": most}
            yield Fault(
                f"{part}[{n}].{low}",
                _("%(low)s (%(least)s) lebih besar daripada %(high)s (%(most)s)") % told,
            )
    if book.pokmas.min_members > book.pokmas.max_members:
        yield Fault("pokmas.min_members", _("lebih besar daripada max_members"))


def _share_sum_faults(book: RuleBook) -> Iterator[Fault]:
    """Least shares above 100% or most shares below it could never be met."""
    if not book.fields:
        yield Fault("fields", _("isi sedikitnya satu bidang"))
        return
    least = sum(field.min_percent or 0 for field in book.fields)
    if least > 100:
        yield Fault("fields", _("jumlah min_percent %s%%; paling banyak 100%%") % least)


def _reference_faults(book: RuleBook) -> Iterator[Fault]:
    """Every code that is referred to must exist."""
    fields, papers = set(book.field_of), set(book.paper_of)
    banned = {item.code for item in book.banned}
    for n, item in enumerate(book.items):
        own = [item.field] if item.field or not item.forbidden else []
        exempt = [item.exempt_by] if item.exempt_by else []
        yield from _unknown(f"items[{n}].field", own, fields, _("bidang"))
        yield from _unknown(f"items[{n}].needs", item.needs, papers, _("surat"))
        yield from _unknown(f"items[{n}].exempt_by", exempt, papers, _("surat"))
        yield from _unknown(f"items[{n}].allows", item.allows, banned, _("jenis terlarang"))
    for n, group in enumerate(book.groups):
        yield from _unknown(f"groups[{n}].fields", group.fields, fields, _("bidang"))
    for n, ban in enumerate(book.forbidden):
        yield from _unknown(f"forbidden[{n}].fields", ban.fields, fields, _("bidang"))
    waiver = [book.share_waiver] if book.share_waiver else []
    yield from _unknown("share_waiver", waiver, papers, _("surat"))
    for part in ("contract", "tranche", "spj", "handover"):
        codes = getattr(book.required, part)
        yield from _unknown(f"required.{part}", codes, papers, _("surat"))


def _item_faults(book: RuleBook) -> Iterator[Fault]:
    """Settings of a kind that say nothing without another one."""
    for n, item in enumerate(book.items):
        path = f"items[{n}]"
        if item.code == OTHER:
            yield Fault(f"{path}.code", _("kode %s dipakai untuk yang tidak ada di daftar") % OTHER)
        counted = item.min_number or item.max_number is not None
        if (counted or item.min_each or item.max_each is not None) and not item.number:
            yield Fault(f"{path}.number", _("tulis apa yang dihitung, misalnya siswa"))
        if item.exempt_by and not item.mandatory:
            yield Fault(f"{path}.exempt_by", _("hanya untuk jenis dengan mandatory = true"))
        if item.forbidden and (item.mandatory or item.watched):
            yield Fault(f"{path}.forbidden", _("yang dilarang tidak punya batas atau kewajiban"))


def _unknown(path: str, codes: Iterable[str], known: set[str], what: str) -> Iterator[Fault]:
    for code in codes:
        if code not in known:
            told = {"what": what, "code": code, "known": ", ".join(sorted(known)) or "-"}
            yield Fault(path, _("%(what)s %(code)s tidak ada; yang ada: %(known)s") % told)


def _step_faults(part: str, steps: tuple[Step, ...], known: dict) -> Iterator[Fault]:
    if not steps:
        yield Fault(part, _("isi sedikitnya satu meja pemeriksa"))
    for n, step in enumerate(steps):
        yield from _unknown(f"{part}[{n}].key", [step.key], set(known), _("meja"))
    yield from _twice(part, "key", [step.key for step in steps])
    order = [list(known).index(step.key) for step in steps if step.key in known]
    if order != sorted(order):
        yield Fault(part, _("urutkan dari bawah ke atas: %s") % ", ".join(known))


def _tranche_faults(book: RuleBook) -> Iterator[Fault]:
    known = set(GATES) | {f"report_{percent}" for percent in book.reports.percents}
    for n, tranche in enumerate(book.tranches):
        path = f"tranches[{n}]"
        if tranche.no != n + 1:
            yield Fault(f"{path}.no", _("tulis %d: nomor berurutan dari 1") % (n + 1))
        if not tranche.percent:
            yield Fault(f"{path}.percent", _("isi lebih dari 0"))
        yield from _unknown(f"{path}.gates", tranche.gates, known, _("syarat"))
    whole = sum(round(tranche.percent * 100) for tranche in book.tranches)
    if whole != 10_000:
        yield Fault("tranches", _("jumlah persen %s; harus tepat 100") % (whole / 100))


def _other_faults(book: RuleBook) -> Iterator[Fault]:
    percents = book.reports.percents
    if percents[-1] != 100 or sorted(set(percents)) != list(percents):
        yield Fault("reports.percents", _("urutkan naik dan akhiri dengan 100"))
    yield from _tax_faults(book)
    yield from _purchase_faults(book)


def _tax_faults(book: RuleBook) -> Iterator[Fault]:
    """On one day a code has one rate, and one kind of purchase from one seller one income tax."""
    for n, tax in enumerate(book.taxes):
        path = f"taxes[{n}]"
        yield from _unknown(f"{path}.groups", tax.groups, set(book.purchase_of), _("jenis belanja"))
        if tax.valid_to and tax.valid_to < tax.valid_from:
            yield Fault(f"{path}.valid_to", _("lebih awal daripada valid_from"))
        for before in book.taxes[:n]:
            if _apart(tax, before):
                continue
            if tax.code == before.code:
                wrong = _("%s punya dua tarif pada hari yang sama; tutup yang lama dengan valid_to")
                yield Fault(f"{path}.valid_from", wrong % tax.code)
            if twice := _taxed_twice(tax, before):
                wrong = _("%(groups)s sudah dikenai %(code)s pada hari yang sama")
                told = {"groups": ", ".join(twice), "code": before.code}
                yield Fault(f"{path}.groups", wrong % told)


def _apart(tax: Tax, before: Tax) -> bool:
    """Whether two rates are never in force together. ISO days: comparing texts compares days."""
    return tax.valid_from > (before.valid_to or "9999") or before.valid_from > (
        tax.valid_to or "9999"
    )


def _taxed_twice(tax: Tax, before: Tax) -> list[str]:
    """Kinds of purchase that two rates would both be taken of."""
    both = tax.per == before.per == "bill" and tax.inside == before.inside
    sellers = {tax.seller, before.seller}
    if not both or (len(sellers) == 2 and "" not in sellers):
        return []
    return sorted({*tax.groups} & {*before.groups})


def _purchase_faults(book: RuleBook) -> Iterator[Fault]:
    """Each kind of purchase has an income tax or says why not; a group has one usual kind."""
    yield from _twice("purchases", "code", [row.code for row in book.purchases])
    taxed = {group for tax in book.taxes if not tax.inside for group in tax.groups}
    usual: set[str] = set()
    for n, row in enumerate(book.purchases):
        if bool(row.exempt) == (row.code in taxed):
            wrong = _("beri tarif di taxes, atau tulis di exempt mengapa tidak dikenai; salah satu")
            yield Fault(f"purchases[{n}].exempt", wrong)
        if again := sorted(usual & {*row.usual}):
            wrong = _("%s sudah dianggap jenis belanja lain di atas")
            yield Fault(f"purchases[{n}].usual", wrong % ", ".join(again))
        if strange := sorted({*row.usual} - {*row.groups}):
            yield Fault(f"purchases[{n}].usual", _("tidak ada di groups: %s") % ", ".join(strange))
        usual |= {*row.usual}
