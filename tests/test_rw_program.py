"""A city whose money is held by the RW needs no line of code: its folder is loaded, and an RW plans."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.files.services import store_document, store_image
from rembug.integrity.checks import run
from rembug.ledger.reading import balance
from rembug.people.authority import holders_at, seat_title
from rembug.people.desk import inbox
from rembug.people.models import Office, Person
from rembug.people.sending import new_key
from rembug.planning.models import Activity, Meeting, PlanItem, Proposal
from rembug.planning.rules import CostLine, MeetingState, Point, ProposalState, Stage
from rembug.planning.services.budget import budget_proposal
from rembug.planning.services.lists import take_decisions
from rembug.planning.services.meetings import call_meeting, hold_meeting, sign_minutes
from rembug.planning.services.proposals import (
    ActivityDraft,
    remove_activity,
    save_activity,
    start_proposal,
    submit_proposal,
)
from rembug.planning.services.verification import pass_proposal
from rembug.programs.models import Program
from rembug.programs.services import open_year
from rembug.programs.tests.conftest import FILES, Pack
from rembug.public.waiting import owners
from rembug.regions.models import City, Unit
from tests.cast import picture

HERE = "99.72.01.1001"
RW, OTHER_RW, RT = HERE + ".001", "99.72.01.1002.001", HERE + ".001.001"
SEATS = {
    "rw": ("rw_head", RW),
    "other_rw": ("rw_head", OTHER_RW),
    "rt": ("rt_head", RT),
    "lurah": ("lurah", HERE),
    "ekbang": ("ekbang", HERE),
    "planner": ("planning_office", "99.72"),
    "opener": ("government_office", "99.72"),
}


@pytest.fixture
def pack(tmp_path) -> Pack:
    made = Pack(tmp_path / "andai")
    made.edit("program/dana-rw.toml", 'level = "rt"', 'level = "rw"')
    return made


class Town:
    """The loaded city with a year open for the RT and one for the RW, and its people."""

    def __init__(self, pack: Pack):
        self.year = timezone.localdate().year
        pack.write(f"harga/{self.year}.csv", FILES["harga/2026.csv"])
        pack.load()
        self.city = City.objects.get(slug="andai")
        self.people: dict[str, Person] = {}
        with scope(city=self.city):
            for name, (role, code) in SEATS.items():
                self.people[name] = self.person(name, role, self.unit(code))
            self.rw_year, self.rt_year = (
                open_year(
                    by=self.people["opener"],
                    program=Program.objects.get(code=code),
                    year=self.year,
                    basis_no="Perwali Andai 1/2026",
                    basis_on=timezone.localdate(),
                    basis_file=store_document(self.city, picture(seed=1)),
                )
                for code in ("dana-rw", "dana-rt")
            )

    def person(self, name: str, role: str, unit: Unit) -> Person:
        day = timezone.localdate() - timedelta(days=30)
        made = Person.objects.create(city=self.city, login=name, name=name.title(), password="!")
        Office.objects.create(
            city=self.city,
            person=made,
            role=role,
            unit=unit,
            decree_no="1/2026",
            decree_on=day,
            starts_on=day,
        )
        return made

    def unit(self, code: str) -> Unit:
        return Unit.objects.select_related("city").get(code=code)

    def __getattr__(self, name: str) -> Person:
        return self.people[name]


@pytest.fixture
def town(db, pack) -> Town:
    made = Town(pack)
    with scope(city=made.city):
        yield made


@pytest.fixture
def go(client, town):
    """Open or send a page of the city as somebody."""

    def to(name, path, data=None):
        client.force_login(town.people[name], backend="rembug.people.login.CityBackend")
        url = f"/andai/{path}"
        return client.get(url) if data is None else client.post(url, {"key": new_key(), **data})

    return to


def met(town: Town) -> Meeting:
    """The RW's meeting, called, recorded by its head, signed by him and the lurah."""
    rw = town.unit(RW)
    meeting = call_meeting(
        by=town.rw,
        unit=rw,
        year=town.year,
        title="Rembug RW",
        place="Balai RW",
        when=timezone.now() - timedelta(hours=3),
    )
    points = [Point("infra", "Talud sungai", "decided", "40 m", 60_000_000)]
    seen = [store_image(town.city, picture(seed=2)).file]
    meeting = hold_meeting(by=town.rw, meeting=meeting, men=9, women=9, points=points, photos=seen)
    for who in ("rw", "lurah"):
        meeting = sign_minutes(by=town.people[who], meeting=meeting, version=meeting.version)
    return meeting


