"""Taking pictures in: what is refused, what is kept, what the public copy looks like."""

import struct
import zlib
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from rembug.core.refusal import Refused
from rembug.files import rules, services, storage
from rembug.files.models import File
from rembug.files.services import store_image
from rembug.files.tests.conftest import SOMEWHERE, encoded, exif, jpeg, scene, upload


def refused(city, content, name="foto.jpg"):
    """The reasons; and nothing may be left behind, neither a row nor a file."""
    with pytest.raises(Refused) as refusal:
        store_image(city, upload(content, name))
    assert not File.objects.exists()
    assert not kept(city)
    return " ".join(refusal.value.reasons)


def kept(city):
    return [path for path in storage.city_folder(city.code).rglob("*") if path.is_file()]


def copy(file):
    return Image.open(storage.public_path(file.city_id, file.sha256))


def png_header(width, height):
    """A PNG that claims a size and holds almost nothing."""

    def block(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + block(b"IHDR", head)
        + block(b"IDAT", zlib.compress(b"\0"))
        + block(b"IEND", b"")
    )


def test_a_photo_is_kept_as_sent_and_copied_for_the_public(city):
    content = jpeg(scene(2000, 1500), exif=exif(taken="2026:03:02 09:15:00", gps=SOMEWHERE))
    stored = store_image(city, upload(content, "../balai.jpg"))
    file = stored.file
    assert file.path.read_bytes() == content
    assert file.sha256 == sha256(content).hexdigest()
    assert (file.mime, file.size, file.width, file.height) == (
        "image/jpeg",
        len(content),
        2000,
        1500,
    )
    assert (file.kind, file.name, file.public) == ("photo", "balai.jpg", False)
    assert copy(file).size == (1280, 960)
    assert Image.open(storage.thumb_path(city.code, file.sha256)).size == (320, 240)
    assert stored.taken_at == datetime(2026, 3, 2, 9, 15, tzinfo=ZoneInfo("Asia/Makassar"))
    assert (stored.lat, stored.lon) == pytest.approx((-7.82, 112.01))
    assert stored.flags == []


def test_the_public_copies_carry_nothing_of_the_original(city):
    marked = exif(taken="2026:03:02 09:15:00", gps=SOMEWHERE)
    content = jpeg(exif=marked, icc_profile=b"\0" * 300_000, comment=b"rahasia", dpi=(72, 72))
    file = store_image(city, upload(content)).file
    for path in (
        storage.public_path(city.code, file.sha256),
        storage.thumb_path(city.code, file.sha256),
    ):
        shown = Image.open(path)
        assert shown.format == "WEBP"
        assert not shown.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(shown.info)
        assert b"rahasia" not in path.read_bytes()


def test_copies_are_light_even_of_noise(city):
    noise = Image.effect_noise((2400, 1800), 40).convert("RGB")
    blur = noise.resize((1200, 900)).resize((2400, 1800))
    file = store_image(city, upload(jpeg(blur))).file
    assert storage.thumb_path(city.code, file.sha256).stat().st_size < rules.THUMB_BYTES
    assert storage.public_path(city.code, file.sha256).stat().st_size < 200_000


def test_a_light_picture_keeps_the_best_quality_and_is_never_enlarged(city):
    file = store_image(city, upload(jpeg(scene(200, 100)))).file
    assert copy(file).size == (200, 100)
    assert Image.open(storage.thumb_path(city.code, file.sha256)).size == (200, 100)
    best = encoded(Image.open(file.path), "WEBP", quality=78, method=2)
    assert storage.public_path(city.code, file.sha256).read_bytes() == best


@pytest.mark.parametrize("turn", [1, 2, 3, 4, 5, 6, 7, 8])
def test_every_orientation_comes_out_upright(city, turn):
    undo = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],  # a phone held upright stores the scene lying down
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[turn]
    sensor = scene()
    for step in undo:
        sensor = sensor.transpose(step)
    file = store_image(city, upload(jpeg(sensor, exif=exif(orientation=turn)))).file
    assert (file.width, file.height) == (640, 480)
    shown = copy(file).convert("RGB")
    assert shown.size == (640, 480)
    for point in ((40, 440), (600, 40), (40, 40), (600, 440)):
        assert shown.getpixel(point) == pytest.approx(scene().getpixel(point), abs=14)
    upright = store_image(city, upload(jpeg())).file
    assert rules.distance(file.dhash, upright.dhash) <= rules.NEAR_BITS


