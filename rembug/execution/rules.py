"""States of pokmas, works, tranches, reports and receipts, and what makes each step acceptable.

Plain values in, reasons out; no tables. Money is whole rupiah, distances metres.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason
from rembug.core.roster import same_words
from rembug.core.rupiah import LARGEST, show
from rembug.core.words import short_date
from rembug.execution.evidence import TwinSign
from rembug.ledger.rules import year_of_day


class PokmasState(TextChoices):
    FORMED = "formed", _("Menunggu SK Camat")
    RETURNED = "returned", _("Dikembalikan camat")
    CONFIRMED = "confirmed", _("Disahkan")
    ENDED = "ended", _("Selesai bertugas")


POKMAS_STEPS = {
    "confirm": ({PokmasState.FORMED}, PokmasState.CONFIRMED),
    "return": ({PokmasState.FORMED}, PokmasState.RETURNED),
    "mend": ({PokmasState.RETURNED}, PokmasState.FORMED),
    "end": ({PokmasState.CONFIRMED}, PokmasState.ENDED),
}


class WorkState(TextChoices):
    READY = "ready", _("Menunggu kontrak")
    SIGNED = "signed", _("Menunggu persetujuan lurah")
    RUNNING = "running", _("Berjalan")
    INSPECTED = "inspected", _("Sudah diperiksa (BAHP)")
    OFFERED = "offered", _("Menunggu serah terima")
    HANDED = "handed", _("Sudah diserahkan (BAST)")
    STOPPED = "stopped", _("Dihentikan di akhir tahun anggaran")
    CLOSED = "closed", _("Ditutup")


WORK_STEPS = {
    "sign": ({WorkState.READY}, WorkState.SIGNED),
    "approve": ({WorkState.SIGNED}, WorkState.RUNNING),
    "send_back": ({WorkState.SIGNED}, WorkState.READY),
    "inspect": ({WorkState.RUNNING}, WorkState.INSPECTED),
    "offer": ({WorkState.INSPECTED}, WorkState.OFFERED),
    "receive": ({WorkState.OFFERED}, WorkState.HANDED),
    "refuse": ({WorkState.INSPECTED, WorkState.OFFERED}, WorkState.RUNNING),
    "close": ({WorkState.HANDED, WorkState.STOPPED}, WorkState.CLOSED),
    # The budget year is over: a contract that never came into force ends, an unfinished work stops.
    "lapse": ({WorkState.READY, WorkState.SIGNED}, WorkState.CLOSED),
    "stop": ({WorkState.RUNNING, WorkState.INSPECTED, WorkState.OFFERED}, WorkState.STOPPED),
}


class TrancheState(TextChoices):
    PLANNED = "planned", _("Belum diminta")
    REQUESTED = "requested", _("Diminta pokmas")
    BILLED = "billed", _("SPP dibuat")
    VERIFIED = "verified", _("Diperiksa PPK-Keuangan")
    ORDERED = "ordered", _("SPM diterbitkan")
    PAID = "paid", _("SP2D terbit")
    RECEIVED = "received", _("Diterima pokmas")
    REPORTED = "reported", _("SPJ diajukan")
    ACCOUNTED = "accounted", _("SPJ diterima")
    WAIVED = "waived", _("Tidak dipakai, kembali ke pagu")


TRANCHE_STEPS = {
    "request": ({TrancheState.PLANNED}, TrancheState.REQUESTED),
    "bill": ({TrancheState.REQUESTED}, TrancheState.BILLED),
    "verify": ({TrancheState.BILLED}, TrancheState.VERIFIED),
    "order": ({TrancheState.VERIFIED}, TrancheState.ORDERED),
    "pay": ({TrancheState.ORDERED}, TrancheState.PAID),
    "receive": ({TrancheState.PAID}, TrancheState.RECEIVED),
    "report": ({TrancheState.RECEIVED}, TrancheState.REPORTED),
    "account": ({TrancheState.REPORTED}, TrancheState.ACCOUNTED),
    "return_spj": ({TrancheState.REPORTED}, TrancheState.RECEIVED),
    "send_back": (
        {TrancheState.REQUESTED, TrancheState.BILLED, TrancheState.VERIFIED},
        TrancheState.PLANNED,
    ),
    "waive": ({TrancheState.PLANNED}, TrancheState.WAIVED),
    "lapse": (
        {
            TrancheState.PLANNED,
            TrancheState.REQUESTED,
            TrancheState.BILLED,
            TrancheState.VERIFIED,
            TrancheState.ORDERED,
        },
        TrancheState.WAIVED,
    ),
    # An SPM taken back is written anew; money the bank sent back is paid again by a new SP2D.
    "take_back_order": ({TrancheState.ORDERED}, TrancheState.VERIFIED),
    "take_back_pay": ({TrancheState.PAID, TrancheState.RECEIVED}, TrancheState.ORDERED),
}


class ReportState(TextChoices):
    WAITING = "waiting", _("Sedang diperiksa")
    ACCEPTED = "accepted", _("Disetujui")
    RETURNED = "returned", _("Dikembalikan")


REPORT_STEPS = {
    "pass": ({ReportState.WAITING}, ReportState.WAITING),
    "accept": ({ReportState.WAITING}, ReportState.ACCEPTED),
    "return": ({ReportState.WAITING}, ReportState.RETURNED),
}


class ReceiptState(TextChoices):
    KEPT = "kept", _("Tersimpan")
    SUBMITTED = "submitted", _("Dalam SPJ")
    ACCEPTED = "accepted", _("Diterima")
    VOID = "void", _("Dibatalkan")


# ---- numbers and days ------------------------------------------------------------------------


def number_faults(number: str, paper: str, used: bool = False, field: str = "number") -> list[str]:
    """Whether a paper's number looks like one and is not used yet. `paper` names it: SPP, BAST."""
    number, told = number.strip(), ""
    if len(number) < 3 or len(number) > 60 or not any(sign.isdigit() for sign in number):
        told = gettext("Tulis nomor %s seperti di suratnya, misalnya 12/GYM/2026.") % paper
    elif used:
        told = gettext("Nomor %s ini sudah dipakai. Periksa nomornya.") % paper
    return [Reason(told, field)] if told else []


