# ruff: noqa: F401, F811
"""What was given back is shown as it was sent, until it is sent again; what is taken out stays readable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.cache import caches

from rembug.core.refusal import Refused
from rembug.execution.services.comments import add_comment
from rembug.people.sending import new_key
from rembug.planning.models import Activity, PlanItem, Proposal
from rembug.planning.rules import CostLine, PlanState, Stage
from rembug.planning.services.lists import add_item
from rembug.planning.services.proposals import (
    ActivityDraft,
    remove_activity,
    save_activity,
    submit_proposal,
)
from rembug.planning.services.reviews import activities_of, content_digest
from rembug.planning.services.verification import return_proposal
from rembug.planning.tests.conftest import (
    activity,
    called,
    held,
    paving,
    proposal,
    signed,
    submitted,
    wish,
)

WHY = "Volume paving tidak cocok dengan panjang gang."
NEW = "Paving yang belum dikirim"


@pytest.fixture
def returned(cast, submitted):
    return return_proposal(by=cast.rw_head, proposal=submitted, why=WHY)


def _lines(prices, volume=390_000):
    item = prices["Paving K-175"]
    return [CostLine(item.name, item.unit, item.group, volume, 80_000, 80_000, item.pk)]


def _mend(cast, row, prices, **told):
    fresh = Activity.objects.get(pk=row.pk)
    draft = ActivityDraft("infra", NEW, place="Gang baru", plan_item=fresh.plan_item)
    return save_activity(
        by=cast.rt_head,
        proposal=Proposal.objects.get(pk=row.proposal_id),
        activity=fresh,
        draft=replace(draft, **told),
        lines=_lines(prices),
    )


def _open_pages(client, row) -> str:
    addresses = ["", "kegiatan/", "kegiatan/unduh.csv", f"kegiatan/{row.pk}/", "cari/?q=paving"]
    found = []
    for each in [*addresses, f"rt/{row.unit.code}/", f"wilayah/{row.unit.parent.code}/"]:
        answer = client.get(f"/uji/{each}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found.append(body.decode())
    return "\n".join(found)


@pytest.mark.fault("attack-13", "item-25")
def test_everybody_sees_it_as_it_was_sent_until_it_is_sent_again(
    cast,
    client,
    activity,
    returned,
    prices,
):
    before = _open_pages(client, activity)
    assert "Paving Gang Melati" in before and "32.000.000" in before
    row = _mend(cast, activity, prices)
    assert (row.name, row.cost) == (NEW, 31_200_000)
    caches["pages"].clear()
    now = _open_pages(client, activity)
    assert NEW not in now and "Gang baru" not in now and "31.200.000" not in now
    assert "Paving Gang Melati" in now and "32.000.000" in now
    mine = activities_of(Proposal.objects.get(pk=returned.pk))
    assert [(each.name, each.cost, len(each.lines.all())) for each in mine] == [
        (NEW, 31_200_000, 1)
    ]
    submit_proposal(by=cast.rt_head, proposal=returned)
    caches["pages"].clear()
    sent = _open_pages(client, activity)
    assert NEW in sent and "Gang baru" in sent and "31.200.000" in sent
    stored = Activity.objects.get(pk=activity.pk)
    assert (stored.name, stored.cost, stored.mending) == (NEW, 31_200_000, {})
    assert stored.lines.get().volume_milli == 390_000


@pytest.mark.fault("attack-13")
def test_who_mends_sees_and_mends_what_was_mended(cast, sign_in, activity, returned, prices):
    _mend(cast, activity, prices)
    client = sign_in(cast.rt_head)
    text = client.get(f"/uji/usulan/{returned.pk}/").content.decode()
    assert NEW in text and "31.200.000" in text and "32.000.000" not in text
    form = client.get(f"/uji/usulan/{returned.pk}/kegiatan/{activity.pk}/").content.decode()
    assert NEW in form and "Gang baru" in form
    _mend(cast, activity, prices, name="Paving kedua kali")
    assert activities_of(returned)[0].name == "Paving kedua kali"


def test_what_is_sent_is_what_was_decided_about(cast, activity, returned, prices):
    """The content by which the record knows a proposal is the same before and after it is put in place."""
    _mend(cast, activity, prices)
    mended = content_digest(Proposal.objects.get(pk=returned.pk))
    sent = submit_proposal(by=cast.rt_head, proposal=returned)
    after = content_digest(Proposal.objects.get(pk=sent.pk))
    assert mended == after


def test_two_at_once_are_told(cast, activity, returned, prices):
    _mend(cast, activity, prices)
    with pytest.raises(Refused, match="Orang lain"):
        save_activity(
            by=cast.rt_head,
            proposal=returned,
            activity=activity,
            draft=ActivityDraft("infra", "Lain", plan_item=activity.plan_item),
            lines=_lines(prices),
            version=activity.version,
        )


@pytest.mark.fault("attack-7", "item-25")
def test_what_residents_spoke_of_can_be_taken_out_and_stays_to_be_read(
    cast,
    client,
    sign_in,
    activity,
    returned,
    prices,
):
    add_comment(activity=activity, name="", text="Gangnya sempit", matches=None, key=new_key())
    second = save_activity(
        by=cast.rt_head,
        proposal=returned,
        draft=ActivityDraft("infra", "Saluran air", off_list_reason="banjir tiap hujan"),
        lines=_lines(prices, 400_000),
    )
    page = f"/uji/usulan/{returned.pk}/"
    inside = sign_in(cast.rt_head)
    answer = inside.post(
        page, {"remove": activity.pk, "version": activity.version, "key": new_key()}
    )
    assert answer.status_code == 302
    assert [each.pk for each in activities_of(returned)] == [second.pk]
    client.logout()
    assert "Paving Gang Melati" in client.get(f"/uji/kegiatan/{activity.pk}/").content.decode()
    with pytest.raises(Refused, match="sudah dihapus"):
        remove_activity(by=cast.rt_head, activity=activity)
    submit_proposal(by=cast.rt_head, proposal=Proposal.objects.get(pk=returned.pk))
    gone = Activity.objects.get(pk=activity.pk)
    assert gone.stage == Stage.WITHDRAWN and gone.plan_item is None
    assert PlanItem.objects.get().state == PlanState.PLANNED
    caches["pages"].clear()
    text = client.get(f"/uji/kegiatan/{activity.pk}/").content.decode()
    assert "Ditarik RT dari usulannya" in text and "Gangnya sempit" in text
    assert "Ditarik dari usulan RT" in text  # who took it out, and when
    assert Activity.objects.get(pk=second.pk).stage == Stage.PLAN


def test_what_nobody_saw_goes_without_a_trace(cast, activity):
    remove_activity(by=cast.rt_head, activity=activity)
    assert not Activity.objects.exists()


def test_a_wish_that_was_let_go_may_be_taken_by_another(cast, activity, returned, prices):
    other = add_item(
        by=cast.rt_head,
        unit=cast.rt,
        year=cast.year.year,
        field="infra",
        title="Saluran",
        reason="baru",
    )
    wish_ = activity.plan_item
    _mend(cast, activity, prices, plan_item=other)
    made = save_activity(
        by=cast.rt_head,
        proposal=returned,
        draft=ActivityDraft("infra", "Paving lain", plan_item=wish_),
        lines=_lines(prices, 100_000),
    )
    submit_proposal(by=cast.rt_head, proposal=Proposal.objects.get(pk=returned.pk))
    assert Activity.objects.get(pk=made.pk).plan_item_id == wish_.pk
    assert Activity.objects.get(pk=activity.pk).plan_item_id == other.pk
