"""Receipts of the pokmas, tax deposits, and the SPJ of a tranche."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core.rupiah import show
from rembug.core.words import short_date
from rembug.execution import rules
from rembug.execution.evidence import TwinSign
from rembug.execution.forms import SpjForm, TaxForm, WhyForm
from rembug.execution.models import Receipt, ReportPhoto, Tranche, Twin, Work
from rembug.execution.permissions import may
from rembug.execution.receiptform import ReceiptForm
from rembug.execution.rules import ReceiptState, TrancheState
from rembug.execution.services import receipts as acts
from rembug.execution.services.standing import Standing, standing
from rembug.execution.services.twins import twins_of
from rembug.execution.views.frame import carry_out, onward, page, tranche_of, work_of
from rembug.execution.withholding import dues, kind_faults, rate


@login_required
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every receipt of a work, and the plan of costs against what was really spent."""
    work = work_of(request, pk)
    s = standing(work)
    rows = list(
        Receipt.objects.filter(work=work).select_related("file", "line", "tranche").order_by("-id")
    )
    context = {
        "work": work,
        "s": s,
        "receipts": told_flags(rows, s),
        "plan": plan_and_reality(s),
        "deposits": work.tax_deposits.all(),
        "may_add": s.spending is not None and may(request.user, "receipt.add", work),
        "may_void": may(request.user, "receipt.add", work),
        "may_tax": s.tax_owed > 0 and may(request.user, "money.tax", work),
        "done": request.GET.get("selesai", ""),
    }
    return page(request, "receipts.html", context)


def told_flags(rows: list[Receipt], s: Standing) -> list[Receipt]:
    """Receipts with their flags in words (`told`), what else in the city looks like them (`alike`),
    and what was told of their taxes (`facts`)."""
    alike = _alike(rows)
    for row in rows:
        row.alike = alike.get(row.pk, [])  # type: ignore[attr-defined]
        told = [rules.FLAGS.get(code, code) for code in row.flags if code not in TwinSign.values]
        row.told = told + row.alike  # type: ignore[attr-defined]
        row.facts = list(_tax_facts(row, s))  # type: ignore[attr-defined]
    return rows


def _alike(rows: list[Receipt]) -> dict[int, list[str]]:
    """For each receipt (key) a sentence about every piece of evidence that looks like it."""
    own = {row.pk for row in rows}
    found: dict[int, list[str]] = {}
    for twin in twins_of(rows):
        if twin.receipt_id in own:
            found.setdefault(twin.receipt_id, []).append(_about(twin, twin.other or twin.photo))
        if twin.other_id in own:
            found.setdefault(twin.other_id, []).append(_about(twin, twin.receipt))
    return found


def _about(twin: Twin, other: Receipt | ReportPhoto) -> str:
    """What the other piece of evidence is, and where it was used."""
    work = other.work if isinstance(other, Receipt) else other.report.work
    told = {"work": work.activity.name, "unit": work.unit.label}
    if isinstance(other, Receipt):
        told |= {"what": other.what, "day": short_date(other.paid_on), "sum": show(other.amount)}
        where = _("“%(what)s” %(sum)s, %(day)s, di %(work)s, %(unit)s.") % told
    else:
        told["percent"] = other.report.percent
        where = _("foto laporan %(percent)s%% %(work)s, %(unit)s.") % told
    return f"{twin.get_sign_display()} {where}"


def _tax_facts(row: Receipt, s: Standing) -> Iterator[tuple[str, str]]:
    """(what, how) of a receipt: the kind of purchase, the seller, the wages, each tax by the rules."""
    kinds = s.book.purchase_of

    def title(code: str) -> str:
        return kinds[code].title if code in kinds else code

    if row.group:
        parts = [f"{title(part['group'])} {show(part['amount'])}" for part in row.others]
        yield _("Jenis belanja"), "; ".join([title(row.group), *parts])
    seller = [row.get_seller_display()] if row.seller else []
    seller += [_("dengan NPWP") if row.npwp else _("tanpa NPWP")] if row.npwp is not None else []
    seller += [_("memungut PPN")] if row.with_ppn else []
    seller += [_("pajak makan minum di dalam tagihan")] if row.with_food_tax else []
    if seller:
        yield _("Penjual"), ", ".join(seller)
    if row.certificate:
        yield _("Surat keterangan bebas"), row.certificate
    if row.wages:
        wages = [f"{w['persons']} x {show(w['wage'])} x {w['days']}" for w in row.wages]
        yield _("Orang x upah x hari"), "; ".join(wages)
    if row.dues:
        yield (
            _("Pajak menurut aturan"),
            "; ".join(f"{due['title']} {show(due['amount'])}" for due in row.dues),
        )
    if row.tax != row.tax_due:
        yield _("Alasan pajaknya lain"), f"{row.get_tax_reason_display()}. {row.tax_why}"


