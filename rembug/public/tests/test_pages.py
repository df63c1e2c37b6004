"""The open pages by status and words, their queries, and what must never be on them."""

import ast
import io
import zipfile
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from rembug.core.rupiah import show
from rembug.core.words import SHORT_MONTHS
from rembug.execution.models import Comment, Receipt
from rembug.execution.tests.paths import STATES, bring
from rembug.ledger.models import Balance
from rembug.people.acts import record
from rembug.people.desk import open_item
from rembug.people.models import DeskItem
from rembug.people.rules import ROLES
from rembug.planning.models import (
    Activity,
    Meeting,
    MeetingItem,
    PlanItem,
    Proposal,
    RabLine,
    Signature,
)
from rembug.public.listing import Firsts
from rembug.public.tests.stage import SECRET_NAME, SECRET_NIK, SECRET_PHONE, UNSEEN
from rembug.public.waiting import AWAITED, awaited
from rembug.regions.models import Unit
from tests.cast import HERE

RT = HERE + ".001.001"


@pytest.fixture
def every_page(staged):
    """Addresses of all pages about the staged neighbourhood."""
    places = [f"wilayah/{code}/" for code in ("99.71", "99.71.01", HERE, HERE + ".001")]
    works = [f"kegiatan/{each.pk}/" for each in staged.activities.values()]
    return [
        "",
        "cari/?q=melati",
        "kegiatan/",
        "peta/",
        "peta/?ukuran=macet",
        "peta/?bentuk=batas",
        "menunggu/",
        f"peta/?wilayah={HERE}",
        f"rt/{RT}/",
        f"rt/{RT}/papan/",
        *places,
        *works,
    ]


def test_nothing_private_and_nothing_unapproved_is_on_any_page(every_page, page):
    for path in every_page:
        text = page(path)
        for secret in (SECRET_NAME, SECRET_PHONE, SECRET_NIK, UNSEEN, "1234567890123"):
            assert secret not in text, (path, secret)
        assert "Keadaan 100 waiting" not in text, path
        assert "kata kasar" not in text, path


def test_the_list_to_take_along_holds_nothing_private(staged, client):
    text = b"".join(client.get("/uji/kegiatan/unduh.csv?q=gang").streaming_content).decode()
    assert "Paving Gang Melati" in text and "Saluran air" not in text
    assert SECRET_NAME not in text


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("", 8),
        ("kegiatan/?q=gang&tahun=2026", 8),
        ("cari/?q=melati rt 9", 8),
        ("peta/", 8),
        ("menunggu/", 8),
        ("peta/?bentuk=batas&ukuran=macet", 8),
        (f"wilayah/{HERE}/", 8),
        ("wilayah/99.71/", 8),
        (f"rt/{RT}/", 8),
        (f"rt/{RT}/papan/", 8),
        ("activity", 8),
    ],
)
def test_at_most_eight_queries(staged, client, settings, path, most, django_assert_max_num_queries):
    settings.PAGE_CACHE = False
    path = f"kegiatan/{staged.activities['done'].pk}/" if path == "activity" else path
    client.get(f"/uji/{path}")  # rule books are read once per process
    with django_assert_max_num_queries(most):
        assert client.get(f"/uji/{path}").status_code == 200


