"""States of meetings, proposals and activities, and what makes them acceptable. No tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.rupiah import LARGEST, show


class MeetingState(TextChoices):
    CALLED = "called", gettext_lazy("Undangan dibuat")
    HELD = "held", gettext_lazy("Menunggu tanda tangan")
    RETURNED = "returned", gettext_lazy("Dikembalikan untuk diperbaiki")
    SIGNED = "signed", gettext_lazy("Ditandatangani")


MEETING_STEPS = {
    "hold": ({MeetingState.CALLED, MeetingState.HELD, MeetingState.RETURNED}, MeetingState.HELD),
    "return": ({MeetingState.HELD}, MeetingState.RETURNED),
    "sign": ({MeetingState.HELD}, MeetingState.SIGNED),
}

MEETING_CHIPS = {
    MeetingState.CALLED: "info",
    MeetingState.HELD: "wait",
    MeetingState.RETURNED: "late",
    MeetingState.SIGNED: "ok",
}

# Who signs the minutes of an RT or an RW: suffix of the act, the office in words. All different persons.
SIGNERS = {
    "rt": {
        "rt": gettext_lazy("Ketua RT"),
        "secretary": gettext_lazy("Sekretaris RT"),
        "rw": gettext_lazy("Ketua RW"),
    },
    "rw": {
        "rw": gettext_lazy("Ketua RW"),
        "kelurahan": gettext_lazy("Lurah"),
    },
}


class Outcome(TextChoices):
    DISCUSSED = "discussed", gettext_lazy("Dibahas")
    DECIDED = "decided", gettext_lazy("Diputuskan")
    DEFERRED = "deferred", gettext_lazy("Ditunda")


class ProposalState(TextChoices):
    DRAFT = "draft", gettext_lazy("Sedang disusun")
    SUBMITTED = "submitted", gettext_lazy("Sedang diperiksa")
    RETURNED = "returned", gettext_lazy("Dikembalikan")
    VERIFIED = "verified", gettext_lazy("Lolos pemeriksaan")
    BUDGETED = "budgeted", gettext_lazy("Masuk anggaran (DPA)")
    REJECTED = "rejected", gettext_lazy("Ditolak")


PROPOSAL_STEPS = {  # act: (from any of these states, to this one)
    "submit": ({ProposalState.DRAFT, ProposalState.RETURNED}, ProposalState.SUBMITTED),
    "pass": ({ProposalState.SUBMITTED}, ProposalState.SUBMITTED),
    "verify": ({ProposalState.SUBMITTED}, ProposalState.VERIFIED),
    "return": ({ProposalState.SUBMITTED}, ProposalState.RETURNED),
    "reject": ({ProposalState.SUBMITTED}, ProposalState.REJECTED),
    "budget": ({ProposalState.VERIFIED}, ProposalState.BUDGETED),
}

PROPOSAL_CHIPS = {
    ProposalState.DRAFT: "idle",
    ProposalState.SUBMITTED: "wait",
    ProposalState.RETURNED: "late",
    ProposalState.VERIFIED: "info",
    ProposalState.BUDGETED: "ok",
    ProposalState.REJECTED: "late",
}

# While a proposal is in one of these, its RT may change it.
EDITABLE = {ProposalState.DRAFT, ProposalState.RETURNED}
# Up to here an activity is a plan; only afterwards is it money.
PLANNED = {
    ProposalState.DRAFT,
    ProposalState.SUBMITTED,
    ProposalState.RETURNED,
    ProposalState.VERIFIED,
}


class Stage(TextChoices):
    """Where an activity stands in its whole life, for lists and the public face.

    A draft is its RT's own until it is sent; from then on everybody sees the plan.
    """

    DRAFT = "draft", gettext_lazy("Sedang disusun")
    PLAN = "plan", gettext_lazy("Rencana")
    CHECKED = "checked", gettext_lazy("Lolos periksa")
    DROPPED = "dropped", gettext_lazy("Tidak diterima")
    BUDGETED = "budgeted", gettext_lazy("Teranggarkan")
    CONTRACTED = "contracted", gettext_lazy("Dikontrak")
    RUNNING = "running", gettext_lazy("Berjalan")
    DONE = "done", gettext_lazy("Selesai dikerjakan")
    CLOSED = "closed", gettext_lazy("Ditutup")


class PlanState(TextChoices):
    PLANNED = "planned", gettext_lazy("Direncanakan")
    TAKEN = "taken", gettext_lazy("Sudah diusulkan")
    DEFERRED = "deferred", gettext_lazy("Ditunda")
    DROPPED = "dropped", gettext_lazy("Dicoret")


PLAN_CHIPS = {
    PlanState.PLANNED: "idle",
    PlanState.TAKEN: "ok",
    PlanState.DEFERRED: "wait",
    PlanState.DROPPED: "late",
}

# What the record says in words. A verified tier is named by its desk, see act_title.
ACT_TITLES = {
    "meeting.called": gettext_lazy("Undangan rembug dibuat"),
    "meeting.held": gettext_lazy("Hasil rembug dicatat"),
    "meeting.signed.rt": gettext_lazy("Notulen ditandatangani Ketua RT"),
    "meeting.signed.secretary": gettext_lazy("Notulen ditandatangani Sekretaris RT"),
    "meeting.signed.rw": gettext_lazy("Notulen ditandatangani Ketua RW"),
    "meeting.signed.kelurahan": gettext_lazy("Notulen ditandatangani Lurah"),
    "meeting.returned": gettext_lazy("Notulen dikembalikan untuk diperbaiki"),
    "proposal.started": gettext_lazy("Usulan mulai disusun"),
    "proposal.changed": gettext_lazy("Isi usulan diubah"),
    "proposal.submitted": gettext_lazy("Usulan dikirim"),
    "proposal.returned": gettext_lazy("Dikembalikan"),
    "proposal.rejected": gettext_lazy("Ditolak"),
    "proposal.budgeted": gettext_lazy("Masuk anggaran (DPA)"),
    "list.add": gettext_lazy("Ditambahkan"),
    "list.change": gettext_lazy("Diubah"),
    "list.defer": gettext_lazy("Ditunda"),
    "list.drop": gettext_lazy("Dicoret"),
}


def act_title(act: str, detail: Mapping[str, Any]) -> str:
    """A line of the record in words; acts of other floors keep their own name."""
    if act.startswith("proposal.verified."):
        return _("Diloloskan")
    if act == "list.changed":
        done = str(ACT_TITLES.get(f"list.{detail.get('change')}", act))
        return f"{done}: {(detail.get('after') or {}).get('title', '')}"
    return str(ACT_TITLES.get(act, act))


def digest(content: Any) -> str:
    """SHA-256 in hex of plain values, whatever the order of their keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def whole_number(text: str | None) -> int:
    """A key, a count or a year as a form sends it; 0 for anything that is none."""
    if text and text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    return 0


