"""`rembug demo`: a living city, the same for the same seed."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rembug.core.refusal import Refused
from rembug.demo.city import SIZES, is_empty, live
from rembug.demo.town import PASSWORD
from rembug.regions.models import City


class Command(BaseCommand):
    help = "Isi kota contoh dengan tiga tahun anggaran: rembug, usulan, uang, laporan, foto."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", action="append", help="slug kota; boleh diulang")
        parser.add_argument("--size", choices=sorted(SIZES), default="demo")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--if-empty", action="store_true", help="lewati kota yang sudah berisi")

    def handle(self, *args: Any, **options: Any) -> None:
        cities = City.objects.filter(is_demo=True).order_by("code")
        if options["city"]:
            cities = cities.filter(slug__in=options["city"])
        if not cities:
            raise CommandError("Belum ada kota contoh. Jalankan: rembug load-city cities/<kota>")
        for city in cities:
            if options["if_empty"] and not is_empty(city):
                continue
            try:
                told = live(city, size=options["size"], seed=options["seed"], progress=self.show)
            except Refused as refusal:
                raise CommandError("\n".join(refusal.reasons)) from refusal
            self.stdout.write(
                f"\r{city.name}: {told.activities:,} kegiatan, {told.rows:,} baris, "
                f"{told.entries:,} jurnal dalam {told.seconds:.0f} detik".replace(",", ".")
            )
            self.stdout.write(f"  Akun contoh: sandi semua akun {PASSWORD}")

    def show(self, what: str, part: float) -> None:
        """One line that fills up; on a file, a line as each part begins."""
        if sys.stdout.isatty():
            done = round(part * 30)
            bar = "#" * done + "." * (30 - done)
            self.stdout.write(f"\r  [{bar}] {what:32}", ending="")
            self.stdout.flush()
        elif part == 0:
            self.stdout.write(f"  {what}")
            self.stdout.flush()
