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

# Code of an activity that is of no kind in an open list. It must be explained.
OTHER = "lain"
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
# Which acts a window of the calendar may bind; each of them asks `phases`.
PHASES = {
    "meeting": _("Mengundang rembug"),
    "proposal": _("Mengirim usulan"),
    "verification": _("Meloloskan usulan"),
    "contract": _("Menyiapkan kontrak"),
    "payment": _("Meminta pencairan"),
    "final_report": _("Mengirim laporan 100%"),
    "spj": _("Mengajukan SPJ"),
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
SPENDING = {
    "upah": _("Upah"),
    "bahan": _("Bahan"),
    "alat": _("Alat"),
    "jasa": _("Jasa"),
    "barang": _("Barang"),
}
TAX_KINDS = ("ppn", "pph21", "pph22", "pph23", "pph4_2", "local_food")
# Taxes the seller puts into the price; every other tax is on the seller's income.
INSIDE = ("ppn", "local_food")


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
    required: bool = setting("yes_no", _("setiap usulan memuat bidang ini"), default=False)
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
    when: str = setting("text", _("hanya bila ada"), choices=("tax", "wages"), default="")


@dataclass(frozen=True)
class Item:
    """A kind of item that may be proposed (or never): its limits, its duty, and what comes with it.

    Limits attach here, never to words in a title; `words` only remind people of the kind. A kind that
    counts something (`number`: cameras, pupils, participants) must be told how many. `max_number`,
    `min_amount` and `max_amount` hold for all of the kind in one proposal together, `min_number` and
    the amounts `each` for every activity by itself.
    """

    code: str = setting("code", _("kode jenis"))
    title: str = setting("text", _("nama jenis"))
    field: str = setting("code", _("kode bidang; kosong hanya untuk yang dilarang"), default="")
    measure: str = setting(
        "text", _("cara mengukur hasil"), choices=("physical", "non_physical"), default="physical"
    )
    number: str = setting("text", _("yang dihitung, misalnya siswa"), longest=24, default="")
    min_number: int = setting("integer", _("jumlah paling sedikit"), default=0)
    max_number: int | None = setting("integer", _("jumlah paling banyak"), default=None)
    min_each: int = setting("rupiah", _("rupiah paling sedikit untuk satu"), default=0)
    max_each: int | None = setting("rupiah", _("rupiah paling banyak untuk satu"), default=None)
    min_amount: int = setting("rupiah", _("rupiah paling sedikit"), default=0)
    max_amount: int | None = setting("rupiah", _("rupiah paling banyak"), default=None)
    mandatory: bool = setting("yes_no", _("wajib ada dalam usulan"), default=False)
    exempt_by: str = setting("code", _("kode surat yang membebaskan dari wajib"), default="")
    forbidden: str = setting("text", _("dilarang: alasan dan jalan keluarnya"), default="")
    allows: tuple[str, ...] = setting("codes", _("kode larangan yang tidak berlaku"), default=())
    needs: tuple[str, ...] = setting("codes", _("kode surat yang wajib"), default=())
    words: tuple[str, ...] = setting(
        "words", _("kata yang mengingatkan pada jenis ini"), default=()
    )
    article: str = setting("text", _("pasal"), default="")

    @property
    def watched(self) -> bool:
        """Whether choosing another kind would avoid a limit or miss a duty."""
        limits = (self.max_number, self.max_each, self.max_amount)
        return bool(
            self.mandatory
            or self.min_number
            or self.min_each
            or self.min_amount
            or any(limit is not None for limit in limits)
        )


@dataclass(frozen=True)
class Forbidden:
    """Words that ask for an answer: it is refused until the proposer explains why it is something
    else. `fields` empty: in every field."""

    words: tuple[str, ...] = setting("words", _("kata penanda"))
    reason: str = setting("text", _("alasan dan jalan keluarnya"))
    fields: tuple[str, ...] = setting("codes", _("hanya untuk bidang ini"), default=())
    article: str = setting("text", _("pasal"), default="")


@dataclass(frozen=True)
class Reminder:
    """A sentence shown beside what carries one of its words (no words: beside every proposal)."""

    sentence: str = setting("text", _("kalimat pengingat"))
    words: tuple[str, ...] = setting("words", _("kata yang memunculkannya"), default=())
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
class Purchase:
    """A kind of purchase as the taxes tell them apart: goods, rent, catering, a wage, an honour.

    `groups` are the kinds of RAB line it belongs on, `usual` those for which it is assumed when
    nobody says otherwise.
    """

    code: str = setting("code", _("kode jenis belanja"))
    title: str = setting("text", _("nama jenis belanja"))
    groups: tuple[str, ...] = setting(
        "words", _("golongan baris RAB tempatnya"), choices=tuple(SPENDING)
    )
    usual: tuple[str, ...] = setting(
        "words", _("dianggap ini untuk golongan"), choices=tuple(SPENDING), default=()
    )
    wages: bool = setting(
        "yes_no", _("dibayar per orang per hari, dengan daftar upah"), default=False
    )
    ppn: bool = setting("yes_no", _("PPN di tagihannya dipungut"), default=True)
    # Why no income tax is withheld; who forgets a rate for a kind is told, not left untaxed.
    exempt: str = setting("text", _("mengapa tidak dikenai PPh"), default="")


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
    groups: tuple[str, ...] = setting("codes", _("kode jenis belanja yang dikenai"), default=())
    per: str = setting("text", _("dihitung per"), choices=("bill", "day"), default="bill")
    seller: str = setting(
        "text", _("hanya bila penjualnya"), choices=("person", "company"), default=""
    )
    percent_no_npwp: float | None = setting(
        "percent", _("tarif bila penjual tanpa NPWP"), default=None
    )
    certificate: bool = setting(
        "yes_no", _("tidak dipotong bila ada surat keterangan bebas"), default=False
    )
    article: str = setting("text", _("peraturan"), default="")
    note: str = setting("text", _("keterangan"), default="")

    @property
    def inside(self) -> bool:
        """Whether the seller puts it into the price."""
        return self.kind in INSIDE


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

    def allows(self, members: int) -> bool:
        return self.min_members <= members <= self.max_members


@dataclass(frozen=True)
class CalendarEntry:
    """A window of the yearly calendar; `year_offset` -1 lies in the year before the budget year.

    The acts of its phase look at it; without a phase it only reminds, on the city's page.
    """

    key: str = setting("code", _("kode tahap"))
    title: str = setting("text", _("nama tahap"))
    start: str = setting("month_day", _("mulai, bulan-tanggal"))
    end: str = setting("month_day", _("sampai, bulan-tanggal"))
    year_offset: int = setting("integer", _("geseran tahun"), low=-2, high=2, default=0)
    phase: str = setting(
        "text", _("tindakan yang terikat jadwal ini"), choices=tuple(PHASES), default=""
    )
    outside: str = setting("text", _("di luar jadwal"), choices=("flag", "refuse"), default="flag")

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
    items: tuple[Item, ...] = setting("many", _("jenis barang dan kegiatan"), of=Item, default=())
    closed_list: bool = setting(
        "yes_no", _("hanya jenis di daftar yang boleh diusulkan"), default=False
    )
    forbidden: tuple[Forbidden, ...] = setting("many", _("larangan"), of=Forbidden, default=())
    reminders: tuple[Reminder, ...] = setting("many", _("pengingat"), of=Reminder, default=())
    # The statement by which a unit may stay below a least share or leave out a required field.
    share_waiver: str = setting("code", _("surat untuk bagian di bawah batas"), default="")
    papers: tuple[Paper, ...] = setting("many", _("daftar surat"), of=Paper, default=())
    required: PaperLists = setting("one", _("surat wajib"), of=PaperLists, default=PaperLists())
    reports: Reports = setting("one", _("laporan kemajuan"), of=Reports, default=Reports())
    meeting: Meeting = setting("one", _("rembug"), of=Meeting, default=Meeting())
    prices: Prices = setting("one", _("standar harga"), of=Prices, default=Prices())
    taxes: tuple[Tax, ...] = setting("many", _("tarif pajak"), of=Tax, default=())
    purchases: tuple[Purchase, ...] = setting(
        "many", _("jenis belanja menurut pajak"), of=Purchase, default=()
    )
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
        """Kinds a field allows; empty when the book lists none for it."""
        return [item for item in self.items if item.field == field and not item.forbidden]

    def is_physical(self, kind: str) -> bool:
        """Whether results of a kind are measured at their place; what is of no kind is."""
        item = self.item_of.get(kind)
        return item is None or item.measure == "physical"

    @cached_property
    def banned(self) -> list[Item]:
        """Kinds that are never paid."""
        return [item for item in self.items if item.forbidden]

    def step_after(self, key: str | None, *, of_report: bool = False) -> Step | None:
        """The desk after this one (None: the first desk); None when the last is passed."""
        steps = self.report_steps if of_report else self.proposal_steps
        if key is None:
            return steps[0]
        at = [step.key for step in steps].index(key)
        return steps[at + 1] if at + 1 < len(steps) else None

    @cached_property
    def purchase_of(self) -> dict[str, Purchase]:
        """Kinds of purchase by code; a book that names none tells the groups of cost lines apart."""
        rows = self.purchases or tuple(self._plain_purchase(group) for group in SPENDING)
        return {row.code: row for row in rows}

    def _plain_purchase(self, group: str) -> Purchase:
        daily = any(tax.per == "day" and group in tax.groups for tax in self.taxes)
        return Purchase(group, str(SPENDING[group]), (group,), (group,), wages=daily)

    def usual_purchase(self, group: str) -> str:
        """The kind of purchase a cost line of this group stands for; empty when it must be said."""
        return next((row.code for row in self.purchase_of.values() if group in row.usual), "")

    def tax_on(self, code: str, day: date) -> Tax | None:
        """The rate in force on a day."""
        return next((tax for tax in self.taxes_on(day) if tax.code == code), None)

    def taxes_on(self, day: date) -> list[Tax]:
        """Every rate in force on a day."""
        on = day.isoformat()
        return [t for t in self.taxes if t.valid_from <= on <= (t.valid_to or "9999-12-31")]
