"""What the pages of this app share: who may see what, the frame, and sending a form once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.core.refusal import Refused, refuse_if
from rembug.people.acts import thread
from rembug.people.authority import offices_of, within_reach
from rembug.people.desk import following_page
from rembug.people.models import Act, Sending
from rembug.people.rules import ROLE_SEATS, ROLES
from rembug.people.sending import form_key, objections, once_from
from rembug.planning.books import plans
from rembug.planning.rules import act_title
from rembug.regions.models import City, Unit, UnitKind

DONE = "drafts_done"


def on_phone(person: object) -> bool:
    """RT, RW and pokmas work from a phone; whoever also holds another office has a desk."""
    offices = offices_of(person)
    small = (UnitKind.RT, UnitKind.RW)
    return bool(offices) and all(
        office.body or ROLE_SEATS[office.role][0] in small for office in offices
    )


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page in the person's own frame, with a fresh key for its forms."""
    wide = "planning/wide.html" if on_phone(request.user) else "base_desk.html"
    common = {
        "base": wide,
        "offices": offices_of(request.user),
        "key": form_key(request),
        "drafts_done": request.session.pop(DONE, []) if DONE in request.session else [],
    }
    return render(request, template, common | context, status=status)


def seen(request: HttpRequest, rows: QuerySet, **which: Any) -> Any:
    """The row, or 404 where the person's territory does not reach."""
    if not offices_of(request.user):
        raise Http404
    return get_object_or_404(rows.filter(within_reach(request.user, "plan.read")), **which)


def territory(person: object) -> Q:
    """Units a person's offices reach, as a filter on units themselves."""
    reach = Q(pk__in=[])
    for code in {office.unit.code for office in offices_of(person)}:
        reach |= Q(code=code) | Q(code__startswith=code + ".")
    return reach


def allow(right: object) -> None:
    """403: the place is the person's, the act is not."""
    if not right:
        raise PermissionDenied


def history(city: City, *abouts: str) -> list[Act]:
    """The record of a matter, newest 200 lines first, each with its words in `title`."""
    lines = sittings(list(thread(city, *abouts).reverse()[:200]))
    for line in lines:
        line.title = act_title(line.act, line.detail)  # type: ignore[attr-defined]
    return lines


SITTING = timedelta(hours=2)


def sittings(lines: Sequence[Act]) -> list[Act]:
    """The record as one reads it: what one person changed in one sitting is one line, its last.

    Nothing is left out of the record itself; who looks for each step finds it there.
    """
    told: list[Act] = []
    for line in lines:
        last = told[-1] if told else None
        again = (
            last is not None
            and line.act == last.act == "proposal.changed"
            and line.actor_id == last.actor_id
            and last.at - line.at < SITTING
        )
        if not again:
            told.append(line)
    return told


def version_of(request: HttpRequest) -> int:
    """The version of the row that the form was made from; a form without one is older than any."""
    return machine(request.POST.get("version"), -1)


def own_units(person: object, act: str) -> list[Unit]:
    """The RT or RW a person sits at and may do an act for, where such a unit plans money."""
    found = {
        office.unit_id: office.unit
        for office in offices_of(person)
        if act in ROLES[office.role] and not office.body
    }
    return [unit for unit in found.values() if plans(unit)]


def chosen_unit(request: HttpRequest, act: str) -> Unit:
    """The unit a form is for: the person's own, or the asked one of several. 403 without any."""
    mine = own_units(request.user, act)
    allow(mine)
    asked = request.POST.get("rt") or request.GET.get("rt")
    return next((unit for unit in mine if unit.code == asked), mine[0])


def send(
    request: HttpRequest,
    act: str,
    run: Callable[[], Model],
    form: BaseForm | None = None,
    draft: str = "",
    rows: Mapping[str, Sequence[BaseForm]] | None = None,
    readable: bool = True,
) -> tuple[Sending | None, list[str]]:
    """Run an act once for the key of this form.

    Returns the receipt and no reasons, or None and every reason, which are also put on the form (`rows`
    are the forms of its lines, by the name the act gives them). What was not `readable` is only asked.
    """
    try:
        if not readable:
            refuse_if(objections(run) or [UNREAD])
        receipt = once_from(request, act, run)
    except Refused as refusal:
        reasons = [reason for reason in refusal.reasons if reason is not UNREAD]
        if form is not None:
            place(reasons, form, rows or {})
        return None, reasons
    if draft:
        request.session[DONE] = [*request.session.get(DONE, []), draft][-5:]
    return receipt, []


# Stands for what the forms say themselves, when the act has nothing to add.
UNREAD = "unread"


def place(
    reasons: Iterable[str], form: BaseForm, rows: Mapping[str, Sequence[BaseForm]] | None = None
) -> None:
    """Show every reason of an act at its field, also in a line: `lines.2.price`; the others above the form."""
    for reason in reasons:
        name = getattr(reason, "field", "")
        row, _dot, rest = name.partition(".")
        number, _dot, inner = rest.partition(".")
        target = form
        if rows and row in rows and 0 < machine(number) <= len(rows[row]):
            target, name = rows[row][machine(number) - 1], inner
        if name in target.errors:
            continue
        at = name if name in target.fields else None
        target.add_error(at, ValidationError(reason, code="told"))


def made(receipt: Sending) -> int:
    """The key of the row the receipt is for."""
    return int(receipt.thing.rpartition(":")[2])


def thank(request: HttpRequest, receipt: Sending, sentence: str) -> None:
    """Say that it arrived, with the code of the receipt."""
    messages.success(request, f"{sentence} {_('Tanda terima %s.') % receipt.code}")


def onward(request: HttpRequest, to: str, *args: Any) -> HttpResponse:
    """After an act: at a desk to the next of its kind, elsewhere to the page that is named."""
    path = None if on_phone(request.user) else following_page(request)
    return redirect(path) if path else redirect(to, *args)
