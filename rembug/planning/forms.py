"""What people type about meetings, wishes, activities and cost lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.forms import DayField, FilesField, RupiahField, TellAll
from rembug.planning.models import Meeting, PlanItem
from rembug.planning.rules import (
    Attendee,
    CostLine,
    Outcome,
    Point,
    attendees,
    readable,
    show_volume,
    volume_milli,
    whole_number,
)
from rembug.programs.models import PriceGroup, PriceItem
from rembug.programs.rulebook import RuleBook

LONG_TEXT = 4000


class VolumeField(forms.CharField):
    """Thousandths from `2,5` or `1.600`."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return volume_milli(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong

    def run_validators(self, value: Any) -> None:
        """Checked before the text became a number."""

    def prepare_value(self, value: Any) -> Any:
        return show_volume(value) if isinstance(value, int) else value or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != (data or "")


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Sent(forms.Form):
    """A form of this app: labels end plainly, and every field knows it was required in words."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Isi bagian ini.")

    def clean(self) -> dict[str, Any]:
        """Typed text is kept without signs nobody can see."""
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = readable(value)
        return self.cleaned_data


# ---- meetings ------------------------------------------------------------------------------


class CallForm(Sent):
    """The invitation."""

    title = forms.CharField(label=gettext_lazy("Perihal"), max_length=160)
    day = DayField(
        label=gettext_lazy("Tanggal"),
    )
    clock = forms.TimeField(
        label=gettext_lazy("Jam mulai"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    place = forms.CharField(label=gettext_lazy("Tempat"), max_length=160)
    year = forms.TypedChoiceField(label=gettext_lazy("Untuk tahun anggaran"), coerce=int)
    agenda = forms.CharField(
        label=gettext_lazy("Yang akan dibahas"),
        required=False,
        max_length=LONG_TEXT,
        widget=text_area(),
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["day"].error_messages["invalid"] = _("Tulis tanggal, misalnya 2026-11-21.")
        self.fields["clock"].error_messages["invalid"] = _("Tulis jam, misalnya 19.30.")
        self.fields["clock"].input_formats = ["%H:%M", "%H.%M", "%H:%M:%S"]  # type: ignore[attr-defined]

    @property
    def when(self) -> datetime:
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        return timezone.make_aware(datetime.combine(day, clock))


class HoldForm(Sent):
    """Who came; the things discussed stand in rows of their own."""

    men = forms.IntegerField(label=gettext_lazy("Laki-laki"), min_value=0, max_value=30_000)
    women = forms.IntegerField(label=gettext_lazy("Perempuan"), min_value=0, max_value=30_000)
    names = forms.CharField(
        label=gettext_lazy("Nama yang hadir"),
        required=False,
        max_length=60_000,
        widget=text_area(6),
        help_text=gettext_lazy(
            "Satu nama satu baris, atau tempel dari daftar. Tambahkan L atau P bila ada."
        ),
    )
    count_reason = forms.CharField(
        label=gettext_lazy("Alasan bila jumlah dan nama berbeda"), required=False, max_length=300
    )
    notes = forms.CharField(
        label=gettext_lazy("Catatan lain"),
        required=False,
        max_length=LONG_TEXT,
        widget=text_area(3),
    )
    photos = FilesField(
        label=gettext_lazy("Foto rembug"),
        required=False,
        help_text=gettext_lazy("Boleh beberapa foto sekaligus."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("men", "women"):
            field = self.fields[name]
            field.widget.attrs["inputmode"] = "numeric"
            field.error_messages["invalid"] = _("Tulis dengan angka.")
            field.error_messages["min_value"] = _("Tidak bisa kurang dari nol.")
        self.fields["photos"].widget.attrs["accept"] = "image/*"

    @property
    def attendees(self) -> list[Attendee]:
        return attendees(self.cleaned_data.get("names", ""))


class PointForm(Sent):
    """One thing discussed."""

    title = forms.CharField(label=gettext_lazy("Uraian"), required=False, max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Bidang"), required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Hasil"),
        choices=Outcome.choices,
        initial=Outcome.DECIDED,
        widget=forms.RadioSelect,
        required=False,
    )
    volume = forms.CharField(label=gettext_lazy("Volume dan satuan"), required=False, max_length=60)
    cost = RupiahField(label=gettext_lazy("Rencana biaya"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Alasan, bila ditunda"), required=False, max_length=300
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.fields["field"].initial = choices[0][0]

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        return not any(data.get(name) for name in ("title", "volume", "cost", "reason"))

    @property
    def point(self) -> Point:
        data = self.cleaned_data
        return Point(
            field=data.get("field", ""),
            title=data.get("title", ""),
            outcome=data.get("outcome", ""),
            volume=data.get("volume", ""),
            cost=data.get("cost") or 0,
            reason=data.get("reason", ""),
        )


MOST_POINTS = 60
PointFormSet = formset_factory(PointForm, extra=0, max_num=MOST_POINTS, absolute_max=MOST_POINTS)


def points_of(formset: BaseFormSet) -> list[Point]:
    """Rows in which something was typed."""
    return [form.point for form in formset.forms if not form.is_blank]


def field_choices(book: RuleBook | None) -> list[tuple[str, str]]:
    return [(field.code, field.title) for field in book.fields] if book else []


# ---- five-year list ------------------------------------------------------------------------


def held_meetings(unit_id: int) -> list[Meeting]:
    """Recorded meetings of an RT, newest first: what a change of the list may rest on."""
    rows = Meeting.objects.filter(unit=unit_id).exclude(state="called").order_by("-at")
    return list(rows[:20])


class WishForm(Sent):
    """A line of the five-year list."""

    title = forms.CharField(label=gettext_lazy("Rencana"), max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Bidang"))
    year = forms.TypedChoiceField(label=gettext_lazy("Tahun"), coerce=int)
    volume = forms.CharField(label=gettext_lazy("Volume dan satuan"), required=False, max_length=60)
    cost = RupiahField(label=gettext_lazy("Perkiraan biaya"), required=False)
    meeting = forms.TypedChoiceField(
        label=gettext_lazy("Diputuskan di rembug"), required=False, coerce=int, empty_value=None
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"), required=False, max_length=300, widget=text_area(2)
    )

    def __init__(
        self,
        *args: Any,
        choices: list[tuple[str, str]],
        years: Iterable[int],
        meetings: list[Meeting],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.meetings = {meeting.pk: meeting for meeting in meetings}
        self.fields["field"].choices = choices  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["meeting"].choices = [  # type: ignore[attr-defined]
            ("", _("Tidak dari rembug")),
            *((pk, f"{one.title}, {one.at:%d-%m-%Y}") for pk, one in self.meetings.items()),
        ]

    def wish(self) -> dict[str, Any]:
        """The typed values as the acts take them."""
        data = dict(self.cleaned_data)
        data["meeting"] = self.meetings.get(data["meeting"])
        return data


class DropForm(Sent):
    """Why a wish is struck out or put off."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"), required=False, max_length=300, widget=text_area(2)
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Ke tahun"), coerce=int, required=False)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


