"""Forming and confirming a pokmas, and its contract: by effect, each guard broken once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Pokmas, Tranche, Work
from rembug.execution.rules import WorkState
from rembug.execution.seats import MemberRole, Seat
from rembug.execution.services import contracts
from rembug.execution.services import pokmas as groups
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, budgeted, confirmed, formed, fresh, prepare
from rembug.ledger.services import balance
from rembug.people.models import Act, DeskItem, Office, Person


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


def test_a_pokmas_waits_for_the_camat_and_then_its_officers_hold_office(cast):
    pokmas = formed(cast)
    assert len(pokmas.first_passwords) == 4
    assert not Office.objects.filter(body=pokmas.pk).exists()
    assert DeskItem.objects.get(closed_at=None).act == "pokmas.confirm"
    with pytest.raises(PermissionDenied):
        groups.confirm_pokmas(
            by=cast.ekbang, pokmas=pokmas, decree_no="1/2026", decree_on=timezone.localdate()
        )
    pokmas = groups.confirm_pokmas(
        by=cast.camat, pokmas=pokmas, decree_no="1/2026", decree_on=timezone.localdate()
    )
    assert paths.offices_in(pokmas) == {
        "pokmas_head",
        "pokmas_secretary",
        "pokmas_treasurer",
        "pokmas_supervisor",
    }
    assert not DeskItem.objects.filter(closed_at=None).exists()
    assert list(Act.objects.values_list("act", flat=True)) == ["pokmas.formed", "pokmas.confirmed"]


def test_a_new_officer_must_change_the_first_password(cast):
    formed(cast)
    person = Person.objects.get(login="pokmas_head")
    assert person.must_change_password and person.name == "Bu Ketua"


def test_one_account_is_for_one_pokmas_however_it_is_written(cast):
    formed(cast)
    refused(lambda: formed(cast, name="Pokmas Dua", account="001-234 5678", suffix="2"), "dipakai")
    refused(lambda: formed(cast, account="77777777", suffix="2"), "sudah ada pokmas bernama itu")


@pytest.mark.parametrize("role", ["lurah", "ppk", "treasurer", "ekbang"])
def test_whoever_decides_or_pays_sits_in_no_pokmas(cast, role):
    seats = [*paths.SEATS[:2], Seat(MemberRole.TREASURER, "", role), paths.SEATS[3]]
    refused(
        lambda: groups.form_pokmas(
            by=cast.ekbang,
            unit=cast.kelurahan,
            name="Pokmas Satu",
            address="Jalan 1",
            bank="Bank",
            account_no="12345678",
            account_holder="Pokmas Satu",
            seats=seats,
        ),
        "Pilih orang lain",
    )
    assert not Pokmas.objects.exists()


def test_an_officer_who_became_lurah_meanwhile_is_not_confirmed(cast):
    pokmas = formed(cast)
    cast.seat(Person.objects.get(login="pokmas_head"), "lurah", cast.kelurahan)
    today = timezone.localdate()
    refused(
        lambda: groups.confirm_pokmas(
            by=cast.camat, pokmas=pokmas, decree_no="1/26", decree_on=today
        ),
        "Ganti orang itu",
    )
    assert Pokmas.objects.get().state == "formed"


def test_a_decree_needs_its_number_and_a_day_that_has_come(cast):
    pokmas = formed(cast)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused) as said:
        groups.confirm_pokmas(by=cast.camat, pokmas=pokmas, decree_no="", decree_on=tomorrow)
    assert len(said.value.reasons) == 2
    with pytest.raises(Refused, match="paling awal"):
        groups.confirm_pokmas(
            by=cast.camat, pokmas=pokmas, decree_no="1/2026", decree_on=date(1999, 1, 1)
        )


def test_only_the_kelurahan_forms_its_pokmas(cast):
    for person in (cast.lurah, cast.neighbour_ekbang, cast.rt_head):
        with pytest.raises(PermissionDenied):
            groups.form_pokmas(
                by=person,
                unit=cast.kelurahan,
                name="P",
                address="J",
                bank="B",
                account_no="123456",
                account_holder="P",
                seats=paths.SEATS,
            )


def test_a_contract_needs_a_confirmed_pokmas_of_the_kelurahan(cast):
    activity, pokmas = budgeted(cast), formed(cast)
    refused(lambda: prepare(cast, activity, pokmas=pokmas), "belum disahkan")
    activity.lines.all().delete()
    refused(lambda: prepare(cast, activity), "RAB")
    assert not Work.objects.exists()


def test_a_contract_is_only_for_money_that_is_budgeted(cast):
    activity = budgeted(cast)
    activity.stage = "checked"
    activity.save()
    refused(lambda: prepare(cast, activity), "sudah masuk DPA")


def test_a_contract_number_is_used_once(cast):
    work = bring(cast, "prepared", cost=1_000_000)
    refused(
        lambda: prepare(cast, budgeted(cast, cost=1_000_000), contract_no=work.contract_no),
        "sudah dipakai",
    )


def test_a_contract_is_not_older_than_the_budget(cast):
    day = timezone.localdate() - timedelta(days=31)
    refused(
        lambda: prepare(cast, budgeted(cast), contract_on=day, starts_on=day),
        "Tanggal kontrak paling awal",
    )


def test_a_cost_too_small_to_divide_is_refused_in_words(cast):
    refused(lambda: prepare(cast, budgeted(cast, cost=1)), "terlalu kecil untuk dibagi")


def test_whoever_sits_in_the_pokmas_does_not_prepare_its_contract(cast):
    activity, pokmas = budgeted(cast), confirmed(cast)
    cast.seat(cast.pokmas_secretary, "ekbang", cast.kelurahan)
    told = {"contract_no": "1/K/2026", "starts_on": timezone.localdate(), "points": paths.POINTS}
    told |= {"contract_on": timezone.localdate(), "ends_on": date(activity.year, 12, 31)}
    refused(
        lambda: contracts.prepare_work(
            by=cast.pokmas_secretary, activity=activity, pokmas=pokmas, **told
        ),
        "Anda anggota Pokmas Guyub",
    )
    assert not Work.objects.exists()


def test_approval_commits_the_money_and_makes_the_tranches(cast):
    work = bring(cast, "running", cost=9_999_999)
    assert [t.amount for t in Tranche.objects.filter(work=work)] == [5_999_999, 4_000_000]
    assert balance(None, "committed", cast.rt, work.activity_id) == 9_999_999
    assert balance(None, "reserved", cast.rt, work.activity_id) == 0
    assert work.activity.stage == "contracted"


def test_a_contract_comes_back_and_is_mended(cast):
    work = bring(cast, "signed")
    refused(lambda: contracts.return_contract(by=cast.lurah, work=work, why="salah"), "10 huruf")
    why = "Tanggal selesainya terlalu mepet."
    contracts.return_contract(by=cast.lurah, work=work, why=why)
    assert DeskItem.objects.get(closed_at=None).act == "contract.prepare"
    refused(lambda: contracts.sign_contract(by=cast.pokmas_head, work=work), "diperbaiki")
    work = prepare(cast, work.activity)
    assert work.back_why == "" and Work.objects.count() == 1
    contracts.sign_contract(by=cast.pokmas_head, work=work)
    assert fresh(work).state == WorkState.SIGNED


def test_only_its_head_signs_and_only_the_lurah_approves(cast):
    work = bring(cast, "prepared")
    confirmed(cast, name="Pokmas Lain", account="99999999", suffix="2")
    for person in (cast.pokmas_treasurer, cast.pokmas_head2, cast.lurah, cast.neighbour):
        with pytest.raises(PermissionDenied):
            contracts.sign_contract(by=person, work=work)
    refused(lambda: contracts.approve_contract(by=cast.lurah, work=work), "sudah berubah")
    contracts.sign_contract(by=cast.pokmas_head, work=work)
    for person in (cast.ekbang, cast.neighbour_lurah, cast.pokmas_head):
        with pytest.raises(PermissionDenied):
            contracts.approve_contract(by=person, work=work)


def test_whoever_signed_or_sits_in_the_pokmas_never_approves(cast):
    work = bring(cast, "signed")
    cast.seat(cast.pokmas_head, "lurah", cast.kelurahan)
    with pytest.raises(PermissionDenied):
        contracts.approve_contract(by=cast.pokmas_head, work=work)
    cast.seat(cast.pokmas_secretary, "lurah", cast.kelurahan)
    with pytest.raises(PermissionDenied) as said:
        contracts.approve_contract(by=cast.pokmas_secretary, work=work)
    assert "anggota pokmas" in str(said.value)


def test_who_prepared_a_contract_never_approves_it(cast):
    work = bring(cast, "signed")
    cast.seat(cast.ekbang, "lurah", cast.kelurahan)
    with pytest.raises(PermissionDenied):
        contracts.approve_contract(by=cast.ekbang, work=work)


def test_the_record_keeps_the_rule_version(cast):
    work = bring(cast, "running")
    lines = Act.objects.filter(about=work.about)
    assert {line.rule for line in lines} == {cast.year.rule}
    assert list(lines.values_list("act", flat=True)) == [
        "contract.prepared",
        "contract.signed",
        "contract.approved",
    ]
