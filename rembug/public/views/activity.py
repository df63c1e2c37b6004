"""The page of one activity: pictures, money, who checked it and when, plan against reality."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rembug.core import words
from rembug.core.parts.marks import bid, chip
from rembug.core.rupiah import show
from rembug.execution.models import Comment
from rembug.execution.rules import ReceiptState, TrancheState
from rembug.ledger.reading import ladders_by_subject
from rembug.planning.models import Activity
from rembug.planning.rules import MeetingState
from rembug.programs.rulebook import RuleBook
from rembug.public import life, places, record, voices, waiting, years
from rembug.public.cache import kept
from rembug.public.life import Reported
from rembug.public.pictures import pairs, reports_with_photos, told
from rembug.public.spending import Payment, payments, plan_and_reality, totals
from rembug.regions.models import City, UnitKind, said

COLUMNS = (
    "id",
    "name",
    "place",
    "volume",
    "field",
    "stage",
    "percent",
    "cost",
    "year",
    "swadaya_money",
    "swadaya_note",
    "off_list_reason",
    "proposal_id",
    "proposal__state",
    "proposal__tier",
    "proposal__budget_doc",
    "proposal__meeting_id",
    "proposal__meeting__at",
    "proposal__meeting__state",
    "proposal__program_year__program__name",
    "proposal__program_year__rule_set_id",
    "proposal__program_year__rule_set__digest",
    "proposal__program_year__rule_set__citation",
    "unit__code",
    "unit__parent__name",
    "unit__parent__parent__name",
    "unit__parent__parent__parent__name",
    "work__id",
    "work__contract_no",
    "work__contract_on",
    "work__value",
    "work__starts_on",
    "work__ends_on",
    "work__handed_on",
    "work__closed_on",
    "work__measured",
    "work__hold",
    "work__state",
    "work__pokmas__name",
)
LINES_SHOWN = 6
# State of a payment under way: the act it waits for.
PAYING = {
    TrancheState.REQUESTED: "tranche.bill",
    TrancheState.BILLED: "tranche.verify",
    TrancheState.VERIFIED: "tranche.order",
    TrancheState.ORDERED: "tranche.pay",
    TrancheState.PAID: "tranche.confirm",
    TrancheState.REPORTED: "spj.verify",
}


@require_safe
@kept
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """An activity from its proposal to its last receipt."""
    row = Activity.objects.shown().filter(pk=pk).values(*COLUMNS).first()
    if row is None:
        raise Http404
    reports, shots = reports_with_photos(row["work__id"])
    tranches = payments(row["work__id"])
    lines, unplanned = plan_and_reality(pk, tranches)
    accepted = {each.id for each in reports if each.accepted}
    known = {f"execution.report:{each.id}": {"percent": each.percent} for each in reports}
    known |= {f"execution.tranche:{each.id}": {"number": each.number} for each in tranches}
    abouts = [f"activity:{pk}", f"proposal:{row['proposal_id']}"]
    book = years.book_by(
        row["proposal__program_year__rule_set__digest"],
        row["proposal__program_year__rule_set_id"],
    )
    names = life.Names.of(request.city.role_titles, book)
    acts = record.thread(request.city, abouts, accepted, known, names)
    said = voices.voices(Comment.objects.filter(activity=pk).order_by("-at"))
    context = _state(request.city, row, reports, tranches, book, names) | {
        "ladder": ladders_by_subject([pk])[pk],
        "crumbs": _crumbs(request, row),
        "rt": _rt(row),
        "compare": pairs(shots),
        "reports": told(reports, shots),
        "acts": record.written(acts[:LINES_SHOWN]),
        "earlier": record.written(acts[LINES_SHOWN:]),
        "earlier_count": len(acts[LINES_SHOWN:]),
        "proof": next((act for act in acts if act["digest"]), None),
        "count": len(acts),
        "lines": lines,
        "unplanned": unplanned,
        "totals": totals(lines, unplanned),
        "voices": said,
        "tally": voices.tally(said),
        "now": timezone.now(),
    }
    return render(request, "public/activity.html", context)


def _state(
    city: City,
    row: dict[str, Any],
    reports: list[Reported],
    tranches: list[Payment],
    book: RuleBook,
    names: life.Names,
) -> dict[str, Any]:
    """The sentence, the chip, the steps and the facts."""
    today = timezone.localdate()
    due = next((each for each in tranches if each.spj_open), None)
    standing = life.Standing(
        stage=row["stage"],
        percent=row["percent"],
        cost=row["cost"],
        proposal_state=row["proposal__state"],
        tier=row["proposal__tier"],
        ends_on=row["work__ends_on"],
        closed_on=row["work__closed_on"],
        hold=row["work__hold"] or "",
        spj_due_on=due.spj_due_on if due else None,
        spj_number=due.number if due else 0,
        work_state=row["work__state"] or "",
    )
    sign = book.field_of.get(row["field"])
    late = life.is_late(row["stage"], row["work__ends_on"], today)
    waits = bool(life.waiting_report(reports))
    ended = life.ended(reports, row["percent"])
    over = life.days_over(row["stage"], row["work__ends_on"], ended)
    return {
        "row": row,
        "plan": row["stage"] in life.PLANNED,
        "sentence": " ".join(
            [
                life.sentence(standing, reports, today, names),
                *_money_waits(city, tranches),
                *_money_unused(tranches),
            ]
        ),
        "bid": bid(sign.bid, said(sign.title)) if sign else bid("adm", row["field"]),
        "chip": chip(*life.chip(row["stage"], row["percent"], late, waits, over)),
        "steps": life.steps(book.reports.percents, reports, row["work__ends_on"], today, names)
        if row["work__id"]
        else [],
        "facts": _facts(row),
        "notes": _notes(row, tranches),
        "citation": row["proposal__program_year__rule_set__citation"],
    }


def _money_waits(city: City, tranches: list[Payment]) -> list[str]:
    """The payment that is under way: what it waits for, and at which office."""
    return [
        _("%(what)s oleh %(who)s.")
        % {"what": waiting.awaited(act, city), "who": waiting.owners(act, city)}
        for tranche in tranches
        if (act := PAYING.get(tranche.state))
    ]


def _money_unused(tranches: list[Payment]) -> list[str]:
    """Money of the contract that the work did not need."""
    unused = sum(each.amount for each in tranches if each.waived)
    return [_("%s tidak dipakai dan kembali ke pagu.") % show(unused)] if unused else []


def _facts(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, address) of what is known, in the order people ask."""
    day = words.short_date
    meeting, decided = row["proposal__meeting__at"], _("Diputuskan dalam rembug")
    known = [
        (_("Program"), row["proposal__program_year__program__name"]),
        (_("Pelaksana"), row["work__pokmas__name"]),
        (_("Ukuran"), row["volume"]),
        (_("Tempat"), row["place"]),
        (_("Kontrak"), row["work__contract_no"]),
        (_("Tanggal kontrak"), row["work__contract_on"] and day(row["work__contract_on"])),
        (_("Mulai"), row["work__starts_on"] and day(row["work__starts_on"])),
        (_("Batas selesai"), row["work__ends_on"] and day(row["work__ends_on"])),
        (_("Hasil ukur"), row["work__measured"]),
        (_("Serah terima"), row["work__handed_on"] and day(row["work__handed_on"])),
        (decided, meeting and day(meeting)),
        (_("Dokumen anggaran"), row["proposal__budget_doc"]),
        (_("Swadaya warga, uang"), row["swadaya_money"] and show(row["swadaya_money"])),
        (_("Swadaya warga"), row["swadaya_note"]),
        (_("Di luar daftar lima tahun karena"), row["off_list_reason"]),
    ]
    signed = row["proposal__meeting__state"] == MeetingState.SIGNED
    links = (
        {decided: reverse("public:minutes", args=[row["proposal__meeting_id"]])} if signed else {}
    )
    return [(name, str(value), links.get(name, "")) for name, value in known if value]


