"""What the pokmas spent: receipts with their photograph, tax deposits, and the SPJ of a tranche."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Reason, refuse_if
from rembug.core.steps import step
from rembug.execution import rules
from rembug.execution.evidence import twin_faults
from rembug.execution.models import Receipt, TaxDeposit, Tranche, Work
from rembug.execution.rules import (
    TRANCHE_STEPS,
    ReceiptState,
    TrancheState,
    clean_ntpn,
    day_faults,
    ntpn_faults,
    why_faults,
)
from rembug.execution.services.standing import Standing
from rembug.execution.services.turns import (
    TODAY,
    Move,
    awaited,
    number_once,
    paper_day,
    turn,
    turn_on,
)
from rembug.execution.services.twins import note_twins, twins_of
from rembug.execution.withholding import (
    Due,
    Nota,
    dues,
    fits,
    kind_faults,
    relevant,
    tax_faults,
    threshold,
)
from rembug.files.models import File
from rembug.ledger.models import Entry
from rembug.ledger.services import Line, post, reverse
from rembug.people.models import Person
from rembug.planning.models import RabLine
from rembug.programs.phases import phase_faults, phase_flag
from rembug.programs.rulebook import RuleBook


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
    tax_reason: str = "",
    tax_why: str = "",
    line: RabLine | None = None,
    at: datetime | None = None,
    **told: Any,
) -> Receipt:
    """Keep a receipt: so many rupiah gross to a shop, of which tax is withheld; its photo is a must.

    The tax (None: let it be worked out) follows the rules in force on the day of the receipt, from
    what is `told` as in Nota: its `group` of purchase (empty: the usual one of its RAB line) and the
    answers that kind asks for; another amount needs `tax_reason` and `tax_why`. It belongs to the
    tranche that came in last. Raises PermissionDenied, or Refused with every reason.
    """
    t = turn(by, "receipt.add", work, at)
    s, work, tranche = t.s, t.work, t.s.spending
    day = paid_on or t.today
    nota = as_told(s, day, line, amount=max(amount or 0, 0), **told)
    due = dues(s.book, day, nota)
    right = sum(one.amount for one in due)
    tax = right if tax is None else tax
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
        photo_used=file is not None and _counted().filter(file=file).exists(),
    )
    faults += kind_faults(s.book, day, nota) or tax_faults(tax, due, tax_reason, tax_why)
    if line is not None and line.activity_id != work.activity_id:
        faults.append(Reason(_("Baris RAB itu bukan dari kegiatan ini. Pilih lagi."), "line"))
    refuse_if(faults)
    assert tranche and file and paid_on and amount
    other = tax != right
    receipt = Receipt(
        city_id=work.city_id,
        work=work,
        tranche=tranche,
        line=line,
        supplier=supplier.strip(),
        what=what.strip(),
        paid_on=paid_on,
        amount=amount,
        tax=tax,
        tax_due=right,
        tax_reason=tax_reason if other else "",
        tax_why=tax_why.strip()[:200] if other else "",
        file=file,
        by=by,
        **nota_columns(nota, due),
    )
    receipt.flags = _flags(s, receipt)
    receipt.save(force_insert=True)
    twins = _look_again([receipt])
    detail = {"tranche": tranche.number, "amount": amount, "tax": tax, "tax_due": right}
    detail |= {"twins": twins} if twins else {}
    act = t.keep(
        "receipt.added", receipt, detail=detail, why=receipt.tax_why, evidence=[file.sha256]
    )
    _book_spending(s, receipt, act.digest)
    t.settle("receipt.added")
    return receipt


def as_told(s: Standing, day: date, line: RabLine | None, **told: Any) -> Nota:
    """What a receipt tells of its taxes, without what its kinds do not ask for."""
    nota = Nota(**told)
    if not nota.group and line is not None:
        nota = replace(nota, group=s.book.usual_purchase(line.group))
    return relevant(s.book, day, nota)


def nota_columns(nota: Nota, due: Sequence[Due]) -> dict[str, Any]:
    """How a receipt keeps what was told, and what the rules made of it."""
    return {
        "group": nota.group,
        "others": [asdict(part) for part in nota.others],
        "seller": nota.seller,
        "npwp": nota.npwp,
        "with_ppn": nota.ppn,
        "with_food_tax": nota.local_food,
        "certificate": nota.certificate,
        "wages": [asdict(row) for row in nota.wages],
        "days": sum(row.work for row in nota.wages),
        "dues": [one.row() for one in due],
    }


def _look_again(rows: Iterable[Receipt]) -> int:
    """Note what each receipt may repeat and put the flags on it; how many twins it has now."""
    count = 0
    for row in rows:
        count += len(note_twins(row))
        signs = set(row.twins.values_list("sign", flat=True)) - set(row.flags)  # type: ignore[attr-defined]
        if signs:
            row.flags = [*row.flags, *sorted(signs)]
            row.save(update_fields=["flags"])
    return count


def _counted() -> QuerySet[Receipt]:
    """Receipts that were not taken back."""
    return Receipt.objects.exclude(state=ReceiptState.VOID)


def _flags(s: Standing, new: Receipt) -> list[str]:
    """What the verifier should look at: beside the other receipts of the work, and by its tax."""
    rows = _counted().filter(work=s.work)
    told = rows.values_list("line_id", "supplier", "paid_on", "amount")
    others = [rules.Spent(line_id or 0, shop, day, sum_) for line_id, shop, day, sum_ in told]
    line = new.line
    after = ["sesudah_tahun"] if new.paid_on.year > s.activity.year else []
    return after + flags_of(
        s.book,
        new,
        others,
        line_amount=line.amount if line else 0,
        line_group=line.group if line else "",
    )


def flags_of(
    book: RuleBook,
    new: Receipt,
    others: Iterable[rules.Spent],
    *,
    line_amount: int = 0,
    line_group: str = "",
) -> list[str]:
    """Flags of a receipt that is not saved yet, without a query: what a bulk writer asks too.

    `others` are the receipts kept before it in its work; 0 and empty: it is on no RAB line.
    """
    mine = rules.Spent(new.line_id or 0, new.supplier, new.paid_on, new.amount)
    limit = threshold(book, new.paid_on, new.group)
    flags = rules.receipt_flags(mine, others, line_amount=line_amount, threshold=limit)
    belongs = not line_group or fits(book, new.group, line_group)
    return flags + rules.tax_flags(tax=new.tax, due=new.tax_due, fits=belongs)


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
    ntpn = clean_ntpn(ntpn)
    faults = ntpn_faults(ntpn, amount, t.s.tax_owed)
    first = min((row.received_on for row in t.s.tranches if row.received_on), default=None)
    faults += day_faults(paid_on, _("setor pajak"), "paid_on", today=t.today, earliest=first)
    if TaxDeposit.objects.filter(ntpn=ntpn).exists():
        faults.append(Reason(_("NTPN ini sudah dicatat. Periksa nomornya."), "ntpn"))
    refuse_if(faults)
    assert amount and paid_on
    with number_once("NTPN"):
        deposit = TaxDeposit.objects.create(
            city_id=work.city_id,
            work=work,
            amount=amount,
            ntpn=ntpn,
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
def submit_spj(
    *, by: Person, tranche: Tranche, on: date | None = TODAY, at: datetime | None = None
) -> Tranche:
    """Send the SPJ of a tranche, on the day it bears: all its receipts. It waits for the PPK-Keuangan.

    Once the 100% report is accepted it may say that nothing was bought: the money is returned.
    """
    t, tranche = turn_on(by, "spj.submit", tranche, at)
    if tranche.state == TrancheState.REPORTED:
        told = _("SPJ pencairan %(number)d sudah diajukan dengan %(count)d kuitansi.")
        count = tranche.receipts.filter(state=ReceiptState.SUBMITTED).count()
        refuse_if([told % {"number": tranche.number, "count": count}])
    awaited(tranche, TrancheState.RECEIVED)
    kept = tranche.receipts.filter(state=ReceiptState.KEPT)
    book, year = t.s.book, t.s.activity.year
    first, after = tranche.received_on, _("uang masuk")
    day = paper_day(t, on, "SPJ", earliest=first, after=after, office=False)
    late = phase_faults(book, "spj", year, t.now)
    refuse_if(rules.spj_faults(kept.count(), t.s.accepted) + day.faults + late)
    # Two pokmas that enter the same paper at the same moment do not see one another; now they do.
    _look_again(kept.select_related("file"))
    step(tranche, "report", TRANCHE_STEPS, back_why="", reported_on=day.on)
    detail = {"number": tranche.number, "receipts": kept.count(), "spent": _total(tranche)}
    kept.update(state=ReceiptState.SUBMITTED)
    t.end("spj.submitted", tranche, detail=detail | day.told | phase_flag(book, "spj", year, t.now))
    return tranche


def spj_papers(s: Standing, tranche: Tranche) -> dict[str, str]:
    """Papers (code: title) an SPJ must have: proof of tax only when there is tax, a list of wages only
    when wages were paid."""
    kinds = s.book.purchase_of
    there = {""}
    for group, tax in _counted().filter(tranche=tranche).values_list("group", "tax"):
        there |= {"tax"} if tax else set()
        there |= {"wages"} if group in kinds and kinds[group].wages else set()
    paper_of = s.book.paper_of
    asked = s.papers("spj").items()
    return {code: title for code, title in asked if paper_of[code].when in there}


@transaction.atomic
def verify_spj(
    *,
    by: Person,
    tranche: Tranche,
    papers: Collection[str] = (),
    twins_why: str = "",
    stays: int | None = None,
    stays_why: str = "",
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Tranche:
    """The PPK-Keuangan accepts the SPJ with its papers (codes): what was spent is accounted for.

    What no receipt shows must be returned, or `stays` with the pokmas for a reason that is read again
    when it asks for the next payment. Receipts that look like other evidence of the city are accepted
    only with `twins_why`.
    """
    t, tranche = turn_on(by, "spj.verify", tranche, at)
    awaited(tranche, TrancheState.REPORTED)
    left = left_of(t.s, tranche)
    last = not [row for row in t.s.unpaid if row.number > tranche.number]
    what = _("penerimaan SPJ")
    day = paper_day(t, on, what, earliest=tranche.reported_on, after="SPJ", why=day_why)
    twins = twins_of(_counted().filter(tranche=tranche))
    faults = rules.paper_faults(spj_papers(t.s, tranche), papers)
    faults += twin_faults(twins_why, twins)
    refuse_if(faults + rules.left_faults(left, stays, stays_why, last) + day.faults)
    stay = {"left_amount": left, "left_why": "" if last else stays_why.strip()}
    step(tranche, "account", TRANCHE_STEPS, accounted_on=day.on, **(stay if left else {}))
    spent = _total(tranche)
    tranche.receipts.filter(state=ReceiptState.SUBMITTED).update(state=ReceiptState.ACCEPTED)
    memo = noted("SPJ pencairan %d diterima") % tranche.number
    detail = {"number": tranche.number, "spent": spent, "papers": sorted(papers)}
    if left:
        detail["left"] = left
    t.end(
        "spj.accepted",
        tranche,
        detail=detail | day.told,
        why=" ".join(
            filter(
                None,
                [
                    twins_why.strip() if twins else "",
                    stays_why.strip() if left else "",
                    day_why.strip(),
                ],
            )
        ),
        money=Move("account", "spent", "accounted", spent, memo) if spent else None,
        on=day.on,
    )
    return tranche


def left_of(s: Standing, tranche: Tranche) -> int:
    """Rupiah that came in up to this payment and that no receipt shows."""
    rows = Receipt.objects.filter(work=s.work, tranche__number__lte=tranche.number)
    counted = rows.exclude(state=ReceiptState.VOID)
    return s.left_after(tranche, counted.aggregate(total=Sum("amount"))["total"] or 0)


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
