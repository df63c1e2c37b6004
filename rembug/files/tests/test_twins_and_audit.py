import os
import time

import pytest
from django.core.management import call_command
from django_scopes import scope
from PIL import Image

from rembug.files import rules, services, storage
from rembug.files.models import File
from rembug.files.services import audit, publish, store_document, store_image, sweep, twins
from rembug.files.tests.conftest import encoded, jpeg, scene, upload
from rembug.regions.models import City


@pytest.fixture
def neighbour(db):
    """A city whose code begins like ours."""
    return City.objects.create(code="99.011", slug="tetangga", name="Tetangga")


def other_scene():
    return scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def test_a_recompressed_photo_is_found_again(city, neighbour):
    first = store_image(city, upload(jpeg(scene(2000, 1500)))).file
    again = store_image(city, upload(encoded(scene(900, 675), "WEBP", quality=40))).file
    store_image(city, upload(jpeg(other_scene())))
    store_image(neighbour, upload(jpeg(scene(1000, 750))))
    assert first != again
    assert twins(city, again.dhash, exclude=[again.pk], near=True) == [first]
    assert set(twins(city, first.dhash, near=True)) == {first, again}


def near(file, bits, name):
    """A row whose fingerprint differs in so many bits."""
    return File.objects.create(
        city_id=file.city_id,
        sha256=name * 64,
        size=1,
        name=name,
        dhash=file.dhash ^ (1 << bits) - 1,
    )


def test_exact_twins_come_from_the_index_and_near_ones_within_four_bits(city):
    file = store_image(city, upload(jpeg())).file
    same, close, far = near(file, 0, "a"), near(file, 4, "b"), near(file, 5, "c")
    assert twins(city, file.dhash) == [file, same]
    assert twins(city, file.dhash, exclude=[file.pk]) == [same]
    assert twins(city, file.dhash, near=True) == [file, same, close]
    assert far not in twins(city, file.dhash, near=True)


def test_pictures_of_nothing_are_no_twins(city):
    dark = store_image(city, upload(jpeg(Image.new("RGB", (300, 300), "black")))).file
    store_image(city, upload(jpeg(Image.new("RGB", (301, 300), "black"))))
    assert dark.dhash is None
    assert twins(city, dark.dhash) == twins(city, dark.dhash, near=True) == []


def test_publishing_is_counted_once_and_stays_in_the_city(city, neighbour):
    ours = store_image(city, upload(jpeg())).file
    with scope(city=neighbour):
        theirs = store_image(neighbour, upload(jpeg())).file
    assert publish([ours.pk, theirs.pk]) == 1
    assert publish([ours.pk]) == 0
    ours.refresh_from_db()
    assert ours.public
    with scope(city=neighbour):
        assert not File.objects.get(pk=theirs.pk).public


def test_a_sound_store_has_no_faults(city):
    store_image(city, upload(jpeg()))
    store_document(city, upload(b"%PDF-1.4 x", "a.pdf"))
    assert audit(city) == []


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda f: f.path.unlink(), ["aslinya hilang"]),
        (lambda f: f.path.write_bytes(f.path.read_bytes()[:-1]), ["ukurannya", "isinya"]),
        (lambda f: f.path.write_bytes(b"x" * f.size), ["isinya"]),
        (lambda f: storage.public_path(f.city_id, f.sha256).unlink(), ["salinan"]),
        (lambda f: storage.thumb_path(f.city_id, f.sha256).unlink(), ["salinan"]),
    ],
)
def test_the_audit_sees_every_kind_of_damage(city, break_it, words):
    file = store_image(city, upload(jpeg(), "balai.jpg")).file
    break_it(file)
    faults = audit(city)
    assert len(faults) == len(words)
    for fault, word in zip(faults, words, strict=True):
        assert word in fault
        assert "balai.jpg" in fault


def aged(path, hours):
    past = time.time() - hours * 3600
    os.utime(path, (past, past))
    return path


def test_left_overs_are_reported_and_swept_after_a_day(city, neighbour):
    file = store_image(city, upload(jpeg())).file
    with scope(city=neighbour):
        store_image(neighbour, upload(jpeg(other_scene())))
    aged(file.path, 99)
    refused = store_image(city, upload(jpeg(other_scene()))).file
    File.objects.filter(pk=refused.pk).delete()  # as when the act around it was refused
    folder = refused.path.parent
    half = folder / ".x.sebagian"
    half.write_bytes(b"sep")
    aged(refused.path, 25)
    aged(half, 23)
    assert len(audit(city)) == 1
    assert "sweep-files" in audit(city)[0]
    aged(half, 25)
    assert sweep(city) == 2
    assert sorted(folder.iterdir()) == []
    assert file.path.exists()
    assert audit(city) == []
    assert audit(neighbour) == []


def test_a_left_over_that_is_sent_again_is_no_left_over(city):
    file = store_image(city, upload(jpeg())).file
    File.objects.all().delete()
    for path in storage.city_folder(city.code).rglob("*"):
        aged(path, 30)
    content_act = services.pictures.opened(jpeg())
    services._write_image(city, file.sha256, jpeg(), services.pictures.drawn(content_act))
    # The act has not committed its row yet when the sweeper comes by.
    assert sweep(city) == 0
    assert file.path.exists()


def test_the_command_sweeps_every_city(city, neighbour, capsys):
    for place in (city, neighbour):
        left = storage.original_path(place.code, "ab" * 32)
        storage.write(left, b"sisa")
        aged(left, 48)
    call_command("sweep_files")
    told = capsys.readouterr().out
    assert "Kota Uji: 1" in told
    assert "Tetangga: 1" in told


def test_a_file_is_never_looked_up_across_cities(city, neighbour):
    mine = store_image(city, upload(jpeg())).file
    with scope(city=neighbour):
        yours = store_image(neighbour, upload(jpeg())).file
        assert File.objects.get() == yours
    assert mine != yours
    assert mine.path != yours.path
    assert rules.distance(mine.dhash, yours.dhash) == 0
