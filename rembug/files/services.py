"""Acts on files: take one in, show it to the public, look for twins, check and sweep the store."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope
from PIL import Image

from rembug.core.refusal import refuse_if
from rembug.files import pictures, rules, scenes, storage
from rembug.files.models import File
from rembug.files.rules import FileKind
from rembug.regions.models import City

# A file that no row names is left alone for so long: its act may still be under way.
STRAY_AFTER_SECONDS = 24 * 3600
# So many of the likest pictures are compared in detail, in so many places.
MOST_COMPARED, MOST_PLACES = 40, 12


class Upload(Protocol):
    """What a form hands over; Django's UploadedFile is one."""

    name: str | None
    size: int | None

    def seek(self, offset: int) -> int: ...
    def read(self, size: int = ...) -> bytes: ...


@dataclass(frozen=True)
class StoredImage:
    """A picture that was taken in, with what it tells about itself.

    `taken_at` is aware, `lat` and `lon` are degrees WGS84; each is None when absent or absurd, and
    then `flags` (codes of rules.FLAGS) says why.
    """

    file: File
    taken_at: datetime | None
    lat: float | None
    lon: float | None
    flags: list[str]


def store_image(city: City, upload: Upload, *, kind: str = FileKind.PHOTO) -> StoredImage:
    """Keep a picture: the original privately, an upright public copy and a small one without EXIF.

    The same content sent again is the same file. Nothing is public until `publish`. Raises Refused
    with every reason (empty, too large, no picture, HEIC, cut off, too many pixels).
    """
    content = _content(upload, rules.MAX_IMAGE_BYTES, rules.image_faults)
    return _store_image(city, content, upload.name or "", kind)


def store_document(city: City, upload: Upload, *, kind: str = FileKind.DOCUMENT) -> File:
    """Keep a PDF, or a picture of a paper. Raises Refused with every reason."""
    content = _content(upload, rules.MAX_DOCUMENT_BYTES, rules.document_faults)
    name = upload.name or ""
    if rules.image_format(content[:32]) != "PDF":
        return _store_image(city, content, name, kind).file
    digest = sha256(content).hexdigest()
    storage.write(storage.original_path(city.code, digest), content)
    return _row(city, digest, kind, name, size=len(content), mime="application/pdf")


def store_images_bulk(city: City, images: Iterable[tuple[bytes, str]]) -> list[File]:
    """`store_image` for many (content, name) at once: the files in the given order.

    Encodes on every core and waits for the disk once. Raises Refused at the first bad picture.
    """
    pairs = list(images)
    digests = [sha256(content).hexdigest() for content, _name in pairs]
    fresh = {digest: content for digest, (content, _name) in zip(digests, pairs, strict=True)}
    names = dict(zip(digests, (name for _content, name in pairs), strict=True))
    with scope(city=city):
        for digest in _stored(city, fresh):
            del fresh[digest]
        File.objects.bulk_create(_rows(city, fresh, names), batch_size=500, ignore_conflicts=True)
        rows = {row.sha256: row for row in File.objects.filter(sha256__in=set(digests))}
    return [rows[digest] for digest in digests]


def _stored(city: City, digests: Collection[str]) -> list[str]:
    """Which of these hashes already have their row and all their files."""
    known = File.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
    return [digest for digest in known if _complete(city, digest)]


def _rows(city: City, contents: dict[str, bytes], names: dict[str, str]) -> list[File]:
    """Draw and write pictures, some at a time; then their rows, not yet saved."""

    def one(digest: str) -> File:
        content = contents[digest]
        picture = pictures.drawn(pictures.opened(content))
        _write_image(city, digest, content, picture, flush=False)
        return File(
            city=city,
            sha256=digest,
            name=rules.clean_name(names[digest]),
            **_columns(content, picture),
        )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(one, contents))
    os.sync()
    return rows


def publish(file_ids: Iterable[int]) -> int:
    """Let anyone see the public copies of these files (ids, in the current city's scope).

    Returns how many became public just now.
    """
    return File.objects.filter(pk__in=list(file_ids), public=False).update(public=True)


def twins(
    city: City, dhash: int | None, *, exclude: Collection[int] = (), near: bool = False
) -> list[File]:
    """Other pictures of the city that show the same scene, oldest first.

    Looks up equal fingerprints in the index; with `near` it reads every fingerprint of the city and
    also finds those that differ in at most four bits (re-compressed, slightly cropped). `exclude`
    are ids of files to leave out.
    """
    if dhash is None:
        return []
    with scope(city=city):
        others = File.objects.exclude(pk__in=exclude)
        if not near:
            return list(others.filter(dhash=dhash))
        alike = [
            pk
            for pk, other in others.values_list("pk", "dhash")
            if other is not None and rules.distance(dhash, other) <= rules.NEAR_BITS
        ]
        return list(File.objects.filter(pk__in=alike))


def alike(file: File) -> list[File]:
    """Other pictures of the city that show what this one shows, though compressed again or cropped.

    Candidates come from the indexes on the quarters of the fingerprint; the nearest of them are laid
    over this picture and compared in detail.
    """
    gray = _small(file)
    if gray is None:
        return []
    places = list(scenes.cores(gray))
    query = Q()
    for n, name in enumerate(("core_a", "core_b", "core_c", "core_d")):
        query |= Q(**{f"{name}__in": {scenes.bands(place)[n] for place, _box in places}})
    rows = File.objects.filter(query, city_id=file.city_id).exclude(pk=file.pk) if places else []
    near = []
    for row in rows:
        assert row.core is not None  # its quarters were found
        fits = sorted((rules.distance(place, row.core), box) for place, box in places)
        if fits[0][0] <= rules.NEAR_CORE_BITS:
            near.append((fits[0][0], row.pk, row, [box for _apart, box in fits[:MOST_PLACES]]))
    near.sort(key=lambda found: found[:2])
    return [row for _apart, _pk, row, boxes in near[:MOST_COMPARED] if _fits(gray, boxes, row)]


