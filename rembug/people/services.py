"""Acts on persons and offices: appointing, ending an appointment, changing a password."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused, refuse_if
from rembug.people.acts import record
from rembug.people.authority import holds, offices_of, role_title
from rembug.people.models import Office, Person
from rembug.people.rules import ROLE_SEATS, ROLES, appointment_faults
from rembug.regions.models import Unit


def add_person(*, city_id: str, login: str, name: str, password: str | None) -> Person:
    """A person who can sign in; without a password the login stays shut until one is set.

    Raises Refused when the login name is taken or empty.
    """
    login = login.strip().lower()
    if not login or not name.strip():
        raise Refused([_("Tulis nama dan nama masuk.")])
    if Person.everywhere.filter(city_id=city_id, login=login).exists():
        raise Refused([_("Nama masuk “%s” sudah dipakai. Pilih yang lain.") % login])
    return Person.everywhere.create(
        city_id=city_id,
        login=login,
        name=name.strip(),
        password=make_password(password),
        must_change_password=password is not None,
    )


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

    Raises PermissionDenied, or Refused with every reason at once.
    """
    office = holds(by, "office.appoint", at=unit)
    if office is None:
        raise PermissionDenied
    today = localdate()
    held = list(
        Office.objects.filter(city_id=unit.city_id, person=person, body=0, unit=unit)
        .on(starts_on or today)
        .values_list("role", flat=True)
    )
    refuse_if(
        appointment_faults(
            role=role,
            unit_kind=unit.kind,
            decree_no=decree_no,
            decree_on=decree_on,
            starts_on=starts_on,
            ends_on=ends_on,
            today=today,
            held=set(held),
            himself=person.pk == by.pk,
        )
    )
    assert starts_on is not None
    seats = Office.objects.filter(city_id=unit.city_id, unit=unit, role=role, body=0, agency=agency)
    before = list(seats.on(starts_on).select_for_update())
    if any(seat.starts_on >= starts_on for seat in before):
        raise Refused([_("Jabatan ini sudah terisi mulai tanggal itu. Akhiri dulu SK yang lama.")])
    seats.filter(pk__in=[seat.pk for seat in before]).update(ends_on=starts_on - timedelta(days=1))
    made = Office.objects.create(
        city_id=unit.city_id,
        person=person,
        role=role,
        unit=unit,
        agency=agency,
        acting=acting,
        decree_no=decree_no.strip(),
        decree_on=decree_on,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    record(
        by,
        "office.appointed",
        made,
        unit=unit,
        office=office,
        detail={"role": role, "decree": made.decree_no, "from": starts_on.isoformat()},
        before=[seat.pk for seat in before],
        after=made.pk,
    )
    return made


@transaction.atomic
def reset_password(*, by: Person, office: Office) -> str:
    """Give somebody who lost their password a first one again; returns it, to be told once.

    Only for offices below one's own seat. The person must choose another at the next sign-in, and
    every session they have is ended. Raises PermissionDenied, or Refused.
    """
    own = holds(by, "person.reset", at=office.unit)
    if own is None:
        raise PermissionDenied
    if office.person_id == by.pk:
        raise Refused([_("Ganti sandi Anda sendiri di halaman Kata sandi.")])
    if office.unit.kind == own.unit.kind and not office.body:
        raise Refused([_("Sandi pejabat setingkat dibuatkan kantor di atasnya.")])
    fresh = first_password()
    person = office.person
    person.password, person.must_change_password = make_password(fresh), True
    person.save()
    record(by, "person.reset", person, unit=office.unit, office=own, detail={"office": office.pk})
    return fresh


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
    if Office.objects.filter(city_id=unit.city_id, role=role, unit=unit).exists():
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
            held=set(),
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