def test_an_unknown_orientation_is_ignored(city):
    assert store_image(city, upload(jpeg(exif=exif(orientation=42)))).file.width == 640


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "kosong"),
        (b"ini bukan gambar", "bukan foto"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan foto"),
        (b"%PDF-1.4\n", "bukan foto"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1", "Paling Kompatibel"),
        (encoded(scene(), "GIF"), "GIF tidak diterima"),
        (encoded(scene(), "BMP"), "bukan foto"),
        (encoded(scene(), "TIFF"), "bukan foto"),
        (b"\xff\xd8\xff\xe0 hanya kepala", "rusak atau terpotong"),
        (jpeg()[:-200], "rusak atau terpotong"),
        (jpeg()[:700], "rusak atau terpotong"),
        (encoded(scene(), "PNG")[:-400], "rusak atau terpotong"),
        (encoded(scene(), "WEBP")[:-200], "rusak atau terpotong"),
        (png_header(5000, 4001), "terlalu besar"),  # 20.0 megapixels and a bit
        (png_header(60_000, 60_000), "terlalu besar"),
        (png_header(5000, 4000), "rusak"),  # at the limit it is opened, and is empty
        (encoded(Image.new("RGB", (4473, 4473)), "WEBP"), "terlalu besar"),
        (encoded(Image.new("L", (7746, 7746)), "JPEG"), "terlalu besar"),  # 60 and a bit
    ],
)
def test_what_is_no_sound_picture_is_refused_with_the_reason(city, content, word):
    assert word in refused(city, content)


def test_the_name_does_not_make_a_picture(city):
    assert "bukan foto" in refused(city, b"teks biasa saja", "foto.png")


def test_every_reason_at_once(city, monkeypatch):
    monkeypatch.setattr(rules, "MAX_IMAGE_BYTES", 100)
    reasons = refused(city, b"bukan gambar " * 20)
    assert "paling besar" in reasons
    assert "bukan foto" in reasons


def test_a_huge_upload_is_refused_before_it_is_read(city):
    class Endless:
        name, size = "film.jpg", 26 * 1048576

        def seek(self, offset):
            return 0

        def read(self, size=-1):
            assert 0 < size < 1000, "the body of a file that is too large was read"
            return b"\xff\xd8\xff"

    with pytest.raises(Refused, match="26 MB"):
        store_image(city, Endless())


def test_a_bomb_is_stopped_at_the_header(city, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("a bomb was decoded"))
    assert "terlalu besar" in refused(city, png_header(9000, 9000))


def test_a_zip_behind_the_picture_stays_out_of_the_public_copy(city):
    content = jpeg() + b"PK\x03\x04 muatan PK\x05\x06" + b"\0" * 18
    stored = store_image(city, upload(content))
    assert "data_tambahan" in stored.flags
    assert stored.file.path.read_bytes() == content
    assert b"PK\x03\x04" not in storage.public_path(city.code, stored.file.sha256).read_bytes()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_trailing_data_is_noticed_in_every_format(city, form):
    sound = encoded(scene(), form)
    assert "data_tambahan" not in store_image(city, upload(sound)).flags
    assert "data_tambahan" in store_image(city, upload(sound + b"<script>")).flags


def test_progressive_and_padded_and_samsung_pictures_are_not_suspect(city):
    for content in (
        jpeg(progressive=True),
        jpeg() + b"\0" * 64,
        jpeg() + jpeg(scene(64, 48)),
        jpeg() + b"\0\0\x01\x0aImage_UTC_Data SEFH....SEFT",
    ):
        assert "data_tambahan" not in store_image(city, upload(content)).flags


@pytest.mark.parametrize(
    "content",
    [
        jpeg(scene(mode="CMYK")),
        jpeg(scene(mode="L")),
        encoded(scene(mode="P"), "PNG"),
        encoded(scene(mode="1"), "PNG"),
        encoded(scene(mode="LA"), "PNG"),
        encoded(scene(mode="L").convert("I;16"), "PNG"),
        encoded(scene(), "WEBP"),
    ],
)
def test_every_colour_mode_ends_as_rgb(city, content):
    assert copy(store_image(city, upload(content)).file).mode == "RGB"


def test_sixteen_bits_are_scaled_not_clipped(city):
    deep = Image.new("I;16", (64, 64), 128 << 8)
    file = store_image(city, upload(encoded(deep, "PNG"))).file
    assert copy(file).convert("L").getpixel((9, 9)) == pytest.approx(128, abs=3)


def test_what_is_transparent_becomes_white_paper(city):
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    file = store_image(city, upload(encoded(clear, "PNG"))).file
    assert min(copy(file).convert("RGB").getpixel((9, 9))) > 250


