"""Forms of the five-year list: a wish, and why one is struck out or put off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.forms import RupiahField, in_some_cases
from rembug.planning.forms import Sent, text_area
from rembug.planning.models import Meeting


def held_meetings(unit_id: int) -> list[Meeting]:
    """Recorded meetings of an RT, newest first: what a change of the list may rest on."""
    rows = Meeting.objects.filter(unit=unit_id).recorded().order_by("-at")
    return list(rows[:20])


class WishForm(Sent):
    """A line of the five-year list. A new one rests on a meeting or a reason; a change always says why."""

    title = forms.CharField(label=gettext_lazy("Rencana"), max_length=200)
    field = forms.ChoiceField(label=gettext_lazy("Bidang"))
    year = forms.TypedChoiceField(label=gettext_lazy("Tahun"), coerce=int)
    volume = forms.CharField(label=gettext_lazy("Volume dan satuan"), required=False, max_length=60)
    cost = RupiahField(label=gettext_lazy("Perkiraan biaya"), required=False)
    meeting = in_some_cases(
        forms.TypedChoiceField(
            label=gettext_lazy("Diputuskan di rembug"), required=False, coerce=int, empty_value=None
        )
    )
    reason = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Alasan, bila tidak dari rembug"),
            required=False,
            max_length=300,
            widget=text_area(2),
        )
    )

    def __init__(
        self,
        *args: Any,
        choices: list[tuple[str, str]],
        years: Iterable[int],
        meetings: list[Meeting],
        stored: bool = False,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        if stored:
            self.fields["reason"].label = _("Alasan perubahan")
        self.meetings = {meeting.pk: meeting for meeting in meetings}
        self.fields["field"].choices = [("", _("Pilih bidang")), *choices]  # type: ignore[attr-defined]
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

    reason = in_some_cases(
        forms.CharField(
            label=gettext_lazy("Alasan"), required=False, max_length=300, widget=text_area(2)
        )
    )
    year = in_some_cases(
        forms.TypedChoiceField(label=gettext_lazy("Ke tahun"), coerce=int, required=False)
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
