"""The thread of acts about an activity in words for everybody: what was done, by which office, when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.parts.marks import drawing, receipt
from rembug.core.rupiah import show
from rembug.core.words import short_moment
from rembug.people.authority import role_title
from rembug.people.models import Act
from rembug.public import life
from rembug.public.places import label_of
from rembug.regions.models import City

TITLES = {
    "proposal.started": gettext_lazy("Usulan mulai disusun"),
    "proposal.submitted": gettext_lazy("Usulan dikirim"),
    "proposal.returned": gettext_lazy("Usulan dikembalikan untuk diperbaiki"),
    "proposal.rejected": gettext_lazy("Usulan ditolak"),
    "activity.withdrawn": gettext_lazy("Ditarik dari usulan RT"),
    "proposal.budgeted": gettext_lazy("Masuk anggaran (DPA)"),
    "pokmas.formed": gettext_lazy("Pokmas dibentuk"),
    "pokmas.confirmed": gettext_lazy("Pokmas disahkan"),
    "contract.prepared": gettext_lazy("Kontrak disiapkan"),
    "contract.signed": gettext_lazy("Kontrak ditandatangani pokmas"),
    "contract.approved": gettext_lazy("Kontrak disetujui"),
    "contract.returned": gettext_lazy("Kontrak dikembalikan"),
    "tranche.requested": gettext_lazy("Pencairan %(number)s diminta pokmas"),
    "tranche.billed": gettext_lazy("SPP pencairan %(number)s dibuat"),
    "tranche.verified": gettext_lazy("SPP pencairan %(number)s diperiksa"),
    "tranche.ordered": gettext_lazy("SPM pencairan %(number)s terbit"),
    "tranche.paid": gettext_lazy("SP2D pencairan %(number)s terbit, uang keluar"),
    "tranche.received": gettext_lazy("Uang pencairan %(number)s diterima pokmas"),
    "tranche.sent_back": gettext_lazy("Permintaan pencairan %(number)s dikembalikan"),
    "tranche.waived": gettext_lazy("Pencairan %(number)s tidak dipakai, kembali ke pagu"),
    "tranche.order_taken_back": gettext_lazy("SPM pencairan %(number)s dibatalkan"),
    "tranche.pay_taken_back": gettext_lazy(
        "SP2D pencairan %(number)s dibatalkan, uang kembali ke kas daerah"
    ),
    "tranche.lapsed": gettext_lazy("Pencairan %(number)s tidak dibayar sampai akhir tahun"),
    "tranche.cut": gettext_lazy("Pencairan %(number)s dikurangi, volume kurang"),
    "work.ended": gettext_lazy("Diakhiri karena tahun anggaran berakhir"),
    "activity.lapsed": gettext_lazy("Tidak dikontrak sampai akhir tahun, kembali ke pagu"),
    "spj.submitted": gettext_lazy("SPJ pencairan %(number)s diajukan"),
    "spj.accepted": gettext_lazy("SPJ pencairan %(number)s diterima"),
    "spj.returned": gettext_lazy("SPJ pencairan %(number)s dikembalikan"),
    "tax.deposited": gettext_lazy("Pajak disetor"),
    "report.submitted": gettext_lazy("Laporan %(percent)s%% dikirim"),
    "report.returned": gettext_lazy("Laporan %(percent)s%% dikembalikan"),
    "work.inspected": gettext_lazy("Pekerjaan diperiksa (BAHP)"),
    "work.offered": gettext_lazy("Pekerjaan diserahkan pokmas"),
    "work.received": gettext_lazy("Pekerjaan diserahterimakan (BAST)"),
    "work.refused": gettext_lazy("Hasil pekerjaan belum diterima"),
    "money.returned": gettext_lazy("Sisa uang dikembalikan pokmas"),
    "return.received": gettext_lazy("Sisa uang diterima kembali"),
    "return.refused": gettext_lazy("Setoran sisa uang belum cocok"),
    "work.closed": gettext_lazy("Kegiatan ditutup"),
    "work.held": gettext_lazy("Pembayaran ditahan"),
    "work.released": gettext_lazy("Penahanan pembayaran dilepas"),
}
# A step of a verification: the tier stands at the end of the act.
TIERED = {
    "proposal.verified.": gettext_lazy("Usulan disetujui %(desk)s"),
    "report.verified.": gettext_lazy("Laporan %(percent)s%% disetujui %(desk)s"),
}
BACK = (".returned", ".rejected", ".sent_back", ".refused", ".held", "taken_back")
# Money that went back to the city is a step forward, not one back.
FORWARD = ("money.returned",)
# What fills a thread without telling a resident anything: every receipt, every comment, every edit.
QUIET = ("receipt.", "comment.", "proposal.changed", "list.")


def title_of(act: str, detail: dict[str, Any], names: life.Names = life.PLAIN) -> str:
    """An act in words; one that has no words yet is told by its code."""
    told = {"percent": detail.get("percent", ""), "number": detail.get("number", "")}
    for start, text in TIERED.items():
        if act.startswith(start):
            desk = names.report_desk if start.startswith("report.") else names.proposal_desk
            return str(text) % (told | {"desk": desk(act[len(start) :])})
    text = TITLES.get(act)
    return str(text) % told if text else act


def told(act: str) -> bool:
    return not act.startswith(QUIET)


def office_of(city: City, role: str | None, acting: str | None, place: str) -> str:
    """`Kasi Ekbang, Kelurahan Ngronggo`: the office, never the person."""
    if not role:
        return ""
    title = f"{acting or ''} {role_title(role, city)}".strip()
    return f"{title}, {place}" if place else title


def thread(
    city: City,
    abouts: Collection[str],
    accepted: Collection[int],
    known: Mapping[str, dict[str, Any]],
    names: life.Names = life.PLAIN,
) -> list[dict[str, Any]]:
    """Every told act of these threads, newest first. One query.

    `accepted` are ids of accepted reports: why another one came back stays in the house. `known`
    maps a thing to what a title needs of it: the percent of a report, the number of a payment.
    """
    rows = (
        Act.objects.filter(about__in=abouts)
        .order_by("-id")
        .values_list(
            "id",
            "act",
            "thing",
            "detail",
            "why",
            "rule",
            "at",
            "digest",
            "office__role",
            "office__acting",
            "office__unit__code",
            "office__unit__kind",
            "office__unit__name",
        )
    )
    return [_line(city, row, accepted, known, names) for row in rows if told(row[1])]


def written(lines: Iterable[dict[str, Any]]) -> SafeString:
    """The items of a timeline. Written here: a thread has forty lines, a template for each is slow."""
    why = esc(_("Alasan:"))
    return mark_safe("".join(_item(line, why) for line in lines))


def _item(line: dict[str, Any], why: str) -> str:
    state, mark = ("is-late", "undo") if line["back"] else ("is-done", "check")
    amount = f' <span class="quiet">{line["amount"]}</span>' if line["amount"] else ""
    office = f"<p>{esc(line['office'])}</p>" if line["office"] else ""
    reason = f"<p>{why} {esc(line['why'])}</p>" if line["why"] else ""
    return (
        f'<li class="{state}"><span class="step-dot">{drawing(mark)}</span>'
        f"<h3>{esc(line['title'])}{amount}</h3>"
        f'<p class="quiet">{esc(short_moment(line["at"]))}</p>{office}{reason}'
        f"{receipt(line['code'])}</li>\n"
    )


def _line(
    city: City,
    row: tuple,
    accepted: Collection[int],
    known: Mapping[str, dict[str, Any]],
    names: life.Names,
) -> dict[str, Any]:
    pk, act, thing, detail, why, rule, at, digest, role, acting, code, kind, name = row
    place = label_of(kind, code, name) if code else ""
    back = act.endswith(BACK) and act not in FORWARD
    of_report = thing.startswith("execution.report:")
    open_why = not of_report or int(thing.partition(":")[2]) in accepted
    amount = detail.get("amount")
    return {
        "number": pk,
        "title": title_of(act, detail | known.get(thing, {}), names),
        "office": office_of(city, role, acting, place),
        "at": at,
        "code": f"{digest[:4]}-{digest[4:8]}".upper(),
        "digest": digest,
        "back": back,
        "why": why if back and why and open_why else "",
        "rule": rule,
        "amount": show(amount) if isinstance(amount, int) and amount else "",
    }
