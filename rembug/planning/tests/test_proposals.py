"""Proposals: filled from the list and the price standard, held against the book, submitted when sound."""

import pytest
from django.core.exceptions import PermissionDenied

from rembug.core.refusal import Refused
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity, Proposal, RabLine
from rembug.planning.rules import CostLine, PlanState, ProposalState, Stage
from rembug.planning.services.proposals import (
    ActivityDraft,
    attach_paper,
    remove_activity,
    save_activity,
    start_proposal,
    state_reasons,
    submit_proposal,
)
from rembug.planning.services.reviews import content_digest, review

OFF_LIST = ActivityDraft("infra", "Talud gang", off_list_reason="Longsor minggu lalu")


def line(price=50_000, volume=1_000, **more):
    quotes = "Toko A 50.000; Toko B 51.000; Toko C 52.000"
    sound = {"name": "Batu kali", "measure": "m3", "group": "bahan", "quotes": quotes}
    return CostLine(volume=volume, price=price, **{**sound, **more})


def test_one_proposal_for_an_rt_and_a_year(cast, proposal):
    assert proposal.state == ProposalState.DRAFT
    assert DeskItem.objects.get(act="proposal.submit", closed_at=None).unit == cast.rt
    with pytest.raises(Refused, match="sudah punya usulan"):
        start_proposal(by=cast.rt_secretary, unit=cast.rt, program_year=cast.year)


def test_a_closed_year_starts_nothing(cast):
    cast.year.state = "closed"
    with pytest.raises(Refused, match="belum dibuka"):
        start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    assert not Proposal.objects.exists()


def test_an_rt_without_ceiling_starts_nothing(cast):
    unit = type(cast.rt).objects.create(
        city=cast.city, code=f"{cast.rw.code}.009", kind="rt", name="RT 09", parent=cast.rw
    )
    head = cast.add("new_head", ("rt_head", unit, 0))
    with pytest.raises(Refused, match="belum punya pagu"):
        start_proposal(by=head, unit=unit, program_year=cast.year)


@pytest.mark.parametrize("name", ["other_rt_head", "neighbour", "rw_head", "ekbang", "resident"])
def test_only_the_board_of_the_rt_writes(cast, activity, name):
    person = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        start_proposal(by=person, unit=cast.rt, program_year=cast.year)
    with pytest.raises(PermissionDenied):
        save_activity(by=person, proposal=activity.proposal, draft=OFF_LIST, lines=[])
    with pytest.raises(PermissionDenied):
        remove_activity(by=person, activity=activity)
    with pytest.raises(PermissionDenied):
        submit_proposal(by=person, proposal=activity.proposal)


def test_the_secretary_writes_but_does_not_submit(cast, activity):
    save_activity(by=cast.rt_secretary, proposal=activity.proposal, draft=OFF_LIST, lines=[])
    with pytest.raises(PermissionDenied):
        submit_proposal(by=cast.rt_secretary, proposal=activity.proposal)


def test_an_activity_takes_its_wish_and_lets_it_go(cast, activity, wish):
    wish.refresh_from_db()
    assert (wish.state, activity.cost, activity.unit) == (PlanState.TAKEN, 32_000_000, cast.rt)
    remove_activity(by=cast.rt_head, activity=activity)
    wish.refresh_from_db()
    assert wish.state == PlanState.PLANNED
    assert not Activity.objects.exists() and not RabLine.objects.exists()


def test_one_wish_is_one_activity(cast, activity, wish, paving):
    twin = ActivityDraft("infra", "Paving lagi", plan_item=wish)
    with pytest.raises(Refused, match="sudah dipakai"):
        save_activity(by=cast.rt_head, proposal=activity.proposal, draft=twin, lines=paving)


def test_what_is_not_on_the_list_says_why(cast, proposal):
    bare = ActivityDraft("infra", "Talud gang")
    with pytest.raises(Refused, match="daftar lima tahun"):
        save_activity(by=cast.rt_head, proposal=proposal, draft=bare, lines=[])
    kept = save_activity(by=cast.rt_head, proposal=proposal, draft=OFF_LIST, lines=[])
    assert kept.off_list_reason == "Longsor minggu lalu"


