"""A bare Django view: the same queries as one of our pages, the same rows, the plainest template."""

from __future__ import annotations

import json
import os

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

PAGES = json.loads(open(os.environ["BENCH_PAGES"]).read()) if "BENCH_PAGES" in os.environ else {}
TEMPLATE = Engine().from_string(
    "<!doctype html><title>{{ name }}</title><table>{% for row in rows %}<tr>"
    "{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def bare(request: HttpRequest, name: str) -> HttpResponse:
    """Run the recorded queries, draw every row they give."""
    rows: list = []
    with connection.cursor() as cursor:
        for sql, params in PAGES[name]:
            cursor.execute(sql, params)
            rows += cursor.fetchall()
    return HttpResponse(TEMPLATE.render(Context({"name": name, "rows": rows})))


urlpatterns = [path("<str:name>/", bare)]
application = get_wsgi_application()
