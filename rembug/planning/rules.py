"""States of meetings, proposals and activities, and what makes them acceptable. No tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.bounds import MOST_COST, MOST_PRESENT, MOST_VOLUME_MILLI
from rembug.core.refusal import Reason
from rembug.core.roster import Named, hides_number, read_roster
from rembug.core.rupiah import show


class MeetingState(TextChoices):
    CALLED = "called", gettext_lazy("Undangan dibuat")
    CANCELLED = "cancelled", gettext_lazy("Dibatalkan")
    HELD = "held", gettext_lazy("Menunggu tanda tangan")
    RETURNED = "returned", gettext_lazy("Dikembalikan untuk diperbaiki")
    SIGNED = "signed", gettext_lazy("Ditandatangani")


# Nothing has been recorded of it: no counts, no decisions, no minutes.
UNRECORDED = (MeetingState.CALLED, MeetingState.CANCELLED)

MEETING_STEPS = {
    "change": ({MeetingState.CALLED}, MeetingState.CALLED),
    "cancel": ({MeetingState.CALLED}, MeetingState.CANCELLED),
    "hold": ({MeetingState.CALLED, MeetingState.HELD, MeetingState.RETURNED}, MeetingState.HELD),
    "return": ({MeetingState.HELD}, MeetingState.RETURNED),
    "sign": ({MeetingState.HELD}, MeetingState.SIGNED),
}

MEETING_CHIPS = {
    MeetingState.CALLED: "info",
    MeetingState.CANCELLED: "late",
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
    # Sent once, then taken out by its RT: it stays readable with what residents said of it.
    WITHDRAWN = "withdrawn", gettext_lazy("Ditarik")
    BUDGETED = "budgeted", gettext_lazy("Teranggarkan")
    CONTRACTED = "contracted", gettext_lazy("Dikontrak")
    RUNNING = "running", gettext_lazy("Berjalan")
    DONE = "done", gettext_lazy("Selesai dikerjakan")
    CLOSED = "closed", gettext_lazy("Ditutup")


# Stages in which an activity has no money.
UNFUNDED = frozenset({Stage.DRAFT, Stage.PLAN, Stage.CHECKED, Stage.DROPPED, Stage.WITHDRAWN})


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
    "meeting.changed": gettext_lazy("Undangan rembug diubah"),
    "meeting.cancelled": gettext_lazy("Rembug dibatalkan"),
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
    if detail.get("outside"):
        title = act_title(act, {key: value for key, value in detail.items() if key != "outside"})
        return _("%(title)s, di luar jadwal %(window)s") % {
            "title": title,
            "window": detail["outside"],
        }
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


# Somebody who came, as the one reader of lists gives it.
Attendee = Named
# More names than this is a list of something else.
LONGEST_LIST = 3_000


def attendees(text: str) -> list[Attendee]:
    """Names as people paste them; `core.roster` reads every such list."""
    return list(read_roster(text).people)


def attendance_faults(
    men: int, women: int, names: Sequence[Attendee], reason: str = ""
) -> list[str]:
    """Why an attendance cannot be kept: nobody came, or the counts and the names disagree unexplained."""
    if men + women == 0:
        return [Reason(_("Isi jumlah laki-laki dan perempuan yang hadir."), "men")]
    if len(names) > LONGEST_LIST:
        long = _("Daftar nama paling banyak %d. Tempel hanya yang hadir.")
        return [Reason(long % LONGEST_LIST, "names")]
    if min(men, women) < 0 or men + women > MOST_PRESENT:
        return [Reason(_("Jumlah yang hadir tidak masuk akal. Periksa angkanya."), "men")]
    if any(hides_number(one.name) for one in names):
        numbers = _("Hapus NIK, nomor telepon, dan nomor lain dari daftar nama. Cukup namanya.")
        return [Reason(numbers, "names")]
    if not names or reason.strip():
        return []
    told = {"names": len(names), "count": men + women}
    if len(names) != men + women:
        words = _(
            "Nama tercatat %(names)d, jumlah hadir %(count)d. "
            "Samakan, atau tulis alasan perbedaannya."
        )
        return [Reason(words % told, "names")]
    known_men = sum(one.sex == "m" for one in names)
    known_women = sum(one.sex == "f" for one in names)
    if known_men > men or known_women > women:
        told = {"men": known_men, "women": known_women}
        words = _(
            "Menurut nama: %(men)d laki-laki dan %(women)d perempuan. "
            "Samakan jumlahnya, atau tulis alasan perbedaannya."
        )
        return [Reason(words % told, "names")]
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
        return [Reason(_("Tulis sedikitnya satu hal yang dibahas."), point_field(1, "title"))]
    faults: list[str] = []
    for number, point in enumerate(points, 1):

        def tell(words: str, name: str, number: int = number) -> None:
            faults.append(Reason(words % number, point_field(number, name)))

        if not point.title.strip():
            tell(_("Hal %d: tulis uraiannya."), "title")
        if point.outcome not in Outcome.values:
            tell(_("Hal %d: pilih dibahas, diputuskan, atau ditunda."), "outcome")
        if point.outcome == Outcome.DEFERRED and not point.reason.strip():
            tell(_("Hal %d: tulis alasan menunda."), "reason")
        if fields and point.field not in fields:
            tell(_("Hal %d: pilih bidangnya."), "field")
        if not 0 <= point.cost <= MOST_COST:
            tell(_("Hal %d: periksa rencana biayanya."), "cost")
    return faults


def agenda_points(agenda: str) -> list[str]:
    """What an invitation names, one thing a line, without bullets and numbers before it."""
    lines = (re.sub(r"^\s*(?:\d{1,2}[.)]\s*|[-*•]\s*)?", "", line) for line in agenda.splitlines())
    return [line.strip()[:200] for line in lines if line.strip()]


def point_field(number: int, name: str) -> str:
    """How a reason names a field of the nth thing discussed, counted from 1."""
    return f"points.{number}.{name}"


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
    # The book's kind of item, where the line is one of its own; else it counts with its activity.
    kind: str = ""

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
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        name: str | int = line.name.strip() or _("baris %d") % number

        def tell(words: str, field: str, about: str | int = name, number: int = number) -> None:
            faults.append(Reason(words % about, line_field(number, field)))

        if not line.name.strip():
            tell(_("Baris %d: tulis nama barang atau upah."), "name", number)
        if not line.measure.strip():
            tell(_("%s: tulis satuannya, misalnya zak atau HOK."), "measure")
        if line.group not in groups:
            tell(_("%s: pilih upah, bahan, alat, jasa, atau barang."), "group")
        if line.volume <= 0:
            tell(_("%s: volume harus lebih dari nol."), "volume")
        if line.price <= 0:
            tell(_("%s: tulis harga satuannya."), "price")
        if line.amount > MOST_COST or line.volume > MOST_VOLUME_MILLI:
            tell(_("%s: jumlahnya terlalu besar. Periksa volume dan harga."), "volume")
        elif line.volume > 0 and line.price > 0 and line.amount < SMALLEST:
            tell(_("%s: jumlahnya di bawah Rp100. Periksa volume dan harga."), "volume")
    return faults


def line_field(number: int, name: str) -> str:
    """How a reason names a field of the nth cost line, counted from 1."""
    return f"lines.{number}.{name}"


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


def price_words(text: str) -> list[str]:
    """What is looked for in the price list: `Semen 40kg` is semen, 40, kg, as the list writes it."""
    parted = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", text.lower())
    return [word for word in re.split(r"[\s,;()/]+", parted) if word][:8]


def nearest(word: str, known: Collection[str]) -> list[str]:
    """Words of the list as near to this one as a typing error; short words and figures are taken as they are."""
    holding = [one for one in known if word in one]
    if holding or len(word) < 4 or word.isdigit():
        return holding[:20] or [word]
    return get_close_matches(word, known, n=6, cutoff=0.72) or [word]


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
