"""Forming a pokmas, giving it back to be mended, and confirming it by decree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import Reason, Refused, refuse_if
from rembug.core.steps import step
from rembug.execution import permissions
from rembug.execution.models import Pokmas, PokmasMember
from rembug.execution.rules import (
    POKMAS_STEPS,
    PokmasState,
    day_faults,
    number_faults,
    why_faults,
)
from rembug.execution.seats import OFFICERS, Seat, account_digits, pokmas_faults
from rembug.execution.services.duties import OFFICE_DAYS
from rembug.execution.services.standing import moment
from rembug.people.acts import record
from rembug.people.authority import role_title
from rembug.people.desk import close_items, open_item
from rembug.people.models import Office, Person
from rembug.people.rules import clash
from rembug.people.services import add_person, first_password
from rembug.programs.calendar import due_on
from rembug.programs.models import ProgramYear, YearState
from rembug.programs.rulebook import RuleBook
from rembug.regions.models import Unit

# A decree that is older is a slip of the finger in its year.
LONGEST_KEPT = timedelta(days=366)


def current_book(members: int = 0) -> RuleBook:
    """Rules a new pokmas of so many members may fall under: of the newest open year that allows them,
    else of the newest. Raises Refused without an open year.

    Which programme will pay shows only at the contract, and is asked there again.
    """
    years = ProgramYear.objects.filter(state=YearState.OPEN).select_related("rule_set")
    books = [row.book for row in years.order_by("-year", "-pk")]
    if not books:
        raise Refused([_("Tahun program belum dibuka. Bagian Pemerintahan membukanya lebih dulu.")])
    return next((book for book in books if book.pokmas.allows(members)), books[0])


@transaction.atomic
def form_pokmas(
    *,
    by: Person,
    unit: Unit,
    name: str,
    address: str,
    bank: str,
    account_no: str,
    account_holder: str,
    seats: Sequence[Seat],
    namesakes: str = "",
    at: datetime | None = None,
) -> Pokmas:
    """Form a pokmas in a kelurahan; it waits for the camat's decree.

    Officers sign in: a login that exists is that person, an unknown or empty one makes a new person.
    Their first passwords are on the returned row, `first_passwords`: [(name, login, password)],
    and nowhere else. Raises PermissionDenied, or Refused with every reason.
    """
    office = permissions.require_at(by, "pokmas.form", unit)
    now, today = moment(at)
    seats = _with_names(seats)
    pokmas = Pokmas(city_id=unit.city_id, unit=unit, formed_on=today)
    _write_terms(pokmas, name, address, bank, account_no, account_holder)
    refuse_if(_faults(pokmas, seats, today, namesakes))
    with _once():
        pokmas.save()
    pokmas.first_passwords = _seat_members(pokmas, seats)  # type: ignore[attr-defined]
    told = {"detail": {"members": len(seats)}, "why": namesakes.strip()}
    _keep(by, "pokmas.formed", pokmas, office, now, **told)
    _ask_camat(pokmas, now)
    return pokmas


@transaction.atomic
def return_pokmas(*, by: Person, pokmas: Pokmas, why: str, at: datetime | None = None) -> Pokmas:
    """The camat gives a pokmas back to be mended, with the reason.

    Raises PermissionDenied, or Refused with every reason.
    """
    office = _judge(by, pokmas)
    now, today = moment(at)
    pokmas = _locked(pokmas)
    refuse_if(why_faults(why))
    step(pokmas, "return", POKMAS_STEPS, back_why=why.strip())
    _keep(by, "pokmas.returned", pokmas, office, now, why=why.strip())
    close_items(pokmas, by=by, outcome="returned", at=now)
    open_item(
        act="pokmas.form",
        thing=pokmas,
        about=pokmas.unit,
        title=noted("Perbaiki pokmas: %s") % pokmas.name,
        path=f"pokmas/{pokmas.pk}/perbaiki/",
        due_on=due_on(today, OFFICE_DAYS),
        at=now,
    )
    return pokmas


@transaction.atomic
def mend_pokmas(
    *,
    by: Person,
    pokmas: Pokmas,
    name: str,
    address: str,
    bank: str,
    account_no: str,
    account_holder: str,
    seats: Sequence[Seat],
    namesakes: str = "",
    at: datetime | None = None,
) -> Pokmas:
    """Mend a pokmas that came back and send it to the camat again.

    What it said before stands in the record, and who leaves stays written as one who left. First
    passwords of new officers are on the returned row, as in `form_pokmas`. Raises PermissionDenied,
    or Refused with every reason.
    """
    office = permissions.require_at(by, "pokmas.form", pokmas.unit)
    now, today = moment(at)
    pokmas = _locked(pokmas)
    seats, before = _with_names(seats), terms_of(pokmas)
    _write_terms(pokmas, name, address, bank, account_no, account_holder)
    refuse_if(_faults(pokmas, seats, today, namesakes))
    after = terms_of(pokmas)
    with _once():
        step(pokmas, "mend", POKMAS_STEPS, back_why="", **after)
    # Counted, not only looked up: two people of one name are two.
    come = Counter(seats)
    for member in pokmas.sitting.select_related("person"):
        if come[seat_of(member)]:
            come[seat_of(member)] -= 1
        else:
            member.left_on = today
            member.save(update_fields=["left_on"])
    pokmas.first_passwords = _seat_members(pokmas, list(come.elements()))  # type: ignore[attr-defined]
    changed = [key for key in after if after[key] != before[key]]
    _keep(
        by,
        "pokmas.mended",
        pokmas,
        office,
        now,
        before={key: before[key] for key in changed},
        after={key: after[key] for key in changed},
        detail={"members": len(seats), "new": come.total()},
        why=namesakes.strip(),
    )
    close_items(pokmas, by=by, outcome="mended", at=now)
    _ask_camat(pokmas, now)
    return pokmas


def _write_terms(
    pokmas: Pokmas, name: str, address: str, bank: str, account_no: str, account_holder: str
) -> None:
    """Put what was typed on the row, cleaned of stray blanks."""
    pokmas.name, pokmas.address = " ".join(name.split()), address.strip()
    pokmas.bank, pokmas.account_no = bank.strip(), account_digits(account_no)
    pokmas.account_holder = account_holder.strip()


def terms_of(pokmas: Pokmas) -> dict[str, str]:
    """What a pokmas is called, where it sits, and its account."""
    names = ("name", "address", "bank", "account_no", "account_holder")
    return {name: getattr(pokmas, name) for name in names}


def seat_of(member: PokmasMember) -> Seat:
    """A member as it was typed."""
    return Seat(member.role, member.name, member.person.login if member.person else "")


@contextmanager
def _once() -> Iterator[None]:
    """The database refuses a name or an account given twice at the same moment; say so in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise Refused([_("Pokmas dengan nama atau rekening ini sudah ada.")]) from twice


