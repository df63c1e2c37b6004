"""Every field of every form in which a number is typed goes through the one reader."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from django import forms

from rembug.core.forms import CountField, KeyField, NumberField, RupiahField, VolumeField
from rembug.core.tests.test_numbers import CELLS
from rembug.programs.pack.files import Folder, Row

pytestmark = pytest.mark.fault("numbers", "report-06", "report-07", "screen-A23", "item-5")

CODE = Path(__file__).resolve().parent.parent / "rembug"
SOURCES = [p for p in CODE.rglob("*.py") if not {"tests", "migrations"} & set(p.parts)]
BARE = {"IntegerField", "FloatField", "DecimalField", "NumberInput"}

# Calls of int() and float() in forms and views: what they read was not typed by a person.
NOT_TYPED = {
    "int(receipt.thing.rpartition(':')[2])",
    "int(sending.thing.partition(':')[2])",
    "int(key)",
    "int(row['percent'])",
    # An RT or RW inside the name of a place.
    "int(numbers.get('rw', 0))",
    "int(numbers['rt'])",
}


def every_form() -> list[type[forms.BaseForm]]:
    for path in SOURCES:
        if "forms." in path.read_text():
            parts = path.relative_to(CODE.parent).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
    found, waiting = [], [forms.BaseForm]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("rembug."):
            found.append(one)
    return sorted(set(found), key=lambda form: (form.__module__, form.__name__))


FORMS = every_form()
NUMBERS = [
    pytest.param(form, name, id=f"{form.__module__.split('.')[1]}.{form.__name__}.{name}")
    for form in FORMS
    for name, field in form.base_fields.items()
    if isinstance(field, NumberField) and not isinstance(field, KeyField)
]


def test_the_walk_meets_the_forms():
    names = {form.__name__ for form in FORMS}
    assert {"HoldForm", "LineForm", "ReceiptForm", "OpenYearForm", "TaxForm"} <= names
    assert len(NUMBERS) >= 10


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_no_form_has_a_number_field_of_django(form):
    bare = (forms.IntegerField, forms.FloatField, forms.DecimalField)
    assert not [n for n, field in form.base_fields.items() if isinstance(field, bare)]


@pytest.mark.parametrize(("form", "name"), NUMBERS)
def test_every_number_field_reads_the_same_table(form, name):
    field = form.base_fields[name]
    kinds = {RupiahField: "rupiah", VolumeField: "volume", CountField: "count"}
    kind = next(kinds[one] for one in type(field).mro() if one in kinds)
    low, high = getattr(field, "low", 0), getattr(field, "high", 10**15)
    for text, of, right in CELLS:
        if of != kind or not text or len(text) > 24:
            continue
        fits = isinstance(right, int) and (kind != "count" or low <= right <= high)
        if fits:
            assert field.clean(text) == right, text
        else:
            with pytest.raises(forms.ValidationError, match="[a-z]{4}"):
                field.clean(text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(CODE)))
def test_no_other_reader_is_built(path):
    """Neither a field of Django made while a form is made, nor a browser's own number field."""
    tree = ast.parse(path.read_text())
    if path.stem != "models":
        used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        named = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
        assert not BARE & (used | named)
    if path.stem == "forms" or "views" in path.parts or path.stem == "views":
        calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
        read = [ast.unparse(n) for n in calls if ast.unparse(n.func) in ("int", "float")]
        read = [one for one in read if not one.startswith("int(numbers.rupiah")]
        assert set(read) <= NOT_TYPED, "read it with core.numbers"


def test_no_template_asks_the_browser_for_a_number():
    """`type=number` shows 1.000 and sends 1."""
    for path in CODE.rglob("*.html"):
        assert not re.search("type=.?number", path.read_text()), path


@pytest.mark.parametrize("kind", ["rupiah", "count"])
def test_cells_of_a_city_folder_are_read_by_the_same_table(kind, tmp_path):
    for text, of, right in CELLS:
        if of != kind:
            continue
        folder = Folder(tmp_path)
        row = Row(folder, "harga/2026.csv", 7, {"harga": text})
        found = row.number("harga", 0, 10**15, money=kind == "rupiah")
        if isinstance(right, int):
            assert found == right and not folder.faults, text
        else:
            assert found is None, text
            assert str(folder.faults[0]).startswith("harga/2026.csv:7: kolom harga berisi"), text


def test_a_row_number_may_begin_with_zeros(tmp_path):
    row = Row(Folder(tmp_path), "wilayah.csv", 2, {"rt": "003", "kk": "003"})
    assert row.number("rt", 1, 999, named=True) == 3 and row.number("kk", 0, 999) is None
