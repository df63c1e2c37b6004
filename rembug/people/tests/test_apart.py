"""Duties kept apart: one chain, one desk a person; who pays is seen by two; question and filter agree."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.people import rules, services
from rembug.people.authority import holds, within_reach
from rembug.people.models import DeskItem, Office
from rembug.people.rules import ROLES, clash, kept_from
from rembug.regions.models import Unit

pytestmark = pytest.mark.fault("item-21")


# ---- what was done on a thread -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "done", "kept"),
    [
        # Attack 11: passed at the kelurahan, then appointed to the city's desk.
        ("report.verify.city", [("report.verified.kelurahan", "")], True),
        ("report.verify.kelurahan", [("report.verified.city", "")], True),
        ("report.verify.kelurahan", [("report.verified.kelurahan", "")], False),
        # Who gave it back at one desk does not sit at the next.
        ("report.verify.city", [("report.returned", "kecamatan")], True),
        ("report.verify.city", [("report.returned", "city")], False),
        ("proposal.verify.city", [("proposal.rejected", "rw")], True),
        ("proposal.verify.rw", [("proposal.submitted", None)], True),
        ("proposal.verify.rw", [("proposal.changed", None)], True),
        ("proposal.verify.rw", [("meeting.called", None)], False),
        # A desk nobody has listed anywhere is kept apart all the same.
        ("report.verify.facilitator", [("report.verified.kelurahan", "")], True),
        ("report.verify.facilitator", [("report.submitted", "")], True),
        # Payments, in whatever order.
        ("tranche.bill", [("tranche.paid", None)], True),
        ("tranche.pay", [("tranche.ordered", None)], True),
        ("tranche.pay", [("tranche.paid", None)], False),
        ("tranche.verify", [("tranche.requested", None)], True),
        ("spj.verify", [("receipt.added", None)], True),
        ("comment.answer", [("receipt.added", None)], False),
    ],
)
def test_one_chain_one_desk_a_person(act, done, kept):
    assert kept_from(act, done) is kept


def test_a_chain_that_names_no_authors_is_closed():
    with pytest.raises(KeyError):
        kept_from("loan.verify.rw", [("loan.submitted", None)])


def test_every_desk_of_an_office_belongs_to_a_chain_with_authors():
    tiered = {act for acts in ROLES.values() for act in acts if ".verify." in act}
    assert tiered and {act.partition(".verify.")[0] for act in tiered} <= set(rules.AUTHORS)


# ---- what one person may hold --------------------------------------------------------------------

PLACE, ABOVE, BESIDE = "99.71.01.1001", "99.71.01", "99.71.01.1002"


@pytest.mark.parametrize(
    ("role", "place", "held", "clashing"),
    [
        ("lurah", PLACE, [("treasurer", PLACE)], True),
        ("lurah", PLACE, [("camat", ABOVE)], True),
        ("camat", ABOVE, [("lurah", PLACE)], True),
        ("lurah", BESIDE, [("lurah", PLACE)], False),
        ("lurah", BESIDE, [("ppk", PLACE)], False),
        ("finance_office", "99.71", [("ppk", PLACE)], True),
        ("finance_office", "99.71", [("auditor", "99.71")], True),
        ("auditor", "99.71", [("rt_head", PLACE + ".001.001")], True),
        ("lurah", PLACE, [("pokmas_head", PLACE)], True),
        ("ppk", PLACE, [("pokmas_treasurer", PLACE)], True),
        ("monitoring_office", "99.71", [("pokmas_secretary", PLACE)], True),
        ("kecamatan_team", ABOVE, [("monitoring_office", "99.71")], True),
        ("rt_head", PLACE + ".001.001", [("pokmas_head", PLACE)], False),
        ("rw_head", PLACE + ".001", [("rt_head", PLACE + ".001.001")], False),
        ("ekbang", BESIDE, [("ekbang", PLACE)], False),
    ],
)
def test_who_may_hold_what_beside_what(role, place, held, clashing):
    assert clash(role, place, held) is clashing


def test_no_two_roles_of_one_chain_can_be_held_over_one_place():
    """Asked of the offices themselves: whoever may let a thing pass at two desks of one place."""
    for one, acts in ROLES.items():
        for other, others in ROLES.items():
            desks = {a for a in acts if ".verify." in a}, {a for a in others if ".verify." in a}
            things = [{a.partition(".verify.")[0] for a in some} for some in desks]
            if one != other and things[0] & things[1] and desks[0] != desks[1]:
                assert clash(one, "99.71", [(other, "99.71")]), (one, other)


def decree(cast, person, role, unit, by=None):
    day = timezone.localdate()
    told = {"decree_no": "821/7/2026", "decree_on": day, "starts_on": day}
    by = by or cast.government_office
    return services.appoint(by=by, person=person, role=role, unit=unit, **told)


@pytest.mark.fault("attack-11")
def test_a_member_of_a_pokmas_is_not_appointed_over_it(cast):
    head = cast.add("ketua", ("pokmas_head", cast.kelurahan, 7))
    for role, unit in (
        ("lurah", cast.kelurahan),
        ("ppk", cast.kelurahan),
        ("ekbang", cast.kelurahan),
        ("kecamatan_team", cast.kecamatan),
        ("monitoring_office", cast.top),
    ):
        with pytest.raises(Refused, match="memutuskan, memeriksa"):
            decree(cast, head, role, unit)


# ---- two persons for an office that pays ---------------------------------------------------------


@pytest.mark.fault("attack-11")
def test_an_office_that_pays_is_in_force_only_when_a_second_officer_confirms(cast):
    old = Office.objects.get(role="finance_office")
    fresh = cast.add("bud_baru")
    made = decree(cast, fresh, "finance_office", cast.top)
    assert made.state == "proposed" and not holds(fresh, "tranche.pay", at=cast.rt)
    assert holds(old.person, "tranche.pay", at=cast.rt)
    assert DeskItem.objects.get(act="office.confirm", closed_at=None).unit == cast.top
    for wrong in (cast.government_office, fresh, cast.lurah, cast.auditor, cast.resident):
        with pytest.raises(PermissionDenied):
            services.confirm_office(by=wrong, office=made)
        with pytest.raises(PermissionDenied):
            services.decline_office(by=wrong, office=made, why="Nomor SK tidak cocok.")
    services.confirm_office(by=cast.mayor, office=made)
    for person in (fresh, old.person):
        person.__dict__.pop("_offices", None)
    assert holds(fresh, "tranche.pay", at=cast.rt)
    old.refresh_from_db()
    assert old.ends_on == timezone.localdate() - timedelta(days=1)
    assert not DeskItem.objects.filter(act="office.confirm", closed_at=None).exists()
    with pytest.raises(Refused, match="sudah diputuskan"):
        services.confirm_office(by=cast.mayor, office=made)


def test_who_confirms_was_not_put_there_by_who_enters(cast):
    """One officer cannot be both pairs of eyes through a second seat of their own making."""
    puppet = cast.add("boneka")
    seat = decree(cast, puppet, "government_office", cast.top, by=cast.government_office)
    assert seat.state == "proposed" and not holds(puppet, "office.confirm", at=cast.top)
    services.confirm_office(by=cast.mayor, office=seat)
    puppet.__dict__.pop("_offices", None)
    # In force now, yet never for what the same hand enters.
    entered = Office.objects.create(
        city=cast.city,
        person=cast.add("bpp_baru"),
        role="treasurer",
        unit=cast.kelurahan,
        decree_no="1",
        decree_on=timezone.localdate(),
        starts_on=timezone.localdate(),
        state="proposed",
        entered_by=cast.government_office,
    )
    with pytest.raises(PermissionDenied):
        services.confirm_office(by=puppet, office=entered)
    services.confirm_office(by=cast.mayor, office=entered)


def test_a_decree_that_is_not_confirmed_changes_nothing(cast):
    fresh = cast.add("bpp_baru")
    made = decree(cast, fresh, "treasurer", cast.kelurahan, by=cast.camat)
    with pytest.raises(Refused, match="paling sedikit 10 huruf"):
        services.decline_office(by=cast.government_office, office=made, why="tidak")
    services.decline_office(by=cast.government_office, office=made, why="Nomor SK tidak cocok.")
    assert holds(cast.treasurer, "tranche.bill", at=cast.rt)
    assert not holds(fresh, "tranche.bill", at=cast.rt)
    # The seat can be given again.
    decree(cast, fresh, "treasurer", cast.kelurahan, by=cast.camat)
    with pytest.raises(Refused, match="masih menunggu pengesahan"):
        decree(cast, cast.add("lain"), "treasurer", cast.kelurahan, by=cast.camat)


def test_what_changed_while_a_decree_waited_is_asked_again(cast):
    fresh = cast.add("ppk_baru")
    made = decree(cast, fresh, "ppk", cast.kelurahan, by=cast.camat)
    cast.seat(fresh, "lurah", cast.units["99.71.01.1001"])
    with pytest.raises(Refused, match="harus terpisah"):
        services.confirm_office(by=cast.government_office, office=made)
    assert Office.objects.get(pk=made.pk).state == "proposed"


def test_a_decree_is_confirmed_on_its_page(cast, sign_in):
    made = decree(cast, cast.add("bpp_baru"), "treasurer", cast.kelurahan, by=cast.camat)
    page = f"/uji/jabatan/{made.pk}/sahkan/"
    assert sign_in(cast.camat).get(page).status_code == 403
    desk = sign_in(cast.mayor)
    assert "821/7/2026" in desk.get(page).content.decode()
    refused = desk.post(page, {"do": "decline", "why": "", "key": "a" * 20})
    assert refused.status_code == 422 and "paling sedikit 10 huruf" in refused.content.decode()
    assert desk.post(page, {"do": "confirm", "key": "b" * 20}).status_code == 302
    assert Office.objects.get(pk=made.pk).state == "valid"


# ---- the question and the filter -----------------------------------------------------------------


@pytest.mark.fault("item-24", "attack-14")
def test_the_filter_answers_what_the_question_answers_for_every_act_and_office(cast):
    """Over all places of the cast, for every right of every role, inside a pokmas and outside."""
    everywhere = list(Unit.objects.all())
    for role, (kind, _title) in rules.ROLE_SEATS.items():
        inside = role.startswith("pokmas_")
        seat = next(unit for unit in everywhere if unit.kind == str(kind))
        person = cast.add(f"uji_{role}", (role, seat, 7 if inside else 0))
        for act in ROLES[role] | {"tidak.ada"}:
            reach = within_reach(person, act, "about_unit")
            seen = set(DeskItem.objects.filter(reach).values_list("about_unit", flat=True))
            asked = {unit.pk for unit in everywhere if holds(person, act, at=unit)}
            assert seen == asked, (role, act)
            own = within_reach(person, act, "about_unit", body="body")
            seen = set(DeskItem.objects.filter(own, body=7).values_list("about_unit", flat=True))
            asked = {unit.pk for unit in everywhere if holds(person, act, at=unit, body=7)}
            assert seen == asked, (role, act, "in its pokmas")


@pytest.fixture(autouse=True)
def _something_everywhere(cast):
    """One row at each place, of no pokmas and of pokmas 7 and 8."""
    now = timezone.now()
    DeskItem.objects.bulk_create(
        DeskItem(
            city=cast.city,
            act="uji",
            unit=unit,
            about_unit=unit,
            body=body,
            thing=f"uji:{unit.pk}:{body}",
            title="",
            path="",
            opened_at=now,
        )
        for unit in Unit.objects.all()
        for body in (0, 7, 8)
    )
