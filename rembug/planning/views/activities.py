"""The page on which an activity is written: its cost lines, the price list, and the live composition."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rembug.core.numbers import machine
from rembug.core.pages import only_sent
from rembug.files.services import store_document
from rembug.people.authority import holds_anywhere
from rembug.people.models import Person
from rembug.planning import permissions
from rembug.planning.forms import (
    MOST_LINES,
    ActivityForm,
    LineFormSet,
    PaperForm,
    known_items,
    lines_of,
)
from rembug.planning.models import Activity, PlanItem, Proposal
from rembug.planning.review import ActivityFacts, Review
from rembug.planning.rules import CostLine, PlanState, nearest, price_words
from rembug.planning.services.mending import mended_one
from rembug.planning.services.proposals import (
    ActivityDraft,
    attach_paper,
    price_year,
    save_activity,
)
from rembug.planning.services.reviews import activities_of, review
from rembug.planning.views.frame import allow, made, seen, send, show, thank, version_of
from rembug.planning.views.proposals import whole
from rembug.programs.models import PriceItem
from rembug.programs.rules import price_state

MOST_RESULTS = 12
# Buttons that keep on writing: search a price (also the Enter key), a line of one's own, fill from the list.
STILL_WRITING = ("cari", "tambah", "isi")


@login_required
def activity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an activity."""
    row = seen(request, whole(), pk=pk)
    allow(permissions.can_edit_proposal(request.user, row))
    return _edit(request, row, None)


@login_required
def activity_edit(request: HttpRequest, pk: int, activity: int) -> HttpResponse:
    """Change an activity, its cost lines and its papers."""
    row = seen(request, whole(), pk=pk)
    allow(permissions.can_edit_proposal(request.user, row))
    found = mended_one(row, activity)
    if found is None:
        raise Http404
    if request.POST.get("do") == "paper":
        return _paper(request, row, found)
    return _edit(request, row, found)


def _edit(request: HttpRequest, row: Proposal, activity: Activity | None) -> HttpResponse:
    """Show and keep the form. Pressing *Pakai* beside a price adds a line and saves what is there."""
    form, lines = _forms(request, row, activity)
    refused = False
    searching = any(name in request.POST for name in STILL_WRITING)
    if request.method == "POST" and not searching:
        if answer := _save(request, row, activity, form, lines):
            return answer
        refused = True
    context = {
        **_panel(row, activity, form, lines),
        "form": form,
        "lines": lines,
        "activity": activity,
        "wish": _chosen(form),
        "stored": mended_one(row, activity.pk) if activity and refused else activity,
        "version": activity.version if activity else 0,
        "q": request.POST.get("q", ""),
        "results": _results(row, request.POST.get("q", "")) if "cari" in request.POST else [],
        "paper_form": _paper_form(row, activity, None),
        "prices_url": reverse("planning:prices") + f"?tahun={row.program_year.year}",
    }
    return show(request, "planning/activity.html", context, 422 if refused else 200)


def _forms(
    request: HttpRequest, row: Proposal, activity: Activity | None
) -> tuple[ActivityForm, Any]:
    """Both forms: as typed, as stored, or begun from a wish of the list."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and ("pakai" in data or "tambah" in data):
        _append_line(data)
    book = row.book
    wishes = _wishes(row, activity)
    if data is not None and "isi" in data:
        _fill(data, wishes)
    form = ActivityForm(data, book=book, wishes=wishes, initial=_initial(request, activity, wishes))
    stored = [
        {
            "item": line.item_id,
            "name": line.name,
            "group": line.group,
            "measure": line.measure,
            "volume": line.volume_milli,
            "price": line.price,
            "quotes": line.quotes,
            "kind": line.kind,
        }
        for line in (activity.lines.all() if activity else [])
    ]
    lines = LineFormSet(data, prefix="baris", initial=stored, form_kwargs={"book": book})
    known_items(lines, book)
    return form, lines


def _append_line(data: QueryDict) -> None:
    """One more row: of the price item pressed, or blank for something outside the list."""
    count = min(machine(data.get("baris-TOTAL_FORMS")), MOST_LINES)
    item = PriceItem.objects.filter(pk=machine(data.get("pakai"))).first()
    if "pakai" in data and item is None:
        return
    data["baris-TOTAL_FORMS"] = str(count + 1)
    if item:
        data[f"baris-{count}-item"] = str(item.pk)
        data[f"baris-{count}-volume"] = "1"
        data[f"baris-{count}-price"] = str(item.price)


def _fill(data: QueryDict, wishes: list[PlanItem]) -> None:
    """Take name, field and volume from the wish that was chosen, never in place of one's own words."""
    wish = next((one for one in wishes if str(one.pk) == data.get("plan_item")), None)
    if wish is None:
        return
    for name, of in (("name", "title"), ("field", "field"), ("volume", "volume")):
        typed = data.get(name, "").strip()
        if not typed or any(typed == getattr(one, of) for one in wishes):
            data[name] = getattr(wish, of)


