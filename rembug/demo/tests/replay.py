"""Plays a work of the living city once more, through the acts: the same people at the same moments."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import models

from rembug.demo.spending import STAYS, TWINS_WHY
from rembug.execution.models import (
    PhotoPoint,
    Receipt,
    Report,
    ReportPhoto,
    TaxDeposit,
    Tranche,
    Twin,
    Work,
)
from rembug.execution.rules import Point
from rembug.execution.services import closing, contracts, holds, receipts, reports, tranches
from rembug.execution.services.reports import Shot
from rembug.execution.withholding import Part, Wage
from rembug.files.models import File
from rembug.files.services import StoredImage
from rembug.ledger.models import Entry
from rembug.people.models import Act, DeskItem, Person
from rembug.planning.models import Activity, RabLine

serial = count(1)
# What hangs on a work, in the order in which rows name one another.
TABLES: dict[str, tuple[type[models.Model], str]] = {
    "work": (Work, "pk"),
    "photopoint": (PhotoPoint, "work"),
    "tranche": (Tranche, "work"),
    "report": (Report, "work"),
    "reportphoto": (ReportPhoto, "report__work"),
    "receipt": (Receipt, "work"),
    "taxdeposit": (TaxDeposit, "work"),
    "twin": (Twin, "receipt__work"),
}
# What no two tellings share: keys, hashes, and the pool of drawn pictures that stands for photographs.
APART = {"id", "city_id", "file_id", "salt", "digest", "act_digest", "number"}


@dataclass
class Told:
    """A work as the tables have it: its rows by table, its acts, what was on the desks, its entries."""

    rows: dict[str, list[dict[str, Any]]]
    acts: list[dict[str, Any]]
    desk: list[dict[str, Any]]
    books: list[dict[str, Any]]


def read(work: Work) -> Told:
    """Everything of a work, with its rows as plain values."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: list(model.objects.filter(**{to: work.pk}).order_by("pk").values())
        for name, (model, to) in TABLES.items()
    }
    shown = ("id", "stage", "percent", "changed_at")
    public = Activity.objects.filter(pk=work.activity_id).values(*shown)
    things = [f"execution.{name}:{row['id']}" for name in TABLES for row in rows[name]]
    acts = Act.objects.filter(about=f"activity:{work.activity_id}").exclude(
        act__startswith="comment."
    )
    desk = DeskItem.objects.filter(thing__in=[*things, f"planning.activity:{work.activity_id}"])
    entries = Entry.objects.filter(lines__subject=work.activity_id).distinct().order_by("pk")
    books = [
        {
            "kind": one.kind,
            "key": one.key,
            "memo": one.memo,
            "on": one.on,
            "lines": sorted(
                one.lines.values_list("account", "unit_id", "subject", "debit", "credit")
            ),
            "digest": one.act_digest,
        }
        for one in entries
    ]
    rows["activity"] = list(public)
    return Told(rows, list(acts.order_by("pk").values()), list(desk.values()), books)


def plain(told: Told) -> dict[str, Any]:
    """The same with keys told by their order, so that two tellings can be laid side by side."""
    order: dict[str, str] = {}
    for name in TABLES:
        for n, row in enumerate(told.rows[name], 1):
            order[f"execution.{name}:{row['id']}"] = f"{name} {n}"
    numbers = {name: {row["id"]: n for n, row in enumerate(told.rows[name], 1)} for name in TABLES}
    links = {"work_id": "work", "report_id": "report", "point_id": "photopoint"}
    links |= {"tranche_id": "tranche", "receipt_id": "receipt"}
    kinds = {"account": "tranche", "receive": "tranche", "order": "tranche", "pay": "tranche"}
    kinds |= {"release": "tranche", "spend": "receipt", "tax": "taxdeposit", "return": "work"}

    def row_of(row: dict[str, Any]) -> dict[str, Any]:
        own = {k: v for k, v in row.items() if k not in APART or k == "number" and "spp_no" in row}
        for column, name in links.items():
            if column in own:
                own[column] = numbers[name].get(own[column], own[column])
        if "thing" in own:
            own["thing"] = order.get(own["thing"], own["thing"])
        if "path" in own:
            own["path"] = _path(own["path"], numbers)
        if "detail" in own:
            own["detail"] = own["detail"] | {"evidence": len(own["detail"].get("evidence", ()))}
        return own

    def entry_of(one: dict[str, Any]) -> dict[str, Any]:
        kind, _colon, key = one["key"].partition(":")
        name = kinds.get(kind)
        signed = next((a["act"] for a in told.acts if a["digest"] == one["digest"]), None)
        key = numbers[name].get(int(key), key) if name else key
        return one | {"key": (kind, key), "digest": signed}

    desk = sorted(
        map(row_of, told.desk), key=lambda row: (str(row["opened_at"]), row["act"], row["thing"])
    )
    return {
        "rows": {name: [row_of(row) for row in rows] for name, rows in told.rows.items()},
        "acts": [row_of(row) for row in told.acts],
        "desk": desk,
        "books": [entry_of(one) for one in told.books],
    }


