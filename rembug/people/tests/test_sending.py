"""A key is bound to act, target and content; the receipt bears the code of the record; a twin gets the first."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import get_resolver, resolve
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.people import sending
from rembug.people.acts import record
from rembug.people.models import Act, Office, Person, Sending
from rembug.people.sending import content_of, form_key, new_key, once

SENT, OTHER = "a" * 64, "b" * 64


def text(page):
    return page.content.decode()


def send(cast, key, content=SENT, act="test", by=None, made=None):
    def run():
        record(by or cast.lurah, "test.done", cast.rt)
        if made is not None:
            made.append(1)
        return cast.rt

    return once(key=key, by=by or cast.lurah, act=act, run=run, content=content)


@pytest.mark.fault("report-01", "attack-3", "item-1")
def test_the_same_key_with_other_content_is_never_thanked(cast):
    key, made = new_key(), []
    first, _ran = send(cast, key, made=made)
    assert send(cast, key, made=made)[0] == first
    with pytest.raises(Refused) as told:
        send(cast, key, OTHER, made=made)
    assert first.code in str(told.value) and len(made) == 1


def test_a_receipt_from_before_keys_knew_their_content_thanks_nobody(cast):
    """After an upgrade nobody can say what the first one held."""
    key = new_key()
    first, _ran = send(cast, key)
    Sending.objects.filter(pk=first.pk).update(content="")
    with pytest.raises(Refused):
        send(cast, key)
    with pytest.raises(Refused):
        send(cast, new_key(), content="")


@pytest.mark.fault("screen-A13", "screen-G16")
def test_the_receipt_bears_the_code_of_its_line_in_the_record(cast):
    receipt, _ran = send(cast, new_key())
    assert receipt.code == Act.objects.latest("id").code


def test_of_several_lines_the_one_about_the_thing_gives_the_code(cast):
    def run():
        record(cast.lurah, "test.done", cast.rt)
        record(cast.lurah, "test.also", cast.kelurahan)
        return cast.rt

    receipt, _ran = once(key=new_key(), by=cast.lurah, act="test", run=run, content=SENT)
    assert receipt.code == Act.objects.get(act="test.done").code


# ---- what counts as content ---------------------------------------------------------------------


def asked(path="/uji/x/", **data):
    return RequestFactory().post(path, data)


def photo(content):
    return SimpleUploadedFile("k.jpg", content)


@pytest.mark.parametrize(
    "other",
    [
        {"shop": "Dua"},
        {"shop": ["Satu", "Satu"]},
        {"shop": "Satu", "note": ""},
        {"shop": "Satu", "photo": photo(b"2")},
        {"path": "/uji/y/", "shop": "Satu"},
        {"path": "/uji/x/?rt=2", "shop": "Satu"},
    ],
)
def test_another_word_file_or_address_is_other_content(other):
    assert content_of(asked(**other)) != content_of(asked(shop="Satu"))


def test_the_key_the_token_and_the_end_of_lines_are_no_content():
    one = asked(shop="a\r\nb", key="12345678", csrfmiddlewaretoken="x", photo=photo(b"1"))
    two = asked(shop="a\nb", key="87654321", csrfmiddlewaretoken="y", photo=photo(b"1"))
    assert content_of(one) == content_of(two)
    # The act still finds the whole file.
    assert one.FILES["photo"].read() == b"1"


def test_a_page_keeps_an_unused_key_and_replaces_a_used_one(cast):
    def key_for(sent):
        request = asked(key=sent)
        request.city = cast.city
        return form_key(request)

    fresh = new_key()
    assert key_for(fresh) == fresh and key_for(f"{fresh}-b") == fresh == key_for(f"{fresh}k12k12")
    send(cast, fresh)
    for sent in (fresh, "", "pendek", "x" * 80, "a b c d e f"):
        assert re.fullmatch("[0-9a-f]{32}", key_for(sent)) and key_for(sent) != sent


# ---- a database that is busy ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said", ["database is locked", "connection already closed"])
@pytest.mark.fault("item-4")
def test_a_database_that_is_busy_is_asked_again(cast, monkeypatch, said):
    monkeypatch.setattr(sending, "PAUSES", (0, 0))
    tries = []

    def run():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError(said)
        return cast.rt

    receipt, ran = once(key=new_key(), by=cast.lurah, act="test", run=run, content=SENT)
    assert ran and len(tries) == 3 and Sending.objects.get() == receipt


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said", ["database is locked", "no such table: x", "disk is full"])
def test_what_does_not_pass_is_not_asked_for_ever(cast, monkeypatch, said):
    monkeypatch.setattr(sending, "PAUSES", (0, 0))
    tries = []

    def run():
        tries.append(1)
        raise OperationalError(said)

    with pytest.raises(OperationalError):
        once(key=new_key(), by=cast.lurah, act="test", run=run, content=SENT)
    assert len(tries) == (3 if "locked" in said else 1) and not Sending.objects.exists()


# ---- over the pages ---------------------------------------------------------------------------------


@pytest.fixture
def end(cast, sign_in):
    """`end(key, why=...)`: the form that ends the lurah's office, sent by who may."""
    client = sign_in(cast.camat)
    seat = Office.objects.get(person=cast.lurah)
    path = f"/uji/jabatan/{seat.pk}/akhiri/"

    def post(key, why="Pindah tugas.", **more):
        sent = {"key": key, "last_day": str(timezone.localdate()), "why": why}
        headers = {"Referer": f"http://testserver{path}"} | more
        return client.post(path, sent, headers=headers)

    return post


