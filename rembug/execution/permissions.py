"""Who may do what with a work. Authority is asked of people; here stands what keeps duties apart."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from rembug.execution.models import Comment, Pokmas, PokmasMember, Work
from rembug.people.acts import has_done
from rembug.people.authority import holds
from rembug.people.models import Office, Person
from rembug.people.rules import SEPARATE
from rembug.planning.models import Activity
from rembug.regions.models import Unit


def sits_in(person: object, pokmas: Pokmas) -> bool:
    """Whether somebody is a member of a pokmas, with or without an office in it."""
    return (
        isinstance(person, Person)
        and PokmasMember.objects.filter(pokmas=pokmas, person=person, left_on=None).exists()
    )


def office_for(person: object, act: str, work: Work) -> Office | None:
    """The office by which a person could do an act on a work, duties aside."""
    return holds(person, act, at=work.unit, body=work.pokmas_id)


def conflict(person: Person, act: str, work: Work) -> str:
    """Why this person of all may not do it: they sit in the pokmas, or did the part before. Empty: fine."""
    office = office_for(person, act, work)
    if office and not office.body and act in CHECKS and sits_in(person, work.pokmas):
        return _("Anda anggota pokmas ini. Yang memeriksa harus orang lain.")
    abouts = (work.about, f"proposal:{work.activity.proposal_id}")
    if act in SEPARATE and has_done(person, SEPARATE[act], *abouts):
        return _(
            "Anda sudah mengerjakan langkah sebelumnya pada kegiatan ini. "
            "Langkah ini harus dilakukan orang lain."
        )
    return ""


# Acts that judge what the pokmas did, or release money to it.
CHECKS = {
    "contract.approve",
    "tranche.bill",
    "tranche.verify",
    "tranche.order",
    "tranche.pay",
    "tranche.take_back_order",
    "tranche.take_back_pay",
    "work.end",
    "report.verify.kelurahan",
    "report.verify.kecamatan",
    "report.verify.city",
    "spj.verify",
    "work.receive",
    "work.close",
    "money.receive_return",
    "work.hold",
    "work.release.kelurahan",
    "work.release.kecamatan",
    "work.release.city",
}


def may(person: object, act: str, work: Work) -> bool:
    """Whether a person may do an act on a work."""
    return (
        isinstance(person, Person)
        and office_for(person, act, work) is not None
        and not conflict(person, act, work)
    )


def require(person: Person, act: str, work: Work) -> Office:
    """The office by which the act is done. Raises PermissionDenied, saying why."""
    office = office_for(person, act, work)
    if office is None:
        raise PermissionDenied
    if reason := conflict(person, act, work):
        raise PermissionDenied(reason)
    return office


def require_at(person: Person, act: str, unit: Unit, body: int = 0) -> Office:
    """The office for an act at a place, where there is no work yet. Raises PermissionDenied."""
    office = holds(person, act, at=unit, body=body)
    if office is None:
        raise PermissionDenied
    return office


def can_form_pokmas(person: object, unit: Unit) -> bool:
    return holds(person, "pokmas.form", at=unit) is not None


def can_confirm_pokmas(person: object, pokmas: Pokmas) -> bool:
    """The camat, unless they sit in it."""
    return holds(person, "pokmas.confirm", at=pokmas.unit) is not None and not sits_in(
        person, pokmas
    )


def can_prepare_work(person: object, activity: Activity) -> bool:
    return holds(person, "contract.prepare", at=activity.unit) is not None


def body_of(activity: Activity) -> int:
    """The pokmas that carries an activity out; 0 while there is none."""
    found = Work.objects.filter(activity=activity).values_list("pokmas_id", flat=True).first()
    return found or 0


def can_answer_comment(person: object, comment: Comment) -> bool:
    """Kelurahan, pokmas, kecamatan and city may answer for the place."""
    activity = comment.activity
    return holds(person, "comment.answer", at=activity.unit, body=body_of(activity)) is not None


def office_to_hide(person: object, comment: Comment) -> Office | None:
    """The office by which somebody may hide a comment: never a member of the pokmas it is about."""
    work = Work.objects.filter(activity=comment.activity_id).select_related("pokmas").first()
    if work and sits_in(person, work.pokmas):
        return None
    return holds(person, "comment.hide", at=comment.activity.unit)
