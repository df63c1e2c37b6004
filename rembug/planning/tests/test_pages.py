"""Pages by their words and status: who sees what, what a refusal keeps, how many queries a list costs."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from pypdf import PdfReader

from rembug.files.models import File
from rembug.files.services import store_image
from rembug.people.models import Sending
from rembug.people.sending import new_key
from rembug.planning.models import Activity, ActivityPaper, Meeting, PlanItem, Proposal
from rembug.planning.rules import MeetingState, PlanState, ProposalState
from rembug.planning.services.meetings import hold_meeting, sign_minutes
from rembug.planning.tests.conftest import POINTS


@pytest.fixture
def go(client, cast, sign_in):
    """Open or send a page as somebody: `go("rt_head", "planning:meetings")`, data to send it."""

    def to(name, view, *args, data=None, query="", **more):
        if name:
            sign_in(getattr(cast, name))
        else:
            client.logout()
        url = "/uji" + reverse(view, urlconf="rembug.city_urls", args=args) + query
        if data is None:
            return client.get(url, **more)
        return client.post(url, {"key": new_key(), **data}, **more)

    return to


def text(page):
    return page.content.decode()


# ---- who may -------------------------------------------------------------------------------

PAGES = """
page                     guest rt_head other_rt_head neighbour rw_head ekbang neighbour_ekbang auditor resident
planning:meetings        302   200     200           200       200     200    200              200     403
planning:meeting_new     302   200     200           200       403     403    403              403     403
planning:meeting         302   200     404           404       200     200    404              200     404
planning:meeting_hold    302   200     404           404       403     403    404              403     404
planning:meeting_return  302   200     404           404       200     403    404              403     404
planning:meeting_pdf     302   200     404           404       200     200    404              200     404
planning:list            302   200     200           200       200     200    200              200     403
planning:list_add        302   200     200           200       403     403    403              403     403
planning:list_item       302   200     404           404       200     200    404              200     404
planning:proposals       302   200     200           200       200     200    200              200     403
planning:proposal_new    302   200     200           200       403     403    403              403     403
planning:proposal        302   200     404           404       200     200    404              200     404
planning:activity_new    302   200     404           404       403     403    404              403     404
planning:activity_edit   302   200     404           404       403     403    404              403     404
planning:verify          302   200     404           404       200     200    404              200     404
planning:budget          302   403     404           404       403     403    404              403     404
planning:recap           302   200     200           200       200     200    200              200     403
planning:prices          302   200     200           200       200     200    200              200     403
"""


def test_who_sees_which_page(go, cast, activity, held):
    Meeting.objects.update(minutes_digest="", state=MeetingState.HELD)
    held.signatures.all().delete()
    things = {
        "meeting": [held.pk],
        "meeting_hold": [held.pk],
        "meeting_return": [held.pk],
        "meeting_pdf": [held.pk],
        "list_item": [activity.plan_item_id],
        "proposal": [activity.proposal_id],
        "activity_new": [activity.proposal_id],
        "activity_edit": [activity.proposal_id, activity.pk],
        "verify": [activity.proposal_id],
        "budget": [activity.proposal_id],
    }
    head, *rows = [line.split() for line in PAGES.strip().splitlines()]
    wrong = []
    for page, *expected in rows:
        args = things.get(page.partition(":")[2], [])
        for name, status in zip(head[1:], expected, strict=True):
            found = go("" if name == "guest" else name, page, *args).status_code
            if found != int(status):
                wrong.append(f"{page} {name}: {found}, not {status}")
    assert not wrong


@pytest.mark.parametrize("view", ["meeting_sign", "submit", "composition"])
def test_what_only_sends_cannot_be_opened(go, cast, activity, held, view):
    pk = held.pk if view == "meeting_sign" else activity.proposal_id
    assert go("rt_head", f"planning:{view}", pk).status_code == 405


# ---- meetings ------------------------------------------------------------------------------


def call_data(**change):
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    sound = {"title": "Rembug", "day": day, "clock": "19.30", "place": "Balai", "year": 2026}
    return {**sound, "year": timezone.localdate().year, **change}


def test_an_invitation_is_sent_once_however_often_it_is_pressed(go, cast):
    data = call_data(key="a" * 32)
    first, second = (go("rt_head", "planning:meeting_new", data=data) for _press in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Meeting.objects.count() == Sending.objects.count() == 1
    assert "Tanda terima" in text(go("rt_head", "planning:meetings"))


def test_a_wrong_invitation_keeps_what_was_typed(go, cast):
    page = go(
        "rt_head", "planning:meeting_new", data=call_data(day="besok", clock="malam", place="")
    )
    assert page.status_code == 422
    for word in ("Tulis tanggal", "Tulis jam", "besok", 'value="Rembug"'):
        assert word in text(page)
    assert not Meeting.objects.exists()


def points(*rows):
    data = {"hal-TOTAL_FORMS": len(rows), "hal-INITIAL_FORMS": 0}
    for nth, row in enumerate(rows):
        data |= {f"hal-{nth}-{name}": value for name, value in row.items()}
    return data


PAVING = {"title": "Paving", "field": "infra", "outcome": "decided", "cost": "32.000.000"}


def test_the_result_of_a_meeting_is_sent_from_one_form(go, cast, called, photo):
    data = {"men": 2, "women": 1, "names": "1\tBudi\tL\nTono; Siti (P)", "photos": [photo(seed=3)]}
    data["version"] = called.version
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data | points(PAVING, {}))
    assert page.status_code == 302
    called.refresh_from_db()
    assert (called.present, called.items.count(), called.photos.count()) == (3, 1, 1)
    assert list(called.attendances.values_list("sex", flat=True)) == ["m", "", "f"]
    shown = text(go("rt_head", "planning:meeting", called.pk))
    assert "Rp32.000.000" in shown and "Siti" in shown
    # The phone is told that it may forget the draft, once.
    assert f"rembug-{called.pk}-v0" in shown
    assert f"rembug-{called.pk}-v0" not in text(go("rt_head", "planning:meeting", called.pk))


def test_all_faults_of_a_result_come_together_and_photos_are_not_lost(go, cast, called, photo):
    deferred = {"title": "Talud", "field": "infra", "outcome": "deferred"}
    data = {"men": 9, "women": 0, "names": "Budi", "photos": [photo(seed=4)], "notes": "Hujan"}
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data | points(deferred))
    assert page.status_code == 422
    shown = text(page)
    for word in ("Nama tercatat 1", "tulis alasan menunda", "Hujan", "Talud"):
        assert word in shown
    kept = File.objects.get()
    assert f'name="kept" value="{kept.sha256}"' in shown
    data = {"men": 1, "women": 0, "names": "Budi", "kept": [kept.sha256], "version": 0}
    go("rt_head", "planning:meeting_hold", called.pk, data=data | points(PAVING))
    assert called.photos.get().file == kept


@pytest.mark.fault("attack-5", "item-24")
def test_a_hash_that_everybody_knows_brings_no_photograph(go, cast, called, photo):
    """The address of a public picture holds its hash: it is no proof of having sent it."""
    foreign = store_image(cast.city, photo(seed=77)).file
    data = {"men": 1, "women": 0, "names": "Budi", "kept": [foreign.sha256], "version": 0}
    go("rt_head", "planning:meeting_hold", called.pk, data=data | points(PAVING))
    assert not called.photos.exists()


def test_something_that_is_no_picture_is_told_by_its_name(go, cast, called):
    upload = BytesIO(b"")
    upload.name = "kosong.jpg"
    data = {"men": 1, "women": 0, "photos": [upload]}
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data | points(PAVING))
    assert page.status_code == 422 and "kosong.jpg" in text(page)


def test_one_more_row_keeps_what_was_typed(go, cast, called):
    data = {"men": "", "women": "", "names": "Budi", "more": "1"}
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data | points(PAVING))
    assert page.status_code == 200
    assert 'name="hal-1-title"' in text(page) and 'value="Paving"' in text(page)
    called.refresh_from_db()
    assert called.state == MeetingState.CALLED


def test_signing_on_the_page(go, cast, held):
    for name in ("rw_head", "rt_secretary", "rt_head"):
        shown = text(go(name, "planning:meeting", held.pk))
        assert "Tandatangani sebagai" in shown
        go(name, "planning:meeting_sign", held.pk, data={"version": held.version})
    held.refresh_from_db()
    assert held.state == MeetingState.SIGNED
    page = go("rt_head", "planning:meeting_sign", held.pk, data={})
    assert page.status_code in (403, 422)
    assert go("lurah", "planning:meeting_sign", held.pk, data={}).status_code == 403


def test_signed_minutes_are_no_longer_written(go, cast, held):
    assert go("rt_head", "planning:meeting_hold", held.pk).status_code == 200
    sign_minutes(by=cast.rw_head, meeting=held, version=held.version)
    assert go("rt_head", "planning:meeting_hold", held.pk).status_code == 403
    assert "Perbaiki catatan" not in text(go("rt_head", "planning:meeting", held.pk))


def test_a_tab_left_open_signs_nothing(go, cast, held):
    """The page was read, then the secretary corrected the text: the old page's button is refused."""
    page = text(go("rw_head", "planning:meeting", held.pk))
    seen = re.search(r'name="version" value="(\d+)"', page)[1]
    hold_meeting(by=cast.rt_secretary, meeting=held, men=9, women=9, points=POINTS)
    for data in ({"version": seen}, {}):
        page = go("rw_head", "planning:meeting_sign", held.pk, data=data)
        assert page.status_code == 422 and "berubah sejak" in text(page)
    assert not held.signatures.exists()


