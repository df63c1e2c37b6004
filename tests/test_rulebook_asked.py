"""Everything a city may set is asked by some act, or is there for people to read.

While a story of acts runs, every reading of a setting is noted with the module that reads it. A setting
that no act reads and that nobody promised to show fails here: it would be data without effect. Reading
by the checks of the book itself, by the comparison of two books, or by tests does not count.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Report
from rembug.execution.services.closing import receive_work
from rembug.execution.services.comments import add_comment
from rembug.execution.services.receipts import submit_spj, verify_spj
from rembug.execution.services.reports import submit_report
from rembug.execution.services.tranches import verify_tranche
from rembug.execution.services.yearend import end_work
from rembug.execution.tests.paths import (
    bring,
    budgeted,
    fresh,
    pay,
    prepare,
    shot,
    spend,
    the_pokmas,
    tranche,
)
from rembug.files.services import store_document
from rembug.planning.rules import Attendee, CostLine, Point
from rembug.planning.services.lists import add_item
from rembug.planning.services.meetings import call_meeting, hold_meeting, sign_minutes
from rembug.planning.services.proposals import (
    ActivityDraft,
    save_activity,
    start_proposal,
    state_reasons,
    submit_proposal,
)
from rembug.planning.services.verification import pass_proposal
from rembug.programs.models import PriceItem, Program, RuleSet
from rembug.programs.national import national
from rembug.programs.rulebook import RuleBook
from rembug.programs.services import open_year
from rembug.programs.tests.test_format import parts
from rembug.programs.tests.test_open_year import pdf
from tests.cast import BOOK

# Settings that are there for people to read: they stand on the page of the rules.
READ_BY_PEOPLE = {
    ("Field", "icon"),
    ("Field", "note"),
    ("Group", "note"),
    ("Paper", "note"),
    ("RuleBook", "note"),
    ("Step", "title"),
    ("Tax", "title"),
    ("Tax", "note"),
    ("Meeting", "quorum_percent"),
}
# Settings that only hold the book together, with the reason.
HOLD_TOGETHER = {
    ("CalendarEntry", "key"): "names the window, so that no two are one",
    ("CeilingTier", "min"): "must follow on the tier before; the upper end decides",
    ("Purchase", "exempt"): "says why no rate is taken, so that none is forgotten",
    ("Purchase", "title"): "is what the form of a receipt calls the kind",
    ("Tax", "code"): "names the rate, so that one day has one",
}
# A table of the book made once: who looks something up in it reads these.
LOOKUPS = {
    "paper_of": {("RuleBook", "papers"), ("Paper", "code")},
    "item_of": {("RuleBook", "items"), ("Item", "code")},
    "purchase_of": {("RuleBook", "purchases"), ("Purchase", "code")},
    "field_of": {("RuleBook", "fields"), ("Field", "code")},
}
# Modules whose reading is no asking: they look at the book, not at what somebody does.
ONLOOKERS = (
    "rembug.programs.bookchecks",
    "rembug.programs.typed",
    "rembug.programs.differences",
    "rembug.programs.pack",
    "rembug.demo",
    "rembug.public",
)
PASSED_THROUGH = ("rembug.programs.rulebook", "functools", "dataclasses", __name__)
PARTS = {cls.__name__: cls for cls in parts(RuleBook)}
SETTINGS = {(name, each.name) for name, cls in PARTS.items() for each in fields(cls)}


def _reader() -> str:
    """The module that asked the book, past the book's own methods."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals["__name__"] in PASSED_THROUGH:
        frame = frame.f_back
    return frame.f_globals["__name__"]


@pytest.fixture
def readings(monkeypatch) -> set[tuple[str, str, str]]:
    """(part of the book, setting, module) of every reading while the test runs."""
    seen: set[tuple[str, str, str]] = set()

    def spy(cls):
        own = {each.name for each in fields(cls)}

        def read(self, name):
            if name in own:
                seen.add((cls.__name__, name, _reader()))
            elif name in LOOKUPS and cls is RuleBook:
                module = _reader()
                seen.update((part, each, module) for part, each in LOOKUPS[name])
            return object.__getattribute__(self, name)

        return read

    for cls in PARTS.values():
        monkeypatch.setattr(cls, "__getattribute__", spy(cls), raising=False)
    return seen


def _no_onlooker(module: str) -> bool:
    return not module.startswith(ONLOOKERS) and "tests" not in module.split(".")


def asked(readings) -> set[tuple[str, str]]:
    """What acts and their rules read."""
    rooms = {
        "services",
        "rules",
        "gates",
        "permissions",
        "withholding",
        "review",
        "kinds",
        "phases",
        "tax",
        "books",
    }
    return {
        (part, name)
        for part, name, module in readings
        if module.startswith("rembug.") and _no_onlooker(module) and rooms & set(module.split("."))
    }


