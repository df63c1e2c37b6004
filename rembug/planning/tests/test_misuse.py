"""What nobody should send, sent: strange digits, pastes without end, old tabs, other people's things."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.files.models import File
from rembug.files.services import store_document
from rembug.people.sending import new_key
from rembug.planning.models import Activity, Meeting, PlanItem, Proposal
from rembug.planning.rules import LONGEST_LIST, PlanState, attendance_faults, attendees
from rembug.planning.services.lists import drop_item
from rembug.planning.services.proposals import (
    ActivityDraft,
    save_activity,
    start_proposal,
    state_reasons,
    submit_proposal,
)
from rembug.planning.services.verification import pass_proposal
from rembug.planning.tests.conftest import step_down
from rembug.programs.models import YearState
from tests.cast import open_year, picture

STRANGE = ["²", "٣", "9" * 30, "9" * 5000, "-1", "1e3", "nan", " "]


@pytest.fixture
def send(client, cast, sign_in):
    """Send a page as somebody."""

    def to(who, view, /, *args, **data):
        sign_in(getattr(cast, who))
        url = "/uji" + reverse(view, urlconf="rembug.city_urls", args=args)
        return client.post(url, {"key": new_key(), **data})

    return to


@pytest.mark.parametrize("text", STRANGE)
def test_numbers_that_are_none_are_refused_and_break_nothing(send, cast, activity, held, text):
    """Digits of other scripts, keys longer than any column, signs: told in words, never a crash."""
    pk = activity.proposal_id
    line = {"baris-TOTAL_FORMS": 1, "baris-INITIAL_FORMS": 0, "baris-0-item": text}
    named = {"name": "Talud", "field": "infra", "off_list_reason": "Mendesak"}
    before = Activity.objects.count(), PlanItem.objects.count(), Proposal.objects.count()
    for page in (
        send("rt_head", "planning:list_add", do="take", decision=[text]),
        send("rt_head", "planning:list_add", do="take", **{f"year-{held.items.first().pk}": text}),
        send("rt_head", "planning:proposal", pk, remove=text),
        send("rt_head", "planning:proposal_new", year=text),
        send("rt_head", "planning:activity_new", pk, **named, **line, pakai=text),
        send("rt_head", "planning:activity_new", pk, **named, **line),
        send("rt_head", "planning:activity_new", pk, **{"baris-TOTAL_FORMS": text, "tambah": "1"}),
        send("rt_head", "planning:composition", pk, activity=text, **line),
        send("rt_head", "planning:meeting_hold", held.pk, **{"hal-TOTAL_FORMS": text, "more": "1"}),
        send("rw_head", "planning:recap", usulan=[f"{text}-{text}", text], tahun=text),
        send("rw_head", "planning:meeting_sign", held.pk, version=text),
        send("rw_head", "planning:verify", pk, do="pass", version=text, tier=text),
    ):
        assert page.status_code < 500
    assert before == (Activity.objects.count(), PlanItem.objects.count(), Proposal.objects.count())


@pytest.mark.parametrize("year", ["²²²²", "9999", "0000", "٢٠٢٦"])
def test_years_that_are_none(client, cast, sign_in, year):
    sign_in(cast.rt_head)
    assert client.get(f"/uji/harga/?tahun={year}&q=semen").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_a_slip(send, cast, day):
    data = {"title": "x", "place": "y", "clock": "19.00", "day": day}
    page = send("rt_head", "planning:meeting_new", year=timezone.localdate().year, **data)
    assert page.status_code == 422 and not Meeting.objects.exists()


def test_a_name_with_endless_spaces_is_read_at_once():
    start = time.perf_counter()
    found = attendees("a" + " " * 30_000 + "b\n" + "( " * 15_000)
    assert time.perf_counter() - start < 1
    assert found[0].name == "a b"


def test_a_pasted_list_has_an_end():
    names = attendees("\n".join(f"Warga {n}" for n in range(10_000)))
    assert len(names) == 10_000
    faults = attendance_faults(5_000, 5_000, names, "dari daftar")
    assert len(faults) == 1 and str(LONGEST_LIST) in faults[0].replace(".", "")


def test_one_wish_stands_in_one_proposal(cast, activity):
    """Two years are open; a tab left open offers a wish that the other year's proposal took."""
    later = open_year(cast.city, cast.program, cast.year.year + 1, cast.units)
    other = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=later)
    wish = PlanItem.objects.get(pk=activity.plan_item_id)
    draft = ActivityDraft("infra", "Paving lagi", plan_item=wish)
    with pytest.raises(Refused, match="sudah diusulkan"):
        save_activity(by=cast.rt_head, proposal=other, draft=draft, lines=[])


