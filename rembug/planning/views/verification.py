"""Pages of the desks: judge one proposal, see all of a territory together, enter the budget."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.core.paging import page_of
from rembug.people.authority import holds, offices_of, vacant
from rembug.people.models import DeskItem, Person
from rembug.people.sending import objections
from rembug.planning import permissions
from rembug.planning.forms import BudgetForm, DecisionForm
from rembug.planning.models import Activity, Proposal
from rembug.planning.review import Review
from rembug.planning.rules import ProposalState, Stage
from rembug.planning.services.budget import budget_proposal
from rembug.planning.services.verification import (
    pass_proposal,
    pass_several,
    reject_proposal,
    return_proposal,
)
from rembug.planning.views.frame import (
    allow,
    onward,
    seen,
    send,
    show,
    territory,
    thank,
    version_of,
)
from rembug.planning.views.proposals import proposal_context, whole
from rembug.programs.models import ProgramYear, YearState
from rembug.regions.models import Unit, UnitKind


@login_required
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """What a verifier needs before deciding, and the three ways to decide."""
    row = seen(request, whole(), pk=pk)
    if request.method == "POST":
        allow(_seat(request, row))
    form = DecisionForm(request.POST or None)
    reasons: list[str] = []
    if request.method == "POST":
        response, reasons = _decide(request, row, form)
        if response:
            return response
        row = whole().get(pk=pk)
    context = {
        **proposal_context(request, row),
        "form": form,
        "refused": reasons,
        "may_verify": permissions.can_verify(request.user, row),
        "conflict": _conflict(request, row),
        "next_desk": row.book.step_after(row.tier) if row.tier else None,
        "item": _waiting(row),
        "vacant": bool(row.tier) and vacant(f"proposal.verify.{row.tier}", row.unit),
    }
    context["flags"] = flags(row, context["activities"], context["review"])
    return show(request, "planning/verify.html", context, 422 if reasons else 200)


def _seat(request: HttpRequest, row: Proposal) -> bool:
    """Whether the person holds any verifying office here: a slower one is told, not locked out."""
    steps = row.book.proposal_steps
    return any(holds(request.user, f"proposal.verify.{step.key}", at=row.unit) for step in steps)


def _decide(
    request: HttpRequest, row: Proposal, form: DecisionForm
) -> tuple[HttpResponse | None, list[str]]:
    acts = {"pass": pass_proposal, "return": return_proposal, "reject": reject_proposal}
    done = {
        "pass": _("Usulan diloloskan."),
        "return": _("Usulan dikembalikan dengan alasan."),
        "reject": _("Usulan ditolak dengan alasan."),
    }
    do = request.POST.get("do", "")
    looking = do == "reject-look"
    do = "reject" if looking else do
    if do not in acts:
        return None, [_("Pilih loloskan, kembalikan, atau tolak.")]
    if not form.is_valid():
        return None, [str(one) for errors in form.errors.values() for one in errors]
    why = {"note" if do == "pass" else "why": form.cleaned_data["reason"]}
    run = partial(
        acts[do],
        by=request.user,
        proposal=row,
        version=version_of(request),
        tier=request.POST.get("tier", "")[:20] or None,
        **why,
    )
    if looking:
        faults = objections(run)
        context = {**proposal_context(request, row), "form": form, "version": version_of(request)}
        return (None, faults) if faults else (show(request, LOOK_AT_REJECTION, context), [])
    receipt, reasons = send(request, f"proposal.{do}", run, form, draft=f"periksa-{row.pk}")
    if receipt is None:
        return None, reasons
    thank(request, receipt, done[do])
    return onward(request, "people:home"), []


LOOK_AT_REJECTION = "planning/reject_check.html"


def _conflict(request: HttpRequest, row: Proposal) -> str:
    """Why the person whose turn it is must leave it to somebody else; empty when not."""
    person = request.user
    if not isinstance(person, Person) or not permissions.may_judge(person, row):
        return ""
    if reason := permissions.conflict_with(person, row):
        return reason
    if permissions.has_had_a_hand(person, row):
        return _("Anda sudah ikut menyusun atau memeriksa usulan ini. Orang lain yang harus.")
    return ""


def _waiting(row: Proposal) -> DeskItem | None:
    return DeskItem.objects.filter(thing=f"planning.proposal:{row.pk}", closed_at=None).first()


def flags(row: Proposal, activities: list[Activity], found: Review) -> list[tuple[str, str]]:
    """What the system noticed, for the verifier: state of a chip and a sentence."""
    noticed = [("late", one.sentence) for one in found.blocking]
    noticed += [("wait", one.sentence) for one in found.advice]
    lines = [line for one in activities for line in one.lines.all()]
    listed = [line for line in lines if line.standard]
    if len(listed) > 2 and all(line.price == line.standard for line in listed):
        noticed.append(
            ("wait", _("Semua harga sama persis dengan standar. Bandingkan harga pasar."))
        )
    if outside := [line for line in lines if not line.standard]:
        told = {"n": len(outside), "names": ", ".join(line.name for line in outside[:3])}
        noticed.append(
            ("wait", _("%(n)d barang di luar daftar harga: %(names)s. Baca penawarannya.") % told)
        )
    noticed += [
        ("wait", _("%(name)s tidak dari daftar lima tahun: %(why)s") % told)
        for told in (
            {"name": one.name, "why": one.off_list_reason}
            for one in activities
            if one.off_list_reason
        )
    ]
    if row.round > 1:
        noticed.append(("info", _("Kiriman ke-%d, sesudah dikembalikan.") % row.round))
    if not noticed:
        noticed.append(("ok", _("Susunan, harga, dan kelengkapan sesuai aturan.")))
    return noticed


# ---- recap ---------------------------------------------------------------------------------

SORTS = {
    "rt": ("unit__code", "rank", "id"),
    "bidang": ("field", "unit__code", "id"),
    "uraian": ("name", "id"),
    "biaya": ("cost", "id"),
    "keadaan": ("proposal__state", "unit__code", "id"),
}


@login_required
def recap(request: HttpRequest) -> HttpResponse:
    """Everything proposed in a territory for one programme year, in the columns of the recap form."""
    offices = offices_of(request.user)
    allow(offices)
    unit = _recap_unit(request)
    years = list(
        ProgramYear.objects.exclude(state=YearState.DRAFT)
        .select_related("program", "rule_set", "fund")
        .order_by("-year", "program__name")
    )
    asked = request.GET.get("tahun") or request.POST.get("tahun")
    year = next((one for one in years if str(one.pk) == asked), years[0] if years else None)
    reasons: list[str] = []
    if request.method == "POST":
        response, reasons = _merge(request, unit, year)
        if response:
            return response
    context = {
        "unit": unit,
        "years": years,
        "year": year,
        "refused": reasons,
        **(_recap(request, unit, year) if year else {}),
    }
    return show(request, "planning/recap.html", context, 422 if reasons else 200)


def _recap_unit(request: HttpRequest) -> Unit:
    """The asked territory within the person's own; the widest of theirs without asking."""
    asked = request.GET.get("unit") or request.POST.get("unit")
    if asked:
        return get_object_or_404(Unit.objects.filter(territory(request.user)), code=asked)
    return min((office.unit for office in offices_of(request.user)), key=lambda one: len(one.code))