def _locked(pokmas: Pokmas) -> Pokmas:
    rows = Pokmas.objects.select_for_update(of=("self",)).select_related("unit", "city")
    return rows.get(pk=pokmas.pk)


def _judge(by: Person, pokmas: Pokmas) -> Office:
    """The office by which somebody decides about a pokmas, in which they do not sit."""
    office = permissions.require_at(by, "pokmas.confirm", pokmas.unit)
    if permissions.sits_in(by, pokmas):
        raise PermissionDenied(_("Anda anggota pokmas ini. Yang mengesahkan harus orang lain."))
    return office


def _keep(by: Person, act: str, pokmas: Pokmas, office: Office, now: datetime, **told: Any) -> None:
    """Record an act on the thread of the pokmas."""
    record(by, act, pokmas, about=pokmas.about, unit=pokmas.unit, office=office, at=now, **told)


def _ask_camat(pokmas: Pokmas, now: datetime) -> None:
    """Put a pokmas on the desk of the camat."""
    open_item(
        act="pokmas.confirm",
        thing=pokmas,
        about=pokmas.unit,
        title=noted("Sahkan pokmas: %s") % pokmas.name,
        path=f"pokmas/{pokmas.pk}/sahkan/",
        due_on=due_on(localdate(now), OFFICE_DAYS),
        at=now,
    )


def _faults(pokmas: Pokmas, seats: Sequence[Seat], today: date, namesakes: str = "") -> list[str]:
    """Every reason against these people under this name with this account."""
    unit, others = pokmas.unit, Pokmas.objects.exclude(pk=pokmas.pk)
    limits = current_book(len(seats)).pokmas
    # The same digits at a bank written another way are still the same account.
    same = others.filter(account_no=pokmas.account_no).first()
    faults = pokmas_faults(
        name=pokmas.name,
        account_holder=pokmas.account_holder,
        account_no=pokmas.account_no,
        seats=seats,
        least=limits.min_members,
        most=limits.max_members,
        account_used_by=same.name if same else "",
        barred=_barred(unit, [seat.login for seat in seats if seat.login], today),
        namesakes=namesakes,
    )
    if others.filter(unit=unit, name__iexact=pokmas.name).exists():
        told = _("Di kelurahan ini sudah ada pokmas bernama itu. Pilih nama lain.")
        faults.append(Reason(told, "name"))
    if not all(seat.name for seat in seats):
        faults.append(_("Tulis nama setiap anggota pokmas."))
    if not pokmas.address:
        faults.append(Reason(_("Tulis alamat sekretariat."), "address"))
    if not pokmas.bank:
        faults.append(Reason(_("Tulis nama bank."), "bank"))
    return faults


