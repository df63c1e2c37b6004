"""Who may open which page: every page, every role, in the right and the wrong territory.

The table is the promise. A cell is the answer to GET (or to an empty POST for pages that only take
one): 200 open, 302 sent on, 403 an insider without the right, 404 a stranger, 405 wrong method, 422 a form
that says what is missing. A page that is not in the table fails the second test.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse, set_script_prefix
from django.utils import timezone

from rembug.execution.models import Comment, Receipt, Report
from rembug.execution.tests.paths import bring
from rembug.files.services import store_document, store_image
from rembug.people.models import Act
from rembug.people.rules import ROLE_SEATS
from rembug.people.sending import new_key
from rembug.people.services import appoint
from rembug.planning.models import ActivityPaper, Meeting, MeetingPhoto
from rembug.planning.rules import CostLine, MeetingState, Point
from rembug.planning.services.lists import add_item
from rembug.planning.services.meetings import call_meeting, hold_meeting
from rembug.planning.services.proposals import (
    ActivityDraft,
    save_activity,
    start_proposal,
)
from tests.cast import picture

# Short names of the columns; `far_*` hold an office in the next kelurahan, `kin` is the head of the
# next RT of the same kelurahan, `warga` signs in but holds no office.
PEOPLE = {
    "guest": None,
    "rt": "rt_head",
    "sek": "rt_secretary",
    "rw": "rw_head",
    "pk": "pokmas_head",
    "ps": "pokmas_secretary",
    "pb": "pokmas_treasurer",
    "pw": "pokmas_supervisor",
    "pend": "facilitator",
    "ekb": "ekbang",
    "lur": "lurah",
    "ppk": "ppk",
    "bpp": "treasurer",
    "kec": "kecamatan_team",
    "cam": "camat",
    "bap": "planning_office",
    "opd": "technical_office",
    "bud": "finance_office",
    "pem": "government_office",
    "mon": "monitoring_office",
    "wal": "mayor",
    "insp": "auditor",
    "kin": "other_rt_head",
    "far_rt": "neighbour",
    "far_lur": "neighbour_lurah",
    "far_pk": "far_pokmas_head",
    "warga": "resident",
}
POST_ONLY = {
    "people:logout",
    "planning:meeting_sign",
    "planning:submit",
    "planning:composition",
    "set_language",
}
TABLE = """
page                      guest     rt    sek     rw     pk     ps     pb     pw   pend    ekb    lur    ppk    bpp    kec    cam    bap    opd    bud    pem    mon    wal   insp    kin far_rt far_lur far_pk  warga
public:city                 200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:brand                200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:search               200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:activities           200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:activities_csv       200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:activities_xlsx      200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:activity             200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:comment              200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:unit                 200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:rt                   200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:board                200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:qr                   200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:minutes              200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:minutes_pdf          200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:map                  200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
public:waiting              200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
people:login                200    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302
people:password             302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
people:home                 302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302
people:desk                 302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
people:offices              302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
people:appoint              302    403    403    403    403    403    403    403    403    403    403    403    403    403    200    403    403    403    200    403    403    403    403    403    403    403    403
people:end                  302    403    403    403    404    404    404    404    403    403    403    403    403    403    200    403    403    403    200    403    403    403    404    404    404    404    404
people:rename               302    403    403    403    404    404    404    404    403    403    403    403    403    403    200    403    403    403    200    403    403    403    404    404    404    404    404
people:reset                302    403    403    403    404    404    404    404    403    403    200    403    403    403    200    403    403    403    200    403    403    403    404    404    404    404    404
files:public                404    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
files:thumb                 404    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
files:document              404    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
people:original             302    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
people:confirm              302    404    404    404    404    404    404    404    403    403    403    403    403    403    403    403    403    403    200    403    200    403    404    404    404    404    404
programs:years              302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
programs:open               302    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    403
programs:rules              302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
planning:meetings           302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
planning:meeting_new        302    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    200    403    403    403
planning:meeting            302    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
planning:meeting_change     302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:meeting_cancel     302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:meeting_letter     302    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
planning:meeting_hold       302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:meeting_sign       302    404    404    422    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    422    404    404    404    404
planning:meeting_return     302    404    404    200    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:meeting_pdf        302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404
planning:list               302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
planning:list_add           302    200    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    200    403    403    403
planning:list_item          302    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
planning:proposals          302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
planning:proposal_new       302    200    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    200    403    403    403
planning:recap              302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
planning:proposal           302    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
planning:activity_new       302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:activity_edit      302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:composition        302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    404    404    404    404
planning:submit             302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    403    403    403    403    403    403    403    422    404    404    404    404
planning:verify             302    404    404    200    404    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404
planning:budget             302    404    404    403    404    404    404    404    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    404    404    404    404
planning:budget_many        302    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    403    403    403    403
planning:prices             302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    403
execution:home              302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
execution:pokmas_list       302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
execution:pokmas_new        302    403    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403
execution:pokmas            302    404    404    404    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:pokmas_confirm    302    404    404    404    403    403    403    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    404    404    404    404    404
execution:pokmas_mend       302    404    404    404    403    403    403    403    403    302    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:works             302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200
execution:prepare           302    403    403    403    403    403    403    403    403    302    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:work              302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:contract_sign     302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:contract_pdf      302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:tranche           302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:waive             302    403    403    403    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:spj               302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:report_new        302    403    403    403    200    200    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:report            302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:receipts          302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:receipt_new       302    403    403    403    200    200    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:receipt_tax       302    403    403    403    200    200    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:receipt_void      302    403    403    403    200    200    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:tax               302    403    403    403    403    403    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:inspect           302    403    403    403    403    403    403    200    403    403    403    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:bahp_pdf          302    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404
execution:handover          302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:bast_pdf          302    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404    404
execution:close             302    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    200    404    404    404    404    404
execution:hold              302    403    403    403    403    403    403    403    403    403    200    403    403    200    403    403    403    403    403    200    403    403    404    404    404    404    404
execution:end               302    403    403    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    403    403    403    403    404    404    404    404    404
execution:year              302    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    403    200    403    403    403    403    403    403    403    403
execution:comment_answer    302    403    403    403    200    403    403    403    200    200    200    403    403    403    200    403    403    403    403    200    403    403    404    404    404    404    404
set_language                302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302
people:logout               302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302    302
"""  # noqa: E501


@pytest.fixture
def world(cast, prices):
    """One thing of each kind: a meeting, a wish, a proposal at the RW, a running work, a comment."""
    work = bring(cast, "spent_1")
    far = cast.add("far_pokmas_head", ("pokmas_head", cast.units["99.71.01.1002"], 99))
    assert far
    meeting = call_meeting(
        by=cast.other_rt_head,
        unit=cast.rt2,
        year=cast.year.year,
        title="Rembug",
        place="Balai",
        when=timezone.now(),
    )
    wish = add_item(
        by=cast.other_rt_head,
        unit=cast.rt2,
        year=cast.year.year,
        field="infra",
        title="Paving",
        reason="Sudah lama ditunggu",
        cost=32_000_000,
    )
    proposal = start_proposal(by=cast.other_rt_head, unit=cast.rt2, program_year=cast.year)
    item = prices["Paving K-175"]
    activity = save_activity(
        by=cast.other_rt_head,
        proposal=proposal,
        draft=ActivityDraft("infra", "Paving Gang Melati", volume="400 m2", plan_item=wish),
        lines=[CostLine(item.name, item.unit, item.group, 400_000, 80_000, 80_000, item.pk)],
    )
    stored = store_image(cast.city, picture(seed=9))
    MeetingPhoto.objects.create(city=cast.city, meeting=meeting, file=stored.file)
    paper = store_document(cast.city, SimpleUploadedFile("izin.pdf", b"%PDF-1.4"))
    ActivityPaper.objects.create(city=cast.city, activity=activity, code="izin", file=paper)
    decree = appoint(
        by=cast.camat,
        person=cast.add("ppk_baru"),
        role="ppk",
        unit=cast.kelurahan,
        decree_no="821/3",
        decree_on=timezone.localdate(),
        starts_on=timezone.localdate(),
    )
    comment = Comment.objects.create(
        city=cast.city,
        activity=work.activity,
        text="Kapan selesai?",
        at=timezone.now(),
        due_on=timezone.localdate(),
    )
    return {
        "meeting": meeting.pk,
        "signed": signed_minutes(cast),
        "wish": wish.pk,
        "proposal": proposal.pk,
        "activity": activity.pk,
        "work": work.pk,
        "done": work.activity_id,
        "pokmas": work.pokmas_id,
        "report": Report.objects.filter(work=work).first().pk,
        "receipt": Receipt.objects.filter(work=work).first().pk,
        "comment": comment.pk,
        "rules": cast.year.rule_set_id,
        "year": cast.year.pk,
        "rt": cast.rt.code,
        "kelurahan": cast.kelurahan.code,
        "sha": stored.file.sha256,
        "paper": paper.sha256,
        "decree": decree.pk,
        "office": cast.rt_head.offices.get().pk,
    }


def signed_minutes(cast) -> int:
    """Minutes that all have signed, of an earlier meeting."""
    told = {"title": "Rembug lama", "place": "Balai", "when": timezone.now() - timedelta(days=9)}
    meeting = call_meeting(by=cast.other_rt_head, unit=cast.rt2, year=cast.year.year, **told)
    point = Point("infra", "Paving Gang Melati", "decided", "400 m2", 32_000_000)
    hold_meeting(by=cast.other_rt_head, meeting=meeting, men=2, women=1, points=[point])
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.SIGNED)
    return meeting.pk


# page: the arguments of its address, by the names of `world`.
ARGUMENTS = {
    "public:activity": ["done"],
    "public:comment": ["done"],
    "public:unit": ["kelurahan"],
    "public:rt": ["rt"],
    "public:board": ["rt"],
    "public:qr": ["rt"],
    "public:minutes": ["signed"],
    "public:minutes_pdf": ["signed"],
    "people:end": ["office"],
    "people:confirm": ["decree"],
    "people:rename": ["office"],
    "people:reset": ["office"],
    "files:public": ["sha"],
    "files:thumb": ["sha"],
    "people:original": ["sha"],
    "files:document": ["paper"],
    "programs:rules": ["rules"],
    "planning:meeting": ["meeting"],
    "planning:meeting_change": ["meeting"],
    "planning:meeting_cancel": ["meeting"],
    "planning:meeting_letter": ["meeting"],
    "planning:meeting_hold": ["meeting"],
    "planning:meeting_sign": ["meeting"],
    "planning:meeting_return": ["meeting"],
    "planning:meeting_pdf": ["meeting"],
    "planning:list_item": ["wish"],
    "planning:proposal": ["proposal"],
    "planning:activity_new": ["proposal"],
    "planning:activity_edit": ["proposal", "activity"],
    "planning:composition": ["proposal"],
    "planning:submit": ["proposal"],
    "planning:verify": ["proposal"],
    "planning:budget": ["proposal"],
    "execution:pokmas": ["pokmas"],
    "execution:pokmas_confirm": ["pokmas"],
    "execution:pokmas_mend": ["pokmas"],
    "execution:prepare": ["done"],
    "execution:tranche": ["work", 1],
    "execution:waive": ["work", 1],
    "execution:spj": ["work", 1],
    "execution:report": ["report"],
    "execution:receipt_void": ["receipt"],
    "execution:comment_answer": ["comment"],
    "execution:year": ["year"],
}
WORK_PAGES = (
    "work contract_sign contract_pdf report_new receipts receipt_new receipt_tax tax inspect bahp_pdf "
    "handover bast_pdf close hold end"
)
ARGUMENTS |= {f"execution:{name}": ["work"] for name in WORK_PAGES.split()}


def pages() -> dict[str, str]:
    """Every named page of a city, with its pattern."""
    found = {}

    def walk(resolver, space):
        for part in resolver.url_patterns:
            if hasattr(part, "url_patterns"):
                walk(part, part.namespace or space)
            else:
                found[f"{space}:{part.name}" if space else str(part.name)] = str(part.pattern)

    walk(get_resolver("rembug.city_urls"), "")
    return found


def address(page: str, world: dict) -> str:
    set_script_prefix("/uji/")
    try:
        arguments = [world.get(name, name) for name in ARGUMENTS.get(page, [])]
        return reverse(page, args=arguments, urlconf="rembug.city_urls")
    finally:
        set_script_prefix("/")


def table() -> dict[str, dict[str, int]]:
    """The promise, read from TABLE: page -> column -> status."""
    rows = [line.split() for line in TABLE.strip().splitlines()]
    columns = rows[0][1:] if rows else []
    return {row[0]: dict(zip(columns, map(int, row[1:]), strict=True)) for row in rows[1:]}


def answer(client, page: str, url: str) -> int:
    if page in POST_ONLY:
        return client.post(url, {"key": new_key()}).status_code
    return client.get(url).status_code


def test_every_page_is_in_the_table():
    assert set(pages()) == set(table())
    assert set(PEOPLE) == set(next(iter(table().values())))


def test_every_role_is_in_the_table():
    assert set(ROLE_SEATS) <= set(PEOPLE.values())


def test_everybody_sees_what_they_may_and_nothing_else(client, cast, world, settings):
    promised, found = table(), {}
    for column, name in PEOPLE.items():
        if name:
            client.force_login(cast.people[name], backend="rembug.people.login.CityBackend")
        # Signing out comes last: it would make a visitor of everybody after it.
        for page in sorted(pages(), key=lambda page: page == "people:logout"):
            found.setdefault(page, {})[column] = answer(client, page, address(page, world))
    wrong = {page: row for page, row in found.items() if row != promised.get(page)}
    assert wrong == {}, "\n" + rendered(wrong)


def rendered(rows: dict) -> str:
    """Rows as the table writes them, for reading and, once judged right, for pasting."""
    head = f"{'page':25}" + " ".join(f"{name:>6}" for name in PEOPLE)
    lines = [
        f"{page:25}" + " ".join(f"{row[name]:>6}" for name in PEOPLE) for page, row in rows.items()
    ]
    return "\n".join([head, *lines])


def test_an_empty_post_changes_nothing(client, cast, world):
    """Whoever presses a button without having filled anything in changes nothing, with or without right."""
    before = Act.objects.count()
    for name in ("neighbour", "resident", "ekbang", "rt_head", "pokmas_head"):
        client.force_login(cast.people[name], backend="rembug.people.login.CityBackend")
        for page in pages():
            if page not in ("people:logout", "set_language", "people:login"):
                assert client.post(address(page, world)).status_code < 500, (name, page)
    assert Act.objects.count() == before


def test_a_first_password_opens_nothing(client, cast, world):
    """Whoever has not chosen a password sees what a visitor sees; all else leads to choosing one."""
    insider = cast.people["government_office"]
    insider.must_change_password = True
    insider.save()
    client.force_login(insider, backend="rembug.people.login.CityBackend")
    reachable = {"people:password": 200, "people:login": 302, "set_language": 302}
    before = Act.objects.count()
    for page, row in table().items():
        if page == "people:logout":
            continue
        url = address(page, world)
        if page in reachable or row["guest"] != 302:
            assert answer(client, page, url) == reachable.get(page, row["guest"]), page
            continue
        for sent_on in (client.get(url), client.post(url, {"key": new_key()})):
            assert sent_on.status_code == 302, page
            assert sent_on.headers["Location"].startswith("/uji/sandi/?next="), page
    assert Act.objects.count() == before


def test_a_person_of_another_city_is_a_visitor(client, cast, world):
    from django_scopes import scope

    from rembug.people.models import Office, Person
    from rembug.regions.models import Unit
    from tests.cast import make_city

    other = make_city("98.71", "lain", "Lain")
    with scope(city=other):
        top = Unit.objects.create(city=other, code="98.71", kind="city", name="Lain")
        person = Person.objects.create(city=other, login="wali", name="Wali", password="!")
        day = timezone.localdate()
        Office.objects.create(
            city=other,
            person=person,
            role="auditor",
            unit=top,
            decree_no="1",
            decree_on=day,
            starts_on=day,
        )
    client.force_login(person, backend="rembug.people.login.CityBackend")
    guest = {page: row["guest"] for page, row in table().items()}
    for page in pages():
        if page != "people:logout":
            assert answer(client, page, address(page, world)) == guest[page], page
