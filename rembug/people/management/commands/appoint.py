"""`rembug appoint`: the first officer of a new city; from then on offices appoint one another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.people.services import appoint_first
from rembug.regions.models import City, Unit


class Command(BaseCommand):
    help = "Catat pejabat pertama sebuah kota dan tampilkan sandi pertamanya."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("city", help="slug kota")
        parser.add_argument("login", help="nama masuk")
        parser.add_argument("name", help="nama lengkap")
        parser.add_argument("--role", default="government_office")
        parser.add_argument("--unit", help="kode wilayah; tanpa ini kota itu sendiri")
        parser.add_argument("--decree", required=True, help="nomor SK")
        parser.add_argument(
            "--decree-on", required=True, type=date.fromisoformat, help="TTTT-BB-HH"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        city = City.objects.filter(slug=options["city"]).first()
        if city is None:
            raise CommandError("Kota itu belum dimuat. Jalankan: rembug load-city cities/<kota>")
        with scope(city=city):
            unit = Unit.objects.filter(code=options["unit"] or city.code).first()
            if unit is None:
                raise CommandError("Wilayah itu tidak ada. Periksa kodenya.")
            try:
                office, fresh = appoint_first(
                    unit=unit,
                    role=options["role"],
                    login=options["login"],
                    name=options["name"],
                    decree_no=options["decree"],
                    decree_on=options["decree_on"],
                )
            except Refused as refusal:
                raise CommandError("\n".join(refusal.reasons)) from refusal
            self.stdout.write(f"{office.title}: {office.person.name}, sandi pertama {fresh}")
