"""Whether two pictures show the same scene, though one was compressed again or cropped a little. No table.

A picture's `core` is the fingerprint of its middle. Whoever crops a few percent off the edges moves the
middle, so a new picture is asked for the fingerprint of every place where the old middle may lie now;
what is alike is then laid over it and compared in detail. Tried in docs/decisions/0016.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops, ImageFilter, ImageStat

from rembug.files import rules

# Left, top, right, bottom of a part, as shares of width and height.
Box = tuple[float, float, float, float]

# The middle leaves so much of every side; an edge may have been cut, or have been cut before, by so much.
EDGE, CUTS = 0.1, (-0.06, -0.03, 0.0, 0.03, 0.06)
MIDDLE: Box = (EDGE, EDGE, 1 - EDGE, 1 - EDGE)
SMALL, COARSE, DETAIL = (320, 640), (160, 320), (128, 128)
# How alike the details of two pictures must be: tried with receipts that were compressed and cropped
# (0.94 and more) and with other receipts of the same print (0.82 and less).
ALIKE = 0.87


def small(image: Image.Image) -> Image.Image:
    """The gray copy that prints and details are taken of."""
    copy = image.convert("L")
    copy.thumbnail(SMALL)
    return copy


def core(gray: Image.Image) -> int | None:
    """The fingerprint of the middle of a small gray picture."""
    return _print(_coarse(gray), MIDDLE)


def cores(gray: Image.Image) -> Iterator[tuple[int, Box]]:
    """Fingerprints of each place where the middle of an older picture of the same scene may lie."""
    coarse = _coarse(gray)
    spans = [span for before in CUTS for after in CUTS if (span := _span(before, after))]
    for left, right in spans:
        for top, bottom in spans:
            box = (left, top, right, bottom)
            found = _print(coarse, box)
            if found is not None:
                yield found, box


def likeness(new: Image.Image, boxes: Sequence[Box], old: Image.Image) -> float:
    """How alike in detail the middle of the old picture and a part of the new one are: 1 the same.

    Of the places where it may lie the likest is taken, and moved a little until it fits best.
    """
    target = _detail(old, MIDDLE)

    def fit(box: Box) -> tuple[float, Box]:
        return _alike(_detail(new, box), target), box

    best, step = max(map(fit, boxes)), 0.02
    while step > 0.004:
        moved = max(map(fit, _moves(best[1], step)), default=best)
        if moved[0] > best[0]:
            best = moved
        else:
            step /= 2
    return best[0]


def bands(found: int) -> tuple[int, int, int, int]:
    """The four quarters of a fingerprint: of two that differ in three bits, one quarter is the same."""
    bits = found & (1 << 64) - 1
    return bits >> 48, bits >> 32 & 0xFFFF, bits >> 16 & 0xFFFF, bits & 0xFFFF


def _coarse(gray: Image.Image) -> Image.Image:
    copy = gray.copy()
    copy.thumbnail(COARSE)
    return copy


def _part(gray: Image.Image, box: Box, cells: tuple[int, int]) -> Image.Image:
    """A part of a picture in so many cells."""
    width, height = gray.size
    left, top, right, bottom = box
    inside = (left * width, top * height, right * width, bottom * height)
    return gray.resize(cells, Image.Resampling.BOX, box=inside)


def _span(before: float, after: float) -> tuple[float, float] | None:
    """Where the middle lies along one side of which so much was cut at both ends; None: outside."""
    left = 1 - before - after
    start, end = (EDGE - before) / left, (1 - EDGE - before) / left
    return (start, end) if start >= 0 and end <= 1 else None


def _print(gray: Image.Image, box: Box) -> int | None:
    return rules.fingerprint(_part(gray, box, (9, 8)).tobytes())


def _detail(gray: Image.Image, box: Box) -> Image.Image:
    """Lines and letters without the light on the paper: gray 128 is nothing."""
    cells = _part(gray, box, DETAIL)
    return ImageChops.subtract(cells, cells.filter(ImageFilter.GaussianBlur(4)), 1, 128)


def _alike(one: Image.Image, other: Image.Image) -> float:
    """Correlation of two details, -1 to 1; 0 where there is nothing to compare."""
    a, b = ImageStat.Stat(one).var[0], ImageStat.Stat(other).var[0]
    if not a or not b:
        return 0.0
    apart = ImageStat.Stat(ImageChops.subtract(one, other, 1, 128)).var[0]
    return (a + b - apart) / (2 * (a * b) ** 0.5)


def _moves(box: Box, step: float) -> Iterator[Box]:
    """The same box with one edge, or all of it, moved by a step, inside the picture."""
    edges = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (1, 0, 1, 0), (0, 1, 0, 1))
    for by in (-step, step):
        for moves in edges:
            left, top, right, bottom = (
                edge + by * move for edge, move in zip(box, moves, strict=True)
            )
            if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
                yield left, top, right, bottom
