"""City scope: every row of a city carries `city`, and no join or key crosses from one city to another.

The rules stand in docs/house.md ("Data that can be distributed"). On PostgreSQL the database itself
refuses a link between two cities, through composite keys; on SQLite the joins and the acts hold it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint
from django.db.models.lookups import Exact
from django_scopes import ScopedManager

from rembug.core.privacy import entry_faults
from rembug.core.refusal import Reason, refuse_if


class CityLink(BaseConstraint):
    """On PostgreSQL: (city_id, x_id) must exist as (city_id, id) in the target table."""

    def __init__(self, *, column: str, target: str, name: str):
        super().__init__(name=name)
        self.column, self.target = column, target

    def constraint_sql(self, model: Any, schema_editor: Any) -> str | None:
        """Left to the end of the migration: by then the target's key (CityKey) is there."""
        if schema_editor.connection.vendor == "postgresql":
            quote = schema_editor.quote_name
            schema_editor.deferred_sql.append(
                self._added(
                    model,
                    schema_editor,
                    f"FOREIGN KEY (city_id, {quote(self.column)}) REFERENCES {quote(self.target)} "
                    "(city_id, id) DEFERRABLE INITIALLY DEFERRED",
                )
            )
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Statement | None:
        self.constraint_sql(model, schema_editor)
        return None

    def _added(self, model: Any, schema_editor: Any, definition: str) -> Statement:
        quote = schema_editor.quote_name
        return Statement(
            f"ALTER TABLE %(table)s ADD CONSTRAINT {quote(self.name)} {definition}",
            table=Table(model._meta.db_table, quote),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement | None:
        if schema_editor.connection.vendor != "postgresql":
            return None
        return Statement(
            f"ALTER TABLE %(table)s DROP CONSTRAINT {schema_editor.quote_name(self.name)}",
            table=Table(model._meta.db_table, schema_editor.quote_name),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "") -> None:
        """The database checks it; forms offer only rows of their own city."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"column": self.column, "target": self.target}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    __hash__ = object.__hash__


class CityKey(CityLink):
    """On PostgreSQL: UNIQUE (city_id, id), the key that CityLink points at."""

    def __init__(self, *, name: str, column: str = "id", target: str = ""):
        super().__init__(column=column, target=target, name=name)

    def constraint_sql(self, model: Any, schema_editor: Any) -> str | None:
        if schema_editor.connection.vendor != "postgresql":
            return None
        return f"CONSTRAINT {schema_editor.quote_name(self.name)} UNIQUE (city_id, id)"

    def create_sql(self, model: Any, schema_editor: Any) -> Statement | None:
        if schema_editor.connection.vendor != "postgresql":
            return None
        return self._added(model, schema_editor, "UNIQUE (city_id, id)")


def _add_constraint(cls: type[models.Model], constraint: BaseConstraint) -> None:
    """Put a constraint on a model as if its Meta had named it, so that migrations see it."""
    options = cls._meta
    if any(known.name == constraint.name for known in options.constraints):
        return
    options.constraints = [*options.constraints, constraint]
    options.original_attrs["constraints"] = options.constraints


class CityField(models.ForeignKey):
    """The city a row belongs to: the column by which all data can be distributed."""

    def __init__(self, to: Any = "regions.City", on_delete: Any = models.PROTECT, **kwargs: Any):
        kwargs.setdefault("related_name", "+")
        super().__init__(to, on_delete, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            table = cls._meta.label_lower.replace(".", "_")
            _add_constraint(cls, CityKey(name=f"{table}_city_key"[:60]))


class CityForeignKey(models.ForeignKey):
    """A foreign key between rows of one city; every join through it also matches the city."""

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        ours = self.model._meta.get_field("city")
        theirs = self.remote_field.model._meta.get_field("city")
        return Exact(ours.get_col(alias), theirs.get_col(related_alias))

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        return {"city_id": instance.city_id}  # type: ignore[attr-defined]

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return
        target = self.remote_field.model
        label = f"{cls._meta.app_label}.{cls.__name__}" if target == "self" else target
        label = label if isinstance(label, str) else label._meta.label
        label = label if "." in label else f"{cls._meta.app_label}.{label}"
        table = cls._meta.label_lower.replace(".", "_")
        _add_constraint(
            cls,
            CityLink(
                column=f"{name}_id",
                target=label.lower().replace(".", "_"),
                name=f"{table}_{name}_city"[:60],
            ),
        )


class CityOneToOneField(CityForeignKey, models.OneToOneField):
    """One row to one row inside a city.

    A unique key of its column alone could not be distributed, so the model names a constraint that
    begins with the city.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._unique = False


def refuse_niks(rows: Iterable[models.Model], only: Collection[str] | None = None) -> None:
    """Raise Refused when a text of these rows holds a NIK or KK number: such are kept in no open text.

    `only` names the columns that are written; what was kept long ago does not stand in their way.
    """
    refuse_if(
        [
            Reason(words, field.name)
            for row in rows
            for field in row._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and (only is None or field.name in only)
            and field.name not in MACHINE_MADE
            and field.name not in row.long_numbers  # type: ignore[attr-defined]
            and len(text := getattr(row, field.attname) or "") > 11
            for words in entry_faults(text, everybody=False)
        ]
    )


# Columns no person types into, in any table.
MACHINE_MADE = {
    *(
        "key",
        "digest",
        "salt",
        "sha256",
        "sender",
        "network",
        "path",
        "thing",
        "about",
        "password",
        "stamp",
    ),
    *("minutes_digest", "search", "code"),
}


class CityModel(models.Model):
    """A row that belongs to one city. Queries outside a city's scope are errors.

    Unique constraints and frequent indexes of subclasses begin with `city`.
    """

    city = CityField()

    # Columns where a long number belongs: an account, the number of a tax deposit, what a machine made.
    long_numbers: frozenset[str] = frozenset()

    objects = ScopedManager(city="city")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Kept only without anybody's NIK, whichever act writes it (what is written in bulk asks itself)."""
        refuse_niks([self], kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def _do_update(self, base_qs, using, pk_val, values, update_fields, forced_update):  # type: ignore[no-untyped-def]
        """A distribution column is never written, and every update names the city."""
        base_qs = base_qs.filter(city_id=self.city_id)
        kept = [value for value in values if value[0].name != "city"]
        return super()._do_update(base_qs, using, pk_val, kept, update_fields, forced_update)
