"""Wrong passwords: whoever guesses is held up; whoever is guessed at can always be let in."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from rembug.people import login
from rembug.people.models import Person
from rembug.people.services import reset_password

SECRET = "Sandi-panjang-1"


@pytest.fixture
def lurah(cast):
    Person.everywhere.filter(pk=cast.lurah.pk).update(password=make_password(SECRET))
    return {"username": "lurah", "password": SECRET}


def _guess(client, name, times, **meta):
    return [
        client.post("/uji/masuk/", {"username": name, "password": f"salah{n}"}, **meta).status_code
        for n in range(times)
    ]


@pytest.mark.fault("attack-12", "item-26")
def test_guessing_elsewhere_keeps_nobody_out_also_behind_a_proxy(lurah, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    far = {"headers": {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}}
    near = {"headers": {"X-Forwarded-For": "203.0.113.10", "X-Forwarded-Proto": "https"}}
    assert _guess(Client(), "lurah", 9, **far)[-1] == 429
    assert Client().post("/uji/masuk/", lurah, **near).status_code == 302


@pytest.mark.fault("attack-12")
def test_guessing_beside_an_officer_does_not_keep_their_own_telephone_out(lurah):
    own = Client()
    assert own.post("/uji/masuk/", lurah).status_code == 302
    own.post("/uji/keluar/")
    assert _guess(Client(), "lurah", 9)[-1] == 429  # the same network
    assert Client().post("/uji/masuk/", lurah).status_code == 429
    assert own.post("/uji/masuk/", lurah).status_code == 302


def test_a_telephone_that_was_used_is_counted_too(lurah):
    own = Client()
    own.post("/uji/masuk/", lurah)
    own.post("/uji/keluar/")
    assert _guess(own, "lurah", 8)[-1] == 429
    assert own.post("/uji/masuk/", lurah).status_code == 429


def test_the_sign_of_a_telephone_cannot_be_made_up(lurah):
    client = Client()
    client.cookies[login.DEVICE_COOKIE] = '{"99.71:lurah": "abc"}'
    assert _guess(client, "lurah", 8)[-1] == 429
    assert client.post("/uji/masuk/", lurah).status_code == 429


@pytest.mark.fault("attack-12", "item-26")
def test_the_office_above_lets_a_locked_officer_in(cast, lurah):
    client = Client()
    page = [client.post("/uji/masuk/", lurah | {"password": "x"}) for _ in range(9)][-1]
    assert page.status_code == 429 and "kantor di atas" in page.content.decode()
    fresh = reset_password(by=cast.camat, office=cast.lurah.offices.get())
    answer = client.post("/uji/masuk/", {"username": "lurah", "password": fresh})
    assert answer.status_code == 302


@pytest.mark.fault("attack-12", "item-26")
def test_one_guess_for_each_of_many_names_is_slowed(lurah):
    client = Client()
    told = [_guess(client, f"nama{n}", 1)[0] for n in range(login.MOST_GUESSES + 1)]
    assert told == [422] * login.MOST_GUESSES + [429]
    page = client.post("/uji/masuk/", lurah)
    assert page.status_code == 429 and "jaringan ini" in page.content.decode()
