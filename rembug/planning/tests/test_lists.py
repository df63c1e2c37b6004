"""The five-year list belongs to the RT, and says where each change comes from."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.people.models import Act, Office
from rembug.planning.models import PlanItem
from rembug.planning.rules import PlanState
from rembug.planning.services.lists import (
    add_item,
    change_item,
    defer_item,
    drop_item,
    take_decisions,
)


def test_a_wish_rests_on_a_meeting_or_says_why_not(cast):
    wish = {"by": cast.rt_head, "unit": cast.rt, "year": 2027, "field": "infra", "title": "Talud"}
    with pytest.raises(Refused, match="Pilih rembug"):
        add_item(**wish)
    item = add_item(**wish, reason="Usulan warga sesudah banjir")
    assert item.state == PlanState.PLANNED


def test_every_fault_of_a_wish_comes_at_once(cast):
    with pytest.raises(Refused) as refusal:
        add_item(by=cast.rt_head, unit=cast.rt, year=19, field="x", title="", cost=-1)
    assert len(refusal.value.reasons) == 5


def test_decisions_are_carried_over_once(cast, held):
    items = {item.pk: 2027 for item in held.items.all()}
    take_decisions(by=cast.rt_head, meeting=held, years=items)
    # What was only discussed is no decision.
    titles = set(PlanItem.objects.values_list("title", flat=True))
    assert titles == {"Paving Gang Melati", "Kursi warga", "Kios bersama"}
    with pytest.raises(Refused, match="belum ada di daftar"):
        take_decisions(by=cast.rt_head, meeting=held, years=items)
    assert PlanItem.objects.count() == 3


def test_a_change_needs_a_reason_and_keeps_what_was(cast, wish):
    new = {"year": wish.year, "field": "infra", "title": "Paving Gang Mawar"}
    with pytest.raises(Refused, match="alasan"):
        change_item(by=cast.rt_head, item=wish, **new, reason=" ")
    change_item(by=cast.rt_head, item=wish, **new, reason="Gang Melati sudah dipaving kota")
    line = Act.objects.filter(act="list.changed").last()
    assert line.detail["before"]["title"] == "Paving Gang Melati"
    assert line.detail["after"]["title"] == "Paving Gang Mawar"
    assert line.about == f"list:{cast.rt.pk}"


def test_deferring_goes_to_a_later_year(cast, wish):
    with pytest.raises(Refused, match="sesudah"):
        defer_item(by=cast.rt_head, item=wish, year=wish.year, reason="Belum perlu")
    item = defer_item(by=cast.rt_head, item=wish, year=wish.year + 2, reason="Belum perlu")
    assert (item.state, item.year) == (PlanState.DEFERRED, wish.year + 2)


def test_a_dropped_wish_stays_readable_and_is_not_changed(cast, wish):
    drop_item(by=cast.rt_head, item=wish, reason="Sudah dikerjakan warga sendiri")
    assert PlanItem.objects.get(pk=wish.pk).state == PlanState.DROPPED
    with pytest.raises(Refused, match="dicoret"):
        drop_item(by=cast.rt_head, item=wish, reason="Sekali lagi")


def test_what_stands_in_a_proposal_is_changed_there(cast, activity, wish):
    with pytest.raises(Refused, match="sudah diusulkan"):
        drop_item(by=cast.rt_head, item=wish, reason="Tidak jadi")


def test_a_stale_page_overwrites_nothing(cast, wish):
    drop_item(by=cast.rt_secretary, item=wish, reason="Sudah ada", version=0)
    with pytest.raises(Refused) as refusal:
        defer_item(by=cast.rt_head, item=wish, year=2040, reason="Nanti saja", version=0)
    assert "Orang lain" in refusal.value.reasons[0]


def test_the_list_outlives_its_head(cast, wish):
    Office.objects.filter(person=cast.rt_head).update(
        ends_on=timezone.localdate() - timedelta(days=1)
    )
    heir = cast.add("heir", ("rt_head", cast.rt, 0))
    cast.rt_head.__dict__.pop("_offices", None)
    with pytest.raises(PermissionDenied):
        drop_item(by=cast.rt_head, item=wish, reason="Saya masih ketua")
    drop_item(by=heir, item=wish, reason="Ganti rencana bersama warga")


@pytest.mark.parametrize("name", ["other_rt_head", "rw_head", "lurah", "neighbour"])
def test_only_the_board_of_the_rt_edits_its_list(cast, wish, name):
    with pytest.raises(PermissionDenied):
        drop_item(by=getattr(cast, name), item=wish, reason="Bukan urusan saya")


def test_a_meeting_of_another_rt_is_no_ground(cast, held):
    with pytest.raises(Refused, match="rembug dari wilayah ini"):
        add_item(
            by=cast.other_rt_head,
            unit=cast.rt2,
            year=2027,
            field="infra",
            title="Paving",
            meeting=held,
        )


@pytest.mark.fault("item-22")
def test_the_list_reaches_as_far_as_the_rules_say(cast, held):
    told = {"by": cast.rt_head, "unit": cast.rt, "field": "infra", "title": "Gapura"}
    last = cast.year.year + cast.year.book.meeting.list_years - 1
    assert add_item(**told, year=last, meeting=held)
    with pytest.raises(Refused, match=f"sampai tahun {last}"):
        add_item(**told, year=last + 1, meeting=held)