# Signs that are not text: they turn the reading order, hide letters, or steer a terminal.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")


def readable(text: str) -> str:
    """What somebody typed, without signs nobody can see."""
    return UNSEEN.sub("", text).strip()


# ---- meetings ------------------------------------------------------------------------------

_HEAD = ("year", "title", "place", "agenda", "men", "women", "count_reason", "notes")
_POINT = ("rank", "field", "title", "volume", "cost", "outcome", "reason")


def minutes_content(
    unit: str,
    meeting: Mapping[str, Any],
    names: Sequence[tuple[str, str]] = (),
    points: Sequence[Mapping[str, Any]] = (),
    photos: Sequence[str] = (),
) -> dict[str, Any]:
    """The minutes as plain values: what a signature signs, and what the audit reads again.

    `unit` is the code of the RT, `meeting` and `points` hold the columns of their tables (a text left
    out is empty), `names` are (name, sex) in their order, `photos` SHA-256 in hex.
    """
    return {
        "unit": unit,
        "at": int(meeting["at"].timestamp()),
        **{key: meeting.get(key, "") for key in _HEAD},
        "names": [list(one) for one in names],
        "items": [[one.get(key, "") for key in _POINT] for one in points],
        "photos": sorted(photos),
    }


@dataclass(frozen=True)
class Attendee:
    """A name as pasted, with `m`, `f` or nothing."""

    name: str
    sex: str = ""


