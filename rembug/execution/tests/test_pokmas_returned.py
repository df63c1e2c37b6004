"""The camat gives a pokmas back; the kelurahan mends it and sends it again; nothing is lost."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Pokmas
from rembug.execution.seats import MemberRole, Seat, seat_faults
from rembug.execution.services import pokmas as groups
from rembug.execution.services.pokmas import form_pokmas, mend_pokmas, return_pokmas, seat_of
from rembug.execution.tests import paths
from rembug.execution.tests.paths import confirmed, formed
from rembug.people.models import Act, DeskItem, Office, Person
from rembug.people.sending import new_key

WHY = "Bendahara masih saudara lurah. Pilih orang lain."


def given_back(cast):
    return groups.return_pokmas(by=cast.camat, pokmas=formed(cast), why=f" {WHY} ")


def mend(cast, pokmas, **given):
    told = {
        "name": pokmas.name,
        "address": pokmas.address,
        "bank": pokmas.bank,
        "account_no": pokmas.account_no,
        "account_holder": pokmas.account_holder,
        "seats": [*paths.SEATS[:2], Seat(MemberRole.TREASURER, "Bu Baru"), paths.SEATS[3]],
    } | given
    return groups.mend_pokmas(by=cast.ekbang, pokmas=pokmas, **told)


def waiting():
    return list(DeskItem.objects.filter(closed_at=None).values_list("act", "unit__kind", "path"))


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


def test_it_goes_back_to_the_desk_of_the_kelurahan_with_the_reason(cast):
    pokmas = given_back(cast)
    assert (pokmas.state, pokmas.back_why) == ("returned", WHY)
    assert Act.objects.get(act="pokmas.returned").why == WHY
    assert waiting() == [("pokmas.form", "kelurahan", f"pokmas/{pokmas.pk}/perbaiki/")]
    assert not Office.objects.filter(body=pokmas.pk).exists()


def test_mended_it_waits_for_the_camat_again_and_keeps_what_was(cast):
    pokmas = given_back(cast)
    before = list(pokmas.members.values_list("pk", "name"))
    pokmas = mend(cast, pokmas, address="Jalan Melati 2")
    assert (pokmas.state, pokmas.back_why, pokmas.address) == ("formed", "", "Jalan Melati 2")
    assert waiting() == [("pokmas.confirm", "kecamatan", f"pokmas/{pokmas.pk}/sahkan/")]
    assert set(before) < set(pokmas.members.values_list("pk", "name"))
    left = pokmas.members.get(left_on=timezone.localdate())
    assert left.name == "Pak Bendahara" and left.person.login == "pokmas_treasurer"
    assert [m.name for m in pokmas.sitting] == [
        "Bu Ketua",
        "Bu Sekretaris",
        "Pak Pengawas",
        "Bu Baru",
    ]
    assert [login for _name, login, _pass in pokmas.first_passwords] == ["bu.baru"]
    line = Act.objects.get(act="pokmas.mended")
    assert line.detail["before"] == {"address": "Jalan Melati 1"}
    assert line.detail["after"] == {"address": "Jalan Melati 2"}
    assert "Pak" not in str(line.detail)


def test_only_those_who_sit_now_get_their_office(cast):
    pokmas = mend(cast, given_back(cast))
    day = timezone.localdate()
    groups.confirm_pokmas(by=cast.camat, pokmas=pokmas, decree_no="188/7/2026", decree_on=day)
    seated = Office.objects.filter(body=pokmas.pk).values_list("person__login", flat=True)
    assert set(seated) == {"pokmas_head", "pokmas_secretary", "bu.baru", "pokmas_supervisor"}


def test_who_left_may_come_back(cast):
    pokmas = mend(cast, given_back(cast))
    groups.return_pokmas(by=cast.camat, pokmas=pokmas, why=WHY)
    pokmas = mend(cast, pokmas, seats=paths.SEATS)
    assert pokmas.first_passwords == [] and pokmas.sitting.count() == 4
    assert pokmas.members.count() == 6
    assert Person.objects.filter(login="pokmas_treasurer").count() == 1


def test_every_rule_of_forming_holds_for_mending_too(cast):
    confirmed(cast, name="Pokmas Lain", account="9999999999", suffix="2")
    pokmas = given_back(cast)
    refused(lambda: mend(cast, pokmas, account_no="99-9999 9999"), "dipakai Pokmas Lain")
    refused(lambda: mend(cast, pokmas, name="pokmas lain"), "sudah ada pokmas bernama itu")
    refused(lambda: mend(cast, pokmas, seats=paths.SEATS[:3]), "sebagai pengawas")
    refused(lambda: mend(cast, pokmas, seats=paths.SEATS[:3], bank=""), "nama bank")
    assert Pokmas.objects.get(pk=pokmas.pk).state == "returned"


def test_each_step_once_and_by_its_own_office(cast):
    pokmas = formed(cast)
    refused(lambda: groups.return_pokmas(by=cast.camat, pokmas=pokmas, why="x"), "alasannya")
    for who in (cast.ekbang, cast.lurah, cast.neighbour_lurah):
        with pytest.raises(PermissionDenied):
            groups.return_pokmas(by=who, pokmas=pokmas, why=WHY)
    refused(lambda: mend(cast, pokmas), "sudah berubah")
    groups.return_pokmas(by=cast.camat, pokmas=pokmas, why=WHY)
    refused(lambda: groups.return_pokmas(by=cast.camat, pokmas=pokmas, why=WHY), "sudah berubah")
    day = timezone.localdate()
    refused(
        lambda: groups.confirm_pokmas(
            by=cast.camat, pokmas=pokmas, decree_no="1/2026", decree_on=day
        ),
        "sudah berubah",
    )
    for who in (cast.camat, cast.neighbour_ekbang):
        with pytest.raises(PermissionDenied):
            groups.mend_pokmas(by=who, pokmas=pokmas, seats=[], **groups.terms_of(pokmas))


def test_the_camat_does_not_judge_a_pokmas_they_sit_in(cast):
    pokmas = formed(cast)
    pokmas.members.create(city=cast.city, role="member", name="Camat", person=cast.camat)
    with pytest.raises(PermissionDenied, match="anggota pokmas"):
        groups.return_pokmas(by=cast.camat, pokmas=pokmas, why=WHY)


def test_the_way_back_is_walked_on_pages(cast, sign_in):
    pokmas = formed(cast)
    confirm, own = f"/uji/pokmas/{pokmas.pk}/sahkan/", f"/uji/pokmas/{pokmas.pk}/"
    camat = sign_in(cast.camat)
    assert camat.post(confirm, {"key": new_key(), "do": "back", "why": ""}).status_code == 422
    assert camat.post(confirm, {"key": new_key(), "do": "back", "why": WHY}).status_code == 302
    ekbang = sign_in(cast.ekbang)
    assert WHY in ekbang.get(own).content.decode()
    page = ekbang.get(own + "perbaiki/").content.decode()
    assert WHY in page and 'value="Pak Bendahara"' in page and 'value="0012345678"' in page
    data = {"key": new_key(), "name": "Pokmas Guyub", "account_holder": "Pokmas Guyub"}
    data |= {"address": "Jalan 1", "bank": "Bank Uji", "account_no": "0012345678"}
    for seat in paths.SEATS:
        data |= {f"{seat.role}_name": seat.name, f"{seat.role}_login": seat.login}
    wrong = ekbang.post(own + "perbaiki/", data | {"bank": ""})
    assert wrong.status_code == 422 and "Tulis nama bank" in wrong.content.decode()
    sent = ekbang.post(
        own + "perbaiki/", data | {"treasurer_name": "Bu Baru", "treasurer_login": ""}
    )
    assert sent.status_code == 200 and "tampil sekali" in sent.content.decode()
    assert ekbang.get(own + "perbaiki/").status_code == 302
    assert "Pak Bendahara" not in sign_in(cast.camat).get(confirm).content.decode()


# ---- people of one name ----------------------------------------------------------------------


@pytest.mark.fault("item-10")
def test_two_of_one_name_sit_in_one_pokmas_when_it_is_said_how_they_differ(cast):
    terms = {
        "name": "Pokmas Jum'at Berkah",
        "address": "Jalan 3",
        "bank": "Bank Uji",
        "account_no": "0011223344",
        "account_holder": "POKMAS JUMAT BERKAH",
    }
    officers = [Seat("head", "Slamet"), Seat("secretary", "Rina"), Seat("treasurer", "Joko")]
    seats = [
        *officers,
        Seat("supervisor", "Budi"),
        Seat("member", "SLAMET"),
        Seat("member", "Slamet"),
    ]
    told = {"by": cast.ekbang, "unit": cast.kelurahan, "seats": seats, **terms}
    with pytest.raises(Refused, match="tercantum dua kali") as refused:
        form_pokmas(**told)
    assert [one.field for one in refused.value.reasons] == ["namesakes"]
    made = form_pokmas(**told, namesakes="Ketua di Gang 1, dua anggota di Gang 4 dan 5.")
    assert made.members.filter(name__iexact="slamet").count() == 3
    # Mending keeps each of them, and takes in one more of the name.
    return_pokmas(by=cast.camat, pokmas=made, why="Alamatnya belum lengkap.")
    told |= {
        "seats": [*map(seat_of, made.sitting.select_related("person")), Seat("member", "Slamet")]
    }
    del told["unit"]
    mended = mend_pokmas(pokmas=made, **told, namesakes="Ketua Gang 1, anggota Gang 4, 5, 6.")
    assert mended.sitting.filter(name__iexact="slamet").count() == 4
    assert mended.members.filter(left_on=None).count() == 7


@pytest.mark.fault("item-10", "report-05")
def test_a_nik_is_no_member(cast):
    seats = [Seat("head", "Siti"), Seat("secretary", "Rina"), Seat("treasurer", "Joko")]
    seats += [Seat("supervisor", "Budi"), Seat("member", "Tono 3571.0201.0190.0001")]
    assert any("tanpa NIK" in fault for fault in seat_faults(seats, 4, 10))
