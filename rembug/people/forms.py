"""Forms for signing in, changing a password, and entering an appointment."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.forms import Careful, DayField, TellAll, in_some_cases
from rembug.people.models import Person
from rembug.people.rules import ACTING, PURPOSES
from rembug.regions.models import Unit


class LoginForm(AuthenticationForm):
    """Login name and password, with words for people who sign in rarely."""

    username = forms.CharField(
        label=_("Nama masuk"),
        max_length=60,
        help_text=_("Tertulis di kartu akun Anda, misalnya rt03.rw05.gayam"),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _(
            "Nama masuk atau kata sandi belum cocok. Periksa huruf besar dan kecil, lalu coba lagi. "
            "Lupa sandi? Minta kelurahan membuatkan yang baru."
        ),
        "inactive": _("Akun ini ditutup. Tanyakan ke kelurahan."),
    }


class PasswordForm(SetPasswordForm):
    """A password of one's own, which is another than the one in use.

    The one in use is asked for, because phones are lent; a first one was typed a moment ago.
    """

    old_password = forms.CharField(
        label=_("Kata sandi sekarang"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old_password", "new_password1", "new_password2")

    def __init__(self, user: Any, *args: Any, **kwargs: Any):
        super().__init__(user, *args, **kwargs)
        if user.must_change_password:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        typed = self.cleaned_data["old_password"]
        if not self.user.check_password(typed):
            raise forms.ValidationError(gettext("Sandi ini belum cocok. Coba lagi."))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        fresh = data.get("new_password1")
        if fresh and self.user.check_password(fresh):
            self.add_error("new_password1", gettext("Pilih sandi lain dari yang sekarang."))
        return data


class AppointForm(TellAll):
    """One appointment by decree, of somebody known or new."""

    in_house = frozenset({"decree_no", "unit"})

    role = forms.ChoiceField(label=_("Jabatan"))
    unit = forms.CharField(
        label=_("Wilayah"),
        max_length=120,
        help_text=_("Kode wilayah, atau nama kelurahan, misalnya Gayam RT 3 RW 5"),
    )
    login = forms.CharField(
        label=_("Nama masuk"),
        max_length=60,
        help_text=_("Nama masuk orang itu. Jika belum ada, dibuatkan baru."),
    )
    name = forms.CharField(
        label=_("Nama lengkap"),
        max_length=120,
        required=False,
        help_text=_("Isi hanya untuk orang baru."),
    )
    acting = forms.ChoiceField(label=_("Sifat"), choices=list(ACTING.items()))
    decree_no = forms.CharField(label=_("Nomor SK"), max_length=80)
    decree_on = DayField(label=_("Tanggal SK"))
    starts_on = DayField(label=_("Mulai menjabat"))
    ends_on = DayField(
        label=_("Berakhir"),
        required=False,
        help_text=_("Kosongkan bila belum ditentukan."),
    )

    def __init__(self, *args: Any, by: Person, roles: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = localdate()

    @property
    def names_a_seat(self) -> bool:
        """Whether it can be read who is meant for which office, and where."""
        return not {"role", "unit", "login"} & set(self.errors)

    def clean_role(self) -> str:
        if not self.cleaned_data["role"]:
            raise forms.ValidationError(gettext("Pilih jabatannya."))
        return self.cleaned_data["role"]

    def clean_login(self) -> str:
        login = self.cleaned_data["login"].strip().lower()
        if not login:
            raise forms.ValidationError(gettext("Tulis nama masuk orang itu."))
        return login

    def clean_unit(self) -> Unit:
        text = self.cleaned_data["unit"].strip()
        units = Unit.objects.filter(city_id=self.by.city_id)
        found = units.filter(code=text).first() or _named(units, text)
        if found is None:
            raise forms.ValidationError(gettext("Wilayah itu tidak ditemukan. Tulis kodenya."))
        return found


class EndForm(Careful):
    """The last day of an office, and by what it ends."""

    in_house = frozenset({"why"})

    last_day = DayField(
        label=_("Hari terakhir menjabat"),
        help_text=_("Kemarin berarti berhenti sekarang juga."),
    )
    why = forms.CharField(label=_("Nomor SK pemberhentian atau sebabnya"), max_length=200)


class DeclineForm(TellAll):
    """Why a second officer does not confirm a decree."""

    why = forms.CharField(
        label=_("Alasan bila tidak disahkan"), max_length=300, widget=forms.Textarea({"rows": 2})
    )


class OriginalForm(TellAll):
    """What a picture as it was sent is opened for."""

    purpose = forms.ChoiceField(label=_("Untuk apa"), choices=[("", _("Pilih")), *PURPOSES.items()])
    why = in_some_cases(forms.CharField(label=_("Keterangan"), max_length=200, required=False))


class NameForm(TellAll):
    """The right name of somebody, and by what one knows it."""

    name = forms.CharField(label=_("Nama yang benar"), max_length=120)
    why = forms.CharField(
        label=_("Dasar perbaikan"),
        max_length=200,
        help_text=_("Misalnya: menurut KTP, salah ketik."),
    )


def _named(units: Any, text: str) -> Unit | None:
    """`gayam rt 3 rw 5` or `Gayam`: one exact place, or None."""
    numbers = dict(re.findall(r"\b(rt|rw)\s*0*(\d+)", text.lower()))
    name = re.sub(r"\b(rt|rw)\s*\d+|kelurahan|kecamatan|[/,]", " ", text.lower()).strip()
    place = units.filter(kind__in=["kelurahan", "kecamatan", "city"], name__iexact=name).first()
    if place is None or not numbers:
        return place
    code = f"{place.code}.{int(numbers.get('rw', 0)):03d}"
    if "rt" in numbers:
        code += f".{int(numbers['rt']):03d}"
    return units.filter(code=code).first()
