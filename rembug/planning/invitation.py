"""The invitation to a meeting as it leaves the house: a message for WhatsApp, and a letter."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.utils.translation import gettext as _

from rembug.core.pdf import render
from rembug.core.words import clock, full_date
from rembug.people.models import Office
from rembug.planning.models import Meeting
from rembug.planning.rules import agenda_points
from rembug.regions.models import UnitKind

TEMPLATE = Path(__file__).parent / "papers" / "undangan.typ"
# What a link may hold on an old phone; an agenda is cut there, never the day and the place.
LONGEST_SHARED = 1500


def invitation_text(meeting: Meeting) -> str:
    """The invitation as one sends it to the neighbours."""
    agenda = agenda_points(meeting.agenda)
    lines = [
        _("*Undangan rembug warga %s*") % meeting.unit.label,
        meeting.title,
        "",
        _("Hari: %s") % full_date(meeting.at),
        _("Jam: %s") % clock(meeting.at),
        _("Tempat: %s") % meeting.place,
        *([_("Yang dibahas:")] if agenda else []),
        *(f"{nth}. {point}" for nth, point in enumerate(agenda, 1)),
    ]
    return "\n".join(lines)[:LONGEST_SHARED]


def share_link(meeting: Meeting) -> str:
    """Opens WhatsApp with the invitation written; the person chooses to whom."""
    return f"https://wa.me/?text={quote(invitation_text(meeting))}"


def invitation_pdf(meeting: Meeting, address: str) -> bytes:
    """The invitation as a letter. `address` is the public page of the RT, printed below."""
    unit = meeting.unit
    role = "rw_head" if unit.kind == UnitKind.RW else "rt_head"
    head = Office.objects.filter(unit=unit, role=role).order_by("-starts_on")
    caller = head.filter(person=meeting.called_by).first()
    data = {
        "lang": "id",
        "title": _("Undangan Rembug Warga"),
        "place_name": unit.label,
        "above": meeting.city.name,
        "opening": _("Kepada Bapak/Ibu warga %s, kami mengundang untuk hadir pada:") % unit.label,
        "facts": [
            (_("Perihal"), meeting.title),
            (_("Hari, tanggal"), full_date(meeting.at)),
            (_("Jam"), clock(meeting.at)),
            (_("Tempat"), meeting.place),
        ],
        "agenda_title": _("Yang dibahas"),
        "agenda": agenda_points(meeting.agenda),
        "closing": _("Mohon hadir. Keputusan rembug menjadi dasar usulan %d.") % meeting.year,
        "signed_as": caller.title if caller else "",
        "signed_by": meeting.called_by.name,
        "footer": address,
    }
    return render(TEMPLATE, data)