NOW = timezone.localdate()
RICH = BOOK | {
    "ceiling": {"kind": "by_households", "tiers": [{"min": 0, "amount": 50_000_000}]},
    "fields": [
        *BOOK["fields"],
        {"code": "art", "title": "Seni", "icon": "b-sos", "required": True},
    ],
    "groups": [
        {"title": "Dua", "fields": ["social", "economy"], "min_percent": 1, "max_percent": 40}
    ],
    "items": [
        {
            "code": "paket",
            "field": "social",
            "title": "Paket",
            "number": "siswa",
            "min_number": 2,
            "max_number": 3,
            "min_each": 5,
            "max_each": 9,
            "min_amount": 10,
            "max_amount": 20,
            "words": ["paket"],
            "allows": ["tunai"],
            "needs": ["surat"],
        },
        {
            "code": "wajib",
            "field": "social",
            "title": "Wajib",
            "mandatory": True,
            "exempt_by": "surat",
        },
        {"code": "tunai", "title": "Tunai", "forbidden": "Tidak boleh.", "words": ["tunai"]},
    ],
    "reminders": [{"sentence": "Ingat.", "words": ["paving"]}],
    "share_waiver": "surat",
    "papers": [{"code": "surat", "title": "surat pernyataan"}],
    "required": {one: ["surat"] for one in ("contract", "tranche", "spj", "handover")},
    "taxes": [
        {
            "code": "pph22",
            "kind": "pph22",
            "title": "PPh 22",
            "percent": 1.5,
            "above": 1000,
            "groups": ["bahan"],
            "valid_from": "2020-01-01",
        },
        {"code": "ppn", "kind": "ppn", "title": "PPN", "percent": 11, "valid_from": "2020-01-01"},
    ],
    "calendar": [
        {
            "key": phase,
            "title": phase,
            "start": "01-01",
            "end": "12-31",
            "year_offset": 0,
            "phase": phase,
            "outside": "refuse",
        }
        for phase in ("meeting", "proposal", "contract", "payment", "final_report", "spj")
    ]
    + [
        {
            "key": "over",
            "title": "Masa periksa",
            "start": "01-01",
            "end": "01-02",
            "year_offset": -1,
            "phase": "verification",
            "outside": "refuse",
        }
    ],
}


def refused(act) -> None:
    """Run an act that may be refused: how it asks is what counts here."""
    try:
        act()
    except Refused:
        pass


def _open_another_year(cast) -> None:
    program = Program.objects.create(city=cast.city, code="kedua", name="Kedua", level="rt")
    RuleSet.objects.create(
        city=cast.city,
        program=program,
        version="A",
        first_year=NOW.year,
        citation="Perwali",
        book=RICH | {"ceiling": {"kind": "flat", "amount": 1_000_000}},
        digest="a" * 64,
    )
    open_year(
        by=cast.government_office,
        program=program,
        year=NOW.year,
        basis_no="1/2026",
        basis_on=NOW,
        basis_file=store_document(cast.city, pdf()),
    )
    rules = RuleSet.objects.get(program=program)
    rules.pk, rules.version, rules.book = None, "B", RICH
    rules.first_year = rules.last_year = NOW.year + 1
    RuleSet.objects.filter(program=program).update(last_year=NOW.year)
    rules.save()
    open_year(
        by=cast.government_office,
        program=program,
        year=NOW.year + 1,
        basis_no="1/2026",
        basis_on=NOW,
        basis_file=store_document(cast.city, pdf()),
    )


def _plan(cast) -> None:
    """A meeting, the list, and a proposal that breaks every kind of rule once."""
    meeting = call_meeting(
        by=cast.rt_head,
        unit=cast.rt2.__class__.objects.get(pk=cast.rt.pk),
        year=cast.year.year,
        title="Rembug",
        place="Balai",
        when=timezone.now() - timedelta(hours=1),
    )
    point = Point("infra", "Paving", "decided")
    names = [Attendee("Budi", "m"), Attendee("Tono", "m"), Attendee("Siti", "f")]
    meeting = hold_meeting(
        by=cast.rt_secretary, meeting=meeting, men=2, women=1, names=names, points=[point]
    )
    for signer in (cast.rt_head, cast.rt_secretary, cast.rw_head):
        meeting = sign_minutes(by=signer, meeting=meeting, version=meeting.version)
    year = cast.year.year
    add_item(
        by=cast.rt_head, unit=cast.rt, year=year, field="infra", title="Paving", meeting=meeting
    )
    proposal = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    for field, name, kind, number in (
        ("social", "Paket dan sembako", "paket", 2),
        ("infra", "Paving tunai", "", 0),
        ("social", "Lain-lain", "lain", 0),
    ):
        save_activity(
            by=cast.rt_head,
            proposal=proposal,
            draft=ActivityDraft(
                field, name, kind=kind, kind_number=number, off_list_reason="Diminta warga"
            ),
            lines=[CostLine(name, "m2", "bahan", 1000, 31_000_000, quotes="A 1; B 2; C 3")],
        )
    paving = PriceItem.objects.get(name="Paving K-175")
    for price in (90_000, 1_000):
        line = CostLine("Paving", "m2", "bahan", 1000, price, item_id=paving.pk)
        draft = ActivityDraft("infra", "Paving", off_list_reason="Diminta warga")
        try_saving = partial(
            save_activity, by=cast.rt_head, proposal=proposal, draft=draft, lines=[line]
        )
        refused(try_saving)
    refused(lambda: submit_proposal(by=cast.rt_head, proposal=proposal))
    stated = state_reasons(
        by=cast.rt_head, proposal=proposal, statements={"surat": "Sudah lengkap semua"}
    )
    refused(lambda: submit_proposal(by=cast.rt_head, proposal=stated))


