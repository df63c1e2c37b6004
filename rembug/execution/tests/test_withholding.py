"""Tax withheld from a receipt: worked out by the rules of the year, another amount only with a reason."""

from copy import deepcopy
from datetime import date

import pytest
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Receipt
from rembug.execution.tests.paths import bring, spend
from rembug.execution.withholding import Nota, Part, Wage, dues, kind_faults, tax_faults
from rembug.people.models import Act
from rembug.people.sending import new_key
from rembug.programs.models import RuleSet
from rembug.programs.rulebook import Ceiling, RuleBook, Tax

PPN = Tax("ppn", "ppn", "PPN", 12, "2025-01-01", 11, 12, 2_000_000)
PPH22 = Tax(
    "pph22", "pph22", "PPh 22", 1.5, "2010-01-01", above=2_000_000, groups=("bahan", "barang")
)
PPH23 = Tax("pph23", "pph23", "PPh 23", 2, "2009-01-01", groups=("jasa",))
WAGE = Tax("upah", "pph21", "PPh 21", 0.5, "2024-01-01", above=450_000, groups=("upah",), per="day")
HIGH = Tax(
    "upah2", "pph21", "PPh 21", 5, "2024-01-01", 1, 2, 2_500_000, groups=("upah",), per="day"
)
TAXES = [PPN, PPH22, PPH23, WAGE, HIGH]


def book_of(*taxes):
    """A book of these rates only: its kinds of purchase are the groups of cost lines."""
    return RuleBook(Ceiling("flat", 1), (), "LS", (), (), (), taxes=taxes)


BOOK = book_of(*TAXES)
TODAY = date(2026, 5, 1)


def wages(persons, wage, days=1):
    return (Wage(persons, wage, days),)


# The worked numbers of the treasurers' handbook: [(title, base, amount)].
@pytest.mark.parametrize(
    ("amount", "group", "told", "due"),
    [
        (11_100_000, "bahan", {"ppn": True}, [("PPN", 10_000_000, 1_100_000), ("PPh 22", 10_000_000, 150_000)]),
        (11_100_000, "bahan", {}, [("PPh 22", 11_100_000, 166_500)]),
        (1_900_000, "bahan", {"ppn": True}, []),
        (2_000_000, "barang", {}, []),
        (10_000_000, "jasa", {}, [("PPh 23", 10_000_000, 200_000)]),
        (1_050_000, "upah", {"wages": wages(1, 175_000, 6)}, []),
        (2_000_000, "upah", {"wages": wages(2, 500_000, 2)}, [("PPh 21", 2_000_000, 10_000)]),
        (3_000_000, "upah", {"wages": wages(1, 3_000_000)}, [("PPh 21", 3_000_000, 75_000)]),
        (5_000_000, "alat", {}, []),
        (5_000_000, "", {}, []),
    ],
)  # fmt: skip
def test_the_worked_numbers(amount, group, told, due):
    found = dues(BOOK, TODAY, Nota(amount, group, **told))
    assert [(one.title, one.base, one.amount) for one in found] == due


def test_a_rule_says_its_rate_and_what_it_is_taken_of():
    told = [str(one) for one in dues(BOOK, TODAY, Nota(11_100_000, "bahan", ppn=True))]
    assert told == [
        "PPN: 12% x 11/12 dari Rp10.000.000 = Rp1.100.000",
        "PPh 22: 1,5% dari Rp10.000.000 = Rp150.000",
    ]


@pytest.mark.parametrize(
    ("taxes", "nota", "field"),
    [
        (TAXES, Nota(1), "group"),
        (TAXES, Nota(1, "emas"), "group"),
        ([], Nota(1), ""),
        (TAXES, Nota(1, "bahan"), ""),
        (TAXES, Nota(450_001, "upah"), "persons_1"),
        (TAXES, Nota(450_000, "upah"), ""),
        (TAXES, Nota(0, "upah"), ""),
        (TAXES, Nota(450_001, "upah", wages=wages(1, 450_001)), ""),
        (TAXES, Nota(450_001, "upah", wages=wages(1, 450_000)), "persons_1"),
        (TAXES, Nota(450_001, "upah", wages=wages(0, 450_001)), "persons_1"),
        (TAXES, Nota(5_000, "bahan", others=(Part("jasa", 5_000),)), "other_amount_1"),
        (TAXES, Nota(5_000, "bahan", others=(Part("jasa", 0),)), "other_amount_1"),
        (TAXES, Nota(5_000, "bahan", others=(Part("", 1_000),)), "group"),
    ],
)
def test_what_must_be_known_first(taxes, nota, field):
    found = kind_faults(book_of(*taxes), TODAY, nota)
    assert [one.field for one in found] == [field] * bool(field)


