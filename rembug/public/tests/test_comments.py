"""A resident says something, without an account."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.execution import commenting
from rembug.execution.models import Comment
from rembug.execution.services.comments import add_comment
from rembug.public.tests.stage import set_stage


@pytest.fixture
def path(staged):
    return f"/uji/kegiatan/{staged.activities['running'].pk}/tanggapan/"


def _key(client, path):
    return client.get(path).context["form"]["key"].value()


def test_the_form_stands_on_a_page_of_its_own(path, client):
    answer = client.get(path)
    text = answer.content.decode()
    assert 'id="tulis"' in text and "csrfmiddlewaretoken" in text
    assert "no-store" in answer["Cache-Control"]


def test_saying_something_gives_a_receipt(path, client):
    sent = {
        "text": "Kapan selesai?",
        "name": "Bu Sri",
        "fits": "tidak",
        "key": _key(client, path),
    }
    before = Comment.objects.count()
    answer = client.post(path, sent)
    assert answer.status_code == 200 and "Tanda terima" in answer.content.decode()
    again = client.post(path, sent)
    assert again.context["sending"].code == answer.context["sending"].code
    assert Comment.objects.count() == before + 1
    said = Comment.objects.latest("id")
    assert said.matches is False and said.name == "Bu Sri"
    shown = client.get(path.removesuffix("tanggapan/")).content.decode()
    assert "Kapan selesai?" in shown and "Bu Sri" not in shown


@pytest.mark.fault("item-26")
def test_residents_behind_one_address_are_counted_each_alone(path):
    """All telephones of a carrier may share an address; the sixth resident in an hour is not sent away."""
    for _resident in range(8):
        client = Client()
        assert (
            client.post(path, {"text": "Kapan selesai?", "key": _key(client, path)}).status_code
            == 200
        )
    told = [
        client.post(path, {"text": "Lagi", "key": _key(client, path)}).status_code for _ in range(6)
    ]
    assert told == [200] * 4 + [422] * 2


def test_one_network_has_a_wide_limit_behind_a_proxy_too(path, settings, monkeypatch):
    """Who throws the sign of the browser away every time is still one network."""
    monkeypatch.setattr(commenting, "COMMENTS_PER_NETWORK", 7)

    def send(came_from: str) -> int:
        client = Client()
        sent = {"text": "Kapan selesai?", "key": _key(client, path)}
        return client.post(path, sent, headers={"X-Forwarded-For": came_from}).status_code

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert [send(f"10.0.0.{n}") for n in range(9)] == [200] * 9
    # What a visitor puts in front of it does not count.
    assert [send(f"1.1.1.{n}, 10.0.0.99") for n in range(8)] == [200] * 7 + [422]


@pytest.mark.postgres
@pytest.mark.fault("attack-21", "item-26")
def test_twelve_at_the_same_moment_are_counted_one_by_one(transactional_db, cast):
    activity = set_stage(cast).activities["running"]
    gate = Barrier(12)

    def one(number: int) -> bool:
        try:
            with scope(city=cast.city):
                gate.wait(timeout=20)
                mark = {"sender": "a" * 64, "network": "b" * 64}
                key = f"kunci-ke-{number}"
                add_comment(
                    activity=activity, name="", text=f"Halo {number}", matches=None, key=key, **mark
                )
            return True
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(one, range(12))) == commenting.COMMENTS_PER_HOUR
    assert Comment.objects.filter(sender="a" * 64).count() == commenting.COMMENTS_PER_HOUR


def test_an_empty_form_says_what_is_missing_and_keeps_the_rest(path, client):
    answer = client.post(path, {"text": "", "name": "Bu Sri", "key": _key(client, path)})
    assert answer.status_code == 422 and "Bu Sri" in answer.content.decode()
    assert client.post(path, {"text": "x" * 9000, "key": "terlalu"}).status_code == 422


def test_the_form_of_a_stale_tab_is_refused(path, staged):
    assert Client(enforce_csrf_checks=True).post(path, {"text": "halo"}).status_code == 403


def test_unknown_activity(staged, client):
    assert client.get("/uji/kegiatan/999999/tanggapan/").status_code == 404