def test_the_standard_comes_from_the_list_not_from_the_form(cast, proposal, prices):
    item = prices["Semen 40 kg"]
    sly = CostLine("Emas", "gram", "jasa", 1_000, 54_500, standard=10**9, item_id=item.pk)
    kept = save_activity(
        by=cast.rt_head, proposal=proposal, draft=OFF_LIST, lines=[sly]
    ).lines.get()
    assert (kept.name, kept.measure, kept.group) == ("Semen 40 kg", "zak", "bahan")
    assert kept.standard == 54_500


def test_a_price_above_standard_is_refused_with_all_other_reasons(cast, proposal, prices):
    item = prices["Semen 40 kg"]
    high = CostLine(item.name, item.unit, item.group, 1_000, 54_501, item_id=item.pk)
    with pytest.raises(Refused) as refusal:
        save_activity(
            by=cast.rt_head,
            proposal=proposal,
            draft=ActivityDraft("nope", " "),
            lines=[high, line(quotes="Toko A 50.000"), line(volume=0)],
        )
    reasons = " ".join(refusal.value.reasons)
    assert "Paling tinggi Rp54.500" in reasons and "2 penawaran lagi" in reasons
    assert len(refusal.value.reasons) == 6
    assert not Activity.objects.exists()


def test_a_low_price_is_advice(cast, proposal, prices):
    item = prices["Semen 40 kg"]
    low = CostLine(item.name, item.unit, item.group, 1_000, 20_000, item_id=item.pk)
    save_activity(by=cast.rt_head, proposal=proposal, draft=OFF_LIST, lines=[low])
    assert any("dari standar" in one.sentence for one in review(proposal).advice)


def test_an_item_of_no_list_is_refused(cast, proposal):
    with pytest.raises(Refused, match="daftar harga"):
        save_activity(
            by=cast.rt_head, proposal=proposal, draft=OFF_LIST, lines=[line(item_id=999_999)]
        )


def test_a_stale_tab_is_refused_and_the_others_text_stays(cast, activity, wish):
    seen = activity.version
    first = ActivityDraft("infra", "Paving Gang Melati, 2 sisi", plan_item=wish)
    save_activity(
        by=cast.rt_secretary,
        proposal=activity.proposal,
        activity=activity,
        draft=first,
        lines=[],
        version=seen,
    )
    with pytest.raises(Refused, match="Orang lain"):
        save_activity(
            by=cast.rt_head,
            proposal=activity.proposal,
            activity=activity,
            draft=OFF_LIST,
            lines=[],
            version=seen,
        )
    activity.refresh_from_db()
    assert activity.name == "Paving Gang Melati, 2 sisi"


def test_every_change_is_in_the_record_with_what_it_made(cast, activity):
    lines = Act.objects.filter(about=activity.proposal.about)
    assert [one.act for one in lines] == ["proposal.started", "proposal.changed"]
    assert lines[1].detail["before"] != lines[1].detail["after"]
    assert lines[1].rule == cast.year.rule


def test_a_sound_proposal_goes_to_the_first_desk(cast, submitted):
    assert (submitted.state, submitted.tier, submitted.round) == ("submitted", "rw", 1)
    item = DeskItem.objects.get(act="proposal.verify.rw", closed_at=None)
    assert (item.unit, item.amount) == (cast.rw, 32_000_000)
    assert item.due_on is not None
    assert not DeskItem.objects.filter(act="proposal.submit", closed_at=None).exists()


def test_nothing_is_submitted_while_something_blocks_and_all_is_said(cast, proposal, held):
    save_activity(
        by=cast.rt_head,
        proposal=proposal,
        draft=ActivityDraft("social", "Sembako untuk warga", off_list_reason="Diminta warga"),
        lines=[line(price=11_000_000)],
    )
    held.signatures.all().delete()
    type(held).objects.update(state="held")
    with pytest.raises(Refused) as refusal:
        submit_proposal(by=cast.rt_head, proposal=proposal)
    reasons = " ".join(refusal.value.reasons)
    for word in ("notulen", "sembako tidak boleh", "Infrastruktur: Tambah", "Sosial: Kurangi"):
        assert word.lower() in reasons.lower()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DRAFT


