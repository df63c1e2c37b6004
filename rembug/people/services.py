"""Acts on persons and offices: appointing, ending an office, giving out a password, choosing one."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noted

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import Refused, refuse_if
from rembug.core.words import day_of, short_date
from rembug.files.models import File
from rembug.files.readers import may_open
from rembug.people.acts import record
from rembug.people.authority import holds, offices_of, role_title
from rembug.people.desk import close_items, open_item
from rembug.people.login import let_in_again
from rembug.people.models import Act, Office, OfficeState, Person
from rembug.people.rules import (
    ROLE_SEATS,
    ROLES,
    appointment_faults,
    clash,
    ending_faults,
    login_faults,
    name_faults,
    needs_two,
    purpose_faults,
    why_faults,
)
from rembug.regions.models import Unit, reaches


def add_person(*, city_id: str, login: str, name: str, password: str | None) -> Person:
    """A person who can sign in; without a password the login stays shut until one is set.

    Raises Refused when the login name is taken or cannot be one.
    """
    login = login.strip().lower()
    refuse_if(login_faults(login, name))
    person = Person(
        city_id=city_id,
        login=login,
        name=name.strip(),
        password=make_password(password),
        must_change_password=password is not None,
    )
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as taken:
        raise Refused([_("Nama masuk “%s” sudah dipakai. Pilih yang lain.") % login]) from taken
    return person


@transaction.atomic
def appoint(
    *,
    by: Person,
    person: Person,
    role: str,
    unit: Unit,
    decree_no: str,
    decree_on: date | None,
    starts_on: date | None,
    ends_on: date | None = None,
    acting: str = "",
    agency: str = "",
) -> Office:
    """Enter an appointment by decree; whoever held the same seat before steps down the day before.

    A Plh only stands in: the officer stays. An office that pays money out is in force only once a
    second officer confirms it. Raises PermissionDenied, or Refused with every reason.
    """
    office = holds(by, "office.appoint", at=unit)
    if office is None:
        raise PermissionDenied
    today = localdate()
    _lock_seat(unit)
    made = Office(
        city_id=unit.city_id,
        person=person,
        role=role,
        unit=unit,
        agency=agency,
        acting=acting,
        decree_no=as_typed(decree_no),
        decree_on=decree_on,
        starts_on=starts_on,
        ends_on=ends_on,
        entered_by=by,
    )
    faults = appointment_faults(
        role=role,
        unit_kind=unit.kind,
        decree_no=decree_no,
        decree_on=decree_on,
        starts_on=starts_on,
        ends_on=ends_on,
        today=today,
        clashing=_clashing(made),
        himself=person.pk == by.pk,
        acting=acting,
    )
    refuse_if(faults + (_seat_faults(made, today) if starts_on else []))
    if needs_two(role):
        return _propose(by, office, made)
    return _take_seat(by, office, made)


def _lock_seat(unit: Unit) -> None:
    """Two decrees for one seat are entered one after the other, also while it is empty."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _clashing(made: Office) -> bool:
    """Whether the person has an office on one of these days that must be somebody else's."""
    if made.role not in ROLES:
        return False
    days = Office.objects.filter(city_id=made.city_id, person=made.person).during(
        made.starts_on or localdate(), made.ends_on
    )
    return clash(made.role, made.unit.code, days.values_list("role", "unit__code"))


def _before(made: Office) -> list[Office]:
    """Who has the seat on one of the days of a new appointment: they step down for it.

    A Plh only stands in, so the officer stays.
    """
    seats = Office.objects.filter(
        city_id=made.city_id, unit=made.unit, body=0, role=made.role, agency=made.agency
    ).during(made.starts_on, made.ends_on)
    return list(seats.filter(acting="Plh") if made.acting == "Plh" else seats)


def _seat_faults(made: Office, today: date) -> list[str]:
    """Why the seat itself is not free for a new appointment."""
    waiting = Office.objects.filter(
        city_id=made.city_id,
        unit=made.unit,
        role=made.role,
        agency=made.agency,
        state=OfficeState.PROPOSED,
    ).exclude(pk=made.pk)
    faults = _handover_faults(_before(made), made.starts_on, today)
    if waiting.exists():
        faults.append(_("SK lain untuk jabatan ini masih menunggu pengesahan. Putuskan itu dulu."))
    return faults


