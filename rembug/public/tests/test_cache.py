"""Kept pages: cheap, seen by the next visitor when something changes, and never somebody's own."""

import gzip

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rembug.execution.services.comments import add_comment
from rembug.people.acts import record


def test_a_change_is_visible_to_the_next_visitor(
    client, cast, staged, django_capture_on_commit_callbacks
):
    activity = staged.activities["done"]
    path = f"/uji/kegiatan/{activity.pk}/"
    before = client.get(path).content
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).content == before
    assert len(asked) == 1  # the city itself, with its stamp
    words = "Apakah sudah kering?"
    # What waits for a commit waits for ever inside a test; it must not stand for what comes next.
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks(execute=True):
        add_comment(activity=activity, name="", text=words, matches=None, key="kunci-satu-dua")
    assert b"Apakah sudah kering?" in client.get(path).content
    activity.name = "Nama yang baru"
    activity.save()
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks(execute=True):
        record(cast.ekbang, "proposal.changed", activity)
    assert b"Nama yang baru" in client.get(path).content


def _kept(client, path="/uji/", **told):
    client.get(path, **told)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, **told)
    return answer, len(asked)


def test_languages_have_pages_of_their_own(staged, client):
    plain, _queries = _kept(client)
    english, _queries = _kept(client, headers={"Accept-Language": "en"})
    assert b'lang="id"' in plain.content and b'lang="en"' in english.content
    assert "Accept-Language" in english["Vary"] and "Cookie" in english["Vary"]


def test_who_is_signed_in_gets_a_fresh_page(staged, client, sign_in, cast):
    _answer, queries = _kept(client)
    assert queries == 1
    _answer, queries = _kept(sign_in(cast.ekbang))
    assert queries > 1


def test_a_kept_page_sets_no_cookie_and_comes_compressed(staged, client):
    plain, _queries = _kept(client)
    zipped, _queries = _kept(client, headers={"Accept-Encoding": "gzip, br"})
    assert not plain.cookies and "gzip" not in plain.get("Content-Encoding", "")
    assert gzip.decompress(zipped.content) == plain.content
    again = client.get("/uji/", headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304 and not again.content


def test_missing_pages_and_redirects_are_not_kept(staged, client):
    assert client.get("/uji/kegiatan/999999/").status_code == 404
    assert client.get("/uji/cari/", {"q": "melati rt 1 rw 1"}).status_code == 302
    assert client.get("/uji/cari/", {"q": "melati rt 1 rw 1"}).status_code == 302


def test_the_year_and_the_filters_are_part_of_the_key(staged, client):
    year = timezone.localdate().year
    all_, some = client.get("/uji/kegiatan/"), client.get(f"/uji/kegiatan/?q=saluran&tahun={year}")
    assert all_.content != some.content


def test_who_is_signed_in_finds_the_way_back_to_work(staged, client, sign_in, cast):
    assert "Masuk" in client.get("/uji/").content.decode()
    mine = sign_in(cast.ekbang).get("/uji/").content.decode()
    assert "Beranda saya" in mine and ">Masuk<" not in mine
