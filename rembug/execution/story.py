"""How a work stands in words: one sentence, the steps 0-50-100, and the next thing to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rembug.core.rupiah import show
from rembug.core.words import day_of, left, short_date
from rembug.execution.rules import TrancheState, WorkState
from rembug.execution.services.standing import Standing
from rembug.people.models import Act, DeskItem
from rembug.planning.path import Stride
from rembug.programs.rulebook import REPORT_STEPS, RuleBook


def sentence(s: Standing) -> str:
    """The state of a work in one or two sentences."""
    told: dict[str, Any] = {
        "pokmas": s.work.pokmas.name,
        "percent": max(s.accepted, 0),
        "paid": show(s.paid),
        "value": show(s.work.value),
    }
    if s.work.state == WorkState.READY:
        if s.work.back_why:
            return _("Kontrak dikembalikan lurah. Kelurahan memperbaikinya.")
        return _("Kontrak sudah siap. Menunggu tanda tangan ketua %(pokmas)s.") % told
    if s.work.state == WorkState.SIGNED:
        return _("Kontrak sudah ditandatangani pokmas. Menunggu persetujuan lurah.")
    if s.work.state == WorkState.RUNNING:
        return _running(s, told)
    if s.work.state == WorkState.INSPECTED:
        return _("Hasil sudah diperiksa pengawas. Menunggu ketua pokmas menyerahkannya.")
    if s.work.state == WorkState.OFFERED:
        return _("Hasil sudah diserahkan pokmas. Menunggu lurah menerimanya.")
    if s.work.state == WorkState.HANDED:
        return _("Pekerjaan selesai dan sudah diterima lurah.") + " " + _leftover(s)
    if s.work.state == WorkState.STOPPED:
        told["percent"] = max(s.accepted, 0)
        return _("Dihentikan pada %(percent)d%% karena tahun anggaran berakhir.") % told + (
            " " + _leftover(s)
        )
    if s.work.ended_on:
        return _("Diakhiri karena tahun anggaran berakhir: %s") % s.work.ended_why
    return _("Pekerjaan selesai, uangnya habis dipertanggungjawabkan, dan sudah ditutup.")


def _running(s: Standing, told: dict[str, Any]) -> str:
    if s.waiting:
        told["waiting"] = s.waiting.percent
        told["tier"] = tier_name(s.book, s.waiting.tier)
        return (
            _("Laporan %(waiting)d%% sedang diperiksa %(tier)s. Uang cair %(paid)s dari %(value)s.")
            % told
        )
    if s.accepted < 0:
        return _("Kontrak berlaku. Kirim laporan pertama sebelum mulai bekerja.")
    if s.expected is None:
        return _("Pekerjaan selesai dikerjakan. Pengawas pokmas perlu memeriksa hasilnya.")
    return _("Pekerjaan berjalan %(percent)d%%. Uang cair %(paid)s dari %(value)s.") % told


def _leftover(s: Standing) -> str:
    if s.undrawn:
        return _("Masih ada uang yang belum diminta. Minta, atau nyatakan tidak dipakai.")
    if s.open_tranches:
        return _("Tinggal SPJ yang belum diterima.")
    if s.cash:
        return _("Sisa uang %s perlu dikembalikan.") % show(s.cash)
    return _("Lurah dapat menutup pekerjaan ini.")


def tier_name(book: RuleBook, tier: str) -> str:
    """The desk a report waits at, as the city's book calls it, in the middle of a sentence."""
    own = next((one.title for one in book.report_steps if one.key == tier), "")
    return own or str(REPORT_STEPS.get(tier, tier)).lower()


def progress(s: Standing) -> list[tuple[str, str, str]]:
    """Rows for the `steps` tag: each stage, whether it is done, and by when or since when."""
    accepted = {r.percent: r for r in s.reports if r.accepted_at}
    rows = []
    for percent in s.book.reports.percents:
        title = f"{percent}%"
        if percent in accepted:
            rows.append(("done", title, short_date(accepted[percent].accepted_at)))
        elif s.waiting and s.waiting.percent == percent:
            rows.append(("now", title, _("diperiksa %s") % tier_name(s.book, s.waiting.tier)))
        else:
            rows.append(_ahead(s, percent))
    return rows


def _ahead(s: Standing, percent: int) -> tuple[str, str, str]:
    due = s.due_of(percent)
    late = due is not None and percent == s.expected and left_days(due) < 0
    note = _("batas %s") % short_date(due) if due else ""
    return ("late" if late else "next", f"{percent}%", note)


def left_days(day: Any) -> int:
    """Days until a day; negative when it has passed."""
    return (day_of(day) - localdate()).days


TRANCHE_CHIPS = {
    TrancheState.PLANNED: "idle",
    TrancheState.RECEIVED: "info",
    TrancheState.ACCOUNTED: "ok",
    TrancheState.WAIVED: "info",
}


def tranche_chip(state: str) -> str:
    """The look of a tranche's state."""
    return TRANCHE_CHIPS.get(state, "wait")  # type: ignore[call-overload]