def _notes(row: dict[str, Any], tranches: list[Payment]) -> list[str]:
    """Small words under the four steps of the ladder."""
    paid = sum(each.paid for each in tranches)
    receipts = [each for tranche in tranches for each in tranche.receipts]
    kept_by = sum(receipt.state == ReceiptState.ACCEPTED for receipt in receipts)
    drawn = sum(not each.waived for each in tranches)
    told = {"paid": paid, "all": drawn, "accepted": kept_by, "receipts": len(receipts)}
    contract = row["work__contract_on"]
    return [
        row["proposal__budget_doc"] or "",
        _("kontrak %s") % words.short_date(contract) if contract else "",
        _("%(paid)s dari %(all)s pencairan") % told if tranches else "",
        _("%(accepted)s dari %(receipts)s kuitansi") % told if receipts else "",
    ]


def _rt(row: dict[str, Any]) -> tuple[str, str]:
    """(address, name) of the RT, or of the RW whose own activity it is."""
    kind = places.kind_of(row["unit__code"])
    name = f"{places.label_of(kind, row['unit__code'])} {_kelurahan(row)}".strip()
    return places.url_of(kind, row["unit__code"]), name


def _kelurahan(row: dict[str, Any]) -> str:
    rt = places.kind_of(row["unit__code"]) == UnitKind.RT
    return row["unit__parent__parent__name" if rt else "unit__parent__name"] or ""


def _crumbs(request: HttpRequest, row: dict[str, Any]) -> list[tuple[str, str]]:
    code = row["unit__code"]
    kind = places.kind_of(code)
    kelurahan = places.above(UnitKind.KELURAHAN, code)
    return [
        (reverse("public:city"), request.city.name),
        (
            places.url_of(UnitKind.KELURAHAN, kelurahan),
            _kelurahan(row),
        ),
        (places.url_of(kind, code), places.label_of(kind, code)),
    ]