def test_returning_on_the_page(go, cast, held):
    """The RW finds a fault, the RT head's signature lapses in sight of all, the secretary mends."""
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    assert "Kembalikan untuk diperbaiki" in text(go("rw_head", "planning:meeting", held.pk))
    form = text(go("rw_head", "planning:meeting_return", held.pk))
    assert "Rt Head" in form and "gugur" in form
    data = {"version": held.version, "reason": "salah"}
    short = go("rw_head", "planning:meeting_return", held.pk, data=data)
    assert short.status_code == 422 and "salah</textarea>" in text(short)
    data["reason"] = "Jumlah perempuan 14, bukan 1."
    assert go("rw_head", "planning:meeting_return", held.pk, data=data).status_code == 302
    shown = text(go("rt_secretary", "planning:meeting", held.pk))
    assert "Jumlah perempuan 14" in shown and "Gugur: Rt Head" in shown
    assert "Notulen dikembalikan untuk diperbaiki" in shown
    assert "Tandatangani sebagai" not in text(go("rw_head", "planning:meeting", held.pk))
    assert "notulen sedang diperbaiki" in text(go("", "public:rt", cast.rt.code))
    # Pressed again from a page that stayed open: told, and nothing to press.
    late = go("rw_head", "planning:meeting_return", held.pk, data=data)
    assert late.status_code == 422 and "sedang diperbaiki" in text(late)
    assert "Jumlah perempuan 14" in text(go("rt_secretary", "planning:meeting_hold", held.pk))
    data = {"men": 2, "women": 14, "version": held.version + 1}
    go("rt_secretary", "planning:meeting_hold", held.pk, data=data | points(PAVING))
    again = text(go("rt_head", "planning:meeting", held.pk))
    assert "Tandatangani sebagai Ketua RT" in again and "Gugur: Rt Head" in again


