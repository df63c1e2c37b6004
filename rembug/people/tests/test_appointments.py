"""Decrees: who takes a seat from when, what becomes of whoever held it, and who may give a password out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.people import acts, services
from rembug.people.authority import holders_at, holds
from rembug.people.models import Act, Office, Person


def day(offset: int = 0) -> date:
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def appointed(cast):
    """Enter a decree for the seat of the lurah, as the camat, from today on."""

    def enter(person, **given):
        decree = {"role": "lurah", "unit": cast.kelurahan, "decree_no": "188/2", "starts_on": day()}
        return services.appoint(
            by=cast.camat, person=person, **{**decree, "decree_on": day(-1), **given}
        )

    return enter


def refused(run) -> str:
    with pytest.raises(Refused) as refusal:
        run()
    return " ".join(refusal.value.reasons)


def test_an_office_inside_a_pokmas_comes_with_the_pokmas_only(cast, appointed):
    assert "wilayah itu" in refused(lambda: appointed(cast.resident, role="pokmas_treasurer"))


@pytest.mark.parametrize("later", [0, 30])
def test_who_decides_and_who_pays_never_overlap(cast, appointed, later):
    """Also when the first of the two decrees begins after the second."""
    appointed(cast.resident, starts_on=day(40))
    told = refused(lambda: appointed(cast.resident, role="treasurer", starts_on=day(later)))
    assert "memutuskan, memeriksa" in told
    appointed(cast.resident, role="treasurer", starts_on=day(later), ends_on=day(39))


def test_two_decrees_never_hold_one_seat_on_one_day(cast, appointed):
    appointed(cast.resident, starts_on=day(20))
    told = refused(lambda: appointed(cast.add("early"), starts_on=day(10)))
    assert "sudah terisi" in told
    appointed(cast.add("between"), starts_on=day(10), ends_on=day(19))
    assert [o.person.login for o in holders_at("contract.approve", cast.rt, on=day(15))] == [
        "between"
    ]
    assert [o.person.login for o in holders_at("contract.approve", cast.rt, on=day(25))] == [
        "resident"
    ]


def test_a_stand_in_leaves_the_officer_in_office(cast, appointed):
    assert "hanya sementara" in refused(lambda: appointed(cast.resident, acting="Plh"))
    appointed(cast.resident, acting="Plh", ends_on=day(5))
    both = {o.person.login for o in holders_at("contract.approve", cast.rt, on=day(3))}
    assert both == {"lurah", "resident"}
    after = {o.person.login for o in holders_at("contract.approve", cast.rt, on=day(6))}
    assert after == {"lurah"}
    appointed(cast.add("next"), acting="Plt", starts_on=day(1))
    assert {o.person.login for o in holders_at("contract.approve", cast.rt, on=day(3))} == {"next"}


def test_a_late_decree_takes_no_office_from_under_what_was_done(cast, appointed):
    seat = Office.objects.get(person=cast.lurah)
    acts.record(
        cast.lurah, "test.done", cast.rt, office=seat, at=timezone.now() - timedelta(days=3)
    )
    told = refused(lambda: appointed(cast.resident, starts_on=day(-9)))
    assert "masih bekerja" in told
    appointed(cast.resident, starts_on=day(-2))
    seat.refresh_from_db()
    assert seat.ends_on == day(-3)


def test_an_office_ends_without_a_successor_and_is_then_empty(cast):
    seat = Office.objects.get(person=cast.lurah)
    services.end_office(by=cast.camat, office=seat, last_day=day(2), why="SK 188/7")
    assert holders_at("contract.approve", cast.rt, on=day(2))
    assert not holders_at("contract.approve", cast.rt, on=day(3))
    line = Act.objects.get(act="office.ended")
    assert (line.why, line.detail) == ("SK 188/7", {"before": None, "after": day(2).isoformat()})
    services.end_office(by=cast.camat, office=seat, last_day=day(-1), why="SK 188/8")
    cast.lurah.__dict__.pop("_offices", None)
    assert not holds(cast.lurah, "desk.read", at=cast.rt)


def test_no_office_is_ended_backwards_longer_by_oneself_or_from_outside(cast):
    seat = Office.objects.get(person=cast.lurah)
    end = {"by": cast.camat, "office": seat, "last_day": day(), "why": "SK 188/7"}
    told = refused(lambda: services.end_office(**end | {"last_day": day(-2), "why": " "}))
    assert "paling awal kemarin" in told and "sebabnya" in told
    services.end_office(**end | {"last_day": day(4)})
    assert "catat SK baru" in refused(lambda: services.end_office(**end | {"last_day": day(5)}))
    own = Office.objects.get(person=cast.camat)
    assert "sendiri" in refused(lambda: services.end_office(**end | {"office": own}))
    inside = cast.seat(cast.resident, "pokmas_head", cast.kelurahan, 7)
    assert "pokmasnya" in refused(lambda: services.end_office(**end | {"office": inside}))
    for other in (cast.lurah, cast.neighbour_lurah, cast.rt_head):
        with pytest.raises(PermissionDenied):
            services.end_office(**end | {"by": other})


def test_whose_other_office_is_out_of_reach_gets_no_password_from_below(cast):
    """Else a lurah would sign in as an officer above him who is also head of an RT."""
    seat = Office.objects.get(person=cast.rt_head)
    services.reset_password(by=cast.lurah, office=seat)
    for role, unit in (
        ("kecamatan_team", cast.kecamatan),
        ("ekbang", cast.kelurahan),
        ("rt_head", cast.neighbour_rt),
    ):
        other = cast.seat(cast.rt_head, role, unit)
        told = refused(lambda: services.reset_password(by=cast.lurah, office=seat))
        assert "di luar" in told, role
        Office.objects.filter(pk=other.pk).update(ends_on=day(-1))
    services.reset_password(by=cast.lurah, office=seat)


def test_an_office_that_is_over_gives_no_password(cast):
    seat = Office.objects.get(person=cast.rt_head)
    seat.ends_on = day(-1)
    seat.save()
    assert "berakhir" in refused(lambda: services.reset_password(by=cast.lurah, office=seat))


def test_two_offices_of_one_person_count_together_for_giving_passwords(cast):
    cast.seat(cast.lurah, "camat", cast.kecamatan)
    services.reset_password(by=cast.lurah, office=Office.objects.get(person=cast.ekbang))


@pytest.mark.parametrize("login", ["", "a b", "Ketua/RT", "ke\u00fca", "x" * 61, "a\u0000b"])
def test_a_login_name_can_be_typed_on_every_phone(cast, login):
    with pytest.raises(Refused):
        services.add_person(city_id=cast.city.pk, login=login, name="Nama", password="x")


def test_choosing_a_password_is_recorded_without_it(cast):
    services.choose_password(by=cast.lurah, fresh="sandi-baru-77")
    cast.lurah.refresh_from_db()
    assert cast.lurah.check_password("sandi-baru-77")
    line = Act.objects.get(act="person.password_chosen")
    assert "sandi-baru" not in str(acts.content_of(line))


def test_the_hash_survives_numbers_as_names(cast):
    line = acts.record(cast.lurah, "test.done", cast.rt, detail={2: "a", 10: "b"})
    assert acts.digest_of(Act.objects.get(pk=line.pk)) == line.digest


@pytest.mark.postgres
def test_two_decrees_at_once_do_not_share_an_empty_seat(transactional_db, cast, appointed, city):
    Office.objects.filter(person=cast.lurah).delete()
    gate = Barrier(2)

    def enter(person: Person) -> str:
        try:
            with scope(city=city):
                gate.wait(timeout=10)
                appointed(person)
            return "done"
        except Refused:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(enter, [cast.add("one"), cast.add("two")]))
    assert sorted(told) == ["done", "refused"]
    assert len(holders_at("contract.approve", cast.rt)) == 1
    assert holds(
        Office.objects.get(role="lurah", unit=cast.kelurahan).person, "desk.read", at=cast.rt
    )
