"""On PostgreSQL every link is checked once: (city_id, x_id) implies what the plain key of x_id says.

Checking each link twice, and the city of each row besides, was two thirds of the work of a large
posting. SQLite has the plain keys only and keeps them.
"""

from django.db import migrations

# table, column, what it pointed at. The composite keys of the same columns stay.
PLAIN = [
    ("ledger_entry", "fund_id", "ledger_fund (id)"),
    ("ledger_entry", "reverses_id", "ledger_entry (id)"),
    ("ledger_entry", "city_id", "regions_city (code)"),
    ("ledger_entryline", "entry_id", "ledger_entry (id)"),
    ("ledger_entryline", "unit_id", "regions_unit (id)"),
    ("ledger_entryline", "city_id", "regions_city (code)"),
    ("ledger_balance", "fund_id", "ledger_fund (id)"),
    ("ledger_balance", "unit_id", "regions_unit (id)"),
    ("ledger_balance", "city_id", "regions_city (code)"),
]
NAMES = """
SELECT c.conname FROM pg_constraint c JOIN pg_attribute a
  ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attname = %s
"""


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table, column, _target in PLAIN:
            cursor.execute(NAMES, [table, column])
            for (name,) in cursor.fetchall():
                schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def restore(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, column, target in PLAIN:
        schema_editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_plain FOREIGN KEY ({column}) "
            f"REFERENCES {target} DEFERRABLE INITIALLY DEFERRED"
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunPython(drop, restore)]
