"""The bulk twin of `record` writes what `record` writes."""

from datetime import UTC, datetime

import pytest

from rembug.core.bulk import Rows
from rembug.people import acts
from rembug.people.models import Act, Person


def test_bulk_lines_carry_the_same_hash_as_single_ones(cast):
    at = datetime(2026, 3, 4, 5, 6, 7, 891234, tzinfo=UTC)
    single = acts.record(cast.lurah, "x", cast.rt, about="a:1", unit=cast.rt, why="w", at=at)
    lines = acts.Lines(cast.city)
    lines.add(
        cast.lurah.pk,
        "x",
        acts.thing_of(cast.rt),
        at,
        about="a:1",
        unit=cast.rt.pk,
        why="w",
        salt=single.salt,
    )
    assert lines.write() == 1
    twin = Act.objects.exclude(pk=single.pk).get()
    assert twin.digest == single.digest
    assert acts.audit(cast.city) == []


def test_rows_take_defaults_and_refuse_unknown_columns(cast):
    rows = Rows(Person)
    first = rows.add(city_id=cast.city.pk, login="a", name="A", password="!")
    rows.add(city_id=cast.city.pk, login="b", name="B", password="!")
    assert rows.write() == 2
    assert Person.objects.get(pk=first).is_active
    assert Person.objects.create(city=cast.city, login="c", name="C").pk == first + 2
    with pytest.raises(TypeError):
        rows.add(nothing=1)
