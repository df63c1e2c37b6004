"""What people type about meetings, wishes, activities and cost lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core import numbers
from rembug.core.bounds import MOST_COUNTED
from rembug.core.forms import (
    Careful,
    CountField,
    DayField,
    FilesField,
    KeyField,
    Rows,
    RupiahField,
    TellAll,
    VolumeField,
    in_some_cases,
)
from rembug.core.roster import Roster, read_roster
from rembug.planning.models import PlanItem
from rembug.planning.rules import (
    CostLine,
    Outcome,
    Point,
    agenda_points,
    digest,
)
from rembug.programs.kinds import suggested
from rembug.programs.models import PriceGroup, PriceItem
from rembug.programs.rulebook import OTHER, RuleBook

LONG_TEXT = 4000


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Sent(Careful):
    """A form of this app: labels end plainly, and every field knows it was required in words."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Isi bagian ini.")


class Told(Sent, TellAll):
    """A form whose act says what is missing, together with everything else."""


# ---- meetings ------------------------------------------------------------------------------


class CallForm(Told):
    """The invitation."""

    in_house = frozenset({"agenda"})

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
        help_text=gettext_lazy("Satu hal satu baris. Nanti menjadi Hal 1, Hal 2, dan seterusnya."),
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["day"].error_messages["invalid"] = _("Tulis tanggal, misalnya 2026-11-21.")
        self.fields["clock"].error_messages["invalid"] = _("Tulis jam, misalnya 19.30.")
        self.fields["clock"].input_formats = ["%H:%M", "%H.%M", "%H:%M:%S"]  # type: ignore[attr-defined]

    @property
    def when(self) -> datetime | None:
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        return timezone.make_aware(datetime.combine(day, clock)) if day and clock else None

    def told(self) -> dict[str, Any]:
        """The typed values as the acts take them."""
        data = self.cleaned_data
        kept = {name: data[name] or "" for name in ("title", "place", "agenda")}
        return {**kept, "year": data["year"] or 0, "when": self.when}


