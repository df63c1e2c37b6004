"""What an office may do. The titles of these roles are a city's own (`City.role_titles`)."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason
from rembug.core.roster import hides_number
from rembug.regions.models import UnitKind, reaches

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
    "government_office": READ
    | {"year.open", "year.close", "office.appoint", "office.confirm", "person.reset"},
    "monitoring_office": READ
    | {"report.verify.city", "comment.answer", "work.hold"}
    | {"work.release.kelurahan", "work.release.kecamatan", "work.release.city"},
    "mayor": READ | {"year.watch", "office.confirm"},
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

# What is checked at desks one after another, and the recorded acts of those who made it. The desks are
# the rights `<thing>.verify.<desk>` of the offices above: a new desk is kept apart without a line here.
AUTHORS: dict[str, set[str]] = {
    "proposal": {"proposal.submitted", "proposal.changed"},
    "report": {"report.submitted"},
}
# How a payment goes from desk to desk: the right, and how the record names it once it is done.
PAYMENT = {
    "tranche.bill": "tranche.billed",
    "tranche.verify": "tranche.verified",
    "tranche.order": "tranche.ordered",
    "tranche.pay": "tranche.paid",
}

# Offices that answer for the same thing must be different persons, whatever they are appointed to.
# For each act: acts on the same thread (activity or proposal) whose author may not do it.
SEPARATE: dict[str, set[str]] = {
    "proposal.budget": AUTHORS["proposal"],
    "contract.approve": {"proposal.submitted", "contract.prepared", "contract.signed"},
    # Nobody sits at two desks of one payment, in whatever order.
    **{
        act: {"tranche.requested"} | (set(PAYMENT.values()) - {done})
        for act, done in PAYMENT.items()
    },
    # Nobody undoes their own paper: the one who made it is not the one who says it was wrong.
    "tranche.take_back_order": {"tranche.ordered"},
    "tranche.take_back_pay": {"tranche.paid"},
    "work.inspect": {"report.submitted", "receipt.added"},
    "work.receive": {"work.inspected", "work.offered"},
    "spj.verify": {"spj.submitted", "receipt.added"},
    "money.receive_return": {"money.returned"},
}


def kept_from(act: str, done: Iterable[tuple[str, str]]) -> bool:
    """Whether what somebody did on a thread keeps them from an act on it.

    `done`: recorded acts with the desk they were done at, empty for none. Whoever made a thing checks
    it nowhere; whoever let it pass, gave it back or refused it at one desk sits at no other. A chain
    that says nothing of its authors raises KeyError: it must not be open to them.
    """
    thing, checked, desk = act.partition(".verify.")
    if not checked:
        return any(code in SEPARATE.get(act, ()) for code, _desk in done)
    authors = AUTHORS[thing]
    back = {f"{thing}.returned", f"{thing}.rejected"}
    for code, at in done:
        passed = code.removeprefix(f"{thing}.verified.")
        if code in authors or passed not in (code, desk) or (code in back and at != desk):
            return True
    return False


def holders(act: str) -> set[str]:
    """The roles that carry an act."""
    return {role for role, acts in ROLES.items() if act in acts}


def seat_of(act: str) -> str:
    """The kind of unit whose office does an act: where its desk stands."""
    kinds = {str(ROLE_SEATS[role][0]) for role in holders(act)}
    return max(kinds, key=["city", "kecamatan", "kelurahan", "rw", "rt"].index)


# What one person may not have in hand over one place, by whatever offices: who proposes and signs for
# a pokmas, who decides about it, who pays it; and no two desks of one chain of checking.
CHAINS: tuple[tuple[str, ...], ...] = (
    ("tranche.request", *PAYMENT, "spj.submit"),
    ("contract.sign", "pokmas.confirm", "contract.approve"),
    ("contract.sign", "contract.prepare", "contract.approve"),
    ("spj.submit", "spj.verify"),
    ("money.return", "money.receive_return"),
)
# Reading everything and answering for nothing of it: beside this, no other office in the city.
ALONE = "audit.read"


def _chains() -> list[tuple[str, ...]]:
    """Every chain: those above, and the desks of whatever is checked, with the pokmas that reports."""
    every = sorted({act for acts in ROLES.values() for act in acts})
    tiers = [tuple(act for act in every if act.startswith(f"{thing}.verify.")) for thing in AUTHORS]
    return [*CHAINS, *tiers, ("report.submit", *tiers[list(AUTHORS).index("report")])]


def clash(role: str, place: str, held: Iterable[tuple[str, str]]) -> bool:
    """Whether an office may not go to somebody for what they hold on the same days.

    `place` is the code of its unit, `held` are (role, code of the unit) of the person's offices anywhere
    in the city. Two territories meet when one lies in the other.
    """
    for other, there in held:
        if other == role:
            continue
        if ALONE in ROLES[role] | ROLES[other]:
            return True
        if not (reaches(place, there) or reaches(there, place)):
            continue
        for chain in _chains():
            mine, theirs = (ROLES[one] & set(chain) for one in (role, other))
            if mine and theirs and mine != theirs:
                return True
    return False


def needs_two(role: str) -> bool:
    """Whether an office through which money is paid out, or that confirms such offices: one officer enters
    its decree, another confirms."""
    watched = {"tranche.bill", "tranche.verify", "tranche.pay", "office.confirm"}
    return bool(ROLES[role] & watched) and not role.startswith("pokmas_")


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
    clashing: bool,
    himself: bool,
    acting: str = "",
) -> list[str]:
    """Every reason to refuse an appointment, worded for the officer who enters it.

    `clashing`: the person has an office on one of those days that must be somebody else's (`clash`).
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
    if clashing:
        faults.append(
            gettext("Satu orang tidak boleh sekaligus memutuskan, memeriksa, dan membayar.")
        )
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


