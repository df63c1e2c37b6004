"""Office x territory, desk, record, receipts: each guard is broken by one of these tests."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from rembug.core.refusal import Refused
from rembug.people import acts, desk, services
from rembug.people.authority import holds, vacant, within_reach
from rembug.people.models import Act, DeskItem, Office
from rembug.people.rules import ROLES, SEPARATE, holders
from rembug.people.sending import new_key, once
from rembug.regions.models import Unit, ancestors, reaches
from tests.cast import make_city


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("35.71", "35.71.01", True),
        ("35.71.01", "35.71.01", True),
        ("35.7", "35.71.01", False),
        ("35.71.01.1001.001", "35.71.01.1001.0011", False),
        ("35.71.01", "35.71", False),
    ],
)
def test_a_territory_ends_at_the_dot(above, below, expected):
    assert reaches(above, below) is expected


def test_ancestors_run_from_the_city_down():
    assert ancestors("35.71.02.1014") == ["35.71", "35.71.02", "35.71.02.1014"]


def test_an_office_reaches_its_own_territory_only(cast):
    assert holds(cast.lurah, "contract.approve", at=cast.rt)
    assert not holds(cast.neighbour_lurah, "contract.approve", at=cast.rt)
    assert not holds(cast.rt_head, "contract.approve", at=cast.rt)
    assert not holds(cast.resident, "desk.read", at=cast.rt)


def test_an_office_ends_with_its_decree(cast):
    Office.objects.filter(person=cast.lurah).update(ends_on=timezone.localdate() - timedelta(1))
    assert not holds(cast.lurah, "contract.approve", at=cast.rt)
    assert vacant("contract.approve", cast.rt)


def test_pokmas_officers_act_for_their_own_pokmas_only(cast):
    head = cast.add("pokmas_head", ("pokmas_head", cast.kelurahan, 7))
    assert holds(head, "report.submit", at=cast.rt, body=7)
    assert not holds(head, "report.submit", at=cast.rt, body=8)
    assert not holds(head, "report.submit", at=cast.rt)


def test_reach_is_the_same_question_as_a_filter(cast):
    for unit in (cast.rt, cast.neighbour_rt):
        desk.open_item(act="proposal.verify.kelurahan", thing=unit, about=unit, title="", path="x/")
    seen = DeskItem.objects.filter(within_reach(cast.ekbang, "plan.read", "about_unit"))
    assert [row.about_unit_id for row in seen] == [cast.rt.pk]
    nobody = within_reach(cast.resident, "plan.read", "about_unit")
    assert not DeskItem.objects.filter(nobody).exists()


def test_every_act_that_waits_has_somebody_who_can_do_it():
    assert all(holders(act) for act in SEPARATE)
    assert all(acts_of for acts_of in ROLES.values())


def test_the_record_refuses_change_and_removal(cast):
    line = acts.record(cast.lurah, "test.done", cast.rt, about="unit:1")
    assert acts.audit(cast.city) == []
    for harm in (
        lambda: Act.objects.filter(pk=line.pk).update(why="lain"),
        lambda: Act.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            harm()


def test_the_hash_holds_every_part_of_a_line(cast):
    line = acts.record(cast.lurah, "test.done", cast.rt, why="sebab", detail={"a": 1})
    for name, other in {
        "why": "lain",
        "act": "x",
        "detail": {"a": 2},
        "actor_id": 0,
        "unit_id": 5,
        "rule": "r",
        "about": "z",
        "thing": "t",
    }.items():
        copy = Act.objects.get(pk=line.pk)
        setattr(copy, name, other)
        assert acts.digest_of(copy) != line.digest, name


def test_an_act_freshens_the_citys_stamp_after_commit(cast, django_capture_on_commit_callbacks):
    before = cast.city.stamp
    with django_capture_on_commit_callbacks(execute=True) as ran:
        acts.record(cast.lurah, "test.done", cast.rt)
        acts.record(cast.lurah, "test.done", cast.rt)
    assert len(ran) == 1
    cast.city.refresh_from_db()
    assert cast.city.stamp != before


def test_desk_shows_what_waits_oldest_first_and_for_whom(cast):
    now = timezone.now()
    for days, unit in ((1, cast.rt), (5, cast.rt2)):
        desk.open_item(
            act="proposal.verify.kelurahan",
            thing=unit,
            about=unit,
            title=unit.label,
            path="x/",
            at=now - timedelta(days=days),
        )
    assert [item.about_unit for item in desk.inbox(cast.ekbang)] == [cast.rt2, cast.rt]
    assert not desk.inbox(cast.neighbour_ekbang)
    assert desk.elsewhere(cast.lurah).count() == 2
    assert desk.close_items(cast.rt, by=cast.ekbang, outcome="passed") == 1
    assert desk.inbox(cast.ekbang).count() == 1
    assert [item.about_unit for item in desk.done_today(cast.ekbang)] == [cast.rt]


def test_one_matter_waits_once_for_one_act(cast):
    opened = {"act": "work.close", "thing": cast.rt, "about": cast.rt, "title": "t", "path": "x/"}
    desk.open_item(**opened)
    with pytest.raises(DatabaseError), transaction.atomic():
        desk.open_item(**opened)


def test_a_vacant_office_shows_on_the_waiting_item(cast):
    item = desk.open_item(
        act="contract.approve", thing=cast.rt, about=cast.rt, title="t", path="x/"
    )
    desk.who_must([item])
    assert [office.person for office in item.holders] == [cast.lurah]
    Office.objects.filter(person=cast.lurah).update(ends_on=timezone.localdate() - timedelta(1))
    desk.who_must([item])
    assert item.holders == []


SENT = "0" * 64


def test_a_key_is_served_once(cast):
    key, made = new_key(), []

    def run():
        made.append(1)
        return cast.rt

    first, fresh = once(key=key, by=cast.lurah, act="test", content=SENT, run=run)
    again, repeated = once(key=key, by=cast.lurah, act="test", content=SENT, run=run)
    assert (fresh, repeated, len(made), again.pk) == (True, False, 1, first.pk)
    assert first.code == again.code
    with pytest.raises(Refused):
        once(key=key, by=cast.ekbang, act="test", content=SENT, run=run)
    with pytest.raises(Refused):
        once(key="", by=cast.lurah, act="test", content=SENT, run=run)


def test_a_refused_act_leaves_its_key_free(cast):
    key = new_key()

    def refuse():
        raise Refused("tidak")

    with pytest.raises(Refused):
        once(key=key, by=cast.lurah, act="test", content=SENT, run=refuse)
    assert once(key=key, by=cast.lurah, act="test", content=SENT, run=lambda: cast.rt)[1]


def test_an_appointment_needs_a_decree_and_ends_the_one_before(cast):
    today = timezone.localdate()
    newcomer = cast.add("newcomer")
    decree = {"person": newcomer, "role": "lurah", "unit": cast.kelurahan, "starts_on": today}
    with pytest.raises(Refused) as refusal:
        services.appoint(by=cast.camat, decree_no=" ", decree_on=None, **decree)
    assert len(refusal.value.reasons) == 2
    services.appoint(by=cast.camat, decree_no="188/2", decree_on=today, **decree)
    assert holds(newcomer, "contract.approve", at=cast.rt)
    cast.lurah.__dict__.pop("_offices", None)
    assert not holds(cast.lurah, "contract.approve", at=cast.rt)
    with pytest.raises(PermissionDenied):
        services.appoint(by=cast.ekbang, decree_no="1", decree_on=today, **decree)


def test_one_person_cannot_decide_check_and_pay(cast):
    today = timezone.localdate()
    with pytest.raises(Refused):
        services.appoint(
            by=cast.camat,
            person=cast.lurah,
            role="treasurer",
            unit=cast.kelurahan,
            decree_no="1",
            decree_on=today,
            starts_on=today,
        )


def test_another_city_sees_nothing(cast):
    from django_scopes import scopes_disabled

    with scopes_disabled():
        other = make_city("98.71", "lain", "Lain")
    with scope(city=other):
        assert not Unit.objects.exists()
        assert not DeskItem.objects.exists()


def test_queries_outside_a_city_are_errors():
    with pytest.raises(ScopeError):
        Unit.objects.count()


def test_a_lost_password_is_replaced_by_the_office_above(cast):
    seat = Office.objects.get(person=cast.rt_head)
    fresh = services.reset_password(by=cast.lurah, office=seat)
    cast.rt_head.refresh_from_db()
    assert cast.rt_head.check_password(fresh)
    assert cast.rt_head.must_change_password
    assert Act.objects.filter(act="person.reset").exists()
    for other in (cast.neighbour_lurah, cast.ekbang):
        with pytest.raises(PermissionDenied):
            services.reset_password(by=other, office=seat)
    for peer in (cast.ekbang, cast.lurah):
        with pytest.raises(Refused):
            services.reset_password(by=cast.lurah, office=Office.objects.get(person=peer))


def test_the_first_officer_is_entered_once(cast):
    today = timezone.localdate()
    new = {"login": "pertama", "name": "Orang Pertama", "decree_no": "1", "decree_on": today}
    with pytest.raises(Refused):
        services.appoint_first(unit=cast.top, role="government_office", **new)
    Office.objects.filter(role="government_office").delete()
    office, fresh = services.appoint_first(unit=cast.top, role="government_office", **new)
    assert office.person.check_password(fresh)
