"""What people paste: emoji, other scripts, marks nobody sees. Papers come out, pages stand, the edge refuses."""

from __future__ import annotations

import ast
from datetime import timedelta
from io import BytesIO

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.utils import timezone
from pypdf import PdfReader

from rembug.core.signs import HOSTILE, dropped, named
from rembug.execution.models import Comment
from rembug.execution.tests.paths import bring
from rembug.people.models import Person
from rembug.people.sending import new_key
from rembug.planning.models import Attendance, Meeting, MeetingItem, Signature
from tests.test_numbers_everywhere import CODE, FORMS, SOURCES

pytestmark = pytest.mark.fault("report-03", "item-7")

PIECES = [
    "Rembug warga RT 01 ✅",
    "Rumah Pak RT 🏠 ❤️",
    "Siti ❤️ 👨‍👩‍👧 1️⃣",
    "ꦫꦼꦩ꧀ꦧꦸꦒ",
    "中文 한국어 ไทย",
    "عربي ʿAbd ñ ł ğ Ṣ m² ½ ≥",
    "a\u202egnp\u2066b\u0007c",
    "https://maps.app.goo.gl/" + "Xy7" * 60,
    "x" * 200,
    "*tebal* #let $x$ <b>&amp;",
]
# Texts nobody types: codes, states, addresses of our own.
MACHINE = {
    *(
        "login",
        "password",
        "role",
        "code",
        "kind",
        "about",
        "key",
        "act",
        "thing",
        "digest",
        "acting",
    ),
    *("sha256", "field", "tier", "stage", "timezone", "path", "salt", "rule", "minutes_digest"),
    *("version", "slug", "stamp", "hold_tier", "held_as", "hold", "label", "mime", "ntpn", "bid"),
}
APPS = ("regions", "people", "programs", "planning", "execution")
GUARDED = {"Act", "DeskItem", "Sending"}


def poison() -> int:
    """Write something hostile into every free text of every table; returns how many columns."""
    columns = 0
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__ in GUARDED:
            continue
        free = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not (field.choices or field.generated or field.primary_key)
            and field.name not in MACHINE
        ]
        for field in free:
            columns += 1
            for at, row in enumerate(model._base_manager.all()):
                typed = f"{row.pk} {PIECES[(at + columns) % len(PIECES)]}"[: field.max_length]
                model._base_manager.filter(pk=row.pk).update(**{field.name: typed})
    return columns


@pytest.fixture
def poisoned(cast):
    """A work that was handed over and a signed meeting, every text of them hostile."""
    work = bring(cast, "handed")
    now = timezone.now()
    told = {"title": "Rembug", "place": "Balai", "agenda": "Acara", "notes": "Catatan"}
    meeting = Meeting.objects.create(
        city=cast.city,
        unit=cast.rt,
        called_by=cast.rt_head,
        year=now.year,
        **{"at": now - timedelta(days=9), "state": "held", "men": 20, "women": 20, **told},
    )
    for n in range(24):
        Attendance.objects.create(city=cast.city, meeting=meeting, name=f"W {n}")
        outcome = ("decided", "deferred", "discussed")[n % 3]
        item = {"title": "Hal", "volume": "1", "reason": "Sebab", "outcome": outcome, "rank": n + 1}
        MeetingItem.objects.create(city=cast.city, meeting=meeting, field="infra", cost=5, **item)
    office = cast.rt_head.offices.get()
    Signature.objects.create(
        city=cast.city,
        meeting=meeting,
        role="rt",
        person=cast.rt_head,
        office=office,
        digest="f" * 64,
        at=now,
    )
    assert poison() > 40
    return work, meeting


def test_every_paper_comes_out_with_hostile_texts(cast, sign_in, poisoned):
    work, meeting = poisoned
    papers = [f"pekerjaan/{work.pk}/{name}.pdf" for name in ("kontrak", "bahp", "bast")]
    routes = [path.read_text().count(".pdf") for path in CODE.rglob("urls.py")]
    papers += [f"rembug/{meeting.pk}/{name}.pdf" for name in ("notulen", "undangan")]
    papers.append(f"notulen/{meeting.pk}/notulen.pdf")
    assert sum(routes) == len(papers), "a new paper is printed here too"
    for paper in papers:
        who = cast.rt_head if "rembug" in paper else cast.lurah
        # Each paper belongs to a state of the meeting.
        state = "called" if "undangan" in paper else "signed"
        if "pekerjaan" not in paper:
            type(meeting).objects.filter(pk=meeting.pk).update(state=state)
        page = sign_in(who).get(f"/uji/{paper}")
        assert page.status_code == 200, paper
        told = "".join(one.extract_text() for one in PdfReader(BytesIO(page.content)).pages)
        assert "□" in told and "✅" not in told and "\u202e" not in told, paper
    assert "عربي" in told or "ﻲ" in told or "ي" in told