def _chosen(form: ActivityForm) -> PlanItem | None:
    """The wish of the list the form stands at, for what the list says about it."""
    return form.wishes.get(machine(str(form["plan_item"].value() or "")))


def _wishes(row: Proposal, activity: Activity | None) -> list[PlanItem]:
    """Lines of the RT's list that this activity may take: its own, and what nobody took."""
    own = activity.plan_item_id if activity else None
    items = row.unit.plan_items.exclude(state=PlanState.DROPPED).order_by("year", "title")
    return [one for one in items if one.pk == own or one.state != PlanState.TAKEN]


def _initial(
    request: HttpRequest, activity: Activity | None, wishes: list[PlanItem]
) -> dict[str, Any]:
    if activity is not None:
        names = (
            "field",
            "kind",
            "kind_number",
            "kind_note",
            "name",
            "place",
            "volume",
            "off_list_reason",
            "swadaya_money",
        )
        kept = {name: getattr(activity, name) for name in (*names, "swadaya_days", "swadaya_note")}
        # Nothing counted is an empty field, not a nought that nobody typed.
        kept["kind_number"] = activity.kind_number or None
        return {**kept, "plan_item": activity.plan_item_id}
    asked = request.GET.get("rencana", "")
    wish = next((one for one in wishes if str(one.pk) == asked), None)
    if wish is None:
        return {}
    told = {"plan_item": wish.pk, "field": wish.field, "name": wish.title}
    return {**told, "volume": wish.volume}


def _save(
    request: HttpRequest, row: Proposal, activity: Activity | None, form: ActivityForm, lines: Any
) -> HttpResponse | None:
    """Keep the activity; None when it was refused, with every reason where it belongs."""
    readable = form.is_valid() & lines.is_valid()
    version = version_of(request)
    typed = [one for one in lines.forms if not one.is_blank]
    run = partial(
        save_activity,
        by=request.user,
        proposal=row,
        activity=activity,
        draft=ActivityDraft(**form.typed()),
        lines=[one.line for one in typed],
        version=version,
    )
    draft = f"usulan-{row.pk}-{activity.pk if activity else 'baru'}-v{max(version, 0)}"
    receipt, _reasons = send(
        request,
        "activity.save",
        run,
        form,
        draft=draft,
        rows={"lines": typed},
        readable=readable,
    )
    if receipt is None:
        return None
    here = reverse("planning:activity_edit", args=[row.pk, made(receipt)])
    if "pakai" in request.POST:
        return redirect(here + "#rincian")
    thank(request, receipt, _("Kegiatan tersimpan."))
    return redirect("planning:proposal", row.pk)


# ---- live composition ----------------------------------------------------------------------


def _panel(
    row: Proposal, activity: Activity | None, form: ActivityForm, lines: Any
) -> dict[str, Any]:
    """How the proposal would stand with what is typed now."""
    form.is_valid()
    typed = form.typed() if form.is_bound else {**form.initial}
    facts = ActivityFacts(
        pk=activity.pk if activity else 0,
        name=typed.get("name") or "",
        field=typed.get("field") or row.book.fields[0].code,
        kind=typed.get("kind") or "",
        number=typed.get("kind_number") or 0,
        note=typed.get("kind_note") or "",
        lines=tuple(_typed_lines(lines)),
        papers=frozenset(one.code for one in activity.papers.all()) if activity else frozenset(),
    )
    found: Review = review(row, activities_of(row), draft=facts)
    for one in lines.forms:
        one.hint = _hint(row, one)
    return {
        "proposal": row,
        "year": row.program_year,
        "book": row.book,
        "review": found,
        "cost": facts.cost,
        "unread": sum(bool(one.errors) for one in lines.forms) if lines.is_bound else 0,
    }


def _typed_lines(lines: Any) -> list[CostLine]:
    if lines.is_bound:
        return lines_of(lines)
    return [
        CostLine(
            name=one.initial["name"],
            measure=one.initial["measure"],
            group=one.initial["group"],
            volume=one.initial["volume"],
            price=one.initial["price"],
            standard=one.known.price if one.known else None,
            item_id=one.initial["item"],
            quotes=one.initial["quotes"],
            kind=one.initial["kind"],
        )
        for one in lines.forms
    ]


