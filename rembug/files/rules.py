"""What makes an upload acceptable, and what a photograph tells about itself. No tables."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.privacy import ACCOUNT, personal, replaced

MAX_IMAGE_BYTES = 25 * 1024 * 1024
MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
# A JPEG is decoded at a fraction of its size; other pictures are decoded whole, and two kilobytes of
# WebP that claim 60 megapixels would take a gigabyte of memory.
MAX_JPEG_PIXELS, MAX_PIXELS = 60_000_000, 20_000_000
EARLIEST_YEAR = 2000
NEAR_BITS = 4
# Fingerprints of a middle that lies a little beside the other differ in a few bits more.
NEAR_CORE_BITS = 7

# Longest sides in pixels, and the bytes a copy should stay under on a slow phone.
PUBLIC_BOX, PUBLIC_BYTES = (1280, 1280), 120_000
THUMB_BOX, THUMB_BYTES = (320, 640), 12_000


class FileKind(TextChoices):
    PHOTO = "photo", gettext_lazy("Foto")
    DOCUMENT = "document", gettext_lazy("Dokumen")
    DRAWING = "drawing", gettext_lazy("Gambar")


# What is odd about a picture that is accepted all the same: code -> sentence for the verifier.
FLAGS = {
    "gps_tidak_ada": gettext_lazy("Foto tidak menyimpan tempat pengambilan."),
    "gps_tidak_masuk_akal": gettext_lazy(
        "Tempat yang tersimpan di foto tidak masuk akal, jadi tidak dipakai."
    ),
    "waktu_tidak_ada": gettext_lazy("Foto tidak menyimpan waktu pengambilan."),
    "waktu_rusak": gettext_lazy("Waktu yang tersimpan di foto bukan tanggal yang benar."),
    "waktu_masa_depan": gettext_lazy("Waktu yang tersimpan di foto belum tiba."),
    "waktu_terlalu_lama": gettext_lazy("Waktu yang tersimpan di foto terlalu lama berlalu."),
    "data_tambahan": gettext_lazy(
        "Ada data lain di belakang gambar. Salinan untuk umum dibuat tanpa data itu."
    ),
}

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def image_format(head: bytes) -> str:
    """What the first bytes say the file is: JPEG, PNG, WEBP, HEIC, GIF, PDF; empty when unknown."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "HEIC"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "PDF" if head.startswith(b"%PDF-") else ""


def size_faults(size: int, limit: int) -> list[str]:
    """Reasons why a file of `size` bytes cannot be taken when at most `limit` bytes are allowed."""
    if size == 0:
        return [_("Berkas ini kosong (0 byte). Pilih berkasnya sekali lagi.")]
    if size > limit:
        megabytes = {"size": math.ceil(size / 1048576), "limit": limit // 1048576}
        return [
            _("Berkas ini %(size)d MB; paling besar %(limit)d MB. Kecilkan dulu, lalu kirim lagi.")
            % megabytes
        ]
    return []


def image_faults(head: bytes) -> list[str]:
    """Reasons why a file that begins with these bytes is not a picture we take."""
    found = image_format(head)
    if not head or found in ("JPEG", "PNG", "WEBP"):
        return []
    if found == "HEIC":
        return [
            _(
                "Foto HEIC belum dapat diterima. Di pengaturan kamera pilih JPEG "
                "(iPhone: Format, Paling Kompatibel), atau kirim tangkapan layarnya."
            )
        ]
    if found == "GIF":
        return [_("Gambar GIF tidak diterima. Kirim foto JPEG, PNG, atau WebP.")]
    return [_("Berkas ini bukan foto. Kirim foto JPEG, PNG, atau WebP.")]


def document_faults(head: bytes) -> list[str]:
    """Reasons why a file that begins with these bytes is neither a PDF nor a picture we take."""
    if not head or image_format(head) == "PDF":
        return []
    if image_format(head) in ("HEIC", "GIF"):
        return image_faults(head)
    if image_faults(head):
        return [_("Berkas ini bukan dokumen PDF atau foto. Simpan sebagai PDF, lalu kirim lagi.")]
    return []


def pixel_faults(width: int, height: int, found: str) -> list[str]:
    """Reasons why a picture of this many pixels is not decoded (it would fill the memory).

    `found` is its format as image_format names it.
    """
    if width * height <= (MAX_JPEG_PIXELS if found == "JPEG" else MAX_PIXELS):
        return []
    return [
        _("Gambar ini berukuran %(width)d x %(height)d titik, terlalu besar. Kecilkan dulu.")
        % {"width": width, "height": height}
    ]


def place(
    lat: Sequence[float] | None, lat_ref: str, lon: Sequence[float] | None, lon_ref: str
) -> tuple[float, float] | None:
    """Degrees, minutes, seconds and N/S/E/W as signed degrees (WGS84); None when absurd.

    The point 0, 0 counts as absurd: phones write it when they know nothing.
    """
    north, east = _degrees(lat, lat_ref, "NS", 90), _degrees(lon, lon_ref, "EW", 180)
    if north is None or east is None or (abs(north) < 0.01 and abs(east) < 0.01):
        return None
    return round(north, 7), round(east, 7)


def _degrees(parts: Sequence[float] | None, ref: str, refs: str, limit: int) -> float | None:
    if parts is None or len(parts) != 3 or len(ref) != 1 or ref not in refs:
        return None
    degrees, minutes, seconds = parts
    # Written so that a NaN (a fraction over zero) fails too.
    if not (0 <= degrees <= limit and 0 <= minutes < 60 and 0 <= seconds <= 60):
        return None
    size = degrees + minutes / 60 + seconds / 3600
    if size > limit:
        return None
    return -size if ref in "SW" else size


def moment(text: str, zone: tzinfo, now: datetime) -> tuple[datetime | None, str]:
    """When a photograph says it was taken, and the flag if that cannot be.

    `text` is EXIF local time `YYYY:MM:DD HH:MM:SS`, read in the city's zone. A phone clock may run
    a day ahead, not more. Cameras without a clock write blanks or zeros: then there is no time.
    """
    if not text.strip(" :0"):
        return None, "waktu_tidak_ada"
    try:
        taken = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None, "waktu_rusak"
    if taken.year < EARLIEST_YEAR:
        return None, "waktu_terlalu_lama"
    if taken > now + timedelta(days=1):
        return None, "waktu_masa_depan"
    return taken, ""


def fingerprint(gray: bytes) -> int | None:
    """The difference hash of 9 x 8 gray pixels by rows: one bit per "darker than the next".

    A signed 64-bit number, as databases keep it. None for a picture without structure (a finger on
    the lens), which would otherwise look like every other such picture.
    """
    bits = 0
    for start in range(0, 72, 9):
        for at in range(start, start + 8):
            bits = bits << 1 | (gray[at] < gray[at + 1])
    if bits in (0, (1 << 64) - 1):
        return None
    return bits - (1 << 64) if bits >> 63 else bits


def distance(a: int, b: int) -> int:
    """How many of the 64 bits of two fingerprints differ; 0-4 is the same scene."""
    return ((a ^ b) & (1 << 64) - 1).bit_count()


def without_persons(name: str) -> str:
    """A NIK or telephone in a file's name is no part of it: `ktp 3571021203900001.jpg`. What a camera counts stays."""
    return replaced(name, [each for each in personal(name) if each.kind != ACCOUNT])


def clean_name(name: str) -> str:
    """A file's own name without folders and invisible marks; only shown, never a path."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    kept = " ".join(without_persons(kept).split()).strip(". ")
    return kept[-120:] or "berkas"
