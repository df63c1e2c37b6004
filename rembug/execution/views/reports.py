"""Sending a progress report, reading it, and checking it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rembug.core.forms import TellAll
from rembug.core.numbers import machine
from rembug.execution import rules, story
from rembug.execution.forms import ReportForm, WhyForm
from rembug.execution.models import Report, ReportPhoto
from rembug.execution.permissions import may
from rembug.execution.rules import ReportState, WorkState
from rembug.execution.services.receipts import spending_of
from rembug.execution.services.reports import Shot, return_report, submit_report, verify_report
from rembug.execution.services.standing import WITH, Standing, standing
from rembug.execution.views.frame import carry_out, onward, page, work_of
from rembug.files.rules import FLAGS as FILE_FLAGS
from rembug.people.acts import thing_of
from rembug.people.models import Act


@login_required
def report_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the next report: a photograph from each point, the day, one sentence. Works without a script."""
    work = work_of(request, pk)
    if not may(request.user, "report.submit", work):
        raise PermissionDenied
    s = standing(work)
    points = list(work.points.all())
    open_ = work.state == WorkState.RUNNING and s.expected is not None and not s.waiting
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        city=work.city,
        by=request.user,
        points=points,
        percent=s.expected,
    )

    def run() -> Report:
        shots = [Shot(p, form.images[form.key(p)]) for p in points if form.key(p) in form.images]
        data = form.cleaned_data
        return submit_report(
            by=request.user,
            work=work,
            percent=_percent(request, s),
            seen_on=data["seen_on"],
            note=data["note"],
            shots=shots,
        )

    draft = f"laporan-{work.pk}-{s.expected}"
    if request.method == "POST" and (sending := carry_out(request, form, "report.submit", run)):
        told = _("Laporan diterima dan menunggu pemeriksaan kelurahan.")
        return onward(request, sending, told, "execution:work", work.pk, draft=draft)
    back = [r for r in s.reports if r.state == ReportState.RETURNED and r.percent == s.expected]
    context = {
        "work": work,
        "s": s,
        "form": form,
        "open": open_,
        "back": back[-1] if back else None,
        "before": _before(s),
        "draft": draft,
    }
    return page(request, "report_form.html", context, 422 if form.errors else 200)


def _percent(request: HttpRequest, s: Standing) -> int:
    """The stage the form was made for; a stale form is then told whose turn it is."""
    return machine(request.POST.get("percent"), -1)


def _before(s: Standing) -> dict[str, ReportPhoto]:
    """The first accepted photograph of each point, to take the next one from the same place."""
    photos = ReportPhoto.objects.filter(
        report__work=s.work, report__state=ReportState.ACCEPTED
    ).select_related("file", "point", "report")
    found: dict[str, ReportPhoto] = {}
    for photo in photos.order_by("report_id"):
        found.setdefault(photo.point.label, photo)
    return found


@login_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as it was sent, beside the earlier photographs; whoever must check it does so here."""
    rows = Report.objects.visible_to(request.user).select_related(
        "by", *(f"work__{name}" for name in WITH)
    )
    row = get_object_or_404(rows, pk=pk)
    work = row.work
    form: TellAll = TellAll(request.POST or None)
    back = WhyForm(request.POST) if request.POST.get("do") == "back" else WhyForm()
    if request.method == "POST" and (answer := _do(request, row, form, back)):
        return answer
    s = standing(work)
    row = get_object_or_404(rows, pk=pk)
    waiting = row.state == ReportState.WAITING
    following = s.book.step_after(row.tier, of_report=True) if waiting else None
    context = {
        "report": row,
        "work": work,
        "s": s,
        "form": form,
        "back": back,
        "pairs": _pairs(s, row),
        "flags": _flags(s, row),
        "tier": story.tier_name(s.book, row.tier),
        "following": story.tier_name(s.book, following.key) if following else "",
        "may_check": waiting and may(request.user, f"report.verify.{row.tier}", work),
        "paid_percent": 100 * s.paid // work.value if work.value else 0,
        "line": story.told(
            Act.objects.filter(city=work.city, thing=thing_of(row))
            .select_related("office__unit", "office__city")
            .order_by("-id")
        ),
    }
    return page(request, "report.html", context, 422 if form.errors or back.errors else 200)


def _pairs(s: Standing, report: Report) -> list[dict[str, Any]]:
    """For each point this report's photograph and the earliest accepted one before it."""
    before = _before(s)
    pairs = []
    for photo in report.photos.select_related("file", "point").order_by("point__label"):
        old = before.get(photo.point.label)
        earlier = old if old and old.report_id < report.pk else None
        pairs.append({"photo": photo, "before": earlier})
    return pairs


def _flags(s: Standing, report: Report) -> list[tuple[str, str]]:
    """(chip, sentence) of everything a checker should look at; what is fine is said too."""
    known = rules.FLAGS | FILE_FLAGS
    found = []
    for photo in report.photos.select_related("point").order_by("point__label"):
        for code in photo.flags:
            told = {"point": photo.point.label, "what": known.get(code, code)}
            found.append(("wait", _("Titik %(point)s: %(what)s") % told))
    if s.paid >= s.work.value and report.percent < 100:
        told = {"percent": report.percent}
        found.append(("wait", _("Semua uang sudah cair, fisik baru %(percent)d%%.") % told))
    lines = {line.pk: line.amount for line in s.activity.lines.all()}
    if rules.every_line_equals(lines, spending_of(s.work)):
        found.append(("wait", _("Semua belanja sama persis dengan RAB. Periksa kuitansinya.")))
    due = s.due_of(report.percent)
    if due and report.seen_on > due + timedelta(days=7):
        found.append(("wait", _("Lebih lambat dari jadwal kontrak.")))
    return found or [("ok", _("Tidak ada yang janggal pada foto, jarak, waktu, dan uangnya."))]


def _do(request: HttpRequest, row: Report, form: TellAll, back: WhyForm) -> HttpResponse | None:
    """Pass or return; the tier the page was made for goes along, so that a stale tab is refused."""
    row.tier = request.POST.get("tier", row.tier)
    if request.POST.get("do") == "back":
        sending = carry_out(
            request,
            back,
            "report.return",
            lambda: return_report(by=request.user, report=row, why=back.cleaned_data["why"]),
        )
        told = _("Laporan dikembalikan kepada pokmas.")
    else:
        sending = carry_out(
            request, form, "report.verify", lambda: verify_report(by=request.user, report=row)
        )
        told = _("Laporan disetujui.")
    return onward(request, sending, told, "execution:work", row.work_id) if sending else None
