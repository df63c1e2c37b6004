"""The way back of a payment: an SPM or SP2D that is wrong, or that the bank returned, is reversed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused, refuse_if
from rembug.core.steps import step
from rembug.execution.models import TakenBack, Tranche
from rembug.execution.rules import TRANCHE_STEPS, ReceiptState, TrancheState, why_faults
from rembug.execution.services.standing import locked
from rembug.execution.services.tranches import once_more
from rembug.execution.services.turns import TODAY, Turn, paper_day, turn_on
from rembug.ledger.models import Entry
from rembug.ledger.services import reverse
from rembug.people.models import Person

# What may be taken back in which state: the right it needs, and the paper.
TAKE_BACK: dict[str, tuple[str, str]] = {
    TrancheState.ORDERED: ("tranche.take_back_order", "SPM"),
    TrancheState.PAID: ("tranche.take_back_pay", "SP2D"),
    TrancheState.RECEIVED: ("tranche.take_back_pay", "SP2D"),
}


@transaction.atomic
def take_back(
    *,
    by: Person,
    tranche: Tranche,
    why: str,
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Tranche:
    """Reverse the SPM or SP2D of a payment: it was wrong, or the bank sent the money back.

    `on` is the day of the reversal (of the bank's note of return), `tranche.state` what the person
    saw. An SPM goes back to be written anew, an SP2D to be paid again; the books keep both, and the
    number is not used again. Raises PermissionDenied, or Refused with every reason.
    """
    locked(tranche.work)
    state = Tranche.objects.get(pk=tranche.pk).state
    known = TAKE_BACK.get(state)
    if known is None or state != tranche.state:
        raise Refused([_("Keadaannya sudah berubah. Muat ulang halaman ini, lalu periksa lagi.")])
    act, paper = known
    t, tranche = turn_on(by, act, tranche, at)
    dated = tranche.ordered_on if paper == "SPM" else tranche.received_on or tranche.paid_on
    day = paper_day(t, on, _("pembatalan"), earliest=dated, after=paper, office=True, why=day_why)
    refuse_if(why_faults(why) + day.faults + _spent(tranche))
    number = _reversed(t, tranche, paper, why.strip(), day.on)
    detail = {"number": tranche.number, "paper": paper, "no": number, "amount": tranche.amount}
    done = "tranche.order_taken_back" if paper == "SPM" else "tranche.pay_taken_back"
    if day_why.strip():
        detail["day_why"] = day_why.strip()
    t.end(done, tranche, why=why.strip(), detail=detail | day.told)
    return tranche


def _spent(tranche: Tranche) -> list[str]:
    """Why money that came in cannot be the one that was sent back: it was spent."""
    kept = tranche.receipts.exclude(state=ReceiptState.VOID)  # type: ignore[attr-defined]
    if not kept.exists():
        return []
    return [
        _("Sudah ada kuitansi dari uang ini. Batalkan kuitansinya dulu, atau kembalikan sisanya.")
    ]


def _reversed(t: Turn, tranche: Tranche, paper: str, why: str, on: date) -> str:
    """Book the mirror of what the paper did, keep its number as used, and set the payment back."""
    if paper == "SPM":
        kinds, number, dated = ["order"], tranche.spm_no, tranche.ordered_on
        act, changes = "take_back_order", {"spm_no": "", "ordered_on": None}
    else:
        # By advance the money went through the kelurahan: it comes back the way it went.
        kinds, number, dated = ["receive", "pay"], tranche.sp2d_no, tranche.paid_on
        act = "take_back_pay"
        changes = {"sp2d_no": "", "paid_on": None, "received_on": None, "spj_due_on": None}
    for kind in kinds:
        booked = Entry.objects.filter(key=once_more(kind, tranche)).first()
        if booked:
            reverse(booked, why=why, on=max(on, booked.on), key=f"back:{booked.key}")
    step(tranche, act, TRANCHE_STEPS, back_why=why, **changes)
    TakenBack.objects.create(
        city_id=tranche.city_id,
        tranche=tranche,
        paper=paper,
        number=number,
        paper_on=dated or on,
        why=why,
        on=on,
        by=t.by,
    )
    return number
