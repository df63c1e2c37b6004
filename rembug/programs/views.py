"""The city's programmes, their years and the rules that apply; opening a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused
from rembug.files.services import store_document
from rembug.people.authority import holds_anywhere, offices_of
from rembug.people.sending import form_key, once_from
from rembug.programs.forms import OpenYearForm
from rembug.programs.kinds import limits_of
from rembug.programs.models import Program, ProgramYear, RuleSet, applying
from rembug.programs.rulebook import Paper, RuleBook, gate_title
from rembug.programs.services import open_year


@login_required
def years(request: HttpRequest) -> HttpResponse:
    """Every programme of the city with its years and rule sets, for anyone with an office."""
    if not offices_of(request.user):
        raise PermissionDenied
    programs = list(
        Program.objects.filter(city=request.city).prefetch_related(
            "rule_sets", "years__rule_set", "years__basis_file"
        )
    )
    # What runs now comes first.
    programs.sort(key=lambda program: -max((y.year for y in program.years.all()), default=0))
    may_open = holds_anywhere(request.user, "year.open")
    may_close = holds_anywhere(request.user, "year.close")
    context = {"programs": programs, "may_open": may_open, "may_close": may_close}
    return render(request, "programs/years.html", context)


@login_required
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """One set of rules in words: ceiling, fields, desks, payments, duties, papers, calendar."""
    if not offices_of(request.user):
        raise PermissionDenied
    rows = RuleSet.objects.filter(city=request.city).select_related("program")
    rule_set = get_object_or_404(rows, pk=pk)
    return render(request, "programs/rules.html", rules_context(rule_set))


def rules_context(rule_set: RuleSet) -> dict[str, Any]:
    """What the page of a rule set shows."""
    book = rule_set.rules
    return {
        "rule_set": rule_set,
        "book": book,
        "tranches": [(row, [gate_title(code) for code in row.gates]) for row in book.tranches],
        "required": _required(book),
        "limits": [(item, found) for item in book.items if (found := limits_of(book, item))],
        "years": list(
            ProgramYear.objects.filter(city_id=rule_set.city_id, rule_set=rule_set).order_by("year")
        ),
    }


def _required(book: RuleBook) -> list[tuple[str, list[str]]]:
    """The papers of each step of the money, by title."""
    steps = {
        _("Sebelum kontrak"): book.required.contract,
        _("Setiap pencairan"): book.required.tranche,
        _("Pertanggungjawaban"): book.required.spj,
        _("Serah terima"): book.required.handover,
    }
    titled = [
        (step, [_paper(book.paper_of[code]) for code in codes]) for step, codes in steps.items()
    ]
    return [(step, titles) for step, titles in titled if titles]


def _paper(paper: Paper) -> str:
    return f"{paper.title}. {paper.note}" if paper.note else paper.title


@login_required
def open_new(request: HttpRequest) -> HttpResponse:
    """Open a budget year with its legal basis."""
    if not holds_anywhere(request.user, "year.open"):
        raise PermissionDenied
    first = _next_opening(request)
    form = OpenYearForm(
        request.POST or None, request.FILES or None, city=request.city, initial=first
    )
    if form.is_valid():
        try:
            _open(request, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("Tahun anggaran dibuka. Semua pagu sudah tercatat."))
            return redirect("programs:years")
    context = {"form": form, "key": form_key(request)}
    return render(request, "programs/open.html", context, status=422 if form.errors else 200)


def _next_opening(request: HttpRequest) -> dict[str, Any]:
    """What an office most likely wants to open: the next year of a programme that has rules for it."""
    year = timezone.localdate().year + 1
    rows = RuleSet.objects.filter(city=request.city).order_by("-first_year")
    covering = applying(rows, year, timezone.localdate())
    return {"year": year, "program": covering and covering.program_id}


def _open(request: HttpRequest, data: dict[str, Any]) -> None:
    """Run the act once, however often the form arrives."""

    def run() -> ProgramYear:
        upload = data["basis_file"]
        return open_year(
            by=request.user,
            program=data["program"],
            year=data["year"],
            basis_no=data["basis_no"],
            basis_on=data["basis_on"],
            basis_file=store_document(request.city, upload) if upload else None,
        )

    once_from(request, "year.open", run)
