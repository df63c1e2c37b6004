"""Each check finds the harm it is there for; untouched, the same city is sound."""

from pathlib import Path

import pytest
from django.db import connection
from django_scopes import scope

from rembug.demo.city import live
from rembug.execution.models import Receipt, Report, Tranche
from rembug.execution.services.tranches import waive_tranche
from rembug.execution.tests.paths import bring, finish, fresh, report, tranche
from rembug.integrity.checks import run
from rembug.ledger.models import Balance
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity, MeetingItem, RabLine, Signature
from rembug.programs.pack import load_city
from rembug.regions.models import City

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def town(db):
    load_city(ROOT / "cities" / "bontang", progress=lambda *a: None)
    made = City.objects.get(slug="bontang")
    live(made, size="small", progress=lambda *a: None)
    with scope(city=made):
        yield made


def wrong(city) -> set[str]:
    return {check.name for check, faults in run(city) if faults}


def _minutes():
    MeetingItem.objects.filter(pk=MeetingItem.objects.first().pk).update(title="Lain")


def _signature():
    Signature.objects.filter(pk=Signature.objects.first().pk).delete()


def _cost():
    RabLine.objects.filter(pk=RabLine.objects.first().pk).update(amount=1)


def _budget():
    Activity.objects.filter(stage="closed")[:1].get()
    Activity.objects.filter(pk=Activity.objects.filter(stage="closed").first().pk).update(
        stage="plan"
    )


def _payment():
    Tranche.objects.filter(pk=Tranche.objects.filter(state="accounted").first().pk).update(
        state="planned"
    )


def _receipt():
    Receipt.objects.filter(pk=Receipt.objects.first().pk).update(amount=999_000_000)


def _tax():
    """A receipt without its tax: what was spent still fits, what is owed to the state does not."""
    Receipt.objects.filter(pk=Receipt.objects.filter(tax__gt=0).first().pk).update(tax=0)


def _progress():
    Report.objects.filter(pk=Report.objects.filter(state="accepted").last().pk).update(
        state="returned"
    )


def _desk():
    DeskItem.objects.filter(act__startswith="proposal.verify", closed_at=None).first().delete()


def _books():
    Balance.objects.filter(pk=Balance.objects.filter(rollup=True).first().pk).update(
        debit=1, credit=0, amount=1
    )


def _file():
    from rembug.files.models import File

    File.objects.first().path.unlink()


def _duties():
    """The record itself cannot be changed, so a second line with the wrong author is added."""
    line = Act.objects.filter(act="report.submitted").last()
    Act.objects.create(
        city=line.city,
        actor=line.actor,
        act="report.verified.kelurahan",
        thing=line.thing,
        about=line.about,
        at=line.at,
        salt="",
        digest="",
    )


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (_minutes, "notulen"),
        (_signature, "notulen"),
        (_cost, "biaya"),
        (_budget, "anggaran"),
        (_payment, "bayar"),
        (_receipt, "bayar"),
        (_tax, "bayar"),
        (_progress, "kemajuan"),
        (_desk, "meja"),
        (_books, "buku"),
        (_file, "berkas"),
        (_duties, "tugas"),
        (_duties, "catatan"),
    ],
)
def test_a_harm_is_found_by_its_check(town, harm, found):
    harm()
    assert found in wrong(town)


def test_money_that_was_not_needed_is_missing_by_exactly_that(cast):
    work = bring(cast, "reported_50")
    report(cast, work, 100)
    row = tranche(work, 2)
    waive_tranche(by=cast.pokmas_head, tranche=row, why="Paving lebih murah daripada rencana.")
    for stop in ("inspected", "offered", "handed", "settled", "closed"):
        finish(cast, stop, fresh(work))
    checks = {"anggaran", "bayar", "kemajuan"}
    assert not wrong(cast.city) & checks
    Tranche.objects.filter(pk=row.pk).update(amount=3_999_999)
    assert wrong(cast.city) & checks == {"anggaran", "bayar"}
    Tranche.objects.filter(pk=row.pk).update(amount=4_000_000, state="accounted")
    assert "anggaran" in wrong(cast.city)
    Tranche.objects.filter(pk=row.pk).update(state="waived")
    Activity.objects.filter(pk=work.activity_id).update(percent=50)
    told = [fault for _check, faults in run(cast.city, ["kemajuan"]) for fault in faults]
    assert "padahal belum 100%" in " ".join(told)


def test_a_link_to_another_city_is_found(town):
    """On PostgreSQL the database refuses it; where it does not, the audit sees it."""
    if connection.vendor == "postgresql":
        from django.db import IntegrityError, transaction

        other = City.objects.create(code="99.99", slug="lain", name="Lain")
        with pytest.raises(IntegrityError), transaction.atomic():
            RabLine._base_manager.filter(pk=RabLine.objects.first().pk).update(city=other)
            connection.check_constraints()
        return
    other = City.objects.create(code="99.99", slug="lain", name="Lain")
    line = RabLine.objects.first()
    RabLine._base_manager.filter(pk=line.pk).update(city=other)
    with scope(city=other):
        assert "batas" in {check.name for check, faults in run(other) if faults}
