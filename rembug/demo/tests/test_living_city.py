"""A small living city follows the rules, is the same for the same seed, and passes the audit."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.demo.city import is_empty, live
from rembug.execution.models import Report, Tranche, Work
from rembug.integrity.checks import CHECKS, run
from rembug.people.models import Act, DeskItem
from rembug.planning.models import Activity, Proposal
from rembug.planning.services.reviews import review
from rembug.programs.models import ProgramYear
from rembug.programs.pack import load_city
from rembug.regions.models import City

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = sorted(p.name for p in (ROOT / "cities").iterdir() if p.is_dir())
QUIET = {"progress": lambda what, part: None}


def living(folder: str, seed: int = 7) -> City:
    load_city(ROOT / "cities" / folder, progress=lambda *a: None)
    made = City.objects.get(slug=folder)
    live(made, size="small", seed=seed, **QUIET)
    return made


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_living_city_is_sound(db, folder):
    made = living(folder)
    assert [(check.name, faults) for check, faults in run(made) if faults] == []
    with scope(city=made):
        states = set(Proposal.objects.values_list("state", flat=True))
        assert "budgeted" in states
        assert len(states) > 2
        assert {"running", "closed"} <= set(Work.objects.values_list("state", flat=True))
        reached = set(Activity.objects.values_list("percent", flat=True))
        assert {-1, 100} < reached  # none yet, all, and something in between
        assert DeskItem.objects.filter(closed_at=None).exists()
        assert Tranche.objects.filter(state="waived").exists()


@pytest.mark.parametrize("day", [(2027, 1, 1), (2028, 2, 29), (2030, 12, 31)])
def test_a_city_comes_to_life_on_any_day(db, monkeypatch, day):
    """Also on New Year's Day, and in years for which no price standard was written yet."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(*day, 3, tzinfo=UTC))
    made = living("bontang")
    assert [(check.name, faults) for check, faults in run(made) if faults] == []
    with scope(city=made):
        assert max(ProgramYear.objects.values_list("year", flat=True)) == day[0] + 1


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_proposed_is_what_the_rules_allow(db, folder):
    """The bulk twin asks nothing of the rules, so every proposal is reviewed as if it were sent now."""
    made = living(folder)
    with scope(city=made):
        for proposal in Proposal.objects.select_related("program_year__rule_set", "unit", "city"):
            found = review(proposal, list(proposal.activities.all()))
            assert [finding.sentence for finding in found.blocking] == []


def test_the_same_seed_gives_the_same_city(db):
    def told(city):
        with scope(city=city):
            return [
                list(Activity.objects.order_by("pk").values_list("name", "cost", "stage")),
                list(Report.objects.order_by("pk").values_list("percent", "state")),
                list(Act.objects.order_by("pk").values_list("act", flat=True))[-50:],
            ]

    from django.db import transaction

    class Undo(Exception):
        pass

    versions = []
    for seed in (7, 7, 8):
        try:
            with transaction.atomic():
                versions.append(told(living("bontang", seed)))
                raise Undo
        except Undo:
            pass
    first, again, other = versions
    assert [len(part) for part in first] == [len(part) for part in again]
    assert first[0] == again[0]
    assert first[0] != other[0]


def test_only_an_empty_demonstration_city_is_filled(cast):
    assert is_empty(cast.city)
    with pytest.raises(Refused):
        live(cast.city, **QUIET)
    cast.city.is_demo = True
    Proposal.objects.create(city=cast.city, unit=cast.rt, program_year=cast.year)
    with pytest.raises(Refused):
        live(cast.city, **QUIET)


def test_every_check_of_the_audit_is_named_once():
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names))
