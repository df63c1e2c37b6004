"""What a desk shows of empty and held seats, and how a seat is called."""

import pytest
from django.utils import timezone

from rembug.people import desk
from rembug.people.acts import Lines
from rembug.people.authority import seat_title, within_reach
from rembug.people.models import DeskItem, Office
from rembug.people.rules import ROLES, holders, seat_of


def wait(cast, act, about, body=0):
    return desk.open_item(act=act, thing=about, about=about, title=act, path="x/", body=body)


def test_only_an_empty_seat_is_blocked(cast):
    """A held and an empty seat side by side; the empty one alone is told, with its money."""
    wait(cast, "proposal.verify.kelurahan", cast.rt)
    item = wait(cast, "tranche.verify", cast.rt)
    DeskItem.objects.filter(pk=item.pk).update(amount=5_000_000)
    assert desk.blocked(cast.camat) == []
    Office.objects.filter(role="ppk").delete()
    (empty,) = desk.blocked(cast.camat)
    assert (empty.act, empty.unit, empty.count, empty.amount) == (
        "tranche.verify",
        cast.kelurahan,
        1,
        5_000_000,
    )
    assert empty.seat == seat_title("tranche.verify", cast.city, "kelurahan")


def test_who_must_act_is_whoever_carries_the_act_at_that_unit(cast):
    """Two offices at one unit: each item names its own."""
    one = wait(cast, "proposal.verify.kelurahan", cast.rt)
    other = wait(cast, "tranche.bill", cast.rt)
    desk.who_must([one, other])
    assert [o.person for o in one.holders] == [cast.ekbang]
    assert [o.person for o in other.holders] == [cast.treasurer]


def test_a_pokmas_item_waits_for_its_own_pokmas(cast):
    ours = cast.add("ketua7", ("pokmas_head", cast.kelurahan, 7))
    theirs = cast.add("ketua8", ("pokmas_head", cast.kelurahan, 8))
    item = wait(cast, "contract.sign", cast.rt, body=7)
    desk.who_must([item])
    assert [o.person for o in item.holders] == [ours]
    assert desk.inbox(ours).count() == 1 and desk.inbox(theirs).count() == 0


def test_an_act_of_ones_own_unit_does_not_reach_below(cast):
    """The head of an RW edits the list of the RW, and a filter by that act gives no RT of it."""
    for unit in (cast.rw, cast.rt):
        wait(cast, "list.edit", unit)
    seen = DeskItem.objects.filter(within_reach(cast.rw_head, "list.edit", "about_unit"))
    assert [row.about_unit for row in seen] == [cast.rw]
    below = DeskItem.objects.filter(within_reach(cast.rw_head, "plan.read", "about_unit"))
    assert {row.about_unit for row in below} == {cast.rw, cast.rt}


@pytest.mark.parametrize("kind", ["rt", "rw"])
def test_a_seat_is_called_by_where_its_desk_stands(cast, kind):
    """The same act waits for the head of an RT or of an RW."""
    title = {"rt": "Ketua RT", "rw": "Ketua RW"}[kind]
    assert seat_title("proposal.submit", cast.city, kind) == title
    cast.city.role_titles = {"rw_head": "Kepala RW"}
    assert seat_title("proposal.submit", cast.city, "rw") == "Kepala RW"


def test_the_desk_of_every_act_stands_where_an_office_carries_it(cast):
    """The lowest of the units whose offices hold it."""
    for act in {act for acts in ROLES.values() for act in acts}:
        assert holders(act) and seat_of(act) in {"rt", "rw", "kelurahan", "kecamatan", "city"}


def test_bulk_lines_freshen_the_public_pages_too(cast, django_capture_on_commit_callbacks):
    before = cast.city.stamp
    with django_capture_on_commit_callbacks(execute=True):
        lines = Lines(cast.city)
        lines.add(cast.lurah.pk, "test.done", "uji:1", timezone.now())
        lines.write()
    cast.city.refresh_from_db()
    assert cast.city.stamp != before