def day_faults(
    day: date | None, what: str, field: str, *, today: date, earliest: date | None = None
) -> list[str]:
    """Whether a day is given, has come, and is not before another. `what`: what happened that day."""
    told = ""
    if day is None:
        told = gettext("Tulis tanggal %s.") % what
    elif day > today:
        told = gettext("Tanggal %s belum tiba. Paling akhir hari ini.") % what
    elif earliest and day < earliest:
        words = {"what": what, "day": short_date(earliest)}
        told = gettext("Tanggal %(what)s paling awal %(day)s.") % words
    return [Reason(told, field)] if told else []


def year_faults(day: date | None, year: int, field: str = "") -> list[str]:
    """Why a day is none on which a budget year's money may be contracted, asked for, ordered or paid."""
    at = year_of_day(day, year) if day else 0
    if not at:
        return []
    if at < 0:
        told = gettext("Tahun anggaran %d belum mulai. Uangnya baru boleh dipakai sejak 1 Januari.")
    else:
        told = gettext(
            "Tahun anggaran %d sudah lewat. Yang belum dibayar dikembalikan ke pagu oleh lurah."
        )
    return [Reason(told % year, field)]


def why_faults(why: str) -> list[str]:
    """A return or refusal needs a reason that helps the one who must mend it."""
    if len(why.strip()) < 10:
        told = gettext(
            "Tulis alasannya, paling sedikit 10 huruf, supaya jelas apa yang diperbaiki."
        )
        return [Reason(told, "why")]
    return []


# ---- contract --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A place from which every stage is photographed; degrees WGS84 when known."""

    label: str
    note: str
    lat: float | None = None
    lon: float | None = None


POINT_LABELS = ("A", "B", "C", "D", "E", "F")


