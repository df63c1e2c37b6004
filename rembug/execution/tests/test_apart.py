"""Who is kept from which act on a work: members of its pokmas from everything that judges or pays."""

import pytest
from django.core.exceptions import PermissionDenied

from rembug.core.refusal import Refused
from rembug.execution.models import PokmasMember
from rembug.execution.permissions import HARMLESS, conflict, may, require, sits_in
from rembug.execution.services import reports
from rembug.execution.tests.paths import bring, fresh
from rembug.execution.tests.test_reports import send
from rembug.people.rules import ROLES

pytestmark = pytest.mark.fault("item-21")


def inside(cast, work, person):
    return PokmasMember.objects.create(
        city=cast.city, pokmas=work.pokmas, role="member", name=person.name, person=person
    )


def test_a_member_of_the_pokmas_does_nothing_about_its_work_in_another_office(cast):
    """Every act of every office outside the pokmas, but those that judge and pay nothing."""
    work = bring(cast, "running")
    offices = {
        "ekbang": cast.ekbang,
        "lurah": cast.lurah,
        "ppk": cast.ppk,
        "treasurer": cast.treasurer,
        "kecamatan_team": cast.kecamatan_team,
        "monitoring_office": cast.monitoring_office,
        "finance_office": cast.finance_office,
    }
    for role, person in offices.items():
        before = {act: conflict(person, act, work) for act in ROLES[role]}
        inside(cast, work, person)
        assert sits_in(person, work.pokmas)
        for act in ROLES[role] - HARMLESS:
            told = conflict(person, act, work)
            assert "anggota pokmas" in told, (role, act)
            assert not may(person, act, work)
            with pytest.raises(PermissionDenied, match="anggota pokmas"):
                require(person, act, work)
        for act in ROLES[role] & HARMLESS:
            assert conflict(person, act, work) == before[act], (role, act)


def test_an_office_of_the_pokmas_itself_is_not_kept_from_its_own_acts(cast):
    work = bring(cast, "running")
    assert sits_in(cast.pokmas_head, work.pokmas)
    assert may(cast.pokmas_head, "tranche.request", work)
    assert may(cast.pokmas_head, "report.submit", work)


def test_who_left_the_pokmas_is_no_member(cast):
    work = bring(cast, "running")
    seat = inside(cast, work, cast.lurah)
    PokmasMember.objects.filter(pk=seat.pk).update(left_on="2026-01-01")
    assert not sits_in(cast.lurah, work.pokmas)


@pytest.mark.fault("attack-11")
def test_a_report_passed_at_the_kelurahan_is_not_judged_by_the_same_person_at_the_city(cast):
    """By the decree of another office, which nobody can have foreseen in a table."""
    work = bring(cast, "running")
    one = send(cast, work, 0)
    reports.verify_report(by=cast.ekbang, report=one)
    one.refresh_from_db()
    cast.seat(cast.ekbang, "kecamatan_team", cast.kecamatan)
    cast.ekbang.__dict__.pop("_offices", None)
    with pytest.raises(PermissionDenied):
        reports.verify_report(by=cast.ekbang, report=one)
    with pytest.raises((PermissionDenied, Refused)):
        reports.return_report(by=cast.ekbang, report=one, why="Fotonya kurang jelas sekali.")
    reports.verify_report(by=cast.kecamatan_team, report=one)
    one.refresh_from_db()
    cast.seat(cast.ekbang, "monitoring_office", cast.top)
    cast.ekbang.__dict__.pop("_offices", None)
    with pytest.raises(PermissionDenied):
        reports.verify_report(by=cast.ekbang, report=one)
    reports.verify_report(by=cast.monitoring_office, report=one)
    assert fresh(work).reports.get().state == "accepted"
