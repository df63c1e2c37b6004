"""From a budgeted activity to a running work: preparing the contract, signing, approving."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed, same_number
from rembug.core.refusal import Reason, Refused, refuse_if
from rembug.core.steps import step
from rembug.execution import permissions
from rembug.execution.models import PhotoPoint, Pokmas, Tranche, Work
from rembug.execution.rules import (
    WORK_STEPS,
    Point,
    PokmasState,
    WorkState,
    contract_faults,
    paper_faults,
    why_faults,
)
from rembug.execution.services.standing import locked, moment, standing
from rembug.execution.services.turns import (
    TODAY,
    Move,
    Turn,
    advance,
    in_year,
    number_once,
    paper_day,
    turn,
)
from rembug.ledger.models import Entry
from rembug.people.models import Person
from rembug.planning.models import Activity
from rembug.planning.rules import Stage
from rembug.programs.phases import phase_faults, phase_flag
from rembug.programs.rulebook import RuleBook
from rembug.programs.rules import cited, tranche_amounts
from rembug.regions.models import reaches
from rembug.regions.scope import refuse_niks


@transaction.atomic
def prepare_work(
    *,
    by: Person,
    activity: Activity,
    pokmas: Pokmas | None,
    contract_no: str,
    contract_on: date | None,
    starts_on: date | None,
    ends_on: date | None,
    points: Sequence[Point],
    at: datetime | None = None,
) -> Work:
    """Write the contract of a budgeted activity for a pokmas, with its photo points; mend a returned one.

    It then waits for the head of the pokmas to sign. Raises PermissionDenied, or Refused with every
    reason.
    """
    office = permissions.require_at(by, "contract.prepare", activity.unit)
    now, today = moment(at)
    activity = (
        Activity.objects.select_for_update(of=("self",))
        .select_related("unit", "city", "proposal__program_year__rule_set")
        .get(pk=activity.pk)
    )
    old = Work.objects.filter(activity=activity).first()
    rules = activity.proposal.program_year.rules_on(today)
    book = rules.rules
    faults = _not_ready(by, activity, pokmas, old) + _size_faults(book, pokmas)
    faults += contract_faults(
        number=contract_no,
        used=Work.objects.filter(**same_number("contract_no", contract_no))
        .exclude(activity=activity)
        .exists(),
        contract_on=contract_on,
        starts_on=starts_on,
        ends_on=ends_on,
        today=today,
        year=activity.year,
        budgeted_on=_budgeted_on(activity),
        amounts=tranche_amounts(book, activity.cost),
        lines=activity.lines.count(),
        points=points,
        # What is no building has one place or paper to show, not two ends of a lane.
        least_points=book.reports.min_photos if book.is_physical(activity.kind) else 1,
    )
    refuse_if(faults + phase_faults(book, "contract", activity.year, now))
    assert pokmas is not None
    work = old or Work(city_id=activity.city_id, activity=activity, unit=activity.unit)
    work.pokmas, work.value, work.rule_set = pokmas, activity.cost, rules
    work.contract_no, work.contract_on = as_typed(contract_no), contract_on
    work.starts_on, work.ends_on, work.back_why = starts_on, ends_on, ""
    with number_once(_("kontrak")):
        work.save()
    work.points.all().delete()
    places = [
        PhotoPoint(
            city_id=work.city_id,
            work=work,
            label=point.label,
            note=point.note.strip(),
            lat=point.lat,
            lon=point.lon,
        )
        for point in points
    ]
    refuse_niks(places)
    PhotoPoint.objects.bulk_create(places)
    t = Turn(by, office, standing(locked(work), today), now, today)
    detail = {"contract": work.contract_no, "value": work.value, "points": len(points)}
    detail |= phase_flag(book, "contract", activity.year, now)
    t.end("contract.prepared", detail=detail)
    return t.work


def _budgeted_on(activity: Activity) -> date | None:
    """The day of the DPA, as the books have it."""
    reserved = Entry.objects.filter(key=f"reserve:{activity.pk}")
    return reserved.values_list("on", flat=True).first()


def _not_ready(
    by: Person, activity: Activity, pokmas: Pokmas | None, old: Work | None
) -> list[str]:
    """Why this activity cannot have a contract with this pokmas now."""
    faults = []
    if activity.stage != Stage.BUDGETED or (old and old.state != WorkState.READY):
        faults.append(_("Kontrak hanya untuk kegiatan yang sudah masuk DPA dan belum dikontrak."))
    if pokmas is None:
        return [*faults, Reason(_("Pilih pokmas pelaksana."), "pokmas")]
    if pokmas.state != PokmasState.CONFIRMED:
        told = _("%s belum disahkan camat. Tunggu SK-nya.") % pokmas.name
        faults.append(Reason(told, "pokmas"))
    if permissions.sits_in(by, pokmas):
        told = _("Anda anggota %s. Kontraknya harus disiapkan orang lain.") % pokmas.name
        faults.append(Reason(told, "pokmas"))
    if not reaches(pokmas.unit.code, activity.unit.code):
        told = _("%s bukan dari kelurahan ini. Pilih yang lain.") % pokmas.name
        faults.append(Reason(told, "pokmas"))
    return faults


def _size_faults(book: RuleBook, pokmas: Pokmas | None) -> list[str]:
    """The size of a pokmas is that of the programme that pays."""
    members = pokmas.sitting.count() if pokmas else 0
    if pokmas is None or book.pokmas.allows(members):
        return []
    words = {"least": book.pokmas.min_members, "most": book.pokmas.max_members, "now": members}
    told = _("Program ini meminta anggota pokmas %(least)d sampai %(most)d orang; kini %(now)d.")
    return [Reason(cited(told % words, book.pokmas.article), "pokmas")]


@transaction.atomic
def sign_contract(*, by: Person, work: Work, at: datetime | None = None) -> Work:
    """The head of the pokmas signs, after having read the summary. It then waits for the lurah."""
    t = turn(by, "contract.sign", work, at)
    if t.work.back_why:
        raise Refused([_("Kontrak ini sedang diperbaiki kelurahan. Tunggu sampai selesai.")])
    refuse_if(in_year(t))
    step(t.work, "sign", WORK_STEPS)
    t.end("contract.signed", detail={"value": t.work.value})
    return t.work


@transaction.atomic
def approve_contract(
    *,
    by: Person,
    work: Work,
    papers: Collection[str] = (),
    on: date | None = TODAY,
    day_why: str = "",
    at: datetime | None = None,
) -> Work:
    """The lurah approves: the money is committed and divided into tranches, and the work may begin.

    `papers` are codes of the required papers the lurah has seen, `on` the day of the signature.
    """
    t = turn(by, "contract.approve", work, at)
    s, work = t.s, t.work
    day = paper_day(
        t,
        on,
        _("persetujuan kontrak"),
        earliest=work.contract_on,
        after=_("kontrak"),
        in_year=True,
        why=day_why,
    )
    refuse_if(paper_faults(s.papers("contract"), papers) + day.faults)
    step(work, "approve", WORK_STEPS, approved_on=day.on)
    amounts = tranche_amounts(s.book, work.value)
    Tranche.objects.bulk_create(
        Tranche(city_id=work.city_id, work=work, number=tranche.no, amount=amount)
        for tranche, amount in zip(s.book.tranches, amounts, strict=True)
    )
    memo, key = noted("Kontrak %s") % work.contract_no, f"commit:{work.activity_id}"
    advance(work.activity, t.now, stage=Stage.CONTRACTED)
    t.end(
        "contract.approved",
        detail={"tranches": amounts, "papers": sorted(papers)} | day.told,
        why=day_why.strip(),
        money=Move("commit", "reserved", "committed", work.value, memo, key),
        on=day.on,
    )
    return work


@transaction.atomic
def return_contract(*, by: Person, work: Work, why: str, at: datetime | None = None) -> Work:
    """The lurah gives a signed contract back to be mended, with the reason."""
    t = turn(by, "contract.approve", work, at)
    refuse_if(why_faults(why))
    step(t.work, "send_back", WORK_STEPS, back_why=why.strip())
    t.end("contract.returned", why=why.strip())
    return t.work
