"""Pages of the yearly proposal: list, start, read, state reasons, submit."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.core.pages import only_sent
from rembug.core.paging import page_of
from rembug.core.signs import readable
from rembug.people.authority import holds_anywhere, vacant, within_reach
from rembug.people.sending import objections
from rembug.planning import permissions
from rembug.planning.models import Activity, Proposal
from rembug.planning.path import open_for
from rembug.planning.review import Review
from rembug.planning.rules import ProposalState
from rembug.planning.services.proposals import (
    meeting_for,
    proposal_faults,
    remove_activity,
    start_proposal,
    state_reasons,
    submit_proposal,
)
from rembug.planning.services.reviews import activities_of, ceilings, review
from rembug.planning.views.frame import (
    allow,
    chosen_unit,
    history,
    made,
    own_units,
    seen,
    send,
    show,
    thank,
    version_of,
)
from rembug.programs.models import ProgramYear


def whole(rows: QuerySet[Proposal] | None = None) -> QuerySet[Proposal]:
    """Proposals with everything a page of one needs."""
    rows = Proposal.objects.all() if rows is None else rows
    return rows.select_related(
        "unit",
        "city",
        "meeting",
        "submitted_by",
        "program_year__program",
        "program_year__rule_set",
        "program_year__fund",
    )


@login_required
def proposals(request: HttpRequest) -> HttpResponse:
    """The proposals of the person's territory, and for an RT the years it may still ask for."""
    allow(holds_anywhere(request.user, "plan.read"))
    rows = whole().filter(within_reach(request.user, "plan.read"))
    state = request.GET.get("keadaan", "")
    if state in ProposalState.values:
        rows = rows.filter(state=state)
    rows = rows.annotate(count=Count("activities"), cost=Sum("activities__cost"))
    page = page_of(rows.order_by("-program_year__year", "unit__code"), request.GET.get("halaman"))
    mine = own_units(request.user, "proposal.edit")
    context = {
        "page": page,
        "state": state,
        "states": ProposalState.choices,
        "mine": mine,
        "open": open_for(mine[0]) if mine else [],
        "many": not mine,
    }
    return show(request, "planning/proposals.html", context)


@login_required
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Start the proposal of a year."""
    unit = chosen_unit(request, "proposal.edit")
    years = open_for(unit)
    reasons: list[str] = []
    if request.method == "POST":
        year = get_object_or_404(
            ProgramYear.objects.select_related("program", "rule_set", "fund"),
            pk=machine(request.POST.get("year")),
        )
        run = partial(start_proposal, by=request.user, unit=unit, program_year=year)
        receipt, reasons = send(request, "proposal.start", run)
        if receipt:
            return redirect("planning:proposal", made(receipt))
    options = [(year, ceilings(year.fund, [unit])[unit.pk][0]) for year in years]
    context = {"unit": unit, "options": options, "refused": reasons}
    return show(request, "planning/proposal_new.html", context, 422 if reasons else 200)


@login_required
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal as it stands, what blocks it, and the next step."""
    row = seen(request, whole(), pk=pk)
    reasons: list[str] = []
    if request.method == "POST":
        allow(permissions.can_start_proposal(request.user, row.unit))
        response, reasons = _change(request, row)
        if response:
            return response
    return _page(request, row, reasons)


def _page(request: HttpRequest, row: Proposal, reasons: list[str]) -> HttpResponse:
    context = {**proposal_context(request, row), "refused": reasons}
    return show(request, "planning/proposal.html", context, 422 if reasons else 200)


def proposal_context(request: HttpRequest, row: Proposal) -> dict[str, Any]:
    """What every page about one proposal shows."""
    activities = activities_of(row)
    named(row, activities)
    found = review(row, activities)
    may_edit = permissions.can_edit_proposal(request.user, row)
    return {
        "proposal": row,
        "year": row.program_year,
        "book": row.book,
        "activities": activities,
        "review": found,
        "desks": _desks(row),
        "history": history(row.city, row.about),
        "statements": _statements(request, row, found) if may_edit else [],
        "stated": [
            (row.book.paper_of[code].title, text)
            for code, text in row.statements.items()
            if code in row.book.paper_of
        ],
        "may_edit": may_edit,
        "may_submit": permissions.can_submit_proposal(request.user, row),
        "blocking": _blocking(row, activities) if may_edit else [],
    }


