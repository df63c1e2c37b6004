"""Forms and fields that read what people here type: numbers, several photographs, and every reason at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core import numbers
from rembug.core.privacy import entry_faults


class NumberField(forms.CharField):
    """A number as people type it, read by `core.numbers` and nothing else; each kind is a subclass.

    An empty optional field is `nothing`. A stored number is shown as one would type it.
    """

    keyboard = "numeric"

    def __init__(self, *, nothing: Any = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.nothing = nothing
        self.widget.attrs.setdefault("inputmode", self.keyboard)
        self.widget.attrs.setdefault("autocomplete", "off")

    def read(self, text: str) -> Any:
        """A whole number, unless the kind says otherwise."""
        return numbers.count(text)

    def shown(self, value: Any) -> str:
        return numbers.show(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int | float):
            return value
        text = super().to_python(value)
        if not text:
            return "" if self.required else self.nothing
        try:
            return self.read(text)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong

    def run_validators(self, value: Any) -> None:
        """The reader has judged the text."""

    def prepare_value(self, value: Any) -> Any:
        """Typed text stays as it was typed."""
        return self.shown(value) if isinstance(value, int | float) else value or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (self.to_python(data) or 0) != (initial or 0)
        except ValidationError:
            return True


class RupiahField(NumberField):
    """Whole rupiah. No amount is shown as an empty field, and an empty optional field is 0."""

    def __init__(self, *, nothing: int | None = 0, **kwargs: Any):
        super().__init__(nothing=nothing, **kwargs)

    def read(self, text: str) -> int:
        return int(numbers.rupiah(text))

    def shown(self, value: int) -> str:
        return numbers.show(value) if value else ""


class CountField(NumberField):
    """A whole number of people, days or rows between two limits."""

    def __init__(self, *, low: int = 0, high: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        return numbers.count(text, self.low, self.high)


class YearField(CountField):
    """A year: shown without a point."""

    def shown(self, value: int) -> str:
        return str(value)


class KeyField(NumberField):
    """The key of a row that comes back from a page of ours; nobody types it."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any):
        super().__init__(strip=False, **kwargs)

    def read(self, text: str) -> int:
        if key := numbers.machine(text):
            return key
        raise ValueError(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu kirim lagi."))

    def shown(self, value: int) -> str:
        return str(value)


class VolumeField(NumberField):
    """Thousandths of a unit from `2,5` or `1.600`."""

    keyboard = "decimal"

    def read(self, text: str) -> int:
        return numbers.volume(text)

    def shown(self, value: int) -> str:
        return numbers.show(value, 3)


class PercentField(NumberField):
    """Hundredths of a percent from `12,5`."""

    keyboard = "decimal"

    def read(self, text: str) -> int:
        return numbers.percent(text)

    def shown(self, value: int) -> str:
        return numbers.show(value, 2)


class DegreesField(NumberField):
    """A coordinate in degrees, with a point or a comma."""

    # The number pad of a phone has no minus.
    keyboard = "text"

    def read(self, text: str) -> float:
        return numbers.degrees(text)

    def shown(self, value: float) -> str:
        return str(value).replace(".", ",")


def in_some_cases(field: forms.Field) -> forms.Field:
    """A field whose label or hint says when it is needed: nothing beside it claims that it may stay empty."""
    field.may_stay_empty = False  # type: ignore[attr-defined]
    return field


class DayField(forms.DateField):
    """A day. Browsers want it as 2026-11-12, whatever the language of the page, or show nothing."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault(
            "error_messages", {"invalid": gettext_lazy("Tulis tanggal seperti 2026-11-12.")}
        )
        super().__init__(**kwargs)


class FilesInput(forms.FileInput):
    """A file control that takes several at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.Field):
    """Several uploads as a list; what they are is judged where they are stored."""

    widget = FilesInput

    def clean(self, value: Any) -> list[Any]:
        uploads = [one for one in value or [] if one]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        return uploads

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class Rows(forms.BaseFormSet):
    """Rows of a form. How many there are is read from what came: a count that says less loses nothing typed."""

    def total_form_count(self) -> int:
        counted = max(super().total_form_count(), 0)
        if not self.is_bound:
            return counted
        named = re.compile(re.escape(self.prefix or "") + r"-(\d{1,6})-")
        came = [numbers.machine(found[1]) + 1 for found in map(named.match, self.data) if found]
        return min(max([counted, *came]), self.absolute_max)


class Careful(forms.Form):
    """A form that tells its writer, at the field, of a number that is somebody's own (core.privacy).

    Every text is taken to be read by everybody, unless the form names it: `in_house` is read by the house
    alone and may hold a telephone, `numbers` is where such a number belongs. Neither keeps a NIK but
    the last.
    """

    in_house: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if (
                isinstance(value, str)
                and name not in self.numbers
                and _is_typed(self.fields.get(name))
            ):
                for words in entry_faults(value, everybody=name not in self.in_house):
                    self.add_error(name, ValidationError(words, code="personal"))


def _is_typed(field: forms.Field | None) -> bool:
    """A text of somebody's own words; not a choice, and not what a page carries along unseen."""
    return isinstance(field, forms.CharField) and not field.widget.is_hidden


class TellAll(Careful):
    """A form whose empty fields are left to the act, so that all reasons come at once.

    A field marked `required` only looks so (no *boleh kosong* beside it). What cannot be read is told
    at its field and given to the act as nothing, or as far as the text fits, so that the act can
    still say what it thinks of the rest.
    """

    use_required_attribute = False

    def full_clean(self) -> None:
        asked = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for name, required in asked.items():
            self.fields[name].required = required
        if self.is_bound:
            for name in asked.keys() - self.cleaned_data.keys():
                self.cleaned_data[name] = self._readable(name)

    def _readable(self, name: str) -> Any:
        """What an act may have of a field that has a fault."""
        field = self.fields[name]
        if not isinstance(field, forms.CharField) or isinstance(field, NumberField):
            return None
        return str(self[name].data or "").replace("\0", "")[: field.max_length].strip()

    def refuse(self, reasons: Iterable[str]) -> None:
        """Show every reason of an act, each at its field; a field that has a fault already is told once."""
        told = set(self.errors)
        for reason in reasons:
            name = getattr(reason, "field", "")
            if name not in told:
                fault = forms.ValidationError(reason, code="told")
                self.add_error(name if name in self.fields else None, fault)