def _propose(by: Person, office: Office, made: Office) -> Office:
    """Keep a decree that opens nothing yet, and put it before a second officer."""
    made.state = OfficeState.PROPOSED
    made.save(force_insert=True)
    detail = {"role": made.role, "decree": made.decree_no, "from": made.starts_on.isoformat()}
    record(by, "office.proposed", made, unit=made.unit, office=office, detail=detail, after=made.pk)
    open_item(
        act="office.confirm",
        thing=made,
        about=made.unit,
        title=noted("Sahkan SK pejabat keuangan"),
        path=f"jabatan/{made.pk}/sahkan/",
    )
    return made


def _take_seat(by: Person, office: Office, made: Office) -> Office:
    """The appointment is in force; whoever held the seat steps down the day before it begins."""
    before = _before(made)
    made.state = OfficeState.VALID
    made.save()
    Office.objects.filter(city_id=made.city_id, pk__in=[seat.pk for seat in before]).update(
        ends_on=made.starts_on - timedelta(days=1)
    )
    record(
        by,
        "office.appointed",
        made,
        unit=made.unit,
        office=office,
        detail={"role": made.role, "decree": made.decree_no, "from": made.starts_on.isoformat()},
        before=[seat.pk for seat in before],
        after=made.pk,
    )
    return made


@transaction.atomic
def confirm_office(*, by: Person, office: Office) -> Office:
    """A second officer has seen the decree of somebody who will pay money out: it is in force now.

    Never who entered it, nor who is appointed. Raises PermissionDenied, or Refused with every reason.
    """
    own, office = _proposed(by, office)
    today = localdate()
    faults = _seat_faults(office, today)
    if _clashing(office):
        faults.append(
            _("Orang ini kini memegang jabatan lain yang harus terpisah dari jabatan ini.")
        )
    refuse_if(faults)
    office = _take_seat(by, own, office)
    close_items(office, by=by, outcome="confirmed")
    return office


@transaction.atomic
def decline_office(*, by: Person, office: Office, why: str) -> Office:
    """A second officer does not confirm a decree, and says why; the seat stays as it was."""
    own, office = _proposed(by, office)
    refuse_if(why_faults(why))
    office.state = OfficeState.DECLINED
    office.save(update_fields=["state"])
    record(by, "office.declined", office, unit=office.unit, office=own, why=why.strip())
    close_items(office, by=by, outcome="declined")
    return office


def may_confirm(by: Person, office: Office) -> bool:
    """Whether somebody is the second pair of eyes for a decree."""
    own = holds(by, "office.confirm", at=office.unit)
    if own is None or by.pk in (office.entered_by_id, office.person_id):
        return False
    # Whoever was put into their own seat by the one who entered this is no second pair of eyes.
    return own.entered_by_id is None or own.entered_by_id != office.entered_by_id


def _proposed(by: Person, office: Office) -> tuple[Office, Office]:
    """The confirming officer's own office, and the decree as it stands now, locked."""
    own = holds(by, "office.confirm", at=office.unit)
    if own is None or not may_confirm(by, office):
        raise PermissionDenied
    _lock_seat(office.unit)
    fresh = Office.objects.select_for_update(of=("self",)).select_related("unit", "person", "city")
    office = fresh.get(pk=office.pk)
    if office.state != OfficeState.PROPOSED:
        raise Refused([_("SK ini sudah diputuskan. Muat ulang halaman ini.")])
    return own, office


def _handover_faults(before: list[Office], starts_on: date, today: date) -> list[str]:
    """Why the seat cannot pass on that day: somebody later has it, or worked in it since."""
    later = [seat.starts_on for seat in before if seat.starts_on >= starts_on]
    if later:
        return [
            _("Jabatan ini sudah terisi mulai %s. Tulis tanggal berakhir sebelum hari itu.")
            % short_date(min(later))
        ]
    if not before or starts_on >= today:
        return []
    done = Act.objects.filter(city_id=before[0].city_id, office__in=before).aggregate(
        last=Max("at")
    )
    if done["last"] is None or day_of(done["last"]) < starts_on:
        return []
    return [
        _("Pejabat lama masih bekerja dengan jabatan ini pada %s. Tulis mulai menjabat sesudahnya.")
        % short_date(done["last"])
    ]