def proposed(town: Town) -> Proposal:
    """The RW's proposal of one activity, taken from its list, on the first desk."""
    meeting = met(town)
    item = meeting.items.get()
    take_decisions(by=town.rw, meeting=meeting, years={item.pk: town.year})
    proposal = start_proposal(by=town.rw, unit=town.unit(RW), program_year=town.rw_year)
    quotes = "Toko A 60 jt; Toko B 61 jt; Toko C 62 jt"
    save_activity(
        by=town.rw,
        proposal=proposal,
        draft=ActivityDraft("infra", "Talud sungai", plan_item=PlanItem.objects.get()),
        lines=[CostLine("Talud", "ls", "jasa", 1_000, 60_000_000, quotes=quotes)],
    )
    return submit_proposal(by=town.rw, proposal=proposal)


def test_an_rw_walks_from_its_meeting_to_the_budget(town, go):
    """Its minutes, its list, its money; the desk of the RW itself is not among those that verify."""
    proposal = proposed(town)
    assert proposal.meeting.state == MeetingState.SIGNED
    assert [item.act for item in inbox(town.ekbang)] == ["proposal.verify.kelurahan"]
    for who in ("ekbang", "planner"):
        proposal = pass_proposal(by=town.people[who], proposal=proposal)
    assert proposal.state == ProposalState.VERIFIED
    budget_proposal(by=town.planner, proposal=proposal, document="DPA/RW/1")
    row, rw = Activity.objects.get(), town.unit(RW)
    assert row.stage == Stage.BUDGETED
    assert balance(town.rw_year.fund, "reserved", rw, row.pk) == 60_000_000
    assert balance(town.rw_year.fund, "available", rw) == 40_000_000
    assert {check.name: found for check, found in run(town.city) if found} == {}
    # Everybody sees it, under the name of the RW.
    for path in (f"kegiatan/{row.pk}/", "kegiatan/", f"wilayah/{RW}/", "", "kegiatan/unduh.csv"):
        page = go("other_rw", path)
        assert page.status_code == 200, path
        if path:
            assert b"Talud sungai" in page.getvalue(), path
    shown = go("rt", f"kegiatan/{row.pk}/").content.decode()
    assert f"/andai/wilayah/{RW}/" in shown and "RW 01" in shown
    assert go("ekbang", f"pekerjaan/siapkan/{row.pk}/").status_code in (200, 302)
    for who in SEATS:
        assert go(who, "rumah/").status_code == 200


def test_the_pages_of_the_phone_serve_an_rw(town, go):
    """The head of the RW finds on the phone what the head of an RT finds there."""
    day = timezone.localdate().isoformat()
    data = {"title": "Rembug RW", "day": day, "clock": "00.05", "place": "Balai", "year": town.year}
    assert go("rw", "rembug/baru/").status_code == 200
    assert go("rw", "rembug/baru/", data).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.unit.code == RW
    assert "Catat hasil rembug" in go("rw", "rumah/").content.decode()
    assert "Catat hasil rembug" in go("rw", f"rembug/{meeting.pk}/").content.decode()
    assert go("rw", f"rembug/{meeting.pk}/catat/").status_code == 200
    assert go("rt", f"rembug/{meeting.pk}/").status_code == 404
    assert "Mulai usulan" in go("rw", "usulan/").content.decode()
    start = go("rw", "usulan/baru/").content.decode()
    assert "Dana RW" in start and "Dana RT" not in start and "Rp100.000.000" in start
    assert go("rw", "usulan/baru/", {"year": town.rw_year.pk}).status_code == 302
    assert Proposal.objects.get().unit.code == RW
    for path in (
        "daftar/",
        "daftar/?pilih=1",
        f"daftar/?rt={RT}",
        "daftar/tambah/",
        "usulan/rekap/",
    ):
        assert go("rw", path).status_code == 200, path
    held = met(town)
    assert "Ketua RW" in go("lurah", f"rembug/{held.pk}/").content.decode()
    assert go("lurah", f"rembug/{held.pk}/notulen.pdf").status_code == 200


