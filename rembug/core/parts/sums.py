"""Money drawn: the ladder of its four states, its division over the fields, its allowed ranges."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rembug.core import words
from rembug.core.parts.marks import bid, chip, drawing, drawn_field, percent_of
from rembug.core.rupiah import show

FIGURES = {"rupiah": show, "jt": words.millions, "ringkas": words.rounded}


def ladder(
    pagu: int,
    contracted: int,
    paid: int,
    accounted: int,
    small: bool = False,
    figures: str = "",
    label: str = "",
    href: str = "",
    notes: Iterable[Any] = (),
) -> SafeString:
    """The four nested states of money, each with its bar and its sum.

    `figures` is rupiah (default), jt (default when small) or ringkas. `notes` are up to four short
    texts under the names; without them a large ladder shows each step's share of the ceiling.
    `href` opens the rows behind the sums.
    """
    write = FIGURES[figures or ("jt" if small else "rupiah")]
    given = [str(note) for note in notes] or [
        "",
        *(_share_note(n, pagu) for n in (contracted, paid, accounted)),
    ]
    if small and not notes:
        given = []
    steps = zip(
        ("pagu", "kontrak", "cair", "spj"),
        (_("Pagu"), _("Dikontrak"), _("Dicairkan"), _("Dipertanggungjawabkan")),
        (pagu, contracted, paid, accounted),
        given + [""] * 4,
        strict=False,
    )
    rows = "".join(
        _rung(kind, name, write(amount or 0), percent_of(amount or 0, pagu or 0), note, href)
        for kind, name, amount, note in steps
    )
    size = "ladder ladder-s" if small else "ladder"
    return mark_safe(
        f'<ol class="{size}" aria-label="{esc(label or _("Tangga uang"))}">{rows}</ol>'
    )


def _share_note(amount: int, pagu: int) -> str:
    return _("%(part)s dari pagu") % {"part": words.share(amount or 0, pagu)}


def _rung(kind: str, name: str, text: str, percent: int, note: str, href: str) -> str:
    name = esc(name).replace("Dipertanggungjawabkan", "Dipertanggung&shy;jawabkan")
    small = f' <small class="ladder-note">{esc(note)}</small>' if note else ""
    sum_ = f'<a class="open-number" href="{esc(href)}">{esc(text)}</a>' if href else esc(text)
    return (
        f'<li class="m-{kind}"><span class="ladder-name">{name}{small}</span>'
        f'<span class="ladder-sum">{sum_}</span><span class="ladder-bar v{percent}"></span></li>'
    )


def mix(rows: Iterable[tuple[str, Any, int]], label: str = "", rest: int = 0) -> SafeString:
    """How a ceiling is divided over the fields. Rows are (field, name, amount); `rest` is what no
    activity uses, drawn empty behind them."""
    rows = [(drawn_field(field), name, amount) for field, name, amount in rows if amount > 0]
    rest = max(rest, 0)
    whole = sum(amount for *_rest, amount in rows) + rest
    told = [(name, amount) for _code, name, amount in rows]
    told += [(_("belum dianggarkan"), rest)] if rest else []
    said = ", ".join(f"{name} {words.share(amount, whole)}" for name, amount in told)
    parts = "".join(
        f'<span class="b-{code} f{percent_of(amount, whole)}">'
        f"{drawing('b-' + code) if amount * 100 >= whole * 4 else ''}</span>"
        for code, _name, amount in rows
    )
    empty = f'<span class="is-rest f{percent_of(rest, whole)}"></span>' if rest else ""
    return mark_safe(
        f'<div class="mix" role="img" aria-label="{esc(label or _("Susunan pagu"))}: {esc(said)}">'
        f"{parts}{empty}</div>"
    )


def share(
    field: str,
    name: Any,
    amount: int,
    low: int = 0,
    high: int | None = None,
    scale: int | None = None,
    note: Any = "",
) -> SafeString:
    """The amount of one field against its allowed range, the bracket under the bar; rupiah. An `<li>`.

    `scale` is the amount at the right end of the bar; give all shares of one list the same one.
    `note` replaces the sentence about the range; what to add or take away is said after it.
    """
    top = scale or max(amount, high or amount, 1)
    state, word, advice = _share_state(amount, low or 0, high)
    foot = (
        f"{str(note).rstrip('.')}{'.' if advice else ''}" if note else _share_range(low or 0, high)
    )
    bounds = f" lo{percent_of(low or 0, top)} hi{100 if high is None else percent_of(high, top)}"
    code = f"{drawn_field(field)}{'' if low or high is not None else ' is-free'}"
    return mark_safe(
        f'<li class="share b-{code}"><div class="share-head">{bid(field, name)}'
        f'<span class="share-sum"><b>{esc(words.millions(amount))}</b> {chip(state, word)}</span></div>'
        f'<div class="share-bar v{percent_of(amount, top)}{bounds}"><i></i></div>'
        f'<div class="share-foot"><span>{esc(foot)}{esc(advice)}</span></div></li>'
    )


def _share_state(amount: int, low: int, high: int | None) -> tuple[str, str, str]:
    if high is not None and amount > high:
        return (
            "late",
            _("lebih"),
            " " + _("Kurangi %(amount)s.") % {"amount": words.millions(amount - high)},
        )
    if amount < low:
        return (
            "wait",
            _("kurang"),
            " " + _("Tambah %(amount)s.") % {"amount": words.millions(low - amount)},
        )
    return "ok", _("sesuai"), ""


def _share_range(low: int, high: int | None) -> str:
    if high is None:
        return (
            _("paling sedikit %(low)s.") % {"low": words.millions(low)}
            if low
            else _("tanpa batas.")
        )
    if low:
        return _("boleh %(low)s sampai %(high)s.") % {
            "low": words.millions(low),
            "high": words.millions(high),
        }
    return _("boleh sampai %(high)s.") % {"high": words.millions(high)}


def money(amount: int | None, label: Any = "", strong: bool = False) -> SafeString:
    """A right-aligned table cell with rupiah; `label` names the column when rows become blocks on a phone."""
    named = f' data-l="{esc(label)}"' if label else ""
    weight = " strong" if strong else ""
    return mark_safe(
        f'<td class="num{weight}"{named}>{esc(words.UNKNOWN if amount is None else show(amount))}</td>'
    )
