"""The one form of the open face: what a resident says about an activity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rembug.core.forms import Careful
from rembug.people.sending import new_key


class CommentForm(Careful):
    """Without an account. The name is optional and is shown to officers only."""

    # Not `matches`: a control of that name hides the method of its form, and scripts on the page fail.
    fits = forms.TypedChoiceField(
        label=_("Apakah laporan ini cocok dengan yang Anda lihat?"),
        choices=[("ya", _("Cocok")), ("tidak", _("Tidak cocok")), ("", _("Hanya bertanya"))],
        coerce=lambda value: {"ya": True, "tidak": False}[value],
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Pertanyaan atau tanggapan"),
        help_text=_("Jangan tulis NIK atau nomor telepon. Semua orang dapat membacanya."),
        widget=forms.Textarea,
    )
    name = forms.CharField(
        label=_("Nama"),
        help_text=_("Hanya dibaca petugas. Di halaman umum tertulis Warga."),
        max_length=60,
        required=False,
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key
