"""What must always be true of a city, floor by floor and between the floors.

Every check is a function of a city (in its scope) that yields one plain sentence for each fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import F, Max, Sum
from django_scopes import scope

from rembug.execution.models import PokmasMember, Receipt, Report, TaxDeposit, Tranche, Work
from rembug.execution.rules import ReceiptState, ReportState, TrancheState, WorkState
from rembug.files.services import audit as audit_files
from rembug.ledger.models import Balance
from rembug.ledger.recount import audit as audit_ledger
from rembug.people.acts import audit as audit_acts
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity, Meeting, Proposal, RabLine
from rembug.planning.rules import (
    SIGNERS,
    UNFUNDED,
    MeetingState,
    ProposalState,
    digest,
)
from rembug.planning.services.meetings import content_of
from rembug.regions.models import City
from rembug.regions.scope import CityForeignKey

# Money that still belongs to the activity, whatever its state; owed tax is counted twice in cash.
HELD = (
    "reserved",
    "committed",
    "ordered",
    "cash_kelurahan",
    "cash_pokmas",
    "spent",
    "accounted",
    "returned",
)
LEFT_TREASURY = ("cash_kelurahan", "cash_pokmas", "spent", "accounted", "returned")
PAID = (
    TrancheState.PAID,
    TrancheState.RECEIVED,
    TrancheState.REPORTED,
    TrancheState.ACCOUNTED,
)


@dataclass(frozen=True)
class Check:
    """One check: its name on the command line, what it means, and how it is run."""

    name: str
    meaning: str
    run: Callable[[City], Iterator[str] | list[str]]


def _money() -> dict[int, dict[str, int]]:
    """Rupiah of every activity by account."""
    money: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = Balance.objects.filter(rollup=False).exclude(subject=0)
    for subject, account, amount in rows.values_list("subject", "account", "amount").iterator():
        money[subject][account] += amount
    return money


def _sum_of(money: dict[str, int], accounts: tuple[str, ...]) -> int:
    return sum(money.get(account, 0) for account in accounts) - money.get("tax_owed", 0)


def costs(city: City) -> Iterator[str]:
    """The cost of an activity is the sum of its lines."""
    rows = Activity.objects.annotate(sum=Sum("lines__amount")).values_list("pk", "cost", "sum")
    for pk, cost, total in rows.iterator():
        if cost != (total or 0):
            yield f"kegiatan {pk}: biaya {cost}, jumlah barisnya {total or 0}"
    odd = RabLine.objects.exclude(activity__city_id=city.pk).count()
    if odd:
        yield f"{odd} baris RAB tanpa kegiatan di kota ini"


def minutes(city: City) -> Iterator[str]:
    """Signed minutes say what was signed, and all who must sign did, each another person."""
    rows = Meeting.objects.exclude(minutes_digest="").select_related("unit")
    rows = rows.prefetch_related("attendances", "items", "photos__file", "signatures")
    for row in rows.iterator(chunk_size=500):
        standing = [one for one in row.signatures.all() if one.lapsed_at is None]
        seals = {digest(content_of(row)), row.minutes_digest, *(one.digest for one in standing)}
        if len(seals) > 1:
            yield f"rembug {row.pk}: isi notulen berbeda dari yang ditandatangani"
        if row.state == MeetingState.SIGNED and (
            {one.role for one in standing} != set(SIGNERS[row.unit.kind])
            or len({one.person_id for one in standing}) != len(SIGNERS[row.unit.kind])
        ):
            yield f"rembug {row.pk}: tertulis ditandatangani, tanda tangannya belum lengkap"


def budgets(city: City) -> Iterator[str]:
    """What the books hold for an activity is its cost once it is in the budget, without the payments
    it did not need or did not earn, and nothing before."""
    money = _money()
    cut = dict(
        Tranche.objects.exclude(cut=0).values_list("work__activity").annotate(sum=Sum("cut"))
    )
    waived = dict(
        Tranche.objects.filter(state=TrancheState.WAIVED)
        .values_list("work__activity")
        .annotate(sum=Sum("amount"))
    )
    planned = UNFUNDED
    for pk, cost, stage in Activity.objects.values_list("pk", "cost", "stage").iterator():
        held = _sum_of(money.pop(pk, {}), HELD)
        expected = 0 if stage in planned else cost - waived.get(pk, 0) - cut.get(pk, 0)
        if held != expected:
            yield f"kegiatan {pk} ({stage}): di buku {held}, seharusnya {expected}"
    for pk in money:
        yield f"buku menyebut kegiatan {pk} yang tidak ada"


def payments(city: City) -> Iterator[str]:
    """What left the treasury is the sum of the paid tranches; receipts are what was spent and
    withheld, and what was withheld still lies there until it is deposited."""
    money = _money()
    paid = dict(
        Tranche.objects.filter(state__in=PAID)
        .values_list("work__activity")
        .annotate(sum=Sum("amount"))
    )
    spent = dict(
        Receipt.objects.exclude(state=ReceiptState.VOID)
        .values_list("work__activity")
        .annotate(sum=Sum("amount"))
    )
    for pk in money.keys() | paid.keys():
        held = money.get(pk, {})
        if _sum_of(held, LEFT_TREASURY) != paid.get(pk, 0):
            yield f"kegiatan {pk}: cair {paid.get(pk, 0)}, di buku {_sum_of(held, LEFT_TREASURY)}"
        used = held.get("spent", 0) + held.get("accounted", 0)
        if used != spent.get(pk, 0):
            yield f"kegiatan {pk}: kuitansi {spent.get(pk, 0)}, di buku dibelanjakan {used}"
    withheld = dict(
        Receipt.objects.exclude(state=ReceiptState.VOID)
        .values_list("work__activity")
        .annotate(sum=Sum("tax"))
    )
    deposited = dict(TaxDeposit.objects.values_list("work__activity").annotate(sum=Sum("amount")))
    for pk in withheld.keys() | deposited.keys():
        owed = withheld.get(pk, 0) - deposited.get(pk, 0)
        if owed != money.get(pk, {}).get("tax_owed", 0):
            told = money.get(pk, {}).get("tax_owed", 0)
            yield f"kegiatan {pk}: pajak belum disetor {owed}, di buku {told}"
    for pk, held in money.items():
        if held.get("tax_owed", 0) > held.get("cash_pokmas", 0):
            yield f"kegiatan {pk}: pajak yang belum disetor lebih besar daripada kas pokmas"
    sums = Work.objects.annotate(sum=Sum(F("tranches__amount") + F("tranches__cut")))
    for pk, value, total in sums.values_list("pk", "value", "sum").iterator():
        if total is not None and total != value:
            yield f"pekerjaan {pk}: nilai kontrak {value}, jumlah pencairan {total}"


def progress(city: City) -> Iterator[str]:
    """Progress shown is progress accepted; a closed work has everything accounted for."""
    accepted = dict(
        Report.objects.filter(state=ReportState.ACCEPTED)
        .values_list("work__activity")
        .annotate(top=Max("percent"))
    )
    for pk, percent in Activity.objects.values_list("pk", "percent").iterator():
        if percent != accepted.get(pk, -1):
            yield f"kegiatan {pk}: tertulis {percent}%, disetujui {accepted.get(pk, -1)}%"
    closed = Tranche.objects.filter(work__state=WorkState.CLOSED)
    over = (TrancheState.ACCOUNTED, TrancheState.WAIVED)
    for work, number in closed.exclude(state__in=over).values_list("work", "number"):
        yield f"pekerjaan {work} ditutup, SPJ pencairan {number} belum diterima"
    waived = Tranche.objects.filter(
        state=TrancheState.WAIVED, work__activity__percent__lt=100, work__ended_on=None
    )
    for work, number in waived.values_list("work", "number"):
        yield f"pekerjaan {work}: pencairan {number} tidak dipakai, padahal belum 100%"


def desks(city: City) -> Iterator[str]:
    """Every proposal under verification waits on exactly the desk of its tier."""
    waiting = defaultdict(set)
    items = DeskItem.objects.filter(closed_at=None, act__startswith="proposal.verify.")
    for thing, act in items.values_list("thing", "act").iterator():
        waiting[thing].add(act)
    rows = Proposal.objects.filter(state=ProposalState.SUBMITTED).values_list("pk", "tier")
    for pk, tier in rows.iterator():
        found = waiting.pop(f"planning.proposal:{pk}", set())
        if found != {f"proposal.verify.{tier}"}:
            yield f"usulan {pk} menunggu {tier}, di meja: {', '.join(sorted(found)) or 'tidak ada'}"
    for thing in waiting:
        yield f"meja menunggu {thing}, padahal tidak sedang diperiksa"


# What the record must never show of one person, told here from the names of recorded acts and not from
# the rules the acts ask: where those forget a desk, this still sees it.
# Who made a thing, and who then let it pass; on the same row.
MADE = ("submitted", "changed", "requested")
PAID_BY_STEPS = ("tranche.billed", "tranche.verified", "tranche.ordered", "tranche.paid")
# The same on one thread: the first excludes the second.
APART = (
    ("contract.prepared", "contract.approved"),
    ("contract.signed", "contract.approved"),
    ("proposal.submitted", "proposal.budgeted"),
    ("proposal.submitted", "contract.approved"),
    ("report.submitted", "work.inspected"),
    ("receipt.added", "work.inspected"),
    ("work.inspected", "work.received"),
    ("work.offered", "work.received"),
    ("spj.submitted", "spj.accepted"),
    ("receipt.added", "spj.accepted"),
    ("money.returned", "return.received"),
)
# What a member of a pokmas may do in another office of theirs about its work.
BESIDE = ("comment.answered",)


def duties(city: City) -> Iterator[str]:
    """Nobody checked, paid or received what they had made or checked before, nor as a member of the pokmas."""
    rows = Act.objects.exclude(actor=None).order_by("id")
    lines = rows.values_list("about", "act", "thing", "actor", "detail__tier")
    makers: dict[str, set[int]] = defaultdict(set)
    desks: dict[tuple[str, int], set[str]] = defaultdict(set)
    done: dict[tuple[str, str], set[int]] = defaultdict(set)
    watched = {act for pair in APART for act in pair}
    for about, act, thing, actor, tier in lines.iterator(chunk_size=5000):
        kind, _dot, verb = act.partition(".")
        if verb in MADE:
            makers[thing].add(actor)
        if desk := _desk(act, kind, verb, tier):
            desks[thing, actor].add(desk)
            if actor in makers[thing]:
                yield f"{about}: {act} oleh orang yang juga menyusun {thing}"
            if len(desks[thing, actor]) > 1:
                both = ", ".join(sorted(desks[thing, actor]))
                yield f"{about}: {thing} diperiksa orang yang sama di {both}"
        if act in watched:
            done[about, act].add(actor)
    for first, second in APART:
        for (about, act), actors in list(done.items()):
            if act == second and actors & done.get((about, first), set()):
                yield f"{about}: {second} oleh orang yang juga {first}"
    yield from _members(city)


def _desk(act: str, kind: str, verb: str, tier: str | None) -> str:
    """At which desk of a chain a recorded act was done; empty for none."""
    if act in PAID_BY_STEPS:
        return verb
    if verb.startswith("verified."):
        return verb.removeprefix("verified.")
    return (tier or "") if verb in ("returned", "rejected") and kind != "money" else ""


def _members(city: City) -> Iterator[str]:
    """Acts on a work by a member of its pokmas in an office outside it."""
    seats = PokmasMember.objects.exclude(person=None)
    works = dict(Work.objects.values_list("activity_id", "pokmas_id"))
    inside: dict[int, set[int]] = defaultdict(set)
    for person, pokmas in seats.values_list("person_id", "pokmas_id"):
        inside[person].add(pokmas)
    rows = Act.objects.filter(actor__in=list(inside), about__startswith="activity:", office__body=0)
    rows = rows.exclude(act__in=BESIDE).exclude(act__startswith="proposal.")
    for about, act, actor in rows.values_list("about", "act", "actor").iterator(chunk_size=5000):
        if works.get(int(about.partition(":")[2])) in inside[actor]:
            yield f"{about}: {act} oleh anggota pokmasnya sendiri"


def borders(city: City) -> Iterator[str]:
    """No row of this city points at a row of another."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CityForeignKey):
                rows = model._base_manager.filter(city=city).exclude(**{f"{field.name}": None})
                table, target = model._meta.db_table, field.remote_field.model._meta.db_table
                odd = rows.extra(
                    where=[
                        f'NOT EXISTS (SELECT 1 FROM "{target}" t WHERE '
                        f't.id = "{table}"."{field.column}" AND t.city_id = "{table}".city_id)'
                    ]
                ).count()
                if odd:
                    yield f"{odd} baris {model._meta.label}.{field.name} menunjuk ke kota lain"