class HoldForm(Told):
    """Who came; the things discussed stand in rows of their own."""

    in_house = frozenset({"notes", "count_reason"})
    # A pasted list is read line by line; numbers in it are dropped there.
    numbers = frozenset({"names"})

    men = CountField(label=gettext_lazy("Laki-laki"), high=30_000)
    women = CountField(label=gettext_lazy("Perempuan"), high=30_000)
    names = forms.CharField(
        label=gettext_lazy("Nama yang hadir"),
        required=False,
        max_length=60_000,
        widget=text_area(6),
        help_text=gettext_lazy(
            "Satu nama satu baris, atau tempel daftar hadir dari lembar kerja atau WhatsApp. "
            "Tambahkan L atau P bila ada. Jangan tulis NIK."
        ),
    )
    count_reason = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Alasan bila jumlah dan nama berbeda"),
            required=False,
            max_length=300,
        )
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

    def __init__(self, *args: Any, photos_wanted: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["photos"].required = photos_wanted
        self.fields["photos"].widget.attrs["accept"] = "image/*"

    @cached_property
    def roster(self) -> Roster:
        """Who was read in the pasted list, and what was left out of it."""
        return read_roster(self.cleaned_data.get("names") or "")

    @property
    def reading(self) -> str:
        """Stands for what was read, so that a look at it counts for this list only."""
        return digest([[one.name, one.sex] for one in self.roster.people])[:16]

    @property
    def wants_a_look(self) -> bool:
        """Whether more was understood than one sees at once, and nobody has looked at it yet."""
        return self.roster.decided and self.data.get("terbaca") != self.reading

    @property
    def men_read(self) -> int:
        return sum(one.sex == "m" for one in self.roster.people)

    @property
    def women_read(self) -> int:
        return sum(one.sex == "f" for one in self.roster.people)


class PointForm(Told):
    """One thing discussed. A row in which nothing was typed is no fault."""

    title = forms.CharField(label=gettext_lazy("Uraian"), max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Bidang"))
    outcome = forms.ChoiceField(
        label=gettext_lazy("Hasil"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    volume = forms.CharField(label=gettext_lazy("Volume dan satuan"), required=False, max_length=60)
    cost = RupiahField(label=gettext_lazy("Rencana biaya"), required=False)
    reason = in_some_cases(
        forms.CharField(label=gettext_lazy("Alasan, bila ditunda"), required=False, max_length=300)
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("Pilih bidang")), *choices]  # type: ignore[attr-defined]
        number = (self.prefix or "").rpartition("-")[2]
        if number.isdigit():
            # A fault says which of several it is about.
            for field in self.fields.values():
                field.said = _("Hal %(n)d, %(name)s") % {  # type: ignore[attr-defined]
                    "n": numbers.machine(number) + 1,
                    "name": str(field.label).lower(),
                }

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        typed = any(data.get(name) for name in ("title", "volume", "cost", "reason"))
        return not typed and not self.errors

    @property
    def point(self) -> Point:
        data = self.cleaned_data
        return Point(
            field=data.get("field") or "",
            title=data.get("title") or "",
            outcome=data.get("outcome") or "",
            volume=data.get("volume") or "",
            cost=data.get("cost") or 0,
            reason=data.get("reason") or "",
        )


MOST_POINTS = 60
PointFormSet = formset_factory(
    PointForm, Rows, extra=0, max_num=MOST_POINTS, absolute_max=MOST_POINTS
)


def typed_rows(formset: BaseFormSet) -> list[Any]:
    """Rows in which something was typed."""
    return [form for form in formset.forms if not form.is_blank]


def points_of(formset: BaseFormSet) -> list[Point]:
    """What was typed about each thing discussed."""
    return [form.point for form in typed_rows(formset)]


BLANK_POINTS = 3


def first_points(agenda: str) -> list[dict[str, str]]:
    """The rows one begins with: what the invitation named, and blank ones up to three."""
    named = [{"title": title} for title in agenda_points(agenda)[:MOST_POINTS]]
    return named + [{} for _blank in range(BLANK_POINTS - len(named))]


def field_choices(book: RuleBook | None) -> list[tuple[str, str]]:
    return [(field.code, field.title) for field in book.fields] if book else []


# ---- proposals -----------------------------------------------------------------------------


class ActivityForm(Told):
    """One activity, apart from its cost lines."""

    plan_item = in_some_cases(
        forms.TypedChoiceField(
            label=gettext_lazy("Dari daftar lima tahun"),
            required=False,
            coerce=int,
            empty_value=None,
        )
    )
    off_list_reason = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Bila tidak ada di daftar: mengapa?"), required=False, max_length=300
        )
    )
    name = forms.CharField(label=gettext_lazy("Nama kegiatan"), max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Bidang"))
    kind = in_some_cases(forms.ChoiceField(label=gettext_lazy("Jenis kegiatan"), required=False))
    kind_number = in_some_cases(
        CountField(label=gettext_lazy("Jumlah yang dihitung"), required=False, high=MOST_COUNTED)
    )
    kind_note = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Penjelasan jenis"),
            required=False,
            max_length=200,
            help_text=gettext_lazy(
                "Hanya bila namanya mirip yang dilarang, atau tidak ada di daftar."
            ),
        )
    )
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
    swadaya_days = CountField(
        label=gettext_lazy("Kerja bakti, orang-hari"), required=False, high=100_000
    )
    swadaya_note = forms.CharField(
        label=gettext_lazy("Barang dan makanan dari warga"), required=False, max_length=200
    )

    def __init__(self, *args: Any, book: RuleBook, wishes: list[PlanItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.wishes = {wish.pk: wish for wish in wishes}
        self.fields["field"].choices = [("", _("Pilih bidang")), *field_choices(book)]  # type: ignore[attr-defined]
        self.fields["plan_item"].choices = [  # type: ignore[attr-defined]
            ("", _("Tidak ada di daftar")),
            *((pk, f"{one.title} ({one.year})") for pk, one in self.wishes.items()),
        ]
        self._kinds(book)
        self.fields["swadaya_days"].widget.attrs["inputmode"] = "numeric"

    def _kinds(self, book: RuleBook) -> None:
        """The kinds by field, with what each counts; what is never paid stands last and says so."""
        kinds = [
            (field.title, [(item.code, item.title) for item in book.items_in(field.code)])
            for field in book.fields
            if book.items_in(field.code)
        ]
        if not kinds:
            for name in ("kind", "kind_number"):
                del self.fields[name]
            return
        if not book.closed_list:
            kinds.append((_("Di luar daftar"), [(OTHER, _("Lain, saya jelaskan"))]))
        if book.banned:
            banned = [(item.code, item.title) for item in book.banned]
            kinds.append((_("Tidak dibiayai"), banned))
        self.fields["kind"].choices = [("", _("Pilih jenisnya")), *kinds]  # type: ignore[attr-defined]
        counted = [f"{item.title}: {item.number}" for item in book.items if item.number]
        if counted:
            self.fields["kind_number"].help_text = "; ".join(counted) + "."
        else:
            del self.fields["kind_number"]

    def typed(self) -> dict[str, Any]:
        """What was typed and makes sense, also while the form is not complete."""
        data = dict(getattr(self, "cleaned_data", {}))
        data = {name: "" if value is None else value for name, value in data.items()}
        data["kind_number"] = data.get("kind_number") or 0
        data["plan_item"] = self.wishes.get(data.get("plan_item"))  # type: ignore[call-overload]
        data["swadaya_days"] = data.get("swadaya_days") or 0
        data["swadaya_money"] = data.get("swadaya_money") or 0
        return data


class LineForm(Told):
    """One cost line. With an item of the price list, name, unit and group come from there."""

    in_house = frozenset({"quotes"})

    item = KeyField(required=False)
    name = forms.CharField(label=gettext_lazy("Nama barang atau upah"), max_length=200)
    group = forms.ChoiceField(
        label=gettext_lazy("Golongan"), choices=[("", "-"), *PriceGroup.choices]
    )
    measure = forms.CharField(label=gettext_lazy("Satuan"), max_length=20)
    volume = VolumeField(label=gettext_lazy("Volume"))
    price = RupiahField(label=gettext_lazy("Harga satuan"))
    quotes = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Penawaran, dengan harganya"),
            required=False,
            max_length=300,
            widget=text_area(3),
            help_text=gettext_lazy("Satu toko satu baris, misalnya: Toko Jaya 150.000"),
        )
    )
    kind = forms.ChoiceField(label=gettext_lazy("Jenis baris ini"), required=False)
    remove = forms.BooleanField(label=gettext_lazy("Hapus baris"), required=False)

    # The item of the price list, set by `known_items`.
    known: PriceItem | None = None
    # Whether its name brings a kind with limits to mind, so that the kind is asked.
    asks_kind = False

    def __init__(self, *args: Any, book: RuleBook, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("Bagian dari kegiatan ini")),
            *((item.code, item.title) for item in book.items if not item.forbidden),
        ]

    def ask_kind(self, book: RuleBook) -> None:
        """Ask for the kind of this line only where its words, or an answer given before, call for it."""
        name = self.known.name if self.known else str(self["name"].value() or "")
        found = [item.code for item in suggested(book, name)]
        kept = str(self["kind"].value() or "")
        self.asks_kind = bool(found or kept)
        choices = self.fields["kind"].choices  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, title) for code, title in choices if code in ("", kept, *found)
        ]

    @property
    def is_blank(self) -> bool:
        data = getattr(self, "cleaned_data", {})
        if data.get("remove"):
            return True
        typed = any(data.get(name) for name in ("item", "name", "volume", "price"))
        return not typed and not self.errors

    @property
    def line(self) -> CostLine:
        data = self.cleaned_data
        known = self.known
        return CostLine(
            name=known.name if known else data.get("name") or "",
            measure=known.unit if known else data.get("measure") or "",
            group=known.group if known else data.get("group") or "",
            volume=_figure(data.get("volume")),
            price=_figure(data.get("price")),
            standard=known.price if known else None,
            item_id=data.get("item"),
            quotes=data.get("quotes") or "",
            kind=data.get("kind") or "",
        )

    @property
    def called(self) -> str:
        """What the line is about, for its faults."""
        typed = self.known.name if self.known else str(self["name"].value() or "").strip()
        return typed or _("Baris %d") % (
            numbers.machine((self.prefix or "").rpartition("-")[2]) + 1
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


def _figure(value: Any) -> int:
    """A number as the act takes it; what could not be read is none, and told at its field."""
    return value if isinstance(value, int) else 0


MOST_LINES = 120
LineFormSet = formset_factory(LineForm, Rows, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES)


def known_items(formset: BaseFormSet, book: RuleBook) -> None:
    """Look up the price list once for all lines of a formset, and ask for kinds where needed."""
    wanted = {}
    for form in formset.forms:
        if asked := numbers.machine(str(form["item"].value())):
            wanted[form] = asked
    items = PriceItem.objects.in_bulk(wanted.values()) if wanted else {}
    for form, pk in wanted.items():
        form.known = items.get(pk)
    for form in formset.forms:
        form.ask_kind(book)
        for field in form.fields.values():
            told = {"line": form.called, "name": str(field.label).lower()}
            field.said = _("%(line)s, %(name)s") % told


def lines_of(formset: BaseFormSet) -> list[CostLine]:
    """Lines in which something was typed and that make sense."""
    return [form.line for form in formset.forms if form.is_valid() and not form.is_blank]


class PaperForm(Sent):
    """A paper for an activity."""

    in_house = frozenset({"number"})

    code = forms.ChoiceField(label=gettext_lazy("Surat"))
    file = in_some_cases(forms.FileField(label=gettext_lazy("Foto atau PDF surat"), required=False))
    number = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Atau nomor surat yang disimpan kelurahan"),
            required=False,
            max_length=120,
        )
    )

    def __init__(self, *args: Any, book: RuleBook, codes: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            (code, book.paper_of[code].title) for code in codes
        ]


class CancelForm(Told):
    """Why a meeting does not take place."""

    why = forms.CharField(
        label=gettext_lazy("Mengapa dibatalkan?"),
        max_length=300,
        widget=text_area(3),
        help_text=gettext_lazy("Misalnya: hujan lebat, diundur ke pekan depan. Warga membacanya."),
    )


class ReturnForm(Sent):
    """What is wrong with the minutes, for the secretary who mends them."""

    in_house = frozenset({"reason"})

    reason = forms.CharField(
        label=gettext_lazy("Apa yang keliru?"),
        max_length=LONG_TEXT,
        widget=text_area(4),
    )


class DecisionForm(Sent):
    """A verifier's reason; needed for a return and a rejection."""

    reason = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Alasan"), required=False, max_length=LONG_TEXT, widget=text_area(4)
        )
    )


class BudgetForm(TellAll):
    """The document that turns the plan into money."""

    in_house = frozenset({"document"})

    document = forms.CharField(label=gettext_lazy("Nomor DPA"), max_length=80)
    on = DayField(
        label=gettext_lazy("Tanggal DPA"),
    )
