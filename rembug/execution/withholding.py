"""What must be withheld from a receipt by the rules of the year. Plain values in, sums and reasons out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason
from rembug.core.rupiah import LARGEST, show
from rembug.core.words import percent
from rembug.ledger.tax import bill, daily_wage_tax, inside
from rembug.programs.rulebook import RuleBook, Tax


class Seller(TextChoices):
    PERSON = "person", _("Orang")
    COMPANY = "company", _("Toko, perusahaan, badan")


class TaxReason(TextChoices):
    """Why another amount was withheld than the rules give."""

    SELLER_PAID = "seller_paid", _("Penjual sudah menyetor sendiri, ada buktinya")
    WITHHELD_BEFORE = "withheld_before", _("Sudah dipotong pada kuitansi lain dari nota yang sama")
    NOT_WITHHELD = "not_withheld", _("Terlanjur dibayar penuh, pajaknya belum dipotong")
    TAX_OFFICE = "tax_office", _("Menurut petunjuk tertulis kantor pajak")
    OTHER = "other", _("Lain, ditulis di bawah")


@dataclass(frozen=True)
class Wage:
    """A row of a list of wages: so many persons, rupiah of one person and day, days."""

    persons: int
    wage: int
    days: int

    @property
    def work(self) -> int:
        """Days of work: persons times days."""
        return self.persons * self.days

    @property
    def total(self) -> int:
        return self.wage * self.work


@dataclass(frozen=True)
class Part:
    """What on a nota is of another kind of purchase than the rest."""

    group: str
    amount: int


@dataclass(frozen=True)
class Nota:
    """What a receipt tells that decides its taxes. `amount` is everything paid, tax included.

    `group`: the kind of purchase (code of the rulebook) of all but the `others`; `ppn`, `local_food`:
    the seller put that tax into the price; `certificate`: number of the paper that frees the seller;
    `npwp` None: not told.
    """

    amount: int
    group: str = ""
    others: tuple[Part, ...] = ()
    seller: str = ""
    npwp: bool | None = None
    ppn: bool = False
    local_food: bool = False
    certificate: str = ""
    wages: tuple[Wage, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every kind of purchase on it with its rupiah."""
        rest = self.amount - sum(part.amount for part in self.others)
        return (Part(self.group, rest), *self.others)

    def of(self, groups: Sequence[str]) -> int:
        """Rupiah of these kinds."""
        return sum(part.amount for part in self.parts if part.group in groups)


@dataclass(frozen=True)
class Due:
    """What one rule takes of a receipt: the tax, its rate in words, the rupiah it is taken of."""

    title: str
    rate: str
    base: int
    amount: int
    code: str = ""

    def __str__(self) -> str:
        told = {"title": self.title, "rate": self.rate, "base": show(self.base)}
        return gettext("%(title)s: %(rate)s dari %(base)s = %(amount)s") % (
            told | {"amount": show(self.amount)}
        )

    def row(self) -> dict[str, Any]:
        """As a receipt keeps it."""
        return {"code": self.code, "title": self.title, "base": self.base, "amount": self.amount}


def dues(book: RuleBook, day: date, nota: Nota) -> list[Due]:
    """Everything to withhold from a receipt of a day, by the rates then in force."""
    taxes = book.taxes_on(day)
    charged = _charged(book, taxes, nota)
    found = []
    if charged and charged.kind == "ppn":
        gross = nota.of([code for code, kind in book.purchase_of.items() if kind.ppn])
        # The whole payment counts for the threshold, its PPN included.
        if gross and nota.amount > charged.above:
            it = bill(gross, ppn=replace(charged, above=0))
            found.append(Due(charged.title, rate(charged), it.price, it.ppn, charged.code))
    for rule, gross in _income(taxes, nota):
        base = gross - (inside(gross, charged) if charged and _bears(book, charged, rule) else 0)
        taken = _told_npwp(rule, nota)
        amount = bill(base, pph=replace(taken, above=0)).pph if gross > rule.above else 0
        found.append(Due(rule.title, rate(taken), base, amount, rule.code))
    return [due for due in [*found, *_daily(taxes, nota)] if due.amount]


