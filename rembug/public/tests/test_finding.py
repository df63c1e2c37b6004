"""Find my RT: what people type, and where they land."""

import pytest

from rembug.core.folding import folded
from rembug.public.finding import Wanted, matching, mended, wanted
from tests.cast import HERE, NEXT


@pytest.mark.parametrize(
    ("typed", "rt", "rw", "words"),
    [
        ("ngronggo rt 3 rw 5", 3, 5, ("ngronggo",)),
        ("RT.03/RW.05 Ngronggo", 3, 5, ("ngronggo",)),
        ("rw 5 rt 3, ngronggo", 3, 5, ("ngronggo",)),
        ("rt03/05", 3, 5, ()),
        ("rt 3/5 kel. ngronggo", 3, 5, ("ngronggo",)),
        ("ngronggo 3 5", 3, 5, ("ngronggo",)),
        ("Ngronggo 03/05", 3, 5, ("ngronggo",)),
        ("kelurahan bandar lor", 0, 0, ("bandar", "lor")),
        ("rw 5 ngronggo", 0, 5, ("ngronggo",)),
        ("rt", 0, 0, ()),
        ("   ", 0, 0, ()),
        ("rt 999999999999999999 rw -1", 999999, 1, ()),
        ("jl. melati", 0, 0, ("melati",)),
        ("gang kenanga 5", 0, 0, ("kenanga 5",)),
        ("Bandär Lor RT 1", 1, 0, ("bandar", "lor")),
    ],
)
def test_what_is_meant(typed, rt, rw, words):
    assert wanted(typed) == Wanted(rt, rw, words)


NAMES = {"1": ["Mojoroto"], "1.1": ["Bandar Lor"], "1.2": ["Bandar Kidul"], "1.3": ["Ngronggo"]}


@pytest.mark.parametrize(
    ("words", "codes", "unknown"),
    [
        (["bandar", "lor"], ["1.1"], []),
        (["lor", "bandar"], ["1.1"], []),
        (["bandar"], ["1.1", "1.2"], []),
        (["ngro"], ["1.3"], []),
        (["melati"], [], ["melati"]),
        (["bandar", "melati"], ["1.1", "1.2"], ["melati"]),
    ],
)
def test_names_of_places(words, codes, unknown):
    assert matching(words, NAMES) == (codes, unknown)


def test_slips_of_the_finger_are_mended():
    assert mended(["ngrongo"], sum(NAMES.values(), [])) == ["ngronggo"]
    assert mended(["bandarlor"], sum(NAMES.values(), [])) == ["bandar", "lor"]
    assert mended(["xyz"], sum(NAMES.values(), [])) == ["xyz"]


@pytest.mark.parametrize(
    "typed",
    ["melati rt 1 rw 1", "RT 01/01 Melati", "rt 2 melati rw 01", "melati 1 1", "melatti rt 1"],
)
def test_one_exact_hit_opens_the_rt(cast, client, typed):
    answer = client.get("/uji/cari/", {"q": typed})
    rt = "002" if "rt 2" in typed else "001"
    assert answer.status_code == 302
    assert answer["Location"] == f"/uji/rt/{HERE}.001.{rt}/"


def test_several_hits_are_a_list(cast, client):
    text = client.get("/uji/cari/", {"q": "rt 1"}).content.decode()
    assert f"/uji/rt/{HERE}.001.001/" in text and f"/uji/rt/{NEXT}.001.001/" in text
    assert "Kelurahan Melati" in client.get("/uji/cari/", {"q": "melati"}).content.decode()
    assert "RW 01 Melati" in client.get("/uji/cari/", {"q": "melati rw 1"}).content.decode()


def test_nothing_found_says_how_to_go_on(cast, client):
    text = client.get("/uji/cari/", {"q": "qqqq rt 1"}).content.decode()
    assert "belum ketemu" in text and "nomor RT" in text


