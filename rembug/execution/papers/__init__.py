"""The contract, the inspection (BAHP) and the handover (BAST) on paper, in the order offices know.

Papers are always in Indonesian: they are signed under Indonesian law.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from rembug.core.pdf import render
from rembug.core.rupiah import show
from rembug.core.words import full_date, number, short_moment
from rembug.execution.models import Work
from rembug.execution.rules import WorkState
from rembug.execution.services.standing import Standing, standing
from rembug.people.models import Act
from rembug.programs.rulebook import gate_title
from rembug.programs.rules import tranche_amounts
from rembug.regions.models import Unit, UnitKind

TEMPLATE = Path(__file__).with_name("surat.typ")


def answer(content: bytes, name: str) -> HttpResponse:
    """A PDF for the browser to show."""
    found = HttpResponse(content, content_type="application/pdf")
    found["Content-Disposition"] = f'inline; filename="{name}"'
    return found


def contract(work: Work) -> bytes:
    """The contract between the lurah and the pokmas: parties, work, money, term, duties, photo points."""
    with translation.override("id"):
        return render(TEMPLATE, _contract(standing(work)))


def inspection(work: Work) -> bytes:
    """The inspection (BAHP): what the supervisor measured against what was agreed."""
    with translation.override("id"):
        s = standing(work)
        facts = [
            *_object(s),
            (_("Volume dalam kontrak"), s.activity.volume or "-"),
            (_("Hasil ukur"), work.measured),
            (_("Kemajuan disetujui"), f"{max(s.accepted, 0)}%"),
        ]
        opening = _(
            "Pada %(day)s pengawas pokmas memeriksa hasil pekerjaan di tempat dan mengukurnya sendiri."
        ) % {"day": full_date(work.inspected_on or work.starts_on)}  # type: ignore[arg-type]
        told = _paper(
            work,
            _("Berita Acara Hasil Pemeriksaan"),
            work.inspection_no,
            opening,
            [_part(_("Hasil pemeriksaan"), facts=facts)],
            ["work.inspected"],
        )
        return render(TEMPLATE, told)


def handover(work: Work) -> bytes:
    """The handover (BAST): the pokmas gives the result, the lurah takes it."""
    with translation.override("id"):
        s = standing(work)
        opening = _(
            "Pada %(day)s %(pokmas)s menyerahkan hasil pekerjaan di bawah ini, dan lurah menerimanya "
            "dalam keadaan baik."
        ) % {"day": full_date(work.handed_on or work.ends_on), "pokmas": work.pokmas.name}  # type: ignore[arg-type]
        told = _paper(
            work,
            _("Berita Acara Serah Terima"),
            work.handover_no,
            opening,
            [_part(_("Yang diserahkan"), facts=handed_over(s))],
            ["work.offered", "work.received"],
        )
        return render(TEMPLATE, told)


def handed_over(s: Standing) -> list[tuple[str, str]]:
    """The result, and the money that was needed for it."""
    facts = [
        *_object(s),
        (_("Hasil ukur"), s.work.measured),
        (_("Dasar pemeriksaan"), _("BAHP %s") % s.work.inspection_no),
        (_("Uang diterima pokmas"), show(s.paid)),
    ]
    if s.waived:
        facts.append((_("Tidak dipakai, kembali ke pagu"), show(s.waived)))
    return facts


def _contract(s: Standing) -> dict[str, Any]:
    work = s.work
    opening = _(
        "Lurah dan ketua %(pokmas)s sepakat: pokmas mengerjakan sendiri kegiatan di bawah ini bersama "
        "warga (swakelola), dengan uang dan aturan yang tertulis di sini."
    ) % {"pokmas": work.pokmas.name}
    parts = [
        _part(_("1. Para pihak"), facts=_parties(work)),
        _part(_("2. Pekerjaan"), facts=_object(s)),
        _part(
            _("3. Jangka waktu"),
            facts=[
                (_("Mulai"), full_date(work.starts_on)),  # type: ignore[arg-type]
                (_("Selesai paling lambat"), full_date(work.ends_on)),  # type: ignore[arg-type]
            ],
        ),
        _part(_("4. Pembayaran"), **_payments(s)),
        _part(_("5. Kewajiban pokmas"), lines=duties(s)),
        _part(_("6. Hak pokmas"), lines=rights()),
        _part(
            _("7. Titik foto"),
            facts=[(_("Titik %s") % p.label, p.note) for p in work.points.all()],
        ),
        _part(_("8. Rencana anggaran biaya"), **_costs(s)),
    ]
    return _paper(
        work,
        _("Kontrak Swakelola"),
        work.contract_no,
        opening,
        parts,
        ["contract.signed", "contract.approved"],
    )


def duties(s: Standing) -> list[str]:
    """What the pokmas promises, in plain words; shown before signing and printed."""
    percents = ", ".join(f"{percent}%" for percent in s.book.reports.percents)
    return [
        _("Mengerjakan sendiri pekerjaan utama; tidak menyerahkannya kepada pihak lain."),
        _("Mengirim laporan %s dengan foto dari setiap titik foto.") % percents,
        _("Menyimpan dan memotret setiap kuitansi, lalu mengajukan SPJ paling lama %d hari kerja.")
        % s.book.spj_days,
        _("Menyetor pajak yang dipotong dan mencatat bukti setornya."),
        _("Mengembalikan semua sisa uang ke kas daerah. Tidak mengambil keuntungan."),
    ]


def rights() -> list[str]:
    """What the pokmas may expect."""
    return [
        _("Menerima uang di rekening atas nama pokmas, tanpa potongan selain pajak."),
        _("Mendapat jawaban atas laporan dan SPJ dalam batas waktu setiap meja pemeriksa."),
        _("Dibantu kelurahan dan pendamping tanpa biaya."),
    ]


def _parties(work: Work) -> list[tuple[str, str]]:
    kelurahan = Unit.objects.get(city_id=work.city_id, code=work.unit.above(UnitKind.KELURAHAN))
    head = work.pokmas.sitting.filter(role="head").first()
    return [
        (_("Pihak pertama"), _("Lurah, %s") % kelurahan.label),
        (_("Pihak kedua"), f"{head.name if head else '-'}, {_('ketua')} {work.pokmas.name}"),
        (_("SK pokmas"), work.pokmas.decree_no),
        (
            _("Rekening"),
            f"{work.pokmas.bank} {work.pokmas.account_no}, {work.pokmas.account_holder}",
        ),
    ]


def _object(s: Standing) -> list[tuple[str, str]]:
    activity = s.activity
    return [
        (pgettext("satu", "Kegiatan"), activity.name),
        (_("Tempat"), ", ".join(filter(None, [activity.place, activity.unit.label]))),
        (_("Pelaksana"), s.work.pokmas.name),
        (_("Kontrak"), s.work.contract_no),
        (_("Nilai"), show(s.work.value)),
    ]


def _payments(s: Standing) -> dict[str, Any]:
    amounts = tranche_amounts(s.book, s.work.value)
    rows = [
        [
            "; ".join(gate_title(gate) for gate in tranche.gates) or "-",
            f"{number(tranche.percent)}%",
            show(amount),
        ]
        for tranche, amount in zip(s.book.tranches, amounts, strict=True)
    ]
    return {"head": [_("Syarat pencairan"), _("Bagian"), _("Jumlah")], "rows": rows}


def _costs(s: Standing) -> dict[str, Any]:
    rows = [
        [line.name, f"{number(line.volume_milli / 1000, 3)} {line.measure}", show(line.amount)]
        for line in s.activity.lines.all()
    ]
    rows.append([_("Jumlah"), "", show(s.activity.cost)])
    return {"head": [_("Uraian"), _("Volume"), _("Biaya")], "rows": rows}


def _part(title: str, **given: Any) -> dict[str, Any]:
    return {"title": title, "facts": [], "lines": [], "head": [], "rows": []} | given


def _paper(
    work: Work, title: str, no: str, opening: str, parts: list[dict], acts: list[str]
) -> dict[str, Any]:
    kelurahan = Unit.objects.get(city_id=work.city_id, code=work.unit.above(UnitKind.KELURAHAN))
    return {
        "title": title,
        "number": _("Nomor %s") % no,
        "place": f"{kelurahan.label}, {work.city.name}",
        "opening": opening,
        "parts": parts,
        "signatures": [_signature(work, act) for act in acts],
        "footer": f"{work.city.name} · {no}",
        "words": {
            "page": _("Halaman"),
            "signatures": _("Tanda tangan"),
            "unsigned": _("belum ditandatangani"),
            "electronic": _(
                "Ditandatangani secara elektronik. Kode di bawah nama adalah sidik baris catatan kota."
            ),
        },
    }


# Whose signature stands under a paper that is not signed yet.
SIGNERS = {
    "contract.signed": lazy("Ketua pokmas"),
    "contract.approved": lazy("Lurah"),
    "work.inspected": lazy("Pengawas pokmas"),
    "work.offered": lazy("Ketua pokmas"),
    "work.received": lazy("Lurah"),
}


def _signature(work: Work, act: str) -> dict[str, str]:
    """Who did the act last, in which office and when: the line of the record is the signature."""
    found = (
        Act.objects.filter(city_id=work.city_id, about=work.about, act=act)
        .select_related("actor", "office__unit", "office__city")
        .order_by("-id")
        .first()
    )
    if found is None or found.actor is None or not _stands(work, act):
        return {"office": str(SIGNERS[act]), "name": "", "at": "", "code": ""}
    office = found.office.title if found.office else str(SIGNERS[act])
    return {
        "office": office,
        "name": found.actor.name,
        "at": short_moment(found.at),
        "code": found.code,
    }


def _stands(work: Work, act: str) -> bool:
    """Whether a signature still counts: a contract given back must be signed anew."""
    if act == "contract.signed":
        return work.state != WorkState.READY
    return True
