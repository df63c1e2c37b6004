"""Pages of the residents' meeting: list, invitation, record, signatures, minutes on paper."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.core.pages import only_sent
from rembug.core.paging import page_of
from rembug.core.refusal import Refused
from rembug.files.models import File, FileKind
from rembug.files.services import store_image
from rembug.people.authority import holds_anywhere, vacant, within_reach
from rembug.planning import permissions
from rembug.planning.books import book_for, fields_of
from rembug.planning.forms import (
    MOST_POINTS,
    HoldForm,
    PointFormSet,
    ReturnForm,
    field_choices,
    first_points,
    points_of,
    typed_rows,
)
from rembug.planning.invitation import share_link
from rembug.planning.minutes import minutes_pdf
from rembug.planning.models import Meeting
from rembug.planning.rules import SIGNERS, MeetingState, Outcome, quorum_advice
from rembug.planning.services.meetings import (
    hold_meeting,
    return_minutes,
    sign_minutes,
)
from rembug.planning.views.frame import (
    allow,
    history,
    own_units,
    seen,
    send,
    show,
    thank,
    version_of,
)


def _meetings() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("unit", "city")


@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings of the person's territory, newest first."""
    allow(holds_anywhere(request.user, "plan.read"))
    rows = _meetings().filter(within_reach(request.user, "plan.read"))
    page = page_of(rows.order_by("-at", "-id"), request.GET.get("halaman"), size=20)
    context = {
        "page": page,
        "may_call": own_units(request.user, "meeting.call"),
    }
    return show(request, "planning/meetings.html", context)


@login_required
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """What was called, decided and signed; and the person's next step."""
    row = seen(request, _meetings(), pk=pk)
    return show(request, "planning/meeting.html", _meeting_context(request, row))


def _meeting_context(request: HttpRequest, row: Meeting) -> dict[str, Any]:
    book = book_for(row.year, row.unit.kind)
    names = {field.code: field for field in fields_of(book)}
    items = list(row.items.all())
    for item in items:
        item.known = names.get(item.field)  # type: ignore[attr-defined]
    groups = {outcome: [one for one in items if one.outcome == outcome] for outcome in Outcome}
    quorum = book.meeting.quorum_percent if book else 0
    return {
        "meeting": row,
        "groups": [
            (Outcome.DECIDED, _("Diputuskan"), groups[Outcome.DECIDED]),
            (Outcome.DEFERRED, _("Ditunda"), groups[Outcome.DEFERRED]),
            (Outcome.DISCUSSED, _("Dibahas"), groups[Outcome.DISCUSSED]),
        ],
        "points": len(items),
        "total": sum(item.cost for item in groups[Outcome.DECIDED]),
        "people": list(row.attendances.all()),
        "photos": [photo.file for photo in row.photos.select_related("file")],
        "signatures": _signatures(row),
        "advice": quorum_advice(row.present, row.unit.households, quorum) if row.recorded else "",
        "history": history(row.city, row.about),
        "may_hold": permissions.can_hold_meeting(request.user, row),
        "sign_as": permissions.signing_role(request.user, row),
        "may_list": permissions.can_edit_list(request.user, row.unit),
        "past": row.at <= localtime(),
        "may_change": permissions.can_change_invitation(request.user, row),
        "share": share_link(row) if row.state == MeetingState.CALLED else "",
    }


def _signatures(row: Meeting) -> list[dict[str, Any]]:
    """The three places for signatures, with who signed or that nobody can, and what has lapsed."""
    rows = list(row.signatures.select_related("person", "office__city", "office__unit"))
    signed = {one.role: one for one in rows if one.lapsed_at is None}
    return [
        {
            "role": role,
            "title": title,
            "signature": signed.get(role),
            "lapsed": [one for one in rows if one.role == role and one.lapsed_at],
            "vacant": row.state == MeetingState.HELD
            and role not in signed
            and vacant(f"meeting.sign.{role}", row.unit),
        }
        for role, title in SIGNERS[row.unit.kind].items()
    ]


# Photographs that came with a form of this session and are not kept with any minutes yet.
SENT_PHOTOS = "sent_photos"