@transaction.atomic
def end_office(*, by: Person, office: Office, last_day: date | None, why: str) -> Office:
    """Close an appointment that nobody takes over yet: resigned, moved, dismissed, died.

    The seat is then visibly empty. Raises PermissionDenied, or Refused with every reason at once.
    """
    own = holds(by, "office.appoint", at=office.unit)
    if own is None:
        raise PermissionDenied
    office = Office.objects.select_for_update(of=("self",)).select_related("unit").get(pk=office.pk)
    faults = ending_faults(
        last_day=last_day,
        why=why,
        starts_on=office.starts_on,
        ends_on=office.ends_on,
        today=localdate(),
    )
    if office.person_id == by.pk:
        faults.append(_("Anda tidak dapat mengakhiri jabatan sendiri."))
    if office.body:
        faults.append(_("Pengurus pokmas berganti bersama pokmasnya, bukan di halaman ini."))
    refuse_if(faults)
    before, office.ends_on = office.ends_on, last_day
    office.save(update_fields=["ends_on"])
    record(
        by,
        "office.ended",
        office,
        unit=office.unit,
        office=own,
        before=before and before.isoformat(),
        after=office.ends_on.isoformat(),  # type: ignore[union-attr]
        why=why.strip(),
    )
    return office


@transaction.atomic
def correct_name(*, by: Person, office: Office, name: str, why: str) -> Person:
    """Correct the name of somebody who holds an office, with the reason; what was signed before stays as it was.

    By whoever appoints there, never one's own, and only where all offices of the person are below one's
    own. Raises PermissionDenied, or Refused with every reason.
    """
    own = holds(by, "office.appoint", at=office.unit)
    if own is None:
        raise PermissionDenied
    person = Person.objects.select_for_update(no_key=True).get(pk=office.person_id)
    name = " ".join(name.split())
    faults = name_faults(name, person.name, why)
    if person.pk == by.pk:
        faults.append(_("Nama Anda sendiri diperbaiki oleh pejabat lain yang berwenang."))
    seats = Office.objects.filter(city_id=office.city_id, person=person).not_over(localdate())
    beyond = [
        seat.title
        for seat in seats.select_related("unit", "city")
        if not holds(by, "office.appoint", at=seat.unit)
    ]
    if beyond:
        told = _("Orang ini juga memegang jabatan di luar wewenang Anda: %s.")
        faults.append(told % ", ".join(beyond))
    refuse_if(faults)
    before, person.name = person.name, name
    person.save(update_fields=["name"])
    record(
        by,
        "person.renamed",
        person,
        unit=office.unit,
        office=own,
        detail={"office": office.pk},
        # Both names only as prints: the record holds no personal data.
        before=hashlib.sha256(before.encode()).hexdigest(),
        after=hashlib.sha256(name.encode()).hexdigest(),
        why=why.strip(),
    )
    return person


@transaction.atomic
def reset_password(*, by: Person, office: Office) -> str:
    """Give somebody who lost their password a first one again; returns it, to be told once.

    Only for people all of whose offices lie below one's own seats: who is given the password could
    sign in with every one of them. The person must choose another at the next sign-in, and every
    session they have is ended. Raises PermissionDenied, or Refused.
    """
    if not holds(by, "person.reset", at=office.unit):
        raise PermissionDenied
    if office.person_id == by.pk:
        raise Refused([_("Ganti sandi Anda sendiri di halaman Kata sandi.")])
    person = Person.objects.select_for_update(no_key=True).get(pk=office.person_id)
    seats = list(
        Office.objects.filter(city_id=office.city_id, person=person)
        .not_over(localdate())
        .select_related("unit", "city")
    )
    own = _seat_above(by, office)
    if own is None:
        raise Refused([_("Sandi pejabat setingkat dibuatkan kantor di atasnya.")])
    if office.pk not in {seat.pk for seat in seats}:
        raise Refused([_("Jabatan ini sudah berakhir.")])
    beyond = [seat.title for seat in seats if _seat_above(by, seat) is None]
    if beyond:
        raise Refused(
            [
                _(
                    "Orang ini juga memegang jabatan di luar wewenang Anda: %s. Sandinya dibuatkan kantor di atasnya."
                )
                % ", ".join(beyond)
            ]
        )
    fresh = first_password()
    person.password, person.must_change_password = make_password(fresh), True
    person.save(update_fields=["password", "must_change_password"])
    # Whoever was kept out by wrong passwords, their own or another's, is let in with the new one.
    let_in_again(person)
    record(by, "person.reset", person, unit=office.unit, office=own, detail={"office": office.pk})
    return fresh