SEX_WORDS = {
    "l": "m", "lk": "m", "laki": "m", "laki-laki": "m", "pria": "m",
    "p": "f", "pr": "f", "perempuan": "f", "wanita": "f",
}  # fmt: skip
# A degree or title behind a comma belongs to the name before it: "Siti Aminah, S.Pd".
TITLE = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.)+[A-Za-z]{0,4}\.?|[A-Z]{2,4}")
SEX_BEHIND = re.compile(r"\s*[(\[]\s*(\w+(?:-\w+)?)\s*[)\]]\s*$")
LONGEST_NAME = 120
# More names than this is a list of something else.
LONGEST_LIST = 3_000


def attendees(text: str) -> list[Attendee]:
    """Names as people paste them: one per line, several on a line, or rows of a spreadsheet.

    `1<tab>Budi<tab>L`, `Siti Aminah, S.Pd; Tono (L)` and `3. Rini P` on its own cell all work; numbers
    before a name are dropped.
    """
    found: list[Attendee] = []
    for line in text.splitlines():
        fresh = True
        for cell in re.split(r"[\t;,|]", line):
            # One blank between words: what looks for a sex behind a name is slow over many.
            cell = re.sub(r"^\d+[.)]?( |$)", "", " ".join(cell.split())).strip(" .-")
            if not cell:
                continue
            sex = SEX_WORDS.get(cell.lower(), "")
            if not fresh and found and (sex or TITLE.fullmatch(cell)):
                last = found.pop()
                name = last.name if sex else f"{last.name}, {cell}"
                found.append(Attendee(name, sex or last.sex))
            else:
                found.append(_attendee(cell))
            fresh = False
    return found


def _attendee(cell: str) -> Attendee:
    behind = SEX_BEHIND.search(cell)
    sex = SEX_WORDS.get(behind.group(1).lower(), "") if behind else ""
    name = cell[: behind.start()] if behind and sex else cell
    return Attendee(name.strip()[:LONGEST_NAME], sex)


def attendance_faults(
    men: int, women: int, names: Sequence[Attendee], reason: str = ""
) -> list[str]:
    """Why an attendance cannot be kept: nobody came, or the counts and the names disagree unexplained."""
    if men + women == 0:
        return [_("Isi jumlah laki-laki dan perempuan yang hadir.")]
    if len(names) > LONGEST_LIST:
        return [_("Daftar nama paling banyak %d. Tempel hanya yang hadir.") % LONGEST_LIST]
    if not names or reason.strip():
        return []
    told = {"names": len(names), "count": men + women}
    if len(names) != men + women:
        return [
            _(
                "Nama tercatat %(names)d, jumlah hadir %(count)d. "
                "Samakan, atau tulis alasan perbedaannya."
            )
            % told
        ]
    known_men = sum(one.sex == "m" for one in names)
    known_women = sum(one.sex == "f" for one in names)
    if known_men > men or known_women > women:
        told = {"men": known_men, "women": known_women}
        return [
            _(
                "Menurut nama: %(men)d laki-laki dan %(women)d perempuan. "
                "Samakan jumlahnya, atau tulis alasan perbedaannya."
            )
            % told
        ]
    return []


@dataclass(frozen=True)
class Point:
    """One thing discussed, as typed. `cost` in rupiah."""

    field: str
    title: str
    outcome: str
    volume: str = ""
    cost: int = 0
    reason: str = ""


