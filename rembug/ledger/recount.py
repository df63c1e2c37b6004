"""The audit of the books: everything is counted again from the lines, and every difference is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db import connection
from django.db.models import Count, F, Max, Sum
from django.utils.translation import gettext as _
from django_scopes import scope

from rembug.core.rupiah import show
from rembug.ledger.models import Balance, Counter, Entry, EntryLine, Fund
from rembug.ledger.rules import ACCOUNTS, day_faults
from rembug.regions.models import City, Unit, ancestors

# Of one kind of fault so many are told one by one; the rest is only counted.
TOLD = 20

Key = tuple[int, str, int, int]  # fund, account, unit, subject
Totals = dict[Key, tuple[int, int]]


def audit(city: City) -> list[str]:
    """Recount the city's books and tell every fault as a sentence; an empty list means sound.

    Takes some seconds for half a million lines; reads only.
    """
    with scope(city=city):
        lines = _line_totals()
        checks: list[Callable[[], Iterable[str]]] = [
            _unposted,
            _numbers,
            _unbalanced,
            _thin,
            _wrong_year,
            _out_of_year,
            lambda: _reversals(city),
            lambda: _went_negative(city),
            lambda: _balances_differ(lines),
            lambda: _identity(lines),
        ]
        return [fault for check in checks for fault in _some(check())]


def _some(faults: Iterable[str]) -> Iterator[str]:
    """The first faults of a kind, then how many more there are."""
    more = 0
    for nth, fault in enumerate(faults):
        if nth < TOLD:
            yield fault
        else:
            more += 1
    if more:
        yield _("... dan %d kesalahan lain yang sejenis.") % more


def _unposted() -> Iterator[str]:
    for entry in Entry.objects.exclude(state=Entry.State.POSTED).order_by("id"):
        yield _("Jurnal dengan kunci %s belum dibukukan.") % entry.key


def _numbers() -> Iterator[str]:
    """Numbers run from 1 without a gap, and the counter stands at the last."""
    last = dict(Counter.objects.values_list("year", "last"))
    rows = Entry.objects.exclude(number=None).values("year").order_by("year")
    for row in rows.annotate(count=Count("id"), top=Max("number")):
        year, count, top = row["year"], row["count"], row["top"]
        if count != top:
            yield _("Tahun %(year)s: %(missing)s nomor jurnal hilang, antara lain %(first)s.") % {
                "year": year,
                "missing": top - count,
                "first": _first_gap(year),
            }
        if last.pop(year, 0) != top:
            yield _("Tahun %(year)s: nomor jurnal terakhir %(top)s tidak sama dengan pencacah.") % {
                "year": year,
                "top": top,
            }
    for year, number in sorted(last.items()):
        if number:
            yield _("Tahun %(year)s: pencacah %(number)s, tetapi tidak ada jurnal.") % {
                "year": year,
                "number": number,
            }


def _first_gap(year: int) -> int:
    numbers = Entry.objects.filter(year=year).exclude(number=None).order_by("number")
    found = numbers.values_list("number", flat=True).iterator()
    return next((due for due, number in enumerate(found, start=1) if due != number), 0)


def _unbalanced() -> Iterator[str]:
    rows = EntryLine.objects.order_by().values("entry__year", "entry__number", "unit")
    rows = rows.annotate(gap=Sum("debit") - Sum("credit")).exclude(gap=0)
    for row in rows:
        yield _("Jurnal %(number)s: debit dan kredit berselisih %(gap)s.") % {
            "number": f"{row['entry__year']}/{row['entry__number']}",
            "gap": show(abs(row["gap"])),
        }


def _thin() -> Iterator[str]:
    posted = Entry.objects.filter(state=Entry.State.POSTED)
    for entry in posted.annotate(count=Count("lines")).filter(count__lt=2):
        yield _("Jurnal %s kurang dari dua baris.") % entry


def _wrong_year() -> Iterator[str]:
    for entry in Entry.objects.exclude(year=F("fund__year")):
        yield _("Jurnal %s tercatat di tahun yang berbeda dengan dananya.") % entry


def _out_of_year() -> Iterator[str]:
    """Money contracted, ordered or paid from a year that had not begun or was over."""
    outside = Entry.objects.exclude(on__year=F("year")).prefetch_related("lines")
    for entry in outside.iterator(chunk_size=2000):
        for fault in day_faults(list(entry.lines.all()), entry.on, entry.year):  # type: ignore[arg-type]
            yield _("Jurnal %(number)s: %(fault)s") % {"number": entry, "fault": fault}


def _reversals(city: City) -> Iterator[str]:
    """A reversal and what it reverses add up to nothing, line by line."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT year, number FROM (
                SELECT r.year, r.number, l.account, l.unit_id, l.subject
                FROM ledger_entry r JOIN ledger_entryline l
                  ON l.city_id = r.city_id AND l.entry_id IN (r.id, r.reverses_id)
                WHERE r.city_id = %s AND r.reverses_id IS NOT NULL
                GROUP BY r.year, r.number, l.account, l.unit_id, l.subject
                HAVING sum(l.debit) <> sum(l.credit)
            ) AS uneven ORDER BY year, number
            """,
            [city.pk],
        )
        for year, number in cursor.fetchall():
            yield _("Pembalikan %s tidak sama dengan jurnal yang dibalik.") % f"{year}/{number}"


def _went_negative(city: City) -> Iterator[str]:
    """In the order of the numbers, no account was ever taken below zero."""
    debit_normal = [account.kind for account in ACCOUNTS.values() if account.debit]
    marks = ", ".join(["%s"] * len(debit_normal))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT fund_id, account, unit_id, subject, min(amount) FROM (
                SELECT e.fund_id, l.account, l.unit_id, l.subject,
                    sum(sum(CASE WHEN l.account IN ({marks}) THEN l.debit - l.credit
                                 ELSE l.credit - l.debit END))
                    OVER (PARTITION BY e.fund_id, l.account, l.unit_id, l.subject
                          ORDER BY e.number) AS amount
                FROM ledger_entryline l JOIN ledger_entry e
                  ON e.city_id = l.city_id AND e.id = l.entry_id
                WHERE l.city_id = %s
                GROUP BY e.fund_id, l.account, l.unit_id, l.subject, e.number
            ) AS running GROUP BY fund_id, account, unit_id, subject HAVING min(amount) < 0
            """,
            [*debit_normal, city.pk],
        )
        for fund, account, unit, subject, lowest in cursor.fetchall():
            yield _("%(what)s pernah kurang dari nol: %(lowest)s.") % {
                "what": _name((fund, account, unit, subject)),
                "lowest": show(int(lowest)),
            }


