"""Figures, dates and ages as people read them: `Rp50.000.000`, `9,5 jt`, `12 Nov 2026, 06.00`, `2 hari`.

Separators and words follow the active language: `Rp147,8 miliar`, in English `Rp147.8 billion`. Whole rupiah
keep their Indonesian form everywhere, as they stand on papers and banknotes.
"""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rembug.core.rupiah import show

UNKNOWN = gettext_lazy("belum ada")
MINUS = "\N{MINUS SIGN}"
SHORT_MONTHS = (
    gettext_lazy("Jan"),
    gettext_lazy("Feb"),
    gettext_lazy("Mar"),
    gettext_lazy("Apr"),
    gettext_lazy("Mei"),
    gettext_lazy("Jun"),
    gettext_lazy("Jul"),
    gettext_lazy("Agu"),
    gettext_lazy("Sep"),
    gettext_lazy("Okt"),
    gettext_lazy("Nov"),
    gettext_lazy("Des"),
)
MONTHS = (
    gettext_lazy("Januari"),
    gettext_lazy("Februari"),
    gettext_lazy("Maret"),
    gettext_lazy("April"),
    gettext_lazy("Mei"),
    gettext_lazy("Juni"),
    gettext_lazy("Juli"),
    gettext_lazy("Agustus"),
    gettext_lazy("September"),
    gettext_lazy("Oktober"),
    gettext_lazy("November"),
    gettext_lazy("Desember"),
)
WEEKDAYS = (
    gettext_lazy("Senin"),
    gettext_lazy("Selasa"),
    gettext_lazy("Rabu"),
    gettext_lazy("Kamis"),
    gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"),
    gettext_lazy("Minggu"),
)
SHORT_WEEKDAYS = (
    gettext_lazy("Sen"),
    gettext_lazy("Sel"),
    gettext_lazy("Rab"),
    gettext_lazy("Kam"),
    gettext_lazy("Jum"),
    gettext_lazy("Sab"),
    gettext_lazy("Min"),
)
# The Javanese five-day market week: 17 August 1945 was a Legi.
MARKET_DAYS = ("Legi", "Pahing", "Pon", "Wage", "Kliwon")
A_LEGI = date(1945, 8, 17)


def whole_labels(text: str) -> str:
    """`RT 03 / RW 05` that does not break between RW and its number, nor begin a line with the stroke."""
    text = re.sub(r"\b(RT|RW) (?=\d)", "\\1\N{NO-BREAK SPACE}", text)
    return text.replace(" / RW", "\N{NO-BREAK SPACE}/ RW")


def number(value: float | int, decimals: int = 0) -> str:
    """`1.478`, `96,1` (English `1,478`, `96.1`); a whole number loses its `,0`; a real minus sign."""
    text = f"{abs(value):,.{decimals}f}"
    whole, dot, fraction = text.partition(".")
    if dot and not fraction.strip("0"):
        text = whole
    if not translation.get_language() or translation.get_language().startswith("id"):
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return MINUS + text if value < 0 else text


def percent(value: float, decimals: int = 1) -> str:
    """`81,4%`; a rate of a tax keeps two: `1,75%`."""
    return f"{number(value, decimals)}%"


def share(part: float, whole: float) -> str:
    """A part of a whole in percent; of nothing, `0%`."""
    return percent(100 * part / whole if whole else 0)


def millions(amount: int) -> str:
    """For tight places, in millions: `50 jt`, `9,5 jt`; below a tenth of a million `45 rb`."""
    if 0 < abs(amount) < 100_000:
        return f"{number(amount / 1000, 1)} {_('rb')}"
    return f"{number(amount / 1_000_000, 1)} {_('jt')}"


def rounded(amount: int) -> str:
    """For a whole city: `Rp147,8 miliar`, `Rp9,5 juta`; below a million the exact rupiah."""
    for size, name in (
        (10**12, _("triliun")),
        (10**9, _("miliar")),
        (10**6, _("juta")),
    ):
        if abs(amount) >= size:
            sign = MINUS if amount < 0 else ""
            return f"{sign}Rp{number(abs(amount) / size, 1)} {name}"
    return show(amount)


def day_of(moment: date | datetime) -> date:
    """The calendar day of a moment in the current time zone."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()
    return moment


def short_date(moment: date | datetime) -> str:
    """`12 Nov 2026`."""
    day = day_of(moment)
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"


def full_date(moment: date | datetime) -> str:
    """`Kamis, 12 November 2026`."""
    day = day_of(moment)
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def clock(moment: datetime) -> str:
    """`06.00` (English `06:00`), in the current time zone."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    mark = ":" if (translation.get_language() or "").startswith("en") else "."
    return f"{local.hour:02d}{mark}{local.minute:02d}"


def short_moment(moment: datetime) -> str:
    """`12 Nov 2026, 06.00`."""
    return f"{short_date(moment)}, {clock(moment)}"


def term(starts: date, ends: date | None) -> str:
    """How long something holds: `sejak 2 Jan 2023`, `2 Jan 2023 sampai 31 Des 2026`."""
    told = {"start": short_date(starts), "end": ends and short_date(ends)}
    return (_("%(start)s sampai %(end)s") if ends else _("sejak %(start)s")) % told


def market_day(day: date) -> str:
    """The pasaran of a day: Legi, Pahing, Pon, Wage or Kliwon."""
    return MARKET_DAYS[(day - A_LEGI).days % 5]


def days(count: int) -> str:
    """`2 hari`."""
    return ngettext("%(n)s hari", "%(n)s hari", count) % {"n": number(count)}


def age(moment: date | datetime) -> str:
    """How long ago: `2 hari`; hours only below one day, `3 jam`."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        passed = max(timezone.now() - moment, timedelta())
        if passed < timedelta(hours=1):
            return _("kurang dari 1 jam")
        if passed < timedelta(days=1):
            hours = passed.seconds // 3600
            return ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours}
        return days(passed.days)
    passed_days = (timezone.localdate() - day_of(moment)).days
    return days(passed_days) if passed_days > 0 else _("hari ini")


def days_left(moment: date | datetime) -> int:
    """Days until a deadline; negative when it has passed."""
    return (day_of(moment) - timezone.localdate()).days


def left(moment: date | datetime) -> str:
    """How a deadline stands: `3 hari lagi`, `hari ini`, `lewat 4 hari`."""
    count = days_left(moment)
    if count == 0:
        return _("hari ini")
    if count > 0:
        return _("%(days)s lagi") % {"days": days(count)}
    return _("lewat %(days)s") % {"days": days(-count)}


def retold(title: str) -> str:
    """A kept title in the reader's language: `Periksa laporan 50%: Paving Gang 2`.

    Titles are kept in the source language, numbers and names filled in. One that was never among
    the words of the interface stays as it is.
    """
    head, colon, about = title.partition(": ")
    numbers = tuple(int(digits) for digits in re.findall(r"\d+", head))
    words = re.sub(r"\d+", "%d", head.replace("%", "%%"))
    # Looked up, not marked: the words are marked where the title is made.
    whole, alone = translation.gettext(f"{words}: %s"), translation.gettext(words)
    if whole != f"{words}: %s":
        return whole % (*numbers, about)
    return f"{alone % numbers}{colon}{about}" if alone != words else title
