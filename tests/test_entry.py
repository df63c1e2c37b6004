"""Where a number of somebody is typed its writer is told, at its field, and no act keeps a NIK."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.utils import timezone

import rembug
from rembug.core.forms import Careful
from rembug.core.refusal import Refused
from rembug.execution.commenting import comment_faults
from rembug.files.rules import clean_name
from rembug.planning.models import Activity, Meeting
from rembug.planning.rules import CostLine
from rembug.planning.services.lists import add_item
from rembug.planning.services.proposals import ActivityDraft, save_activity, start_proposal
from rembug.regions.scope import MACHINE_MADE, CityModel, refuse_niks

NIK, PHONE = "3571 0212 0390 0001", "0812-3456-7890"
# Signing in keeps nothing; the sample of the gallery is no page of a city.
NO_KEEPING = {"LoginForm", "PasswordForm", "SampleForm"}


def _forms() -> list[type[forms.BaseForm]]:
    for each in pkgutil.walk_packages(rembug.__path__, "rembug."):
        if each.name.endswith(".forms") or ".forms." in each.name:
            importlib.import_module(each.name)
    found, below = [], [forms.BaseForm]
    while below:
        kind = below.pop()
        below += kind.__subclasses__()
        if kind.__module__.startswith("rembug.") and ".tests" not in kind.__module__:
            found.append(kind)
    return found


@pytest.mark.fault("nik", "attack-6")
def test_every_form_is_careful():
    without = {
        kind.__name__
        for kind in _forms()
        if not issubclass(kind, Careful) and not kind.__name__.endswith("FormSet")
    }
    assert without <= NO_KEEPING, f"{without - NO_KEEPING}: build these on core.forms.Careful"


class Sample(Careful):
    in_house = frozenset({"inside"})
    numbers = frozenset({"account"})
    text = forms.CharField()
    inside = forms.CharField()
    account = forms.CharField()


@pytest.mark.fault("nik", "attack-6")
def test_a_form_tells_by_the_kind_of_its_field():
    told = Sample({"text": f"Hubungi {PHONE}", "inside": PHONE, "account": "1234567890123456"})
    assert set(told.errors) == {"text"}
    told = Sample({"text": NIK, "inside": f"NIK {NIK}", "account": "12"})
    assert set(told.errors) == {"text", "inside"} and "NIK" in told.errors["inside"][0]
    assert Sample({"text": "Rp50.000.000, 28-11-2026", "inside": "x", "account": "1"}).is_valid()


@pytest.mark.fault("nik", "attack-6")
def test_no_act_keeps_a_nik_and_says_at_which_field(cast, prices):
    proposal = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    semen = prices["Semen 40 kg"]
    line = CostLine("", "", "bahan", 1000, semen.price, None, semen.pk)
    for field in ("name", "place", "volume", "swadaya_note", "off_list_reason"):
        words = {"name": "Saluran", "off_list_reason": "mendesak sekali"} | {field: f"Budi {NIK}"}
        with pytest.raises(Refused) as refused:
            save_activity(
                by=cast.rt_head,
                proposal=proposal,
                draft=ActivityDraft(field="infra", **words),
                lines=[line],
            )
        assert [getattr(each, "field", "") for each in refused.value.reasons] == [field]
    assert not Activity.objects.exists()


@pytest.mark.fault("nik")
def test_a_wish_and_a_cost_line_neither(cast, prices):
    with pytest.raises(Refused, match="NIK"):
        add_item(
            by=cast.rt_head,
            unit=cast.rt,
            field="infra",
            title=f"Bantuan {NIK}",
            year=cast.year.year,
            reason="sesudah banjir",
        )
    proposal = start_proposal(by=cast.rt_head, unit=cast.rt, program_year=cast.year)
    draft = ActivityDraft(field="infra", name="Saluran", off_list_reason="mendesak sekali")
    told = f"Toko A 50.000\nToko B 51.000\nToko C 52.000, Budi {NIK}"
    line = CostLine("Upah", "HOK", "upah", 1000, 50_000, quotes=told)
    with pytest.raises(Refused, match="NIK"):
        save_activity(by=cast.rt_head, proposal=proposal, draft=draft, lines=[line])


@pytest.mark.fault("nik", "attack-6")
def test_every_text_of_every_table_is_asked(cast):
    """A table made later is asked too: the question stands on the floor they all share."""
    for model in apps.get_models():
        if not model.__module__.startswith("rembug.") or not issubclass(model, CityModel):
            continue
        assert model.save is CityModel.save, f"{model.__name__} saves past the gate"
        for field in model._meta.concrete_fields:
            text = isinstance(field, models.CharField | models.TextField)
            if not text or field.name in MACHINE_MADE or (field.max_length or 99) < 16:
                continue
            if field.name in model.long_numbers:
                continue
            row = model(**{field.attname: NIK.replace(" ", "")})
            with pytest.raises(Refused) as refused:
                refuse_niks([row])
            assert refused.value.reasons[0].field == field.name  # type: ignore[attr-defined]


def test_an_account_may_have_sixteen_digits(cast):
    from rembug.execution.models import Pokmas

    made = Pokmas.objects.create(
        city=cast.city,
        unit=cast.kelurahan,
        name="Guyub",
        address="Jalan Satu",
        bank="BTN",
        account_no="0012345678901234",
        account_holder="Guyub",
        formed_on=timezone.localdate(),
    )
    assert made.pk and not Meeting.objects.exists()


def test_a_resident_is_told_what_must_not_be_read_by_all():
    assert comment_faults(f"Hubungi saya {PHONE}", "", 0)
    assert comment_faults("NIK saya 3571 0112 3456 7890", "", 0)
    assert not comment_faults("Paving 1.250 m2 seharga Rp50.000.000 sejak 28-11-2026", "Budi", 0)


def test_the_name_of_a_file_loses_them():
    assert clean_name("ktp 3571021203900001.jpg") == "ktp [nomor disamarkan].jpg"
    assert clean_name("IMG_20261128_060012.jpg") == "IMG_20261128_060012.jpg"
