"""Signing in, the desk, and who holds which office."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from rembug.core.pages import only_sent
from rembug.core.paging import page_of
from rembug.core.refusal import Refused
from rembug.files.models import File
from rembug.files.readers import may_open
from rembug.files.responses import as_sent
from rembug.people import desk as desks
from rembug.people import services
from rembug.people.authority import holds, holds_anywhere, offices_of, within_reach
from rembug.people.forms import (
    AppointForm,
    DeclineForm,
    EndForm,
    LoginForm,
    NameForm,
    OriginalForm,
    PasswordForm,
)
from rembug.people.login import guesses_too_much, own_path, remember_device
from rembug.people.models import Office, Person
from rembug.people.sending import form_key, objections, once_from
from rembug.regions.models import Unit

# Whoever holds only these works from a phone, and lands on one sentence and one next step.
PHONE_ROLES = {
    "rt_head",
    "rt_secretary",
    "rw_head",
    "pokmas_head",
    "pokmas_secretary",
    "pokmas_treasurer",
    "pokmas_supervisor",
}


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """One form; afterwards the page that was wanted, or what waits for the person."""
    if request.user.is_authenticated:
        return redirect("people:home")
    if request.method == "POST" and guesses_too_much(request):
        return render(request, "people/locked.html", {"around": True}, status=429)
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.get_user()
        login(request, person)
        response = redirect(_wanted(request) or "people:home")
        remember_device(request, response, person)
        return response
    context = {"form": form, "next": _wanted(request)}
    return render(request, "people/login.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest) -> str:
    """The page of this city somebody was on the way to; empty when there was none."""
    return own_path(request, request.POST.get("next") or request.GET.get("next", ""))


@only_sent
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("public:city")


@sensitive_post_parameters()
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Choose a password of one's own; until that is done nothing else opens (FirstPasswordMiddleware)."""
    form = PasswordForm(request.user, request.POST or None)
    if form.is_valid():
        person = services.choose_password(by=request.user, fresh=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, person)
        messages.success(request, _("Kata sandi baru sudah berlaku."))
        return redirect(_wanted(request) or "people:home")
    context = {"form": form, "next": _wanted(request), "base": base_for(request.user)}
    return render(request, "people/password.html", context, status=422 if form.errors else 200)


def base_for(person: object) -> str:
    """The frame a person works in: the phone's for RT, RW and pokmas, the desk's for offices."""
    roles = {office.role for office in offices_of(person)}
    return "base_phone.html" if roles and roles <= PHONE_ROLES else "base_desk.html"


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where a person lands: what waits for me, and what is next."""
    if base_for(request.user) == "base_phone.html":
        return redirect("execution:home")
    return redirect("people:desk")


TABS = ("saya", "lain", "kosong", "selesai")


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that waits: for me, for others in my territory, for a vacant office; and done today."""
    person = request.user
    tab = request.GET.get("isi", "saya")
    tab = tab if tab in TABS else "saya"
    mine, others = desks.inbox(person), desks.elsewhere(person)
    blocked = desks.blocked(person) if tab == "kosong" else []
    text, act = request.GET.get("q", "").strip()[:100], request.GET.get("apa", "")[:60]
    rows = {"saya": mine, "lain": others, "selesai": desks.done_today(person)}.get(tab)
    narrow = bool(text or act)
    whole = rows
    rows = desks.narrowed(rows, text, act) if rows is not None and narrow else rows
    page = None if rows is None else page_of(rows, request.GET.get("halaman"))
    if page and tab == "lain":
        desks.who_must(page.rows)
    today = localdate()
    counts = mine.order_by().aggregate(
        all=Count("id"), late=Count("id", filter=Q(due_on__lt=today))
    )
    # A search is offered where a page does not hold everything.
    many = whole is not None and page is not None and (narrow or page.pages > 1)
    context = {
        "tab": tab,
        "page": page,
        "blocked": blocked,
        "may_appoint": holds_anywhere(person, "office.appoint"),
        "text": text,
        "act": act,
        "kinds": desks.kinds(whole) if many and whole is not None else [],
        "may_budget": holds_anywhere(person, "proposal.budget") and tab == "saya",
        "base": base_for(person),
        "mine": counts["all"],
        "late": counts["late"],
        "offices": offices_of(person),
        "today": today,
    }
    return render(request, "people/desk.html", context)