# ---- proposals -----------------------------------------------------------------------------


class ActivityForm(Sent):
    """One activity, apart from its cost lines."""

    plan_item = forms.TypedChoiceField(
        label=gettext_lazy("Dari daftar lima tahun"), required=False, coerce=int, empty_value=None
    )
    off_list_reason = forms.CharField(
        label=gettext_lazy("Bila tidak ada di daftar: mengapa?"), required=False, max_length=300
    )
    name = forms.CharField(label=gettext_lazy("Nama kegiatan"), max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Bidang"))
    kind = forms.ChoiceField(label=gettext_lazy("Jenis kegiatan"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Tempat"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Misalnya Gang Melati 2, depan pos ronda."),
    )
    volume = forms.CharField(
        label=gettext_lazy("Volume dan satuan"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Misalnya 42 m x 1,5 m."),
    )
    swadaya_money = RupiahField(label=gettext_lazy("Uang dari warga"), required=False)
    swadaya_days = forms.IntegerField(
        label=gettext_lazy("Kerja bakti, orang-hari"),
        required=False,
        min_value=0,
        max_value=100_000,
    )
    swadaya_note = forms.CharField(
        label=gettext_lazy("Barang dan makanan dari warga"), required=False, max_length=200
    )

    def __init__(self, *args: Any, book: RuleBook, wishes: list[PlanItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.wishes = {wish.pk: wish for wish in wishes}
        self.fields["field"].choices = field_choices(book)  # type: ignore[attr-defined]
        self.fields["plan_item"].choices = [  # type: ignore[attr-defined]
            ("", _("Tidak ada di daftar")),
            *((pk, f"{one.title} ({one.year})") for pk, one in self.wishes.items()),
        ]
        kinds = [
            (field.title, [(item.code, item.title) for item in book.items_in(field.code)])
            for field in book.fields
            if book.items_in(field.code)
        ]
        if kinds:
            self.fields["kind"].choices = [("", _("Pilih jenisnya")), *kinds]  # type: ignore[attr-defined]
        else:
            del self.fields["kind"]
        self.fields["swadaya_days"].widget.attrs["inputmode"] = "numeric"

    def typed(self) -> dict[str, Any]:
        """What was typed and makes sense, also while the form is not complete."""
        data = dict(getattr(self, "cleaned_data", {}))
        data["plan_item"] = self.wishes.get(data.get("plan_item"))
        data["swadaya_days"] = data.get("swadaya_days") or 0
        data["swadaya_money"] = data.get("swadaya_money") or 0
        return data


class LineForm(Sent):
    """One cost line. With an item of the price list, name, unit and group come from there."""

    item = forms.IntegerField(
        required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput
    )
    name = forms.CharField(
        label=gettext_lazy("Nama barang atau upah"), required=False, max_length=200
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Golongan"), required=False, choices=[("", "-"), *PriceGroup.choices]
    )
    measure = forms.CharField(label=gettext_lazy("Satuan"), required=False, max_length=20)
    volume = VolumeField(label=gettext_lazy("Volume"), required=False)
    price = RupiahField(label=gettext_lazy("Harga satuan"), required=False)
    quotes = forms.CharField(
        label=gettext_lazy("Penawaran, dengan harganya"),
        required=False,
        max_length=300,
        widget=text_area(3),
        help_text=gettext_lazy("Satu toko satu baris, misalnya: Toko Jaya 150.000"),
    )
    remove = forms.BooleanField(label=gettext_lazy("Hapus baris"), required=False)

    # The item of the price list, set by `known_items`.
    known: PriceItem | None = None

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        if data.get("remove"):
            return True
        return not any(data.get(name) for name in ("item", "name", "volume", "price"))

    @property
    def line(self) -> CostLine:
        data = self.cleaned_data
        known = self.known
        return CostLine(
            name=known.name if known else data.get("name", ""),
            measure=known.unit if known else data.get("measure", ""),
            group=known.group if known else data.get("group", ""),
            volume=data.get("volume") or 0,
            price=data.get("price") or 0,
            standard=known.price if known else None,
            item_id=data.get("item"),
            quotes=data.get("quotes", ""),
        )

    @property
    def amount(self) -> int | None:
        """The product as typed, for the page; None while one of the two is missing."""
        if not self.is_bound:
            line = {**self.initial}
            volume, price = line.get("volume"), line.get("price")
        elif self.is_valid():
            volume, price = self.cleaned_data.get("volume"), self.cleaned_data.get("price")
        else:
            return None
        return (volume * price + 500) // 1000 if volume and price else None


MOST_LINES = 120
LineFormSet = formset_factory(LineForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES)


def known_items(formset: BaseFormSet) -> None:
    """Look up the price list once for all lines of a formset."""
    wanted = {}
    for form in formset.forms:
        if asked := whole_number(str(form["item"].value())):
            wanted[form] = asked
    items = PriceItem.objects.in_bulk(wanted.values()) if wanted else {}
    for form, pk in wanted.items():
        form.known = items.get(pk)


def lines_of(formset: BaseFormSet) -> list[CostLine]:
    """Lines in which something was typed and that make sense."""
    return [form.line for form in formset.forms if form.is_valid() and not form.is_blank]


class PaperForm(Sent):
    """A paper for an activity."""

    code = forms.ChoiceField(label=gettext_lazy("Surat"))
    file = forms.FileField(label=gettext_lazy("Foto atau PDF surat"), required=False)
    number = forms.CharField(
        label=gettext_lazy("Atau nomor surat yang disimpan kelurahan"),
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, book: RuleBook, codes: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (code, book.paper_of[code].title) for code in codes
        ]


class ReturnForm(Sent):
    """What is wrong with the minutes, for the secretary who mends them."""

    reason = forms.CharField(
        label=gettext_lazy("Apa yang keliru?"),
        max_length=LONG_TEXT,
        widget=text_area(4),
    )


class DecisionForm(Sent):
    """A verifier's reason; needed for a return and a rejection."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan"), required=False, max_length=LONG_TEXT, widget=text_area(4)
    )


class BudgetForm(TellAll):
    """The document that turns the plan into money."""

    document = forms.CharField(label=gettext_lazy("Nomor DPA"), max_length=80)
    on = DayField(
        label=gettext_lazy("Tanggal DPA"),
    )
