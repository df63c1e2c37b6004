"""What the pokmas spent: receipts with their photograph, tax deposits, and the SPJ of a tranche."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Reason, refuse_if
from rembug.core.steps import step
from rembug.execution import rules
from rembug.execution.models import Receipt, TaxDeposit, Tranche, Work
from rembug.execution.rules import (
    TRANCHE_STEPS,
    ReceiptState,
    day_faults,
    ntpn_faults,
    why_faults,
)
from rembug.execution.services.standing import Standing
from rembug.execution.services.turns import Move, number_once, turn, turn_on
from rembug.execution.withholding import dues, kind_faults, tax_faults
from rembug.files.models import File
from rembug.ledger.models import Entry
from rembug.ledger.services import Line, post, reverse
from rembug.people.models import Person
from rembug.planning.models import RabLine


@transaction.atomic
def add_receipt(
    *,
    by: Person,
    work: Work,
    supplier: str,
    what: str,
    paid_on: date | None,
    amount: int | None,
    file: File | None,
    tax: int | None = None,
    tax_why: str = "",
    group: str = "",
    with_ppn: bool = False,
    days: int | None = 0,
    line: RabLine | None = None,
    at: datetime | None = None,
) -> Receipt:
    """Keep a receipt: so many rupiah gross to a shop, of which tax is withheld; its photo is a must.

    The tax (None: let it be worked out) follows the rules in force on the day of the receipt, from
    its `group` of spending (empty: that of its RAB line), whether the seller charges PPN and how
    many `days` of work a wage pays; another amount needs `tax_why`. It belongs to the tranche that
    came in last. Raises PermissionDenied, or Refused with every reason.
    """
    t = turn(by, "receipt.add", work, at)
    s, work, tranche = t.s, t.work, t.s.spending
    group, days = group or (line.group if line else ""), days or 0
    taxes = s.book.taxes_on(paid_on or t.today)
    due = dues(taxes, max(amount or 0, 0), group, ppn=with_ppn, days=days)
    right = sum(one.amount for one in due)
    tax = right if tax is None else tax
    kept = Receipt.objects.exclude(state=ReceiptState.VOID)
    faults = rules.receipt_faults(
        supplier=supplier,
        what=what,
        paid_on=paid_on,
        today=t.today,
        received_on=tranche.received_on if tranche else None,
        amount=amount,
        tax=tax,
        cash=s.cash,
        owed=s.tax_owed,
        photo=file is not None,
        photo_used=file is not None and kept.filter(file=file).exists(),
    )
    faults += kind_faults(taxes, amount, group, days) or tax_faults(tax, due, tax_why)
    if line is not None and line.activity_id != work.activity_id:
        faults.append(Reason(_("Baris RAB itu bukan dari kegiatan ini. Pilih lagi."), "line"))
    refuse_if(faults)
    assert tranche and file and paid_on and amount
    receipt = Receipt.objects.create(
        city_id=work.city_id,
        work=work,
        tranche=tranche,
        line=line,
        supplier=supplier.strip(),
        what=what.strip(),
        paid_on=paid_on,
        amount=amount,
        tax=tax,
        group=group,
        with_ppn=with_ppn,
        days=days,
        tax_due=right,
        tax_why=tax_why.strip()[:200] if tax != right else "",
        file=file,
        by=by,
        flags=_flags(s, supplier, paid_on, amount, line),
    )
    detail = {"tranche": tranche.number, "amount": amount, "tax": tax, "tax_due": right}
    act = t.keep(
        "receipt.added", receipt, detail=detail, why=receipt.tax_why, evidence=[file.sha256]
    )
    _book_spending(s, receipt, act.digest)
    t.settle("receipt.added")
    return receipt


def _flags(
    s: Standing, supplier: str, paid_on: date, amount: int, line: RabLine | None
) -> list[str]:
    others = [
        rules.Spent(line_id or 0, shop, day, sum_)
        for line_id, shop, day, sum_ in Receipt.objects.filter(work=s.work)
        .exclude(state=ReceiptState.VOID)
        .values_list("line_id", "supplier", "paid_on", "amount")
    ]
    new = rules.Spent(line.pk if line else 0, supplier, paid_on, amount)
    threshold = max((tax.above for tax in s.book.taxes), default=0)
    return rules.receipt_flags(
        new, others, line_amount=line.amount if line else 0, threshold=threshold
    )


def _book_spending(s: Standing, receipt: Receipt, digest: str) -> None:
    unit, subject = s.work.unit, s.work.activity_id
    lines = [
        Line("spent", unit, subject, debit=receipt.amount),
        Line("cash_pokmas", unit, subject, credit=receipt.amount - receipt.tax),
    ]
    if receipt.tax:
        lines.append(Line("tax_owed", unit, subject, credit=receipt.tax))
    post(
        fund=s.fund,
        kind="spend",
        lines=lines,
        memo=receipt.what,
        on=receipt.paid_on,
        key=f"spend:{receipt.pk}",
        act_digest=digest,
    )


@transaction.atomic
def void_receipt(*, by: Person, receipt: Receipt, why: str, at: datetime | None = None) -> Receipt:
    """Take a wrong receipt back before its SPJ is sent; the books keep both the entry and its reversal."""
    t = turn(by, "receipt.add", receipt.work, at)
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    faults = why_faults(why)
    if receipt.state != ReceiptState.KEPT:
        faults.append(_("Kuitansi yang sudah masuk SPJ tidak dapat dibatalkan."))
    elif receipt.tax > t.s.tax_owed:
        faults.append(_("Pajak kuitansi ini sudah disetor, jadi tidak dapat dibatalkan."))
    refuse_if(faults)
    receipt.state = ReceiptState.VOID
    receipt.save(update_fields=["state"])
    entry = Entry.objects.get(key=f"spend:{receipt.pk}")
    reverse(entry, why=why.strip(), on=max(t.today, entry.on), key=f"void:{receipt.pk}")
    t.end("receipt.voided", receipt, why=why.strip())
    return receipt


@transaction.atomic
def deposit_tax(
    *,
    by: Person,
    work: Work,
    amount: int | None,
    ntpn: str,
    paid_on: date | None,
    at: datetime | None = None,
) -> TaxDeposit:
    """Note that withheld tax was paid to the state, with its NTPN; it leaves the cash of the pokmas."""
    t = turn(by, "money.tax", work, at)
    faults = ntpn_faults(ntpn, amount, t.s.tax_owed)
    first = min((row.received_on for row in t.s.tranches if row.received_on), default=None)
    faults += day_faults(paid_on, _("setor pajak"), "paid_on", today=t.today, earliest=first)
    if TaxDeposit.objects.filter(ntpn=ntpn.strip().upper()).exists():
        faults.append(Reason(_("NTPN ini sudah dicatat. Periksa nomornya."), "ntpn"))
    refuse_if(faults)
    assert amount and paid_on
    with number_once("NTPN"):
        deposit = TaxDeposit.objects.create(
            city_id=work.city_id,
            work=work,
            amount=amount,
            ntpn=ntpn.strip().upper(),
            paid_on=paid_on,
            by=by,
        )
    memo = noted("Setor pajak, NTPN %s") % deposit.ntpn
    t.end(
        "tax.deposited",
        deposit,
        detail={"amount": amount, "ntpn": deposit.ntpn},
        money=Move("tax", "cash_pokmas", "tax_owed", amount, memo),
        on=paid_on,
    )
    return deposit


@transaction.atomic
def submit_spj(*, by: Person, tranche: Tranche, at: datetime | None = None) -> Tranche:
    """Send the SPJ of a tranche: all its receipts. It then waits for the PPK-Keuangan.

    Once the 100% report is accepted it may say that nothing was bought: the money is returned.
    """
    t, tranche = turn_on(by, "spj.submit", tranche, at)
    kept = tranche.receipts.filter(state=ReceiptState.KEPT)
    if tranche.state == rules.TrancheState.RECEIVED:
        # Sent already, its receipts wait elsewhere: then the step says what is true.
        refuse_if(rules.spj_faults(kept.count(), t.s.accepted))
    step(tranche, "report", TRANCHE_STEPS, back_why="")
    detail = {"number": tranche.number, "receipts": kept.count(), "spent": _total(tranche)}
    kept.update(state=ReceiptState.SUBMITTED)
    t.end("spj.submitted", tranche, detail=detail)
    return tranche


@transaction.atomic
def verify_spj(
    *, by: Person, tranche: Tranche, papers: Collection[str] = (), at: datetime | None = None
) -> Tranche:
    """The PPK-Keuangan accepts the SPJ with its papers (codes): what was spent is accounted for."""
    t, tranche = turn_on(by, "spj.verify", tranche, at)
    refuse_if(rules.paper_faults(t.s.papers("spj"), papers))
    step(tranche, "account", TRANCHE_STEPS, accounted_on=t.today)
    spent = _total(tranche)
    tranche.receipts.filter(state=ReceiptState.SUBMITTED).update(state=ReceiptState.ACCEPTED)
    memo = noted("SPJ pencairan %d diterima") % tranche.number
    t.end(
        "spj.accepted",
        tranche,
        detail={"number": tranche.number, "spent": spent, "papers": sorted(papers)},
        money=Move("account", "spent", "accounted", spent, memo) if spent else None,
    )
    return tranche


@transaction.atomic
def return_spj(*, by: Person, tranche: Tranche, why: str, at: datetime | None = None) -> Tranche:
    """Give the SPJ back to the pokmas, with the reason; its receipts can be mended again."""
    t, tranche = turn_on(by, "spj.verify", tranche, at)
    refuse_if(why_faults(why))
    step(tranche, "return_spj", TRANCHE_STEPS, back_why=why.strip())
    tranche.receipts.filter(state=ReceiptState.SUBMITTED).update(state=ReceiptState.KEPT)
    t.end("spj.returned", tranche, why=why.strip(), detail={"number": tranche.number})
    return tranche


def _total(tranche: Tranche) -> int:
    """Gross rupiah of the receipts of a tranche that count."""
    counted = tranche.receipts.exclude(state=ReceiptState.VOID)
    return counted.aggregate(total=Sum("amount"))["total"] or 0


def spending_of(work: Work) -> dict[int, int]:
    """What was spent so far on each RAB line (key 0: on none), gross rupiah."""
    rows = (
        Receipt.objects.filter(work=work)
        .exclude(state=ReceiptState.VOID)
        .values_list("line_id")
        .annotate(total=Sum("amount"))
    )
    return {line or 0: total for line, total in rows.order_by()}