def _charged(book: RuleBook, taxes: Sequence[Tax], nota: Nota) -> Tax | None:
    """The tax that the seller put into the price."""
    kind = "ppn" if nota.ppn else "local_food" if nota.local_food else ""
    return next((tax for tax in taxes if tax.kind == kind), None)


def _bears(book: RuleBook, charged: Tax, rule: Tax) -> bool:
    """Whether the price that an income tax is taken of has the charged tax in it."""
    if charged.kind == "ppn":
        return all(book.purchase_of[code].ppn for code in rule.groups if code in book.purchase_of)
    return bool({*rule.groups} & {*charged.groups})


def _income(taxes: Sequence[Tax], nota: Nota) -> Iterator[tuple[Tax, int]]:
    """Each tax on income that is taken of the whole payment, with the rupiah it may be taken of."""
    for tax in taxes:
        gross = nota.of(tax.groups)
        if gross <= 0 or tax.inside or tax.per != "bill" or tax.seller not in ("", nota.seller):
            continue
        if not (tax.certificate and nota.certificate):
            yield tax, gross


def _told_npwp(rule: Tax, nota: Nota) -> Tax:
    """The rule at the rate for sellers without NPWP, when that is what was told."""
    if nota.npwp is False and rule.percent_no_npwp is not None:
        return replace(rule, percent=rule.percent_no_npwp)
    return rule


def _daily(taxes: Sequence[Tax], nota: Nota) -> list[Due]:
    """Taxes on the wage of one person and day, each rule once."""
    rules = [tax for tax in taxes if tax.per == "day" and nota.of(tax.groups)]
    found: dict[str, Due] = {}
    for row in nota.wages:
        above = [rule for rule in rules if row.wage > rule.above]
        if not above:
            continue
        rule = max(above, key=lambda tax: tax.above)
        so_far = found.get(rule.code, Due(rule.title, rate(rule), 0, 0, rule.code))
        taken = daily_wage_tax(row.wage, row.work, [rule])
        found[rule.code] = replace(
            so_far, base=so_far.base + row.total, amount=so_far.amount + taken
        )
    return list(found.values())


def rate(tax: Tax) -> str:
    """`1,5%`, or `12% x 11/12`."""
    share = f" x {tax.base_num}/{tax.base_den}" if tax.base_num != tax.base_den else ""
    # A rate is told whole: 1,75%, not 1,8%.
    finer = round(tax.percent * 10) != tax.percent * 10
    return percent(tax.percent, 2 if finer else 1) + share


def threshold(book: RuleBook, day: date, group: str) -> int:
    """Payments up to it carry no tax that larger ones of this kind carry; 0: there is none."""
    kind = book.purchase_of.get(group)
    fitting = [
        tax.above
        for tax in book.taxes_on(day)
        if tax.per == "bill" and (group in tax.groups or tax.kind == "ppn" and kind and kind.ppn)
    ]
    return max(fitting, default=0)


def fits(book: RuleBook, group: str, line: str) -> bool:
    """Whether a kind of purchase belongs on a RAB line of this group; a wage is no goods."""
    kind = book.purchase_of.get(group)
    return kind is None or line in kind.groups


# ---- what must be told -----------------------------------------------------------------------


def asked(book: RuleBook, day: date, group: str) -> set[str]:
    """The questions that a kind of purchase raises: names of Nota's fields."""
    taxes = book.taxes_on(day)
    kind = book.purchase_of.get(group)
    own = [tax for tax in taxes if group in tax.groups]
    told = {
        "seller": any(tax.seller for tax in own),
        "npwp": any(tax.percent_no_npwp is not None for tax in own),
        "certificate": any(tax.certificate for tax in own),
        "local_food": any(tax.kind == "local_food" for tax in own),
        "ppn": bool(kind and kind.ppn) and any(tax.kind == "ppn" for tax in taxes),
        "wages": bool(kind and kind.wages),
    }
    return {name for name, needed in told.items() if needed}


