"""The minutes of a meeting as a paper: columns as the programme's form asks, names in an annex."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from rembug.core.pdf import render
from rembug.core.rupiah import show
from rembug.core.words import clock, full_date, number, short_moment
from rembug.planning.books import book_for, fields_of
from rembug.planning.models import Meeting, MeetingItem
from rembug.planning.rules import SIGNERS, Outcome
from rembug.regions.models import Unit, UnitKind

TEMPLATE = Path(__file__).parent / "papers" / "notulen.typ"


def minutes_pdf(meeting: Meeting, address: str) -> bytes:
    """The minutes as PDF. `address` is the page they are read on, printed in the footer."""
    return render(TEMPLATE, minutes_data(meeting, address))


def minutes_data(meeting: Meeting, address: str) -> dict[str, Any]:
    """Everything the paper says, as words."""
    titles = {
        field.code: field.title for field in fields_of(book_for(meeting.year, meeting.unit.kind))
    }
    items = list(meeting.items.all())
    decided = [one for one in items if one.outcome == Outcome.DECIDED]
    above = Unit.objects.filter(
        code__in=[meeting.unit.above(UnitKind.KELURAHAN), meeting.unit.above(UnitKind.KECAMATAN)]
    ).order_by("-code")
    heading = _("Notulen Rembug Warga")
    return {
        "lang": "id",
        "title": f"{heading} {meeting.unit.label}, {full_date(meeting.at)}",
        "place_name": meeting.unit.label,
        "above": ", ".join([*(unit.label for unit in above), meeting.city.name]),
        "facts": _facts(meeting),
        "decided": [_row(nth, one, titles) for nth, one in enumerate(decided, 1)],
        "total": show(sum(one.cost for one in decided)),
        "deferred": [
            [str(nth), titles.get(one.field, one.field), one.title, one.reason]
            for nth, one in enumerate(_only(items, Outcome.DEFERRED), 1)
        ],
        "discussed": [
            _row(nth, one, titles) for nth, one in enumerate(_only(items, Outcome.DISCUSSED), 1)
        ],
        "notes": meeting.notes,
        "signatures": _signatures(meeting),
        "attendance": _attendance(meeting),
        "names": [
            [str(nth), one.name, {"m": "L", "f": "P"}.get(one.sex, "")]
            for nth, one in enumerate(meeting.attendances.all(), 1)
        ],
        "footer": f"{_('Sidik isi')} {meeting.minutes_digest[:16] or '-'} · {address}",
        "words": _words(heading),
    }


def _only(items: list[MeetingItem], outcome: str) -> list[MeetingItem]:
    return [one for one in items if one.outcome == outcome]


def _facts(meeting: Meeting) -> list[tuple[str, str]]:
    when = f"{full_date(meeting.at)}, {clock(meeting.at)}"
    facts = [
        (_("Perihal"), meeting.title),
        (_("Hari, tanggal"), when),
        (_("Tempat"), meeting.place),
        (_("Tahun anggaran"), str(meeting.year)),
    ]
    return facts + [(_("Acara"), meeting.agenda)] if meeting.agenda else facts


def _row(nth: int, item: MeetingItem, titles: dict[str, str]) -> list[str]:
    cost = show(item.cost) if item.cost else "-"
    return [str(nth), titles.get(item.field, item.field), item.title, item.volume or "-", cost]


def _signatures(meeting: Meeting) -> list[dict[str, str]]:
    standing = meeting.signatures.filter(lapsed_at=None)
    signed = {one.role: one for one in standing.select_related("person", "office__city")}
    places = []
    for role, title in SIGNERS[meeting.unit.kind].items():
        one = signed.get(role)
        places.append(
            {
                "office": one.office.title if one else str(title),
                "name": one.person.name if one else "",
                "at": short_moment(one.at) if one else "",
                "code": one.digest[:16] if one else "",
            }
        )
    return places


def _attendance(meeting: Meeting) -> str:
    told = {
        "present": number(meeting.present),
        "men": number(meeting.men),
        "women": number(meeting.women),
    }
    sentence = _("Hadir %(present)s orang: %(men)s laki-laki, %(women)s perempuan.") % told
    return f"{sentence} {meeting.count_reason}".strip()


def _words(heading: str) -> dict[str, Any]:
    head = [_("No."), _("Bidang"), _("Uraian"), _("Volume dan satuan"), _("Rencana biaya")]
    return {
        "heading": heading,
        "page": _("halaman"),
        "decided": _("Yang diputuskan"),
        "decided_head": head,
        "deferred": _("Yang ditunda"),
        "deferred_head": [_("No."), _("Bidang"), _("Uraian"), _("Alasan")],
        "discussed": _("Yang dibahas"),
        "notes": _("Catatan"),
        "none": _("Tidak ada."),
        "total": _("Jumlah"),
        "signatures": _("Tanda tangan"),
        "unsigned": _("belum ditandatangani"),
        "electronic": _(
            "Ditandatangani secara elektronik di Rembug. Kode di bawah nama adalah sidik isi notulen."
        ),
        "attendance": _("Lampiran: daftar hadir"),
        "names_head": [_("No."), _("Nama"), _("L/P")],
    }