def test_a_vacant_seat_is_shown(go, cast, held):
    cast.rw_head.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "SK belum ada" in text(go("rt_head", "planning:meeting", held.pk))


def test_the_minutes_on_paper(go, cast, held):
    sign_minutes(by=cast.rw_head, meeting=held, version=held.version)
    page = go("ekbang", "planning:meeting_pdf", held.pk)
    assert page["Content-Type"] == "application/pdf" and "no-store" in page["Cache-Control"]
    paper = PdfReader(BytesIO(page.content))
    words = " ".join(sheet.extract_text() for sheet in paper.pages)
    for word in (
        "Notulen Rembug Warga",
        "Paving Gang Melati",
        "Rp37.000.000",
        "Tanahnya belum",
        "Siti",
    ):
        assert word in words, word
    assert "Ditandatangani secara elektronik di Rembug" in words
    assert "belum ditandatangani" in words and "Rw Head" in words
    assert paper.metadata.title.startswith("Notulen Rembug Warga RT 01")
    assert paper.trailer["/Root"]["/Lang"].startswith("id")


def test_no_minutes_before_the_meeting(go, cast, called):
    assert go("rt_head", "planning:meeting_pdf", called.pk).status_code == 403


# ---- five-year list ------------------------------------------------------------------------


def test_decisions_become_wishes(go, cast, held):
    shown = text(go("rt_head", "planning:list_add"))
    items = {item.title: item.pk for item in held.items.all()}
    assert "Kios bersama" in shown and "Lampu gang" not in shown
    one = items["Paving Gang Melati"]
    data = {"do": "take", "decision": [one], f"year-{one}": 2028}
    assert go("rt_head", "planning:list_add", data=data).status_code == 302
    assert PlanItem.objects.get().year == 2028
    assert go("rt_head", "planning:list_add", data={"do": "take"}).status_code == 422


