"""The form of a receipt: what was bought, from whom, and what its kind asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.forms import (
    CountField,
    DayField,
    RupiahField,
    TellAll,
    in_some_cases,
)
from rembug.execution.forms import PhotosMixin, photo_field
from rembug.execution.withholding import Part, Seller, TaxReason, Wage, asked
from rembug.files.models import File
from rembug.people.models import Person
from rembug.planning.models import RabLine
from rembug.programs.rulebook import SPENDING, RuleBook
from rembug.regions.models import City

OTHER_PARTS, WAGE_ROWS = 3, 8


def _kinds(book: RuleBook) -> list[Any]:
    """Kinds of purchase under the kind of RAB line they belong to first, as choices."""
    found: dict[str, list[tuple[str, str]]] = {}
    for code, kind in book.purchase_of.items():
        found.setdefault(str(SPENDING[kind.groups[0]]), []).append((code, kind.title))
    return list(found.items())


class ReceiptForm(PhotosMixin, TellAll):
    """A receipt with its photograph."""

    in_house = frozenset({"supplier", "tax_why"})

    photo = photo_field(_("Foto kuitansi"), _("Seluruh kuitansi, tulisan terbaca."))
    supplier = forms.CharField(label=_("Toko atau penerima"), max_length=120)
    what = forms.CharField(label=_("Untuk apa"), max_length=200)
    paid_on = DayField(label=_("Tanggal kuitansi"), initial=localdate)
    amount = RupiahField(label=_("Jumlah di kuitansi (rupiah)"))
    line = in_some_cases(
        forms.ModelChoiceField(
            label=_("Baris RAB"),
            queryset=RabLine._base_manager.none(),
            required=False,
            empty_label=_("Tidak ada di RAB"),
        )
    )
    group = in_some_cases(forms.ChoiceField(label=_("Jenis belanja"), required=False))
    seller = in_some_cases(
        forms.ChoiceField(
            label=_("Siapa penjualnya?"),
            choices=[("", _("Pilih")), *Seller.choices],
            required=False,
        )
    )
    npwp = in_some_cases(
        forms.TypedChoiceField(
            label=_("Penjualnya punya NPWP?"),
            help_text=_("Lihat di notanya, atau tanyakan. Tanpa NPWP pajaknya lebih besar."),
            choices=[("", _("Pilih")), ("ya", _("Ya")), ("tidak", _("Tidak"))],
            coerce=lambda text: text == "ya",
            empty_value=None,
            required=False,
        )
    )
    with_ppn = forms.BooleanField(
        label=_("Toko memungut PPN, tertulis di kuitansinya"), required=False
    )
    with_food_tax = forms.BooleanField(
        label=_("Pajak makan minum (PBJT) tertulis di tagihannya"), required=False
    )
    certificate = forms.CharField(
        label=_("Nomor surat keterangan bebas pajak"),
        help_text=_("Hanya bila penjual menunjukkan surat dari kantor pajak."),
        max_length=60,
        required=False,
    )
    tax = RupiahField(
        label=_("Pajak yang dipotong (rupiah)"),
        help_text=_("Kosongkan: dihitung menurut aturan."),
        required=False,
        nothing=None,
    )
    tax_reason = in_some_cases(
        forms.ChoiceField(
            label=_("Mengapa pajaknya lain?"),
            choices=[("", _("Pilih alasannya")), *TaxReason.choices],
            required=False,
        )
    )
    tax_why = in_some_cases(
        forms.CharField(label=_("Jelaskan alasannya"), max_length=200, required=False)
    )

    def __init__(self, *args: Any, city: City, by: Person, lines: Sequence[RabLine], **kwargs: Any):
        self.book: RuleBook = kwargs.pop("book")
        super().__init__(*args, **kwargs)
        self.city, self.by, self.lines = city, by, lines
        self.fields["line"].queryset = RabLine.objects.filter(  # type: ignore[attr-defined]
            pk__in=[line.pk for line in lines]
        )
        kinds = _kinds(self.book)
        self._choose("group", _("Menurut baris RAB"), kinds)
        for n in range(1, OTHER_PARTS + 1):
            title = gettext("Jenis belanja lain %d") % n
            self.fields[f"other_group_{n}"] = forms.ChoiceField(label=title, required=False)
            self._choose(f"other_group_{n}", _("Tidak ada"), kinds)
            self.fields[f"other_amount_{n}"] = RupiahField(
                label=gettext("Rupiahnya"), required=False, nothing=0
            )
        for n in range(1, WAGE_ROWS + 1):
            self._wage_row(n)
        if self.is_bound and self.errors is not None:
            self.take_in(["photo"], self.files)

    def _choose(self, name: str, nothing: Any, kinds: list[Any]) -> None:
        self.fields[name].choices = [("", nothing), *kinds]  # type: ignore[attr-defined]

    def _wage_row(self, n: int) -> None:
        for name, title in (("persons", _("Orang")), ("days", _("Hari"))):
            self.fields[f"{name}_{n}"] = CountField(label=title, high=9999, required=False)
        self.fields[f"wage_{n}"] = RupiahField(
            label=gettext("Upah sehari"), required=False, nothing=0
        )

    def kept_photo(self) -> tuple[File, str] | None:
        return self.kept("photo")

    def wage_rows(self) -> list[tuple[Any, Any, Any]]:
        """(persons, rupiah of a day, days) as bound fields."""
        names = ("persons", "wage", "days")
        rows = [[self[f"{name}_{n}"] for name in names] for n in range(1, WAGE_ROWS + 1)]
        return [(persons, wage, days) for persons, wage, days in rows]

    def part_rows(self) -> list[tuple[Any, Any]]:
        """(kind, rupiah) of the other parts of the nota."""
        return [
            (self[f"other_group_{n}"], self[f"other_amount_{n}"]) for n in range(1, OTHER_PARTS + 1)
        ]

    def asked(self) -> dict[str, str]:
        """Which kinds of purchase raise each question: codes with blanks between."""
        found: dict[str, list[str]] = {}
        for code in self.book.purchase_of:
            for name in asked(self.book, localdate(), code):
                found.setdefault(name, []).append(code)
        return {name: " ".join(codes) for name, codes in found.items()}

    def usual(self) -> str:
        """The kind each RAB line stands for, as JSON: {line: kind}."""
        told = {str(line.pk): self.book.usual_purchase(line.group) for line in self.lines}
        return json.dumps(told)

    def nota(self) -> dict[str, Any]:
        """What was told of the taxes, as the act takes it."""
        data = self.cleaned_data
        wages = [
            Wage(*(data[f"{name}_{n}"] or 0 for name in ("persons", "wage", "days")))
            for n in range(1, WAGE_ROWS + 1)
        ]
        parts = [
            Part(data[f"other_group_{n}"] or "", data[f"other_amount_{n}"] or 0)
            for n in range(1, OTHER_PARTS + 1)
        ]
        return {
            "group": data["group"] or "",
            "seller": data["seller"] or "",
            "npwp": data["npwp"],
            "ppn": bool(data["with_ppn"]),
            "local_food": bool(data["with_food_tax"]),
            "certificate": data["certificate"] or "",
            "wages": tuple(row for row in wages if row.persons or row.wage or row.days),
            "others": tuple(part for part in parts if part.group or part.amount),
        }
