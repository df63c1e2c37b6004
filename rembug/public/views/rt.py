"""The page of one RT: what it may spend, on what, how far it is, who decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rembug.core.parts.marks import bid, chip
from rembug.execution.models import Comment
from rembug.ledger.rules import Ladder
from rembug.planning.models import Meeting
from rembug.public import life, neighbourhood, places, voices, years
from rembug.public.cache import kept
from rembug.regions.models import UnitKind, said

CARDS = 6
MEETINGS = 5
VOICES = 30


@require_safe
@kept
def rt(request: HttpRequest, code: str) -> HttpResponse:
    """An RT in one year; `?tahun=` opens another."""
    way = places.way_to(request.city, code)
    here = way[-1]
    if here.kind != UnitKind.RT:
        return redirect("public:unit", code)
    books = neighbourhood.books_of(here.id)
    year = years.pick(request, set(books.by_year))
    rows = neighbourhood.activities_of(here.id, year)
    reports, pictures = neighbourhood.reports_of(here.id, year)
    run, table = neighbourhood.list_of(here.id, year)
    # All of them are counted, the newest are shown; each stands on the page of its activity too.
    said = voices.voices(Comment.objects.filter(activity__unit=here.id).order_by("-at"))
    context = _money(here, year, books, rows) | {
        **places.seated(way),
        "here": here,
        "title": places.full_label(way),
        "crumbs": places.crumbs(request.city, way),
        "years": sorted(books.by_year, reverse=True),
        "run": run,
        "this_year": timezone.localdate().year,
        "table": _with_bids(table, run, rows),
        "deferred": neighbourhood.deferred(table),
        "meetings": _meetings(here.id),
        "voices": said[:VOICES],
        "tally": voices.tally(said),
        "now": timezone.now(),
    }
    rules = neighbourhood.rules_of(rows)
    names = life.Names.of(request.city.role_titles, rules[0] if rules else None)
    context |= _cards(rows, books, reports, pictures, names)
    return render(request, "public/rt.html", context)


def _money(
    here: places.Place, year: int, books: neighbourhood.Books, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """The ladder, the sentence above it and the shares below it."""
    ladder = books.by_year.get(year, Ladder())
    count = neighbourhood.count_of(rows, timezone.localdate())
    rules = neighbourhood.rules_of(rows)
    short = here.label.partition(" / ")[0]
    pokmas = sorted({row["work__pokmas__name"] for row in rows if row["work__pokmas__name"]})
    shares = neighbourhood.shares_of(rules[0], ladder.ceiling, rows) if rules else []
    # What activities with money cost; of a work that needed less, the rest went back to the ceiling.
    used = sum(row["cost"] for row in rows if row["stage"] not in life.PLANNED)
    rest = max(0, ladder.ceiling - used)
    return {
        "year": year,
        "ladder": ladder,
        "short": short,
        "sentence": neighbourhood.money_sentence(short, year, ladder.ceiling, count, rest),
        "late": neighbourhood.late_words(count),
        "count": count,
        "pokmas": pokmas,
        "shares": [each for each in shares if each["bound"] or each["amount"]]
        if count.funded
        else [],
        "loose": [each for each in shares if not each["bound"] and not each["amount"]],
        "mix": [(each["bid"], each["title"], each["amount"]) for each in shares if each["alone"]],
        "rest": rest if count.funded else 0,
        "program": rules[1] if rules else "",
        "citation": rules[2] if rules else "",
    }


def _cards(
    rows: list[dict[str, Any]],
    books: neighbourhood.Books,
    reports: dict[int, list[life.Reported]],
    pictures: dict[int, str],
    names: life.Names,
) -> dict[str, Any]:
    """Funded activities as cards, the late ones first; plans apart from them, and what was refused
    apart from both."""
    today = timezone.localdate()
    rules = neighbourhood.rules_of(rows)
    fields = {each.code: (each.bid, said(each.title)) for each in rules[0].fields} if rules else {}
    percents = rules[0].reports.percents if rules else ()
    home, files = reverse("public:activities"), reverse("public:city") + "berkas/"
    cards, plans, refused = [], [], []
    for row in rows:
        known = reports.get(row["work__id"], [])
        late = life.is_late(row["stage"], row["work__ends_on"], today)
        ended = life.ended(known, row["percent"])
        over = life.days_over(row["stage"], row["work__ends_on"], ended)
        waits = life.waiting_report(known)
        card = {
            "url": f"{home}{row['id']}/",
            "name": row["name"],
            "about": ", ".join(part for part in (row["volume"], row["place"]) if part),
            "field": bid(*fields.get(row["field"], ("adm", row["field"]))),
            "chip": chip(*life.chip(row["stage"], row["percent"], late, bool(waits), over)),
            "cost": row["cost"],
            "gone": row["stage"] in life.GONE,
            "sentence": life.sentence(neighbourhood.standing_of(row), known, today, names),
        }
        if row["stage"] in life.PLANNED:
            (refused if card["gone"] else plans).append(card)
            continue
        sha = pictures.get(row["work__id"])
        card |= {
            "steps": life.steps(percents, known, row["work__ends_on"], today, names),
            "ladder": books.by_activity.get(row["id"], Ladder()),
            "picture": f"{files}{sha}-k.webp" if sha else "",
            "order": (not late, row["stage"] in life.FINISHED),
        }
        cards.append(card)
    cards.sort(key=lambda each: each["order"])
    return {
        "cards": cards[:CARDS],
        "more": cards[CARDS:],
        "plans": plans,
        "refused": refused,
        "planned": sum(card["cost"] for card in plans),
    }


def _with_bids(
    table: list[tuple[str, Any]], run: list[int], rows: list[dict[str, Any]]
) -> list[tuple[Any, Any]]:
    """(sign of the field, [(year, items)]) for each field of the list."""
    rules = neighbourhood.rules_of(rows)
    book = rules[0] if rules else None
    fields = {each.code: (each.bid, said(each.title)) for each in book.fields} if book else {}
    return [
        (bid(*fields.get(code, ("adm", code))), list(zip(run, cells, strict=True)))
        for code, cells in table
    ]


def _meetings(unit_id: int) -> list[dict[str, Any]]:
    """When, where, how many men and women; never who. One query."""
    rows = Meeting.objects.filter(unit=unit_id).order_by("-at")
    now = timezone.now()
    return [
        row | {"coming": row["at"] > now, "present": row["men"] + row["women"]}
        for row in rows.values("id", "at", "title", "place", "men", "women", "state", "year")[
            :MEETINGS
        ]
    ]
