"""What a page calls *boleh kosong* may stay empty: each such field is sent empty, and nothing is refused.

The forms of every app are walked; one that is not walked, or a new field that claims it, fails here.
"""

import importlib
import inspect
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from rembug.execution.tests.paths import bring, budgeted, confirmed
from rembug.people.sending import new_key
from rembug.planning.services.lists import add_item
from rembug.planning.services.meetings import call_meeting
from rembug.planning.services.proposals import start_proposal
from tests.cast import picture

pytestmark = pytest.mark.fault("screen-A5", "screen-G10")
FREE = re.compile(
    r'<label class="label" for="([^"]+)">[^<]*<span class="quiet">boleh kosong</span>'
)
APPS = ("people", "programs", "planning", "execution", "public")


@pytest.fixture
def walk(client, cast, sign_in):
    """Open a page, send it whole, then once more without each field that may stay empty."""

    def to(name, view, *args, data, files=()):
        if name:
            sign_in(cast.people[name])
        url = "/uji" + reverse(view, urlconf="rembug.city_urls", args=args)
        page = client.get(url).content.decode()
        free = sorted({found.removeprefix("id_") for found in FREE.findall(page)})
        refused = []
        for left_out in ["", *free]:
            sent = {key: value for key, value in data.items() if key != left_out}
            with transaction.atomic():
                uploads = {key: picture(seed=nth) for nth, key in enumerate(files, 5)}
                answer = client.post(url, {"key": new_key(), **sent, **uploads})
                if answer.status_code >= 400:
                    reasons = re.findall(
                        r'class="error"[^>]*>(.*?)</span>', answer.content.decode()
                    )
                    refused.append((left_out or "whole", reasons))
                transaction.set_rollback(True)
        assert not refused
        return set(free)

    return to


def today(days=0):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_an_invitation_and_a_record(walk, cast):
    data = {
        "title": "Rembug",
        "place": "Balai",
        "day": today(3),
        "clock": "19.30",
        "agenda": "Jalan",
    }
    assert walk("rt_head", "planning:meeting_new", data=data | {"year": cast.year.year}) == {
        "agenda"
    }
    when = timezone.now() - timedelta(days=1)
    told = {"title": "Rembug", "place": "Balai", "year": cast.year.year, "when": when}
    meeting = call_meeting(by=cast.rt_head, unit=cast.rt, **told)
    data = {"men": 1, "women": 0, "names": "Budi", "notes": "Hujan", "version": 0}
    data |= {
        "hal-TOTAL_FORMS": 1,
        "hal-INITIAL_FORMS": 0,
        "hal-0-title": "Paving",
        "hal-0-field": "infra",
    }
    data |= {"hal-0-outcome": "decided", "hal-0-volume": "4 m", "hal-0-cost": "1.000.000"}
    found = walk("rt_head", "planning:meeting_hold", meeting.pk, data=data)
    assert found >= {"names", "notes", "hal-0-volume", "hal-0-cost"}
    assert "hal-0-reason" not in found and "count_reason" not in found


def test_a_photograph_the_book_asks_for_is_not_called_free(cast, client, sign_in, monkeypatch):
    when = timezone.now() - timedelta(days=1)
    told = {"title": "Rembug", "place": "Balai", "year": cast.year.year, "when": when}
    meeting = call_meeting(by=cast.rt_head, unit=cast.rt, **told)
    url = "/uji" + reverse("planning:meeting_hold", urlconf="rembug.city_urls", args=[meeting.pk])
    sign_in(cast.rt_head)
    assert "id_photos" in FREE.findall(client.get(url).content.decode())
    book = cast.year.rule_set.book | {"meeting": {"quorum_percent": 0, "min_photos": 1}}
    type(cast.year.rule_set).objects.filter(pk=cast.year.rule_set_id).update(book=book)
    assert "id_photos" not in FREE.findall(client.get(url).content.decode())