def _line_totals() -> Totals:
    """Debit and credit per fund, account, unit and activity, summed from the lines."""
    rows = EntryLine.objects.order_by().values_list(
        "entry__fund_id", "account", "unit_id", "subject"
    )
    rows = rows.annotate(in_debit=Sum("debit"), in_credit=Sum("credit"))
    return {row[:4]: row[4:] for row in rows}


def _rolled_up(lines: Totals) -> Totals:
    """The same totals at every unit above, activities together."""
    codes = dict(Unit.objects.values_list("code", "id"))
    above = {
        unit: [codes[upper] for upper in ancestors(code) if upper in codes]
        for code, unit in codes.items()
    }
    sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for (fund, account, unit, _subject), (debit, credit) in lines.items():
        for upper in above[unit]:
            total = sums[fund, account, upper, 0]
            total[0] += debit
            total[1] += credit
    return {key: (total[0], total[1]) for key, total in sums.items()}


def _balances_differ(lines: Totals) -> Iterator[str]:
    """Kept balances, own and rolled up, are those of the lines; none is negative or on the wrong side."""
    fields = ("fund_id", "account", "unit_id", "subject", "debit", "credit", "amount")
    for rollup, counted in ((False, dict(lines)), (True, _rolled_up(lines))):
        for row in Balance.objects.filter(rollup=rollup).values_list(*fields).iterator():
            key, kept = row[:4], row[4:6]
            if counted.pop(key, (0, 0)) != kept:
                yield _("Saldo %s tidak sama dengan hitungan dari jurnal.") % _name(key)
            if row[6] < 0 or row[6] != ACCOUNTS[row[1]].amount(*kept):
                yield _("Saldo %s kurang dari nol atau terbalik sisinya.") % _name(key)
        for key, totals in counted.items():
            if totals != (0, 0):
                yield _("Saldo %s tidak tersimpan, padahal ada jurnalnya.") % _name(key)


def _identity(lines: Totals) -> Iterator[str]:
    """In every fund and unit, what was given equals all the states it is in."""
    gaps: defaultdict[tuple[int, int], int] = defaultdict(int)
    for (fund, _account, unit, _subject), (debit, credit) in lines.items():
        gaps[fund, unit] += debit - credit
    for (fund, unit), gap in gaps.items():
        if gap:
            yield _("%(place)s: pagu berselisih %(gap)s dengan seluruh keadaan uangnya.") % {
                "place": _name((fund, "source", unit, 0)),
                "gap": show(abs(gap)),
            }


def _name(key: Key) -> str:
    """What people call an account of a fund at a place, with the activity's number if any."""
    fund, account, unit, subject = key
    place = Unit.objects.filter(pk=unit).first()
    words = [str(ACCOUNTS[account].title), place.label if place else f"#{unit}"]
    words.append(str(Fund.objects.filter(pk=fund).first() or f"#{fund}"))
    if subject:
        words.append(_("kegiatan %d") % subject)
    return ", ".join(words)
