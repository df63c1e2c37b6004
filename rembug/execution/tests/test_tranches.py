"""Money to the pokmas: every gate, every number, every pair of hands."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Tranche
from rembug.execution.services import tranches
from rembug.execution.services.holds import hold_work
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, fresh, pay, tranche
from rembug.ledger.services import audit, balance
from rembug.people.models import Act
from rembug.programs.models import RuleSet


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


def test_no_money_before_the_first_report(cast):
    work = bring(cast, "running")
    refused(
        lambda: tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(work, 1)),
        "Laporan 0% disetujui",
    )


def test_the_second_tranche_tells_every_shut_gate_at_once(cast):
    work = bring(cast, "received_1")
    paths.spend(cast, work, 1_000_000, tax=50_000)
    with pytest.raises(Refused) as said:
        tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(work, 2))
    told = " ".join(said.value.reasons)
    assert len(said.value.reasons) == 3
    assert "Laporan 50%" in told and "SPJ pencairan sebelumnya" in told and "Rp50.000" in told


def test_the_second_tranche_waits_until_the_first_has_come(cast):
    work = bring(cast, "paid_1")
    refused(
        lambda: tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(work, 2)),
        "Pencairan sebelumnya sudah diterima",
    )


@pytest.mark.parametrize("upto", ["billed", "verified", "ordered"])
def test_a_hold_stops_the_money_at_every_desk(cast, upto):
    """Also where the rulebook names no such gate."""
    work = bring(cast, "reported_0")
    row = pay(cast, work, 1, upto=upto)
    hold_work(by=cast.kecamatan_team, work=work, why="temuan pemeriksaan 3")
    following = {
        "billed": lambda: tranches.verify_tranche(by=cast.ppk, tranche=row),
        "verified": lambda: tranches.order_tranche(by=cast.lurah, tranche=row, number="1/26"),
        "ordered": lambda: tranches.pay_tranche(by=cast.finance_office, tranche=row, number="1/26"),
    }[upto]
    refused(following, "temuan pemeriksaan 3")


def test_each_step_needs_its_own_office(cast):
    work = bring(cast, "reported_0")
    steps = [
        ("requested", lambda p, r: tranches.request_tranche(by=p, tranche=r)),
        ("billed", lambda p, r: tranches.bill_tranche(by=p, tranche=r, number="77/26")),
        ("verified", lambda p, r: tranches.verify_tranche(by=p, tranche=r)),
        ("ordered", lambda p, r: tranches.order_tranche(by=p, tranche=r, number="77/26")),
        ("paid", lambda p, r: tranches.pay_tranche(by=p, tranche=r, number="77/26")),
        (
            "received",
            lambda p, r: tranches.confirm_received(by=p, tranche=r, bank_date=timezone.localdate()),
        ),
    ]
    for state, act in steps:
        row = tranche(work, 1)
        for person in (cast.ekbang, cast.rt_head, cast.neighbour_lurah, cast.auditor):
            with pytest.raises(PermissionDenied):
                act(person, row)
        pay(cast, work, 1, upto=state)


@pytest.mark.parametrize(
    ("upto", "doer", "role"),
    [
        ("billed", "treasurer", "ppk"),
        ("verified", "treasurer", "lurah"),
        ("verified", "ppk", "lurah"),
        ("ordered", "lurah", "finance_office"),
        ("requested", "pokmas_treasurer", "treasurer"),
    ],
)
def test_nobody_does_two_steps_of_one_payment(cast, upto, doer, role):
    work = bring(cast, "reported_0")
    if upto == "requested":
        tranches.request_tranche(by=cast.pokmas_treasurer, tranche=tranche(work, 1))
    row = pay(cast, work, 1, upto=upto)
    person = cast.people[doer]
    cast.seat(person, role, cast.top if role == "finance_office" else cast.kelurahan)
    act = {
        "ppk": lambda: tranches.verify_tranche(by=person, tranche=row),
        "lurah": lambda: tranches.order_tranche(by=person, tranche=row, number="7/26"),
        "finance_office": lambda: tranches.pay_tranche(by=person, tranche=row, number="7/26"),
        "treasurer": lambda: tranches.bill_tranche(by=person, tranche=row, number="7/26"),
    }[role]
    with pytest.raises(PermissionDenied) as said:
        act()
    assert "orang lain" in str(said.value)


def test_a_payment_is_made_once(cast):
    work = bring(cast, "paid_1")
    row = tranche(work, 1)
    refused(
        lambda: tranches.pay_tranche(by=cast.finance_office, tranche=row, number="9/26"), "berubah"
    )
    assert balance(None, "cash_pokmas", cast.rt, work.activity_id) == 6_000_000
    assert balance(None, "ordered", cast.rt, work.activity_id) == 0


@pytest.mark.parametrize("field", ["spp_no", "spm_no", "sp2d_no"])
def test_numbers_of_payment_papers_are_used_once(cast, field):
    first = bring(cast, "paid_1", cost=2_000_000)
    number = getattr(tranche(first, 1), field)
    second = bring(cast, "reported_0", cost=2_000_000)
    upto = {"spp_no": "requested", "spm_no": "verified", "sp2d_no": "ordered"}[field]
    row = pay(cast, second, 1, upto=upto)
    act = {
        "spp_no": lambda: tranches.bill_tranche(by=cast.treasurer, tranche=row, number=number),
        "spm_no": lambda: tranches.order_tranche(by=cast.lurah, tranche=row, number=number),
        "sp2d_no": lambda: tranches.pay_tranche(by=cast.finance_office, tranche=row, number=number),
    }[field]
    refused(act, "sudah dipakai")


@pytest.mark.parametrize(("days", "word"), [(1, "belum tiba"), (-1, "paling awal")])
def test_the_bank_day_lies_between_payment_and_today(cast, days, word):
    row = tranche(bring(cast, "paid_1"), 1)
    day = timezone.localdate() + timedelta(days=days)
    refused(
        lambda: tranches.confirm_received(by=cast.pokmas_treasurer, tranche=row, bank_date=day),
        word,
    )


def test_the_spj_has_a_deadline_in_working_days(cast):
    row = tranche(bring(cast, "received_1"), 1)
    assert row.spj_due_on > row.received_on + timedelta(days=30)


@pytest.mark.parametrize(
    ("upto", "who"), [("requested", "treasurer"), ("billed", "ppk"), ("verified", "lurah")]
)
def test_a_request_goes_back_with_a_reason_and_starts_again(cast, upto, who):
    work = bring(cast, "reported_0")
    row = pay(cast, work, 1, upto=upto)
    with pytest.raises(PermissionDenied):
        tranches.send_back(by=cast.ekbang, tranche=row, why="Nomor rekening salah ketik")
    refused(lambda: tranches.send_back(by=cast.people[who], tranche=row, why="salah"), "10 huruf")
    tranches.send_back(by=cast.people[who], tranche=row, why="Nomor rekening salah ketik")
    row = tranche(work, 1)
    assert (row.state, row.spp_no, row.back_why) == ("planned", "", "Nomor rekening salah ketik")
    assert pay(cast, work, 1).state == "received"


@pytest.mark.parametrize("upto", ["ordered", "paid", "received"])
def test_ordered_money_does_not_go_back(cast, upto):
    work = bring(cast, "reported_0")
    row = pay(cast, work, 1, upto=upto)
    refused(
        lambda: tranches.send_back(by=cast.lurah, tranche=row, why="Terlambat dikembalikan"),
        "berubah",
    )
    assert Tranche.objects.get(pk=row.pk).state == upto


def test_by_advance_the_money_passes_the_kelurahan(cast):
    book = cast.year.rule_set.book | {"method": "TU"}
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(book=book, digest="tu".ljust(64, "0"))
    work = bring(cast, "paid_1")
    assert balance(None, "cash_kelurahan", cast.rt, work.activity_id) == 6_000_000
    assert standing(fresh(work)).cash == 0
    pay(cast, work, 1)
    assert standing(fresh(work)).cash == 6_000_000
    assert audit(cast.city) == []


def test_the_checker_ticks_every_required_paper(cast, sign_in):
    book = deepcopy(cast.year.rule_set.book)
    book["papers"] = [{"code": "permohonan", "title": "Surat permohonan"}]
    book["required"] = {"tranche": ["permohonan"]}
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(book=book, digest="pap".ljust(64, "0"))
    work = bring(cast, "billed_1")
    row = tranche(work, 1)
    refused(lambda: tranches.verify_tranche(by=cast.ppk, tranche=row), "Surat permohonan")
    client, path = sign_in(cast.ppk), f"/uji/pekerjaan/{work.pk}/termin/1/"
    assert "Surat permohonan" in client.get(path).content.decode()
    data = {"key": "kunci-surat", "do": "tranche.verify"}
    assert client.post(path, data).status_code == 422
    assert client.post(path, data | {"papers": ["permohonan"]}).status_code == 302
    assert Act.objects.get(act="tranche.verified").detail["papers"] == ["permohonan"]