def test_the_list_is_a_table_and_a_list(go, cast, wish):
    shown = text(go("rt_head", "planning:list"))
    assert shown.count("Paving Gang Melati") >= 2 and str(wish.year) in shown
    assert "siapa pun ketuanya" in shown
    assert "Paving Gang Melati" in text(go("lurah", "planning:list", query=f"?rt={cast.rt.code}"))
    assert "RT 02" in text(go("lurah", "planning:list"))
    assert go("neighbour_lurah", "planning:list", query=f"?rt={cast.rt.code}").status_code == 404


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"do": "drop", "reason": "Sudah jadi"}, PlanState.DROPPED),
        ({"do": "defer", "reason": "Nanti", "year": timezone.localdate().year + 1}, "deferred"),
    ],
)
def test_a_wish_is_put_off_or_struck_out(go, cast, wish, data, state):
    assert go("rt_head", "planning:list_item", wish.pk, data={"do": data["do"]}).status_code == 422
    assert go("rt_head", "planning:list_item", wish.pk, data=data).status_code == 422
    data = {**data, "version": wish.version}
    assert go("rt_head", "planning:list_item", wish.pk, data=data).status_code == 302
    wish.refresh_from_db()
    assert wish.state == state
    assert go("ekbang", "planning:list_item", wish.pk, data=data).status_code == 403


def test_a_stale_change_shows_both_texts(go, cast, wish):
    PlanItem.objects.update(title="Paving dua gang", version=4)
    data = {"do": "change", "title": "Ketikan saya", "field": "infra", "year": wish.year}
    data |= {"reason": "Koreksi", "version": 0}
    page = go("rt_head", "planning:list_item", wish.pk, data=data)
    assert page.status_code == 422
    assert "Paving dua gang" in text(page) and "Ketikan saya" in text(page)
    assert PlanItem.objects.get().title == "Paving dua gang"


# ---- proposals -----------------------------------------------------------------------------


def lines(*rows, initial=0):
    data = {"baris-TOTAL_FORMS": len(rows), "baris-INITIAL_FORMS": initial}
    for nth, row in enumerate(rows):
        data |= {f"baris-{nth}-{name}": value for name, value in row.items()}
    return data


