"""What the pokmas spends, the tax it owes, and its SPJ."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Receipt
from rembug.execution.services import receipts
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, fresh, spend, tranche
from rembug.ledger.services import audit, balance
from rembug.people.models import Act
from rembug.planning.models import RabLine

NTPN = "A1B2C3D4E5F6G7H8"


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


def money(cast, work, account):
    return balance(None, account, cast.rt, work.activity_id)


def test_a_receipt_moves_cash_to_spent_and_keeps_the_tax_apart(cast):
    work = bring(cast, "received_1")
    spend(cast, work, 1_000_000, tax=15_000)
    assert money(cast, work, "spent") == 1_000_000
    assert money(cast, work, "cash_pokmas") == 5_015_000
    assert money(cast, work, "tax_owed") == 15_000


def test_nothing_is_spent_before_the_money_is_on_the_account(cast):
    for state in ("ordered_1", "paid_1"):
        work = bring(cast, state, cost=1_000_000)
        refused(lambda work=work: spend(cast, work, 1000), "Belum ada uang")


def test_no_more_is_spent_than_there_is(cast):
    work = bring(cast, "received_1")
    refused(lambda: spend(cast, work, 6_000_001), "Kurang Rp1.")
    spend(cast, work, 6_000_000)
    refused(lambda: spend(cast, work, 1), "Uang yang boleh dibelanjakan tinggal Rp0")


def test_tax_that_was_withheld_is_not_spent_again(cast):
    """Else it could never be deposited, and the work never closed."""
    work = bring(cast, "received_1")
    spend(cast, work, 5_900_000, tax=500_000)
    assert standing(fresh(work)).cash == 600_000
    refused(lambda: spend(cast, work, 600_000), "Rp500.000, pajak yang masih harus disetor")
    spend(cast, work, 100_000, tax=1_000)
    receipts.deposit_tax(
        by=cast.pokmas_treasurer,
        work=work,
        amount=501_000,
        ntpn=NTPN,
        paid_on=timezone.localdate(),
    )
    assert standing(fresh(work)).cash == standing(fresh(work)).tax_owed == 0


def test_a_receipt_is_not_older_than_the_money_nor_of_tomorrow(cast):
    work, today = bring(cast, "received_1"), timezone.localdate()
    refused(lambda: spend(cast, work, 1000, paid_on=today - timedelta(days=1)), "paling awal")
    refused(lambda: spend(cast, work, 1000, paid_on=today + timedelta(days=1)), "belum tiba")


def test_a_receipt_needs_a_photograph_of_its_own(cast):
    work = bring(cast, "received_1")
    refused(lambda: spend(cast, work, 1000, file=None), "Foto kuitansinya")
    first = spend(cast, work, 1000)
    refused(lambda: spend(cast, work, 1000, file=first.file), "kuitansi lain")
    receipts.void_receipt(by=cast.pokmas_head, receipt=first, why="Salah menulis jumlahnya")
    assert spend(cast, work, 2000, file=first.file)


def test_a_receipt_names_a_line_of_its_own_activity(cast):
    work = bring(cast, "received_1", cost=2_000_000)
    other = bring(cast, "running", cost=2_000_000)
    line = RabLine.objects.filter(activity=other.activity).first()
    refused(lambda: spend(cast, work, 1000, line=line), "bukan dari kegiatan ini")
    mine = work.activity.lines.first()
    assert spend(cast, work, mine.amount, line=mine).flags == ["sama_dengan_rab"]


def test_a_voided_receipt_gives_the_money_back_and_stays_in_the_books(cast):
    work = bring(cast, "received_1")
    row = spend(cast, work, 1_000_000, tax=10_000)
    refused(lambda: receipts.void_receipt(by=cast.pokmas_head, receipt=row, why="x"), "10 huruf")
    receipts.void_receipt(by=cast.pokmas_head, receipt=row, why="Salah menulis jumlahnya")
    assert standing(fresh(work)).cash == 6_000_000 and money(cast, work, "tax_owed") == 0
    assert Receipt.objects.get().state == "void" and audit(cast.city) == []
    refused(
        lambda: receipts.void_receipt(by=cast.pokmas_head, receipt=row, why="Sekali lagi, ya"),
        "tidak dapat dibatalkan",
    )


def test_a_receipt_whose_tax_is_paid_stays(cast):
    work = bring(cast, "received_1")
    row = spend(cast, work, 1_000_000, tax=10_000)
    deposit(cast, work, 10_000)
    refused(
        lambda: receipts.void_receipt(by=cast.pokmas_head, receipt=row, why="Salah menulis jumlah"),
        "sudah disetor",
    )


def deposit(cast, work, amount, ntpn=NTPN, by=None, paid_on=None):
    return receipts.deposit_tax(
        by=by or cast.pokmas_treasurer,
        work=work,
        amount=amount,
        ntpn=ntpn,
        paid_on=paid_on or timezone.localdate(),
    )


def test_tax_is_paid_from_the_cash_once_and_by_the_treasurer(cast):
    work = bring(cast, "received_1")
    spend(cast, work, 1_000_000, tax=50_000)
    with pytest.raises(PermissionDenied):
        deposit(cast, work, 50_000, by=cast.pokmas_head)
    refused(lambda: deposit(cast, work, 50_001), "paling banyak")
    refused(lambda: deposit(cast, work, 50_000, ntpn="123"), "16 huruf")
    yesterday = timezone.localdate() - timedelta(days=1)
    refused(lambda: deposit(cast, work, 50_000, paid_on=yesterday), "paling awal")
    deposit(cast, work, 30_000)
    refused(lambda: deposit(cast, work, 20_000), "sudah dicatat")
    deposit(cast, work, 20_000, ntpn=NTPN[::-1])
    assert money(cast, work, "tax_owed") == 0
    assert money(cast, work, "cash_pokmas") == 5_000_000


@pytest.mark.fault("attack-22")
def test_whoever_sends_an_spj_twice_is_told_that_it_is_there(cast):
    work = bring(cast, "spent_1")
    row = tranche(work, 1)
    receipts.submit_spj(by=cast.pokmas_head, tranche=row)
    told = "SPJ pencairan 1 sudah diajukan dengan 2 kuitansi."
    refused(lambda: receipts.submit_spj(by=cast.pokmas_head, tranche=row), told)


def test_an_ntpn_is_one_number_however_it_is_typed(cast):
    work = bring(cast, "received_1")
    spend(cast, work, 1_000_000, tax=50_000)
    deposit(cast, work, 10_000, ntpn="a1b2 c3d4 e5f6 g7h8")
    refused(lambda: deposit(cast, work, 10_000), "sudah dicatat")


def test_an_spj_takes_its_receipts_along_and_comes_back(cast):
    work = bring(cast, "received_1")
    row = tranche(work, 1)
    refused(lambda: receipts.submit_spj(by=cast.pokmas_head, tranche=row), "Belum ada kuitansi")
    spend(cast, work, 2_000_000)
    receipts.submit_spj(by=cast.pokmas_head, tranche=row)
    assert Receipt.objects.get().state == "submitted"
    refused(lambda: spend(cast, work, 1000), "Belum ada uang")
    refused(lambda: receipts.return_spj(by=cast.ppk, tranche=row, why="kurang"), "10 huruf")
    receipts.return_spj(by=cast.ppk, tranche=row, why="Kuitansi semen tidak terbaca.")
    assert Receipt.objects.get().state == "kept"
    assert tranche(work, 1).back_why == "Kuitansi semen tidak terbaca."
    spend(cast, work, 1000)
    receipts.submit_spj(by=cast.pokmas_treasurer, tranche=row)
    stays = {"stays": 3_999_000, "stays_why": "Upah tukang dibayar minggu depan."}
    receipts.verify_spj(by=cast.ppk, tranche=row, **stays)
    assert money(cast, work, "accounted") == 2_001_000 and money(cast, work, "spent") == 0
    refused(lambda: receipts.verify_spj(by=cast.ppk, tranche=row), "berubah")


def test_a_payment_with_nothing_left_to_buy_is_accounted_for_once_all_is_built(cast, sign_in):
    work = bring(cast, "reported_50")
    paths.pay(cast, work, 2)
    row = tranche(work, 2)
    refused(lambda: receipts.submit_spj(by=cast.pokmas_head, tranche=row), "Belum ada kuitansi")
    client, path = sign_in(cast.pokmas_head), f"/uji/pekerjaan/{work.pk}/termin/2/spj/"
    assert "tanpa kuitansi" not in client.get(path).content.decode()
    paths.report(cast, work, 100)
    assert "Ajukan SPJ tanpa kuitansi" in client.get(path).content.decode()
    assert client.post(path, {"key": "kunci-kosong", "do": "submit"}).status_code == 302
    receipts.verify_spj(by=cast.ppk, tranche=row)
    assert tranche(work, 2).state == "accounted" and money(cast, work, "accounted") == 6_000_000
    for stop in ("inspected", "offered", "handed", "settled", "closed"):
        paths.finish(cast, stop, fresh(work))
    assert money(cast, work, "returned") == 4_000_000 and audit(cast.city) == []


def test_whoever_entered_a_receipt_never_accepts_the_spj(cast):
    work = bring(cast, "spj_1")
    row = tranche(work, 1)
    for person in (cast.lurah, cast.treasurer, cast.pokmas_head, cast.neighbour_lurah):
        with pytest.raises(PermissionDenied):
            receipts.verify_spj(by=person, tranche=row)
    cast.seat(cast.pokmas_treasurer, "ppk", cast.kelurahan)
    with pytest.raises(PermissionDenied):
        receipts.verify_spj(by=cast.pokmas_treasurer, tranche=row)


def test_evidence_of_a_receipt_is_in_the_record(cast):
    work = bring(cast, "received_1")
    row = spend(cast, work, 1000)
    assert Act.objects.get(act="receipt.added").detail["evidence"] == [row.file.sha256]
    assert paths.tranche(work, 1).receipts.count() == 1