def relevant(book: RuleBook, day: date, nota: Nota) -> Nota:
    """The nota without answers to questions its kinds do not raise; who charges PPN has an NPWP."""
    wanted = {name for part in nota.parts for name in asked(book, day, part.group)}
    kept = {name: getattr(nota, name) for name in wanted}
    npwp = True if kept.get("ppn") and nota.npwp is None else nota.npwp
    if "npwp" in wanted:
        kept["npwp"] = npwp
    return Nota(nota.amount, nota.group, nota.others, **kept)


def kind_faults(book: RuleBook, day: date, nota: Nota) -> list[str]:
    """What must be known before the tax can be worked out, and what cannot be true."""
    if not any(tax.groups for tax in book.taxes):
        return []
    if any(part.group not in book.purchase_of for part in nota.parts):
        told = gettext("Pilih jenis belanjanya, supaya pajaknya dapat dihitung.")
        return [Reason(told, "group")]
    if nota.others and min(part.amount for part in nota.parts) < 1:
        told = gettext("Bagian lain di nota itu harus lebih dari Rp0 dan kurang dari jumlahnya.")
        return [Reason(told, "other_amount_1")]
    return [*_seller_faults(book, day, nota), *_wage_faults(book, day, nota)]


def _seller_faults(book: RuleBook, day: date, nota: Nota) -> Iterator[str]:
    taxes = book.taxes_on(day)
    if nota.seller not in Seller.values and any(t.seller and nota.of(t.groups) for t in taxes):
        told = gettext("Pilih siapa penjualnya: orang, atau toko dan perusahaan.")
        yield Reason(told, "seller")
    for tax, gross in _income(taxes, nota):
        if tax.percent_no_npwp is not None and gross > tax.above and nota.npwp is None:
            told = gettext("Pilih apakah penjualnya punya NPWP. Tanpa NPWP pajaknya lebih besar.")
            yield Reason(told, "npwp")
            break
    if nota.ppn and nota.local_food:
        told = gettext("Tagihan dengan pajak makan minum tidak memuat PPN. Pilih salah satu.")
        yield Reason(told, "with_ppn")
    if nota.ppn and nota.npwp is False:
        told = gettext("Penjual yang memungut PPN pasti punya NPWP. Periksa lagi.")
        yield Reason(told, "npwp")


def _wage_faults(book: RuleBook, day: date, nota: Nota) -> Iterator[str]:
    """Wages that may be taxed come as a list, and the list adds up."""
    groups = [code for code, kind in book.purchase_of.items() if kind.wages]
    gross = nota.of(groups)
    limits = [
        tax.above for tax in book.taxes_on(day) if tax.per == "day" and {*tax.groups} & {*groups}
    ]
    if not nota.wages:
        if limits and gross > min(limits):
            told = gettext("Tulis daftar upahnya: berapa orang, upah sehari, berapa hari.")
            yield Reason(told, "persons_1")
        return
    total = sum(row.total for row in nota.wages)
    if min(min(row.persons, row.wage, row.days) for row in nota.wages) < 1 or total > LARGEST:
        yield Reason(gettext("Isi setiap baris daftar upah: orang, upah, hari."), "persons_1")
    elif total != gross:
        told = gettext("Daftar upahnya berjumlah %(sum)s, kuitansinya %(paid)s. Samakan.")
        words = {"sum": show(total), "paid": show(gross)}
        yield Reason(told % words, "persons_1")


def tax_faults(tax: int, due: Sequence[Due], reason: str, why: str) -> list[str]:
    """Another amount than the rules give needs a reason from the list, and words."""
    right = sum(one.amount for one in due)
    if tax == right:
        return []
    faults: list[str] = []
    if reason not in TaxReason.values:
        rules = "; ".join(map(str, due)) or gettext("tidak ada pajak yang dipotong")
        told = gettext(
            "Menurut aturan pajaknya %(sum)s (%(rules)s). Kosongkan supaya dihitung, atau pilih alasannya."
        )
        faults.append(Reason(told % {"sum": show(right), "rules": rules}, "tax"))
    if len(why.strip()) < 10:
        told = gettext("Jelaskan pajak yang lain dari aturan itu, paling sedikit 10 huruf.")
        faults.append(Reason(told, "tax_why"))
    return faults
