"""`rembug audit`: recompute everything that must be true, and say what is not."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rembug.integrity.checks import CHECKS, run
from rembug.regions.models import City

SHOWN = 20


class Command(BaseCommand):
    help = "Periksa ulang buku, catatan, berkas, dan kecocokan semuanya. Gagal bila ada yang salah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", action="append", help="slug kota; boleh diulang")
        parser.add_argument(
            "--only", action="append", choices=[check.name for check in CHECKS], help="satu bagian"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cities = City.objects.order_by("code")
        if options["city"]:
            cities = cities.filter(slug__in=options["city"])
        wrong = 0
        for city in cities:
            self.stdout.write(city.name)
            began = time.monotonic()
            for check, faults in run(city, options["only"]):
                seconds = time.monotonic() - began
                word = "baik" if not faults else f"SALAH: {len(faults)}"
                self.stdout.write(
                    f"  {check.name:10} {word:12} {seconds:5.1f} dtk  {check.meaning}"
                )
                for fault in faults[:SHOWN]:
                    self.stdout.write(f"    - {fault}")
                if len(faults) > SHOWN:
                    self.stdout.write(f"    ... dan {len(faults) - SHOWN} lagi")
                wrong += len(faults)
                began = time.monotonic()
        if wrong:
            raise CommandError(
                f"{wrong} hal tidak cocok. Jangan diperbaiki dengan tangan di basis data."
            )
        self.stdout.write("Semua cocok.")