def _seat_above(by: Person, office: Office) -> Office | None:
    """The office by which a person answers for the passwords of whoever holds another one."""
    for own in offices_of(by):
        higher = own.unit_id != office.unit_id or bool(office.body)
        if (
            "person.reset" in ROLES[own.role]
            and higher
            and reaches(own.unit.code, office.unit.code)
        ):
            return own
    return None


@transaction.atomic
def open_original(*, by: Person, file: File, purpose: str, why: str = "") -> File:
    """Let somebody have a picture as the phone sent it, place and all, and record what for.

    Raises PermissionDenied to whoever may not see what it belongs to, or Refused with every reason.
    """
    if not may_open(by, file):
        raise PermissionDenied
    refuse_if(purpose_faults(purpose, why))
    detail = {"purpose": purpose}
    office = offices_of(by)[0]
    record(by, "file.opened", file, office=office, unit=office.unit, detail=detail, why=why.strip())
    return file


@transaction.atomic
def choose_password(*, by: Person, fresh: str) -> Person:
    """A password of one's own, which nobody gave out; every other session of the person is ended."""
    by.password, by.must_change_password = make_password(fresh), False
    by.save(update_fields=["password", "must_change_password"])
    record(by, "person.password_chosen", by)
    return by


def first_password() -> str:
    """Ten letters and digits that are not mistaken for one another when read from paper."""
    return get_random_string(10, "abcdefghjkmnpqrstuvwxyz23456789")


@transaction.atomic
def appoint_first(
    *, unit: Unit, role: str, login: str, name: str, decree_no: str, decree_on: date
) -> tuple[Office, str]:
    """The first officer of a new city, entered by whoever runs the server; returns the first password.

    Raises Refused when the seat is already taken: from then on offices appoint one another.
    """
    seats = Office.objects.filter(city_id=unit.city_id, role=role, unit=unit)
    if seats.not_over(localdate()).exists():
        raise Refused(
            [_("Jabatan ini sudah terisi. Pejabat berikutnya dicatat di halaman Jabatan.")]
        )
    refuse_if(
        appointment_faults(
            role=role,
            unit_kind=unit.kind,
            decree_no=decree_no,
            decree_on=decree_on,
            starts_on=localdate(),
            ends_on=None,
            today=localdate(),
            clashing=False,
            himself=False,
        )
    )
    fresh = first_password()
    person = add_person(city_id=unit.city_id, login=login, name=name, password=fresh)
    made = Office.objects.create(
        city_id=unit.city_id,
        person=person,
        role=role,
        unit=unit,
        decree_no=decree_no,
        decree_on=decree_on,
        starts_on=localdate(),
    )
    record(None, "office.appointed", made, unit=unit, detail={"role": role, "decree": decree_no})
    return made, fresh


def seats_to_fill(by: Person) -> list[tuple[str, str]]:
    """The roles a person may appoint, as (role, title)."""
    kinds = {o.unit.kind for o in offices_of(by) if "office.appoint" in ROLES[o.role]}
    depth = ["city", "kecamatan", "kelurahan", "rw", "rt"]
    top = min((depth.index(kind) for kind in kinds), default=len(depth))
    return [
        (role, role_title(role, by.city))
        for role, (kind, _title) in ROLE_SEATS.items()
        if not role.startswith("pokmas_") and depth.index(str(kind)) >= top
    ]