def test_the_same_press_again_leads_where_the_first_led_whatever_has_changed(end, cast, client):
    key = new_key()
    first = end(key)
    assert first.status_code == 302
    # What the page would show now is another matter: the office is long over.
    today = timezone.localdate()
    Office.objects.filter(person=cast.lurah).update(
        starts_on=today - timedelta(99), ends_on=today - timedelta(9)
    )
    again = end(key)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    code = Sending.objects.get(key=key).code
    assert code in text(client.get(again["Location"]))


def test_other_content_under_a_used_key_is_refused_with_its_text_and_a_fresh_key(end):
    key = new_key()
    end(key)
    page = end(key, why="Alasan yang lain sama sekali.")
    assert page.status_code == 422
    assert "Alasan yang lain sama sekali." in text(page)
    assert Sending.objects.get(key=key).code in text(page) and "belum tersimpan" in text(page)
    assert page.context["key"] != key and f'value="{key}"' not in text(page)


def test_a_twin_that_was_refused_while_the_first_was_served_is_thanked(end, cast, monkeypatch):
    """The two overlap: the second looked before the first was done, and was refused after it."""
    from rembug.people import middleware

    key = new_key()
    end(key)
    Sending.objects.filter(key=key).update(answer="")
    looks = iter([None])
    real = middleware._sent_before
    monkeypatch.setattr(middleware, "_sent_before", lambda r: next(looks, None) or real(r))
    Office.objects.filter(person=cast.lurah).update(role="mayor", unit=cast.top)
    again = end(key)
    assert again.status_code == 302 and "/akhiri/" in again["Location"]


def test_another_person_gets_nothing_by_a_key(end, cast, client):
    key = new_key()
    end(key)
    client.force_login(cast.ekbang, backend="rembug.people.login.CityBackend")
    assert end(key).status_code in (403, 404)


@pytest.mark.fault("item-3")
def test_a_script_is_told_where_to_go(end):
    done = end(new_key(), **{"X-Rembug-Sending": "1"})
    assert done.status_code == 204 and done["X-Location"] == "/uji/jabatan/"
    assert "Location" not in done


# ---- nothing is kept in the browser -----------------------------------------------------------------