@login_required
def offices(request: HttpRequest) -> HttpResponse:
    """Who holds which office in my territory, by which decree; and which seats are empty."""
    mine = offices_of(request.user)
    if not mine:
        raise PermissionDenied
    widest = min(mine, key=lambda office: len(office.unit.code)).unit
    held = (
        Office.objects.filter(city=request.city, unit__in=Unit.objects.within(widest.code))
        .on(localdate())
        .select_related("unit", "person", "city")
        .order_by("unit__code", "role")
    )
    kind = request.GET.get("tingkat", "")
    counts = Counter(held.values_list("unit__kind", flat=True))
    if kind in counts:
        held = held.filter(unit__kind=kind)
    context = {
        "page": page_of(held, request.GET.get("halaman"), size=50),
        "counts": dict(counts),
        "kind": kind,
        "place": widest,
        "may_appoint": holds_anywhere(request.user, "office.appoint"),
        "may_reset": holds_anywhere(request.user, "person.reset"),
        "base": base_for(request.user),
    }
    return render(request, "people/offices.html", context)


def _office(request: HttpRequest, pk: int, since: date | None = None) -> Office:
    """An appointment of today or later in one's territory; 404 for all others."""
    rows = Office.objects.not_over(since or localdate()).select_related("unit", "person", "city")
    return get_object_or_404(
        rows.filter(within_reach(request.user, "desk.read"), city=request.city), pk=pk
    )


@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an appointment that nobody takes over yet."""
    # What ended yesterday still answers: the button may be pressed twice.
    office = _office(request, pk, since=localdate() - timedelta(days=1))
    if not holds(request.user, "office.appoint", at=office.unit):
        raise PermissionDenied
    form = EndForm(request.POST or None)

    def run() -> Office:
        return services.end_office(by=request.user, office=office, **form.cleaned_data)

    if form.is_valid():
        try:
            once_from(request, "office.end", run)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, _("Jabatan diakhiri. Sesudah hari terakhirnya ia kosong."))
            return redirect("people:offices")
    context = {
        "form": form,
        "office": office,
        "key": form_key(request),
        "base": base_for(request.user),
    }
    return render(request, "people/end.html", context, status=422 if form.errors else 200)


@login_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second pair of eyes on a decree for an office that pays money out: confirm it, or say why not."""
    rows = Office.objects.select_related("unit", "person", "city", "entered_by")
    office = get_object_or_404(
        rows.filter(within_reach(request.user, "desk.read"), city=request.city),
        pk=pk,
        entered_by__isnull=False,
    )
    if not services.may_confirm(request.user, office):
        raise PermissionDenied
    form = DeclineForm(request.POST or None)
    declining = request.POST.get("do") == "decline"

    def run() -> Office:
        if declining:
            return services.decline_office(
                by=request.user, office=office, why=form.cleaned_data["why"]
            )
        return services.confirm_office(by=request.user, office=office)

    if request.method == "POST":
        form.is_valid()
        try:
            once_from(request, "office.confirm", run)
        except Refused as refusal:
            form.refuse(refusal.reasons)
        else:
            messages.success(
                request, _("SK tidak disahkan.") if declining else _("SK disahkan dan berlaku.")
            )
            return redirect("people:desk")
    context = {"form": form, "office": office, "key": form_key(request)}
    return render(request, "people/confirm.html", context, status=422 if form.errors else 200)


