"""The states a rupiah can be in, what makes an entry acceptable, and the ladder drawn from balances."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.rupiah import LARGEST, show


@dataclass(frozen=True)
class Account:
    """One state of money. `debit` is its normal side; `by_activity` says whether it may be told
    apart by activity (the ceiling and what is still free of it belong to a place, not to a work).
    """

    kind: str
    debit: bool
    title: Any
    meaning: Any
    by_activity: bool = True

    def amount(self, debit: int, credit: int) -> int:
        """What lies in the account, in its normal direction."""
        return debit - credit if self.debit else credit - debit


_ALL = [
    Account(
        "source",
        False,
        gettext_lazy("Pagu"),
        gettext_lazy("Uang yang ditetapkan untuk wilayah ini dalam tahun anggaran."),
        False,
    ),
    Account(
        "available",
        True,
        gettext_lazy("Belum dipakai"),
        gettext_lazy("Bagian pagu yang belum diminta kegiatan mana pun."),
        False,
    ),
    Account(
        "reserved",
        True,
        gettext_lazy("Dicadangkan"),
        gettext_lazy("Disisihkan untuk kegiatan yang diusulkan, belum berkontrak."),
    ),
    Account(
        "committed",
        True,
        gettext_lazy("Berkontrak"),
        gettext_lazy("Sudah dijanjikan dalam kontrak, belum diminta pencairannya."),
    ),
    Account(
        "ordered",
        True,
        gettext_lazy("Diperintahkan bayar"),
        gettext_lazy("Perintah bayar sudah terbit, uang belum berpindah."),
    ),
    Account(
        "cash_kelurahan",
        True,
        gettext_lazy("Kas kelurahan"),
        gettext_lazy("Uang di tangan bendahara kelurahan."),
    ),
    Account(
        "cash_pokmas",
        True,
        gettext_lazy("Kas pokmas"),
        gettext_lazy("Uang di rekening pokmas, belum dibelanjakan."),
    ),
    Account(
        "spent",
        True,
        gettext_lazy("Dibelanjakan"),
        gettext_lazy("Sudah dibelanjakan dengan bukti, SPJ belum diterima."),
    ),
    Account(
        "accounted",
        True,
        gettext_lazy("Dipertanggungjawabkan"),
        gettext_lazy("Belanja yang SPJ-nya sudah diterima."),
    ),
    Account(
        "returned",
        True,
        gettext_lazy("Dikembalikan"),
        gettext_lazy("Sisa uang yang sudah disetor kembali ke kas daerah."),
    ),
    Account(
        "tax_owed",
        False,
        gettext_lazy("Pajak terutang"),
        gettext_lazy("Pajak yang sudah dipotong dari belanja, belum disetor."),
    ),
]
ACCOUNTS: dict[str, Account] = {account.kind: account for account in _ALL}
DEBIT_NORMAL = [account.kind for account in _ALL if account.debit]
CREDIT_NORMAL = [account.kind for account in _ALL if not account.debit]

# What the kinds of entries are called in books. Another kind is shown as it is written.
KINDS: dict[str, Any] = {
    "ceiling": gettext_lazy("Penetapan pagu"),
    "reserve": gettext_lazy("Pencadangan"),
    "release": gettext_lazy("Kembali ke pagu"),
    "commit": gettext_lazy("Kontrak"),
    "order": gettext_lazy("Perintah bayar"),
    "pay": gettext_lazy("Pembayaran"),
    "receive": gettext_lazy("Penerimaan"),
    "spend": gettext_lazy("Belanja"),
    "tax": gettext_lazy("Setoran pajak"),
    "account": gettext_lazy("Pertanggungjawaban"),
    "return": gettext_lazy("Pengembalian"),
    "reverse": gettext_lazy("Pembalikan"),
    "carry": gettext_lazy("Luncuran dari tahun lalu"),
    "move": gettext_lazy("Pemindahan"),
}


def kind_title(kind: str) -> str:
    """What a kind of entry is called in books."""
    return str(KINDS.get(kind, kind))


@dataclass(frozen=True)
class Line:
    """One line of an entry: so many rupiah on the debit or the credit side of an account.

    `unit` is the place (a Unit or its id), `subject` the activity (0: none).
    """

    account: str
    unit: Any
    subject: int = 0
    debit: int = 0
    credit: int = 0

    @property
    def unit_id(self) -> int:
        return getattr(self.unit, "pk", self.unit)


def entry_faults(lines: Sequence[Line]) -> list[str]:
    """Every reason why these lines make no entry. Each place must balance by itself, so that
    at every place the ceiling equals all the states its money is in."""
    faults = []
    if len(lines) < 2:
        faults.append(_("Jurnal memerlukan sedikitnya dua baris."))
    for line in lines:
        faults += _line_faults(line)
    open_ends: Counter[int] = Counter()
    for line in lines:
        if _is_amount(line.debit) and _is_amount(line.credit):
            open_ends[line.unit_id] += line.debit - line.credit
    faults += [
        _("Debit dan kredit di %(place)s berselisih %(amount)s; samakan keduanya.")
        % {"place": _place(lines, unit_id), "amount": show(abs(gap))}
        for unit_id, gap in open_ends.items()
        if gap
    ]
    return faults


def _line_faults(line: Line) -> list[str]:
    faults = []
    account = ACCOUNTS.get(line.account)
    if account is None:
        faults.append(_("Akun %s tidak dikenal.") % line.account)
    elif line.subject and not account.by_activity:
        faults.append(_("%s dicatat untuk wilayah, tanpa kegiatan.") % account.title)
    if line.subject < 0:
        faults.append(_("Nomor kegiatan tidak boleh negatif."))
    if not (_is_amount(line.debit) and _is_amount(line.credit)):
        faults.append(_("Jumlah harus rupiah bulat dari 0 sampai %s.") % show(LARGEST))
    elif (line.debit > 0) == (line.credit > 0):
        faults.append(_("Isi debit atau kredit, salah satu saja, lebih dari nol."))
    return faults


def _is_amount(value: Any) -> bool:
    # A bool is an int in Python, and no amount.
    return type(value) is int and 0 <= value <= LARGEST


def _place(lines: Sequence[Line], unit_id: int) -> str:
    return str(next(line.unit for line in lines if line.unit_id == unit_id))


# Steps by which money leaves the treasury, each with all that lies beyond it. What crosses one of them
# outwards draws on the budget of the year; what stays beyond the last (a receipt, tax deposited, cash
# returned, an SPJ accepted) pays nothing out, nor does anything that flows back.
_INSIDE = ("source", "available", "reserved", "committed", "ordered")
# What comes to lie here or beyond is contracted, ordered or paid: more than planning.
_BINDING = _INSIDE.index("committed")


def draws(lines: Sequence[Line]) -> tuple[bool, bool]:
    """Whether an entry draws on the budget of a year at all (giving and reserving are counted), and
    whether it contracts, orders or pays. Each place and activity counts by itself."""
    farthest = 0
    for step in range(1, len(_INSIDE) + 1):
        gains: Counter[tuple[int, int]] = Counter()
        for line in lines:
            if line.account not in _INSIDE[:step]:
                # The ceiling and what is free of it know no activity.
                subject = line.subject if step > 1 else 0
                gains[line.unit_id, subject] += line.debit - line.credit
        if any(gain > 0 for gain in gains.values()):
            farthest = step
    return farthest > 0, farthest >= _BINDING


def year_of_day(day: date, year: int) -> int:
    """Whether a day lies before (-1), in (0) or after (1) a budget year."""
    return (day.year > year) - (day.year < year)


def day_faults(lines: Sequence[Line], on: date, year: int) -> list[str]:
    """Why money may not move on this day in the books of a year: a budget year is from 1 January to
    31 December. Planning for it (ceiling, reserve) may come before, giving back and settling after."""
    at, (uses, binds) = year_of_day(on, year), draws(lines)
    if at < 0 and binds:
        told = _("Tahun anggaran %d belum mulai. Uangnya baru boleh dipakai sejak 1 Januari.")
        return [told % year]
    if at > 0 and uses:
        told = _(
            "Tahun anggaran %d sudah lewat. Uangnya hanya dapat dipertanggungjawabkan atau "
            "dikembalikan."
        )
        return [told % year]
    return []


@dataclass(frozen=True)
class Ladder:
    """How far the money of a place or an activity has come, each step within the one before:
    given, bound by contract, paid out, accounted for. Whole rupiah."""

    ceiling: int = 0
    contracted: int = 0
    paid: int = 0
    accounted: int = 0


def ladder_of(balances: Mapping[str, int]) -> Ladder:
    """The ladder from the amounts per account. The ceiling of a place is all of its `source`,
    which equals the states its money is in; an activity has only the states, so they are summed.

    Tax that was withheld but not yet deposited is both in the expense and still in the cash, so it is
    taken off once.
    """
    has = {kind: balances.get(kind, 0) for kind in ACCOUNTS}
    accounted = has["accounted"] + has["returned"]
    paid = accounted + has["spent"] + has["cash_pokmas"] + has["cash_kelurahan"] - has["tax_owed"]
    contracted = paid + has["committed"] + has["ordered"]
    return Ladder(contracted + has["available"] + has["reserved"], contracted, paid, accounted)


def shortfall(account: str, place: str, has: int, needs: int) -> str:
    """How an entry is refused that would take more than there is."""
    return _(
        "Uang di %(account)s (%(place)s) tidak cukup: tersedia %(has)s, diperlukan %(needs)s. "
        "Kurangi jumlahnya."
    ) % {
        "account": ACCOUNTS[account].title,
        "place": place,
        "has": show(has),
        "needs": show(needs),
    }
