"""Signing in, landing, the desk, offices and decrees, as people see them."""

import re
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


def test_an_endless_login_name_is_turned_away_before_it_is_counted(client, known):
    from axes.models import AccessAttempt

    page = client.post("/uji/masuk/", {"username": "x" * 300, "password": "salah"})
    assert page.status_code == 422
    assert not AccessAttempt.objects.exists()


def test_the_clock_tells_nothing_about_a_login(client, known, cast, monkeypatch):
    """Unknown, closed, never given a password, wrong password: each costs one hash and says the same."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    cost, told = [], []
    plain = MD5PasswordHasher.encode

    def counted(*args):
        cost.append(1)
        return plain(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    Person.everywhere.filter(pk=cast.ekbang.pk).update(
        is_active=False, password=make_password(SECRET)
    )
    for login in ("tidak.ada", "ekbang", "camat", "lurah"):
        cost.clear()
        page = client.post("/uji/masuk/", {"username": login, "password": "salah"})
        told.append((len(cost), re.findall(r'class="errors.*?</div>', page.content.decode(), re.S)))
    assert told == [told[0]] * 4 and told[0][0] == 1


def test_a_borrowed_phone_does_not_change_the_password(client, known, cast):
    client.post("/uji/masuk/", known)
    assert "Kata sandi sekarang" in client.get("/uji/sandi/").content.decode()
    for typed in ({}, {"old_password": "salah"}):
        page = client.post("/uji/sandi/", FRESH | typed)
        assert page.status_code == 422
    assert client.post("/uji/sandi/", FRESH | {"old_password": SECRET}).status_code == 302
    cast.lurah.refresh_from_db()
    assert cast.lurah.check_password(FRESH["new_password1"])


def test_a_login_name_is_no_password(issued, cast):
    Person.everywhere.filter(pk=cast.lurah.pk).update(login="lurah.melati")
    same = {"new_password1": "lurah.melati", "new_password2": "lurah.melati"}
    assert issued.post("/uji/sandi/", same).status_code == 422


def test_after_signing_in_the_page_that_was_wanted_opens(client, known):
    page = client.post("/uji/masuk/", known | {"next": "/uji/jabatan/"})
    assert page.headers["Location"] == "/uji/jabatan/"


@pytest.fixture
def issued(client, known, cast):
    """The lurah, signed in with a password that an office gave out."""
    Person.everywhere.filter(pk=cast.lurah.pk).update(must_change_password=True)
    client.post("/uji/masuk/", known)
    return client


FRESH = {"new_password1": "sandi-baru-77", "new_password2": "sandi-baru-77"}


def test_a_first_password_must_be_changed_and_the_way_goes_on(issued):
    asked = issued.get("/uji/jabatan/?tingkat=rt&halaman=2")
    assert (
        asked.headers["Location"] == "/uji/sandi/?next=/uji/jabatan/%3Ftingkat%3Drt%26halaman%3D2"
    )
    page = issued.get(asked.headers["Location"]).content.decode()
    assert "dibuatkan kantor" in page
    assert 'name="next" value="/uji/jabatan/?tingkat=rt&amp;halaman=2"' in page
    short = {"new_password1": "pendek", "new_password2": "pendek", "next": "/uji/jabatan/"}
    again = issued.post("/uji/sandi/", short)
    assert again.status_code == 422
    assert 'name="next" value="/uji/jabatan/"' in again.content.decode()
    done = issued.post("/uji/sandi/", FRESH | {"next": "/uji/jabatan/?tingkat=rt&halaman=2"})
    assert done.headers["Location"] == "/uji/jabatan/?tingkat=rt&halaman=2"
    assert issued.get("/uji/jabatan/").status_code == 200


def test_the_same_password_again_is_no_change(issued):
    same = {"new_password1": SECRET, "new_password2": SECRET}
    assert "Pilih sandi lain" in issued.post("/uji/sandi/", same).content.decode()
    assert issued.get("/uji/meja/").status_code == 302


def test_with_a_first_password_nothing_that_is_sent_is_run(issued, cast):
    form = decree() | {"role": "rt_secretary"}
    cast.seat(cast.lurah, "camat", cast.kecamatan)
    sent = issued.post(
        "/uji/jabatan/angkat/", form, HTTP_REFERER="http://testserver/uji/jabatan/angkat/?a=1"
    )
    assert sent.headers["Location"] == "/uji/sandi/?next=/uji/jabatan/angkat/%3Fa%3D1"
    assert not Person.objects.filter(login="ekbang.baru").exists()
    # A part of a page cannot show the way: htmx is told to open the page itself.
    part = issued.get(
        "/uji/meja/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/uji/meja/"},
    )
    assert part.headers["HX-Redirect"] == "/uji/sandi/?next=/uji/meja/"


def test_with_a_first_password_one_can_leave_and_read_what_is_public(issued):
    assert issued.get("/uji/").status_code == 200
    assert issued.post("/uji/bahasa/", {"language": "en"}).status_code == 302
    assert issued.post("/uji/keluar/").headers["Location"] == "/uji/"
    assert issued.get("/uji/meja/").headers["Location"].startswith("/uji/masuk/")


ELSEWHERE = [
    "https://jahat.example/uji/",
    "//jahat.example/uji/",
    "/lain/meja/",
    "/ujian/",
    "/uji/../lain/meja/",
    "/uji/%2e%2E/lain/meja/",
    "/uji/..\\lain/meja/",
    "javascript:alert(1)",
    "\\\\jahat.example",
    "meja/",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_out_of_the_city(client, known, issued, wanted):
    done = issued.post("/uji/sandi/", FRESH | {"next": wanted})
    assert done.headers["Location"] == "/uji/beranda/"
    issued.post("/uji/keluar/")
    typed = known | {"password": FRESH["new_password1"], "next": wanted}
    assert client.post("/uji/masuk/", typed).headers["Location"] == "/uji/beranda/"


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


def decree() -> dict[str, str]:
    """A decree for somebody new, as it is typed."""
    today = timezone.localdate().isoformat()
    return {
        "key": new_key(),
        "role": "ekbang",
        "unit": "Melati",
        "login": "ekbang.baru",
        "name": "Pejabat Baru",
        "decree_no": "188/9/2026",
        "decree_on": today,
        "starts_on": today,
    }


def shown_password(page) -> str:
    """The first password in an answer, which no cookie and no cache may keep."""
    assert "no-store" in page.headers["Cache-Control"]
    found = re.search(r'Sandi pertama: <b class="code">(\w{10})</b>', page.content.decode())
    password = found.group(1) if found else ""
    assert not password or all(password not in str(one) for one in page.cookies.values())
    return password


def test_a_decree_is_entered_once_however_often_it_is_sent(sign_in, cast):
    client, form = sign_in(cast.camat), decree()
    first, again = (client.post("/uji/jabatan/angkat/", form) for _ in range(2))
    person = Person.objects.get(login="ekbang.baru")
    assert person.check_password(shown_password(first)) and person.must_change_password
    assert not shown_password(again)
    office = person.offices.get()
    assert f"/uji/jabatan/{office.pk}/sandi/" in again.content.decode()
    assert Act.objects.filter(act="office.appointed").count() == 1
    shown = client.get("/uji/jabatan/").content.decode()
    assert "Pejabat Baru" in shown and "188/9/2026" in shown
    assert "Sandi pertama" not in shown


def test_the_first_answer_of_a_later_decree_may_be_lost_too(sign_in, cast):
    later = timezone.localdate() + timedelta(days=20)
    client, form = sign_in(cast.camat), decree() | {"starts_on": later.isoformat()}
    client.post("/uji/jabatan/angkat/", form)
    office = Office.objects.get(person__login="ekbang.baru")
    page = client.post(f"/uji/jabatan/{office.pk}/sandi/", {"key": new_key()})
    office.person.refresh_from_db()
    assert office.person.check_password(shown_password(page))


def test_a_known_person_gets_no_password_by_a_decree(sign_in, cast):
    form = decree() | {"login": "resident", "name": ""}
    page = sign_in(cast.camat).post("/uji/jabatan/angkat/", form)
    assert "SK tercatat" in page.content.decode() and not shown_password(page)


def test_a_decree_for_a_namesakes_login_stops(sign_in, cast):
    """A new person's name beside a login somebody has: the seat would go to the wrong one."""
    page = sign_in(cast.camat).post("/uji/jabatan/angkat/", decree() | {"login": "resident"})
    assert page.status_code == 422 and "milik Resident" in page.content.decode()
    assert not cast.resident.offices.exists()
    again = decree() | {"login": "resident", "name": "resident"}
    assert sign_in(cast.camat).post("/uji/jabatan/angkat/", again).status_code == 200