@login_required
def original(request: HttpRequest, sha: str) -> HttpResponseBase:
    """A picture as the phone sent it, with its place: given for a purpose, which is recorded."""
    file = get_object_or_404(File.objects, sha256=sha)
    if not may_open(request.user, file):
        raise Http404
    form = OriginalForm(request.POST or None)
    if form.is_bound:
        form.is_valid()
        try:
            services.open_original(by=request.user, file=file, **form.cleaned_data)
            return as_sent(file)
        except Refused as refusal:
            form.refuse(refusal.reasons)
    context = {"form": form, "file": file, "base": base_for(request.user)}
    return render(request, "people/original.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the name of whoever holds an office."""
    office = _office(request, pk)
    if not holds(request.user, "office.appoint", at=office.unit):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = NameForm(sent, initial={"name": office.person.name})
    if request.method == "POST":

        def run() -> Person:
            return services.correct_name(by=request.user, office=office, **form.cleaned_data)

        try:
            if form.is_valid():
                once_from(request, "person.rename", run)
                messages.success(request, _("Nama sudah diperbaiki."))
                return redirect("people:offices")
            form.refuse(objections(run))
        except Refused as refusal:
            form.refuse(refusal.reasons)
    context = {
        "office": office,
        "form": form,
        "key": form_key(request),
        "base": base_for(request.user),
    }
    return render(request, "people/rename.html", context, status=422 if form.errors else 200)


@login_required
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost password: ask once more, then show the new one a single time, in the answer itself."""
    office = _office(request, pk)
    if not holds(request.user, "person.reset", at=office.unit):
        raise PermissionDenied
    made: list[str] = []
    reasons: list[str] = []

    def run() -> Office:
        made.append(services.reset_password(by=request.user, office=office))
        return office

    if request.method == "POST":
        try:
            once_from(request, "person.reset", run)
        except Refused as refusal:
            reasons = refusal.reasons
    context = {
        "office": office,
        "fresh": made[0] if made else "",
        "again": request.method == "POST" and not made and not reasons,
        "reasons": reasons,
        "key": form_key(request),
        "base": base_for(request.user),
    }
    return render(request, "people/reset.html", context, status=422 if reasons else 200)


@never_cache
@login_required
def appoint(request: HttpRequest) -> HttpResponse:
    """Enter a decree: who takes which seat, from when. A new person's first password stands in the answer."""
    if not holds_anywhere(request.user, "office.appoint"):
        raise PermissionDenied
    roles = services.seats_to_fill(request.user)
    form = AppointForm(request.POST or None, by=request.user, roles=roles)
    if form.is_bound:
        try:
            if form.is_valid():
                return render(
                    request, "people/appointed.html", _appoint(request, form.cleaned_data)
                )
            if form.names_a_seat:
                form.refuse(objections(partial(_enter, request, form.cleaned_data)))
        except Refused as refusal:
            form.refuse(refusal.reasons)
    context = {"form": form, "key": form_key(request)}
    return render(request, "people/appoint.html", context, status=422 if form.errors else 200)


def _appoint(request: HttpRequest, data: dict) -> dict:
    """Run the act once; what the answer says of it."""
    made: list[tuple[Office, str]] = []

    def run() -> Office:
        made.append(_enter(request, data))
        return made[-1][0]

    sending = once_from(request, "office.appoint", run)
    if made:
        return {"office": made[0][0], "fresh": made[0][1], "code": sending.code}
    known = Office.objects.select_related("person", "unit", "city")
    office = known.get(city=request.city, pk=int(sending.thing.partition(":")[2]))
    return {"office": office, "again": True, "code": sending.code}


def _enter(request: HttpRequest, data: dict) -> tuple[Office, str]:
    """The office, and the first password of somebody who was not known before."""
    person, fresh = Person.objects.filter(city=request.city, login=data["login"]).first(), ""
    if person is None:
        fresh = services.first_password()
        person = services.add_person(
            city_id=request.city.pk, login=data["login"], name=data["name"], password=fresh
        )
    elif data["name"] and data["name"].strip().casefold() != person.name.casefold():
        raise Refused([_belongs(person)])
    office = services.appoint(
        by=request.user,
        person=person,
        role=data["role"],
        unit=data["unit"],
        decree_no=data["decree_no"],
        decree_on=data["decree_on"],
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        acting=data["acting"],
    )
    return office, fresh


def _belongs(person: Person) -> str:
    """A login typed for a new person is somebody's already: whose seat will it be?"""
    return (
        _(
            "Nama masuk ini milik %s. Kosongkan nama bila memang orang itu, atau pilih nama masuk lain."
        )
        % person.name
    )
