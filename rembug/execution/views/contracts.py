"""Preparing, reading, signing and approving a contract; the contract on paper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from rembug.execution import papers
from rembug.execution.forms import ContractForm, PapersForm, WhyForm
from rembug.execution.models import Work
from rembug.execution.permissions import can_prepare_work, may
from rembug.execution.rules import WorkState
from rembug.execution.services.contracts import (
    approve_contract,
    prepare_work,
    return_contract,
    sign_contract,
)
from rembug.execution.services.pokmas import confirmed_in
from rembug.execution.services.standing import standing
from rembug.execution.views.frame import carry_out, onward, page, work_of
from rembug.people.authority import within_reach
from rembug.planning.models import Activity
from rembug.planning.rules import Stage
from rembug.programs.rulebook import gate_title
from rembug.programs.rules import tranche_amounts
from rembug.regions.models import Unit, UnitKind


@login_required
def prepare(request: HttpRequest, activity: int) -> HttpResponse:
    """Ekbang writes the contract of a budgeted activity: who, when, where to photograph."""
    rows = Activity.objects.filter(
        within_reach(request.user, "work.read", body="work__pokmas")
    ).select_related("unit", "city", "proposal__program_year__rule_set")
    row = get_object_or_404(rows, pk=activity)
    if not can_prepare_work(request.user, row):
        raise PermissionDenied
    old = Work.objects.filter(activity=row).first()
    if old and old.state != WorkState.READY:
        return redirect("execution:work", old.pk)
    if row.stage != Stage.BUDGETED:
        raise Http404
    kelurahan = Unit.objects.get(code=row.unit.above(UnitKind.KELURAHAN))
    groups = confirmed_in(kelurahan)
    least = row.proposal.program_year.book.reports.min_photos
    form = ContractForm(request.POST or None, groups=groups, points=least, initial=_initial(old))

    def run() -> Work:
        told = {name: form.cleaned_data[name] for name in CONTRACT}
        return prepare_work(by=request.user, activity=row, points=form.points(), **told)

    draft = f"kontrak-{row.pk}"
    if request.method == "POST" and (sending := carry_out(request, form, "contract.prepare", run)):
        told = _("Kontrak siap. Sekarang menunggu tanda tangan ketua pokmas.")
        work = Work.objects.get(activity=row)
        return onward(request, sending, told, "execution:work", work.pk, draft=draft)
    context = {
        "form": form,
        "activity": row,
        "lines": row.lines.all(),
        "groups": groups,
        "old": old,
        "least": least,
        "draft": draft,
    }
    return page(request, "prepare.html", context, 422 if form.errors else 200)


CONTRACT = ("pokmas", "contract_no", "contract_on", "starts_on", "ends_on")


def _initial(old: Work | None) -> dict:
    """A contract that came back is mended, not typed anew."""
    if old is None:
        return {}
    found = {name: getattr(old, name) for name in CONTRACT}
    for point in old.points.all():
        found |= {
            f"note_{point.label}": point.note,
            f"lat_{point.label}": point.lat,
            f"lon_{point.label}": point.lon,
        }
    return found


@login_required
def contract_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract in plain words; the head of the pokmas signs, the lurah approves or gives it back."""
    work = work_of(request, pk)
    may_sign = work.state == WorkState.READY and may(request.user, "contract.sign", work)
    may_approve = work.state == WorkState.SIGNED and may(request.user, "contract.approve", work)
    s = standing(work)
    asked = s.papers("contract") if work.state == WorkState.SIGNED else {}
    form = PapersForm(request.POST or None, asked=asked)
    back = WhyForm(request.POST or None) if request.POST.get("do") == "back" else WhyForm()
    if request.method == "POST":
        answer = _do(request, work, form, back)
        if answer:
            return answer
    amounts = tranche_amounts(s.book, work.value)
    context = {
        "work": work,
        "s": s,
        "form": form,
        "back": back,
        "may_sign": may_sign,
        "may_approve": may_approve,
        "tranches": [
            {"no": t.no, "amount": amount, "percent": t.percent, "gates": map(gate_title, t.gates)}
            for t, amount in zip(s.book.tranches, amounts, strict=True)
        ],
        "lines": work.activity.lines.all(),
        "points": work.points.all(),
        "duties": papers.duties(s),
        "rights": papers.rights(),
    }
    return page(request, "contract.html", context, 422 if form.errors or back.errors else 200)


def _do(request: HttpRequest, work: Work, form: PapersForm, back: WhyForm) -> HttpResponse | None:
    """Sign, approve or give back, whichever button was pressed; None when it was refused."""
    by, do = request.user, request.POST.get("do", "")
    if do == "back":
        sending = carry_out(
            request,
            back,
            "contract.return",
            lambda: return_contract(by=by, work=work, why=back.cleaned_data["why"]),
        )
        told = _("Kontrak dikembalikan ke kelurahan.")
    elif do == "approve":
        sending = carry_out(
            request,
            form,
            "contract.approve",
            lambda: approve_contract(by=by, work=work, papers=form.seen(), **form.dated()),
        )
        told = _("Kontrak disetujui. Uangnya sudah terikat untuk pekerjaan ini.")
    else:
        sending = carry_out(request, form, "contract.sign", lambda: sign_contract(by=by, work=work))
        told = _("Kontrak sudah ditandatangani. Sekarang menunggu lurah.")
    return onward(request, sending, told, "execution:work", work.pk) if sending else None


@login_required
def contract_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The contract on paper."""
    return papers.answer(papers.contract(work_of(request, pk)), "kontrak.pdf")
