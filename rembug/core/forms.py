"""Forms and fields that read what people here type: rupiah, several photographs, and every reason at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rembug.core.rupiah import parse, show


class RupiahField(forms.CharField):
    """Whole rupiah from `1.250.000` or `Rp 1.250.000`; an empty optional field is `nothing`."""

    def __init__(self, *, nothing: int | None = 0, **kwargs: Any):
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.nothing = nothing
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return "" if self.required else self.nothing
        try:
            return int(parse(text))
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong

    def run_validators(self, value: Any) -> None:
        """Length was checked before the text became a number."""

    def prepare_value(self, value: Any) -> Any:
        """A stored amount is shown with its separators, typed text as it was typed."""
        return show(value).removeprefix("Rp") if isinstance(value, int) and value else value or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (self.to_python(data) or 0) != (initial or 0)
        except ValidationError:
            return True


class DayField(forms.DateField):
    """A day. Browsers want it as 2026-11-12, whatever the language of the page, or show nothing."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("error_messages", {"invalid": _("Tulis tanggal seperti 2026-11-12.")})
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


class TellAll(forms.Form):
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
        if not isinstance(field, forms.CharField) or isinstance(field, RupiahField):
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
