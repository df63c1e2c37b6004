"""One table: what is known about each file a city keeps."""

from __future__ import annotations

from pathlib import Path

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from rembug.files import storage
from rembug.files.rules import FileKind
from rembug.regions.scope import CityModel


class File(CityModel):
    """A file somebody handed in, kept once however often it is sent; its name is its SHA-256.

    `size` in bytes; `width` and `height` in pixels of the upright picture, 0 for a PDF. `public`
    says that anyone may see the public copy; the original, which may hold the place where it was taken,
    opens by an act with a purpose (people.services.open_original).
    """

    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=FileKind, default=FileKind.PHOTO)
    mime = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    # The sender's own name for it: shown, offered when saving, never used as a path.
    name = models.CharField(max_length=120)
    # Signed 64-bit fingerprint of the scene (rules.fingerprint); empty when there is none.
    dhash = models.BigIntegerField(null=True)
    # Fingerprint of the middle (scenes.core) and its four quarters, by which like pictures are looked up.
    core = models.BigIntegerField(null=True)
    core_a = models.IntegerField(null=True)
    core_b = models.IntegerField(null=True)
    core_c = models.IntegerField(null=True)
    core_d = models.IntegerField(null=True)
    public = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "sha256"], name="file_once_per_city")
        ]
        indexes = [
            models.Index(fields=["city", "dhash"], condition=~Q(dhash=None), name="file_dhash"),
            *(models.Index(fields=["city", f"core_{n}"], name=f"file_core_{n}") for n in "abcd"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/")

    @property
    def path(self) -> Path:
        """The original on disk."""
        return storage.original_path(self.city_id, self.sha256)

    @property
    def url(self) -> str:
        """The public copy of a picture; a paper as it was sent, for whoever may see what it belongs to."""
        return reverse(f"files:{'public' if self.is_image else 'document'}", args=[self.sha256])

    @property
    def thumb_url(self) -> str:
        """The small copy, about 320 px wide; empty for a PDF."""
        return reverse("files:thumb", args=[self.sha256]) if self.is_image else ""