def _send_and_pass(cast) -> None:
    """A proposal of a bare book is sent and passed: its desks and their terms are asked."""
    activity = budgeted(cast, unit=cast.rt2)
    proposal = activity.proposal
    type(proposal).objects.filter(pk=proposal.pk).update(state="submitted", tier="rw")
    proposal = type(proposal).objects.get(pk=proposal.pk)
    refused(lambda: pass_proposal(by=cast.rw_head, proposal=proposal))
    rules = cast.year.rule_set
    rules.book = RICH | {"calendar": []}
    rules.save()
    proposal = type(proposal).objects.get(pk=proposal.pk)
    pass_proposal(by=cast.rw_head, proposal=proposal)


def _carry_out(cast) -> None:
    """From the contract to the handover, under rules that ask for every paper."""
    rules = cast.year.rule_set
    rules.book = RICH | {"required": {}}
    rules.save()
    group = the_pokmas(cast)
    large = {"min_members": 9, "max_members": 9, "article": "pasal 8"}
    rules.book = RICH | {"required": {}, "pokmas": large}
    rules.save()
    refused(lambda: prepare(cast, budgeted(cast, name="Ramai"), pokmas=group))
    rules.book = RICH | {"required": {}}
    rules.save()
    work = bring(cast, "reported_0")
    work.activity.kind = "paket"
    work.activity.save()
    refused(
        lambda: submit_report(
            by=cast.pokmas_head,
            work=fresh(work),
            percent=50,
            seen_on=NOW,
            note="Separuh jalan.",
            shots=[shot(cast, point) for point in work.points.all()],
        )
    )
    Report.objects.filter(percent=50).delete()
    pay(cast, work, 1, upto="billed")
    rules.book = RICH
    rules.save()
    row = tranche(work, 1)
    refused(lambda: verify_tranche(by=cast.ppk, tranche=row))
    verify_tranche(by=cast.ppk, tranche=row, papers=["surat"])
    pay(cast, work, 1)
    refused(lambda: spend(cast, work, 2_000_000, group="bahan", ppn=True))
    refused(lambda: submit_spj(by=cast.pokmas_head, tranche=tranche(work, 1)))
    type(row).objects.filter(pk=row.pk).update(state="reported")
    refused(lambda: verify_spj(by=cast.ppk, tranche=tranche(work, 1)))
    _buy_and_end(cast)
    type(work).objects.filter(pk=work.pk).update(state="offered")
    refused(lambda: receive_work(by=cast.lurah, work=fresh(work), number="1/2026"))
    add_comment(
        activity=work.activity,
        name="Warga",
        text="Terima kasih, gangnya rata.",
        matches=True,
        key="k" * 22,
    )


def _buy_and_end(cast) -> None:
    """What is bought by kind, measured short, and what the end of the year does with the rest."""
    rules, kept = cast.year.rule_set, cast.year.rule_set.book
    rules.book = BOOK | national()
    rules.save()
    bought = bring(cast, "received_1", name="Saluran Gang Mawar")
    shop = {"seller": "company", "npwp": True}
    spend(cast, bought, 250_000, group="barang", **shop)
    # Without a kind of its own it is what its cost line usually is.
    spend(cast, bought, 100_000, line=bought.activity.lines.first(), group="", **shop)
    rules.book = BOOK
    rules.save()
    bring(cast, "inspected", name="Talud Gang Kenanga")
    end_work(
        by=cast.lurah,
        work=fresh(bought),
        why="Tahun anggaran sudah berakhir.",
        at=timezone.make_aware(datetime(cast.year.year + 1, 1, 15, 9)),
    )
    rules.book = kept
    rules.save()


STORIES = (_open_another_year, _plan, _send_and_pass, _carry_out)


@pytest.mark.fault("item-22")
def test_every_setting_of_the_rulebook_is_asked_by_an_act_or_read_by_people(
    cast, prices, readings, sign_in
):
    rules = cast.year.rule_set
    rules.book, rules.digest = RICH, "r" * 64
    rules.save()
    for story in STORIES:
        story(cast)
    found = asked(readings)
    missing = SETTINGS - found - READ_BY_PEOPLE - HOLD_TOGETHER.keys()
    assert not missing, " ".join(f"{part}.{name}" for part, name in sorted(missing))
    assert READ_BY_PEOPLE | HOLD_TOGETHER.keys() <= SETTINGS
    readings.clear()
    client = sign_in(cast.government_office)
    assert client.get(f"/uji/aturan/{rules.pk}/").status_code == 200
    shown = {(part, name) for part, name, module in readings if _no_onlooker(module)}
    assert sorted(READ_BY_PEOPLE - shown) == []
