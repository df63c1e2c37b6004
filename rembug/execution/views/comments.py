"""Answering residents, and hiding what must not be read by all."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rembug.execution.forms import AnswerForm, WhyForm
from rembug.execution.models import Comment, Work
from rembug.execution.permissions import can_answer_comment, office_to_hide
from rembug.execution.services.comments import answer_comment, hide_comment
from rembug.execution.views.frame import carry_out, onward, page
from rembug.people.authority import within_reach
from rembug.people.models import Person


def _comment(request: HttpRequest, pk: int) -> Comment:
    """A comment in the person's territory, or on a work of their pokmas."""
    rows = Comment.objects.select_related("activity__unit", "activity__city")
    row = get_object_or_404(rows, pk=pk)
    if not _near(request.user, row):
        raise Http404
    return row


def _near(person: Person, comment: Comment) -> bool:
    reach = within_reach(person, "work.read", "activity__unit", body="activity__work__pokmas")
    works = Work.objects.visible_to(person).filter(activity=comment.activity_id)
    if works.exists():
        return True
    has_work = Work.objects.filter(activity=comment.activity_id).exists()
    return not has_work and Comment.objects.filter(reach, pk=comment.pk).exists()


@login_required
def comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a resident, or hide the comment with a reason."""
    row = _comment(request, pk)
    may_answer = can_answer_comment(request.user, row)
    may_hide = office_to_hide(request.user, row) is not None
    if not (may_answer or may_hide):
        raise PermissionDenied
    hiding = request.POST.get("do") == "hide"
    form = AnswerForm(None if hiding else request.POST or None)
    hide = WhyForm(request.POST if hiding else None)
    draft = f"jawaban-{row.pk}"
    if request.method == "POST":
        if hiding:
            sending = carry_out(
                request,
                hide,
                "comment.hide",
                lambda: hide_comment(by=request.user, comment=row, why=hide.cleaned_data["why"]),
            )
            told = _("Tanggapan disembunyikan. Alasannya tetap terbaca.")
        else:
            sending = carry_out(
                request,
                form,
                "comment.answer",
                lambda: answer_comment(by=request.user, comment=row, **form.cleaned_data),
            )
            told = _("Jawaban terbit di halaman kegiatan.")
        if sending:
            return onward(request, sending, told, "execution:comment_answer", row.pk, draft=draft)
    context = {
        "comment": row,
        "form": form,
        "hide": hide,
        "may_answer": may_answer and not row.answer and not row.hidden_why,
        "may_hide": may_hide and not row.hidden_why,
        "draft": draft,
        "done": request.GET.get("selesai", ""),
    }
    return page(request, "comment.html", context, 422 if form.errors or hide.errors else 200)
