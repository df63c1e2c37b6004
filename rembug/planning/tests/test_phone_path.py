"""The phone of a ketua RT leads through planning: no step without its button, no page that only says no."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.core.words import whole_labels
from rembug.people.sending import new_key
from rembug.planning.models import Activity, Meeting, Proposal
from rembug.planning.path import next_stride
from rembug.planning.rules import Attendee
from rembug.planning.services.lists import take_decisions
from rembug.planning.services.meetings import (
    cancel_meeting,
    change_invitation,
    hold_meeting,
    sign_minutes,
)
from rembug.planning.services.proposals import start_proposal
from rembug.planning.services.verification import reject_proposal
from rembug.planning.tests.conftest import POINTS


@pytest.fixture
def go(client, cast, sign_in):
    def to(name, view, *args, data=None, query=""):
        sign_in(getattr(cast, name))
        url = "/uji" + reverse(view, urlconf="rembug.city_urls", args=args) + query
        return client.get(url) if data is None else client.post(url, {"key": new_key(), **data})

    return to


def text(page):
    return re.sub(r"\s+", " ", page.content.decode())


@pytest.mark.fault("screen-A7", "screen-G2")
def test_home_leads_from_the_call_to_sending_and_after_a_rejection_again(go, cast, request):
    def home(name="rt_head"):
        return text(go(name, "execution:home"))

    assert "Undang warga rembug untuk" in home() and "Ketua mengundang warga" in home(
        "rt_secretary"
    )
    called = request.getfixturevalue("called")
    assert "Catat hasil rembug" in home()
    held = request.getfixturevalue("held")
    assert "Tanda tangani notulen" in home()
    sign_minutes(by=cast.rt_head, meeting=held, version=held.version)
    assert "Menunggu tanda tangan notulen: Sekretaris RT, Ketua RW" in home()
    for signer in (cast.rt_secretary, cast.rw_head):
        sign_minutes(by=signer, meeting=held, version=held.version)
    assert "Masukkan keputusan rembug ke daftar" in home()
    paving = held.items.get(title="Paving Gang Melati")
    take_decisions(by=cast.rt_head, meeting=held, years={paving.pk: held.year})
    for name in ("rt_head", "rt_secretary"):
        assert "Susun usulan" in home(name) and "Mulai usulan" in home(name)
    proposal = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    assert "Susun usulan" in home() and "Lanjutkan usulan" in home("rt_secretary")
    assert called.pk == held.pk and proposal.editable


@pytest.mark.fault("screen-A7")
def test_after_a_rejection_the_path_begins_again_with_the_reason(go, cast, submitted):
    assert "sedang diperiksa" in text(go("rt_head", "execution:home"))
    reject_proposal(by=cast.rw_head, proposal=submitted, why="Tanahnya milik orang lain.")
    home = text(go("rt_head", "execution:home"))
    assert "yang baru" in home and "Tanahnya milik orang lain." in home and "Mulai usulan" in home
    assert next_stride(cast.rt_head, cast.rt).path == f"usulan/baru/?rt={cast.rt.code}"


@pytest.mark.fault("screen-A26", "screen-G23")
def test_the_home_of_an_rw_names_the_rt_in_each_row(go, cast, submitted):
    assert whole_labels(cast.rt.label) in go("rw_head", "execution:home").content.decode()


# ---- the invitation ------------------------------------------------------------------------


@pytest.mark.fault("screen-A14", "screen-G17")
def test_an_invitation_is_changed_shared_printed_and_called_off(go, cast, called):
    shown = text(go("rt_head", "planning:meeting", called.pk))
    assert "https://wa.me/?text=%2AUndangan" in shown and "Ubah undangan" in shown
    letter = go("rt_secretary", "planning:meeting_letter", called.pk)
    assert letter.content.startswith(b"%PDF")
    form = text(go("rt_head", "planning:meeting_change", called.pk))
    assert 'value="Balai RT"' in form
    data = {"title": called.title, "place": "Rumah Bu Siti", "day": called.at.date().isoformat()}
    data |= {"clock": "20.00", "year": called.year, "version": called.version}
    assert go("rt_head", "planning:meeting_change", called.pk, data=data).status_code == 302
    called.refresh_from_db()
    assert called.place == "Rumah Bu Siti"
    # A tab left open does not undo it.
    assert go("rt_head", "planning:meeting_change", called.pk, data=data).status_code == 422
    assert go("rt_head", "planning:meeting_cancel", called.pk, data={"why": ""}).status_code == 422
    go("rt_head", "planning:meeting_cancel", called.pk, data={"why": "Hujan lebat"})
    shown = text(go("rt_head", "planning:meeting", called.pk))
    assert "Rembug ini dibatalkan." in shown and "Hujan lebat" in shown
    assert go("rt_head", "planning:meeting_hold", called.pk).status_code == 403
    assert "Undang warga rembug" in text(go("rt_head", "execution:home"))


@pytest.mark.fault("screen-A14")
def test_what_was_written_down_is_no_longer_called_off(cast, held):
    for act, told in ((cancel_meeting, {"why": "Salah tanggal"}), (change_invitation, _said(held))):
        with pytest.raises(Refused, match="sudah dicatat"):
            act(by=cast.rt_head, meeting=held, **told)


def _said(meeting):
    names = ("year", "title", "place", "agenda")
    return {"when": meeting.at, **{name: getattr(meeting, name) for name in names}}


@pytest.mark.fault("screen-A14")
def test_all_faults_of_an_invitation_come_together(go, cast):
    data = {
        "title": "",
        "place": "x" * 400,
        "day": "2020-01-01",
        "clock": "19.00",
        "year": cast.year.year,
    }
    page = go("rt_head", "planning:meeting_new", data=data)
    assert page.status_code == 422 and not Meeting.objects.exists()
    for word in (
        "Tulis perihal",
        "160",
        "lebih dari enam bulan yang lalu",
        'href="#id_title"',
        'href="#id_day"',
    ):
        assert word in text(page), word


# ---- recording -----------------------------------------------------------------------------

SHEET = "No\tNama\tL/P\tAlamat\n1\tSLAMET\tL\tGang 1\n2\tSiti Aminah, S.Pd\tP\tGang 2\n3571.0201.0190.0001"


def points(*rows):
    data = {"hal-TOTAL_FORMS": len(rows), "hal-INITIAL_FORMS": 0}
    for nth, row in enumerate(rows):
        data |= {f"hal-{nth}-{name}": value for name, value in row.items()}
    return data


PAVING = {"title": "Paving", "field": "infra", "outcome": "decided", "cost": "32.000.000"}


@pytest.mark.fault("report-05", "item-6")
def test_a_pasted_sheet_is_shown_before_it_is_kept_and_holds_no_nik(go, cast, called):
    data = {"men": 1, "women": 1, "names": SHEET, "version": called.version} | points(PAVING)
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data)
    shown = text(page)
    assert page.status_code == 422 and not called.attendances.exists()
    for word in (
        "Terbaca 2 orang",
        "Slamet",
        "Siti Aminah, S.Pd",
        "1 NIK atau nomor panjang tidak disimpan",
    ):
        assert word in shown, word
    assert "SLAMET\tL" in page.content.decode(), "typed text stays"
    seal = re.search(r'name="terbaca" value="(\w+)"', shown)[1]
    # Another list under the same seal wants its own look.
    other = data | {"names": SHEET + "\nTONO", "men": 2, "terbaca": seal}
    assert go("rt_head", "planning:meeting_hold", called.pk, data=other).status_code == 422
    assert (
        go("rt_head", "planning:meeting_hold", called.pk, data=data | {"terbaca": seal}).status_code
        == 302
    )
    kept = list(called.attendances.values_list("name", "sex"))
    assert kept == [("Slamet", "m"), ("Siti Aminah, S.Pd", "f")]


@pytest.mark.fault("report-04")
def test_short_names_in_capitals_stay_people_of_their_own(go, cast, called):
    data = {"men": 2, "women": 1, "names": "BUDI, L, SITI, P, TONO, L", "version": called.version}
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data | points(PAVING))
    seal = re.search(r'name="terbaca" value="(\w+)"', text(page))[1]
    data |= {"terbaca": seal} | points(PAVING)
    assert go("rt_head", "planning:meeting_hold", called.pk, data=data).status_code == 302
    assert [str(one) for one in called.attendances.all()] == ["Budi", "Siti", "Tono"]


@pytest.mark.fault("screen-A6", "screen-A23", "screen-G11")
def test_faults_of_the_record_lead_to_their_fields_and_open_what_is_folded(go, cast, called):
    late = {"title": "Talud", "field": "infra", "outcome": "deferred", "cost": "banyak"}
    data = {"men": "", "women": "", "names": "Budi", "version": called.version} | points(
        PAVING, late
    )
    page = go("rt_head", "planning:meeting_hold", called.pk, data=data)
    shown = text(page)
    for word in (
        'href="#id_men"',
        'href="#id_hal-1-reason"',
        "Hal 2: tulis alasan menunda",
        "Hal 2, rencana biaya:",
    ):
        assert word in shown, word
    folds = re.findall(r'<details class="fold"([^>]*)>', shown)
    assert [" open" in one for one in folds[:2]] == [True, True]


@pytest.mark.fault("screen-A9", "screen-G15")
def test_nothing_is_decided_for_the_writer_and_the_agenda_becomes_the_rows(go, cast, called):
    Meeting.objects.update(agenda="1. Jalan gang\n- Posyandu\nLampu\nIuran")
    shown = text(go("rt_secretary", "planning:meeting_hold", called.pk))
    for nth, title in enumerate(("Jalan gang", "Posyandu", "Lampu", "Iuran")):
        assert f'name="hal-{nth}-title" value="{title}"' in shown, title
    assert " checked" not in shown and '<option value="" selected>Pilih bidang' in shown
    data = {"men": 1, "women": 0, "version": called.version} | points({"title": "Posyandu"})
    page = text(go("rt_head", "planning:meeting_hold", called.pk, data=data))
    assert "Hal 1: pilih dibahas" in page and "Hal 1: pilih bidangnya" in page


# ---- the activity --------------------------------------------------------------------------


def lines(*rows):
    data = {"baris-TOTAL_FORMS": len(rows), "baris-INITIAL_FORMS": 0}
    for nth, row in enumerate(rows):
        data |= {f"baris-{nth}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.fault("screen-A1", "screen-G1")
def test_the_enter_key_searches_and_never_saves(go, cast, proposal, prices):
    form = text(go("rt_head", "planning:activity_new", proposal.pk))
    # Enter presses the first button of the form, whatever stands on it.
    inside = form[form.index('id="isian"') : form.rindex("</form>")]
    first = re.search(r"<button[^>]*>", inside)[0]
    pressed = dict(re.findall(r'(name|value)="([^"]*)"', first))
    data = {"name": "Talud", "field": "infra", "off_list_reason": "Longsor", "q": "semen"} | lines()
    page = go(
        "rt_head",
        "planning:activity_new",
        proposal.pk,
        data=data | {pressed["name"]: pressed["value"]},
    )
    assert page.status_code == 200 and not Activity.objects.exists()
    assert "Semen 40 kg" in text(page) and 'value="Talud"' in text(page)


@pytest.mark.fault("screen-A2", "screen-G12")
def test_a_fault_of_a_line_stands_in_its_cell_and_names_its_line(go, cast, proposal, prices):
    cement, paving = prices["Semen 40 kg"], prices["Paving K-175"]
    rows = lines(
        {"item": cement.pk, "volume": "-3", "price": "54.500"},
        {"item": paving.pk, "volume": "banyak", "price": "80.000"},
    )
    data = {"name": "", "field": "infra", "off_list_reason": "Longsor"} | rows
    page = go("rt_head", "planning:activity_new", proposal.pk, data=data)
    shown = text(page)
    assert page.status_code == 422
    for word in (
        "Semen 40 kg, volume:",
        "Paving K-175, volume:",
        "Tulis nama kegiatan",
        'href="#id_name"',
    ):
        assert word in shown, word
    assert shown.count('class="rab-cell is-wrong"') == 2


@pytest.mark.fault("screen-A8", "screen-G3")
def test_a_wish_fills_name_field_and_volume_and_tells_its_cost(go, cast, proposal, wish):
    data = {"plan_item": wish.pk, "name": "", "field": "", "volume": "", "isi": "1"} | lines()
    shown = text(go("rt_head", "planning:activity_new", proposal.pk, data=data))
    for word in ('value="Paving Gang Melati"', 'value="400 m2"', "perkiraan Rp32.000.000"):
        assert word in shown, word
    assert '<option value="infra" selected>' in shown and not Activity.objects.exists()
    # One's own words stay.
    shown = text(
        go("rt_head", "planning:activity_new", proposal.pk, data=data | {"name": "Jalan kami"})
    )
    assert 'value="Jalan kami"' in shown


@pytest.mark.parametrize("q", ["semen", "semn", "Semen 40kg", "40 kg semen", "smen"])
@pytest.mark.fault("screen-A12", "screen-G13")
def test_the_price_search_forgives(go, cast, prices, q):
    page = go("rt_head", "planning:prices", query=f"?tahun={cast.year.year}&q={q}")
    assert "Semen 40 kg" in text(page)


# ---- a look before what cannot be taken back -----------------------------------------------


@pytest.mark.fault("screen-A11", "screen-G9")
def test_sending_shows_first_what_will_happen(go, cast, activity):
    proposal = activity.proposal
    data = {"version": proposal.version, "lihat": "1"}
    shown = text(go("rt_head", "planning:submit", proposal.pk, data=data))
    for word in ("Rp32.000.000", "Rp18.000.000", "tidak diminta", "Ya, kirim usulan"):
        assert word in shown, word
    assert Proposal.objects.get().state == "draft"
    go("rt_head", "planning:submit", proposal.pk, data={"version": proposal.version})
    assert Proposal.objects.get().state == "submitted"


@pytest.mark.fault("screen-A11")
def test_rejecting_shows_first_what_will_happen(go, cast, submitted):
    data = {"version": submitted.version, "tier": submitted.tier, "do": "reject-look"}
    short = go("rw_head", "planning:verify", submitted.pk, data=data | {"reason": ""})
    assert short.status_code == 422
    page = go(
        "rw_head", "planning:verify", submitted.pk, data=data | {"reason": "Tanah orang lain."}
    )
    assert "Ya, tolak usulan" in text(page) and "Tanah orang lain." in text(page)
    assert Proposal.objects.get().state == "submitted"


@pytest.mark.fault("screen-A11")
def test_the_budget_shows_first_what_will_happen(go, cast, verified):
    verified.refresh_from_db()
    today = timezone.localdate().isoformat()
    data = {"version": verified.version, "document": "DPA/1", "on": today, "lihat": "1"}
    page = go("planning_office", "planning:budget", verified.pk, data=data)
    assert "Ya, masukkan ke anggaran" in text(page) and Proposal.objects.get().state == "verified"


# ---- smaller ones --------------------------------------------------------------------------


@pytest.mark.fault("screen-A24")
def test_prices_picked_in_one_sitting_are_one_line_of_the_history(go, cast, activity, prices):
    kept, item = activity, prices["Semen 40 kg"]
    for _pick in range(3):
        rows = [
            {"item": line.item_id, "volume": line.volume, "price": str(line.price)}
            for line in kept.lines.all()
        ]
        data = {"name": kept.name, "field": kept.field, "plan_item": kept.plan_item_id}
        data |= {"pakai": item.pk, "version": kept.version} | lines(*rows)
        assert (
            go(
                "rt_head", "planning:activity_edit", kept.proposal_id, kept.pk, data=data
            ).status_code
            == 302
        )
        kept.refresh_from_db()
    shown = text(go("rt_head", "planning:proposal", kept.proposal_id))
    assert kept.lines.count() == 4 and shown.count("Isi usulan diubah") == 1


@pytest.mark.fault("screen-A28")
def test_boxes_that_were_cleared_stay_cleared(go, cast, held):
    assert " checked" in text(go("rt_head", "planning:list_add"))
    page = go("rt_head", "planning:list_add", data={"do": "take"})
    assert page.status_code == 422 and " checked" not in text(page)


@pytest.mark.fault("screen-A29")
def test_an_rt_stays_with_its_number_on_one_line():
    assert whole_labels("RT 03 / RW 05 Ngronggo") == "RT\xa003\xa0/ RW\xa005 Ngronggo"
    assert whole_labels("Rapat RT dan RW") == "Rapat RT dan RW"


@pytest.mark.fault("report-05")
def test_no_way_into_the_minutes_leads_past_the_refusal_of_a_nik(cast, called):
    names = [Attendee("Budi 3571.0201.0190.0001", "m")]
    with pytest.raises(Refused, match="Hapus NIK") as refused:
        hold_meeting(by=cast.rt_head, meeting=called, men=1, women=0, names=names, points=POINTS)
    assert [one.field for one in refused.value.reasons] == ["names"]


@pytest.mark.fault("screen-A14")
def test_what_was_called_off_is_not_written_down(cast, called):
    cancelled = cancel_meeting(by=cast.rt_head, meeting=called, why="Hujan lebat")
    assert not cancelled.recorded
    with pytest.raises(PermissionDenied):
        hold_meeting(by=cast.rt_head, meeting=called, men=1, women=0, points=POINTS)
    with pytest.raises(PermissionDenied):
        change_invitation(by=cast.rt_secretary, meeting=called, **_said(called))
