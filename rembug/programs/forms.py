"""The form that opens a budget year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rembug.core.forms import Careful, DayField, YearField
from rembug.programs.models import Program
from rembug.regions.models import City


class OpenYearForm(Careful):
    """Which year of which programme, and the regulation it rests on. The act tells what is missing."""

    use_required_attribute = False

    program = forms.ModelChoiceField(
        label=_("Program"), queryset=Program.objects.none(), empty_label=None
    )
    year = YearField(label=_("Tahun anggaran"), low=2000, high=2100)
    basis_no = forms.CharField(
        label=_("Nomor dasar hukum"),
        required=False,
        max_length=120,
        help_text=_("Seperti tertulis pada naskah, misalnya Perwali 12 Tahun 2026"),
    )
    basis_on = DayField(label=_("Tanggal dasar hukum"), required=False)
    basis_file = forms.FileField(
        label=_("Naskah dasar hukum"),
        required=False,
        help_text=_("PDF, atau foto naskah"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*"}),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.filter(city=city)  # type: ignore[attr-defined]
        if self.is_bound:
            self.full_clean()
        # Left to the act while cleaning, so that all is told at once; but none of it may be empty.
        for each in self.fields.values():
            each.required = True