@login_required
def meeting_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who came and what was decided; correct it until somebody signs."""
    row = seen(request, _meetings(), pk=pk)
    allow(permissions.can_hold_meeting(request.user, row))
    book = book_for(row.year, row.unit.kind)
    photos = [photo.file for photo in row.photos.select_related("file")]
    # The address of a public picture holds its hash, so a hash proves nothing: only what this very
    # session sent comes back as its own.
    mine = set(request.session.get(SENT_PHOTOS, []))
    sent = [sha for sha in request.POST.getlist("kept")[:20] if sha in mine]
    kept = list(File.objects.filter(sha256__in=sent, kind=FileKind.PHOTO))
    sending = request.method == "POST"
    form = HoldForm(
        request.POST if sending else None,
        request.FILES if sending else None,
        initial=_held_initial(row),
        photos_wanted=bool(book and book.meeting.min_photos > len(photos) + len(kept)),
    )
    points = _points_formset(request, row, field_choices(book))
    if sending:
        kept += _store(request, form, kept)
        known = [*request.session.get(SENT_PHOTOS, []), *(file.sha256 for file in kept)]
        request.session[SENT_PHOTOS] = list(dict.fromkeys(known))[-60:]
    sending = sending and "more" not in request.POST
    if sending and (answer := _hold(request, row, form, points, kept)):
        return answer
    context = {
        "meeting": row,
        "form": form,
        "points": points,
        "look": form if sending and form.roster.decided else None,
        "kept": kept,
        "photos": photos,
        "fields": book is not None and bool(book.fields),
    }
    return show(request, "planning/meeting_hold.html", context, 422 if sending else 200)


def _hold(
    request: HttpRequest, row: Meeting, form: HoldForm, points: Any, kept: list[File]
) -> HttpResponse | None:
    """Keep the results; None when something is wrong or the list of names wants a look first."""
    readable = form.is_valid() & points.is_valid() and not form.wants_a_look
    data, rows = form.cleaned_data, typed_rows(points)
    run = partial(
        hold_meeting,
        by=request.user,
        meeting=row,
        men=data["men"] or 0,
        women=data["women"] or 0,
        names=form.roster.people,
        points=points_of(points),
        photos=kept,
        notes=data["notes"] or "",
        count_reason=data["count_reason"] or "",
        version=version_of(request),
    )
    receipt, _reasons = send(
        request,
        "meeting.hold",
        run,
        form,
        draft=f"rembug-{row.pk}-v{row.version}",
        rows={"points": rows or points.forms},
        readable=readable,
    )
    if receipt is None:
        return None
    thank(request, receipt, _("Hasil rembug tersimpan. Tinggal tanda tangan."))
    return redirect("planning:meeting", row.pk)


def _held_initial(row: Meeting) -> dict[str, Any]:
    """What was recorded before, as one would type it."""
    if not row.recorded:
        return {}
    letters = {"m": ", L", "f": ", P", "": ""}
    names = "\n".join(one.name + letters[one.sex] for one in row.attendances.all())
    return {
        "men": row.men,
        "women": row.women,
        "names": names,
        "count_reason": row.count_reason,
        "notes": row.notes,
    }


def _points_formset(request: HttpRequest, row: Meeting, choices: list[tuple[str, str]]) -> Any:
    """The rows of things discussed: as typed (and one more when asked), as stored, or blank."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and "more" in data:
        count = min(machine(data.get("hal-TOTAL_FORMS")), MOST_POINTS - 1)
        data["hal-TOTAL_FORMS"] = str(count + 1)
    stored = list(row.items.values("title", "field", "outcome", "volume", "cost", "reason"))
    stored = stored or first_points(row.agenda)
    return PointFormSet(data, prefix="hal", initial=stored, form_kwargs={"choices": choices})


def _store(request: HttpRequest, form: HoldForm, kept: list[File]) -> list[File]:
    """Take the photos in at once, so that they need not be chosen again if something else is wrong."""
    form.is_valid()
    fresh, known = [], {file.pk for file in kept}
    for upload in form.cleaned_data.get("photos") or []:
        try:
            file = store_image(request.city, upload).file  # type: ignore[attr-defined]
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("photos", f"{upload.name}: {reason}")
        else:
            if file.pk not in known:
                known.add(file.pk)
                fresh.append(file)
    return fresh


@login_required
@only_sent
def meeting_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the minutes that were on the page."""
    row = seen(request, _meetings(), pk=pk)
    run = partial(sign_minutes, by=request.user, meeting=row, version=version_of(request))
    receipt, reasons = send(request, "meeting.sign", run)
    if receipt:
        thank(request, receipt, _("Notulen ditandatangani."))
        return redirect("planning:meeting", row.pk)
    row.refresh_from_db()
    context = {**_meeting_context(request, row), "refused": reasons}
    return show(request, "planning/meeting.html", context, 422)


@login_required
def meeting_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Instead of signing: say what is wrong, and the minutes go back to be mended."""
    row = seen(request, _meetings(), pk=pk)
    allow(permissions.signs_here(request.user, row))
    form = ReturnForm(request.POST or None)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        run = partial(
            return_minutes,
            by=request.user,
            meeting=row,
            why=form.cleaned_data["reason"],
            version=version_of(request),
        )
        receipt, reasons = send(request, "meeting.return", run, form, draft=f"kembali-{row.pk}")
        if receipt:
            thank(request, receipt, _("Notulen dikembalikan. Sekretaris memperbaikinya."))
            return redirect("planning:meeting", row.pk)
        row.refresh_from_db()
    lapsing = row.signatures.filter(lapsed_at=None).select_related("person")
    context = {
        "meeting": row,
        "form": form,
        "lapsing": list(lapsing),
        "sign_as": permissions.signing_role(request.user, row),
    }
    return show(request, "planning/meeting_return.html", context, 422 if form.errors else 200)


@login_required
def meeting_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes on paper, with names: for the offices of the territory only."""
    row = seen(request, _meetings(), pk=pk)
    allow(row.recorded)
    made_ = minutes_pdf(row, request.build_absolute_uri(reverse("planning:meeting", args=[row.pk])))
    response = HttpResponse(made_, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="notulen-{row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
