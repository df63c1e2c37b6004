"""Form fields with label, hint and fault, and the list of all faults of a form."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rembug.core.parts.marks import drawing


def errors(*forms: BaseForm | BaseFormSet | Iterable[str]) -> dict[str, Any]:
    """All faults at once, each a link to its field. Takes forms, formsets and plain lists of reasons."""
    faults: list[tuple[str, Any]] = []
    for form in forms:
        faults += _faults(form)
    return {"faults": faults}


def _faults(form: Any) -> list[tuple[str, Any]]:
    """(id of the field or empty, sentence) of every fault, in the order of the page."""
    if not form:
        return []
    if isinstance(form, BaseFormSet):
        own = [("", reason) for reason in form.non_form_errors()]
        return own + [fault for one in form.forms for fault in _faults(one)]
    if not isinstance(form, BaseForm):
        return [("", reason) for reason in form]
    general = [("", reason) for reason in form.non_field_errors()]
    return general + [
        ("" if bound.is_hidden else _target(bound), _named(bound, fault, reason))
        for bound in form
        for fault, reason in _reasons(bound)
    ]


def _named(bound: BoundField, fault: ValidationError, reason: str) -> str:
    """A fault with the name of its field; the reason of an act (`told`) says itself what it is about."""
    if fault.code == "told":
        return reason
    return f"{getattr(bound.field, 'said', bound.label)}: {reason}"


def _reasons(bound: BoundField) -> list[tuple[ValidationError, str]]:
    """The faults of a field in words; an empty one is told what to do in two words."""
    found = bound.form.errors.as_data().get(bound.name, [])
    told = {
        "required": _("Belum diisi."),
        "null_characters_not_allowed": _(
            "Ada tanda tersembunyi; sudah dibuang. Periksa tulisannya, lalu kirim lagi."
        ),
    }
    return [
        (fault, told.get(fault.code or "", str(reason)))
        for fault in found
        for reason in fault.messages
    ]


def _target(bound: BoundField) -> str:
    """The id a fault leads to: a group of choices has its id on the fieldset."""
    return bound.auto_id if bound.use_fieldset else bound.id_for_label


def field(bound: BoundField, label: Any = "", hint: Any = "", **attrs: Any) -> SafeString:
    """A form field with its label, hint and error, wired for screen readers. `{% field form.name rows=3 %}`.

    Underscores in attribute names become dashes: `hx_post=url`.
    """
    attrs = {
        name.replace("_", "-"): value for name, value in attrs.items() if value not in (None, False)
    }
    kind = getattr(bound.field.widget, "input_type", "")
    if bound.use_fieldset:
        return _choices(bound, label, hint)
    if kind == "checkbox":
        return _tick(bound, label, hint, attrs)
    return _typed(bound, label, hint, attrs)


def _typed(bound: BoundField, label: Any, hint: Any, attrs: dict[str, Any]) -> SafeString:
    look = f"input {bound.field.widget.attrs.get('class', '')}".strip()
    control = bound.as_widget(attrs=_aria(bound, hint) | {"class": look} | attrs)
    free = not bound.field.required and getattr(bound.field, "may_stay_empty", True)
    optional = f' <span class="quiet">{esc(_("boleh kosong"))}</span>' if free else ""
    return mark_safe(
        f'<div class="{_frame(bound)}"><label class="label" for="{esc(bound.id_for_label)}">'
        f"{esc(label or bound.label)}{optional}</label>{_described(bound, hint)}{control}</div>"
    )


def _tick(bound: BoundField, label: Any, hint: Any, attrs: dict[str, Any]) -> SafeString:
    control = bound.as_widget(attrs=_aria(bound, hint) | attrs)
    return mark_safe(
        f'<div class="{_frame(bound)}">{_described(bound, hint)}'
        f'<label class="tick">{control}<span>{esc(label or bound.label)}</span></label></div>'
    )


def _choices(bound: BoundField, label: Any, hint: Any) -> SafeString:
    """Up to four radio buttons are large picks side by side; more, or boxes to tick, are lines."""
    picks = len(bound.subwidgets) <= 4 and bound.field.widget.input_type == "radio"
    one, many = ("pick", f"picks n{len(bound.subwidgets)}") if picks else ("tick", "ticks")
    boxes = "".join(_choice(bound, choice, one) for choice in bound.subwidgets)
    by = f' aria-describedby="{esc(ids)}"' if (ids := _describers(bound, hint)) else ""
    return mark_safe(
        f'<fieldset class="{_frame(bound)}" id="{esc(bound.auto_id)}" tabindex="-1"{by}>'
        f'<legend class="label">{esc(label or bound.label)}</legend>{_described(bound, hint)}'
        f'<div class="{many}">{boxes}</div></fieldset>'
    )


def _choice(bound: BoundField, choice: Any, look: str) -> str:
    """One box; where a fault names it, it says so itself. The list of all faults has the sentence."""
    lacking = any(_about(reason, choice) for _fault, reason in _reasons(bound))
    mark = (
        f'<span class="error">{drawing("alert")} {esc(_("Belum dicentang."))}</span>'
        if lacking
        else ""
    )
    return (
        f'<label class="{look}{" is-wrong" if lacking else ""}">{choice.tag()}'
        f"<span>{esc(choice.choice_label)}{mark}</span></label>"
    )


def _about(reason: str, choice: Any) -> bool:
    return f"“{choice.choice_label}”" in reason and not choice.data["selected"]


def _frame(bound: BoundField) -> str:
    return "field is-wrong" if bound.errors else "field"


def _described(bound: BoundField, hint: Any) -> SafeString:
    """The hint and the faults, above the control, where a phone keyboard does not cover them."""
    text = hint or bound.help_text
    parts = f'<span class="hint" id="{esc(_hint_id(bound))}">{esc(text)}</span>' if text else ""
    if bound.errors:
        choices = list(bound.subwidgets) if bound.use_fieldset else []
        reasons = [reason for _fault, reason in _reasons(bound)]
        # What is told at its own box is not told again above all of them.
        above = [one for one in reasons if not any(_about(one, choice) for choice in choices)]
        said = " ".join(above) or _("Lihat yang bertanda di bawah ini.")
        parts += f'<span class="error" id="{esc(_error_id(bound))}">{drawing("alert")} {esc(said)}</span>'
    return mark_safe(parts)


def _describers(bound: BoundField, hint: Any) -> str:
    """The ids of what `_described` wrote."""
    ids = [_hint_id(bound)] if hint or bound.help_text else []
    return " ".join(ids + ([_error_id(bound)] if bound.errors else []))


def _hint_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_helptext"


def _error_id(bound: BoundField) -> str:
    return f"{bound.auto_id}_error"


def _aria(bound: BoundField, hint: Any) -> dict[str, str]:
    ids = _describers(bound, hint)
    return {"aria-describedby": ids} if ids else {}