CHECK_REPORT = (
    lazy("Bandingkan fotonya dengan keadaan sebelumnya."),
    lazy("Periksa laporan"),
    "search",
)
RELEASE = (
    lazy("Pembayarannya ditahan. Lihat apakah penyebabnya sudah beres."),
    lazy("Buka penahanan"),
    "stop",
)
# act: (why or how, the button, its icon). What to do is the title of the waiting item.
STEPS: dict[str, tuple[Any, Any, str]] = {
    "meeting.hold": (
        lazy("Berapa yang hadir, apa yang diputuskan, apa yang ditunda."),
        lazy("Catat hasil rembug"),
        "pencil",
    ),
    **{
        f"meeting.sign.{role}": (lazy("Baca dulu isinya."), lazy("Buka notulen"), "seal")
        for role in ("rt", "secretary", "rw", "kelurahan")
    },
    "proposal.submit": (
        lazy("Lengkapi kegiatan dan rincian biayanya, lalu kirim."),
        lazy("Buka usulan"),
        "list",
    ),
    "contract.sign": (
        lazy("Ringkasannya satu halaman: apa, berapa, sampai kapan."),
        lazy("Baca kontrak"),
        "doc",
    ),
    "contract.approve": (
        lazy("Sesudah disetujui, uangnya terikat dan pokmas boleh mulai."),
        lazy("Periksa kontrak"),
        "doc",
    ),
    "tranche.bill": (
        lazy("Pokmas meminta uang dan semua syaratnya sudah terpenuhi."),
        lazy("Buka permintaan"),
        "money",
    ),
    "tranche.verify": (
        lazy("Cocokkan nomor, jumlah, dan rekeningnya."),
        lazy("Periksa SPP"),
        "search",
    ),
    "tranche.order": (
        lazy("PPK-Keuangan sudah memeriksa."),
        lazy("Buka permintaan"),
        "money",
    ),
    "tranche.pay": (
        lazy("SPM sudah terbit."),
        lazy("Buka permintaan"),
        "money",
    ),
    "spj.verify": (
        lazy("Cocokkan setiap kuitansi dengan fotonya."),
        lazy("Periksa SPJ"),
        "search",
    ),
    "report.verify.kelurahan": CHECK_REPORT,
    "report.verify.kecamatan": CHECK_REPORT,
    "report.verify.city": CHECK_REPORT,
    "pokmas.form": (
        lazy("Camat mengembalikannya. Baca alasannya, perbaiki, kirim lagi."),
        lazy("Perbaiki pokmas"),
        "undo",
    ),
    "contract.prepare": (
        lazy("Pilih pokmas, tanggal, dan titik foto."),
        lazy("Siapkan kontrak"),
        "doc",
    ),
    "report.submit": (
        lazy("Satu foto di setiap titik dan satu kalimat. Kira-kira 5 menit."),
        lazy("Ambil foto"),
        "camera",
    ),
    "tranche.request": (
        lazy("Semua syarat sudah terpenuhi."),
        lazy("Minta uang"),
        "money",
    ),
    "tranche.confirm": (
        lazy("Lihat buku rekening pokmas, lalu tulis tanggalnya."),
        lazy("Catat uang masuk"),
        "money",
    ),
    "spj.submit": (
        lazy("Setiap belanja satu kuitansi. Kalau sudah lengkap, ajukan."),
        lazy("Buka SPJ"),
        "list",
    ),
    "money.tax": (
        lazy("Uang berikutnya tertahan sampai pajak ini disetor."),
        lazy("Catat setoran pajak"),
        "money",
    ),
    "work.inspect": (
        lazy("Ukur sendiri di lapangan, lalu tulis hasilnya."),
        lazy("Isi berita acara"),
        "check",
    ),
    "work.offer": (
        lazy("Pengawas sudah memeriksa hasilnya."),
        lazy("Serahkan hasil"),
        "send",
    ),
    "work.receive": (
        lazy("Sesudah diterima, hasilnya menjadi tanggungan kelurahan."),
        lazy("Periksa serah terima"),
        "check",
    ),
    "money.return": (
        lazy("Setor semua sisa ke kas daerah, lalu catat nomor STS."),
        lazy("Catat setoran sisa"),
        "money",
    ),
    "money.receive_return": (
        lazy("Cocokkan dengan rekening kas daerah."),
        lazy("Periksa setoran"),
        "money",
    ),
    "work.release.kelurahan": RELEASE,
    "work.release.kecamatan": RELEASE,
    "work.release.city": RELEASE,
    "work.end": (
        lazy(
            "Yang belum dibayar kembali ke pagu. Sesudah itu pekerjaan dapat dibereskan dan ditutup."
        ),
        lazy("Akhiri pekerjaan"),
        "stop",
    ),
    "work.close": (
        lazy("Semua SPJ diterima dan uangnya habis."),
        lazy("Tutup pekerjaan"),
        "lock",
    ),
}


