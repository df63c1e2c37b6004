"""The day on a paper, the way back of a paper, and money that must not run ahead of the work."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution import gates, volumes
from rembug.execution.days import paper_day_faults, typed_late
from rembug.execution.gates import Facts
from rembug.execution.models import TakenBack
from rembug.execution.services import closing, contracts, receipts, takeback, tranches
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, fresh, pay, tranche
from rembug.execution.volumes import Volume
from rembug.ledger.models import Entry
from rembug.ledger.services import audit, balance
from rembug.people.models import Act, DeskItem
from rembug.people.sending import new_key
from rembug.programs.models import RuleSet
from rembug.programs.rulebook import GATES

MONDAY, SUNDAY = date(2026, 11, 9), date(2026, 11, 8)
WHY = "Nomor rekening salah satu angka, uang kembali dari bank."


def refused(act, word: str) -> None:
    with pytest.raises(Refused) as said:
        act()
    assert word in " ".join(said.value.reasons), said.value.reasons


# ---- the day on a paper ------------------------------------------------------------------------


@pytest.mark.fault("item-13")
@pytest.mark.parametrize(
    ("on", "told", "field", "word"),
    [
        (MONDAY, {}, "", ""),
        (None, {}, "on", "Tulis tanggal SPM"),
        (MONDAY + timedelta(days=9), {}, "on", "belum tiba"),
        (MONDAY, {"earliest": MONDAY + timedelta(days=1), "after": "SPP"}, "on", "mendahului SPP"),
        (MONDAY, {"earliest": MONDAY, "after": "SPP"}, "", ""),
        (MONDAY, {"year": 2027}, "on", "2027 belum mulai"),
        (MONDAY, {"year": 2025}, "on", "2025 sudah lewat"),
        (SUNDAY, {"closed": set()}, "day_why", "hari libur"),
        (MONDAY, {"closed": {MONDAY}}, "day_why", "hari libur"),
        (SUNDAY, {"closed": set(), "why": "Loket khusus akhir tahun."}, "", ""),
        (SUNDAY, {"closed": set(), "why": "ya"}, "day_why", "hari libur"),
        (SUNDAY, {"closed": None}, "", ""),  # neighbours measure on a Sunday
    ],
)
def test_the_day_on_a_paper(on, told, field, word):
    found = paper_day_faults(on, "SPM", today=date(2026, 11, 16), **told)
    assert len(found) == bool(word)
    if word:
        assert word in found[0] and found[0].field == field


def test_typed_late_is_counted_in_working_days():
    assert typed_late(MONDAY, MONDAY + timedelta(days=3), set()) == 0
    assert typed_late(MONDAY, MONDAY + timedelta(days=4), set()) == 4
    assert typed_late(MONDAY, MONDAY + timedelta(days=4), {MONDAY + timedelta(days=1)}) == 0


def workday(before: date) -> date:
    day = before
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


@pytest.mark.fault("item-13")
def test_papers_keep_their_own_day_in_their_order_and_so_do_the_books(cast):
    today = timezone.localdate()
    first = workday(max(today - timedelta(days=15), date(today.year, 1, 2)))
    work = bring(cast, "prepared")
    contracts.sign_contract(by=cast.pokmas_head, work=work)
    contracts.approve_contract(by=cast.lurah, work=work, on=first, day_why="Bila hari libur.")
    paths.report(cast, work, 0)
    row = pay(cast, work, 1, upto="requested")
    days = {"on": first, "day_why": "Bila hari libur."}
    tranches.bill_tranche(by=cast.treasurer, tranche=row, number="1/SPP", **days)
    tranches.verify_tranche(by=cast.ppk, tranche=row)
    early = days | {"on": first - timedelta(days=3)}
    order = lambda told: tranches.order_tranche(  # noqa: E731
        by=cast.lurah, tranche=row, number="1/SPM", **told
    )
    refused(lambda: order(early), "mendahului SPP")
    order(days)
    tranches.pay_tranche(by=cast.finance_office, tranche=row, number="1/SP2D", **days)
    row = tranche(work, 1)
    assert (row.billed_on, row.ordered_on, row.paid_on) == (first, first, first)
    entry = Entry.objects.get(key=f"pay:{row.pk}")
    assert entry.on == first and timezone.localdate(entry.posted_at) == today
    told = Act.objects.get(act="tranche.paid").detail
    assert told["on"] == first.isoformat() and ("late" in told) == (first < workday(today))
    assert audit(cast.city) == []


def test_a_day_that_was_cleared_is_asked_for_and_today_is_offered(cast, sign_in):
    work = bring(cast, "requested_1")
    client, path = sign_in(cast.treasurer), f"/uji/pekerjaan/{work.pk}/termin/1/"
    assert f'value="{timezone.localdate().isoformat()}"' in client.get(path).content.decode()
    data = {"do": "tranche.bill", "number": "7/SPP", "on": "", "key": new_key()}
    page = client.post(path, data)
    assert page.status_code == 422 and "Tulis tanggal SPP" in page.content.decode()
    data |= {"on": timezone.localdate().isoformat(), "day_why": "Lembur akhir tahun anggaran."}
    assert client.post(path, data).status_code == 302


@pytest.mark.fault("screen-A4", "screen-G18")
def test_every_field_of_a_day_gives_browsers_what_they_read():
    from django import forms

    from rembug.core.forms import DayField

    seen = set()
    apps = ("execution.forms", "execution.receiptform", "planning.forms", "planning.wishforms")
    for name in (*apps, "people.forms", "programs.forms"):
        module = __import__(f"rembug.{name}", fromlist=["forms"])
        for form in vars(module).values():
            for field in getattr(form, "base_fields", {}).values():
                if isinstance(field, forms.DateField):
                    assert isinstance(field, DayField), f"{form}: {field.label}"
                    seen.add(field.widget.format_value(date(2026, 11, 28)))
    assert seen == {"2026-11-28"}


# ---- the way back ------------------------------------------------------------------------------


@pytest.mark.fault("attack-8")
@pytest.mark.parametrize(
    ("upto", "who", "maker", "state", "paper"),
    [
        ("ordered", "finance_office", "lurah", "verified", "SPM"),
        ("paid", "ppk", "finance_office", "ordered", "SP2D"),
        ("received", "ppk", "finance_office", "ordered", "SP2D"),
    ],
)
def test_a_wrong_or_returned_paper_is_taken_back_and_written_anew(
    cast, upto, who, maker, state, paper
):
    work = bring(cast, "reported_0")
    row = pay(cast, work, 1, upto=upto)
    number = row.spm_no if paper == "SPM" else row.sp2d_no
    with pytest.raises(PermissionDenied):  # nobody undoes their own paper
        takeback.take_back(by=cast.people[maker], tranche=row, why=WHY)
    refused(lambda: takeback.take_back(by=cast.people[who], tranche=row, why="salah"), "10 huruf")
    takeback.take_back(by=cast.people[who], tranche=row, why=WHY)
    row = tranche(work, 1)
    assert (row.state, row.back_why) == (state, WHY)
    assert TakenBack.objects.get().number == number
    assert balance(None, "cash_pokmas", cast.rt, work.activity_id) == 0
    kept = Entry.objects.filter(reverses__isnull=False)
    assert kept.count() == 1 and audit(cast.city) == []
    waits = DeskItem.objects.get(closed_at=None, act__startswith="tranche.")
    assert waits.act == {"SPM": "tranche.order", "SP2D": "tranche.pay"}[paper]
    again = {
        "SPM": lambda: tranches.order_tranche(by=cast.lurah, tranche=row, number=number),
        "SP2D": lambda: tranches.pay_tranche(by=cast.finance_office, tranche=row, number=number),
    }[paper]
    refused(again, "sudah dipakai")
    assert pay(cast, work, 1).state == "received"
    assert balance(None, "cash_pokmas", cast.rt, work.activity_id) == 6_000_000
    # A second time, too: the books keep every one of them.
    takeback.take_back(by=cast.ppk, tranche=tranche(work, 1), why=WHY)
    takeback.take_back(by=cast.finance_office, tranche=tranche(work, 1), why=WHY)
    assert pay(cast, work, 1).state == "received" and audit(cast.city) == []


def test_by_advance_it_comes_back_the_way_it_went(cast):
    book = cast.year.rule_set.book | {"method": "TU"}
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(book=book, digest="tu".ljust(64, "0"))
    work = bring(cast, "received_1")
    takeback.take_back(by=cast.ppk, tranche=tranche(work, 1), why=WHY)
    assert balance(None, "ordered", cast.rt, work.activity_id) == 6_000_000
    assert balance(None, "cash_kelurahan", cast.rt, work.activity_id) == 0
    assert pay(cast, work, 1).state == "received" and audit(cast.city) == []


def test_what_was_spent_or_is_not_an_order_is_not_taken_back(cast):
    work = bring(cast, "spent_1")
    row = tranche(work, 1)
    refused(lambda: takeback.take_back(by=cast.ppk, tranche=row, why=WHY), "kuitansi")
    stale = tranche(bring(cast, "verified_1", name="Saluran", cost=2_000_000), 1)
    refused(lambda: takeback.take_back(by=cast.finance_office, tranche=stale, why=WHY), "berubah")


def test_the_page_takes_back_and_shows_both(cast, sign_in):
    work = bring(cast, "paid_1")
    number = tranche(work, 1).sp2d_no
    path = f"/uji/pekerjaan/{work.pk}/termin/1/"
    assert "Batalkan SP2D" not in sign_in(cast.pokmas_treasurer).get(path).content.decode()
    client = sign_in(cast.ppk)
    assert "Batalkan SP2D" in client.get(path).content.decode()
    data = {"do": "take_back", "key": new_key(), "why": WHY}
    data |= {"on": timezone.localdate().isoformat(), "day_why": "Surat bank hari ini."}
    assert client.post(path, data).status_code == 302
    page = client.get(path).content.decode()
    assert "Surat yang dibatalkan" in page and number in page
    public = client.get(f"/uji/kegiatan/{work.activity_id}/").content.decode()
    assert "SP2D pencairan 1 dibatalkan" in public and WHY in public


def test_a_request_that_moved_on_is_not_given_back_by_who_saw_it_before(cast):
    """The right is chosen by the state behind the lock, never by what was read before it."""
    work = bring(cast, "billed_1")
    seen = tranche(work, 1)
    tranches.verify_tranche(by=cast.ppk, tranche=tranche(work, 1))
    with pytest.raises(Refused, match="berubah"):
        tranches.send_back(by=cast.ppk, tranche=seen, why="Rekeningnya belum cocok.")
    assert tranche(work, 1).state == "verified"


# ---- money and work ----------------------------------------------------------------------------

OPEN = Facts(signed=True, account=True, percent=100, previous_accounted=True, tax_owed=0, hold="")
SHUT = Facts(
    signed=False, account=False, percent=-1, previous_accounted=False, tax_owed=5, hold="x"
)


@pytest.mark.fault("screen-A20")
@pytest.mark.parametrize("code", [*GATES, "report_50"])
def test_every_gate_of_the_rulebook_shuts_and_opens(code):
    free = Facts(**OPEN.__dict__ | {"handed_over": True})
    assert all(gate.met for gate in gates.gates([code], free))
    assert not gates.gates([code], SHUT)[0].met and gates.gates([code], SHUT)[0].advice


def test_a_gate_that_is_not_known_never_opens():
    with pytest.raises(ValueError, match="kuda"):
        gates.gates(["kuda"], OPEN)


@pytest.mark.fault("item-15")
@pytest.mark.parametrize(
    ("paid", "ahead", "percent", "codes", "stopped"),
    [
        (60, 0, 0, [], True),
        (60, 60, -1, [], False),
        (60, 59.5, 0, [], True),
        (100, 0, 50, [], True),
        (100, 0, 100, [], False),
        (90, 40, 50, [], False),
        (100, 0, 50, ["report_100"], False),  # the report says so already
        (100, 0, 50, ["report_50"], True),
    ],
)
def test_no_money_ahead_of_the_work_unless_the_rules_say_so(paid, ahead, percent, codes, stopped):
    facts = Facts(
        **OPEN.__dict__ | {"paid_percent": paid, "ahead_percent": ahead, "percent": percent}
    )
    found = [gate for gate in gates.gates(codes, facts) if gate.code == "not_ahead"]
    assert bool(found) is stopped


@pytest.mark.fault("item-15")
def test_the_last_rupiah_waits_for_the_last_metre(cast):
    book = RuleSet.objects.get(pk=cast.year.rule_set_id).book
    plain = [{k: v for k, v in one.items() if k != "ahead_percent"} for one in book["tranches"]]
    told = {"book": book | {"tranches": plain}, "digest": "ahead".ljust(64, "0")}
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(**told)
    work = bring(cast, "reported_0")
    request = lambda: tranches.request_tranche(  # noqa: E731
        by=cast.pokmas_head, tranche=tranche(work, 1)
    )
    refused(request, "kemajuan yang disetujui 60%")


@pytest.mark.parametrize(
    ("text", "unit", "volume"),
    [
        ("42 m x 1,5 m", "", Volume(63_000, "m2")),
        ("42 x 1,5 m", "", Volume(63_000, "m2")),
        ("20 m x 0,4 m x 0,5 m", "", Volume(4_000, "m3")),
        ("400 m²", "", Volume(400_000, "m2")),
        ("400 meter persegi", "", Volume(400_000, "m2")),
        ("42 m x 1,5 m = 63 m2", "", Volume(63_000, "m2")),
        ("1.200 polibag", "", Volume(1_200_000, "polibag")),
        ("35 M'", "", Volume(35_000, "m")),
        ("63", "m2", Volume(63_000, "m2")),
        ("400 m2, lebar 2 m", "", Volume(400_000, "m2")),
        ("1,5 m (diukur dua kali)", "", Volume(1_500, "m")),
        ("8 titik", "m2", Volume(8_000, "titik")),
        ("rapi", "m2", None),
        ("", "m2", None),
        ("2 unit x 3 m", "", None),
        ("kira-kira 40", "", None),
    ],
)
def test_volumes_are_read(text, unit, volume):
    assert volumes.read(text, unit) == volume


@pytest.mark.parametrize(
    ("built", "allowed", "cut"),
    [(63_000, 0, 0), (70_000, 0, 0), (56_700, 0, 1_000_000), (62_370, 1, 0), (62_369, 1, 100_159)],
)
def test_what_was_not_built_is_not_earned(built, allowed, cut):
    planned = Volume(63_000, "m2")
    assert volumes.unearned(10_000_000, planned, Volume(built, "m2"), allowed) == cut
    assert volumes.unearned(10_000_000, None, Volume(built, "m2")) == 0


def whole(cast, *, paid: int = 1) -> object:
    work = bring(cast, f"accounted_{paid}")
    for percent in (50, 100):
        if standing(fresh(work)).accepted < percent:
            paths.report(cast, work, percent)
    return work


@pytest.mark.fault("item-15")
def test_the_measure_is_told_in_the_unit_of_the_plan_and_a_shortfall_is_not_paid(cast):
    work = whole(cast)
    inspect = lambda measured: closing.inspect_work(  # noqa: E731
        by=cast.pokmas_supervisor, work=work, number="1/BAHP", measured=measured
    )
    refused(lambda: inspect("6 unit"), "dalam m2")
    refused(lambda: inspect("sudah rapi"), "hasil ukur")
    inspect("56,7")
    assert (fresh(work).measured_milli, fresh(work).cut) == (56_700, 1_000_000)
    closing.offer_work(by=cast.pokmas_head, work=fresh(work))
    closing.receive_work(by=cast.lurah, work=fresh(work), number="1/BAST")
    row = tranche(work, 2)
    assert (row.amount, row.cut, fresh(work).owed_back) == (3_000_000, 1_000_000, 0)
    assert balance(None, "committed", cast.rt, work.activity_id) == 3_000_000
    pay(cast, work, 2)
    assert standing(fresh(work)).cash == 3_000_000 and audit(cast.city) == []


@pytest.mark.fault("item-15")
def test_what_was_paid_for_nothing_comes_back_or_is_claimed(cast):
    work = whole(cast, paid=2)
    closing.inspect_work(by=cast.pokmas_supervisor, work=work, number="1/BAHP", measured="31,5 m2")
    closing.offer_work(by=cast.pokmas_head, work=fresh(work))
    closing.receive_work(by=cast.lurah, work=fresh(work), number="1/BAST")
    assert fresh(work).owed_back == 5_000_000
    paths.finish(cast, "settled", fresh(work))  # the 250,000 that were left
    close = lambda claim: closing.close_work(by=cast.lurah, work=fresh(work), claim=claim)  # noqa: E731
    refused(lambda: close(""), "Rp4.750.000 sudah dibayar")
    close("Ditagih lewat Inspektorat, surat 12/2026.")
    assert Act.objects.get(act="work.closed").detail["claimed"] == 4_750_000


# ---- SPJ ---------------------------------------------------------------------------------------


@pytest.mark.fault("item-12", "item-14")
def test_what_was_undone_in_the_new_year_is_not_done_again_in_the_old(cast):
    """The bank sent the money back in February; the next SP2D cannot bear a day of December."""
    work, year = bring(cast, "paid_1"), cast.year.year
    later = timezone.make_aware(datetime(year + 1, 2, 10, 10))
    row = tranche(work, 1)
    takeback.take_back(by=cast.ppk, tranche=row, why=WHY, on=date(year + 1, 2, 9), at=later)
    again = {"tranche": tranche(work, 1), "number": "77/SP2D/BARU", "day_why": "Kas buka malam."}
    for on, word in ((date(year, 12, 31), "pembatalan"), (date(year + 1, 2, 10), "sudah lewat")):
        refused(
            lambda on=on: tranches.pay_tranche(by=cast.finance_office, on=on, at=later, **again),
            word,
        )
    assert not Entry.objects.filter(key=f"pay:{row.pk}:2").exists()


@pytest.mark.fault("item-15")
def test_a_shortfall_owes_nothing_that_was_never_paid(cast):
    """The last payment was given up before: what was measured short is less than that."""
    work = whole(cast)
    tranches.waive_tranche(
        by=cast.pokmas_head, tranche=tranche(work, 2), why="Paving lebih murah daripada rencana."
    )
    short = {"number": "9/BAHP", "measured": "42 m x 1,2 m"}
    work = closing.inspect_work(by=cast.pokmas_supervisor, work=fresh(work), **short)
    assert work.cut == 2_000_000
    work = closing.offer_work(by=cast.pokmas_head, work=fresh(work))
    work = closing.receive_work(by=cast.lurah, work=fresh(work), number="9/BAST")
    assert fresh(work).owed_back == 0


@pytest.mark.fault("item-15")
def test_a_payment_on_its_way_is_given_back_before_a_short_result_is_taken_over(cast):
    work = whole(cast)
    tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(work, 2))
    short = {"number": "9/BAHP", "measured": "42 m x 1,2 m"}
    work = closing.inspect_work(by=cast.pokmas_supervisor, work=fresh(work), **short)
    work = closing.offer_work(by=cast.pokmas_head, work=fresh(work))

    def take():
        return closing.receive_work(by=cast.lurah, work=fresh(work), number="9/BAST")

    refused(take, "pencairan 2 masih diproses")
    tranches.send_back(by=cast.treasurer, tranche=tranche(work, 2), why="Volumenya kurang.")
    take()
    assert (tranche(work, 2).amount, fresh(work).owed_back) == (2_000_000, 0)


@pytest.mark.fault("attack-9")
@pytest.mark.fault("item-16")
def test_one_small_receipt_does_not_account_for_the_money(cast, sign_in):
    work = bring(cast, "received_1")
    paths.spend(cast, work, 1_000_000)
    row = tranche(work, 1)
    receipts.submit_spj(by=cast.pokmas_head, tranche=row)
    verify = lambda **told: receipts.verify_spj(by=cast.ppk, tranche=row, **told)  # noqa: E731
    refused(verify, "Belum ada kuitansi untuk Rp5.000.000")
    refused(lambda: verify(stays=1, stays_why="Untuk upah minggu depan."), "Rp5.000.000")
    refused(lambda: verify(stays=5_000_000, stays_why="ya"), "Tulis mengapa")
    page = sign_in(cast.ppk).get(f"/uji/pekerjaan/{work.pk}/termin/1/spj/").content.decode()
    assert "Rp5.000.000" in page and "Mengapa boleh tetap" in page
    verify(stays=5_000_000, stays_why="Upah tukang dibayar sesudah 50%.")
    assert tranche(work, 1).left_amount == 5_000_000
    # It is read again where the next money is asked for.
    paths.report(cast, work, 50)
    page = sign_in(cast.ppk).get(f"/uji/pekerjaan/{work.pk}/termin/2/").content.decode()
    assert "Sisa Rp5.000.000 pada pokmas: Upah tukang dibayar sesudah 50%." in page


def test_what_is_left_after_the_last_payment_is_returned_not_explained(cast):
    work = bring(cast, "accounted_2", keep_cash=250_000)
    assert tranche(work, 2).left_amount == 250_000
    assert standing(fresh(work)).cash == 250_000


def test_whoever_sends_an_spj_second_is_told_so(cast):
    """Not that there is no receipt: there are two, and somebody was faster."""
    row = tranche(bring(cast, "spj_1"), 1)
    refused(lambda: receipts.submit_spj(by=cast.pokmas_treasurer, tranche=row), "dengan 2 kuitansi")