def _recap(request: HttpRequest, unit: Unit, year: ProgramYear) -> dict[str, Any]:
    sort = request.GET.get("urut", "rt")
    down = sort.startswith("-")
    columns = SORTS.get(sort.lstrip("-"), SORTS["rt"])
    order = [
        F(column).desc() if down and not nth else F(column) for nth, column in enumerate(columns)
    ]
    rows = (
        Activity.objects.filter(proposal__program_year=year)
        .exclude(stage=Stage.WITHDRAWN)
        .within(unit.code)
        .select_related("unit__parent__parent", "proposal")
        .order_by(*order)
    )
    standings = _proposals(unit, year).values("state").annotate(n=Count("id")).order_by()
    counts = {row["state"]: row["n"] for row in standings}
    page = page_of(rows, request.GET.get("halaman"), size=50)
    fields = year.book.field_of
    for nth, one in enumerate(page.rows, page.first):
        one.known, one.nth = fields.get(one.field), nth
    return {
        "page": page,
        "total": rows.aggregate(total=Sum("cost"))["total"] or 0,
        "counts": [(state, label, counts.get(state, 0)) for state, label in ProposalState.choices],
        "proposals_count": sum(counts.values()),
        "sort": sort,
        "merge": _side_by_side(request, unit, year),
        "heads": _heads(request, sort),
    }


