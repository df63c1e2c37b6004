"""Many rows into one table at once: the mapper would spend most of the time making objects of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import connection


def batches(things: Iterable[Any], size: int = 5000) -> Iterator[list[Any]]:
    """Lists of at most `size`, because a statement takes only so many values."""
    things = iter(things)
    while some := list(islice(things, size)):
        yield some


def insert(table: str, columns: dict[str, str], rows: Iterable[tuple], conflict: str = "") -> None:
    """Insert rows of plain values. `columns` gives each column's type as PostgreSQL calls it, and
    `conflict` what to do with a row that is there, in the words both databases share."""
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "postgresql":
        values = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        sql = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({values}) {conflict}"
    else:
        values = ", ".join(["%s"] * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({values}) {conflict}"
    _run(sql, rows)


def update(table: str, columns: dict[str, str], rows: Iterable[tuple]) -> None:
    """Change rows by their key: each tuple has the new values, then the city and the id."""
    if connection.vendor == "postgresql":
        kinds = [*columns.values(), "text", "bigint"]
        values = ", ".join(f"%s::{kind}[]" for kind in kinds)
        names = ", ".join([*columns, "city_id", "id"])
        sets = ", ".join(f"{column} = new.{column}" for column in columns)
        sql = (
            f"UPDATE {table} SET {sets} FROM unnest({values}) AS new ({names}) "
            f"WHERE {table}.city_id = new.city_id AND {table}.id = new.id"
        )
    else:
        sets = ", ".join(f"{column} = %s" for column in columns)
        sql = f"UPDATE {table} SET {sets} WHERE city_id = %s AND id = %s"
    _run(sql, rows)


def _run(sql: str, rows: Iterable[tuple]) -> None:
    with connection.cursor() as cursor:
        for some in batches(rows):
            if connection.vendor == "postgresql":
                cursor.execute(sql, [list(column) for column in zip(*some, strict=True)])
            else:
                cursor.executemany(sql, some)


def analyze(*tables: str) -> None:
    """After a large delivery PostgreSQL must count again, or it reads the whole table for one row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")
