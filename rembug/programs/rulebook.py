"""What a city may set differently about a programme: one typed, frozen book for each set of rules.

The book is written in the city's folder, kept as JSON in RuleSet.book, and read by bookchecks.
Percentages are of the ceiling of the unit that proposes; money is whole rupiah; terms are counted
in working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.programs.typed import setting

ICONS = ("b-infra", "b-kes", "b-sos", "b-eko", "b-pend", "b-muda", "b-adm")

# What must be true before a tranche is paid; execution decides each, the book says which apply.
# `report_<percent>` stands for the accepted report at each of the book's percents.
GATES = {
    "contract_signed": _("Kontrak ditandatangani"),
    "pokmas_account": _("Rekening atas nama pokmas dicatat"),
    "spj_previous": _("SPJ pencairan sebelumnya diterima"),
    "tax_previous": _("Pajak pencairan sebelumnya disetor"),
    "handed_over": _("Hasil diserahterimakan (BAST)"),
    "no_open_hold": _("Tidak ada penahanan yang masih terbuka"),
}
PROPOSAL_STEPS = {
    "rw": _("Ketua RW"),
    "kelurahan": _("Kelurahan"),
    "kecamatan": _("Kecamatan"),
    "city": _("Kota"),
    "technical": _("OPD teknis"),
}
REPORT_STEPS = {key: PROPOSAL_STEPS[key] for key in ("kelurahan", "kecamatan", "city")}
# Groups of cost lines and of receipts, as in the price standard.
SPENDING = ("upah", "bahan", "alat", "jasa", "barang")
TAX_KINDS = ("ppn", "pph21", "pph22", "pph23", "pph4_2", "local_food")


def gate_title(code: str) -> str:
    """A gate in words, for lists of what is still missing."""
    if code.startswith("report_"):
        return gettext("Laporan %s%% disetujui") % code.removeprefix("report_")
    return str(GATES[code])


@dataclass(frozen=True)
class CeilingTier:
    """A ceiling for units of a certain number of households, both ends counted."""

    min: int = setting("integer", _("jumlah KK paling sedikit"), default=0)
    max: int | None = setting("integer", _("jumlah KK paling banyak"), default=None)
    amount: int = setting("rupiah", _("pagu untuk golongan ini"), default=0)


@dataclass(frozen=True)
class Ceiling:
    """How much one RT or RW may spend in a year."""

    kind: str = setting(
        "text", _("cara menghitung pagu"), choices=("flat", "by_households", "per_rw")
    )
    amount: int = setting("rupiah", _("pagu (flat) atau jatah satu RW (per_rw)"), default=0)
    tiers: tuple[CeilingTier, ...] = setting(
        "many", _("golongan menurut jumlah KK"), of=CeilingTier, default=()
    )
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Field:
    """A field (bidang) of activities and the share of the ceiling it must and may take."""

    code: str = setting("code", _("kode bidang"))
    title: str = setting("text", _("nama bidang"))
    icon: str = setting("text", _("lambang bidang"), choices=ICONS)
    min_percent: float | None = setting("percent", _("paling sedikit"), default=None)
    max_percent: float | None = setting("percent", _("paling banyak"), default=None)
    max_amount: int | None = setting("rupiah", _("paling banyak, rupiah"), default=None)
    note: str = setting("text", _("keterangan"), default="")
    article: str = setting("text", _("pasal"), default="")

    @property
    def bid(self) -> str:
        """The field's sign and colour, as the `bid` tag names it."""
        return self.icon.removeprefix("b-")


@dataclass(frozen=True)
class Group:
    """Fields that share one range together, such as social and economy = 40%."""

    title: str = setting("text", _("nama gabungan"))
    fields: tuple[str, ...] = setting("codes", _("kode bidang yang digabung"))
    min_percent: float | None = setting("percent", _("paling sedikit"), default=None)
    max_percent: float | None = setting("percent", _("paling banyak"), default=None)
    max_amount: int | None = setting("rupiah", _("paling banyak, rupiah"), default=None)
    note: str = setting("text", _("keterangan"), default="")
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Paper:
    """A paper that somebody must attach, named once and referred to by its code."""

    code: str = setting("code", _("kode surat"))
    title: str = setting("text", _("nama surat"))
    note: str = setting("text", _("keterangan"), default="")