def _path(path: str, numbers: dict[str, dict[int, int]]) -> str:
    first, _slash, rest = path.partition("/")
    number, _slash, page = rest.partition("/")
    name = {"pekerjaan": "work", "laporan": "report"}[first]
    if not number.isdigit():
        return path
    return f"{first}/{numbers[name].get(int(number), number)}/{page}"


def differences(bulk: Any, acts: Any, where: str = "") -> list[str]:
    """Where two tellings part, in words."""
    if isinstance(bulk, dict) and isinstance(acts, dict):
        keys = [*bulk, *(key for key in acts if key not in bulk)]
        return [d for k in keys for d in differences(bulk.get(k), acts.get(k), f"{where}.{k}")]
    if isinstance(bulk, list) and isinstance(acts, list) and len(bulk) == len(acts):
        pairs = enumerate(zip(bulk, acts, strict=True))
        return [d for n, (a, b) in pairs for d in differences(a, b, f"{where}[{n}]")]
    return [] if bulk == acts else [f"{where}: {bulk!r} in bulk, {acts!r} by the acts"]


class Replay:
    """The acts of a told work, done again one by one."""

    def __init__(self, told: Told):
        self.told = told
        self.was = {
            f"execution.{name}:{row['id']}": row for name in TABLES for row in told.rows[name]
        }
        self.activity = Activity.objects.get(pk=told.rows["work"][0]["activity_id"])
        self.lines = {line.pk: line for line in RabLine.objects.filter(activity=self.activity)}
        self.made: dict[int, Report] = {}
        self.work: Any = None

    def run(self) -> Work:
        for act in self.told.acts:
            self.do(act)
        return Work.objects.get(activity=self.activity)

    def do(self, act: dict[str, Any]) -> None:
        name = act["act"]
        self.act, self.detail = act, act["detail"]
        self.row = self.was.get(act["thing"], self.told.rows["work"][0])
        self.by = {"by": Person.objects.get(pk=act["actor_id"]), "at": act["at"]}
        if self.work:
            self.work.refresh_from_db()
        verb = name.rpartition(".")[0] if name.startswith("report.verified.") else name
        getattr(self, verb.replace(".", "_"))()

    def tranche(self) -> Tranche:
        found = Tranche.objects.select_related("work").get(
            work=self.work, number=self.row["number"]
        )
        return found

    def file(self) -> File:
        sha = hashlib.sha256(f"replay {next(serial)}".encode()).hexdigest()
        return File.objects.create(
            city_id=self.activity.city_id, sha256=sha, size=1, mime="image/webp", name="foto.jpg"
        )

    # ---- contract ------------------------------------------------------------------------------

    def contract_prepared(self) -> None:
        w = self.told.rows["work"][0]
        points = [
            Point(p["label"], p["note"], p["lat"], p["lon"]) for p in self.told.rows["photopoint"]
        ]
        days = {key: w[key] for key in ("contract_no", "contract_on", "starts_on", "ends_on")}
        pokmas = Work.pokmas.field.related_model.objects.get(pk=w["pokmas_id"])
        self.work = contracts.prepare_work(
            activity=self.activity, pokmas=pokmas, points=points, **days, **self.by
        )

    def contract_signed(self) -> None:
        contracts.sign_contract(work=self.work, **self.by)

    def contract_approved(self) -> None:
        contracts.approve_contract(work=self.work, papers=self.detail["papers"], **self.by)

    # ---- reports -------------------------------------------------------------------------------

    def report_submitted(self) -> None:
        points = list(PhotoPoint.objects.filter(work=self.work).order_by("pk"))
        olds = [p["id"] for p in self.told.rows["photopoint"]]
        shots = [
            Shot(
                points[olds.index(photo["point_id"])],
                StoredImage(self.file(), photo["taken_at"], photo["lat"], photo["lon"], []),
            )
            for photo in self.told.rows["reportphoto"]
            if photo["report_id"] == self.row["id"]
        ]
        told = {key: self.row[key] for key in ("percent", "seen_on", "note")}
        made = reports.submit_report(work=self.work, shots=shots, **told, **self.by)
        self.made[self.row["id"]] = made

    def report_verified(self) -> None:
        report = Report.objects.select_related("work").get(pk=self.made[self.row["id"]].pk)
        reports.verify_report(report=report, **self.by)

    def report_returned(self) -> None:
        report = Report.objects.select_related("work").get(pk=self.made[self.row["id"]].pk)
        reports.return_report(report=report, why=self.act["why"], **self.by)

    # ---- money ---------------------------------------------------------------------------------

    def work_held(self) -> None:
        holds.hold_work(work=self.work, why=self.act["why"], **self.by)

    def work_released(self) -> None:
        holds.release_work(work=self.work, why=self.act["why"], **self.by)

    def tranche_requested(self) -> None:
        tranches.request_tranche(tranche=self.tranche(), **self.by)

    def tranche_billed(self) -> None:
        tranches.bill_tranche(tranche=self.tranche(), number=self.row["spp_no"], **self.by)

    def tranche_verified(self) -> None:
        papers = self.detail["papers"]
        tranches.verify_tranche(tranche=self.tranche(), papers=papers, **self.by)

    def tranche_ordered(self) -> None:
        tranches.order_tranche(tranche=self.tranche(), number=self.row["spm_no"], **self.by)

    def tranche_paid(self) -> None:
        tranches.pay_tranche(tranche=self.tranche(), number=self.row["sp2d_no"], **self.by)

    def tranche_received(self) -> None:
        day = self.row["received_on"]
        tranches.confirm_received(tranche=self.tranche(), bank_date=day, **self.by)

    def tranche_waived(self) -> None:
        tranches.waive_tranche(tranche=self.tranche(), why=self.act["why"], **self.by)

    def receipt_added(self) -> None:
        r = self.row
        same = ("supplier", "what", "paid_on", "amount", "tax", "tax_reason", "tax_why")
        told = {key: r[key] for key in (*same, "group", "seller", "npwp", "certificate")}
        told |= {"ppn": r["with_ppn"], "local_food": r["with_food_tax"]}
        told |= {"others": tuple(Part(**part) for part in r["others"])}
        told |= {"wages": tuple(Wage(**wage) for wage in r["wages"])}
        line = self.lines[r["line_id"]]
        receipts.add_receipt(work=self.work, file=self.file(), line=line, **told, **self.by)

    def tax_deposited(self) -> None:
        told = {key: self.row[key] for key in ("amount", "ntpn", "paid_on")}
        receipts.deposit_tax(work=self.work, **told, **self.by)

    def spj_submitted(self) -> None:
        receipts.submit_spj(tranche=self.tranche(), **self.by)

    def spj_accepted(self) -> None:
        why, left = self.act["why"], self.detail.get("left")
        told = {"stays": left, "stays_why": STAYS if STAYS in why else ""}
        told |= {"twins_why": TWINS_WHY if TWINS_WHY in why else ""}
        papers = self.detail["papers"]
        receipts.verify_spj(tranche=self.tranche(), papers=papers, **told, **self.by)

    # ---- the end -------------------------------------------------------------------------------

    def work_inspected(self) -> None:
        told = {"number": self.detail["number"], "measured": self.detail["measured"]}
        closing.inspect_work(work=self.work, **told, **self.by)

    def work_offered(self) -> None:
        closing.offer_work(work=self.work, **self.by)

    def work_received(self) -> None:
        told = {"number": self.detail["number"], "papers": self.detail["papers"]}
        closing.receive_work(work=self.work, **told, **self.by)

    def money_returned(self) -> None:
        closing.return_remainder(work=self.work, slip=self.detail["slip"], **self.by)

    def return_received(self) -> None:
        closing.receive_return(work=self.work, **self.by)

    def work_closed(self) -> None:
        closing.close_work(work=self.work, **self.by)