@pytest.mark.parametrize(
    "long",
    [
        {"unit": "melati rt " + "9" * 5000},
        {"decree_no": "1" * 81},
        {"login": "x" * 61},
        {"key": "\x00" * 9},
    ],
    ids=lambda typed: next(iter(typed)),
)
def test_what_cannot_be_kept_is_refused_in_words(sign_in, cast, long):
    assert sign_in(cast.camat).post("/uji/jabatan/angkat/", decree() | long).status_code == 422


def test_a_decree_hears_every_reason_at_once_each_at_its_field(sign_in, cast):
    wrong = {"decree_no": " ", "decree_on": "31/02/2026", "starts_on": "1999-01-01"}
    page = sign_in(cast.camat).post("/uji/jabatan/angkat/", decree() | wrong).content.decode()
    for field in wrong:
        assert f'href="#id_{field}"' in page, field
    assert not Person.objects.filter(login="ekbang.baru").exists()
    blank = sign_in(cast.camat).get("/uji/jabatan/angkat/").content.decode()
    # Only the name of somebody known and the last day may be left out.
    assert blank.count("boleh kosong") == 2


def test_the_page_shows_the_new_password_once(sign_in, cast):
    url = f"/uji/jabatan/{Office.objects.get(person=cast.rt_head).pk}/sandi/"
    client, key = sign_in(cast.lurah), {"key": new_key()}
    assert "sandi baru" in client.get(url).content.decode()
    fresh = shown_password(client.post(url, key))
    again = client.post(url, key)
    assert not shown_password(again) and "Buat sekali lagi" in again.content.decode()
    cast.rt_head.refresh_from_db()
    assert cast.rt_head.check_password(fresh)
    assert Act.objects.filter(act="person.reset").count() == 1
    assert client.post(url).status_code == 422


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


def test_an_office_is_ended_on_its_page(sign_in, cast):
    seat = Office.objects.get(person=cast.ekbang)
    client, url = sign_in(cast.camat), f"/uji/jabatan/{seat.pk}/akhiri/"
    assert url in client.get("/uji/jabatan/").content.decode()
    yesterday = timezone.localdate() - timedelta(1)
    form = {"key": new_key(), "last_day": yesterday.isoformat(), "why": ""}
    assert client.post(url, form).status_code == 422
    for _ in range(2):
        page = client.post(url, form | {"why": "SK 188/7"})
        assert page.headers["Location"] == "/uji/jabatan/"
    assert Act.objects.filter(act="office.ended").count() == 1


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
