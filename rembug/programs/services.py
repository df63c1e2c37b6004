"""Acts on a programme's years: open one under its rules and give every unit its ceiling; close it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import refuse_if
from rembug.core.rupiah import show
from rembug.files.models import File
from rembug.ledger.rules import ACCOUNTS
from rembug.ledger.services import Draft, Line, balances, close_fund, open_fund, post_many
from rembug.people.acts import record
from rembug.people.authority import holds
from rembug.people.models import Act, Office, Person
from rembug.programs.models import Program, ProgramYear, RuleSet, YearState, applying
from rembug.programs.rules import ceiling_for
from rembug.regions.models import Unit, UnitKind

# Money in these states still waits for somebody, so the year cannot be closed over it.
UNFINISHED = (
    "reserved",
    "committed",
    "ordered",
    "cash_kelurahan",
    "cash_pokmas",
    "spent",
    "tax_owed",
)


def city_unit(program: Program) -> Unit:
    """The city as a place of the tree: where city offices have their seat."""
    return Unit.objects.get(city_id=program.city_id, code=program.city_id)


def rules_for(program: Program, year: int, on: date | None = None) -> RuleSet | None:
    """The set of rules for a budget year as of a day (today), if the city has loaded one."""
    rows = RuleSet.objects.filter(city_id=program.city_id, program=program)
    return applying(rows, year, on or timezone.localdate())


def _later(rules: RuleSet, year: int, on: date) -> list[list]:
    """Amendments already loaded that will hold for a year from a later day."""
    rows = RuleSet.objects.filter(city_id=rules.city_id, program=rules.program, valid_from__gt=on)
    return [
        [row.valid_from.isoformat(), row.pk]
        for row in rows.order_by("valid_from")
        if row.valid_from and row.covers(year)
    ]


def ceilings(program: Program, rules: RuleSet) -> list[tuple[Unit, int]]:
    """Every unit that gets money and how much, by the formula of the rules; whole rupiah."""
    units = Unit.objects.filter(city_id=program.city_id, kind=program.level).order_by("code")
    rows = list(units)
    in_rw = Counter(unit.parent_id for unit in rows)
    seen: Counter[int | None] = Counter()
    made = []
    for unit in rows:
        # A programme whose money is held by the RW gives all of it to the one unit there is.
        siblings = in_rw[unit.parent_id] if program.level == UnitKind.RT else 1
        nth = seen[unit.parent_id] if program.level == UnitKind.RT else 0
        made.append((unit, int(ceiling_for(rules.rules, unit.households, siblings, nth))))
        seen[unit.parent_id] += 1
    return made


@transaction.atomic
def open_year(
    *,
    by: Person,
    program: Program,
    year: int,
    basis_no: str,
    basis_on: date | None,
    basis_file: File | None,
    on: date | None = None,
) -> ProgramYear:
    """Open a budget year: its rules are fixed, its books opened, and every unit gets its ceiling.

    `basis_*` is the legal basis without which no money may be promised; `on` the day of opening
    (today). Raises PermissionDenied, or Refused with every reason at once.
    """
    today = on or timezone.localdate()
    # Locked, so that two officers cannot open the same year at the same time.
    program = Program.objects.select_for_update().get(pk=program.pk)
    seat = city_unit(program)
    office = holds(by, "year.open", at=seat)
    if office is None:
        raise PermissionDenied
    rules = rules_for(program, year, today)
    faults = [*_year_faults(program, year, rules, today)]
    faults += _basis_faults(basis_no, basis_on, basis_file, today)
    amounts = ceilings(program, rules) if rules else []
    if rules and not amounts:
        faults.append(_("Belum ada RT atau RW yang dimuat. Muat wilayah kota lebih dahulu."))
    refuse_if(faults)
    assert rules and basis_file and basis_on
    made = ProgramYear(
        city_id=program.city_id,
        program=program,
        year=year,
        rule_set=rules,
        fund=open_fund(seat.city, year, f"{program.code}-{year}", f"{program.name} {year}"),
        basis_no=as_typed(basis_no),
        basis_on=basis_on,
        basis_file=basis_file,
        state=YearState.OPEN,
        opened_at=timezone.now(),
        opened_by=by,
        amendments=_later(rules, year, today),
    )
    made.save(force_insert=True)
    act = _record_opening(made, seat, office, amounts)
    _post_ceilings(made, amounts, today, act.digest)
    return made


def _record_opening(
    made: ProgramYear, seat: Unit, office: Office, amounts: list[tuple[Unit, int]]
) -> Act:
    assert made.basis_file
    detail = {
        "program": made.program.code,
        "year": made.year,
        "basis_no": made.basis_no,
        "basis_on": made.basis_on.isoformat(),
        "units": len(amounts),
        "total": sum(amount for _unit, amount in amounts),
    }
    return record(
        made.opened_by,
        "year.opened",
        made,
        about=made.thread,
        unit=seat,
        office=office,
        detail=detail,
        rule=made.rule,
        evidence=[made.basis_file.sha256],
    )


def _post_ceilings(
    made: ProgramYear, amounts: list[tuple[Unit, int]], on: date, digest: str
) -> None:
    memo = noted("Pagu %s") % made
    post_many(
        made.fund,
        [
            Draft(
                "ceiling",
                [Line("available", unit, debit=amount), Line("source", unit, credit=amount)],
                memo,
                on,
                f"ceiling:{made.program.code}:{made.year}:{unit.code}",
                digest,
            )
            for unit, amount in amounts
            if amount
        ],
    )


def _year_faults(program: Program, year: int, rules: RuleSet | None, today: date) -> Iterator[str]:
    told = {"program": program.name, "year": year}
    if ProgramYear.objects.filter(city_id=program.city_id, program=program, year=year).exists():
        yield _("%(program)s %(year)d sudah dibuka. Pilih tahun lain.") % told
    if rules is None:
        sentence = _("Belum ada aturan %(program)s untuk tahun %(year)d. ") % told
        yield sentence + _("Tambahkan aturannya di folder kota, lalu muat ulang.")
    elif year < today.year:
        yield (
            _("Tahun %d sudah lewat. Periksa tahunnya: pagu yang tercatat tidak dapat ditarik.")
            % year
        )
    if year > today.year + 1:
        yield _("Tahun %d terlalu jauh. Buka paling jauh satu tahun ke depan.") % year


def _basis_faults(
    basis_no: str, basis_on: date | None, basis_file: File | None, today: date
) -> Iterator[str]:
    """Without a legal basis the RT would plan on a promise."""
    if not as_typed(basis_no):
        yield _("Tulis nomor dasar hukum tahun ini.")
    if basis_on is None:
        yield _("Isi tanggal dasar hukum.")
    elif basis_on > today:
        yield _("Tanggal dasar hukum belum tiba. Buka tahun ini sesudah peraturannya terbit.")
    if basis_file is None:
        yield _("Unggah naskah dasar hukum.")


@transaction.atomic
def close_year(*, by: Person, program_year: ProgramYear) -> ProgramYear:
    """Close the books of a budget year: nothing is posted in it any more. Its open money must be
    settled first; `execution.services.yearend` ends what was only planned and then comes here.

    Raises PermissionDenied, or Refused with every state that still holds money.
    """
    made = ProgramYear.objects.select_for_update().get(pk=program_year.pk)
    seat = city_unit(made.program)
    office = holds(by, "year.close", at=seat)
    if office is None:
        raise PermissionDenied
    # Closed before it is looked at: the books are then ours, and no payment slips in between.
    close_fund(made.fund)
    refuse_if([*_open_faults(made, seat)])
    made.state = YearState.CLOSED
    made.save(update_fields=["state"])
    record(by, "year.closed", made, about=made.thread, unit=seat, office=office, rule=made.rule)
    return made


def _open_faults(made: ProgramYear, seat: Unit) -> Iterator[str]:
    if made.state != YearState.OPEN:
        yield _("%s tidak sedang dibuka.") % made
    rows = balances(made.fund, units=[seat], rollup=True)
    for account, amount in rows.filter(account__in=UNFINISHED).values_list("account", "amount"):
        if amount:
            told = {"amount": show(amount), "state": ACCOUNTS[account].title}
            yield _('Selesaikan dahulu %(amount)s pada keadaan "%(state)s".') % told
