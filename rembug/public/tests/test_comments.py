"""A resident says something, without an account."""

import pytest

from rembug.execution.models import Comment


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


def test_behind_a_proxy_each_visitor_is_counted_alone(path, client, settings):
    """Otherwise the sixth resident of the city in an hour is told to come back later."""

    def send(came_from: str) -> int:
        sent = {"text": "Kapan selesai?", "key": _key(client, path)}
        return client.post(path, sent, headers={"X-Forwarded-For": came_from}).status_code

    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert [send(f"10.0.0.{n}") for n in range(7)] == [200] * 7
    # What a visitor puts in front of it does not count.
    assert [send(f"1.1.1.{n}, 10.0.0.9") for n in range(6)] == [200] * 5 + [422]
    settings.SECURE_PROXY_SSL_HEADER = None
    assert [send(f"10.0.1.{n}") for n in range(6)] == [200] * 5 + [422]


def test_an_empty_form_says_what_is_missing_and_keeps_the_rest(path, client):
    answer = client.post(path, {"text": "", "name": "Bu Sri", "key": _key(client, path)})
    assert answer.status_code == 422 and "Bu Sri" in answer.content.decode()
    assert client.post(path, {"text": "x" * 9000, "key": "terlalu"}).status_code == 422


def test_the_form_of_a_stale_tab_is_refused(path, staged):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(path, {"text": "halo"}).status_code == 403


def test_unknown_activity(staged, client):
    assert client.get("/uji/kegiatan/999999/tanggapan/").status_code == 404
