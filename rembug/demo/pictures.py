"""Drawn scenes that stand for photographs: a place before, halfway and after. Plainly drawings."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 640)
STAGES = (0, 50, 100)
POINTS = 3
SKY = [(220, 233, 236), (206, 226, 240), (236, 226, 206)]
EARTH = [(163, 150, 118), (150, 132, 104), (172, 158, 130)]
TRIM = {
    "b-infra": (101, 61, 5),
    "b-kes": (39, 123, 104),
    "b-sos": (181, 111, 159),
    "b-eko": (139, 106, 0),
    "b-pend": (37, 73, 130),
    "b-muda": (107, 143, 91),
    "b-adm": (106, 100, 112),
}


def scenes(seed: int) -> Iterator[tuple[str, int, int, bytes]]:
    """(sign of the field, point, percent, JPEG) for every scene of the pool."""
    for sign in TRIM:
        for point in range(POINTS):
            for percent in STAGES:
                yield sign, point, percent, _jpeg(_scene(sign, point, percent, seed))


def receipt(seed: int) -> bytes:
    """A drawn shop receipt: lines of writing on paper."""
    rng = Random(f"{seed}-receipt")
    image = Image.new("RGB", (600, 800), (178, 160, 140))
    draw = ImageDraw.Draw(image)
    draw.polygon([(70, 40), (540, 60), (530, 770), (60, 750)], fill=(252, 250, 244))
    for row in range(14):
        y = 110 + row * 44
        draw.line([(110, y), (110 + rng.randint(120, 260), y + 2)], fill=(60, 60, 80), width=6)
        draw.line([(420, y), (490, y + 2)], fill=(60, 60, 80), width=6)
    return _jpeg(image)


def _scene(sign: str, point: int, percent: int, seed: int) -> Image.Image:
    rng = Random(f"{seed}-{sign}-{point}")
    image = Image.new("RGB", SIZE, SKY[point % 3])
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 330, *SIZE], fill=EARTH[point % 3])
    _houses(draw, rng, point)
    if sign == "b-infra":
        _lane(draw, rng, percent, point)
    else:
        _things(draw, rng, percent, TRIM[sign])
    draw.rectangle([0, 600, *SIZE], fill=TRIM[sign])
    return image


def _houses(draw: ImageDraw.ImageDraw, rng: Random, point: int) -> None:
    for n in range(4):
        x = n * 250 + rng.randint(-40, 30) - point * 20
        wall = tuple(rng.randint(190, 240) for _ in range(3))
        top = rng.randint(170, 220)
        draw.rectangle([x, top, x + 190, 340], fill=wall)
        draw.polygon([(x - 20, top), (x + 95, top - 90), (x + 210, top)], fill=(165, 84, 60))
        draw.rectangle([x + 70, top + 60, x + 120, 340], fill=(124, 106, 88))


def _lane(draw: ImageDraw.ImageDraw, rng: Random, percent: int, point: int) -> None:
    left, right = 250 + point * 40, 640 + point * 20
    draw.polygon(
        [(430, 330), (530, 330), (right + 200, 600), (left - 150, 600)], fill=(138, 120, 90)
    )
    if percent == 0:
        for _ in range(3):
            x, y = rng.randint(350, 600), rng.randint(420, 560)
            draw.ellipse([x, y, x + 120, y + 28], fill=(143, 170, 180))
        return
    until = 465 if percent == 50 else 330
    for y in range(600, until, -18):
        t = (600 - y) / 270
        a, b = left - 150 + t * (580 - left), right + 200 - t * (right - 330)
        draw.line([(a, y), (b, y)], fill=(139, 134, 127), width=3)
        for k in range(12):
            x = a + (b - a) * k / 11
            draw.line([(x, y), (x + 2, y - 18)], fill=(183, 178, 171), width=8)


def _things(draw: ImageDraw.ImageDraw, rng: Random, percent: int, trim: tuple) -> None:
    draw.rectangle([160, 470, 800, 490], fill=(139, 106, 69))
    for n in range({0: 1, 50: 4, 100: 8}[percent]):
        x = 180 + n * 76
        height = rng.randint(60, 130)
        shade = tuple(min(255, c + rng.randint(0, 70)) for c in trim)
        draw.rectangle([x, 470 - height, x + 58, 470], fill=shade)
    for x in (190, 750):
        draw.rectangle([x, 490, x + 16, 590], fill=(110, 84, 54))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
