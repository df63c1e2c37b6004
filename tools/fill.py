"""Loads the demo cities and their years into a database that holds no real city.

Runs in the project's environment. What is loaded already is left alone, so it may be stopped and
repeated; a database with a city of its own never gets demo cities.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command

CITIES = Path(__file__).resolve().parent.parent / "cities"


def fill() -> None:
    """Load the folders whose city is missing, then let every empty demo city live."""
    from rembug.regions.models import City

    if City.objects.filter(is_demo=False).exists():
        return
    known = set(City.objects.values_list("slug", flat=True))
    folders = sorted(path.parent for path in CITIES.glob("*/kota.toml"))
    missing = [str(folder) for folder in folders if folder.name not in known]
    if missing:
        call_command("load_city", *missing)
    call_command("demo", if_empty=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rembug.settings")
    django.setup()
    try:
        fill()
    except CommandError as why:
        sys.exit(f"{why}")