def test_the_cities_of_the_server(staged, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        text = client.get("/").content.decode()
    assert 'href="/uji/"' in text and "Kota Uji" in text


def test_the_city_tells_money_lateness_and_rules(staged, page):
    text = page("")
    assert "Temukan RT Saya" in text
    assert "Rp150 juta" in text  # three RT with 50 million each
    assert "pagu 3 dari 3 RT tercatat" in text
    assert "Laporan menunggu diperiksa Kasi Ekbang" in text and "lewat 20 hari" in text
    assert "Perwali Uji 1/2025" in text
    assert f"/uji/berkas/{'a' * 64}-k.webp" in text  # before
    assert f"/uji/berkas/{'c' * 64}-k.webp" in text  # after


def test_a_vacant_office_is_told_first(staged, page, cast):
    cast.ekbang.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "Jabatan kosong, 1 berkas menunggu" in page("")


def test_an_rt_tells_its_state_in_a_sentence(staged, page):
    text = page(f"rt/{RT}/")
    assert "pagu RT 01 Rp50 juta: Rp30 juta untuk 3 kegiatan, Rp20 juta belum dianggarkan" in text
    assert "1 selesai, 1 berjalan" in text
    assert "1 terlambat, paling lama 6 hari" in text
    assert "pasal 6" in text  # the rule bracket of infrastructure
    assert "Hadir 41 warga, 19 perempuan" in text
    assert "Pagar balai" in text
    assert "Ketua RT" in text


def test_a_plan_never_looks_like_a_budget(staged, page):
    plan = staged.activities["plan"]
    text = page(f"rt/{RT}/")
    funded = text.split('id="kegiatan"')[1].split('id="rencana"')[0]
    plans = text.split('id="rencana"')[1].split("</section>")[0]
    assert plan.name not in funded and plan.name in plans
    assert "belum ada uangnya" in plans and 'class="is-plan"' in plans
    assert "ladder" not in plans and "Teranggarkan" not in plans
    # Its rupiah are in no sum of money: the ladder and the shares hold thirty million of works.
    assert "Rp37.777.000" not in text and "37,8 jt" not in text
    own = page(f"kegiatan/{plan.pk}/")
    assert "bukan anggaran" in own and "Rencana" in own
    assert 'class="ladder' not in own
    row = page("kegiatan/?q=lampu")
    assert 'class="is-plan"' in row and "rencana Rp7.777.000" in row and "dicairkan" not in row
    assert plan.name not in page(f"rt/{RT}/papan/")


def test_a_draft_is_its_own_rts_until_it_is_sent(staged, every_page, page, client):
    draft = Activity.objects.get(pk=staged.activities["plan"].pk)
    Activity.objects.filter(pk=draft.pk).update(stage="draft")
    own = f"kegiatan/{draft.pk}/"
    assert client.get(f"/uji/{own}").status_code == 404
    assert client.get(f"/uji/{own}tanggapan/").status_code == 404
    for path in [*every_page, "kegiatan/?tahap=draft", "cari/?q=impian", "kegiatan/?q=impian"]:
        assert path == own or draft.name not in page(path), path
    taken = b"".join(client.get("/uji/kegiatan/unduh.csv").streaming_content).decode()
    assert draft.name not in taken


def test_an_activity_from_before_to_the_last_receipt(staged, page):
    text = page(f"kegiatan/{staged.activities['done'].pk}/")
    assert "data-compare" in text
    assert "7 m dari titik foto" in text
    assert "Laporan 100% dikirim" in text and "Kasi Ekbang, Kelurahan Melati" in text
    assert "62,5 m2" in text and "5.500.000" in text and "4.500.000" in text
    assert "SPJ pencairan 1 belum diterima" in text
    tranche = staged.works["done"].tranches.get()
    tranche.state = "billed"
    tranche.save()
    waits = page(f"kegiatan/{staged.activities['done'].pk}/?a")
    assert "SPP menunggu diperiksa oleh PPK-Keuangan." in waits
    tranche.state = "waived"
    tranche.save()
    unused = page(f"kegiatan/{staged.activities['done'].pk}/?b")
    assert f"{show(tranche.amount)} tidak dipakai dan kembali ke pagu." in unused
    assert "dari 0 pencairan" in unused
    assert "dijawab dalam 3 hari" in text and "[nomor disamarkan]" in text
    assert "Disembunyikan: Menghina orang" in text.replace("\n", "")
    assert "csrfmiddlewaretoken" not in text.split("<main")[1]


def test_what_is_checked_is_said_without_being_shown(staged, page):
    text = page(f"kegiatan/{staged.activities['running'].pk}/")
    assert "dicek kecamatan" in text and UNSEEN not in text


def test_places_show_what_lies_below(staged, page):
    text = page(f"wilayah/{HERE}/")
    assert "RW 01" in text and "Untuk apa uangnya" in text
    assert "1 dari 3 kegiatan selesai" in text and "1 rencana" in text
    assert "Kelurahan Melati mengelola Rp100 juta" in text


def test_a_ceiling_alone_is_not_told_as_money_in_hand(staged, page):
    """The year is opened before the budget is sure: until then only the ceiling is named."""
    Activity.objects.update(stage="checked")
    for path in (f"wilayah/{HERE}/", f"wilayah/{HERE}.001/", f"rt/{RT}/"):
        text = page(path)
        assert "Belum ada kegiatan yang teranggarkan" in text and " mengelola Rp" not in text


def test_every_voice_is_counted_also_those_that_are_not_shown(staged, page):
    activity, now = staged.activities["done"], timezone.now()
    Comment.objects.bulk_create(
        Comment(
            city=staged.cast.city, activity=activity, text=f"Tanya {n}", at=now, due_on=now.date()
        )
        for n in range(40)
    )
    text = page(f"rt/{RT}/")
    assert "42 masuk, 1 terjawab" in text and "Lihat 26 tanggapan sebelumnya" in text
    assert text.count("Tanya ") >= 28


def test_the_list_narrows_sorts_and_pages(staged, page):
    assert "4 kegiatan" in page("kegiatan/")
    late = page("kegiatan/?tahap=terlambat")
    assert "Taman baca" in late and "Saluran air" not in late
    assert "Tidak ada kegiatan yang cocok" in page("kegiatan/?q=tidakada&wilayah=99.71")
    for odd in ("?halaman=99999", "?halaman=x&tahun=12&tahap=%00&urut=aneh", "?bidang='--"):
        page("kegiatan/" + odd)
    assert "Saluran air" in page(
        f"kegiatan/?wilayah={HERE}&urut=besar&tahun={staged.cast.year.year}"
    )


@pytest.mark.fault("screen-A19")
@pytest.mark.fault("screen-G20")
def test_the_list_opens_with_what_runs_this_year(staged, cast, page, settings):
    """Plans are newer, but what runs comes first, page by page; asking for an order gives that order."""
    settings.PAGE_CACHE = False
    names = [staged.activities[key].name for key in ("running", "late", "done", "plan")]
    Activity.objects.filter(name=names[3]).update(year=cast.year.year + 1)
    text = page("kegiatan/")
    order = sorted(names, key=lambda name: text.index(f">{name}<"))
    assert set(order[:2]) == set(names[:2]) and order[2:] == [names[3], names[2]]
    newest = page("kegiatan/?urut=baru")
    assert newest.index(f">{names[3]}<") < newest.index(f">{names[0]}<")
    rows = Firsts(
        *(Activity.objects.order_by("id").filter(name__in=part) for part in (names[:2], names[2:]))
    )
    assert rows.count() == 4
    whole = rows[0:4]
    assert [row for at in range(4) for row in rows[at : at + 1]] == whole
    assert {row.name for row in whole[:2]} == set(names[:2])


def test_unknown_addresses_are_not_found(staged, page):
    for path in ("rt/99.71.01.9999.001.001/", "wilayah/1/", "kegiatan/999999/", "apa/"):
        assert "tidak ditemukan" in page(path, 404)
    assert page(f"rt/{HERE}/", 302) == ""
    assert page(f"wilayah/{RT}/", 302) == ""


def test_the_colours_of_the_city_are_a_stylesheet(staged, client):
    answer = client.get("/uji/merek.css")
    assert answer["Content-Type"].startswith("text/css") and "immutable" in answer["Cache-Control"]


def test_search_engines_are_welcome(client, db):
    assert "Disallow" in client.get("/robots.txt").content.decode()


# Acts that nobody waits for: they are free, or are done on the way to another one. An act that is on
# neither list fails, so that whoever adds one says which it is.
FREE = set(
    "desk.read plan.read work.read meeting.call list.edit tranche.waive comment.hide person.reset "
    "work.hold office.appoint year.fund year.open year.close year.watch audit.read "
    "tranche.take_back_order tranche.take_back_pay".split()
)


@pytest.mark.fault("item-27")
def test_everything_that_may_wait_has_words(cast):
    """Every act that some office carries is awaited somewhere, with words, or is free; none is both."""
    every = {act for acts in ROLES.values() for act in acts}
    assert every - FREE == set(AWAITED), "an act without words, or words without an act"
    for act in AWAITED:
        said = awaited(act, cast.city)
        assert said != "Berkas lain yang menunggu" and "%" not in said, act


@pytest.mark.fault("item-27")
def test_whatever_is_opened_on_a_desk_has_words(cast):
    """Walks a work from contract to closing, held money too, and every place that opens a desk."""
    bring(cast, STATES[-1])
    opened = set(DeskItem.objects.values_list("act", flat=True))
    for path in (Path(settings.ROOT) / "rembug").glob("*/services/*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in (
                "open_item",
                "_duty",
            ):
                given = [one.value for one in call.keywords if one.arg == "act"] + call.args[1:2]
                opened |= {one.value for one in given if isinstance(one, ast.Constant)}
    assert len(opened) > 15 and opened <= set(AWAITED)


@pytest.mark.fault("item-27")
def test_held_money_opens_its_own_rows(staged, page, cast):
    """The figure of held money leads to held money, never to everything late; nor does an unknown act."""
    for tier, who in (("kelurahan", "Lurah"), ("city", "Tim monitoring kota")):
        open_item(
            act=f"work.release.{tier}",
            thing=staged.works["running"],
            about=cast.rt,
            title="Lepas penahanan",
            path="pekerjaan/1/tahan/",
            due_on=timezone.localdate() - timedelta(days=3),
        )
        said = f"Uang yang ditahan {who} menunggu dilepas"
        behind = page(_behind(page(f"?{tier}"), said))
        assert "1 berkas" in behind and said in behind and "Saluran air" in behind
        assert "Laporan menunggu" not in behind
    assert "0 berkas" in page("menunggu/?apa=tidak.ada")


@pytest.mark.fault("item-27")
def test_the_city_names_its_own_desks_and_offices(staged, page, cast, settings):
    settings.PAGE_CACHE = False
    cast.city.role_titles = {"ekbang": "Kasi Pemberdayaan", "lurah": "Pak Lurah"}
    cast.city.save()
    assert "Laporan menunggu diperiksa Kasi Pemberdayaan" in page("")
    book = cast.year.rule_set.book
    for step in book["report_steps"]:
        if step["key"] == "kecamatan":
            step["title"] = "Tim verifikasi Barat"
    cast.year.rule_set.digest = "9" * 64
    cast.year.rule_set.save()
    running = staged.activities["running"].pk
    assert "dicek Tim verifikasi Barat" in page(f"kegiatan/{running}/")
    assert "dicek Tim verifikasi Barat" in page(f"rt/{RT}/")
    staged.works["done"].state = "offered"
    staged.works["done"].save()
    assert "serah terima oleh Pak Lurah" in page(f"kegiatan/{staged.activities['done'].pk}/")


@pytest.mark.fault("screen-A15")
@pytest.mark.fault("screen-G4")
def test_signed_minutes_are_read_by_everybody(staged, page, cast, settings):
    """From the RT and from the activity: decisions, counts and signers; never who came, never the notes."""
    settings.PAGE_CACHE = False
    meeting = Meeting.objects.get(state="signed")
    Proposal.objects.update(meeting=meeting)
    told = {"city": cast.city, "meeting": meeting, "field": "infra"}
    MeetingItem.objects.create(
        rank=1, title="Paving Gang Melati", cost=10_000_000, outcome="decided", **told
    )
    MeetingItem.objects.create(
        rank=2, title="Pagar balai", outcome="deferred", reason=f"Tanya {SECRET_PHONE}", **told
    )
    Signature.objects.create(
        city=cast.city,
        meeting=meeting,
        role="rt",
        person=cast.rt_head,
        office=cast.rt_head.offices.get(),
        at=meeting.at,
        digest="d" * 64,
    )
    address = f"notulen/{meeting.pk}/"
    text = page(address)
    for words in ("Diputuskan", "Paving Gang Melati", "Rp10.000.000", "Pagar balai"):
        assert words in text
    assert all(f"<dd>{count}</dd>" in text for count in (22, 19, 41)) and cast.rt_head.name in text
    assert SECRET_NAME not in text and SECRET_PHONE not in text
    rt = page(f"rt/{RT}/")
    assert (
        f'href="/uji/{address}"' in rt
        and f"{SHORT_MONTHS[meeting.at.month - 1]} {meeting.at.year}" in rt
    )
    assert f'href="/uji/{address}"' in page(f"kegiatan/{staged.activities['done'].pk}/")
    for state in ("called", "held", "returned"):
        Meeting.objects.filter(pk=meeting.pk).update(state=state)
        page(address, 404)
        assert address not in page(f"rt/{RT}/")
        assert address not in page(f"kegiatan/{staged.activities['done'].pk}/")


@pytest.mark.fault("screen-A22")
@pytest.mark.fault("screen-G24")
def test_a_work_that_ended_late_says_so_wherever_it_stands(staged, page):
    """Done fifteen days after its last day: on its page, its RT, the lists, the sheet and the notice board."""
    done, work = staged.activities["done"], staged.works["done"]
    seen = max(one.seen_on for key, one in staged.reports.items() if key.startswith("done"))
    work.ends_on = seen - timedelta(days=15)
    work.save()
    said = "Selesai, terlambat 15 hari"
    for path in (f"kegiatan/{done.pk}/", f"rt/{RT}/", "kegiatan/?q=paving", "cari/?q=paving+gang"):
        assert said in page(path), path
    assert "Selesainya terlambat 15 hari." in page(f"kegiatan/{done.pk}/")
    assert "selesai, terlambat 15 hari" in page(f"rt/{RT}/papan/")


@pytest.mark.fault("screen-A3")
@pytest.mark.fault("screen-G7")
def test_what_was_refused_is_no_plan(staged, page, settings):
    settings.PAGE_CACHE = False
    plan = staged.activities["plan"]
    assert "jumlah rencana Rp7.777.000" in page(f"rt/{RT}/")
    Activity.objects.filter(pk=plan.pk).update(stage="dropped")
    text = page(f"rt/{RT}/")
    assert "jumlah rencana" not in text and "Rp7.777.000" not in text
    assert "1 usulan tahun" in text and "yang tidak diterima" in text and plan.name in text


@pytest.mark.fault("screen-A16")
@pytest.mark.fault("screen-G6")
def test_the_rest_of_the_money_has_a_line(staged, page, settings):
    """Thirty of fifty million have activities; the other twenty stand in the strip and in a line."""
    settings.PAGE_CACHE = False
    text = page(f"rt/{RT}/")
    assert "Belum dianggarkan" in text and "belum dianggarkan 40%" in text and "is-rest f40" in text
    assert "Rencana senilai Rp7.777.000 belum disetujui." in text
    Activity.objects.filter(pk=staged.activities["late"].pk).update(cost=30_000_000)
    assert "is-rest" not in page(f"rt/{RT}/")


def test_what_people_typed_is_never_run(staged, page, cast):
    """Names reach pages by strings that are put together by hand: each must be escaped."""
    bad, shown = '<script>x("1")</script>', "&lt;script&gt;"
    activity = staged.activities["done"]
    activity.name = activity.place = activity.volume = f"gang {bad}"
    activity.search = "gang"
    activity.save()
    cast.kelurahan.name = f"Melati {bad}"
    cast.kelurahan.save()
    cast.rt_head.name = bad
    cast.rt_head.save()
    office = cast.rt_head.offices.get()
    office.decree_no = bad
    office.save()
    for path in (
        "",
        "kegiatan/?q=gang",
        "cari/?q=gang",
        f"kegiatan/{activity.pk}/",
        f"rt/{RT}/",
        f"rt/{RT}/papan/",
        "peta/",
        "peta/?ukuran=macet",
        f"wilayah/{HERE}/",
        "menunggu/?apa=report.verify.kelurahan",
    ):
        text = page(path)
        assert bad not in text and shown in text, path


def test_every_act_on_the_thread_of_an_activity_has_words():
    """Otherwise a resident reads `contract.returned` in the middle of a sentence."""
    import re
    from pathlib import Path

    from rembug.people.rules import ROLES
    from rembug.public.record import title_of, told

    awaited = {act for acts in ROLES.values() for act in acts}
    thread = "contract|tranche|spj|report|work|money|return|tax|proposal"
    floors = Path(__file__).resolve().parents[2]
    found = {
        act
        for floor in ("execution", "planning")
        for path in (floors / floor / "services").glob("*.py")
        for act in re.findall(rf'"((?:{thread})\.[a-z_]+)"', path.read_text())
    } - awaited
    assert {"contract.returned", "work.closed", "proposal.submitted"} <= found
    without = sorted(act for act in found if told(act) and title_of(act, {}) == act)
    assert without == []


def test_money_that_went_back_is_no_step_back(staged, page, cast):
    activity = staged.activities["done"]
    record(cast.ekbang, "money.returned", activity, about=f"activity:{activity.pk}", why="sisa")
    item = page(f"kegiatan/{activity.pk}/").split("Sisa uang dikembalikan pokmas")[0]
    assert item.rpartition("<li")[2].startswith(' class="is-done"')


def test_long_numbers_in_receipts_and_cost_lines_are_hidden(staged, page):
    activity = staged.activities["done"]
    receipt = staged.works["done"].receipts.get()
    Receipt.objects.filter(pk=receipt.pk).update(what=f"Upah, NIK {SECRET_NIK}")
    RabLine.objects.filter(pk=receipt.line_id).update(name=f"Tukang {SECRET_PHONE}")
    PlanItem.objects.update(title=f"Pagar, hubungi {SECRET_PHONE}")
    Meeting.objects.update(place=f"Rumah Pak RT, {SECRET_PHONE}")
    text = page(f"kegiatan/{activity.pk}/") + page(f"rt/{RT}/")
    assert "Upah, NIK" in text and "Rumah Pak RT" in text and "Pagar, hubungi" in text
    assert SECRET_NIK not in text and SECRET_PHONE not in text


def test_the_list_to_take_along_knows_the_city_s_own_day(staged, client, monkeypatch):
    """Half past midnight in the city, still yesterday where the server stands."""
    city = staged.cast.city
    city.timezone = "Asia/Makassar"
    city.save()
    work = staged.works["running"]
    night = datetime.combine(work.ends_on + timedelta(days=1), time(0, 30))
    now = night.replace(tzinfo=ZoneInfo("Asia/Makassar"))
    monkeypatch.setattr(timezone, "now", lambda: now)
    lines = b"".join(client.get("/uji/kegiatan/unduh.csv").streaming_content).decode().splitlines()
    row = next(line for line in lines if "Saluran air" in line)
    assert ";ya;" in row


@pytest.mark.fault("report-12")
def test_the_list_to_take_along_speaks_in_words(staged, client):
    """Fields, stages and money as the pages tell them, in columns of their own; the workbook the same."""
    lines = b"".join(client.get("/uji/kegiatan/unduh.csv").streaming_content).decode().splitlines()
    head, *rows = (line.lstrip("\ufeff").split(";") for line in lines)
    done = dict(zip(head, next(row for row in rows if "Paving Gang Melati" in row), strict=True))
    assert done["Bidang"] == "Infrastruktur" and done["Tahap"] == "Selesai dikerjakan"
    assert done["Biaya (Rp)"] == "10000000" and done["Dicairkan (Rp)"] == "6000000"
    answer = client.get("/uji/kegiatan/unduh.xlsx?q=gang")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Infrastruktur" in sheet and "<v>6000000</v>" in sheet and "Saluran air" not in sheet


def test_a_city_without_a_year_says_so(cast, page):
    assert "sampai 0" not in page("kegiatan/") and "Belum ada kegiatan" in page("kegiatan/")
    Balance.objects.all().delete()
    assert "belum ditetapkan" in page(f"wilayah/{HERE}/")


def test_when_all_terms_end_on_one_day_the_page_still_opens(staged, page, cast):
    parent = cast.rt.parent
    empty = Unit.objects.bulk_create(
        Unit(city=cast.city, code=f"{parent.code}.{n}", kind="rt", name=f"RT {n}", parent=parent)
        for n in range(1000, 2100)
    )
    DeskItem.objects.bulk_create(
        DeskItem(
            city=cast.city,
            act="proposal.submit",
            thing=f"planning.proposal:{unit.pk}",
            unit=unit,
            about_unit=unit,
            title="Kirim usulan",
            opened_at=timezone.now(),
        )
        for unit in empty
    )
    assert "1.100 berkas" in page("menunggu/?apa=proposal.submit&kosong=1")


def _behind(text: str, what: str) -> str:
    """Where the row that says this leads to, inside the test city."""
    link = text.split(what)[0].rpartition('href="/uji/')[2]
    return link.partition('"')[0].replace("&amp;", "&")


def test_every_figure_of_lateness_opens_the_matters_it_counts(staged, page, cast):
    activity = staged.activities["running"]
    for path in ("", f"wilayah/{HERE}/", f"wilayah/{HERE}.001/"):
        behind = page(_behind(page(path), "Laporan menunggu diperiksa Kasi Ekbang"))
        assert "1 berkas" in behind and activity.name in behind
        assert f"/uji/kegiatan/{activity.pk}/" in behind and f"/uji/rt/{RT}/" in behind
        assert "RT 01 / RW 01 Melati" in behind and "lewat 20 hari" in behind
        assert "Kasi Ekbang" in behind and UNSEEN not in behind
    elsewhere = page("menunggu/?apa=report.verify.kelurahan&wilayah=99.71.01.1002")
    assert "0 berkas" in elsewhere and activity.name not in elsewhere
    assert "Kelurahan Mawar" in elsewhere
    assert "0 berkas" in page("menunggu/?wilayah=99.71.01.1002.001")
    cast.ekbang.offices.update(ends_on=timezone.localdate() - timedelta(days=1))
    behind = page(_behind(page("?kosong"), "Jabatan kosong, 1 berkas menunggu"))
    assert "Tertahan karena jabatan kosong" in behind and activity.name in behind
    assert "0 berkas" in page("menunggu/?apa=spj.verify&kosong=1")
    page("menunggu/?apa=%00&apa=x&wilayah=35.99&halaman=999999999")
