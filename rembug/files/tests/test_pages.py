"""Who is served which file, and with which headers."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.http import Http404
from django.utils import timezone
from django_scopes import scope

from rembug.files import views
from rembug.files.models import File
from rembug.files.readers import links
from rembug.files.services import publish, store_document, store_image
from rembug.files.tests.conftest import exif, jpeg, upload
from rembug.regions.models import City, Unit


@pytest.fixture
def person(city):
    """Somebody with an office in the city."""
    day = timezone.localdate() - timedelta(days=30)
    sri = get_user_model().objects.create(city=city, login="sri", name="Sri")
    top = Unit.objects.create(city=city, code=city.code, kind="city", name=city.name)
    sri.offices.create(
        city=city, unit=top, role="auditor", decree_no="1", decree_on=day, starts_on=day
    )
    return sri


@pytest.fixture
def stranger(db):
    """Somebody who is signed in to another city."""
    other = City.objects.create(code="99.02", slug="lain", name="Lain")
    with scope(city=other):
        return get_user_model().objects.create(city=other, login="sri", name="Sri")


@pytest.fixture
def photo(city):
    return store_image(city, upload(jpeg(exif=exif(taken="2026:03:02 09:15:00")))).file


def address(file, ending=".webp"):
    return f"/kota-uji/berkas/{file.sha256}{ending}"


ENDINGS = [".webp", "-k.webp"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_published_picture_is_for_everyone_and_for_a_year(client, photo, ending):
    publish([photo.pk])
    page = client.get(address(photo, ending))
    assert page.status_code == 200
    assert page["Content-Type"] == "image/webp"
    assert page["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in page.get("Vary", "")
    assert page.getvalue()[8:12] == b"WEBP"
    again = client.get(address(photo, ending), headers={"if-none-match": page["ETag"]})
    assert again.status_code == 304
    assert not again.content


def test_the_small_copy_has_its_own_mark(client, photo):
    publish([photo.pk])
    whole, small = (client.get(address(photo, ending)) for ending in ENDINGS)
    assert whole["ETag"] != small["ETag"]
    assert len(small.getvalue()) < len(whole.getvalue())


@pytest.mark.parametrize("ending", [*ENDINGS, "/asli"])
def test_what_belongs_to_nothing_yet_is_for_this_citys_people_for_a_day(
    client, photo, person, stranger, ending
):
    etag = f'"{photo.sha256}"'
    hidden = (302, 404) if ending == "/asli" else (404,)
    assert client.get(address(photo, ending)).status_code in hidden
    assert client.get(address(photo, ending), headers={"if-none-match": etag}).status_code in hidden
    client.force_login(stranger)
    assert client.get(address(photo, ending)).status_code in hidden
    client.force_login(person)
    page = client.get(address(photo, ending))
    assert page.status_code == 200
    assert "public" not in page.get("Cache-Control", "")
    File.objects.filter(pk=photo.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert client.get(address(photo, ending)).status_code == 404


@pytest.mark.parametrize("view", [views.public, views.thumb, views.document])
def test_the_page_itself_asks_which_city_somebody_is_from(rf, city, photo, person, stranger, view):
    """Sessions of another city are not recognised anyway; the page does not lean on that."""
    file = store_document(city, upload(b"%PDF-1.4")) if view is views.document else photo
    request = rf.get("/")
    request.city, request.user = city, stranger
    with pytest.raises(Http404):
        view(request, file.sha256)
    request.user = person
    assert view(request, file.sha256).status_code == 200


def test_an_office_that_has_ended_opens_nothing(client, photo, person):
    client.force_login(person)
    assert client.get(address(photo)).status_code == 200
    person.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.get(address(photo)).status_code == 404


@pytest.mark.fault("item-24", "attack-5")
def test_every_table_that_links_to_a_file_says_who_reads_it():
    tables = {model for model, _name in links()}
    assert {model.__name__ for model in tables} >= {"ReportPhoto", "Receipt", "MeetingPhoto"}
    assert [model.__name__ for model in tables if not hasattr(model, "readable_by")] == []


@pytest.mark.fault("attack-5")
def test_an_original_is_given_for_a_purpose_and_recorded(client, photo, person):
    publish([photo.pk])
    client.force_login(person)
    page = client.get(address(photo, "/asli"))
    assert page.status_code == 200 and b"dicatat" in page.content
    refused = client.post(address(photo, "/asli"), {"purpose": "", "why": ""})
    assert refused.status_code == 422 and not person.acts.exists()
    refused = client.post(address(photo, "/asli"), {"purpose": "other", "why": "ingin"})
    assert refused.status_code == 422 and not person.acts.exists()
    given = client.post(address(photo, "/asli"), {"purpose": "check", "why": ""})
    assert given.getvalue() == photo.path.read_bytes()
    assert given["Content-Disposition"].startswith("attachment;")
    line = person.acts.get()
    assert (line.act, line.detail) == ("file.opened", {"purpose": "check"})


def test_a_paper_is_saved_not_shown(client, city, person):
    file = store_document(city, upload(b"%PDF-1.4 <script>", 'SK "a"; b\r\n.pdf'))
    client.force_login(person)
    page = client.get(address(file, "/surat"))
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"].startswith("attachment;")
    assert page["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert page["X-Content-Type-Options"] == "nosniff"


def test_a_picture_is_no_paper(client, photo, person):
    """The way of papers asks no purpose, so no picture leaves by it."""
    client.force_login(person)
    assert client.get(address(photo, "/surat")).status_code == 404


def test_a_pdf_has_no_picture(client, city, person):
    file = store_document(city, upload(b"%PDF-1.4"))
    client.force_login(person)
    assert client.get(address(file)).status_code == 404


@pytest.mark.parametrize(
    "path", ["0" * 64 + ".webp", "0" * 64 + "/asli", "../../99.01/asli/x.webp", "A" * 64 + ".webp"]
)
def test_unknown_names_are_not_found(client, city, person, path):
    client.force_login(person)
    assert client.get(f"/kota-uji/berkas/{path}").status_code == 404


def test_a_file_lost_from_the_disk_is_not_found(client, photo, person):
    client.force_login(person)
    photo.path.unlink()
    given = client.post(address(photo, "/asli"), {"purpose": "check"})
    assert given.status_code == 404


def test_another_city_does_not_serve_it(client, photo, stranger):
    publish([photo.pk])
    assert client.get(f"/lain/berkas/{photo.sha256}.webp").status_code == 404


def test_files_are_read_only(client, photo, person):
    client.force_login(person)
    assert client.post(address(photo)).status_code == 405


def test_addresses_lead_into_the_city(photo):
    assert photo.url == address(photo)
    assert photo.thumb_url == address(photo, "-k.webp")
