"""A wrong name can be corrected by whoever appoints there, with a reason; never one's own."""

import pytest
from django.core.exceptions import PermissionDenied

from rembug.core.refusal import Refused
from rembug.people.models import Act
from rembug.people.sending import new_key
from rembug.people.services import correct_name

pytestmark = pytest.mark.fault("item-10")


def test_a_name_is_corrected_and_the_record_says_why(cast):
    office = cast.rt_head.offices.get()
    fixed = correct_name(by=cast.camat, office=office, name="  Slamet   Riyadi ", why="Menurut KTP")
    assert fixed.name == "Slamet Riyadi"
    line = Act.objects.get(act="person.renamed")
    assert line.why == "Menurut KTP" and "Slamet" not in str(line.detail)


@pytest.mark.parametrize("name", ["Slamet", "Ma’ruf", "Ꞁanto", "王小明", "D'Arcy", "S"])
def test_names_of_one_word_of_every_script_are_names(cast, name):
    told = {"office": cast.rt_head.offices.get(), "why": "Menurut KTP"}
    assert correct_name(by=cast.camat, name=name, **told).name == name


@pytest.mark.parametrize(
    ("name", "why", "fields"),
    [
        ("", "", ["name", "why"]),
        ("3571020101900001", "Menurut KTP", ["name"]),
        ("Budi 3571.0201.0190.0001", "Menurut KTP", ["name"]),
        ("Rt Head", "Menurut KTP", ["name"]),
        ("x" * 121, "Menurut KTP", ["name"]),
    ],
)
def test_every_reason_against_a_name_comes_at_its_field(cast, name, why, fields):
    with pytest.raises(Refused) as refused:
        correct_name(by=cast.camat, office=cast.rt_head.offices.get(), name=name, why=why)
    assert [one.field for one in refused.value.reasons] == fields


def test_nobody_corrects_their_own_name_nor_above_themselves(cast):
    told = {"name": "Lain Sekali", "why": "Menurut KTP"}
    with pytest.raises(Refused, match="Anda sendiri"):
        correct_name(by=cast.camat, office=cast.camat.offices.get(), **told)
    for by in (cast.lurah, cast.rt_head, cast.auditor):
        with pytest.raises(PermissionDenied):
            correct_name(by=by, office=cast.rt_head.offices.get(), **told)
    office = cast.seat(cast.rt_head, "auditor", cast.top)
    with pytest.raises(Refused, match="di luar wewenang"):
        correct_name(by=cast.camat, office=cast.rt_head.offices.exclude(pk=office.pk).get(), **told)


def test_the_page_keeps_what_was_typed(cast, sign_in):
    client, office = sign_in(cast.camat), cast.rt_head.offices.get()
    path = f"/uji/jabatan/{office.pk}/nama/"
    refused = client.post(path, {"key": new_key(), "name": "Slamet R", "why": ""})
    assert refused.status_code == 422 and 'value="Slamet R"' in refused.content.decode()
    made = client.post(path, {"key": new_key(), "name": "Slamet R", "why": "Salah ketik"})
    assert made.status_code == 302 and "Slamet R" in client.get("/uji/jabatan/").content.decode()