def test_every_page_stands_with_hostile_texts(cast, sign_in, client, poisoned):
    work, meeting = poisoned
    rt = cast.rt.code
    for path in ("", f"rt/{rt}/", f"rt/{rt}/papan/", f"kegiatan/{work.activity_id}/", "kegiatan/"):
        assert client.get(f"/uji/{path}").status_code == 200, path
    inside = (
        f"pekerjaan/{work.pk}/",
        f"rembug/{meeting.pk}/",
        "meja/",
        f"pokmas/{work.pokmas_id}/",
    )
    for path in inside:
        assert sign_in(cast.lurah).get(f"/uji/{path}").status_code == 200, path


# ---- the edge -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept", "hostile"),
    [
        ("Budi\u200b Santoso\ufeff", "Budi Santoso", False),
        ("\u2068Siti\u2069 \u200eAminah", "Siti Aminah", False),
        ("a\x07\x1b[0m\x85b", "a[0mb", False),
        ("satu\u2028dua\r\ntiga\tx", "satu\ndua\r\ntiga\tx", False),
        ("ꦫ\u200dx", "ꦫ\u200dx", False),
        ("a\0b", "a\0b", True),
        ("foto\u202egpj", "foto\u202egpj", True),
        ("\u202dx", "\u202dx", True),
        ("x\ud83d", "x\ud83d", True),
    ],
)
def test_what_is_dropped_and_what_is_refused(text, kept, hostile):
    assert dropped(text) == kept and bool(HOSTILE.search(text)) == hostile
    assert bool(named(text)) == (hostile or kept != text)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_text_field_of_every_form_refuses_a_nul(form):
    """The middleware turns each sign that deceives into one."""
    for field in form.base_fields.values():
        if isinstance(field, forms.CharField):
            with pytest.raises(forms.ValidationError):
                field.clean("12345678\0")


@pytest.mark.parametrize("sign", ["\0", "\u202e", "\u202d"])
def test_a_comment_that_deceives_is_refused_with_the_text_kept(cast, client, sign):
    work = bring(cast, "reported_50")
    path = f"/uji/kegiatan/{work.activity_id}/tanggapan/"
    typed = {"text": f"Pekerjaannya{sign} bagus", "name": "Warga", "key": new_key()}
    page = client.post(path, typed)
    told = page.content.decode()
    assert page.status_code == 422 and not Comment.objects.exists()
    assert "tanda tersembunyi" in told and "Pekerjaannya bagus" in told and sign not in told


def test_marks_nobody_sees_are_dropped_from_a_comment(cast, client):
    work = bring(cast, "reported_50")
    typed = {"text": "\u2068Baik\u2069\u200b sekali\x07", "name": "", "key": new_key()}
    client.post(f"/uji/kegiatan/{work.activity_id}/tanggapan/", typed)
    assert Comment.objects.get().text == "Baik sekali"


def test_a_name_that_deceives_does_not_become_an_office(cast, sign_in):
    today = timezone.localdate().isoformat()
    typed = {
        "role": "ekbang",
        "unit": cast.kelurahan.code,
        "login": "baru",
        "acting": "",
        "name": "Budi\u202eidub",
        "decree_no": "1/2026",
        "decree_on": today,
        "starts_on": today,
    }
    page = sign_in(cast.camat).post("/uji/jabatan/angkat/", typed | {"key": new_key()})
    assert page.status_code == 422 and "tanda tersembunyi" in page.content.decode()
    assert not Person.objects.filter(login="baru").exists()


@pytest.mark.parametrize(
    "query", ["q=mel%E2%80%AEati", "q=mel%00ati", "q=mel%E2%80%8Bati", "q=%ED%A0%BD"]
)
def test_a_search_finds_what_was_meant(cast, client, query):
    page = client.get(f"/uji/cari/?{query}")
    told = page.content.decode()
    assert page.status_code == 200 and "\u202e" not in told and "\0" not in told


# What views may read without a form: made by a page of ours, or looked up and never kept.
NO_TEXT = {
    *("key", "do", "version", "next", "language", "username", "rt", "unit", "tahun", "q", "tier"),
    *("year", "remove", "activity", "percent", "decision", "usulan", "kept", "halaman", "csrf"),
    *("kelurahan", "lihat", "cari", "isi", "pakai", "tambah", "terbaca"),
}


def test_no_view_keeps_a_text_that_no_form_has_read():
    """`request.POST` is read by forms; what else a view takes from it is no text that stays."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            read = ast.unparse(node) if isinstance(node, ast.Call | ast.Subscript) else ""
            called = isinstance(node, ast.Call) and ast.unparse(node.func)
            if called in ("request.POST.get", "request.POST.getlist"):
                named_so = node.args[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "request.POST":
                named_so = node.slice
            else:
                continue
            if isinstance(named_so, ast.Constant):
                assert named_so.value in NO_TEXT, (path, read)
            else:
                assert "readable" in path.read_text() or "machine" in path.read_text(), (path, read)