def test_another_amount_needs_a_reason_from_the_list_and_words():
    due = dues(BOOK, TODAY, Nota(10_000_000, "jasa"))
    assert tax_faults(200_000, due, "", "") == []
    assert tax_faults(0, due, "seller_paid", "Dipungut pajak daerah.") == []
    told = tax_faults(199_999, due, "sudah", "sudah")
    assert [one.field for one in told] == ["tax", "tax_why"]
    assert "Rp200.000" in told[0] and "PPh 23: 2%" in told[0]
    assert "tidak ada pajak yang dipotong" in tax_faults(1, [], "", "")[0]


@pytest.fixture
def work(cast):
    """A work with money, in a year whose rulebook knows taxes."""
    book = deepcopy(cast.year.rule_set.book)
    told = ("code", "kind", "title", "percent", "valid_from", "base_num", "base_den", "above")
    book["taxes"] = [
        {key: getattr(tax, key) for key in told} | {"per": tax.per} |
        ({"groups": list(tax.groups)} if tax.groups else {})
        for tax in TAXES
    ]  # fmt: skip
    RuleSet.objects.filter(pk=cast.year.rule_set_id).update(book=book, digest="tax".ljust(64, "0"))
    return bring(cast, "received_1")


def refused(run):
    with pytest.raises(Refused) as said:
        run()
    return said.value.reasons


def test_the_act_works_the_tax_out_from_the_rab_line(cast, work):
    line = work.activity.lines.first()  # bahan
    row = spend(cast, work, 5_000_000, None, line=line, tax_why="")
    assert (row.tax, row.tax_due, row.group, row.tax_why) == (75_000, 75_000, "bahan", "")
    assert Act.objects.get(act="receipt.added").detail["tax_due"] == 75_000


def test_the_kind_of_spending_goes_before_the_line(cast, work):
    row = spend(
        cast, work, 1_000_000, None, line=work.activity.lines.first(), group="jasa", tax_why=""
    )
    assert (row.tax, row.group) == (20_000, "jasa")


def test_the_rate_is_that_of_the_day_of_the_receipt():
    nota = Nota(11_100_000, "bahan", ppn=True)
    assert dues(BOOK, date(2024, 6, 1), nota)[0].title == "PPh 22"


def test_another_amount_is_kept_only_with_its_reason(cast, work):
    told = refused(lambda: spend(cast, work, 1_000_000, 0, group="jasa", tax_reason="", tax_why=""))
    assert len(told) == 2 and "Rp20.000" in told[0]
    row = spend(cast, work, 1_000_000, 0, group="jasa", tax_why="Dikerjakan warga, bukan usaha.")
    assert (row.tax, row.tax_due, row.tax_reason) == (0, 20_000, "seller_paid")
    assert "pajak_kurang" in row.flags
    assert Act.objects.get(act="receipt.added").why == "Dikerjakan warga, bukan usaha."
    right = spend(cast, work, 1_000_000, 20_000, group="jasa", tax_why="Alasan yang tidak perlu.")
    assert right.tax_why == right.tax_reason == ""
    assert "pajak_kurang" not in right.flags


def test_the_page_says_which_rule_gives_which_amount(cast, work, sign_in, photo):
    client, path = sign_in(cast.pokmas_treasurer), f"/uji/pekerjaan/{work.pk}/kuitansi/"
    page = client.get(path + "baru/").content.decode()
    assert "Tarif yang berlaku" in page and "12% x 11/12" in page
    typed = {"amount": "5.550.000", "group": "bahan", "with_ppn": "on"}
    part = client.get(path + "pajak/", typed).content.decode()
    assert "PPN: 12% x 11/12 dari Rp5.000.000 = Rp550.000" in part and "Rp625.000" in part
    assert "Isi jumlah" in client.get(path + "pajak/", {"amount": "-5"}).content.decode()
    day = timezone.localdate().isoformat()
    data = typed | {"supplier": "Toko", "what": "Semen", "paid_on": day, "photo": photo(seed=4)}
    wrong = client.post(path + "baru/", data | {"key": new_key(), "tax": "0"})
    assert wrong.status_code == 422
    assert '<a href="#id_tax">Menurut aturan pajaknya Rp625.000' in wrong.content.decode()
    kept = wrong.context["form"].kept_photo()[1]
    data |= {"key": new_key(), "photo": "", "photo_kept": kept}
    why = "Toko sudah menyetor PPN-nya sendiri."
    other = {"tax": "75.000", "tax_reason": "seller_paid", "tax_why": why}
    assert client.post(path + "baru/", data | other).status_code == 302
    assert Receipt.objects.get().tax == 75_000
    assert why in client.get(path).content.decode()
