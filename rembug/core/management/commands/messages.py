"""`rembug messages`: bring the translations in line with the words in the code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rembug.core import messages


class Command(BaseCommand):
    help = "Perbarui berkas terjemahan dari kata-kata di kode, lalu susun untuk dipakai."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="jangan tulis; gagal bila ada yang belum sesuai"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = messages.collect()
        missing = 0
        for language, name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            catalog = messages.renew(language, found)
            empty = messages.untranslated(catalog)
            missing += len(empty)
            if not options["check"]:
                messages.write(language, catalog)
            self.stdout.write(f"{name}: {len(catalog)} kata, {len(empty)} belum diterjemahkan")
            for words in empty:
                self.stdout.write(f"  - {words}")
        if options["check"] and missing:
            raise CommandError("Terjemahkan yang masih kosong, lalu ulangi.")
