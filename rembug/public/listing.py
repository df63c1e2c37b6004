"""The list of activities: what is asked of it, and its rows ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rembug.core.parts.marks import bid, chip
from rembug.core.rupiah import show
from rembug.core.sheets import Column
from rembug.core.words import millions
from rembug.execution.models import Report
from rembug.execution.rules import ReportState
from rembug.ledger.rules import Ladder
from rembug.planning.models import Activity
from rembug.planning.rules import Stage
from rembug.public import finding, life
from rembug.public.places import place_name
from rembug.regions.models import Unit

SORTS = {
    "jalan": (gettext_lazy("Yang berjalan dahulu"), ("-id",)),
    "baru": (gettext_lazy("Terbaru"), ("-id",)),
    "besar": (gettext_lazy("Uang terbesar"), ("-cost", "-id")),
    "ubah": (gettext_lazy("Perubahan terakhir"), ("-changed_at", "-id")),
}
LATE = "terlambat"
PLAN_ROW = ' class="is-plan"'
COLUMNS = (
    "id",
    "name",
    "field",
    "year",
    "stage",
    "percent",
    "cost",
    "unit__code",
    "work__ends_on",
    "ended_on",
)


def with_end(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """With the day on which each was seen finished, for COLUMNS."""
    last = Report.objects.filter(
        city=OuterRef("city_id"),
        work__activity=OuterRef("pk"),
        state=ReportState.ACCEPTED,
        percent=OuterRef("percent"),
    ).order_by("-seen_on")
    return rows.annotate(ended_on=Subquery(last.values("seen_on")[:1]))


@dataclass(frozen=True)
class Asked:
    """What a visitor asked of the list; anything that makes no sense is left out."""

    text: str = ""
    year: int = 0
    field: str = ""
    stage: str = ""
    place: str = ""
    sort: str = "jalan"

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        year = query.get("tahun", "")
        sort = query.get("urut", "")
        stage = query.get("tahap", "")
        return cls(
            text=query.get("q", "").strip()[: finding.LONGEST],
            year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
            field=query.get("bidang", "")[:24],
            stage=stage if stage in Stage.values or stage == LATE else "",
            place=query.get("wilayah", "")[:32],
            sort=sort if sort in SORTS else "jalan",
        )

    def rows(self) -> QuerySet[Activity]:
        """The activities asked for, in the order asked for."""
        found = Activity.objects.shown()
        if self.year:
            found = found.filter(year=self.year)
        if self.field:
            found = found.filter(field=self.field)
        if self.stage == LATE:
            running = [Stage.CONTRACTED, Stage.RUNNING]
            found = found.filter(stage__in=running, work__ends_on__lt=localdate())
        elif self.stage:
            found = found.filter(stage=self.stage)
        if self.place:
            # Units first: a join would look up the unit of every activity there is.
            found = found.filter(unit__in=Unit.objects.within(self.place).order_by().values("id"))
        return self.ordered(found.matching(self.text))

    def keys(self) -> QuerySet[Any] | Firsts:
        """The keys of the rows; what runs this year comes first, where nothing else is asked."""
        keys = self.rows().values_list("id", flat=True)
        if self.sort != "jalan" or self.stage or self.year not in (0, localdate().year):
            return keys
        now = Q(year=localdate().year, stage__in=[Stage.CONTRACTED, Stage.RUNNING])
        return Firsts(keys.filter(now), keys.exclude(now))

    def ordered(self, rows: QuerySet[Activity]) -> QuerySet[Activity]:
        return rows.order_by(*SORTS[self.sort][1])

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.year or self.field or self.stage or self.place)


class Firsts:
    """Two lists as one: the rows that come first, and the rest. Each keeps its index; sorting by the
    condition would read every row of the city for one page."""

    def __init__(self, first: QuerySet[Any], rest: QuerySet[Any]):
        self.first, self.rest = first, rest

    def count(self) -> int:
        self.head = self.first.count()
        return self.head + self.rest.count()

    def __getitem__(self, part: slice) -> list[Any]:
        start, stop = part.start, part.stop
        found = list(self.first[start:stop]) if start < self.head else []
        if stop > self.head:
            found += self.rest[max(0, start - self.head) : stop - self.head]
        return found


def stages() -> list[tuple[str, str]]:
    """What the list can be narrowed to: (value, words)."""
    return [
        *((str(value), str(label)) for value, label in Stage.choices if value != Stage.DRAFT),
        (LATE, _("Terlambat")),
    ]


@dataclass(frozen=True)
class Row:
    """An activity as lists show it, ready to be written."""

    url: str
    name: str
    place: str
    field: SafeString
    year: int
    chip: SafeString
    is_plan: bool
    cost: str
    paid: str


def shown(
    rows: Iterable[tuple],
    ladders: Mapping[int, Ladder],
    fields: Mapping[str, tuple[str, str]],
    kelurahan: Mapping[str, str],
) -> list[Row]:
    """Rows of COLUMNS in words. The cost of a plan says that it is one."""
    today = localdate()
    home = reverse("public:activities")
    paid_out, planned = _("%(paid)s dicairkan"), _("rencana %(cost)s")
    chips: dict[tuple, SafeString] = {}
    signs = {code: bid(*sign) for code, sign in fields.items()}
    found = []
    for pk, name, field, year, stage, percent, cost, code, ends_on, ended_on in rows:
        late = life.is_late(stage, ends_on, today)
        over = life.days_over(stage, ends_on, ended_on)
        mark = (stage, percent, late, False, over)
        if mark not in chips:
            chips[mark] = chip(*life.chip(*mark))
        plan = stage in life.PLANNED
        paid = ladders[pk].paid if pk in ladders else 0
        found.append(
            Row(
                url=f"{home}{pk}/",
                name=name,
                place=place_name(code, kelurahan),
                field=signs.get(field) or bid("adm", field),
                year=year,
                chip=chips[mark],
                is_plan=plan,
                cost=planned % {"cost": show(cost)} if plan else show(cost),
                paid="" if plan else paid_out % {"paid": millions(paid)},
            )
        )
    return found


def table(rows: Iterable[Row]) -> SafeString:
    """The body of the list. Written here and not in a template, which would cost more than the query.

    A plan has a row, an amount and a mark of its own; it never shows money that was paid.
    """
    place, year, state, money = (esc(word) for word in columns()[1:])
    return mark_safe(
        "".join(
            f'<tr{PLAN_ROW if row.is_plan else ""}><th scope="row"><a href="{row.url}">'
            f"{esc(row.name)}</a><br>{row.field}</th>"
            f'<td class="at" data-l="{place}" data-y="{row.year}">{esc(row.place)}</td>'
            f'<td class="when" data-l="{year}">{row.year}</td>'
            f'<td class="how" data-l="{state}">{row.chip}</td>'
            f'<td class="num" data-l="{money}">{_money(row)}</td></tr>\n'
            for row in rows
        )
    )


def _money(row: Row) -> str:
    if row.is_plan:
        return f'<span class="plan-sum">{row.cost}</span>'
    return f'<span><b>{row.cost}</b><br><span class="quiet">{row.paid}</span></span>'


def columns() -> tuple[str, ...]:
    """The heads of the list."""
    return _("Kegiatan"), _("Tempat"), _("Tahun"), _("Keadaan"), _("Uang")


def options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """The choices of a select, the chosen one marked."""
    return mark_safe(
        "".join(
            f'<option value="{esc(value)}"{" selected" if value == chosen else ""}>'
            f"{esc(label)}</option>"
            for value, label in choices
        )
    )


def sheet_columns() -> list[Column]:
    """The heads of the table that can be taken along."""
    return [
        Column(_("Nomor"), 9),
        Column(_("Tahun"), 8),
        Column(_("Kode RT"), 24),
        Column(_("RT"), 30),
        Column(_("Bidang"), 24),
        Column(_("Kegiatan"), 50),
        Column(_("Tahap"), 16),
        Column(_("Kemajuan (%)"), 14),
        Column(_("Biaya (Rp)"), 16, number=True),
        Column(_("Dicairkan (Rp)"), 16, number=True),
        Column(_("Batas selesai"), 14),
        Column(_("Selesai"), 14),
        Column(_("Terlambat"), 11),
        Column(_("Halaman"), 40),
    ]


def sheet_row(
    row: tuple,
    paid: int,
    fields: Mapping[str, tuple[str, str]],
    kelurahan: Mapping[str, str],
    home: str,
    today: date,
) -> list[Any]:
    """One activity as cells of the table that can be taken along, in the words of the pages."""
    pk, name, field, year, stage, percent, cost, code, ends_on, ended_on = row
    late_end = life.days_over(stage, ends_on, ended_on) > 0
    return [
        pk,
        year,
        code,
        place_name(code, kelurahan),
        fields[field][1] if field in fields else field,
        name,
        str(Stage(stage).label),
        max(percent, 0),
        cost,
        paid,
        ends_on,
        ended_on if stage in life.FINISHED else None,
        _("ya") if life.is_late(stage, ends_on, today) or late_end else "",
        f"{home}{pk}/",
    ]