# Why somebody opens a picture as the phone sent it, with the place where it was taken.
PURPOSES = {
    "check": _("Memeriksa laporan, kuitansi, atau notulen"),
    "audit": _("Pemeriksaan Inspektorat atau BPK"),
    "dispute": _("Sengketa, pengaduan, atau permintaan penegak hukum"),
    "own": _("Mengambil kembali foto yang kami kirim sendiri"),
    "other": _("Keperluan lain"),
}


def purpose_faults(purpose: str, why: str) -> list[str]:
    """Whether it is said what an original is opened for."""
    if purpose not in PURPOSES:
        return [Reason(gettext("Pilih untuk apa foto asli ini dibuka."), "purpose")]
    if purpose == "other" and len(why.strip()) < 10:
        return [Reason(gettext("Tulis keperluannya, paling sedikit 10 huruf."), "why")]
    return []


def why_faults(why: str) -> list[str]:
    """A decree that is not confirmed needs a reason that helps whoever entered it."""
    if len(why.strip()) < 10:
        told = gettext("Tulis alasannya, paling sedikit 10 huruf.")
        return [Reason(told, "why")]
    return []


def name_faults(name: str, before: str, why: str) -> list[str]:
    """Why a person's name cannot be corrected to this one."""
    faults: list[str] = []
    if not any(sign.isalpha() for sign in name) or len(name) > 120:
        told = gettext("Tulis nama lengkapnya, paling banyak 120 huruf.")
        faults.append(Reason(told, "name"))
    elif hides_number(name):
        faults.append(Reason(gettext("Tulis nama saja, tanpa NIK atau nomor lain."), "name"))
    elif name == before:
        faults.append(Reason(gettext("Nama ini sama dengan yang tercatat."), "name"))
    if len(why.strip()) < 5:
        told = gettext("Tulis dasar perbaikannya, misalnya: menurut KTP, salah ketik.")
        faults.append(Reason(told, "why"))
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
