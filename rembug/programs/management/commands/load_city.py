"""`rembug load-city DIR`: load or update a city from its folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rembug.programs.pack import PackFaults, load_city


class Command(BaseCommand):
    """All or nothing; every fault is named with file and line; loading twice changes nothing."""

    help = "Memuat atau memperbarui sebuah kota dari foldernya"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="+", type=Path, help="folder kota, misalnya cities/x")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in options["folder"]:
            try:
                summary = load_city(folder, self.stdout.write)
            except PackFaults as wrong:
                count = len(wrong.faults)
                told = f"{folder}: {count} kesalahan, tidak ada yang dimuat\n{wrong}"
                raise CommandError(told) from None
            self.stdout.write(f"{summary.city}: " + ("dimuat" if summary.changed else "tetap"))
