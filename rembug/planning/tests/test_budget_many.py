"""One DPA for many RT: all or none, every reason named, and the next matter after deciding."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.ledger.services import audit
from rembug.people.desk import following, open_item
from rembug.people.models import DeskItem
from rembug.planning.models import Proposal
from rembug.planning.services.budget import budget_several
from rembug.planning.tests.test_pages import go, text  # noqa: F401

pytestmark = pytest.mark.fault("screen-A10", "screen-G5")


@pytest.fixture
def second(cast, verified):
    """A verified proposal of the neighbour RT, without activities of its own yet."""
    other = Proposal.objects.get(pk=verified.pk)
    other.pk, other.unit, other.meeting = None, cast.rt2, None
    other._state.adding = True
    other.save()
    return other


def test_all_enter_under_one_number(cast, verified, second):
    done = budget_several(
        by=cast.planning_office,
        proposals=[(verified, verified.version), (second, second.version)],
        document="DPA/7",
    )
    assert len(done) == 2
    assert set(Proposal.objects.values_list("budget_doc", "state")) == {("DPA/7", "budgeted")}
    assert not audit(cast.city)


def test_one_that_cannot_enter_keeps_all_out_and_is_named(cast, verified, second):
    with pytest.raises(Refused) as refused:
        budget_several(
            by=cast.planning_office,
            proposals=[(verified, verified.version), (second, second.version - 1)],
            document="DPA/7",
        )
    assert [str(one) for one in refused.value.reasons] == [
        f"{second.unit.full_label}: Usulan ini berubah sejak Anda membukanya. Periksa lagi."
    ]
    assert set(Proposal.objects.values_list("state", flat=True)) == {"verified"}
    assert DeskItem.objects.filter(act="contract.prepare").count() == 0


def test_what_is_wrong_with_all_is_said_once(cast, verified, second):
    pairs = [(verified, verified.version), (second, second.version - 1)]
    with pytest.raises(Refused) as refused:
        budget_several(by=cast.planning_office, proposals=pairs, document=" ")
    said = [str(one) for one in refused.value.reasons]
    assert said[0] == "Tulis nomor DPA." and len(said) == 2 and second.unit.full_label in said[1]
    with pytest.raises(Refused):
        budget_several(by=cast.planning_office, proposals=[], document="DPA/7")
    with pytest.raises(PermissionDenied):
        budget_several(by=cast.lurah, proposals=pairs, document="DPA/7")


def test_the_page_ticks_a_kelurahan(go, cast, verified, second):  # noqa: F811
    shown = text(go("planning_office", "planning:budget_many"))
    assert cast.kelurahan.label in shown
    query = f"?kelurahan={cast.kelurahan.code}"
    shown = text(go("planning_office", "planning:budget_many", query=query))
    keys = [f"{row.pk}-{row.version}" for row in (verified, second)]
    assert all(f'value="{key}" checked' in shown for key in keys)
    data = {"kelurahan": cast.kelurahan.code, "usulan": keys, "on": "2000-01-01"}
    refused = go("planning_office", "planning:budget_many", data=data)
    assert refused.status_code == 422 and "Tulis nomor DPA" in text(refused)
    today = timezone.localdate().isoformat()
    done = go(
        "planning_office", "planning:budget_many", data=data | {"on": today, "document": "D/1"}
    )
    assert done.status_code == 302
    assert set(Proposal.objects.values_list("budget_doc", flat=True)) == {"D/1"}


@pytest.mark.fault("screen-A25", "screen-G14")
def test_after_deciding_comes_the_next_of_its_kind(go, cast, verified, second):  # noqa: F811
    open_item(
        act="proposal.budget", thing=second, about=cast.rt2, title="Masukkan anggaran: RT 02",
        path=f"usulan/{second.pk}/dpa/",
    )  # fmt: skip
    # Something else waits longer; the same kind comes first all the same.
    open_item(
        act="proposal.verify.city",
        thing=cast.rt2,
        about=cast.rt2,
        title="Periksa usulan",
        path="usulan/999/",
        at=timezone.now() - timedelta(days=9),
    )
    beside = text(go("planning_office", "planning:budget", verified.pk))
    assert f'href="/uji/usulan/{second.pk}/dpa/"' in beside and "desk-side" in beside
    assert cast.planning_office.name in beside and "Keluar" in beside
    today = timezone.localdate().isoformat()
    told = {"document": "D/1", "on": today}
    data = told | {"version": verified.version}
    done = go("planning_office", "planning:budget", verified.pk, data=data)
    assert done["Location"] == f"/uji/usulan/{second.pk}/dpa/"
    DeskItem.objects.filter(path="usulan/999/").update(closed_at=timezone.now())
    data = told | {"version": second.version}
    done = go("planning_office", "planning:budget", second.pk, data=data)
    assert done["Location"] == "/uji/meja/"
    with scope(city=cast.city):
        assert following(cast.planning_office, "usulan/12345/") is None
