"""What waits, where and since when, in words for everybody. Names of acts come from people.rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core import words
from rembug.people.authority import role_title
from rembug.people.models import DeskItem, Office
from rembug.people.rules import OWN, ROLE_SEATS, holders, seat_of
from rembug.regions.models import City

# act awaited: what waits, with the offices as a city calls them. A test walks every act that some role
# carries; what is missing here all the same is told in general words, and its figure opens its own rows.
AWAITED = {
    "meeting.hold": gettext_lazy("Rembug menunggu dicatat hasilnya"),
    "meeting.sign.rt": gettext_lazy("Notulen menunggu tanda tangan %(rt_head)s"),
    "meeting.sign.secretary": gettext_lazy("Notulen menunggu tanda tangan %(rt_secretary)s"),
    "meeting.sign.rw": gettext_lazy("Notulen menunggu tanda tangan %(rw_head)s"),
    "meeting.sign.kelurahan": gettext_lazy("Notulen menunggu tanda tangan %(lurah)s"),
    "proposal.edit": gettext_lazy("Usulan menunggu diperbaiki RT"),
    "proposal.submit": gettext_lazy("Usulan menunggu dikirim RT"),
    "proposal.verify.rw": gettext_lazy("Usulan menunggu diperiksa %(rw_head)s"),
    "proposal.verify.kelurahan": gettext_lazy("Usulan menunggu diperiksa %(ekbang)s"),
    "proposal.verify.kecamatan": gettext_lazy("Usulan menunggu diperiksa %(kecamatan_team)s"),
    "proposal.verify.city": gettext_lazy("Usulan menunggu diperiksa %(planning_office)s"),
    "proposal.verify.technical": gettext_lazy(
        "RAB dan gambar menunggu diperiksa %(technical_office)s"
    ),
    "proposal.budget": gettext_lazy("Usulan menunggu masuk anggaran (DPA)"),
    "pokmas.form": gettext_lazy("Pokmas menunggu dibentuk"),
    "pokmas.confirm": gettext_lazy("Pokmas menunggu SK"),
    "contract.prepare": gettext_lazy("Kontrak menunggu disiapkan"),
    "contract.sign": gettext_lazy("Kontrak menunggu tanda tangan pokmas"),
    "contract.approve": gettext_lazy("Kontrak menunggu persetujuan %(lurah)s"),
    "tranche.request": gettext_lazy("Pencairan menunggu diminta pokmas"),
    "tranche.bill": gettext_lazy("Permintaan uang menunggu SPP"),
    "tranche.verify": gettext_lazy("SPP menunggu diperiksa"),
    "tranche.order": gettext_lazy("Pencairan menunggu SPM"),
    "tranche.pay": gettext_lazy("Pencairan menunggu SP2D"),
    "tranche.confirm": gettext_lazy("Uang menunggu dinyatakan diterima pokmas"),
    "report.submit": gettext_lazy("Laporan kemajuan menunggu dikirim pokmas"),
    "report.verify.kelurahan": gettext_lazy("Laporan menunggu diperiksa %(ekbang)s"),
    "report.verify.kecamatan": gettext_lazy("Laporan menunggu diperiksa %(kecamatan_team)s"),
    "report.verify.city": gettext_lazy("Laporan menunggu diperiksa %(monitoring_office)s"),
    "receipt.add": gettext_lazy("Kuitansi menunggu dicatat pokmas"),
    "spj.submit": gettext_lazy("SPJ menunggu dikirim pokmas"),
    "spj.verify": gettext_lazy("SPJ menunggu diperiksa"),
    "work.inspect": gettext_lazy("Pekerjaan menunggu diperiksa (BAHP)"),
    "work.offer": gettext_lazy("Pekerjaan menunggu diserahkan pokmas"),
    "work.receive": gettext_lazy("Pekerjaan menunggu serah terima (BAST)"),
    "work.close": gettext_lazy("Kegiatan menunggu ditutup"),
    "money.tax": gettext_lazy("Pajak menunggu disetor pokmas"),
    "money.return": gettext_lazy("Sisa uang menunggu dikembalikan pokmas"),
    "money.receive_return": gettext_lazy("Pengembalian uang menunggu diterima"),
    "work.release.kelurahan": gettext_lazy("Uang yang ditahan %(lurah)s menunggu dilepas"),
    "work.release.kecamatan": gettext_lazy("Uang yang ditahan %(kecamatan_team)s menunggu dilepas"),
    "work.release.city": gettext_lazy("Uang yang ditahan %(monitoring_office)s menunggu dilepas"),
    "work.end": gettext_lazy("Pekerjaan tahun lalu menunggu diakhiri"),
    "office.confirm": gettext_lazy("SK pejabat keuangan menunggu disahkan"),
    "comment.answer": gettext_lazy("Tanggapan warga menunggu jawaban"),
}


def awaited(act: str, city: City) -> str:
    """What waits when this act is awaited, in the words of this city."""
    text = str(AWAITED.get(act) or _("Berkas lain yang menunggu"))
    return re.sub(r"%\((\w+)\)s", lambda found: role_title(found[1], city), text)


def owners(act: str, city: City, *kinds: str) -> str:
    """The offices that can do it, as this city calls them.

    `kinds` are the kinds of the places where it waits: what ends at one's own unit is done there only.
    """
    roles = holders(act)
    if act in OWN:
        roles = {role for role in roles if ROLE_SEATS[role][0] in (kinds or (seat_of(act),))}
    return ", ".join(sorted(role_title(role, city) for role in roles))


@dataclass(frozen=True)
class Late:
    """One line of the honest table: what, how many, the oldest, and who must act."""

    what: str
    count: int
    oldest: str
    owner: str
    url: str
    vacant: bool = False


def open_items(code: str = "") -> QuerySet[DeskItem]:
    """What waits now, in the whole city or for places below a code."""
    items = DeskItem.objects.filter(closed_at=None)
    if code:
        inside = Q(about_unit__code=code) | Q(about_unit__code__startswith=code + ".")
        items = items.filter(inside)
    return items


def by_desk(items: QuerySet[DeskItem]) -> list[dict[str, Any]]:
    """Waiting matters per act and desk: how many, how many past their day, since when. One query."""
    today = localdate()
    overdue = Q(due_on__lt=today)
    return list(
        items.order_by()
        .values("act", "unit_id", "unit__kind", "body")
        .annotate(
            count=Count("id"),
            late=Count("id", filter=overdue),
            first_due=Min("due_on", filter=overdue),
            since=Min("opened_at"),
            money=Sum("amount"),
            last=Max("opened_at"),
        )
    )


def holders_now(items: QuerySet[DeskItem]) -> set[tuple[int, int, str]]:
    """(unit, body, role) of every office held today where something waits. One query."""
    return set(
        Office.objects.on(localdate())
        .filter(unit__in=items.order_by().values("unit"))
        .values_list("unit_id", "body", "role")
    )


def vacant_desks(
    desks: list[dict[str, Any]], held: set[tuple[int, int, str]]
) -> list[dict[str, Any]]:
    """The desks where something waits and no decree names anyone who could do it."""
    return [
        desk
        for desk in desks
        if not any((desk["unit_id"], desk["body"], role) in held for role in holders(desk["act"]))
    ]


def late_table(
    city: City,
    desks: list[dict[str, Any]],
    held: set[tuple[int, int, str]],
    place: str = "",
) -> list[Late]:
    """Vacant offices first, then what is past its day, by kind, the most first."""
    rows = _vacant_rows(city, vacant_desks(desks, held), place)
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for desk in desks:
        if desk["late"]:
            kinds[desk["act"]].append(desk)
    late = [
        Late(
            awaited(act, city),
            sum(desk["late"] for desk in found),
            words.left(min(desk["first_due"] for desk in found)),
            owners(act, city, *{desk["unit__kind"] for desk in found}),
            _rows_behind([act], place),
        )
        for act, found in kinds.items()
    ]
    return rows + sorted(late, key=lambda row: -row.count)


def _rows_behind(acts: Iterable[str], place: str, *, vacant: bool = False) -> str:
    """Where a figure opens: the very matters it counts."""
    asked = [("apa", act) for act in acts]
    asked += [("kosong", "1")] if vacant else []
    asked += [("wilayah", place)] if place else []
    return f"{reverse('public:waiting')}?{urlencode(asked)}"


def _vacant_rows(city: City, desks: list[dict[str, Any]], place: str) -> list[Late]:
    """One line per kind of office that nobody holds while papers wait for it."""
    offices: dict[str, dict[tuple[int, int], datetime]] = defaultdict(dict)
    waiting: dict[str, int] = defaultdict(int)
    acts: dict[str, set[str]] = defaultdict(set)
    for desk in desks:
        who = owners(desk["act"], city, desk["unit__kind"])
        seat = (desk["unit_id"], desk["body"])
        since = offices[who].get(seat, desk["since"])
        offices[who][seat] = min(since, desk["since"])
        waiting[who] += desk["count"]
        acts[who].add(desk["act"])
    return [
        Late(
            _("Jabatan kosong, %(count)s berkas menunggu") % {"count": words.number(waiting[who])},
            len(places),
            words.age(min(places.values())),
            who,
            _rows_behind(sorted(acts[who]), place, vacant=True),
            vacant=True,
        )
        for who, places in sorted(offices.items(), key=lambda each: -len(each[1]))
    ]