def point_faults(points: Sequence[Point], fields: Collection[str] = ()) -> list[str]:
    """What is missing in the things discussed. `fields` are the codes one may choose (empty: any)."""
    if not points:
        return [_("Tulis sedikitnya satu hal yang dibahas.")]
    faults = []
    for number, point in enumerate(points, 1):
        if not point.title.strip():
            faults.append(_("Hal %d: tulis uraiannya.") % number)
        if point.outcome not in Outcome.values:
            faults.append(_("Hal %d: pilih dibahas, diputuskan, atau ditunda.") % number)
        if point.outcome == Outcome.DEFERRED and not point.reason.strip():
            faults.append(_("Hal %d: tulis alasan menunda.") % number)
        if fields and point.field not in fields:
            faults.append(_("Hal %d: pilih bidangnya.") % number)
        if not 0 <= point.cost <= LARGEST:
            faults.append(_("Hal %d: periksa rencana biayanya.") % number)
    return faults


def quorum_advice(present: int, households: int, percent: float) -> str:
    """A sentence when fewer came than the book hopes for; empty when enough came or nothing is set."""
    wanted = -(-households * round(percent * 100) // 10_000)
    if present >= wanted:
        return ""
    told = {"present": present, "wanted": wanted, "households": households}
    return (
        _("Hadir %(present)d orang, harapan aturan %(wanted)d dari %(households)d keluarga.") % told
    )


# ---- cost lines ----------------------------------------------------------------------------


def volume_milli(text: str) -> int:
    """Thousandths from what people type: `2,5` is 2500, `1.600` is 1600000.

    Raises ValueError, worded for the person, for anything that is not a number above zero with at
    most three decimals.
    """
    cleaned = text.strip().replace(" ", "")
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,3}))?", cleaned, re.ASCII)
    if match is None:
        if re.fullmatch(r"\d+\.\d+", cleaned):
            raise ValueError(_("Tulis pecahan dengan koma, misalnya 1,5."))
        raise ValueError(_("Tulis volume dengan angka, misalnya 12 atau 1,5."))
    whole = int(match[1].replace(".", ""))
    milli = whole * 1000 + int((match[2] or "").ljust(3, "0"))
    if not 0 < milli <= LARGEST:
        raise ValueError(_("Volume harus lebih dari nol dan masuk akal."))
    return milli


def show_volume(milli: int) -> str:
    """`2,5`, `1.600`: the same number as people read it."""
    whole, rest = divmod(milli, 1000)
    text = f"{whole:,}".replace(",", ".")
    return f"{text},{rest:03d}".rstrip("0") if rest else text


def line_amount(milli: int, price: int) -> int:
    """Volume in thousandths times unit price, in whole rupiah, half a rupiah rounded up."""
    return (milli * price + 500) // 1000


def quote_count(text: str) -> int:
    """How many offers a text names: each on its own line or behind a semicolon, with a figure in it."""
    return sum(any(sign.isdigit() for sign in part) for part in re.split(r"[;\n]", text))