def contract_faults(
    *,
    number: str,
    used: bool,
    contract_on: date | None,
    starts_on: date | None,
    ends_on: date | None,
    today: date,
    year: int,
    budgeted_on: date | None,
    amounts: Sequence[int],
    lines: int,
    points: Sequence[Point],
    least_points: int,
) -> list[str]:
    """Every reason why a contract cannot be prepared: the completeness gate before it is signed.

    `budgeted_on`: the day of the DPA, before which no money was there; `amounts`: its payments.
    """
    what = gettext("kontrak")
    faults = number_faults(number, what, used, "contract_no")
    wrong = day_faults(contract_on, what, "contract_on", today=today, earliest=budgeted_on)
    # The year is told once: of the paper, or else of the day on which it would be signed.
    faults += wrong or year_faults(contract_on, year, "contract_on") or year_faults(today, year)
    if starts_on is None:
        faults.append(Reason(gettext("Tulis tanggal mulai pekerjaan."), "starts_on"))
    elif contract_on and starts_on < contract_on:
        told = gettext("Pekerjaan mulai paling awal pada tanggal kontrak.")
        faults.append(Reason(told, "starts_on"))
    if ends_on is None:
        faults.append(Reason(gettext("Tulis tanggal selesai pekerjaan."), "ends_on"))
    else:
        if starts_on and ends_on <= starts_on:
            told = gettext("Tanggal selesai harus sesudah tanggal mulai.")
            faults.append(Reason(told, "ends_on"))
        if ends_on > date(year, 12, 31):
            told = gettext("Pekerjaan harus selesai paling akhir 31 Desember %d.") % year
            faults.append(Reason(told, "ends_on"))
    if not lines:
        faults.append(gettext("RAB kegiatan ini belum ada. Minta RT melengkapi usulannya."))
    elif min(amounts) < 1:
        words = {"cost": show(sum(amounts)), "count": len(amounts)}
        told = gettext("Biaya %(cost)s terlalu kecil untuk dibagi dalam %(count)d pencairan.")
        faults.append(told % words)
    return faults + point_faults(points, least_points)


def point_faults(points: Sequence[Point], least: int) -> list[str]:
    """Whether there are enough photo points, each with a note, and their places are on earth."""
    faults = []
    if len(points) < max(1, least):
        faults.append(
            gettext(
                "Tetapkan paling sedikit %d titik foto, masing-masing dengan keterangan tempat."
            )
            % max(1, least)
        )
    for point in points:
        if not point.note.strip():
            told = gettext("Tulis letak titik foto %s, misalnya “mulut gang”.") % point.label
            faults.append(Reason(told, f"note_{point.label}"))
        if (point.lat is None) != (point.lon is None):
            told = gettext("Titik foto %s: isi lintang dan bujur, atau kosongkan keduanya.")
            empty = "lat" if point.lat is None else "lon"
            faults.append(Reason(told % point.label, f"{empty}_{point.label}"))
        elif point.lat is not None and point.lon is not None:
            if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
                told = gettext("Titik foto %s: periksa lintang dan bujurnya.") % point.label
                faults.append(Reason(told, f"lat_{point.label}"))
    return faults


def paper_faults(required: Mapping[str, str], seen: Collection[str]) -> list[str]:
    """Which required papers (code: title) the checker has not ticked."""
    told = gettext("Centang “%s” sesudah Anda melihatnya. Belum ada? Kembalikan dengan alasan.")
    return [Reason(told % title, "papers") for code, title in required.items() if code not in seen]


def waive_faults(why: str, percent: int) -> list[str]:
    """Every reason why the rest of the money cannot be given back yet; `percent`: accepted progress."""
    faults = why_faults(why)
    if percent < 100:
        told = gettext(
            "Laporan 100% belum disetujui. Sesudah itu baru jelas uang ini tidak dipakai."
        )
        faults.append(told)
    return faults


# ---- reports ---------------------------------------------------------------------------------