def _hint(row: Proposal, form: Any) -> tuple[str, str]:
    """State and a few words under a price; the whole sentence stands in the panel."""
    price = form.initial.get("price") if not form.is_bound else None
    if form.is_bound and form.is_valid():
        price = form.cleaned_data.get("price")
    if not form.known:
        return "", _("tanpa standar")
    standard = _plain(form.known.price)
    state = price_state(row.book, price, form.known.price)[0] if price else "ok"
    if state in ("above", "high"):
        return state, _("paling tinggi %s") % standard
    if state == "low":
        return state, _("jauh di bawah %s") % standard
    return state, _("sampai %s") % standard


def _plain(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


@login_required
@only_sent
def composition(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel beside the form, for what is typed now; nothing is kept."""
    row = seen(request, whole(), pk=pk)
    allow(permissions.can_edit_proposal(request.user, row))
    asked = machine(request.POST.get("activity"))
    activity = mended_one(row, asked)
    form, lines = _forms(request, row, activity)
    context = {**_panel(row, activity, form, lines), "lines": lines, "live": True}
    return render(request, "planning/_composition.html", context)


# ---- price list ----------------------------------------------------------------------------


@login_required
def prices(request: HttpRequest) -> HttpResponse:
    """Search the price standard: a part of a page for htmx, a page of its own without."""
    person = request.user
    assert isinstance(person, Person)
    allow(holds_anywhere(person, "plan.read"))
    asked = machine(request.GET.get("tahun"))
    year = price_year(asked if 0 < asked < 10_000 else None)
    q = request.GET.get("q", "")[:80]
    items = _matching(year, q) if q.strip() else []
    context = {"results": items, "q": q, "price_year": year, "in_form": bool(request.htmx)}  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "planning/_results.html", context)
    return show(request, "planning/prices.html", context)


def _results(row: Proposal, q: str) -> list[PriceItem]:
    return _matching(price_year(row.program_year.year), q[:80])


def _matching(year: int | None, q: str) -> list[PriceItem]:
    """Items that hold every word, those that hold them in their name first.

    When none does, words are forgiven a typing error, one after the other.
    """
    listed = PriceItem.objects.filter(year=year)
    words = price_words(q)
    found = list(listed.matching(" ".join(words))[: MOST_RESULTS * 6])
    if not found and words:
        known = {word for text in listed.values_list("search", flat=True) for word in text.split()}
        reach = Q()
        for word in words:
            near = Q(pk__in=[])
            for one in nearest(word, known):
                near |= Q(search__contains=one)
            reach &= near
        found = list(listed.filter(reach)[: MOST_RESULTS * 6])

    def distance(item: PriceItem) -> tuple[bool, str]:
        return not all(word in item.name.lower() for word in words), item.name

    return sorted(found, key=distance)[:MOST_RESULTS]


# ---- papers --------------------------------------------------------------------------------


def _wanted(row: Proposal, activity: Activity) -> list[str]:
    """Papers the book asks for with this kind of activity."""
    kind = row.book.item_of.get(activity.kind)
    return list(kind.needs) if kind else []


def _paper_form(row: Proposal, activity: Activity | None, request: Any) -> PaperForm | None:
    codes = _wanted(row, activity) if activity else []
    if not codes:
        return None
    data, files = (request.POST, request.FILES) if request else (None, None)
    return PaperForm(data, files, book=row.book, codes=codes)


def _paper(request: HttpRequest, row: Proposal, activity: Activity) -> HttpResponse:
    """Take a paper in."""
    form = _paper_form(row, activity, request)
    here = reverse("planning:activity_edit", args=[row.pk, activity.pk])
    if form is None:
        return redirect(here)
    reasons = [str(one) for errors in form.errors.values() for one in errors]
    if form.is_valid():
        data = form.cleaned_data

        def run() -> Any:
            upload = data["file"]
            file = store_document(row.city, upload) if upload else None
            return attach_paper(
                by=request.user,  # type: ignore[arg-type]
                activity=activity,
                code=data["code"],
                file=file,
                number=data["number"],
            )

        receipt, reasons = send(request, "activity.paper", run, form)
        if receipt:
            thank(request, receipt, _("Surat tersimpan."))
            return redirect(here + "#surat")
    context = {"proposal": row, "activity": activity, "paper_form": form, "reasons": reasons}
    return show(request, "planning/paper.html", context, 422)
