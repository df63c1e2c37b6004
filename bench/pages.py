"""Public pages of a full city: how many queries, and how fast against a bare view of the same queries."""

from __future__ import annotations

import json
from pathlib import Path

from bench.figures import Figure
from bench.serving import environment, rate, serving

# Peers on two such cores: details and list pages a second (see docs/decisions, page cache).
PEER_DETAIL, PEER_LIST = 21, 0.5
LEAST_SHARE, MOST_QUERIES = 40, 8


def addresses() -> dict[str, str]:
    """The measured pages of the largest demonstration city, found in its data."""
    from django_scopes import scope

    from rembug.planning.models import Activity
    from rembug.regions.models import City

    city = City.objects.get(slug="kediri")
    with scope(city=city):
        done = Activity.objects.filter(stage="closed").select_related("unit").order_by("id")[50]
        kelurahan = done.unit.above("kelurahan")
    root = f"/{city.slug}"
    return {
        "list_page_1": f"{root}/kegiatan/",
        "list_page_200": f"{root}/kegiatan/?halaman=200",
        "list_search": f"{root}/kegiatan/?q=paving&tahun={done.year}",
        "rt": f"{root}/rt/{done.unit.code}/?tahun={done.year}",
        "activity": f"{root}/kegiatan/{done.pk}/",
        "area": f"{root}/wilayah/{kelurahan}/",
        "city": f"{root}/",
    }


def recorded(pages: dict[str, str]) -> dict[str, list]:
    """The queries each page runs, with their parameters, as a client sees them."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    settings.PAGE_CACHE = (
        False  # what a kept page asks is one question; here the page itself counts
    )

    found: dict[str, list] = {}

    def note(execute, sql, params, many, context):
        found[name].append(
            (sql, [str(p) if not isinstance(p, int | float | None) else p for p in params or ()])
        )
        return execute(sql, params, many, context)

    for name, address in pages.items():
        found[name] = []
        client = Client()
        client.get(address)
        found[name] = []
        with connection.execute_wrapper(note):
            answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
    return found


def measure(var: Path) -> list[Figure]:
    """Queries of every page, and its rate without any cache as a share of the bare view's."""
    pages = addresses()
    queries = recorded(pages)
    file = var / "bench_pages.json"
    file.write_text(json.dumps(queries))
    figures = [
        Figure(f"{name}_queries", len(rows), "queries", MOST_QUERIES)
        for name, rows in queries.items()
    ]
    ours_env = environment(var, REMBUG_PAGE_CACHE="0")
    bare_env = environment(var, BENCH_PAGES=str(file), DJANGO_SETTINGS_MODULE="bench.bare_settings")
    with (
        serving("rembug.wsgi:application", ours_env) as ours,
        serving("bench.bare:application", bare_env) as bare,
    ):
        for name, address in pages.items():
            mine, theirs = rate(ours, address), rate(bare, f"/{name}/")
            figures.append(Figure(f"{name}_uncached", mine, "req/s"))
            figures.append(
                Figure(
                    f"{name}_share",
                    100 * mine / theirs,
                    "%",
                    LEAST_SHARE,
                    at_most=False,
                    of=f"of a bare view with the same queries ({theirs:.0f} req/s)",
                )
            )
    return figures


def kept(var: Path) -> list[Figure]:
    """Rates with the page cache, against what the peers served."""
    pages = addresses()
    with serving("rembug.wsgi:application", environment(var)) as port:
        detail = min(rate(port, pages[name]) for name in ("rt", "activity"))
        listed = min(rate(port, pages[name]) for name in ("list_page_1", "list_page_200"))
    return [
        Figure(
            "detail_against_peers", detail / PEER_DETAIL, "times", 10, False, f"{detail:.0f} req/s"
        ),
        Figure(
            "list_against_peers", listed / PEER_LIST, "times", 200, False, f"{listed:.0f} req/s"
        ),
    ]
