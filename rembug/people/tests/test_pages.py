"""Signing in, landing, the desk, offices and decrees, as people see them."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from rembug.people import desk
from rembug.people.models import Act, Office, Person
from rembug.people.sending import new_key

SECRET = "sandi-rahasia-1"


@pytest.fixture
def known(cast):
    """The lurah with a password."""
    Person.everywhere.filter(pk=cast.lurah.pk).update(password=make_password(SECRET))
    return {"username": "Lurah ", "password": SECRET}


def waiting(cast, count: int = 30, act: str = "proposal.verify.kelurahan") -> None:
    now = timezone.now()
    for n in range(count):
        seat = Office.objects.create(
            city=cast.city,
            person=cast.resident,
            role="auditor",
            unit=cast.top,
            decree_no=str(n),
            decree_on=now.date() - timedelta(9),
            starts_on=now.date() - timedelta(9),
            ends_on=now.date() - timedelta(8),
        )
        desk.open_item(
            act=act,
            thing=seat,
            about=cast.rt,
            title=f"Hal ke-{n}",
            path="x/",
            amount=1_000_000,
            due_on=now.date() - timedelta(n - 3),
            at=now - timedelta(days=n),
        )


def test_a_person_signs_in_with_a_name_in_any_case_and_lands_on_the_desk(client, known):
    page = client.post("/uji/masuk/", known)
    assert page.headers["Location"] == "/uji/beranda/"
    assert client.get("/uji/beranda/").headers["Location"] == "/uji/meja/"


def test_a_wrong_password_says_what_to_do(client, known):
    page = client.post("/uji/masuk/", known | {"password": "salah"})
    assert page.status_code == 422
    assert "Minta kelurahan" in page.content.decode()


def test_after_eight_wrong_passwords_the_login_rests(client, known):
    for _ in range(8):
        page = client.post("/uji/masuk/", known | {"password": "salah"})
    assert page.status_code == 429
    assert client.post("/uji/masuk/", known).status_code == 429
    # Typed another way it is still the same login; somebody else is not held up.
    assert client.post("/uji/masuk/", known | {"username": "LURAH"}).status_code == 429
    assert client.post("/uji/masuk/", known | {"username": "camat"}).status_code == 422


def test_after_signing_in_only_pages_of_this_server_are_opened(client, known):
    page = client.post("/uji/masuk/", known | {"next": "https://jahat.example/"})
    assert page.headers["Location"] == "/uji/beranda/"
    client.post("/uji/keluar/")
    page = client.post("/uji/masuk/", known | {"next": "/uji/jabatan/"})
    assert page.headers["Location"] == "/uji/jabatan/"


def test_a_first_password_must_be_changed(client, known, cast):
    Person.everywhere.filter(pk=cast.lurah.pk).update(must_change_password=True)
    client.post("/uji/masuk/", known)
    assert client.get("/uji/beranda/").headers["Location"] == "/uji/sandi/"
    short = {"new_password1": "pendek", "new_password2": "pendek"}
    assert client.post("/uji/sandi/", short).status_code == 422
    fresh = {"new_password1": "sandi-baru-77", "new_password2": "sandi-baru-77"}
    assert client.post("/uji/sandi/", fresh).headers["Location"] == "/uji/beranda/"
    assert client.get("/uji/beranda/").headers["Location"] == "/uji/meja/"


def test_the_phone_people_land_on_their_phone_page(sign_in, cast):
    assert sign_in(cast.rt_head).get("/uji/beranda/").headers["Location"] == "/uji/rumah/"


def test_the_desk_shows_the_oldest_first_with_age_and_deadline(sign_in, cast):
    waiting(cast, 3)
    page = sign_in(cast.ekbang).get("/uji/meja/").content.decode()
    assert page.index("Hal ke-2") < page.index("Hal ke-0")
    assert "3 hal menunggu Anda" in page
    assert "Rp1.000.000" in page


def test_others_see_who_must_act_and_that_the_office_is_vacant(sign_in, cast):
    waiting(cast, 2)
    page = sign_in(cast.lurah).get("/uji/meja/?isi=lain").content.decode()
    assert "Kasi Ekbang" in page
    Office.objects.filter(person=cast.ekbang).update(ends_on=timezone.localdate() - timedelta(1))
    assert "SK belum ada" in sign_in(cast.lurah).get("/uji/meja/?isi=lain").content.decode()
    blocked = sign_in(cast.lurah).get("/uji/meja/?isi=kosong").content.decode()
    assert "SK belum ada: Kasi Ekbang" in blocked
    assert "2 berkas berhenti" in blocked


@pytest.mark.parametrize("tab", ["saya", "lain", "kosong", "selesai"])
def test_a_full_desk_asks_few_questions(sign_in, cast, django_assert_max_num_queries, tab):
    waiting(cast)
    client = sign_in(cast.ekbang if tab == "saya" else cast.lurah)
    with django_assert_max_num_queries(9):
        assert client.get(f"/uji/meja/?isi={tab}").status_code == 200


def test_a_decree_is_entered_once_however_often_it_is_sent(sign_in, cast):
    today = timezone.localdate()
    client = sign_in(cast.camat)
    form = {
        "key": new_key(),
        "role": "ekbang",
        "unit": "Melati",
        "login": "ekbang.baru",
        "name": "Pejabat Baru",
        "decree_no": "188/9/2026",
        "decree_on": today.isoformat(),
        "starts_on": today.isoformat(),
    }
    for _ in range(2):
        assert client.post("/uji/jabatan/angkat/", form).status_code == 302
    assert Person.objects.filter(login="ekbang.baru").count() == 1
    assert Act.objects.filter(act="office.appointed").count() == 1
    shown = client.get("/uji/jabatan/").content.decode()
    assert "Pejabat Baru" in shown and "188/9/2026" in shown


def test_a_decree_with_faults_keeps_what_was_typed(sign_in, cast):
    form = {
        "key": new_key(),
        "role": "lurah",
        "unit": "Tidak Ada",
        "login": "x",
        "name": "Nama Lama",
    }
    page = sign_in(cast.camat).post("/uji/jabatan/angkat/", form)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Wilayah itu tidak ditemukan" in text and "Nama Lama" in text


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Melati", "99.71.01.1001"),
        ("melati RT 2 RW 1", "99.71.01.1001.001.002"),
        ("kelurahan mawar rw 01", "99.71.01.1002.001"),
        ("99.71.01", "99.71.01"),
    ],
)
def test_a_place_may_be_typed_as_people_say_it(cast, typed, code):
    from rembug.people.forms import AppointForm

    form = AppointForm({"unit": typed}, by=cast.camat, roles=[])
    form.is_valid()
    assert form.cleaned_data["unit"].code == code