@dataclass(frozen=True)
class Item:
    """A kind of activity that may be proposed, and what must come with it."""

    code: str = setting("code", _("kode jenis kegiatan"))
    field: str = setting("code", _("kode bidang"))
    title: str = setting("text", _("nama jenis kegiatan"))
    measure: str = setting(
        "text", _("cara mengukur hasil"), choices=("physical", "non_physical"), default="physical"
    )
    needs: tuple[str, ...] = setting("codes", _("kode surat yang wajib"), default=())
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Forbidden:
    """Words that mark what the money must not buy. `fields` empty: in every field."""

    words: tuple[str, ...] = setting("words", _("kata penanda"))
    reason: str = setting("text", _("alasan dan jalan keluarnya"))
    fields: tuple[str, ...] = setting("codes", _("hanya untuk bidang ini"), default=())
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Cap:
    """The most that may go to one thing: in money, or in number.

    `per`: line (each cost line), unit_price (price of one piece), proposal (all such lines of one
    RT in the year together).
    """

    title: str = setting("text", _("apa yang dibatasi"))
    words: tuple[str, ...] = setting("words", _("kata penanda"))
    max_amount: int | None = setting("rupiah", _("paling banyak, rupiah"), default=None)
    max_count: int | None = setting("integer", _("paling banyak, buah"), default=None)
    per: str = setting(
        "text", _("dihitung per"), choices=("line", "unit_price", "proposal"), default="proposal"
    )
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Mandatory:
    """What every proposal must contain, unless a statement exempts it."""

    code: str = setting("code", _("kode kewajiban"))
    title: str = setting("text", _("nama kewajiban"))
    field: str = setting("code", _("kode bidang"))
    words: tuple[str, ...] = setting("words", _("kata penanda"))
    min_amount: int = setting("rupiah", _("paling sedikit, rupiah"), default=0)
    max_amount: int | None = setting("rupiah", _("paling banyak, rupiah"), default=None)
    exempt_by: str = setting("code", _("kode surat yang membebaskan"), default="")
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Step:
    """One desk a proposal or report passes, and how many working days it has."""

    key: str = setting("code", _("meja pemeriksa"))
    days: int = setting("integer", _("batas hari kerja"), low=1, high=365)
    title: str = setting("text", _("nama meja di kota ini"), default="")

    @property
    def name(self) -> str:
        return self.title or str(PROPOSAL_STEPS[self.key])


@dataclass(frozen=True)
class Tranche:
    """A part of the contract's value, and what must be true before it is paid."""

    no: int = setting("integer", _("nomor pencairan"), low=1)
    percent: float = setting("percent", _("bagian dari nilai kontrak"))
    gates: tuple[str, ...] = setting("codes", _("syarat pencairan"), default=())
    # All that is paid with this part, less these points, is at most the accepted physical progress.
    ahead_percent: float = setting(
        "percent", _("boleh mendahului kemajuan fisik, poin persen"), default=0
    )


@dataclass(frozen=True)
class Reports:
    """What a progress report must show."""

    percents: tuple[int, ...] = setting(
        "integers", _("tahap laporan"), high=100, default=(0, 50, 100)
    )
    min_photos: int = setting("integer", _("foto paling sedikit"), default=2)
    max_age_days: int = setting("integer", _("umur foto terlama, hari"), low=1, default=14)
    max_distance_m: int = setting("integer", _("jarak dari titik foto, meter"), low=1, default=50)