def test_the_total_stays_within_the_ceiling(cast, proposal):
    save_activity(
        by=cast.rt_head, proposal=proposal, draft=OFF_LIST, lines=[line(price=50_000_001)]
    )
    with pytest.raises(Refused, match="Pagu yang masih tersedia"):
        submit_proposal(by=cast.rt_head, proposal=proposal)


def test_a_plan_is_everybodys_from_the_moment_it_is_sent(cast, activity):
    assert not Activity.objects.shown().exists()
    submit_proposal(by=cast.rt_head, proposal=activity.proposal)
    assert Activity.objects.shown().get().stage == Stage.PLAN


def test_what_is_submitted_is_not_changed_nor_sent_twice(cast, submitted):
    for act in (
        lambda: save_activity(by=cast.rt_head, proposal=submitted, draft=OFF_LIST, lines=[]),
        lambda: remove_activity(by=cast.rt_head, activity=submitted.activities.get()),
        lambda: submit_proposal(by=cast.rt_head, proposal=submitted),
    ):
        with pytest.raises(Refused):
            act()


def test_submitting_from_a_stale_page_is_refused(cast, activity):
    seen = activity.proposal.version
    save_activity(by=cast.rt_secretary, proposal=activity.proposal, draft=OFF_LIST, lines=[line()])
    with pytest.raises(Refused, match="diubah orang lain"):
        submit_proposal(by=cast.rt_head, proposal=activity.proposal, version=seen)


def test_a_statement_lifts_what_the_book_says_it_lifts(cast, proposal):
    rules = cast.year.rule_set
    rules.book = {
        **rules.book,
        "papers": [{"code": "form_e", "title": "surat pernyataan bidang"}],
        "share_waiver": "form_e",
    }
    rules.digest = "waiver".ljust(64, "0")
    rules.save()
    proposal = Proposal.objects.get(pk=proposal.pk)
    assert any("Infrastruktur" in one.sentence for one in review(proposal).blocking)
    with pytest.raises(Refused) as refusal:
        state_reasons(by=cast.rt_head, proposal=proposal, statements={"form_e": "ya", "x": "abc"})
    assert len(refusal.value.reasons) == 2
    proposal = state_reasons(
        by=cast.rt_head, proposal=proposal, statements={"form_e": "Jalan sudah lengkap semua"}
    )
    assert not review(proposal).blocking


def test_a_paper_is_a_file_or_a_number_and_counts_for_the_book(cast, activity):
    rules = cast.year.rule_set
    rules.book = {
        **rules.book,
        "papers": [{"code": "izin", "title": "izin lahan"}],
        "items": [{"code": "jalan", "field": "infra", "title": "Jalan", "needs": ["izin"]}],
    }
    rules.digest = "papers".ljust(64, "0")
    rules.save()
    Activity.objects.update(kind="jalan")
    proposal = Proposal.objects.get()
    assert any("izin lahan" in one.sentence for one in review(proposal).blocking)
    with pytest.raises(Refused) as refusal:
        attach_paper(by=cast.rt_head, activity=activity, code="lain")
    assert len(refusal.value.reasons) == 2
    attach_paper(by=cast.rt_head, activity=activity, code="izin", number="590/12/2026")
    attach_paper(by=cast.rt_head, activity=activity, code="izin", number="590/13/2026")
    assert activity.papers.get().number == "590/13/2026"
    assert not review(proposal).blocking


def test_the_content_digest_sees_every_line(cast, activity):
    before = content_digest(activity.proposal)
    RabLine.objects.update(volume_milli=1)
    assert content_digest(activity.proposal) != before


@pytest.mark.fault("item-20")
def test_a_proposal_that_is_sent_writes_down_the_rules_it_was_sent_under(cast, activity):
    sent = submit_proposal(by=cast.rt_head, proposal=activity.proposal)
    assert Proposal.objects.get(pk=sent.pk).rule_set == cast.year.rule_set