def plan_and_reality(s: Standing) -> dict[str, Any]:
    """RAB lines with what was spent on each, rupiah; the rest on no line at the end."""
    spent = acts.spending_of(s.work)
    lines = [
        {"name": line.name, "plan": line.amount, "real": spent.get(line.pk, 0)}
        for line in s.activity.lines.all()
    ]
    if spent.get(0):
        lines.append({"name": _("Di luar baris RAB"), "plan": 0, "real": spent[0]})
    for line in lines:
        line["left"] = line["plan"] - line["real"]
    return {
        "lines": lines,
        "plan": sum(line["plan"] for line in lines),
        "real": sum(line["real"] for line in lines),
        "left": sum(line["left"] for line in lines),
    }


RECEIPT_FIELDS = (
    "supplier",
    "what",
    "paid_on",
    "amount",
    "line",
    "tax",
    "tax_reason",
    "tax_why",
)


@login_required
def receipt_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one receipt with its photograph."""
    work = work_of(request, pk)
    if not may(request.user, "receipt.add", work):
        raise PermissionDenied
    s = standing(work)
    form = ReceiptForm(
        request.POST or None,
        request.FILES or None,
        city=work.city,
        by=request.user,
        lines=list(work.activity.lines.all()),
        book=s.book,
    )

    def run() -> Receipt:
        told = {name: form.cleaned_data[name] for name in RECEIPT_FIELDS} | form.nota()
        image = form.images.get("photo")
        return acts.add_receipt(
            by=request.user, work=work, file=image.file if image else None, **told
        )

    draft = f"kuitansi-{work.pk}"
    if request.method == "POST" and (sending := carry_out(request, form, "receipt.add", run)):
        told = _("Kuitansi tersimpan.")
        if alike := _kept_alike(work):
            told = _("Kuitansi tersimpan, tetapi mirip bukti lain: %s Keliru? Batalkan.") % alike
        return onward(request, sending, told, "execution:receipts", work.pk, draft=draft)
    context = {"work": work, "s": s, "form": form, "draft": draft}
    context |= {"due": _due(s, form), "rates": _rates(s)}
    return page(request, "receipt_form.html", context, 422 if form.errors else 200)


def _kept_alike(work: Work) -> str:
    """What the receipt that was kept last looks like, in words; empty when like nothing."""
    last = Receipt.objects.filter(work=work).order_by("-id")[:1]
    return " ".join(sentence for told in _alike(list(last)).values() for sentence in told)


@login_required
def receipt_tax(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules withhold from a receipt that is being typed: a part of its page."""
    work = work_of(request, pk)
    if not may(request.user, "receipt.add", work):
        raise PermissionDenied
    lines, s = list(work.activity.lines.all()), standing(work)
    form = ReceiptForm(request.GET, city=work.city, by=request.user, lines=lines, book=s.book)
    return page(request, "parts/withheld.html", {"due": _due(s, form)})


def _due(s: Standing, form: ReceiptForm) -> dict[str, Any] | None:
    """Each rule's amount and their sum, or what must be told first; None while nothing is."""
    if not form.is_bound:
        return None
    data = form.cleaned_data
    amount, day = data.get("amount") or 0, data.get("paid_on") or localdate()
    nota = acts.as_told(s, day, data.get("line"), amount=max(amount, 0), **form.nota())
    if amount < 1 or not nota.group:
        return None
    if missing := kind_faults(s.book, day, nota):
        return {"missing": missing}
    found = dues(s.book, day, nota)
    return {"rules": found, "sum": sum(one.amount for one in found)}


def _rates(s: Standing) -> list[tuple[str, str, str]]:
    """The rates in force today: (tax, rate, what for)."""
    kinds = s.book.purchase_of
    return [
        (tax.title, rate(tax), ", ".join(kinds[code].title.lower() for code in tax.groups))
        for tax in s.book.taxes_on(localdate())
        if tax.groups or tax.kind == "ppn"
    ]