def _with_names(seats: Sequence[Seat]) -> list[Seat]:
    """Seats with clean words; somebody who signs in already needs no name to be typed."""
    logins = [seat.login.strip().lower() for seat in seats]
    known = dict(Person.objects.filter(login__in=logins).values_list("login", "name"))
    return [
        Seat(seat.role, " ".join(seat.name.split()) or known.get(login, ""), login)
        for seat, login in zip(seats, logins, strict=True)
    ]


def _barred(unit: Unit, logins: list[str], today: date) -> dict[str, str]:
    """Logins that hold an office which decides about a pokmas of this place, checks it or pays it."""
    held = Office.objects.filter(city_id=unit.city_id, person__login__in=logins).not_over(today)
    return {
        office.person.login: role_title(office.role, unit.city)
        for office in held.select_related("person", "unit")
        if not office.body
        and any(
            clash(seat, unit.code, [(office.role, office.unit.code)]) for seat in OFFICERS.values()
        )
    }


def _seat_members(pokmas: Pokmas, seats: Sequence[Seat]) -> list[tuple[str, str, str]]:
    """Write the members; returns (name, login, first password) of those who are new to signing in."""
    fresh = []
    for seat in seats:
        person = Person.objects.filter(login=seat.login).first() if seat.login else None
        if person is None and (seat.login or seat.role in OFFICERS):
            login = seat.login or _free_login(seat.name)
            password = first_password()
            person = add_person(
                city_id=pokmas.city_id, login=login, name=seat.name, password=password
            )
            fresh.append((person.name, login, password))
        PokmasMember.objects.create(
            city_id=pokmas.city_id,
            pokmas=pokmas,
            role=seat.role,
            name=seat.name,
            person=person,
        )
    return fresh


def _free_login(name: str) -> str:
    """A login made of a name: `siti.aminah`, then `siti.aminah2`."""
    stem = slugify(name).replace("-", ".")[:40] or "pokmas"
    login, number = stem, 1
    while Person.objects.filter(login=login).exists():
        number += 1
        login = f"{stem}{number}"
    return login


@transaction.atomic
def confirm_pokmas(
    *,
    by: Person,
    pokmas: Pokmas,
    decree_no: str,
    decree_on: date | None,
    at: datetime | None = None,
) -> Pokmas:
    """Confirm a pokmas by the camat's decree: from that day its officers hold their offices.

    Raises PermissionDenied, or Refused with every reason.
    """
    office = _judge(by, pokmas)
    now, today = moment(at)
    pokmas = _locked(pokmas)
    officers = {
        member.role: member
        for member in pokmas.sitting.select_related("person")
        if member.role in OFFICERS
    }
    faults = number_faults(decree_no, "SK", field="decree_no")
    faults += day_faults(decree_on, "SK", "decree_on", today=today, earliest=today - LONGEST_KEPT)
    barred = _barred(pokmas.unit, [m.person.login for m in officers.values() if m.person], today)
    faults += [
        _("%(login)s kini %(office)s. Ganti orang itu lebih dulu.") % {"login": k, "office": v}
        for k, v in barred.items()
    ]
    refuse_if(faults)
    assert decree_on is not None
    step(pokmas, "confirm", POKMAS_STEPS, decree_no=as_typed(decree_no), decree_on=decree_on)
    Office.objects.bulk_create(
        Office(
            city_id=pokmas.city_id,
            person=member.person,
            role=OFFICERS[member.role],  # type: ignore[index]
            unit=pokmas.unit,
            body=pokmas.pk,
            decree_no=as_typed(decree_no),
            decree_on=decree_on,
            starts_on=decree_on,
        )
        for member in officers.values()
    )
    detail = {"decree": as_typed(decree_no), "on": str(decree_on)}
    _keep(by, "pokmas.confirmed", pokmas, office, now, detail=detail)
    close_items(pokmas, by=by, outcome="confirmed", at=now)
    return pokmas


def confirmed_in(unit: Unit) -> list[Pokmas]:
    """Pokmas that may take on work in a kelurahan."""
    return list(Pokmas.objects.filter(unit=unit, state=PokmasState.CONFIRMED).order_by("name"))