def talud(**change):
    return {"name": "Talud", "field": "infra", "off_list_reason": "Longsor", **change}


def test_a_proposal_is_started_on_the_page(go, cast, signed):
    assert "Rp50.000.000" in text(go("rt_head", "planning:proposal_new"))
    page = go("rt_head", "planning:proposal_new", data={"year": cast.year.pk})
    assert page.status_code == 302
    assert go("rt_head", "planning:proposal_new", data={"year": cast.year.pk}).status_code == 422
    assert go("rt_head", "planning:proposal_new", data={"year": "x"}).status_code == 404


def test_an_activity_begins_with_its_wish(go, cast, proposal, wish):
    shown = text(go("rt_head", "planning:activity_new", proposal.pk, query=f"?rencana={wish.pk}"))
    assert 'value="Paving Gang Melati"' in shown and 'value="400 m2"' in shown


def test_an_activity_is_saved_with_its_lines(go, cast, proposal, prices):
    row = {"item": prices["Semen 40 kg"].pk, "volume": "2,5", "price": "54.500"}
    data = talud(swadaya_money="1.000.000", swadaya_days=12) | lines(row, {})
    assert go("rt_head", "planning:activity_new", proposal.pk, data=data).status_code == 302
    kept = Activity.objects.get()
    assert (kept.cost, kept.lines.count()) == (136_250, 1)
    assert (kept.swadaya_money, kept.swadaya_days) == (1_000_000, 12)
    assert "2,5 zak" in text(go("rw_head", "planning:proposal", proposal.pk))


def test_every_fault_of_an_activity_comes_at_once_and_the_text_stays(go, cast, proposal, prices):
    high = {"item": prices["Semen 40 kg"].pk, "volume": "1.5", "price": "60.000"}
    free = {"name": "Batu", "volume": "1", "price": "dua juta", "measure": "m3", "group": "bahan"}
    page = go(
        "rt_head", "planning:activity_new", proposal.pk, data=talud(name="") | lines(high, free)
    )
    shown = text(page)
    assert page.status_code == 422 and not Activity.objects.exists()
    for word in (
        "pecahan dengan koma",
        "dengan angka saja",
        "dua juta",
        "1.5",
        "60.000",
        "Longsor",
    ):
        assert word in shown, word


def test_a_price_above_the_standard_is_refused_when_sent(go, cast, proposal, prices):
    high = {"item": prices["Semen 40 kg"].pk, "volume": "1", "price": "60.000"}
    page = go("rt_head", "planning:activity_new", proposal.pk, data=talud() | lines(high))
    assert page.status_code == 422 and "Paling tinggi Rp54.500" in text(page)


def test_taking_a_price_adds_a_line_and_keeps_the_rest(go, cast, proposal, prices):
    item = prices["Paving K-175"]
    go("rt_head", "planning:activity_new", proposal.pk, data=talud(pakai=item.pk) | lines())
    kept = Activity.objects.get()
    assert kept.lines.get().name == "Paving K-175" and kept.cost == 80_000
    # With a fault elsewhere the line is there, too, only not yet saved.
    page = go(
        "rt_head",
        "planning:activity_new",
        proposal.pk,
        data=talud(name="", pakai=item.pk) | lines(),
    )
    assert page.status_code == 422 and f'value="{item.pk}"' in text(page)


def test_prices_are_searched_with_and_without_script(go, cast, proposal, prices):
    page = go(
        "rt_head", "planning:activity_new", proposal.pk, data=talud(cari=1, q="sem") | lines()
    )
    assert page.status_code == 200 and "Semen 40 kg" in text(page) and "Longsor" in text(page)
    year = f"?tahun={cast.year.year}&q=semen"
    part = go("rt_head", "planning:prices", query=year, headers={"HX-Request": "true"})
    assert 'name="pakai"' in text(part) and "<html" not in text(part)
    whole = go("ekbang", "planning:prices", query=year)
    assert "Semen 40 kg" in text(whole) and 'name="pakai"' not in text(whole)