@dataclass(frozen=True)
class Meeting:
    """What makes a rembug valid. A quorum below the percentage is a warning, not a refusal."""

    quorum_percent: float = setting(
        "percent", _("kuorum dari jumlah KK; 0: tanpa kuorum"), default=0
    )
    min_photos: int = setting("integer", _("foto rembug paling sedikit"), default=1)
    list_years: int = setting("integer", _("lama daftar rencana, tahun"), low=1, high=10, default=5)


@dataclass(frozen=True)
class Prices:
    """How a price is held against the standard."""

    above_standard: str = setting(
        "text", _("harga di atas standar"), choices=("refuse", "warn"), default="refuse"
    )
    below_percent_warn: float = setting("percent", _("peringatan di bawah"), default=60)
    manual_quotes: int = setting("integer", _("penawaran untuk barang di luar standar"), default=3)
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Tax:
    """A tax rate and the days it applies. The arithmetic is the ledger's."""

    code: str = setting("code", _("kode tarif"))
    kind: str = setting("text", _("jenis pajak"), choices=TAX_KINDS)
    title: str = setting("text", _("nama pajak"))
    percent: float = setting("percent", _("tarif"))
    valid_from: str = setting("day", _("berlaku sejak"))
    # 12% of eleven twelfths of the price: numerator and denominator stay whole numbers.
    base_num: int = setting("integer", _("pembilang dasar pengenaan"), low=1, default=1)
    base_den: int = setting("integer", _("penyebut dasar pengenaan"), low=1, default=1)
    above: int = setting("rupiah", _("hanya untuk pembayaran di atas"), default=0)
    valid_to: str | None = setting("day", _("berlaku sampai"), default=None)
    # PPN needs none: it follows the invoice of the seller.
    groups: tuple[str, ...] = setting(
        "words", _("kelompok belanja yang dikenai"), choices=SPENDING, default=()
    )
    per: str = setting("text", _("dihitung per"), choices=("bill", "day"), default="bill")
    note: str = setting("text", _("keterangan"), default="")


@dataclass(frozen=True)
class PaperLists:
    """Codes of the papers required before each step of the money."""

    contract: tuple[str, ...] = setting("codes", _("sebelum kontrak"), default=())
    tranche: tuple[str, ...] = setting("codes", _("setiap pencairan"), default=())
    spj: tuple[str, ...] = setting("codes", _("pertanggungjawaban"), default=())
    handover: tuple[str, ...] = setting("codes", _("serah terima"), default=())


@dataclass(frozen=True)
class Pokmas:
    """The residents' group that does the work."""

    min_members: int = setting("integer", _("anggota paling sedikit"), low=3, default=5)
    max_members: int = setting("integer", _("anggota paling banyak"), low=3, default=15)
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class CalendarEntry:
    """A window of the yearly calendar; `year_offset` -1 lies in the year before the budget year."""

    key: str = setting("code", _("kode tahap"))
    title: str = setting("text", _("nama tahap"))
    start: str = setting("month_day", _("mulai, bulan-tanggal"))
    end: str = setting("month_day", _("sampai, bulan-tanggal"))
    year_offset: int = setting("integer", _("geseran tahun"), low=-2, high=2, default=0)

    def window(self, year: int) -> tuple[date, date]:
        """First and last day for a budget year; an end before its start falls in the next year."""
        own = year + self.year_offset
        start, end = _on(own, self.start), _on(own, self.end)
        return start, end if end >= start else _on(own + 1, self.end)


def _on(year: int, month_day: str) -> date:
    month, day = map(int, month_day.split("-"))
    # 29 February in a common year means the last day of February.
    return date(year, month, day if (month, day) != (2, 29) or year % 4 == 0 else 28)