def test_of_a_stereo_picture_the_first_frame_is_taken(city):
    two = encoded(scene(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480))])
    stored = store_image(city, upload(two))
    assert stored.file.mime == "image/jpeg"
    assert copy(stored.file).convert("RGB").getpixel((40, 440)) == pytest.approx(
        (250, 250, 250), abs=10
    )
    assert "data_tambahan" not in stored.flags


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        ({}, ["gps_tidak_ada", "waktu_tidak_ada"]),
        ({"gps": {0: b"\x02\x03\x00\x00"}}, ["gps_tidak_ada", "waktu_tidak_ada"]),
        (
            {"gps": SOMEWHERE | {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}},
            ["gps_tidak_masuk_akal", "waktu_tidak_ada"],
        ),
        (
            {"gps": SOMEWHERE | {2: (4294967295.0, 0.0, 0.0)}},
            ["gps_tidak_masuk_akal", "waktu_tidak_ada"],
        ),
        ({"gps": {2: (7.0, 49.0, 12.0)}}, ["gps_tidak_masuk_akal", "waktu_tidak_ada"]),
        ({"gps": SOMEWHERE, "taken": "1999:99:99 99:99:99"}, ["waktu_rusak"]),
        ({"gps": SOMEWHERE, "taken": "2099:01:01 00:00:00"}, ["waktu_masa_depan"]),
        ({"gps": SOMEWHERE, "taken": "1998:01:01 00:00:00"}, ["waktu_terlalu_lama"]),
    ],
)
def test_what_a_photo_tells_is_flagged_and_never_fatal(city, told, flags):
    stored = store_image(city, upload(jpeg(exif=exif(**told))))
    assert stored.flags == flags
    assert set(flags) <= set(rules.FLAGS)
    if flags[0].startswith("gps"):
        assert (stored.lat, stored.lon) == (None, None)
    assert stored.taken_at is None


@pytest.mark.parametrize("noise", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"\0" * 40])
def test_broken_exif_is_as_good_as_none(city, noise):
    stored = store_image(city, upload(jpeg(exif=noise)))
    assert stored.flags == ["gps_tidak_ada", "waktu_tidak_ada"]


def test_the_same_content_is_one_file(city):
    content = jpeg(exif=exif(taken="2026:03:02 09:15:00", gps=SOMEWHERE))
    first = store_image(city, upload(content, "a.jpg"))
    again = store_image(city, upload(content, "b.jpg"))
    assert again == first
    assert again.file.name == "a.jpg"
    assert File.objects.count() == 1
    assert len(kept(city)) == 3


def test_sending_again_mends_a_lost_copy(city):
    file = store_image(city, upload(jpeg())).file
    storage.thumb_path(city.code, file.sha256).unlink()
    storage.public_path(city.code, file.sha256).write_bytes(b"")
    assert store_image(city, upload(jpeg())).file == file
    assert copy(file).size == (640, 480)
    assert services.audit(city) == []


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_server_killed_while_writing_leaves_no_half_file(city, monkeypatch, dies_at):
    class Killed(BaseException):
        pass

    sound, calls = storage.os.replace, []

    def replace(source, target):
        calls.append(target)
        if len(calls) == dies_at:
            raise Killed
        sound(source, target)

    monkeypatch.setattr(storage.os, "replace", replace)
    with pytest.raises(Killed):
        store_image(city, upload(jpeg()))
    assert not File.objects.exists()
    digest = sha256(jpeg()).hexdigest()
    # The original comes last, so a file that has one has everything.
    assert not storage.original_path(city.code, digest).exists()
    assert all(path.name.endswith(".webp") for path in kept(city))
    for path in kept(city):
        Image.open(path).load()
    monkeypatch.setattr(storage.os, "replace", sound)
    assert store_image(city, upload(jpeg())).file.path.exists()


def test_nothing_is_named_before_it_is_on_the_disk(city, monkeypatch):
    """Content reaches the disk before its name does."""
    order = []
    flush, name = storage.os.fsync, storage.os.replace
    monkeypatch.setattr(storage.os, "fsync", lambda handle: (order.append("flush"), flush(handle)))
    monkeypatch.setattr(storage.os, "replace", lambda *way: (order.append("name"), name(*way)))
    store_image(city, upload(jpeg()))
    assert order == ["flush", "name", "flush"] * 3


def test_bulk_keeps_order_names_and_single_rows(city, monkeypatch):
    red, blue = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (64, 48), "blue")
    before = store_image(city, upload(jpeg(red))).file
    pairs = [(jpeg(blue), "biru.jpg"), (jpeg(red), "merah.jpg"), (jpeg(blue), "lagi.jpg")]
    files = services.store_images_bulk(city, pairs)
    assert files[1] == before
    assert files[0] == files[2] != files[1]
    assert File.objects.count() == 2
    assert services.audit(city) == []
    with monkeypatch.context() as only_here:
        only_here.setattr(services.pictures, "drawn", lambda image: pytest.fail("drawn again"))
        assert services.store_images_bulk(city, pairs) == files
    single = BytesIO(files[0].path.read_bytes())
    files[0].delete()
    other = store_image(city, upload(single.read(), "biru.jpg")).file
    fields = ("sha256", "kind", "mime", "size", "width", "height", "dhash")
    assert [getattr(other, name) for name in fields] == [getattr(files[0], name) for name in fields]


def test_bulk_refuses_a_bad_picture(city):
    with pytest.raises(Refused, match="bukan foto"):
        services.store_images_bulk(city, [(jpeg(), "a.jpg"), (b"bukan", "b.jpg")])
    assert not File.objects.exists()
