"""One story told twice, by the living city in bulk and by the acts: every row of every table is the same."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from rembug.demo import city as living_city
from rembug.demo.tests.replay import Replay, differences, plain, read
from rembug.demo.tests.test_living_city import FOLDERS, ROOT
from rembug.demo.works import WorkStory
from rembug.execution.models import Work
from rembug.integrity.checks import run
from rembug.programs.pack import load_city
from rembug.regions.models import City

QUIET = {"progress": lambda what, part: None}


class Undo(Exception):
    pass


@pytest.mark.fault("item-28")
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_work_told_in_bulk_is_what_the_acts_write(db, monkeypatch, folder):
    monkeypatch.setattr(living_city, "SMALL_RT", 2)
    load_city(ROOT / "cities" / folder, progress=lambda *a: None)
    made = City.objects.get(slug=folder)
    told = []
    try:
        with transaction.atomic():
            living_city.live(made, size="small", **QUIET)
            with scope(city=made):
                told = [read(work) for work in _told_works()]
            raise Undo
    except Undo:
        pass
    assert "closed" in {one.rows["work"][0]["state"] for one in told}
    # The same city again, every work only waiting for its contract; one is then done by its people.
    monkeypatch.setattr(WorkStory, "run", lambda story: story.write())
    living_city.live(made, size="small", **QUIET)
    with scope(city=made):
        for one in told:
            again = read(Replay(one).run())
            assert differences(plain(one), plain(again)) == []
    assert [
        (check.name, faults) for check, faults in run(made) if faults and check.name != "berkas"
    ] == []


def _told_works():
    """What is closed, and what still runs in the running year: of an older one the year itself is over."""
    year = timezone.localdate().year
    rows = Work.objects.exclude(activity__year__lt=year, closed_on=None).filter(ended_on=None)
    return rows.order_by("pk")


def test_two_tellings_that_part_are_told_apart():
    assert differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}) == [
        ".a[1].b: 2 in bulk, 3 by the acts"
    ]
    assert differences({"a": [1]}, {"a": [1, 2]})