def next_percent(percents: Sequence[int], accepted: int) -> int | None:
    """The stage that must be reported next; None when all are accepted. `accepted` -1: none yet."""
    return next((percent for percent in sorted(percents) if percent > accepted), None)


def report_faults(
    *,
    percent: int,
    expected: int | None,
    waiting: bool,
    note: str,
    seen_on: date | None,
    today: date,
    last_seen_on: date | None,
    max_age_days: int,
    missing: Sequence[str],
    photos: int,
    min_photos: int,
    doubles: Sequence[str] = (),
    used: Sequence[str] = (),
) -> list[str]:
    """Every reason to refuse a report, worded for the pokmas.

    `missing` are labels of points without a photo, `doubles` points that share one photo, `used`
    points whose photo was already used in another report.
    """
    faults = []
    if waiting:
        faults.append(gettext("Laporan sebelumnya masih diperiksa. Tunggu hasilnya dulu."))
    elif expected is None:
        faults.append(gettext("Semua laporan sudah disetujui. Tidak ada yang perlu dikirim."))
    elif percent != expected:
        faults.append(gettext("Sekarang giliran laporan %d%%. Kirim berurutan.") % expected)
    faults += [_about_photo(gettext("Foto titik %s belum ada."), label) for label in missing]
    if not missing and photos < min_photos:
        faults.append(gettext("Sertakan paling sedikit %d foto.") % min_photos)
    if len(note.strip()) < 5:
        told = gettext("Tulis satu kalimat tentang apa yang sudah dikerjakan.")
        if percent == 0:
            told = gettext("Tulis satu kalimat tentang keadaan sebelum pekerjaan.")
        faults.append(Reason(told, "note"))
    what = gettext("keadaan di lapangan")
    faults += day_faults(seen_on, what, "seen_on", today=today, earliest=last_seen_on)
    if seen_on and seen_on < today - timedelta(days=max_age_days):
        told = gettext(
            "Keadaan yang dilaporkan paling lama %d hari yang lalu. Foto ulang hari ini."
        )
        faults.append(Reason(told % max_age_days, "seen_on"))
    if doubles:
        told = gettext("Foto titik %s sama. Ambil foto sendiri di setiap titik.")
        faults.append(Reason(told % ", ".join(doubles), f"photo_{doubles[-1]}"))
    again = gettext("Foto titik %s sudah pernah dipakai di laporan lain. Ambil foto baru.")
    return faults + [_about_photo(again, label) for label in used]


def _about_photo(words: str, label: str) -> Reason:
    """A reason about the photograph of one point."""
    return Reason(words % label, f"photo_{label}")


# What is odd about a photograph in a report or a receipt: advice for the verifier, never a block.
FLAGS = {
    "jauh_dari_titik": _("Foto diambil jauh dari titiknya."),
    "waktu_jauh": _("Waktu foto jauh dari tanggal yang dilaporkan."),
    "pemandangan_sama": _("Pemandangannya sama persis dengan foto lain di kota ini."),
    "sama_dengan_rab": _("Jumlahnya sama persis dengan RAB."),
    "mungkin_dipecah": _(
        "Beberapa kuitansi dari toko dan hari yang sama, masing-masing di bawah batas pajak."
    ),
    "lebih_dari_rab": _("Belanja baris ini lebih besar daripada RAB."),
    "pajak_kurang": _("Pajak yang dipotong kurang daripada aturan. Periksa alasannya."),
    "pajak_lebih": _("Pajak yang dipotong lebih daripada aturan. Periksa alasannya."),
    "sesudah_tahun": _("Dibeli sesudah tahun anggarannya berakhir. Uangnya seharusnya kembali."),
    "lain_dari_baris": _("Jenis belanjanya tidak cocok dengan baris RAB-nya."),
    **dict(TwinSign.choices),
}