def _fits(gray: Image.Image, boxes: list[scenes.Box], row: File) -> bool:
    """Whether the middle of another picture lies in one of these places of this one."""
    old = _small(row)
    return old is not None and scenes.likeness(gray, boxes, old) >= scenes.ALIKE


def _small(file: File) -> Image.Image | None:
    """The small gray copy, from the disk; None for what is no picture or is not there."""
    path = storage.thumb_path(file.city_id, file.sha256)
    if not file.is_image or not path.is_file():
        return None
    with Image.open(path) as image:
        return scenes.small(image)


def audit(city: City) -> list[str]:
    """Everything wrong with the city's files, re-reading every original; empty when all is well."""
    faults = []
    with scope(city=city):
        for row in File.objects.iterator():
            faults += _file_faults(row)
        for stray in _strays(city):
            faults.append(
                _("Berkas %s tidak dikenal. Hapus dengan `rembug sweep-files`.")
                % stray.relative_to(storage.city_folder(city.code))
            )
    return faults


def sweep(city: City) -> int:
    """Delete what refused or interrupted acts left on the disk over a day ago; returns how many."""
    with scope(city=city):
        strays = list(_strays(city))
    for stray in strays:
        stray.unlink(missing_ok=True)
    return len(strays)


def _content(upload: Upload, limit: int, kind_faults: Callable[[bytes], list[str]]) -> bytes:
    """Everything in the upload, once its size and first bytes are acceptable."""
    upload.seek(0)
    head = upload.read(32)
    refuse_if(rules.size_faults(upload.size or 0, limit) + kind_faults(head))
    return head + upload.read()


def _store_image(city: City, content: bytes, name: str, kind: str) -> StoredImage:
    image = pictures.opened(content)
    about = pictures.told(image, content, zone=ZoneInfo(city.timezone), now=timezone.now())
    digest = sha256(content).hexdigest()
    with scope(city=city):
        file = File.objects.filter(sha256=digest).first()
    if file is None or not _complete(city, digest):
        picture = pictures.drawn(image)
        # Files first: a row must never name a file that is not there.
        _write_image(city, digest, content, picture)
        file = _row(city, digest, kind, name, **_columns(content, picture))
    return StoredImage(file, about.taken_at, about.lat, about.lon, about.flags)


def _write_image(
    city: City, digest: str, content: bytes, picture: pictures.Drawn, *, flush: bool = True
) -> None:
    storage.write(storage.public_path(city.code, digest), picture.public, flush=flush)
    storage.write(storage.thumb_path(city.code, digest), picture.thumb, flush=flush)
    storage.write(storage.original_path(city.code, digest), content, flush=flush)


def _columns(content: bytes, picture: pictures.Drawn) -> dict[str, object]:
    return {
        "size": len(content),
        "mime": picture.mime,
        "width": picture.width,
        "height": picture.height,
        "dhash": picture.dhash,
        **core_columns(picture.core),
    }


def core_columns(core: int | None) -> dict[str, int | None]:
    """The fingerprint of the middle and its quarters, as a file keeps them."""
    quarters = scenes.bands(core) if core is not None else (None,) * 4
    names = ("core_a", "core_b", "core_c", "core_d")
    return {"core": core, **dict(zip(names, quarters, strict=True))}


def _row(city: City, digest: str, kind: str, name: str, **columns: object) -> File:
    """The row of this content, made when it is new; two senders at once get the same one."""
    known = {"kind": kind, "name": rules.clean_name(name)} | columns
    with scope(city=city):
        return File.objects.get_or_create(city=city, sha256=digest, defaults=known)[0]


def _paths(city_code: str, digest: str, *, image: bool = True) -> list[Path]:
    copies = [storage.public_path(city_code, digest), storage.thumb_path(city_code, digest)]
    return [storage.original_path(city_code, digest)] + (copies if image else [])


def _complete(city: City, digest: str) -> bool:
    return all(path.is_file() for path in _paths(city.code, digest))


def _file_faults(row: File) -> list[str]:
    called = {"name": row.name, "sha": row.sha256[:12]}
    if not row.path.is_file():
        return [_("Berkas %(sha)s (%(name)s): aslinya hilang.") % called]
    faults = []
    if row.path.stat().st_size != row.size:
        faults.append(_("Berkas %(sha)s (%(name)s): ukurannya berubah.") % called)
    with row.path.open("rb") as original:
        if file_digest(original, "sha256").hexdigest() != row.sha256:
            faults.append(_("Berkas %(sha)s (%(name)s): isinya berubah.") % called)
    copies = _paths(row.city_id, row.sha256, image=row.is_image)[1:]
    if not all(path.is_file() for path in copies):
        faults.append(_("Berkas %(sha)s (%(name)s): salinan umumnya hilang.") % called)
    return faults


def _strays(city: City) -> Iterator[Path]:
    """Files on disk that no row names and nobody touched for a day."""
    limit = time.time() - STRAY_AFTER_SECONDS
    folder = storage.city_folder(city.code)
    old = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < limit]
    # Asked after the walk, so that a file taken in meanwhile is known.
    rows = File.objects.values_list("sha256", flat=True).iterator()
    known = {path for digest in rows for path in _paths(city.code, digest)}
    return (path for path in sorted(old) if path not in known)
