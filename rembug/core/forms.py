"""Form fields that read what people here type: rupiah, several photographs at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rembug.core.rupiah import parse, show


class RupiahField(forms.CharField):
    """Whole rupiah from `1.250.000` or `Rp 1.250.000`; an empty optional field is 0."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 24)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int):
            return value
        text = super().to_python(value)
        if not text:
            return "" if self.required else 0
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
