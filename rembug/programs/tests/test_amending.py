"""A rule set amended in the year: from its day for what comes after, and said in words when it is loaded."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from rembug.files.services import store_document
from rembug.people.models import Act, Office, Person
from rembug.programs.bookchecks import read_book
from rembug.programs.differences import differences
from rembug.programs.models import Program, ProgramYear, RuleSet
from rembug.programs.services import open_year, rules_for
from rembug.programs.tests.conftest import SHARED, TIERED, plain_book
from rembug.programs.tests.test_open_year import pdf
from rembug.regions.models import City, Unit

pytestmark = pytest.mark.fault("item-20")
TODAY = timezone.localdate()
FILE = "program/dana-rt.toml"


def amended(pack, *, day, version="A1", change=("max_percent = 50", "max_percent = 45"), head=""):
    """Append an amendment of the rules of dana-rt, from a day of this year."""
    shared = SHARED.replace(*change).replace("Perwali Andai 1/2026", "Perwali Andai 7/2026")
    ceiling = TIERED[TIERED.index("[ruleset.ceiling]") :]
    text = f'\n[[ruleset]]\nversion = "{version}"\nfirst_year = {TODAY.year}\n'
    text += f"valid_from = {day.isoformat()}\n{head}{shared}{ceiling}"
    pack.write(FILE, (pack.root / FILE).read_text() + text)


@pytest.fixture
def opened(pack, db):
    """The year of the invented city, opened under its first rules."""
    pack.edit(FILE, "first_year = 2025", f"first_year = {TODAY.year - 1}")
    pack.load()
    city = City.objects.get(slug="andai")
    with scope(city=city):
        root = Unit.objects.get(code=city.pk)
        officer = Person.objects.create(city=city, login="pem", name="Pem", password="!")
        Office.objects.create(
            city=city,
            person=officer,
            role="government_office",
            unit=root,
            decree_no="1",
            decree_on=TODAY,
            starts_on=TODAY - timedelta(days=400),
        )
        yield open_year(
            by=officer,
            program=Program.objects.get(code="dana-rt"),
            year=TODAY.year,
            basis_no="Perwali 1",
            basis_on=TODAY,
            basis_file=store_document(city, pdf()),
        )


def test_an_amendment_holds_from_its_day_and_loading_says_what_changes(pack, opened):
    soon = TODAY + timedelta(days=5)
    amended(pack, day=soon)
    said = pack.load().said
    assert "aturan A1 berlaku mulai" in said[0] and str(TODAY.year) in said[0]
    assert said[1:] == ["  - bidang, Sosial, paling banyak: 50% menjadi 45%"]
    year = ProgramYear.objects.get(pk=opened.pk)
    assert year.rule_set.version == "A"
    assert [year.rules_on(soon + timedelta(days=n)).version for n in (-1, 0, 9)] == [
        "A",
        "A1",
        "A1",
    ]
    assert "A1" in str(Act.objects.filter(act="city.loaded").last().detail["amended"])
    # A year that is opened later begins with what holds on that day.
    program = year.program
    assert rules_for(program, TODAY.year, soon).version == "A1"
    assert rules_for(program, TODAY.year, TODAY).version == "A"
    assert rules_for(program, TODAY.year - 1, soon).version == "A"


def test_loading_again_says_nothing_and_changes_nothing(pack, opened):
    amended(pack, day=TODAY)
    pack.load()
    again = pack.load()
    assert (again.said, again.changed) == ([], False)
    assert ProgramYear.objects.get(pk=opened.pk).book.field_of["social"].max_percent == 45


def test_the_command_prints_what_changes(pack, opened, capsys):
    amended(pack, day=TODAY)
    call_command("load_city", str(pack.root))
    assert "50% menjadi 45%" in capsys.readouterr().out


def test_rules_without_a_day_for_an_open_year_are_refused_not_loaded_in_vain(pack, opened):
    """The way that used to say `loaded` and left the year under the old rules."""
    pack.edit(FILE, "[[ruleset]]", f"[[ruleset]]\nlast_year = {TODAY.year - 1}")
    text = (pack.root / FILE).read_text()
    second = text[text.index("[[ruleset]]") :].replace(f"\nlast_year = {TODAY.year - 1}", "")
    second = second.replace('"A"', '"B"').replace(
        f"first_year = {TODAY.year - 1}", f"first_year = {TODAY.year}"
    )
    pack.write(FILE, text + second)
    told = "\n".join(pack.faults())
    assert "tulis valid_from agar aturan ini menjadi perubahannya" in told
    assert "first_year dan last_year harus memuat tahunnya" in told
    assert all(line.startswith(FILE) for line in told.splitlines())


@pytest.mark.parametrize(
    ("old", "new"),
    [("max_percent = 50", "max_percent = 45"), ("Perwali Andai 1/2026", "Perwali Andai 2/2026")],
)
def test_used_rules_and_amendments_do_not_change_silently(pack, opened, old, new):
    pack.edit(FILE, old, new)
    assert "sudah dipakai tahun" in pack.faults()[0]
    pack.edit(FILE, new, old)
    amended(pack, day=TODAY)
    pack.load()
    text = (pack.root / FILE).read_text()
    pack.write(FILE, text.replace("max_percent = 45", "max_percent = 44"))
    assert "sudah dipakai tahun" in pack.faults()[0]
    pack.write(FILE, text[: text.rindex("[[ruleset]]")])
    assert "hilang dari berkas padahal sudah dipakai" in pack.faults()[0]


def test_a_ceiling_that_is_booked_is_not_amended(pack, opened):
    amended(pack, day=TODAY)
    text = (pack.root / FILE).read_text()
    at = text.rindex("50_000_000")
    pack.write(FILE, text[:at] + "60_000_000" + text[at + len("50_000_000") :])
    assert "sudah tercatat di buku" in pack.faults()[0]
    assert not RuleSet.objects.filter(version="A1").exists()


def test_an_amendment_needs_something_to_amend_and_a_day_of_its_own(pack):
    amended(pack, day=TODAY)
    amended(pack, day=TODAY, version="A2")
    assert "sudah dipakai perubahan lain" in pack.faults()[0]
    pack.write(FILE, TIERED.replace("first_year = 2025", "first_year = 2025\nlast_year = 2025"))
    amended(pack, day=TODAY)
    assert "tidak ada aturan tahun" in pack.faults()[0]


def test_differences_are_told_by_row_and_setting():
    old = plain_book()
    new = plain_book() | {"spj_days": 20, "method": "TU", "closed_list": True}
    new["fields"] = [*old["fields"][:3], {**old["fields"][3], "code": "baru", "title": "Baru"}]
    new["fields"][2] = new["fields"][2] | {"max_amount": 400_000}
    new["prices"] = {"manual_quotes": 2}
    new["tranches"] = [old["tranches"][0] | {"gates": ["report_0"]}, *old["tranches"][1:]]
    first, second = read_book(old)[0], read_book(new)[0]
    assert differences(first, first) == []
    assert sorted(differences(first, second)) == sorted(
        [
            "bidang, Administrasi, paling banyak, rupiah: Rp500.000 menjadi Rp400.000",
            "bidang, Kepemudaan: ada menjadi dihapus",
            "bidang, Baru: belum ada menjadi ditambahkan",
            "cara bayar: LS menjadi TU",
            "pencairan, 1, syarat pencairan: contract_signed menjadi report_0",
            "hanya jenis di daftar yang boleh diusulkan: tidak menjadi ya",
            "standar harga, penawaran untuk barang di luar standar: 3 menjadi 2",
            "batas SPJ sesudah uang masuk: 30 menjadi 20",
        ]
    )