@dataclass(frozen=True)
class CostLine:
    """A cost line as typed: volume in thousandths, price in rupiah, standard None outside the list."""

    name: str
    measure: str
    group: str
    volume: int
    price: int
    standard: int | None = None
    item_id: int | None = None
    quotes: str = ""

    @property
    def amount(self) -> int:
        return line_amount(self.volume, self.price)

    @property
    def pieces(self) -> int:
        """How many whole pieces, for rules that count things."""
        return -(-self.volume // 1000)


# The smallest coin in use. Whatever is larger can be paid in tranches without one of nothing.
SMALLEST = 100


def line_faults(lines: Sequence[CostLine], groups: Collection[str]) -> list[str]:
    """What is wrong with cost lines in themselves; prices are judged by the book."""
    faults = []
    for number, line in enumerate(lines, 1):
        name = line.name.strip() or _("baris %d") % number
        if not line.name.strip():
            faults.append(_("Baris %d: tulis nama barang atau upah.") % number)
        if not line.measure.strip():
            faults.append(_("%s: tulis satuannya, misalnya zak atau HOK.") % name)
        if line.group not in groups:
            faults.append(_("%s: pilih upah, bahan, alat, jasa, atau barang.") % name)
        if line.volume <= 0:
            faults.append(_("%s: volume harus lebih dari nol.") % name)
        if line.price <= 0:
            faults.append(_("%s: tulis harga satuannya.") % name)
        if line.amount > LARGEST:
            faults.append(_("%s: jumlahnya terlalu besar. Periksa volume dan harga.") % name)
        elif line.volume > 0 and line.price > 0 and line.amount < SMALLEST:
            faults.append(_("%s: jumlahnya di bawah Rp100. Periksa volume dan harga.") % name)
    return faults


# ---- proposals -----------------------------------------------------------------------------


def submit_faults(
    *,
    editable: bool,
    minutes_signed: bool,
    year_open: bool = True,
    activities: int,
    meeting_held: bool = True,
    empty: Sequence[str] = (),
    off_list: Sequence[str] = (),
    total: int = 0,
    available: int = 0,
    blocking: Sequence[str] = (),
) -> list[str]:
    """Every reason why a proposal cannot be submitted now, in the order in which one mends them.

    `empty` names activities without cost lines, `off_list` those neither from the five-year list nor
    explained, `blocking` the sentences of the book. `total` and `available` in rupiah.
    """
    if not editable:
        return [_("Usulan ini sudah dikirim. Tunggu hasil pemeriksaan.")]
    if not year_open:
        return [_("Tahun anggaran ini sudah ditutup.")]
    faults = []
    if not meeting_held:
        faults.append(_("Adakan rembug untuk tahun anggaran ini, lalu catat hasilnya."))
    elif not minutes_signed:
        faults.append(_("Selesaikan tanda tangan notulen rembug lebih dahulu."))
    if not activities:
        faults.append(_("Tambahkan sedikitnya satu kegiatan."))
    faults += [_("%s: isi rincian biayanya.") % name for name in empty]
    faults += [
        _("%s: pilih dari daftar lima tahun, atau tulis alasannya.") % name for name in off_list
    ]
    faults += blocking
    if total > available:
        told = {"cut": show(total - available), "available": show(available)}
        faults.append(_("Kurangi %(cut)s. Pagu yang masih tersedia %(available)s.") % told)
    return faults


def return_faults(why: str) -> list[str]:
    """Minutes go back only with words that tell the secretary what to mend."""
    if len(why.strip()) < 10:
        return [_("Tulis apa yang keliru, supaya sekretaris tahu yang harus diperbaiki.")]
    return []


def decision_faults(decision: str, why: str) -> list[str]:
    """A return or a rejection says what must be mended."""
    if decision not in ("pass", "return", "reject"):
        return [_("Pilih loloskan, kembalikan, atau tolak.")]
    if decision != "pass" and len(why.strip()) < 10:
        return [_("Tulis alasannya, supaya pengusul tahu apa yang harus diperbaiki.")]
    return []


def stale(typed: int | None, current: int) -> bool:
    """Whether somebody saved since this page was opened. None: the sender does not compare."""
    return typed is not None and typed != current


def conflict(person_offices: Sequence[tuple[str, str, int]], unit_code: str) -> str:
    """Why a person must not judge this unit's proposal although the office could; empty when they may.

    Offices are (role, code of the unit, pokmas or 0). Members of the unit's own board or of a pokmas
    that works there would judge their own matter.
    """
    for role, code, body in person_offices:
        if code == unit_code and not body:
            if role == "rw_head":
                return _("Anda pengurus RW ini. Orang lain yang harus memeriksa usulannya.")
            return _("Anda pengurus RT ini. Orang lain yang harus memeriksa usulannya.")
        if body and (unit_code == code or unit_code.startswith(code + ".")):
            return _("Anda anggota pokmas di wilayah ini. Orang lain yang harus memeriksa.")
    return ""
