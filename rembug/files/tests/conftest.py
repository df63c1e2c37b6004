"""A city, and pictures made on the spot."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import set_script_prefix, set_urlconf
from django_scopes import scope
from PIL import Image

from rembug.regions.models import City

GPS, TAKEN_BLOCK, TAKEN, ORIENTATION = 0x8825, 0x8769, 36867, 0x0112


@pytest.fixture
def city(db):
    """The test runs inside this city's scope, as a request would."""
    city = City.objects.create(
        code="99.01", slug="kota-uji", name="Kota Uji", timezone="Asia/Makassar"
    )
    set_urlconf("rembug.city_urls")
    set_script_prefix("/kota-uji/")
    try:
        with scope(city=city):
            yield city
    finally:
        set_script_prefix("/")
        set_urlconf(None)


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Light at the bottom left, dark towards the right: upside down or turned it looks different."""
    wide = Image.linear_gradient("L").rotate(90).resize((width, height))
    tall = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (wide, tall, Image.new("L", (width, height), 60)))
    picture.paste((250, 250, 250), (0, height * 2 // 3, width // 3, height))
    return picture.convert(mode)


def jpeg(image: Image.Image | None = None, **kept) -> bytes:
    """The picture as JPEG; `exif=` is written into it."""
    out = BytesIO()
    (image or scene()).save(out, "JPEG", quality=85, **kept)
    return out.getvalue()


def encoded(image: Image.Image, form: str, **kept) -> bytes:
    out = BytesIO()
    image.save(out, form, **kept)
    return out.getvalue()


def exif(*, taken: str = "", gps: dict | None = None, orientation: int = 1) -> Image.Exif:
    """A block as a phone writes it; `gps` maps the tags 1-4 (N/S, latitude, E/W, longitude)."""
    block = Image.Exif()
    block[ORIENTATION] = orientation
    if taken:
        block.get_ifd(TAKEN_BLOCK)[TAKEN] = taken
    if gps:
        block.get_ifd(GPS).update(gps)
    return block


SOMEWHERE = {1: "S", 2: (7.0, 49.0, 12.0), 3: "E", 4: (112.0, 0.0, 36.0)}


def upload(content: bytes, name: str = "foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