def test_what_waits_names_the_office_of_that_place(town, go):
    """An RT's matter waits for the RT alone, an RW's for the head of the RW, also in public."""
    rw, rt = town.unit(RW), town.unit(RT)
    assert owners("meeting.hold", town.city, "rt") == "Ketua RT, Sekretaris RT"
    assert owners("meeting.hold", town.city, "rw") == "Ketua RW"
    assert {one.role for one in holders_at("meeting.hold", rt)} == {"rt_head"}
    assert {one.role for one in holders_at("meeting.hold", rw)} == {"rw_head"}
    assert seat_title("meeting.hold", town.city) == "Ketua RT"
    assert seat_title("meeting.hold", town.city, "rw") == "Ketua RW"
    start_proposal(by=town.rt, unit=rt, program_year=town.rt_year)
    assert not inbox(town.rw).exists()
    town.rt.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    page = go("rw", f"wilayah/{RW}/").content.decode()
    assert "Jabatan kosong" in page and page.count("Ketua RT") >= 1


def test_the_lurah_is_asked_to_sign_on_the_page(town, go):
    meeting = met(town)
    Meeting.objects.update(state=MeetingState.HELD)
    meeting.signatures.filter(role="kelurahan").delete()
    assert "Tandatangani sebagai Lurah" in go("lurah", f"rembug/{meeting.pk}/").content.decode()


def test_the_head_of_an_rw_does_not_plan_for_its_rt(town):
    """The right to plan ends at one's own unit; reading does not."""
    rt = town.unit(RT)
    told = {"year": town.year, "title": "x", "place": "y", "when": timezone.now()}
    with pytest.raises(PermissionDenied):
        call_meeting(by=town.rw, unit=rt, **told)
    with pytest.raises(PermissionDenied):
        start_proposal(by=town.rw, unit=rt, program_year=town.rt_year)
    theirs = start_proposal(by=town.rt, unit=rt, program_year=town.rt_year)
    draft, lines = ActivityDraft("infra", "x", off_list_reason="Mendesak sekali"), []
    row = save_activity(by=town.rt, proposal=theirs, draft=draft, lines=lines)
    for act in (
        lambda: save_activity(by=town.rw, proposal=theirs, draft=draft, lines=lines),
        lambda: remove_activity(by=town.rw, activity=row),
        lambda: submit_proposal(by=town.rw, proposal=theirs),
    ):
        with pytest.raises(PermissionDenied):
            act()
    for who in ("other_rw", "rt"):
        with pytest.raises(PermissionDenied):
            call_meeting(by=town.people[who], unit=town.unit(RW), **told)


def test_the_money_of_the_rt_is_not_the_rw_s_to_ask_for(town):
    """An RW sums up the ceilings of its RT in the books; it still cannot propose for them."""
    with pytest.raises(Refused, match="dipegang RT"):
        start_proposal(by=town.rw, unit=town.unit(RW), program_year=town.rt_year)
    with pytest.raises(Refused, match="dipegang RW"):
        start_proposal(by=town.rt, unit=town.unit(RT), program_year=town.rw_year)


def test_a_city_that_lets_the_rw_judge_itself_is_refused(pack):
    pack.edit(
        "program/dana-rw.toml",
        'proposal_steps = [{ key = "kelurahan", days = 3 }',
        'proposal_steps = [{ key = "rw", days = 3 }, { key = "kelurahan", days = 3 }',
    )
    assert any("pengusul tidak memeriksa" in line for line in pack.faults())


def test_without_such_a_programme_an_rw_plans_nothing(cast, client, sign_in):
    told = {"year": cast.year.year, "title": "x", "place": "y", "when": timezone.now()}
    with pytest.raises(PermissionDenied):
        call_meeting(by=cast.rw_head, unit=cast.rw, **told)
    with pytest.raises(PermissionDenied):
        start_proposal(by=cast.rw_head, unit=cast.rw, program_year=cast.year)
    sign_in(cast.rw_head)
    assert client.get("/uji/rembug/baru/").status_code == 403