@dataclass(frozen=True)
class RuleBook:
    """Every rule of one programme for the years a rule set covers."""

    ceiling: Ceiling = setting("one", _("pagu"), of=Ceiling)
    fields: tuple[Field, ...] = setting("many", _("bidang"), of=Field)
    method: str = setting("text", _("cara bayar"), choices=("LS", "TU"))
    tranches: tuple[Tranche, ...] = setting("many", _("pencairan"), of=Tranche)
    proposal_steps: tuple[Step, ...] = setting("many", _("meja pemeriksa usulan"), of=Step)
    report_steps: tuple[Step, ...] = setting("many", _("meja pemeriksa laporan"), of=Step)
    groups: tuple[Group, ...] = setting("many", _("gabungan bidang"), of=Group, default=())
    items: tuple[Item, ...] = setting("many", _("jenis kegiatan"), of=Item, default=())
    closed_list: bool = setting(
        "yes_no", _("hanya jenis kegiatan di daftar yang boleh diusulkan"), default=False
    )
    forbidden: tuple[Forbidden, ...] = setting("many", _("larangan"), of=Forbidden, default=())
    caps: tuple[Cap, ...] = setting("many", _("batas"), of=Cap, default=())
    mandatory: tuple[Mandatory, ...] = setting("many", _("kewajiban"), of=Mandatory, default=())
    # The statement by which a unit may stay below a least share.
    share_waiver: str = setting("code", _("surat untuk bagian di bawah batas"), default="")
    papers: tuple[Paper, ...] = setting("many", _("daftar surat"), of=Paper, default=())
    required: PaperLists = setting("one", _("surat wajib"), of=PaperLists, default=PaperLists())
    reports: Reports = setting("one", _("laporan kemajuan"), of=Reports, default=Reports())
    meeting: Meeting = setting("one", _("rembug"), of=Meeting, default=Meeting())
    prices: Prices = setting("one", _("standar harga"), of=Prices, default=Prices())
    taxes: tuple[Tax, ...] = setting("many", _("tarif pajak"), of=Tax, default=())
    pokmas: Pokmas = setting("one", _("pokmas"), of=Pokmas, default=Pokmas())
    answer_days: int = setting("integer", _("batas menjawab tanggapan"), low=1, default=5)
    spj_days: int = setting("integer", _("batas SPJ sesudah uang masuk"), low=1, default=30)
    # What was contracted and not paid when the year ends lapses, or is added to the next year's ceiling.
    unpaid_at_year_end: str = setting(
        "text",
        _("yang belum dibayar di akhir tahun"),
        choices=("release", "carry_over"),
        default="release",
    )
    # A measured volume short of the plan by no more than this is taken as whole.
    short_percent: float = setting(
        "percent", _("kurang volume yang masih dianggap sesuai"), default=0
    )
    calendar: tuple[CalendarEntry, ...] = setting(
        "many", _("kalender"), of=CalendarEntry, default=()
    )
    note: str = setting("text", _("keterangan tentang aturan ini"), default="")

    @cached_property
    def field_of(self) -> dict[str, Field]:
        return {field.code: field for field in self.fields}

    @cached_property
    def item_of(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def paper_of(self) -> dict[str, Paper]:
        return {paper.code: paper for paper in self.papers}

    def paid_by(self, number: int) -> float:
        """The percent of the contract that is paid out with this tranche and all before it."""
        return sum(one.percent for one in self.tranches if one.no <= number)

    def items_in(self, field: str) -> list[Item]:
        """Kinds of activity a field allows; empty when the book lists none for it."""
        return [item for item in self.items if item.field == field]

    def step_after(self, key: str | None, *, of_report: bool = False) -> Step | None:
        """The desk after this one (None: the first desk); None when the last is passed."""
        steps = self.report_steps if of_report else self.proposal_steps
        if key is None:
            return steps[0]
        at = [step.key for step in steps].index(key)
        return steps[at + 1] if at + 1 < len(steps) else None

    def tax_on(self, code: str, day: date) -> Tax | None:
        """The rate in force on a day."""
        return next((tax for tax in self.taxes_on(day) if tax.code == code), None)

    def taxes_on(self, day: date) -> list[Tax]:
        """Every rate in force on a day."""
        on = day.isoformat()
        return [t for t in self.taxes if t.valid_from <= on <= (t.valid_to or "9999-12-31")]
