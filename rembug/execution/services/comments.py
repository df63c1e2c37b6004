"""What residents say about an activity, and the answers: anyone may write, the house must answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Reason, refuse_if
from rembug.execution import commenting, permissions, rules
from rembug.execution.models import Comment
from rembug.execution.services.standing import moment
from rembug.people.acts import record
from rembug.people.desk import close_items, open_item
from rembug.people.models import Person, Sending
from rembug.people.sending import digest_of, once
from rembug.planning.models import Activity
from rembug.programs.calendar import due_on
from rembug.regions.models import Unit


def sender_mark(address: str) -> str:
    """A keyed hash of a browser's sign or an address: tells that two comments came from one, never which."""
    return salted_hmac("rembug.comment", address, algorithm="sha256").hexdigest()


def add_comment(
    *,
    activity: Activity,
    name: str,
    text: str,
    matches: bool | None,
    key: str,
    sender: str = "",
    network: str = "",
    at: datetime | None = None,
) -> tuple[Comment, Sending]:
    """Anyone, without a login, says something about an activity; the kelurahan must answer in time.

    `matches`: does the report fit what they see (None: not said). `key` is the form's own, so that
    a second press adds nothing. `sender` marks the person's browser, by which they are limited; `network`
    their address, which many may share: its limit is wide. Returns the comment and its receipt. Raises Refused.
    """

    def run() -> Comment:
        return _add(activity, name, text, matches, (sender, network), at)

    content = digest_of([activity.pk, name, text, matches])
    sending, _ran = once(
        key=key, by=None, act="comment.added", run=run, content=content, city=activity.city
    )
    return Comment.objects.get(pk=int(sending.thing.partition(":")[2])), sending


@transaction.atomic
def _add(
    activity: Activity,
    name: str,
    text: str,
    matches: bool | None,
    marks: tuple[str, str],
    at: datetime | None,
) -> Comment:
    now, today = moment(at)
    sender, network = marks
    # One after the other in a city, so that many at the same moment are counted too.
    Unit.objects.select_for_update(no_key=True).get(city=activity.city_id, parent=None)
    lately = Comment.objects.filter(at__gt=now - timedelta(hours=1))
    sent = lately.filter(sender=sender).count() if sender else 0
    around = lately.filter(network=network).count() if network else 0
    refuse_if(commenting.comment_faults(text, name, sent, around))
    days = activity.proposal.program_year.book.answer_days
    comment = Comment.objects.create(
        city_id=activity.city_id,
        activity=activity,
        name=" ".join(name.split()),
        text=text.strip(),
        matches=matches,
        at=now,
        due_on=due_on(today, days),
        sender=sender,
        network=network,
    )
    # The words themselves are not in the record: they may have to be hidden later.
    record(None, "comment.added", comment, about=activity.about, unit=activity.unit, at=now)
    open_item(
        act="comment.answer",
        thing=comment,
        about=activity.unit,
        title=noted("Jawab warga: %s") % activity.name,
        path=f"tanggapan/{comment.pk}/",
        due_on=comment.due_on,
        at=now,
    )
    return comment


@transaction.atomic
def answer_comment(
    *, by: Person, comment: Comment, answer: str, at: datetime | None = None
) -> Comment:
    """Answer a resident in the name of the office; everybody can read it."""
    comment = _locked(comment)
    activity = comment.activity
    body = permissions.body_of(activity)
    office = permissions.require_at(by, "comment.answer", activity.unit, body)
    now = at or timezone.now()
    faults: list[str] = []
    if len(answer.strip()) < 3:
        faults.append(Reason(_("Tulis jawabannya."), "answer"))
    if len(answer) > commenting.LONGEST_COMMENT:
        told = _("Paling panjang %d huruf. Ringkas sedikit.") % commenting.LONGEST_COMMENT
        faults.append(Reason(told, "answer"))
    if comment.answer:
        faults.append(_("Tanggapan ini sudah dijawab."))
    if comment.hidden_why:
        faults.append(_("Tanggapan ini disembunyikan. Tidak perlu dijawab."))
    refuse_if(faults)
    comment.answer, comment.answered_at, comment.answered_by = answer.strip(), now, by
    comment.answered_as = f"{office.title}, {office.unit.label}"[:120]
    comment.save(update_fields=["answer", "answered_at", "answered_by", "answered_as"])
    record(
        by,
        "comment.answered",
        comment,
        about=activity.about,
        unit=activity.unit,
        office=office,
        at=now,
    )
    close_items(comment, by=by, outcome="answered", at=now)
    return comment


@transaction.atomic
def hide_comment(*, by: Person, comment: Comment, why: str, at: datetime | None = None) -> Comment:
    """Hide a comment that must not be read by all; the reason stands in its place."""
    comment = _locked(comment)
    activity = comment.activity
    office = permissions.office_to_hide(by, comment)
    if office is None:
        raise PermissionDenied
    faults = rules.why_faults(why)
    if comment.hidden_why:
        faults.append(_("Tanggapan ini sudah disembunyikan."))
    refuse_if(faults)
    comment.hidden_why = why.strip()[:200]
    comment.save(update_fields=["hidden_why"])
    record(
        by,
        "comment.hidden",
        comment,
        about=activity.about,
        unit=activity.unit,
        office=office,
        why=why.strip(),
        at=at,
    )
    close_items(comment, by=by, outcome="hidden", at=at)
    return comment


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",))
    return rows.select_related("activity__unit", "activity__city").get(pk=comment.pk)