@login_required
def receipt_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong receipt back, with the reason."""
    rows = Receipt.objects.select_related("work", "file", "tranche")
    row = get_object_or_404(rows, pk=pk)
    work = work_of(request, row.work_id)
    row.work = work
    if not may(request.user, "receipt.add", work):
        raise PermissionDenied
    form = WhyForm(request.POST or None)
    if request.method == "POST":
        if sending := carry_out(
            request,
            form,
            "receipt.void",
            lambda: acts.void_receipt(by=request.user, receipt=row, why=form.cleaned_data["why"]),
        ):
            told = _("Kuitansi dibatalkan. Uangnya kembali ke kas pokmas.")
            return onward(request, sending, told, "execution:receipts", work.pk)
    context = {"work": work, "receipt": row, "form": form}
    return page(request, "receipt_void.html", context, 422 if form.errors else 200)


@login_required
def tax(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a tax deposit."""
    work = work_of(request, pk)
    if not may(request.user, "money.tax", work):
        raise PermissionDenied
    s = standing(work)
    form = TaxForm(request.POST or None, initial={"amount": s.tax_owed or ""})
    if request.method == "POST":
        if sending := carry_out(
            request,
            form,
            "money.tax",
            lambda: acts.deposit_tax(by=request.user, work=work, **form.cleaned_data),
        ):
            told = _("Setoran pajak tercatat.")
            return onward(
                request, sending, told, "execution:work", work.pk, draft=f"pajak-{work.pk}"
            )
    context = {"work": work, "s": s, "form": form, "draft": f"pajak-{work.pk}"}
    return page(request, "tax.html", context, 422 if form.errors else 200)


@login_required
def spj(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The SPJ of a payment: its receipts; the pokmas sends it, the PPK-Keuangan accepts or returns it."""
    work = work_of(request, pk)
    row = tranche_of(work, number)
    s = standing(work)
    checked = row.state == TrancheState.REPORTED
    asked = acts.spj_papers(s, row) if checked else {}
    last = not [one for one in s.unpaid if one.number > row.number]
    left = acts.left_of(s, row) if row.received_on else 0
    kept = row.receipts.exclude(state=ReceiptState.VOID).select_related("file", "line")
    rows = told_flags(list(kept.order_by("paid_on", "id")), s)
    form = SpjForm(
        request.POST or None,
        asked=asked,
        left=left if checked and not last else 0,
        twins=checked and any(receipt.alike for receipt in rows),
    )
    back = WhyForm(request.POST) if request.POST.get("do") == "back" else WhyForm()
    if request.method == "POST" and (answer := _do(request, work, row, form, back)):
        return answer
    lines = {line.pk: line.amount for line in s.activity.lines.all()}
    context = {
        "work": work,
        "s": s,
        "tranche": row,
        "receipts": rows,
        "total": sum(receipt.amount for receipt in rows),
        "left": left,
        "last": last,
        "taxes": sum(receipt.tax for receipt in rows),
        "flagged": [receipt for receipt in rows if receipt.told],
        "all_equal": rules.every_line_equals(lines, acts.spending_of(work)),
        "may_submit": row.state == TrancheState.RECEIVED
        and not rules.spj_faults(len(rows), s.accepted)
        and may(request.user, "spj.submit", work),
        "may_check": row.state == TrancheState.REPORTED and may(request.user, "spj.verify", work),
        "may_add": row.state == TrancheState.RECEIVED and may(request.user, "receipt.add", work),
        "form": form,
        "back": back,
    }
    return page(request, "spj.html", context, 422 if form.errors or back.errors else 200)


def _do(
    request: HttpRequest, work: Work, row: Tranche, form: SpjForm, back: WhyForm
) -> HttpResponse | None:
    """Send, accept or return the SPJ; None when that was refused."""
    by, do = request.user, request.POST.get("do", "")
    if do == "back":
        sending = carry_out(
            request,
            back,
            "spj.return",
            lambda: acts.return_spj(by=by, tranche=row, why=back.cleaned_data["why"]),
        )
        told = _("SPJ dikembalikan kepada pokmas.")
    elif do == "verify":
        sending = carry_out(
            request,
            form,
            "spj.verify",
            lambda: acts.verify_spj(
                by=by, tranche=row, papers=form.seen(), **form.explained(), **form.dated()
            ),
        )
        told = _("SPJ diterima. Belanjanya sudah dipertanggungjawabkan.")
    else:
        sending = carry_out(
            request,
            form,
            "spj.submit",
            lambda: acts.submit_spj(by=by, tranche=row, on=form.dated()["on"]),
        )
        told = _("SPJ diajukan. PPK-Keuangan memeriksanya.")
    return onward(request, sending, told, "execution:work", work.pk) if sending else None