def test_activities_are_found_by_name(staged, client):
    text = client.get("/uji/cari/", {"q": "paving gang"}).content.decode()
    assert "Paving Gang Melati" in text


def test_a_street_leads_to_its_rt(cast, client):
    cast.rt2.search += "gang kenanga 5 "
    cast.rt2.save()
    text = client.get("/uji/cari/", {"q": "gang kenanga 5"}).content.decode()
    assert f"/uji/rt/{cast.rt2.code}/" in text


def test_addresses_written_by_hand_are_those_of_the_table(rf):
    from django.urls import get_urlconf, reverse, set_script_prefix, set_urlconf

    from rembug.public.places import url_of

    before = get_urlconf()
    set_urlconf("rembug.city_urls")
    set_script_prefix("/uji/")
    try:
        assert url_of("rt", "1.2") == reverse("public:rt", args=["1.2"])
        assert url_of("kelurahan", "1.2") == reverse("public:unit", args=["1.2"])
    finally:
        set_script_prefix("/")
        set_urlconf(before)


def test_labels_written_by_hand_are_those_of_the_row(cast):
    from rembug.public.places import above, label_of

    for unit in cast.units.values():
        assert label_of(unit.kind, unit.code, unit.name) == unit.label
        assert above("kelurahan", unit.code) == (unit.above("kelurahan") or unit.code)


@pytest.mark.fault("report-10")
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Perbaikan musala Nurul Qur’an", "nurul qur'an"),
        ("Jum'at bersih", "jumat"),
        ("Café baca RT", "café"),
        ("Paving Gang Melati 2", "paving, gg melati"),
        ("Drainase RT-01", "rt01 drainase"),
    ],
)
def test_an_activity_is_found_by_what_its_page_says(staged, client, name, typed):
    activity = staged.activities["done"]
    activity.name, activity.search = name, folded(name)
    activity.save()
    for path in ("kegiatan/", "cari/"):
        text = client.get(f"/uji/{path}", {"q": typed}).content.decode()
        assert f"/uji/kegiatan/{activity.pk}/" in text, path


@pytest.mark.fault("report-10")
def test_a_renamed_place_is_found_by_both_names(staged, cast, client):
    """The words of a place stay with the place; `load-city` keeps them (programs/tests)."""
    place = cast.kelurahan
    place.former, place.name = [place.name], "Kenari Baru"
    place.search = folded("kenari baru", *place.former)
    place.save()
    for row in (cast.rt, cast.rt2):
        row.search = folded(row.label, place.search)
        row.save()
    for typed in ("kenari baru", "melati", "baru"):
        listed = client.get("/uji/kegiatan/", {"q": typed}).content.decode()
        assert "Saluran air" in listed, typed
        shown = client.get("/uji/cari/", {"q": typed}).content.decode()
        assert "Kelurahan Kenari Baru" in shown and "dahulu Melati" in shown, typed
    answer = client.get("/uji/cari/", {"q": "melati rt 1 rw 1"})
    assert answer["Location"] == f"/uji/rt/{cast.rt.code}/"


@pytest.mark.fault("screen-A18")
def test_hits_are_told_apart(staged, cast, client):
    text = client.get("/uji/cari/", {"q": "rt 1"}).content.decode()
    assert cast.rt_head.name in text and "60 rumah" in text and "Rp" in text
    text = client.get("/uji/cari/", {"q": "a"}).content.decode()
    assert "Tulis sedikitnya dua huruf." in text and "/uji/rt/" not in text
    answer = client.get("/uji/cari/", {"q": "melati RW I rt dua"})
    assert answer["Location"] == f"/uji/rt/{cast.rt2.code}/"


@pytest.mark.fault("screen-A18")
def test_activities_of_other_rt_are_no_hits(staged, client):
    text = client.get("/uji/cari/", {"q": "melati rt 2 rw 9"}).content.decode()
    assert "Kegiatan yang cocok" not in text