def test_what_is_outside_the_list_gets_a_row_of_its_own(go, cast, proposal):
    page = go("rt_head", "planning:activity_new", proposal.pk, data=talud(tambah=1) | lines())
    assert page.status_code == 200 and 'name="baris-0-quotes"' in text(page)


def test_the_composition_is_judged_while_typing(go, cast, proposal, prices):
    high = {"item": prices["Semen 40 kg"].pk, "volume": "1.000", "price": "60.000"}
    data = talud(name="Sembako", field="social") | lines(high)
    shown = text(go("rt_head", "planning:composition", proposal.pk, data=data))
    for word in (
        "Paling tinggi Rp54.500",
        "sembako tidak boleh",
        "Sosial: Kurangi",
        'id="ringkas"',
    ):
        assert word.lower() in shown.lower(), word
    assert 'hx-swap-oob="true"' in shown and not Activity.objects.exists()
    for name, status in (("ekbang", 403), ("neighbour", 404)):
        assert go(name, "planning:composition", proposal.pk, data=data).status_code == status


def test_nonsense_in_a_draft_is_no_failure(go, cast, proposal):
    row = {"item": "abc", "volume": "-1", "price": "99999999999999999999"}
    data = {"field": "nope", "name": "x" * 5000, "swadaya_days": "-4", "activity": "0x1"}
    page = go("rt_head", "planning:composition", proposal.pk, data=data | lines(row))
    assert page.status_code == 200 and "1 baris belum terbaca" in text(page)
    assert go("rt_head", "planning:composition", proposal.pk, data={}).status_code == 200


def test_a_stale_tab_shows_what_is_stored_beside_what_was_typed(go, cast, activity):
    Activity.objects.update(name="Simpanan sekretaris", version=9)
    page = go(
        "rt_head",
        "planning:activity_edit",
        activity.proposal_id,
        activity.pk,
        data=talud(name="Ketikan ketua", version=1) | lines(),
    )
    shown = text(page)
    assert page.status_code == 422
    assert "Simpanan sekretaris" in shown and "Ketikan ketua" in shown
    assert Activity.objects.get().name == "Simpanan sekretaris"
    # What is sent next is compared with what was shown now.
    assert re.search(r'name="version" value="9"', shown)


def test_the_page_says_what_blocks_or_offers_to_send(go, cast, activity):
    shown = text(go("rt_head", "planning:proposal", activity.proposal_id))
    assert "Kirim usulan" in shown
    assert "Kirim usulan" not in text(go("rt_secretary", "planning:proposal", activity.proposal_id))
    Activity.objects.update(field="social")
    shown = text(go("rt_head", "planning:proposal", activity.proposal_id))
    assert "menghalangi kiriman" in shown and "Kirim usulan" not in shown


def test_a_meeting_after_the_start_lets_the_proposal_go(go, cast, activity, signed):
    Proposal.objects.update(meeting=None)
    Meeting.objects.update(year=signed.year + 1)
    shown = text(go("rt_head", "planning:proposal", activity.proposal_id))
    assert "Adakan rembug untuk tahun anggaran ini" in shown
    Meeting.objects.update(year=signed.year)
    assert "Kirim usulan" in text(go("rt_head", "planning:proposal", activity.proposal_id))
    data = {"version": Proposal.objects.get().version}
    go("rt_head", "planning:submit", activity.proposal_id, data=data)
    assert Proposal.objects.get().meeting == signed