@pytest.mark.fault("report-09", "attack-3", "item-1")
@pytest.mark.parametrize(
    "path",
    ["meja/", "beranda/", "sandi/", "jabatan/", "", "kegiatan/", "tidak-ada/", "meja/?isi=lain"],
)
def test_nothing_of_a_signed_in_person_is_kept_by_the_browser(cast, sign_in, path):
    """Pages, redirects, pages that do not exist."""
    page = sign_in(cast.lurah).get("/uji/" + path)
    assert "no-store" in page["Cache-Control"], page["Cache-Control"]


def test_refusals_and_the_sign_in_page_are_not_kept_either(cast, client, sign_in):
    assert "no-store" in client.get("/uji/masuk/")["Cache-Control"]
    assert "no-store" in client.get("/uji/meja/")["Cache-Control"]
    sign_in(cast.lurah)
    assert "no-store" in client.post("/uji/jabatan/angkat/", {})["Cache-Control"]
    assert "no-store" in client.post("/uji/keluar/")["Cache-Control"]


def test_the_open_face_is_kept_as_before(client, cast):
    assert client.get("/uji/")["Cache-Control"] == "private, no-cache"


# ---- signed out under the button --------------------------------------------------------------------


@pytest.mark.fault("item-4")
def test_signed_out_under_a_button_one_comes_back_to_its_page(client, cast):
    pressed = {"Referer": "http://testserver/uji/usulan/5/"}
    page = client.post("/uji/usulan/5/kirim/", {"key": new_key()}, headers=pressed)
    assert page["Location"] == "/uji/masuk/?next=/uji/usulan/5/"
    # What was only opened is opened afterwards.
    assert client.get("/uji/jabatan/")["Location"] == "/uji/masuk/?next=/uji/jabatan/"
    told = client.post("/uji/usulan/5/kirim/", {}, headers=pressed | {"X-Rembug-Sending": "1"})
    assert told.status_code == 401 and told["X-Location"] == "/uji/masuk/?next=/uji/usulan/5/"
    part = client.get("/uji/meja/", headers={"HX-Request": "true", "HX-Current-URL": "/uji/meja/"})
    assert part["HX-Redirect"] == "/uji/masuk/?next=/uji/meja/"


def test_an_address_of_another_place_is_not_come_back_to(client, cast):
    for pressed in ("http://evil.test/", "http://testserver/lain/meja/", ""):
        page = client.post("/uji/usulan/5/kirim/", {}, headers={"Referer": pressed})
        assert page["Location"] == "/uji/masuk/?next="


@pytest.mark.fault("item-4")
def test_after_signing_in_one_is_led_to_a_page_that_can_be_opened(client, cast):
    """A sign-in page left open may still carry an address that only takes what is sent."""
    Person.everywhere.filter(pk=cast.lurah.pk).update(password=make_password("rahasia-1"))
    known = {"username": "lurah", "password": "rahasia-1", "next": "/uji/usulan/5/kirim/?a=1"}
    assert client.post("/uji/masuk/", known)["Location"] == "/uji/usulan/5/"


def test_every_address_that_cannot_be_opened_is_known_and_says_so_in_words(cast, sign_in):
    """The mark `only_sent` and what a browser is told agree, on every address of the city."""
    client, closed = sign_in(cast.lurah), 0
    for pattern in patterns(get_resolver("rembug.city_urls")):
        path = "/uji/" + re.sub("<[^>]+>", "1", pattern)
        found = resolve(path.removeprefix("/uji"), "rembug.city_urls")
        marked = getattr(found.func, "only_sent", False)
        page = client.get(path)
        assert (page.status_code == 405) == marked, path
        if marked:
            closed += 1
            assert "hanya untuk mengirim" in text(page) and 'href="../"' in text(page)
    assert closed >= 4


def patterns(resolver):
    for part in resolver.url_patterns:
        if hasattr(part, "url_patterns"):
            yield from patterns(part)
        elif not str(part.pattern).startswith("^"):
            yield str(part.pattern)
