"""Acts on the books: open a fund, post, reverse, move, close.

Whoever posts holds the row of the city's counter for that year until commit, so numbers have no gap
and balances are read and written by one hand at a time. Lock rows of your own before you post, and
post into an earlier year before a later one: then two acts never wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from rembug.core.refusal import Refused, refuse_if
from rembug.ledger.models import Counter, Entry, EntryLine, Fund
from rembug.ledger.reading import balance, balances, ladders_by_subject, ladders_by_unit
from rembug.ledger.recount import audit
from rembug.ledger.rows import analyze, batches, insert, update
from rembug.ledger.rules import ACCOUNTS, Line, day_faults, entry_faults
from rembug.ledger.sums import Sums
from rembug.regions.models import City, Unit

__all__ = [
    "Draft",
    "Line",
    "audit",
    "balance",
    "balances",
    "close_fund",
    "ladders_by_subject",
    "ladders_by_unit",
    "move",
    "open_fund",
    "post",
    "post_many",
    "reverse",
]

# Enough to see what is wrong with a large delivery, few enough to read.
MOST_REASONS = 20
# From so many entries at once the database's own statistics are out of date.
LARGE = 2000


@dataclass(frozen=True)
class Draft:
    """An entry to be posted, as given to `post_many`."""

    kind: str
    lines: Sequence[Line]
    memo: str
    on: date
    key: str
    act_digest: str = ""
    reverses: Entry | None = None

    @property
    def content(self) -> tuple:
        """What makes two drafts the same money; memo, day and digest may be told differently."""
        lines = [(x.account, x.unit_id, x.subject, x.debit, x.credit) for x in self.lines]
        return self.kind, self.reverses and self.reverses.pk, sorted(lines)


@transaction.atomic
def open_fund(city: City, year: int, code: str, name: str) -> Fund:
    """Open the books of a sum of money for a fiscal year. Opening the same one again returns it.

    Raises Refused when the code is already in use for another year.
    """
    with scope(city=city):
        fund, _made = Fund.objects.get_or_create(
            city=city, code=code, defaults={"year": year, "name": name}
        )
        if fund.year != year:
            raise Refused(
                _("Kode dana %(code)s sudah dipakai untuk tahun %(year)s. Pilih kode lain.")
                % {"code": code, "year": fund.year}
            )
        return fund


def close_fund(fund: Fund) -> None:
    """Close the books: from now on nothing is posted into this fund. Closing twice does no harm."""
    with transaction.atomic():
        _lock(fund)
        Fund.objects.filter(pk=fund.pk).update(state=Fund.State.CLOSED)
        fund.state = Fund.State.CLOSED


def post(
    *,
    fund: Fund,
    kind: str,
    lines: Sequence[Line],
    memo: str,
    on: date,
    key: str,
    act_digest: str = "",
) -> Entry:
    """Book one movement of money. All of it happens, or nothing.

    `key` names the movement once per city: sending the same money again returns the entry that is
    there (its memo, day and digest stay as first told). Raises Refused with every reason: lines that
    do not balance, a closed fund, a day outside the year, money that is not there, a key that stands
    for something else.
    """
    return post_many(fund, [Draft(kind, lines, memo, on, key, act_digest)])[0]


def post_many(fund: Fund, drafts: Iterable[Draft]) -> list[Entry]:
    """Book many movements in their order, in one transaction and few statements; see `post`.

    Returns the entries in the order of the drafts. One refused draft refuses them all, since each
    may rest on the one before.
    """
    drafts = list(drafts)
    # A large delivery stands or falls with the transaction around it: under a savepoint SQLite walks
    # a list of all changed pages at every row, and a year of a city took many minutes.
    try:
        with transaction.atomic(savepoint=len(drafts) < LARGE):
            return _post(fund, drafts)
    except IntegrityError:
        # The same key may have been booked meanwhile in another year, whose lock is not ours.
        booked = _booked(draft.key for draft in drafts)
        if any(draft.key not in booked for draft in drafts):
            raise
        _refuse_other_content(fund, drafts, booked)
        return [booked[draft.key] for draft in drafts]


def reverse(entry: Entry, *, why: str, on: date, key: str) -> Entry:
    """Take a posted entry back by its mirror image; both stay in the books.

    `why` is kept as the memo. Raises Refused when it was reversed before, is itself a reversal, or
    when the money has moved on.
    """
    faults = []
    if not why.strip():
        faults.append(_("Tulis alasan pembalikan."))
    if entry.reverses_id:
        faults.append(_("Pembalikan tidak dapat dibalik. Buat jurnal baru."))
    if on < entry.on:
        faults.append(_("Tanggal pembalikan tidak boleh sebelum tanggal jurnal yang dibalik."))
    refuse_if(faults)
    mirror = [
        Line(line.account, line.unit, line.subject, line.credit, line.debit)
        for line in entry.lines.select_related("unit")
    ]
    draft = Draft("reverse", mirror, why, on, key, reverses=entry)
    return post_many(entry.fund, [draft])[0]


def move(
    fund: Fund,
    from_account: str,
    to_account: str,
    unit: Unit | int,
    subject: int,
    amount: int,
    *,
    on: date,
    key: str,
    kind: str = "move",
    memo: str = "",
    act_digest: str = "",
) -> Entry:
    """Book the usual transfer: credit one account, debit another, at one place for one activity.

    `source` and `available` belong to the place alone, so the subject is left out on their side:
    `move(fund, "available", "reserved", rt, activity, 5_000_000, ...)` does what it says.
    """
    lines = [
        Line(to_account, unit, _subject(to_account, subject), debit=amount),
        Line(from_account, unit, _subject(from_account, subject), credit=amount),
    ]
    return post(fund=fund, kind=kind, lines=lines, memo=memo, on=on, key=key, act_digest=act_digest)


def _subject(account: str, subject: int) -> int:
    known = ACCOUNTS.get(account)
    return subject if known is None or known.by_activity else 0


def _lock(fund: Fund) -> Counter:
    """Hold the books of the fund's city and year until the end of the transaction.

    SQLite has no row locks; there the transaction itself (IMMEDIATE) is the lock.
    """
    books = Counter.objects.select_for_update().filter(city_id=fund.city_id, year=fund.year)
    held = books.first()
    if held is None:
        fresh = Counter(city_id=fund.city_id, year=fund.year)
        Counter.objects.bulk_create([fresh], ignore_conflicts=True)
        held = books.get()
    return held


def _post(fund: Fund, drafts: list[Draft]) -> list[Entry]:
    counter = _lock(fund)
    booked = _booked(draft.key for draft in drafts)
    _refuse_other_content(fund, drafts, booked)
    fresh: dict[str, Draft] = {}
    for draft in drafts:
        if draft.key not in booked:
            # Sent twice in one delivery is still one movement, and its first place counts.
            fresh.setdefault(draft.key, draft)
    if fresh:
        for entry in _book(fund, counter, list(fresh.values())):
            booked[entry.key] = entry
    return [booked[draft.key] for draft in drafts]


def _booked(keys: Iterable[str], state: str = Entry.State.POSTED) -> dict[str, Entry]:
    """Entries that are in the books under these keys."""
    found: dict[str, Entry] = {}
    for some in batches(keys):
        rows = Entry.objects.filter(key__in=some, state=state)
        found |= {entry.key: entry for entry in rows}
    return found


def _refuse_other_content(fund: Fund, drafts: list[Draft], booked: dict[str, Entry]) -> None:
    """A key stands for one movement; it must not come again with other money."""
    first = _contents(booked.values())
    faults = []
    for draft in drafts:
        content = (fund.pk, *draft.content)
        if first.setdefault(draft.key, content) != content:
            faults.append(
                _("Kunci %s sudah dipakai untuk pencatatan yang berbeda. Muat ulang, lalu ulangi.")
                % draft.key
            )
    refuse_if(faults[:MOST_REASONS])


def _contents(entries: Iterable[Entry]) -> dict[str, tuple]:
    """For each key what Draft.content says of the entry that is booked, with its fund before it."""
    lines: dict[int, list[tuple]] = {}
    contents = {}
    for some in batches(entries):
        rows = EntryLine.objects.filter(entry_id__in=[entry.pk for entry in some])
        fields = ("entry_id", "account", "unit_id", "subject", "debit", "credit")
        for entry_id, *line in rows.values_list(*fields):
            lines.setdefault(entry_id, []).append(tuple(line))
        for entry in some:
            content = (entry.fund_id, entry.kind, entry.reverses_id, sorted(lines[entry.pk]))
            contents[entry.key] = content
    return contents


def _book(fund: Fund, counter: Counter, drafts: list[Draft]) -> list[Entry]:
    """Write entries that are not yet there: drafts, their lines, the posting, the balances."""
    _refuse_unsound(fund, drafts)
    sums = Sums(fund, [line for draft in drafts for line in draft.lines])
    _refuse_with(drafts, (sums.add(draft.lines) for draft in drafts))
    if len(drafts) >= LARGE:
        # Freshly loaded units would be searched one after another for the key of every line.
        analyze("regions_unit")
    entries = _write_drafts(fund, drafts)
    _number(entries, counter)
    sums.write()
    if len(drafts) >= LARGE:
        analyze("ledger_entry", "ledger_entryline", "ledger_balance")
    return entries


def _write_drafts(fund: Fund, drafts: list[Draft]) -> list[Entry]:
    """Entries without a number, and their lines."""
    insert(
        "ledger_entry",
        {"city_id": "text", "fund_id": "bigint", "year": "smallint", "kind": "text"}
        | {"memo": "text", "on": "date", "key": "text", "reverses_id": "bigint"}
        | {"act_digest": "text", "state": "text"},
        (
            (fund.city_id, fund.pk, fund.year, x.kind, x.memo, x.on, x.key)
            + (x.reverses and x.reverses.pk, x.act_digest, Entry.State.DRAFT.value)
            for x in drafts
        ),
    )
    written = _booked((draft.key for draft in drafts), Entry.State.DRAFT)
    insert(
        "ledger_entryline",
        {"city_id": "text", "entry_id": "bigint", "account": "text", "unit_id": "bigint"}
        | {"subject": "bigint", "debit": "bigint", "credit": "bigint"},
        (
            (fund.city_id, written[draft.key].pk, x.account, x.unit_id)
            + (x.subject, x.debit, x.credit)
            for draft in drafts
            for x in draft.lines
        ),
    )
    return [written[draft.key] for draft in drafts]


def _refuse_unsound(fund: Fund, drafts: list[Draft]) -> None:
    """What can be said of drafts without knowing any balance."""
    if Fund.objects.get(pk=fund.pk).state != Fund.State.OPEN:
        raise Refused(
            _("%s sudah tutup buku. Catat di dana tahun anggaran yang masih terbuka.") % fund.name
        )
    _refuse_with(
        drafts,
        (
            entry_faults(draft.lines) + day_faults(draft.lines, draft.on, fund.year)
            for draft in drafts
        ),
    )
    taken_back = [draft.reverses.pk for draft in drafts if draft.reverses]
    if len(taken_back) != len(set(taken_back)) or (
        taken_back and Entry.objects.filter(reverses_id__in=taken_back).exists()
    ):
        raise Refused(_("Jurnal ini sudah dibalik. Muat ulang halaman ini."))


def _refuse_with(drafts: list[Draft], faults: Iterable[list[str]]) -> None:
    """Refuse with every reason; in a delivery of several, say to which key it belongs."""
    reasons: list[str] = []
    for draft, some in zip(drafts, faults, strict=True):
        reasons += some if len(drafts) == 1 else [f"{draft.key}: {fault}" for fault in some]
        if len(reasons) >= MOST_REASONS:
            break
    refuse_if(reasons[:MOST_REASONS])


def _number(entries: list[Entry], counter: Counter) -> None:
    """Post drafts: give them the next numbers, in their order."""
    now = timezone.now()
    for number, entry in enumerate(entries, start=counter.last + 1):
        entry.state, entry.posted_at, entry.number = Entry.State.POSTED, now, number
    written = connection.ops.adapt_datetimefield_value(now)
    update(
        "ledger_entry",
        {"state": "text", "posted_at": "timestamptz", "number": "bigint"},
        (("posted", written, entry.number, entry.city_id, entry.pk) for entry in entries),
    )
    counter.last += len(entries)
    counter.save(update_fields=["last"])
