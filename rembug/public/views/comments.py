"""Saying something about an activity. A page of its own, so that the pages around it can be kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rembug.core.refusal import Refused
from rembug.core.source import browser_of, source_of
from rembug.execution.services.comments import add_comment, sender_mark
from rembug.people.sending import form_key
from rembug.planning.models import Activity
from rembug.public.forms import CommentForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and the receipt once the city has the words."""
    activity = (
        Activity.objects.shown()
        .select_related("city", "unit", "proposal__program_year__rule_set")
        .filter(pk=pk)
        .first()
    )
    if activity is None:
        raise Http404
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            said, sending = add_comment(
                activity=activity,
                name=told["name"],
                text=told["text"],
                matches=told["fits"],
                key=told["key"],
                sender=sender_mark(browser_of(request) or source_of(request)),
                network=sender_mark(source_of(request)),
            )
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            context = {"activity": activity, "comment": said, "sending": sending}
            return render(request, "public/comment_done.html", context)
    if form.is_bound:
        form.data = form.data.copy()
        form.data["key"] = form_key(request)
    status = 422 if form.is_bound else 200
    return render(
        request, "public/comment.html", {"activity": activity, "form": form}, status=status
    )