def step_of(item: DeskItem) -> dict[str, Any]:
    """What a waiting item asks for, in words, with its button. Unknown acts show their own title."""
    why, button, icon = STEPS.get(item.act, ("", _("Buka"), "arrow"))
    # The item's own words say which stage or payment it is.
    own, _colon, about = item.said.partition(": ")
    known = item.act in STEPS
    return {
        "title": own if known else item.said,
        "about": about if known else "",
        "why": why,
        "button": button,
        "icon": icon,
        "path": item.path,
        "due": item.due_on,
        "late": bool(item.due_on and left_days(item.due_on) < 0),
        "left": left(item.due_on) if item.due_on else "",
        "amount": item.amount,
        "act": item.act,
        "unit": item.about_unit,
    }


def step_of_planning(stride: Stride) -> dict[str, Any]:
    """The next step on the path of planning, told like one that lies on the desk."""
    return {
        "title": stride.title,
        "about": "",
        "why": stride.why,
        "button": stride.button,
        "icon": stride.icon,
        "path": stride.path,
        "due": None,
        "late": False,
        "left": "",
        "amount": 0,
        "act": stride.act,
        "unit": stride.unit,
    }


# What an act in the record is called in a list of what happened.
DEEDS: dict[str, Any] = {
    "pokmas.formed": lazy("Pokmas dibentuk"),
    "pokmas.confirmed": lazy("Pokmas disahkan camat"),
    "pokmas.returned": lazy("Pokmas dikembalikan camat"),
    "pokmas.mended": lazy("Pokmas diperbaiki kelurahan"),
    "contract.prepared": lazy("Kontrak disiapkan"),
    "contract.signed": lazy("Kontrak ditandatangani pokmas"),
    "contract.approved": lazy("Kontrak disetujui lurah"),
    "contract.returned": lazy("Kontrak dikembalikan"),
    "tranche.requested": lazy("Pencairan diminta"),
    "tranche.billed": lazy("SPP dibuat"),
    "tranche.verified": lazy("SPP diperiksa"),
    "tranche.ordered": lazy("SPM diterbitkan"),
    "tranche.paid": lazy("SP2D diterbitkan"),
    "tranche.received": lazy("Uang masuk rekening pokmas"),
    "tranche.sent_back": lazy("Permintaan uang dikembalikan"),
    "tranche.waived": lazy("Pencairan tidak dipakai, kembali ke pagu"),
    "tranche.order_taken_back": lazy("SPM dibatalkan"),
    "tranche.pay_taken_back": lazy("SP2D dibatalkan, uang kembali ke kas daerah"),
    "tranche.lapsed": lazy("Tidak dibayar sampai akhir tahun, kembali ke pagu"),
    "tranche.cut": lazy("Pencairan dikurangi, volume kurang"),
    "work.ended": lazy("Diakhiri karena tahun anggaran berakhir"),
    "activity.lapsed": lazy("Uangnya kembali ke pagu, tidak dikontrak"),
    "receipt.added": lazy("Kuitansi disimpan"),
    "receipt.voided": lazy("Kuitansi dibatalkan"),
    "tax.deposited": lazy("Pajak disetor"),
    "spj.submitted": lazy("SPJ diajukan"),
    "spj.accepted": lazy("SPJ diterima"),
    "spj.returned": lazy("SPJ dikembalikan"),
    "report.submitted": lazy("Laporan dikirim"),
    "report.verified.kelurahan": lazy("Laporan disetujui kelurahan"),
    "report.verified.kecamatan": lazy("Laporan disetujui kecamatan"),
    "report.verified.city": lazy("Laporan disetujui kota"),
    "report.returned": lazy("Laporan dikembalikan"),
    "work.inspected": lazy("Hasil diperiksa pengawas (BAHP)"),
    "work.offered": lazy("Hasil diserahkan pokmas"),
    "work.received": lazy("Hasil diterima lurah (BAST)"),
    "work.refused": lazy("Hasil diminta diperbaiki"),
    "money.returned": lazy("Sisa uang disetor"),
    "return.received": lazy("Sisa uang diterima kas daerah"),
    "return.refused": lazy("Setoran sisa dikembalikan"),
    "work.closed": lazy("Pekerjaan ditutup"),
    "work.held": lazy("Pembayaran ditahan"),
    "work.released": lazy("Penahanan dilepas"),
    "comment.added": lazy("Tanggapan warga"),
    "comment.answered": lazy("Tanggapan dijawab"),
    "comment.hidden": lazy("Tanggapan disembunyikan"),
}


def told(line: Iterable[Act]) -> list[Act]:
    """Lines of the record with their words (`told`), and the stage or payment they are about."""
    rows = list(line)
    for row in rows:
        words = str(DEEDS.get(row.act, row.act))
        if "percent" in row.detail:
            words += f", {row.detail['percent']}%"
        elif row.act.startswith(("tranche.", "spj.")) and "number" in row.detail:
            words += f", {row.detail['number']}"
        if row.detail.get("outside"):
            words += _(", di luar jadwal %s") % row.detail["outside"]
        if late := row.detail.get("late"):
            words += _(" (dicatat %d hari kerja sesudah tanggal suratnya)") % late
        if row.detail.get("rest_day"):
            words += _(" (bertanggal hari libur)")
        row.told = words  # type: ignore[attr-defined]
    return rows