def test_a_wish_struck_out_meanwhile_is_not_taken(cast, proposal, wish):
    seen = PlanItem.objects.get(pk=wish.pk)
    drop_item(by=cast.rt_secretary, item=wish, reason="Sudah dibangun")
    with pytest.raises(Refused, match="sudah dicoret"):
        save_activity(
            by=cast.rt_head,
            proposal=proposal,
            draft=ActivityDraft("infra", "Paving", plan_item=seen),
            lines=[],
        )
    wish.refresh_from_db()
    assert wish.state == PlanState.DROPPED


def test_a_closed_year_takes_nothing_more(cast, activity):
    proposal = activity.proposal
    cast.year.state = YearState.CLOSED
    cast.year.save()
    draft = ActivityDraft("infra", "Paving", off_list_reason="Mendesak sekali")
    for act in (
        lambda: save_activity(by=cast.rt_head, proposal=proposal, draft=draft, lines=[]),
        lambda: submit_proposal(by=cast.rt_head, proposal=proposal),
    ):
        with pytest.raises(Refused, match="sudah ditutup"):
            act()


def test_a_closed_year_is_not_verified(cast, submitted):
    cast.year.state = YearState.CLOSED
    cast.year.save()
    with pytest.raises(Refused, match="sudah ditutup"):
        pass_proposal(by=cast.rw_head, proposal=submitted)


def test_who_wrote_a_proposal_never_verifies_it(cast, submitted):
    """The secretary who filled it in leaves the RT and is appointed at the kelurahan."""
    draft = Activity.objects.get()
    Proposal.objects.update(state="draft", tier="")
    save_activity(
        by=cast.rt_secretary,
        proposal=submitted,
        activity=draft,
        draft=ActivityDraft("infra", "Paving gang", plan_item=draft.plan_item),
        lines=[],
    )
    Proposal.objects.update(state="submitted", tier="kelurahan")
    step_down(cast.rt_secretary)
    cast.seat(cast.rt_secretary, "ekbang", cast.kelurahan)
    with pytest.raises(Refused, match="Orang lain"):
        pass_proposal(by=cast.rt_secretary, proposal=Proposal.objects.get())


def test_no_two_desks_are_one_person(cast, submitted):
    cast.seat(cast.rw_head, "ekbang", cast.kelurahan)
    cast.seat(cast.rw_head, "planning_office", cast.top)
    passed = pass_proposal(by=cast.rw_head, proposal=submitted)
    with pytest.raises(Refused, match="Orang lain"):
        pass_proposal(by=cast.rw_head, proposal=passed)


def test_reasons_are_not_written_over_by_an_old_tab(send, cast, activity):
    """Head and secretary both write why a field is skipped; the later one is told."""
    proposal = activity.proposal
    old = proposal.version - 1
    data = {"do": "statements", "surat-x": "", "version": old}
    page = send("rt_head", "planning:proposal", proposal.pk, **data)
    assert page.status_code == 422 and "baru saja diubah" in page.content.decode()


def test_an_activity_changed_meanwhile_is_not_taken_out(send, cast, activity):
    data = {"remove": activity.pk, "version": activity.version - 1}
    page = send("rt_head", "planning:proposal", activity.proposal_id, **data)
    assert page.status_code == 422 and Activity.objects.exists()


def test_only_photographs_are_kept_as_photographs(send, cast, called):
    """A scan of somebody's paper does not become a photo of the meeting by its fingerprint."""
    paper = store_document(cast.city, picture(seed=8))
    data = {"men": 1, "women": 0, "kept": [paper.sha256], "version": called.version}
    data |= {"hal-TOTAL_FORMS": 1, "hal-INITIAL_FORMS": 0, "hal-0-title": "Paving"}
    data |= {"hal-0-field": "infra", "hal-0-outcome": "decided"}
    send("rt_head", "planning:meeting_hold", called.pk, **data)
    assert not called.photos.exists() and File.objects.count() == 1


def test_an_old_office_plans_nothing(cast, activity):
    step_down(cast.rt_head)
    with pytest.raises(PermissionDenied):
        state_reasons(by=cast.rt_head, proposal=activity.proposal, statements={})


def test_control_signs_do_not_reach_the_books(send, cast):
    day = (timezone.localdate() + timedelta(days=2)).isoformat()
    data = {
        "title": "Rem\u2069bug\x07\x1b[0m",
        "place": "Balai\u200b",
        "clock": "19.00",
        "day": day,
    }
    send("rt_head", "planning:meeting_new", year=timezone.localdate().year, **data)
    assert Meeting.objects.get().title == "Rembug[0m"