def test_submitting_on_the_page(go, cast, activity):
    pk, version = activity.proposal_id, Proposal.objects.get().version
    stale = go("rt_head", "planning:submit", pk, data={"version": version - 1})
    assert stale.status_code == 422 and "diubah orang lain" in text(stale)
    assert go("rt_secretary", "planning:submit", pk, data={}).status_code == 403
    assert go("rt_head", "planning:submit", pk, data={"version": version}).status_code == 302
    assert Proposal.objects.get().state == ProposalState.SUBMITTED
    # The page of what was sent is read-only.
    assert "Simpan" not in text(go("rt_head", "planning:proposal", pk))
    assert go("rt_head", "planning:activity_new", pk).status_code == 403


def test_an_activity_is_taken_out_on_the_page(go, cast, activity):
    data = {"remove": activity.pk, "version": activity.version}
    page = go("rt_head", "planning:proposal", activity.proposal_id, data=data)
    assert page.status_code == 302 and not Activity.objects.exists()
    page = go("rt_head", "planning:proposal", activity.proposal_id, data={"remove": "7"})
    assert page.status_code == 422


def test_a_paper_is_sent_as_a_number_or_a_file(go, cast, activity, photo):
    rules = cast.year.rule_set
    rules.book = {
        **rules.book,
        "papers": [{"code": "izin", "title": "Izin lahan"}],
        "items": [{"code": "jalan", "field": "infra", "title": "Jalan", "needs": ["izin"]}],
    }
    rules.digest = "pagepapers".ljust(64, "0")
    rules.save()
    Activity.objects.update(kind="jalan")
    place = (activity.proposal_id, activity.pk)
    assert "Izin lahan" in text(go("rt_head", "planning:activity_edit", *place))
    data = {"do": "paper", "code": "izin"}
    assert go("rt_head", "planning:activity_edit", *place, data=data).status_code == 422
    assert (
        go("rt_head", "planning:activity_edit", *place, data=data | {"file": photo()}).status_code
        == 302
    )
    assert ActivityPaper.objects.get().file.kind


# ---- desks ---------------------------------------------------------------------------------


def test_a_verifier_decides_on_the_page(go, cast, submitted):
    shown = text(go("rw_head", "planning:verify", submitted.pk))
    assert "Loloskan usulan" in shown and "Kasi Ekbang" in shown or "Kelurahan" in shown
    assert "Loloskan usulan" not in text(go("ekbang", "planning:verify", submitted.pk))
    data = {"do": "return", "reason": "", "version": submitted.version, "tier": "rw"}
    assert go("rw_head", "planning:verify", submitted.pk, data=data).status_code == 422
    data["reason"] = "Volume tidak cocok dengan gambar."
    assert go("rw_head", "planning:verify", submitted.pk, data=data).status_code == 302
    assert "Volume tidak cocok" in text(go("rt_head", "planning:proposal", submitted.pk))


def test_the_slower_verifier_reads_who_was_faster(go, cast, submitted):
    cast.add("twin", ("rw_head", cast.rw, 0))
    data = {"do": "pass", "version": submitted.version, "tier": "rw"}
    assert go("rw_head", "planning:verify", submitted.pk, data=data).status_code == 302
    page = go("twin", "planning:verify", submitted.pk, data=data)
    assert page.status_code == 422 and "baru saja memutuskan" in text(page)


def test_a_verifier_with_a_hand_in_it_is_told_why_not(go, cast, submitted):
    cast.seat(cast.rw_head, "pokmas_head", cast.kelurahan, 3)
    shown = text(go("rw_head", "planning:verify", submitted.pk))
    assert "anggota pokmas" in shown and "Loloskan usulan" not in shown


def test_an_empty_desk_is_shown(go, cast, submitted):
    cast.rw_head.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "SK belum ada" in text(go("ekbang", "planning:verify", submitted.pk))