def test_the_list_and_the_proposal(walk, cast, prices):
    data = {
        "do": "add",
        "title": "Paving",
        "field": "infra",
        "year": cast.year.year,
        "reason": "Lama",
    }
    data |= {"volume": "4 m", "cost": "1.000.000"}
    assert walk("rt_head", "planning:list_add", data=data) == {"volume", "cost"}
    told = {"year": cast.year.year, "field": "infra", "title": "Paving", "reason": "Lama"}
    wish = add_item(by=cast.rt_head, unit=cast.rt, **told)
    data |= {"do": "change", "version": wish.version}
    assert walk("rt_head", "planning:list_item", wish.pk, data=data) == {"volume", "cost"}
    proposal = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    data = {"name": "Talud", "field": "infra", "off_list_reason": "Longsor", "place": "Gang 1"}
    data |= {"volume": "4 m", "swadaya_money": "1.000", "swadaya_days": 2, "swadaya_note": "Nasi"}
    data |= {"baris-TOTAL_FORMS": 0, "baris-INITIAL_FORMS": 0}
    found = walk("rt_head", "planning:activity_new", proposal.pk, data=data)
    assert found == {"place", "volume", "swadaya_money", "swadaya_days", "swadaya_note"}


def test_a_pokmas_and_its_contract(walk, cast):
    data = {
        "name": "Pokmas Rukun",
        "address": "Jalan 3",
        "bank": "Bank Uji",
        "account_no": "0011223344",
    }
    data |= {"account_holder": "POKMAS RUKUN", "head_name": "Siti", "secretary_name": "Rina"}
    data |= {"treasurer_name": "Joko", "supervisor_name": "Budi", "member1_name": "Tono"}
    data |= {"head_login": "siti.kepala"}
    assert {"head_login", "member1_name"} <= walk("ekbang", "execution:pokmas_new", data=data)
    activity, group = budgeted(cast), confirmed(cast)
    data = {"pokmas": group.pk, "contract_no": "1/K", "contract_on": today(), "starts_on": today()}
    data |= {"ends_on": f"{timezone.localdate().year}-12-31", "note_A": "mulut gang"}
    found = walk("ekbang", "execution:prepare", activity.pk, data=data)
    assert "note_A" not in found and {"lat_A", "lon_A"} <= found


def test_a_receipt(walk, cast):
    work = bring(cast, "received_1")
    line = work.activity.lines.first()
    data = {"supplier": "Toko Jaya", "what": "Semen", "paid_on": today(), "amount": "150.000"}
    data |= {"line": line.pk, "tax": "0"}
    found = walk("pokmas_treasurer", "execution:receipt_new", work.pk, data=data, files=["photo"])
    assert not found & {"group", "line", "days", "tax_why"}


def test_an_appointment_and_a_comment(walk, cast):
    data = {"role": "lurah", "unit": cast.kelurahan.code, "login": cast.resident.login}
    data |= {"acting": "", "decree_no": "1/SK", "decree_on": today(), "starts_on": today()}
    assert "ends_on" in walk(
        "government_office", "people:appoint", data=data | {"ends_on": today(90)}
    )
    work = bring(cast, "running")
    assert walk("", "public:comment", work.activity_id, data={"text": "Bagus", "name": "Budi"}) == {
        "name"
    }


def test_a_year_is_closed_without_a_word(cast):
    from rembug.execution.services.yearend import close_year

    closed = close_year(by=cast.government_office, program_year=cast.year, why="")
    assert closed.state == "closed"


# Forms with a field that may stay empty, and where it is walked above.
WALKED = {
    "planning.CallForm", "planning.HoldForm", "planning.PointForm", "planning.WishForm", "planning.ActivityForm",
    "execution.PokmasForm", "execution.ContractForm", "execution.ReceiptForm", "people.AppointForm",
    "public.CommentForm", "execution.CloseYearForm",
}  # fmt: skip
# All its fields become required when it is made; a box to tick claims nothing.
CLAIMS_NOTHING = {"programs.OpenYearForm", "planning.LineForm"}


def test_every_form_with_such_a_field_is_walked():
    found = set()
    folders = {app: Path(importlib.import_module(f"rembug.{app}").__file__).parent for app in APPS}
    # A form may stand in a file of its own beside forms.py.
    files = [(app, path.stem) for app, home in folders.items() for path in home.glob("*form*.py")]
    for app, file in files:
        module = importlib.import_module(f"rembug.{app}.{file}")
        for name, one in inspect.getmembers(module, inspect.isclass):
            if not issubclass(one, forms.Form) or one.__module__ != module.__name__:
                continue
            free = [
                field
                for field in one.base_fields.values()
                if not field.required and not field.widget.is_hidden
                and getattr(field, "may_stay_empty", True)
            ]  # fmt: skip
            if free:
                found.add(f"{app}.{name}")
    made_while_running = {"execution.PokmasForm", "execution.ContractForm"}
    assert found - WALKED - CLAIMS_NOTHING == set()
    assert WALKED - found <= made_while_running