CHECKS = [
    Check(
        "buku", "Jurnal seimbang, nomor tanpa celah, saldo sama dengan hitungan ulang", audit_ledger
    ),
    Check("catatan", "Setiap baris catatan cocok dengan sidiknya", audit_acts),
    Check("berkas", "Setiap berkas ada dan isinya cocok dengan sidiknya", audit_files),
    Check("notulen", "Notulen yang ditandatangani tidak berubah", minutes),
    Check("biaya", "Biaya kegiatan sama dengan jumlah baris RAB", costs),
    Check("anggaran", "Uang kegiatan di buku sama dengan anggarannya", budgets),
    Check("bayar", "Pencairan, kuitansi, dan buku saling cocok", payments),
    Check("kemajuan", "Kemajuan yang tampil adalah yang disetujui", progress),
    Check("meja", "Setiap usulan menunggu di meja yang benar", desks),
    Check("tugas", "Tidak ada yang memeriksa pekerjaannya sendiri", duties),
    Check("batas", "Tidak ada baris yang menunjuk ke kota lain", borders),
]


def run(city: City, names: list[str] | None = None) -> Iterator[tuple[Check, list[str]]]:
    """Each check with every fault it found, in the scope of the city."""
    with scope(city=city):
        for check in CHECKS:
            if names is None or check.name in names:
                yield check, list(check.run(city))