def _blocking(row: Proposal, activities: list[Activity]) -> list[str]:
    """What submitting would be refused for now; the meeting may have been held since the start."""
    return proposal_faults(row, activities, meeting_for(row.unit, row.program_year.year))


def named(row: Proposal, activities: list[Activity]) -> None:
    """Set `known` (the field of the book) and `chosen` (the kind) on each activity, for its words."""
    book = row.book
    for one in activities:
        one.known = book.field_of.get(one.field)  # type: ignore[attr-defined]
        one.chosen = book.item_of.get(one.kind)  # type: ignore[attr-defined]
        for line in one.lines.all():
            line.chosen = book.item_of.get(line.kind)  # type: ignore[attr-defined]
        for paper in one.papers.all():
            known = book.paper_of.get(paper.code)
            paper.title = known.title if known else paper.code  # type: ignore[attr-defined]


def _desks(row: Proposal) -> list[tuple[str, str, str]]:
    """The desks of the book as steps: state, name, note."""
    steps = row.book.proposal_steps
    at = next((nth for nth, step in enumerate(steps) if step.key == row.tier), None)
    done = row.state in (ProposalState.VERIFIED, ProposalState.BUDGETED)
    desks = []
    for nth, step in enumerate(steps):
        if done or (at is not None and nth < at):
            desks.append(("done", step.name, _("lolos")))
        elif nth == at:
            empty = vacant(f"proposal.verify.{step.key}", row.unit)
            note = _("SK belum ada") if empty else _("sedang diperiksa")
            desks.append(("late" if empty else "now", step.name, note))
        else:
            desks.append(("next", step.name, _("%d hari kerja") % step.days))
    return desks


def _statements(request: HttpRequest, row: Proposal, found: Review) -> list[dict[str, Any]]:
    """Papers by which a duty of the book may be lifted, with what was written."""
    book = row.book
    codes = [book.share_waiver, *(item.exempt_by for item in book.items)]
    typed = request.POST if request.POST.get("do") == "statements" else None
    return [
        {
            "code": code,
            "paper": book.paper_of[code],
            "text": typed.get(f"surat-{code}", "") if typed else row.statements.get(code, ""),
        }
        for code in dict.fromkeys(codes)
        if code
    ]


def _change(request: HttpRequest, row: Proposal) -> tuple[HttpResponse | None, list[str]]:
    """Statements, or taking an activity out."""
    if request.POST.get("do") == "statements":
        texts = {
            name.removeprefix("surat-"): readable(request.POST[name][:1000])
            for name in request.POST
            if name.startswith("surat-")
        }
        run: Any = partial(
            state_reasons,
            by=request.user,
            proposal=row,
            statements=texts,
            version=version_of(request),
        )
        act, done = "proposal.state", _("Surat pernyataan tersimpan.")
    else:
        asked = machine(request.POST.get("remove"))
        activity = row.activities.filter(pk=asked).first()
        if activity is None:
            return None, [_("Kegiatan ini sudah dihapus. Muat ulang usulan.")]
        version = version_of(request)
        run = partial(remove_activity, by=request.user, activity=activity, version=version)
        act, done = "proposal.remove", _("Kegiatan dihapus dari usulan.")
    receipt, reasons = send(request, act, run, draft=f"usulan-{row.pk}-surat")
    if receipt is None:
        return None, reasons
    thank(request, receipt, done)
    return redirect("planning:proposal", row.pk), []


@login_required
@only_sent
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the proposal that was on the page to its first desk; before that, a look at what will happen."""
    row = seen(request, whole(), pk=pk)
    version = version_of(request)
    run = partial(submit_proposal, by=request.user, proposal=row, version=version)
    if "lihat" in request.POST:
        if faults := objections(run):
            return _page(request, row, faults)
        context = {**proposal_context(request, row), "version": version}
        return show(request, "planning/proposal_check.html", context)
    receipt, reasons = send(request, "proposal.submit", run)
    if receipt:
        thank(request, receipt, _("Usulan diterima, dan sekarang ada di meja pemeriksa pertama."))
        return redirect("planning:proposal", row.pk)
    return _page(request, whole().get(pk=row.pk), reasons)
