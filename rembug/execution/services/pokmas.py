"""Forming a pokmas and confirming it by decree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.refusal import Reason, Refused, refuse_if
from rembug.core.steps import step
from rembug.execution import permissions
from rembug.execution.models import Pokmas, PokmasMember
from rembug.execution.rules import POKMAS_STEPS, PokmasState, day_faults, number_faults
from rembug.execution.seats import KEPT_APART, OFFICERS, Seat, account_digits, pokmas_faults
from rembug.execution.services.duties import OFFICE_DAYS
from rembug.execution.services.standing import moment
from rembug.people.acts import record
from rembug.people.authority import role_title
from rembug.people.desk import close_items, open_item
from rembug.people.models import Office, Person
from rembug.people.services import add_person
from rembug.programs.calendar import due_on
from rembug.programs.models import ProgramYear, YearState
from rembug.programs.rulebook import RuleBook
from rembug.regions.models import Unit

# Signs that are not mistaken for one another when a password is written on a card.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def current_book() -> RuleBook:
    """The rules a new pokmas falls under: those of the newest open year. Raises Refused without one."""
    years = ProgramYear.objects.filter(state=YearState.OPEN).select_related("rule_set")
    newest = years.order_by("-year", "-pk").first()
    if newest is None:
        raise Refused([_("Tahun program belum dibuka. Bagian Pemerintahan membukanya lebih dulu.")])
    return newest.book


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
    faults = _faults(unit, name, account_holder, account_no, seats, today)
    if not address.strip():
        faults.append(Reason(_("Tulis alamat sekretariat."), "address"))
    if not bank.strip():
        faults.append(Reason(_("Tulis nama bank."), "bank"))
    refuse_if(faults)
    try:
        with transaction.atomic():
            pokmas = Pokmas.objects.create(
                city_id=unit.city_id,
                unit=unit,
                name=" ".join(name.split()),
                address=address.strip(),
                bank=bank.strip(),
                account_no=account_digits(account_no),
                account_holder=account_holder.strip(),
                formed_on=today,
            )
    except IntegrityError as twice:
        raise Refused([_("Pokmas dengan nama atau rekening ini sudah ada.")]) from twice
    pokmas.first_passwords = _seat_members(pokmas, seats)  # type: ignore[attr-defined]
    record(
        by,
        "pokmas.formed",
        pokmas,
        about=pokmas.about,
        unit=unit,
        office=office,
        detail={"members": len(seats)},
        at=now,
    )
    open_item(
        act="pokmas.confirm",
        thing=pokmas,
        about=unit,
        title=noted("Sahkan pokmas: %s") % pokmas.name,
        path=f"pokmas/{pokmas.pk}/sahkan/",
        due_on=due_on(today, OFFICE_DAYS),
        at=now,
    )
    return pokmas


def _faults(
    unit: Unit, name: str, holder: str, account_no: str, seats: Sequence[Seat], today: date
) -> list[str]:
    """Every reason against these people under this name with this account."""
    limits = current_book().pokmas
    # The same digits at a bank written another way are still the same account.
    same = Pokmas.objects.filter(account_no=account_digits(account_no)).first()
    faults = pokmas_faults(
        name=name,
        account_holder=holder,
        account_no=account_no,
        seats=seats,
        least=limits.min_members,
        most=limits.max_members,
        account_used_by=same.name if same else "",
        barred=_barred(unit, [seat.login for seat in seats if seat.login], today),
    )
    if Pokmas.objects.filter(unit=unit, name__iexact=" ".join(name.split())).exists():
        told = _("Di kelurahan ini sudah ada pokmas bernama itu. Pilih nama lain.")
        faults.append(Reason(told, "name"))
    if not all(seat.name for seat in seats):
        faults.append(_("Tulis nama setiap anggota pokmas."))
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
    """Logins that hold an office of this kelurahan which decides about the pokmas or pays it."""
    held = Office.objects.filter(unit=unit, role__in=KEPT_APART, person__login__in=logins).on(today)
    return {
        office.person.login: role_title(office.role, unit.city)
        for office in held.select_related("person")
    }


def _seat_members(pokmas: Pokmas, seats: Sequence[Seat]) -> list[tuple[str, str, str]]:
    """Write the members; returns (name, login, first password) of those who are new to signing in."""
    fresh = []
    for seat in seats:
        person = Person.objects.filter(login=seat.login).first() if seat.login else None
        if person is None and (seat.login or seat.role in OFFICERS):
            login = seat.login or _free_login(seat.name)
            password = get_random_string(10, READABLE)
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
    office = permissions.require_at(by, "pokmas.confirm", pokmas.unit)
    if permissions.sits_in(by, pokmas):
        raise PermissionDenied(_("Anda anggota pokmas ini. Yang mengesahkan harus orang lain."))
    now, today = moment(at)
    pokmas = Pokmas.objects.select_for_update(of=("self",)).get(pk=pokmas.pk)
    officers = {
        member.role: member
        for member in pokmas.members.select_related("person")
        if member.role in OFFICERS
    }
    faults = number_faults(decree_no, "SK", field="decree_no")
    faults += day_faults(decree_on, "SK", "decree_on", today=today)
    barred = _barred(pokmas.unit, [m.person.login for m in officers.values() if m.person], today)
    faults += [
        _("%(login)s kini %(office)s. Ganti orang itu lebih dulu.") % {"login": k, "office": v}
        for k, v in barred.items()
    ]
    refuse_if(faults)
    assert decree_on is not None
    step(pokmas, "confirm", POKMAS_STEPS, decree_no=decree_no.strip(), decree_on=decree_on)
    Office.objects.bulk_create(
        Office(
            city_id=pokmas.city_id,
            person=member.person,
            role=OFFICERS[member.role],  # type: ignore[index]
            unit=pokmas.unit,
            body=pokmas.pk,
            decree_no=decree_no.strip(),
            decree_on=decree_on,
            starts_on=decree_on,
        )
        for member in officers.values()
    )
    detail = {"decree": decree_no.strip(), "on": str(decree_on)}
    record(
        by,
        "pokmas.confirmed",
        pokmas,
        about=pokmas.about,
        unit=pokmas.unit,
        office=office,
        detail=detail,
        at=now,
    )
    close_items(pokmas, by=by, outcome="confirmed", at=now)
    return pokmas


def confirmed_in(unit: Unit) -> list[Pokmas]:
    """Pokmas that may take on work in a kelurahan."""
    return list(Pokmas.objects.filter(unit=unit, state=PokmasState.CONFIRMED).order_by("name"))