def test_the_rw_merges_its_rts(go, cast, submitted):
    query = f"?unit={cast.rw.code}"
    shown = text(go("rw_head", "planning:recap", query=query))
    assert "Gabungkan" in shown and f'value="{submitted.pk}-{submitted.version}"' in shown
    assert "Gabungkan" not in text(go("ekbang", "planning:recap", query=query))
    data = {"unit": cast.rw.code, "tahun": cast.year.pk}
    assert go("rw_head", "planning:recap", data=data).status_code == 422
    data["usulan"] = [f"{submitted.pk}-{submitted.version}"]
    assert go("lurah", "planning:recap", data=data).status_code == 403
    assert go("rw_head", "planning:recap", data=data).status_code == 302
    assert Proposal.objects.get().tier == "kelurahan"


@pytest.mark.parametrize("sort", ["rt", "-biaya", "uraian", "-keadaan", "bidang", "x; drop"])
def test_the_recap_sorts_and_counts(go, cast, submitted, sort):
    page = go("lurah", "planning:recap", query=f"?urut={sort}")
    assert page.status_code == 200 and "Paving Gang Melati" in text(page)
    assert go("neighbour_lurah", "planning:recap", query=f"?unit={cast.rt.code}").status_code == 404
    assert "Paving Gang" not in text(go("neighbour_lurah", "planning:recap"))


def test_the_budget_page(go, cast, verified):
    shown = text(go("planning_office", "planning:budget", verified.pk))
    assert "Masukkan ke anggaran" in shown and "boleh kosong" not in shown
    odd = {"document": " ", "on": "31/02/2026", "version": verified.version}
    told = text(go("planning_office", "planning:budget", verified.pk, data=odd))
    assert "Tulis nomor DPA." in told and 'href="#id_on"' in told
    assert go("planning_office", "planning:budget", verified.pk, data={}).status_code == 422
    data = {"document": "DPA/7", "version": verified.version}
    assert go("planning_office", "planning:budget", verified.pk, data=data).status_code == 302
    assert "DPA/7" in text(go("rt_head", "planning:proposal", verified.pk))


# ---- cost of lists -------------------------------------------------------------------------


@pytest.fixture
def many(cast, submitted):
    """Thirty more proposals with an activity each."""
    for nth in range(30):
        unit = type(cast.rt).objects.create(
            city=cast.city, code=f"{cast.rw.code}.1{nth:02d}", kind="rt", name=f"RT {nth}",
            parent=cast.rw,
        )  # fmt: skip
        row = Proposal.objects.create(
            city=cast.city, unit=unit, program_year=cast.year, state="submitted", tier="kelurahan"
        )
        Activity.objects.create(
            city=cast.city,
            proposal=row,
            unit=unit,
            year=cast.year.year,
            field="infra",
            name="Jalan",
        )
        Meeting.objects.create(
            city=cast.city, unit=unit, year=2026, title="Rembug", place="Balai",
            at=timezone.now(), called_by=cast.rt_head,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("view", "most"),
    [
        ("planning:meetings", 8),
        ("planning:proposals", 8),
        ("planning:recap", 11),
        ("planning:list", 8),
    ],
)
def test_lists_cost_few_queries(go, client, cast, many, django_assert_max_num_queries, view, most):
    go("ekbang", view)
    with django_assert_max_num_queries(most):
        page = client.get("/uji" + reverse(view, urlconf="rembug.city_urls"))
    assert page.status_code == 200


def test_one_proposal_costs_few_queries(go, client, cast, submitted, django_assert_max_num_queries):
    go("ekbang", "planning:verify", submitted.pk)
    url = "/uji" + reverse("planning:verify", urlconf="rembug.city_urls", args=[submitted.pk])
    with django_assert_max_num_queries(16):
        client.get(url)


def test_typed_text_is_never_markup(go, cast, proposal):
    nasty = '<script>alert("x")</script>'
    page = go("rt_head", "planning:activity_new", proposal.pk, data=talud(name=nasty) | lines())
    assert page.status_code == 302
    shown = text(go("rw_head", "planning:proposal", proposal.pk))
    assert nasty not in shown and escape(nasty) in shown
