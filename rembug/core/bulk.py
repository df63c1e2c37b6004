"""Many rows at once: the plain INSERT under the bulk twins of acts.

Model instances cost more than the rows they stand for, so rows are written as tuples. Keys are given
out here, in order, so that rows can name one another before they are stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Max
from django.utils import timezone

BATCH = 5000


class Rows:
    """Rows of one table, kept until `write`. Values left out take the field's default.

    From the first row kept until `write`, nobody else may write to the table: the keys are counted
    from the last one there.
    """

    def __init__(self, model: type[models.Model]):
        self.model = model
        # What the database works out by itself is not ours to write.
        self.fields = [one for one in model._meta.concrete_fields if not one.generated]
        self._next: int | None = None
        self.rows: list[tuple] = []
        self.convert = {
            field.attname: convert for field in self.fields if (convert := _converter(field))
        }
        self.defaults = {
            field.attname: self._plain(field.attname, field.get_default())
            for field in self.fields
            if not field.primary_key
        }
        self.now = [
            field.attname
            for field in self.fields
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        ]
        self.order = {name: n for n, name in enumerate(self._order())}

    @property
    def next(self) -> int:
        """The key the next row will get."""
        if self._next is None:
            self._next = 1 + (self.model._base_manager.aggregate(last=Max("pk"))["last"] or 0)
        return self._next

    def add(self, **values: Any) -> int:
        """Keep a row; returns its key."""
        key = self.next
        self._next = key + 1
        row = dict(self.defaults)
        row[self.model._meta.pk.attname] = key  # type: ignore[union-attr]
        for name in self.now:
            row[name] = self._plain(name, timezone.now())
        for name, value in values.items():
            if name not in row:
                raise TypeError(f"{self.model.__name__} has no column {name}")
            row[name] = self._plain(name, value)
        self.rows.append(tuple(row.values()))
        return key

    def change(self, key: int, **values: Any) -> None:
        """Write over columns of a row that is still kept here."""
        at = key - self.next + len(self.rows)
        row = list(self.rows[at])
        for name, value in values.items():
            row[self.order[name]] = self._plain(name, value)
        self.rows[at] = tuple(row)

    def _plain(self, name: str, value: Any) -> Any:
        convert = self.convert.get(name)
        return value if convert is None or value is None else convert(value)

    def __len__(self) -> int:
        return len(self.rows)

    def write(self) -> int:
        """Store what is kept, in the transaction around it; returns how many rows."""
        columns = self._order()
        quote = connection.ops.quote_name
        fields = {field.attname: str(field.column) for field in self.model._meta.concrete_fields}
        names = ", ".join(quote(fields[name]) for name in columns)
        table = quote(self.model._meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                copy = f"COPY {table} ({names}) FROM STDIN"
                with cursor.cursor.copy(copy) as sink:
                    for row in self.rows:
                        sink.write_row(row)
                for statement in connection.ops.sequence_reset_sql(_no_style(), [self.model]):
                    cursor.execute(statement)
            else:
                marks = ", ".join(["%s"] * len(columns))
                insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"
                for some in self._batches():
                    cursor.executemany(insert, some)
        written = len(self.rows)
        self.rows, self._next = [], None
        return written

    def _order(self) -> list[str]:
        """The columns in the order `add` builds its tuples."""
        key = self.model._meta.pk.attname  # type: ignore[union-attr]
        return [*self.defaults, key]

    def _batches(self) -> Iterator[list[tuple]]:
        for start in range(0, len(self.rows), BATCH):
            yield self.rows[start : start + BATCH]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _utc(value: datetime) -> str:
    """As the SQLite backend writes it: UTC without a zone."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _converter(field: models.Field) -> Callable[[Any], Any] | None:
    """How a value of this column is handed to the driver, when not as it is."""
    if isinstance(field, models.JSONField):
        return _json
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _utc
    return date.isoformat if isinstance(field, models.DateField) else None


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()
