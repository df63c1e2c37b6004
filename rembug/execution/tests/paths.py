"""Brings an activity to any state through the real acts, for tests of this app and of those above.

    work = bring(cast, "received_1")       # everything up to the first money on the account
    work = bring(cast, "closed", cost=5_000_000, name="Saluran")

STATES names the stops in their order. The pokmas is made once per test and its people join the cast:
`cast.pokmas_head`, `cast.pokmas_secretary`, `cast.pokmas_treasurer`, `cast.pokmas_supervisor`.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from rembug.core.folding import folded
from rembug.execution.models import PhotoPoint, Pokmas, Receipt, Report, Tranche, Work
from rembug.execution.rules import Point
from rembug.execution.seats import OFFICERS, MemberRole, Seat
from rembug.execution.services import closing, contracts, receipts, reports, tranches
from rembug.execution.services import pokmas as groups
from rembug.execution.services.reports import Shot
from rembug.execution.services.standing import WITH, standing
from rembug.files.models import File
from rembug.files.services import StoredImage
from rembug.ledger.services import move
from rembug.people.models import Office
from rembug.planning.models import Activity, Proposal, RabLine
from rembug.planning.rules import ProposalState, Stage

STATES = [
    "budgeted",
    "prepared",
    "signed",
    "running",
    "reported_0",
    "requested_1",
    "billed_1",
    "verified_1",
    "ordered_1",
    "paid_1",
    "received_1",
    "spent_1",
    "spj_1",
    "accounted_1",
    "reported_50",
    "received_2",
    "spent_2",
    "accounted_2",
    "reported_100",
    "inspected",
    "offered",
    "handed",
    "settled",
    "closed",
]
serial = count(1)


def budgeted(
    cast, *, cost: int = 10_000_000, unit=None, name: str = "Paving Gang Melati"
) -> Activity:
    """An activity in the budget: verified proposal, two RAB lines, its money reserved."""
    unit = unit or cast.rt
    proposal, _made = Proposal.objects.get_or_create(
        city=cast.city,
        unit=unit,
        program_year=cast.year,
        defaults={
            "state": ProposalState.BUDGETED,
            "submitted_by": cast.rt_head,
            "submitted_at": timezone.now(),
            "budget_doc": "DPA 1",
        },
    )
    activity = Activity.objects.create(
        city=cast.city,
        proposal=proposal,
        unit=unit,
        year=cast.year.year,
        field="infra",
        name=name,
        place="Gang Melati",
        volume="42 m x 1,5 m",
        cost=cost,
        stage=Stage.BUDGETED,
        search=folded(name),
    )
    half = cost // 2
    for position, (label, amount) in enumerate([("Paving", cost - half), ("Tukang", half)], 1):
        RabLine.objects.create(
            city=cast.city,
            activity=activity,
            position=position,
            group="bahan",
            name=label,
            measure="paket",
            volume_milli=1000,
            price=amount,
            amount=amount,
        )
    key, on = f"reserve:{activity.pk}", timezone.localdate() - timedelta(days=30)
    move(
        cast.year.fund,
        "available",
        "reserved",
        unit,
        activity.pk,
        cost,
        on=on,
        key=key,
        kind="reserve",
    )
    return activity


SEATS = [
    Seat(MemberRole.HEAD, "Bu Ketua", "pokmas_head"),
    Seat(MemberRole.SECRETARY, "Bu Sekretaris", "pokmas_secretary"),
    Seat(MemberRole.TREASURER, "Pak Bendahara", "pokmas_treasurer"),
    Seat(MemberRole.SUPERVISOR, "Pak Pengawas", "pokmas_supervisor"),
]


def formed(
    cast, *, name: str = "Pokmas Guyub", account: str = "0012345678", suffix: str = ""
) -> Pokmas:
    """A pokmas that waits for the camat. `suffix` goes behind the logins of its officers."""
    seats = [Seat(seat.role, seat.name, seat.login + suffix) for seat in SEATS]
    return groups.form_pokmas(
        by=cast.ekbang,
        unit=cast.kelurahan,
        name=name,
        address="Jalan Melati 1",
        bank="Bank Uji",
        account_no=account,
        account_holder=name,
        seats=seats,
    )


def confirmed(cast, **given) -> Pokmas:
    """A pokmas whose officers may act; they join the cast."""
    pokmas = formed(cast, **given)
    pokmas = groups.confirm_pokmas(
        by=cast.camat, pokmas=pokmas, decree_no="188/7/2026", decree_on=timezone.localdate()
    )
    for member in pokmas.sitting.select_related("person"):
        cast.people[OFFICERS[member.role] + given.get("suffix", "")] = member.person
        member.person.must_change_password = False  # they have chosen their own long ago
        member.person.save()
    return pokmas


def the_pokmas(cast) -> Pokmas:
    return Pokmas.objects.filter(name="Pokmas Guyub").first() or confirmed(cast)


def file(cast) -> File:
    """A picture on record, without its bytes: acts look only at the row."""
    sha = hashlib.sha256(f"foto {next(serial)}".encode()).hexdigest()
    return File.objects.create(
        city=cast.city,
        sha256=sha,
        mime="image/webp",
        size=1000,
        name="foto.jpg",
        width=640,
        height=480,
    )


def shot(cast, point: PhotoPoint, **told) -> Shot:
    """A photograph of a point, taken now and 4 m away unless told otherwise."""
    told = {"taken_at": timezone.now(), "lat": -7.80003, "lon": 112.0, "flags": []} | told
    return Shot(point, StoredImage(told.pop("file", None) or file(cast), **told))


POINTS = [Point("A", "mulut gang", -7.8, 112.0), Point("B", "ujung gang", -7.8, 112.0)]


def fresh(work: Work) -> Work:
    """The work as the database has it now."""
    return Work.objects.select_related(*WITH).get(pk=work.pk)


def prepare(cast, activity: Activity, **given) -> Work:
    today = timezone.localdate()
    told = {
        "pokmas": given.get("pokmas") or the_pokmas(cast),
        "contract_no": f"{next(serial):03d}/KONTRAK/{today.year}",
        "contract_on": today - timedelta(days=20),
        "starts_on": today - timedelta(days=20),
        "ends_on": date(activity.year, 12, 31),
        "points": POINTS,
    } | given
    return contracts.prepare_work(by=cast.ekbang, activity=activity, **told)


def report(cast, work: Work, percent: int, *, upto: str = "accepted") -> Report:
    """A report sent, and passed by every tier (`upto="sent"`: left on the first desk)."""
    work = fresh(work)
    sent = reports.submit_report(
        by=cast.pokmas_head,
        work=work,
        percent=percent,
        seen_on=timezone.localdate(),
        note="Sudah dikerjakan bersama warga.",
        shots=[shot(cast, point) for point in work.points.all()],
    )
    if upto == "accepted":
        for person in (cast.ekbang, cast.kecamatan_team, cast.monitoring_office):
            sent = reports.verify_report(by=person, report=sent)
    return sent


def tranche(work: Work, number: int) -> Tranche:
    return Tranche.objects.select_related(*(f"work__{name}" for name in WITH)).get(
        work=work, number=number
    )


PAYING = ["requested", "billed", "verified", "ordered", "paid", "received"]


def pay(cast, work: Work, number: int, *, upto: str = "received") -> Tranche:
    """A tranche from the request to the account of the pokmas, or to a step before."""
    wanted = PAYING[: PAYING.index(upto) + 1]
    row, paper = tranche(work, number), f"{next(serial):03d}/2026"
    acts = {
        "requested": lambda: tranches.request_tranche(by=cast.pokmas_head, tranche=row),
        "billed": lambda: tranches.bill_tranche(by=cast.treasurer, tranche=row, number=paper),
        "verified": lambda: tranches.verify_tranche(by=cast.ppk, tranche=row),
        "ordered": lambda: tranches.order_tranche(by=cast.lurah, tranche=row, number=paper),
        "paid": lambda: tranches.pay_tranche(by=cast.finance_office, tranche=row, number=paper),
        "received": lambda: tranches.confirm_received(
            by=cast.pokmas_treasurer, tranche=row, bank_date=timezone.localdate()
        ),
    }
    done = PAYING.index(row.state) + 1 if row.state in PAYING else 0
    for name in wanted[done:]:
        acts[name]()
    return tranche(work, number)


def spend(cast, work: Work, amount: int, tax: int = 0, **given) -> Receipt:
    """A receipt of today, with its picture."""
    told = {
        "supplier": f"Toko {next(serial)}",
        "what": "Paving",
        "paid_on": timezone.localdate(),
        "file": file(cast),
        "tax_reason": "seller_paid",
        "tax_why": "Sudah dipotong toko sebesar ini.",
    } | given
    return receipts.add_receipt(
        by=cast.pokmas_treasurer, work=fresh(work), amount=amount, tax=tax, **told
    )


def bring(cast, state: str, *, keep_cash: int = 250_000, **given) -> Work:
    """A work in the wanted state (see STATES); money is spent but for `keep_cash`, which is returned.

    `given` goes to `budgeted`: cost, unit, name.
    """
    work: Work | None = None
    activity = budgeted(cast, **given)
    for stop in STATES[1 : STATES.index(state) + 1]:
        work = _go(cast, stop, activity, work, keep_cash)
    assert work is not None, "budgeted has no work yet; use budgeted()"
    return fresh(work)


def _go(cast, stop: str, activity: Activity, work: Work | None, keep_cash: int) -> Work:
    if work is None:
        return prepare(cast, activity)
    name, _line, number = stop.partition("_")
    if name in PAYING:
        pay(cast, work, int(number), upto=name)
    elif name == "reported":
        report(cast, work, int(number))
    elif name == "spent":
        left = keep_cash if number == "2" else 0
        cash = standing(fresh(work)).cash
        spend(cast, work, (cash - left) // 3)
        spend(cast, work, cash - left - (cash - left) // 3)
    elif name == "spj":
        receipts.submit_spj(by=cast.pokmas_head, tranche=tranche(work, int(number)))
    elif name == "accounted":
        row = tranche(work, int(number))
        if row.state == "received":
            receipts.submit_spj(by=cast.pokmas_head, tranche=row)
        receipts.verify_spj(by=cast.ppk, tranche=row)
    else:
        finish(cast, stop, fresh(work))
    return work


def finish(cast, stop: str, work: Work) -> None:
    paper = f"{next(serial):03d}/2026"
    if stop == "signed":
        contracts.sign_contract(by=cast.pokmas_head, work=work)
    elif stop == "running":
        contracts.approve_contract(by=cast.lurah, work=work)
    elif stop == "inspected":
        closing.inspect_work(
            by=cast.pokmas_supervisor, work=work, number=paper, measured="42 m x 1,5 m"
        )
    elif stop == "offered":
        closing.offer_work(by=cast.pokmas_head, work=work)
    elif stop == "handed":
        closing.receive_work(by=cast.lurah, work=work, number=paper)
    elif stop == "settled":
        if standing(work).cash:
            closing.return_remainder(by=cast.pokmas_treasurer, work=work, slip=paper)
            closing.receive_return(by=cast.ppk, work=work)
    elif stop == "closed":
        closing.close_work(by=cast.lurah, work=work)


def offices_in(pokmas: Pokmas) -> set[str]:
    """The roles people hold in a pokmas."""
    return set(Office.objects.filter(body=pokmas.pk).values_list("role", flat=True))