def metres(a: tuple[float, float], b: tuple[float, float]) -> int:
    """Great-circle distance between two (latitude, longitude) in degrees; haversine, earth 6371 km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return round(2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h))))


def photo_flags(
    *,
    distance_m: int | None,
    max_distance_m: int,
    taken_at: datetime | None,
    seen_on: date,
    twin: bool,
    known: Iterable[str] = (),
) -> list[str]:
    """What a verifier should look at: codes of FLAGS after those the file itself has (`known`)."""
    flags = list(known)
    if distance_m is not None and distance_m > max_distance_m:
        flags.append("jauh_dari_titik")
    # A phone's clock and a night's work may differ by a day.
    if taken_at and abs((taken_at.date() - seen_on).days) > 1:
        flags.append("waktu_jauh")
    if twin:
        flags.append("pemandangan_sama")
    return flags


# ---- receipts and SPJ ------------------------------------------------------------------------


def receipt_faults(
    *,
    supplier: str,
    what: str,
    paid_on: date | None,
    today: date,
    received_on: date | None,
    amount: int | None,
    tax: int | None,
    cash: int,
    owed: int,
    photo: bool,
    photo_used: bool,
) -> list[str]:
    """Every reason to refuse a receipt. `cash` lies at the pokmas, `owed` of it is tax withheld before;
    `received_on` None: no money in."""
    faults = []
    if received_on is None:
        faults.append(
            gettext("Belum ada uang yang diterima. Kuitansi dicatat sesudah uang masuk rekening.")
        )
    faults += day_faults(paid_on, gettext("kuitansi"), "paid_on", today=today, earliest=received_on)
    if not supplier.strip():
        faults.append(Reason(gettext("Tulis nama toko atau penerima uang."), "supplier"))
    if not what.strip():
        faults.append(Reason(gettext("Tulis apa yang dibeli atau dibayar."), "what"))
    faults += _amount_faults(amount, tax, cash if received_on else LARGEST, owed)
    if not photo:
        faults.append(Reason(gettext("Foto kuitansinya dulu."), "photo"))
    elif photo_used:
        told = gettext("Foto ini sudah dipakai di kuitansi lain. Foto kuitansi yang benar.")
        faults.append(Reason(told, "photo"))
    return faults


def _amount_faults(amount: int | None, tax: int | None, cash: int, owed: int) -> list[str]:
    """Whether gross and tax make sense, and the money is there: what was withheld is not spent again."""
    faults: list[str] = []
    free = max(0, cash - owed)
    if amount is None or not 0 < amount <= LARGEST:
        faults.append(Reason(gettext("Tulis jumlah kuitansi, lebih dari Rp0."), "amount"))
    elif amount > free:
        words = {"free": show(free), "over": show(amount - free), "owed": show(owed)}
        told = gettext("Uang yang boleh dibelanjakan tinggal %(free)s. Kurang %(over)s.") % words
        if owed:
            told += " " + gettext("Selebihnya, %(owed)s, pajak yang masih harus disetor.") % words
        faults.append(Reason(told, "amount"))
    if tax is None or tax < 0 or amount and tax >= amount:
        told = gettext("Pajak tidak boleh negatif atau sebesar kuitansinya.")
        faults.append(Reason(told, "tax"))
    return faults


@dataclass(frozen=True)
class Spent:
    """A receipt as the rules see it; `line` is the key of its RAB line (0: none)."""

    line: int
    supplier: str
    paid_on: date
    amount: int


def receipt_flags(
    new: Spent, others: Iterable[Spent], *, line_amount: int = 0, threshold: int = 0
) -> list[str]:
    """What is odd about a new receipt beside the `others` of the work; codes of FLAGS.

    `threshold`: payments up to it carry no tax (0: no such limit).
    """
    others = list(others)
    flags = []
    if line_amount:
        so_far = new.amount + sum(other.amount for other in others if other.line == new.line)
        if so_far == line_amount:
            flags.append("sama_dengan_rab")
        elif so_far > line_amount:
            flags.append("lebih_dari_rab")
    if threshold and new.amount <= threshold:
        twins = [
            other.amount
            for other in others
            if other.paid_on == new.paid_on
            and same_words(other.supplier) == same_words(new.supplier)
            and other.amount <= threshold
        ]
        if twins and sum(twins) + new.amount > threshold:
            flags.append("mungkin_dipecah")
    return flags


def tax_flags(*, tax: int, due: int, fits: bool) -> list[str]:
    """What is odd about the tax of a receipt: `due` by the rules, and its kind on its RAB line."""
    flags = [] if tax == due else ["pajak_kurang" if tax < due else "pajak_lebih"]
    return flags if fits else [*flags, "lain_dari_baris"]


def every_line_equals(lines: Mapping[int, int], spent: Mapping[int, int]) -> bool:
    """Whether every RAB line (key: amount) was spent to the rupiah: prices in a market never are."""
    return len(lines) > 1 and all(spent.get(key, 0) == amount for key, amount in lines.items())


def spj_faults(receipts: int, percent: int) -> list[str]:
    """Why an SPJ cannot be sent. What is not spent waits for the next tranche or is returned; once
    all was built (`percent` accepted) there may be nothing left to buy."""
    if receipts or percent >= 100:
        return []
    return [gettext("Belum ada kuitansi untuk pencairan ini. Foto kuitansinya dulu.")]


def left_faults(left: int, stays: int | None, why: str, last: bool) -> list[str]:
    """Why an SPJ cannot be accepted with money left over: receipts and what was returned must make up
    what came in, or the verifier says how much stays with the pokmas, and why. After the last payment
    (`last`) it does not stay: it is returned before the work is closed."""
    if not left or last:
        return []
    faults: list[str] = []
    if stays != left:
        told = gettext("Belum ada kuitansi untuk %s. Tulis jumlah itu bila boleh tetap di pokmas.")
        faults.append(Reason(told % show(left), "stays"))
    if len(why.strip()) < 10:
        told = gettext("Tulis mengapa sisa %s boleh tetap di pokmas, atau kembalikan SPJ-nya.")
        faults.append(Reason(told % show(left), "stays_why"))
    return faults


def clean_ntpn(text: str) -> str:
    """An NTPN as it is kept: capitals, without the blanks and signs that printers put between."""
    return re.sub(r"[\s.\-]", "", text).upper()


def ntpn_faults(ntpn: str, amount: int | None, owed: int) -> list[str]:
    """Whether a tax deposit has its 16-sign number and deposits what is owed, not more."""
    faults: list[str] = []
    ntpn = clean_ntpn(ntpn)
    if not re.fullmatch(r"[0-9A-Z]{16}", ntpn):
        told = gettext("NTPN terdiri dari 16 huruf atau angka. Salin dari bukti setornya.")
        faults.append(Reason(told, "ntpn"))
    elif _made_up(ntpn):
        told = gettext("Nomor itu bukan NTPN. Salin dari bukti setornya, 16 huruf dan angka.")
        faults.append(Reason(told, "ntpn"))
    if amount is None or not 0 < amount <= owed:
        told = gettext("Pajak yang belum disetor %s. Setor paling banyak sebesar itu.")
        faults.append(Reason(told % show(owed), "amount"))
    return faults


def _made_up(ntpn: str) -> bool:
    """Typed to fill the field: few signs over and over, one piece repeated, or a run such as 123...

    The treasury draws an NTPN; all of these together come once in many millions.
    """
    steps = [ord(b) - ord(a) for a, b in zip(ntpn, ntpn[1:], strict=False)]
    return len({*ntpn}) < 5 or ntpn[:8] == ntpn[8:] or max(map(steps.count, (1, -1))) >= 10


# ---- home ------------------------------------------------------------------------------------

# When several things wait, this is the order in which a pokmas should take them.
PRIORITY = (
    "contract.sign",
    "tranche.confirm",
    "report.submit",
    "tranche.request",
    "work.inspect",
    "work.offer",
    "spj.submit",
    "money.return",
)


def interpolate(start: date, end: date, percent: int) -> date:
    """The day by which a share of a term has passed: 0 the first day, 100 the last."""
    return start + timedelta(days=(end - start).days * percent // 100)