def _proposals(unit: Unit, year: ProgramYear) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(program_year=year)
    return rows.filter(unit__in=Unit.objects.within(unit.code).filter(city_id=unit.city_id))


def _heads(request: HttpRequest, sort: str) -> list[dict[str, str]]:
    """Column heads that sort: title, link, and which way it is sorted now."""
    titles = {
        "rt": _("RT/RW"),
        "bidang": _("Bidang"),
        "uraian": _("Uraian"),
        "volume": _("Volume"),
        "biaya": _("Biaya"),
        "keadaan": _("Keterangan"),
    }
    heads = []
    for key, title in titles.items():
        asked = request.GET.copy()
        asked.pop("halaman", None)
        asked["urut"] = f"-{key}" if sort == key else key
        way = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
        link = "?" + asked.urlencode() if key in SORTS else ""
        heads.append({"key": key, "title": title, "link": link, "way": way})
    return heads


def _side_by_side(request: HttpRequest, unit: Unit, year: ProgramYear) -> dict[str, Any] | None:
    """For an RW: its RT beside one another, field by field, and which wait for its head."""
    if unit.kind != UnitKind.RW:
        return None
    rows = list(_proposals(unit, year).select_related("unit", "city", "program_year__rule_set"))
    sums = (
        Activity.objects.filter(proposal__in=rows)
        .exclude(stage=Stage.WITHDRAWN)
        .values_list("proposal_id", "field")
        .annotate(total=Sum("cost"))
        .order_by()
    )
    cells: dict[int, dict[str, int]] = {}
    for proposal_id, field, total in sums:
        cells.setdefault(proposal_id, {})[field] = total
    fields = list(year.book.fields)
    table = [
        {
            "proposal": row,
            "pairs": [(field, cells.get(row.pk, {}).get(field.code, 0)) for field in fields],
            "total": sum(cells.get(row.pk, {}).values()),
            "mine": permissions.can_verify(request.user, row),
        }
        for row in sorted(rows, key=lambda one: one.unit.code)
    ]
    return {"fields": fields, "table": table, "any": any(one["mine"] for one in table)}


def _merge(
    request: HttpRequest, unit: Unit, year: ProgramYear | None
) -> tuple[HttpResponse | None, list[str]]:
    """Let the ticked proposals pass together."""
    chosen: dict[int, int] = {}
    for text in request.POST.getlist("usulan")[:200]:
        pk, _dash, version = text.partition("-")
        if machine(pk):
            chosen[machine(pk)] = machine(version)
    rows = (
        whole()
        .filter(pk__in=chosen, program_year=year)
        .filter(unit__in=Unit.objects.within(unit.code).filter(city_id=unit.city_id))
    )
    rows = list(rows)
    if not rows:
        return None, [_("Centang sedikitnya satu usulan.")]

    def run() -> Proposal:
        pairs = [(row, chosen[row.pk]) for row in rows]
        return pass_several(by=request.user, proposals=pairs)[0]  # type: ignore[arg-type]

    receipt, reasons = send(request, "proposal.merge", run)
    if receipt is None:
        return None, reasons
    thank(request, receipt, _("%d usulan digabungkan dan diloloskan.") % len(rows))
    back = f"?unit={unit.code}" + (f"&tahun={year.pk}" if year else "")
    return redirect(reverse("planning:recap") + back), []


# ---- budget --------------------------------------------------------------------------------


@login_required
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the number of the budget document: from here on the plan is money."""
    row = seen(request, whole(), pk=pk)
    allow(holds(request.user, "proposal.budget", at=row.unit))
    form = BudgetForm(request.POST or None, initial={"on": localdate()})
    if form.is_bound:
        sound = form.is_valid()
        run = partial(
            budget_proposal,
            by=request.user,
            proposal=row,
            document=form.cleaned_data["document"],
            on=form.cleaned_data["on"],
            version=version_of(request),
        )
        looked = "lihat" not in request.POST
        if not sound or not looked:
            form.refuse(objections(run))
        elif receipt := send(request, "proposal.budget", run, form, draft=f"dpa-{row.pk}")[0]:
            thank(request, receipt, _("Usulan masuk anggaran. Uangnya sudah dicadangkan."))
            return onward(request, "planning:proposal", row.pk)
    look = "lihat" in request.POST and not form.errors
    context = {**proposal_context(request, row), "form": form, "look": look}
    return show(request, "planning/budget.html", context, 422 if form.errors else 200)
