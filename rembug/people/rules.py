"""What an office may do. The titles of these roles are a city's own (`City.role_titles`)."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason
from rembug.regions.models import UnitKind

# role: (territory it is held at, plain title)
ROLE_SEATS: dict[str, tuple[str, object]] = {
    "rt_head": (UnitKind.RT, _("Ketua RT")),
    "rt_secretary": (UnitKind.RT, _("Sekretaris RT")),
    "rw_head": (UnitKind.RW, _("Ketua RW")),
    "pokmas_head": (UnitKind.KELURAHAN, _("Ketua pokmas")),
    "pokmas_secretary": (UnitKind.KELURAHAN, _("Sekretaris pokmas")),
    "pokmas_treasurer": (UnitKind.KELURAHAN, _("Bendahara pokmas")),
    "pokmas_supervisor": (UnitKind.KELURAHAN, _("Pengawas pokmas")),
    "facilitator": (UnitKind.KELURAHAN, _("Tenaga pendamping")),
    "ekbang": (UnitKind.KELURAHAN, _("Kasi Ekbang")),
    "lurah": (UnitKind.KELURAHAN, _("Lurah")),
    "ppk": (UnitKind.KELURAHAN, _("PPK-Keuangan")),
    "treasurer": (UnitKind.KELURAHAN, _("Bendahara pengeluaran pembantu")),
    "kecamatan_team": (UnitKind.KECAMATAN, _("Tim koordinasi kecamatan")),
    "camat": (UnitKind.KECAMATAN, _("Camat")),
    "planning_office": (UnitKind.CITY, _("Tim verifikasi usulan kota")),
    "technical_office": (UnitKind.CITY, _("OPD teknis, RAB dan gambar")),
    "finance_office": (UnitKind.CITY, _("Pejabat keuangan daerah (BUD)")),
    "government_office": (UnitKind.CITY, _("Bagian Pemerintahan")),
    "monitoring_office": (UnitKind.CITY, _("Tim monitoring kota")),
    "mayor": (UnitKind.CITY, _("Wali Kota")),
    "auditor": (UnitKind.CITY, _("Inspektorat")),
}

# Reading inside the house, without changing anything.
READ = {"desk.read", "plan.read", "work.read"}

ROLES: dict[str, set[str]] = {
    "rt_head": READ
    | {"meeting.call", "meeting.hold", "meeting.sign.rt", "list.edit", "proposal.edit"}
    | {"proposal.submit"},
    "rt_secretary": READ | {"meeting.hold", "meeting.sign.secretary", "list.edit", "proposal.edit"},
    "rw_head": READ
    | {"meeting.sign.rw", "proposal.verify.rw"}
    # For its own RW, where the city has a programme whose money the RW holds.
    | {"meeting.call", "meeting.hold", "list.edit", "proposal.edit", "proposal.submit"},
    "pokmas_head": READ
    | {"contract.sign", "tranche.request", "report.submit", "receipt.add", "spj.submit"}
    | {"work.offer", "money.return", "comment.answer"}
    | {"tranche.waive"},
    "pokmas_secretary": READ | {"report.submit", "receipt.add"},
    "pokmas_treasurer": READ
    | {"tranche.request", "tranche.confirm", "receipt.add", "spj.submit", "money.return"}
    | {"report.submit", "money.tax"},
    "pokmas_supervisor": READ | {"work.inspect"},
    "facilitator": READ | {"comment.answer"},
    "ekbang": READ
    | {"proposal.verify.kelurahan", "report.verify.kelurahan", "pokmas.form"}
    | {"comment.answer", "contract.prepare"},
    "lurah": READ
    | {"contract.approve", "tranche.order", "work.receive", "work.close", "comment.answer"}
    | {"comment.hide", "person.reset", "work.hold", "work.release.kelurahan"}
    | {"meeting.sign.kelurahan"}
    | {"work.end"},
    "ppk": READ
    | {"tranche.verify", "spj.verify", "money.receive_return"}
    | {"tranche.take_back_pay"},
    "treasurer": READ | {"tranche.bill"},
    "kecamatan_team": READ
    | {"proposal.verify.kecamatan", "report.verify.kecamatan", "work.hold"}
    | {"work.release.kelurahan", "work.release.kecamatan"},
    "camat": READ | {"pokmas.confirm", "office.appoint", "person.reset", "comment.answer"},
    "planning_office": READ | {"proposal.verify.city", "proposal.budget"},
    "technical_office": READ | {"proposal.verify.technical"},
    "finance_office": READ
    | {"tranche.pay", "year.fund"}
    | {"tranche.take_back_order", "tranche.take_back_pay"},
    "government_office": READ | {"year.open", "year.close", "office.appoint", "person.reset"},
    "monitoring_office": READ
    | {"report.verify.city", "comment.answer", "work.hold"}
    | {"work.release.kelurahan", "work.release.kecamatan", "work.release.city"},
    "mayor": READ | {"year.watch"},
    "auditor": READ | {"audit.read"},
}

# Rights that end at the office's own unit: the head of an RW plans for the RW, never in place of its RT.
OWN = {
    "meeting.call",
    "meeting.hold",
    "meeting.sign.rt",
    "meeting.sign.secretary",
    "list.edit",
    "proposal.edit",
    "proposal.submit",
}

PROPOSAL_TIERS = ("rw", "kelurahan", "kecamatan", "city", "technical")
WROTE = {"proposal.submitted", "proposal.changed"}

# Offices that answer for the same thing must be different persons, whatever they are appointed to.
# For each act: acts on the same thread (activity or proposal) whose author may not do it.
SEPARATE: dict[str, set[str]] = {
    # Whoever wrote a proposal or let it pass at one desk judges it at no other, in whatever order they stand.
    **{
        f"proposal.verify.{tier}": WROTE
        | {f"proposal.verified.{other}" for other in PROPOSAL_TIERS if other != tier}
        for tier in PROPOSAL_TIERS
    },
    "proposal.budget": WROTE,
    "contract.approve": {"proposal.submitted", "contract.prepared", "contract.signed"},
    "tranche.bill": {"tranche.requested"},
    "tranche.verify": {"tranche.requested", "tranche.billed"},
    "tranche.order": {"tranche.requested", "tranche.billed", "tranche.verified"},
    "tranche.pay": {"tranche.requested", "tranche.billed", "tranche.verified", "tranche.ordered"},
    # Nobody undoes their own paper: the one who made it is not the one who says it was wrong.
    "tranche.take_back_order": {"tranche.ordered"},
    "tranche.take_back_pay": {"tranche.paid"},
    "report.verify.kelurahan": {"report.submitted"},
    "report.verify.kecamatan": {"report.submitted", "report.verified.kelurahan"},
    "report.verify.city": {"report.submitted", "report.verified.kecamatan"},
    "work.inspect": {"report.submitted", "receipt.added"},
    "work.receive": {"work.inspected", "work.offered"},
    "spj.verify": {"spj.submitted", "receipt.added"},
    "money.receive_return": {"money.returned"},
}


def holders(act: str) -> set[str]:
    """The roles that carry an act."""
    return {role for role, acts in ROLES.items() if act in acts}


def seat_of(act: str) -> str:
    """The kind of unit whose office does an act: where its desk stands."""
    kinds = {str(ROLE_SEATS[role][0]) for role in holders(act)}
    return max(kinds, key=["city", "kecamatan", "kelurahan", "rw", "rt"].index)


# Offices one person may not hold together at one place: who decides, who checks, who pays.
INCOMPATIBLE = [{"lurah", "treasurer"}, {"lurah", "ppk"}, {"treasurer", "ppk"}]
# Plt fills an empty seat; Plh stands in for a while beside an officer who stays in office.
ACTING = {"": _("Tetap"), "Plt": "Plt", "Plh": "Plh"}


def appointment_faults(
    *,
    role: str,
    unit_kind: str,
    decree_no: str,
    decree_on: date | None,
    starts_on: date | None,
    ends_on: date | None,
    today: date,
    held: set[str],
    himself: bool,
    acting: str = "",
) -> list[str]:
    """Every reason to refuse an appointment, worded for the officer who enters it.

    `held` are the roles the person has at this place on any day of the new appointment.
    """
    faults: list[str] = []
    # An office inside a pokmas comes with that pokmas; without one it would act for all of them.
    if (
        role not in ROLE_SEATS
        or role.startswith("pokmas_")
        or str(ROLE_SEATS[role][0]) != unit_kind
    ):
        faults.append(gettext("Jabatan ini tidak ada di wilayah itu. Pilih wilayah yang sesuai."))
    if not decree_no.strip():
        told = gettext("Tulis nomor SK. Tanpa SK jabatan tidak berlaku.")
        faults.append(Reason(told, "decree_no"))
    if decree_on is None or decree_on > today:
        faults.append(Reason(gettext("Tulis tanggal SK, paling akhir hari ini."), "decree_on"))
    if starts_on is None:
        faults.append(Reason(gettext("Tulis tanggal mulai menjabat."), "starts_on"))
    elif starts_on < today - timedelta(days=366):
        told = gettext("Tanggal mulai lebih dari setahun lalu. Periksa tahunnya.")
        faults.append(Reason(told, "starts_on"))
    if starts_on and ends_on and ends_on < starts_on:
        faults.append(Reason(gettext("Tanggal berakhir mendahului tanggal mulai."), "ends_on"))
    if acting == "Plh" and ends_on is None:
        told = gettext("Plh hanya sementara. Tulis tanggal berakhirnya.")
        faults.append(Reason(told, "ends_on"))
    for pair in INCOMPATIBLE:
        if role in pair and held & (pair - {role}):
            faults.append(
                gettext("Satu orang tidak boleh sekaligus memutuskan, memeriksa, dan membayar.")
            )
            break
    if himself:
        faults.append(gettext("Anda tidak dapat mengangkat diri sendiri."))
    return faults


def ending_faults(
    *, last_day: date | None, why: str, starts_on: date, ends_on: date | None, today: date
) -> list[str]:
    """Why an office cannot end on that day. Yesterday closes it at once; what was done before stays done."""
    faults = []
    if last_day is None or last_day < today - timedelta(days=1):
        faults.append(gettext("Tulis hari terakhir menjabat, paling awal kemarin."))
    elif last_day < starts_on:
        faults.append(gettext("Hari terakhir mendahului tanggal mulai menjabat."))
    elif ends_on and last_day > ends_on:
        faults.append(
            gettext("SK ini sudah berakhir lebih dulu. Untuk memperpanjang, catat SK baru.")
        )
    if not why.strip():
        faults.append(gettext("Tulis nomor SK pemberhentian atau sebabnya."))
    return faults


def login_faults(login: str, name: str) -> list[str]:
    """Why somebody cannot get this login name: it must be typed without doubt on every phone."""
    faults = []
    if not name.strip() or len(name.strip()) > 120:
        faults.append(gettext("Tulis nama lengkapnya, paling banyak 120 huruf."))
    if not re.fullmatch("[a-z0-9._-]{1,60}", login):
        faults.append(
            gettext(
                "Nama masuk hanya huruf a sampai z, angka, titik, dan tanda hubung. Contoh: rt03.rw05.gayam."
            )
        )
    return faults
