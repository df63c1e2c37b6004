"""Posted money cannot be changed: the database itself refuses, whoever asks.

SQLite has no deferred triggers, so the balance is checked where an entry goes from draft to posted.
The table is `ledger_entryline` because `line` is a type of PostgreSQL and breaks row variables there.
"""

from django.db import migrations

# What an entry must satisfy to be posted; NEW is the entry. (name, condition that refuses, words)
POSTING = [
    (
        "lines",
        "(SELECT count(*) FROM ledger_entryline l WHERE l.city_id = NEW.city_id AND l.entry_id = NEW.id) < 2",
        "ledger: an entry needs at least two lines",
    ),
    (
        "balanced",
        "EXISTS (SELECT 1 FROM ledger_entryline l WHERE l.city_id = NEW.city_id AND l.entry_id = NEW.id"
        " GROUP BY l.unit_id HAVING sum(l.debit) <> sum(l.credit))",
        "ledger: debit and credit differ at a place",
    ),
    (
        "open_fund",
        "NOT EXISTS (SELECT 1 FROM ledger_fund f WHERE f.city_id = NEW.city_id AND f.id = NEW.fund_id"
        " AND f.year = NEW.year AND f.state = 'open')",
        "ledger: the fund is closed or of another year",
    ),
]
# (name, table, when, condition that refuses, words)
GUARDS = [
    ("entry_insert", "ledger_entry", "INSERT", "NEW.state <> 'draft'",
     "ledger: an entry begins as a draft"),
    ("entry_update", "ledger_entry", "UPDATE", "OLD.state = 'posted'",
     "ledger: a posted entry is never changed"),
    ("entry_delete", "ledger_entry", "DELETE", "OLD.state = 'posted'",
     "ledger: a posted entry is never deleted"),
    ("line_insert", "ledger_entryline", "INSERT",
     "NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.city_id = NEW.city_id"
     " AND e.id = NEW.entry_id AND e.state = 'draft')",
     "ledger: lines are added to a draft of the same city only"),
    ("line_update", "ledger_entryline", "UPDATE",
     "EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id IN (OLD.entry_id, NEW.entry_id)"
     " AND e.state = 'posted')",
     "ledger: a line of a posted entry is never changed"),
    ("line_delete", "ledger_entryline", "DELETE",
     "EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = OLD.entry_id AND e.state = 'posted')",
     "ledger: a line of a posted entry is never deleted"),
    ("fund_year", "ledger_fund", "UPDATE", "NEW.year <> OLD.year",
     "ledger: the year of a fund never changes"),
] + [
    (f"post_{name}", "ledger_entry", "UPDATE",
     f"OLD.state = 'draft' AND NEW.state = 'posted' AND {condition}", words)
    for name, condition, words in POSTING
]


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, table, when, condition, words in GUARDS:
        if vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER ledger_{name} BEFORE {when} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        elif vendor == "postgresql":
            # A trigger's WHEN may hold no subquery there, so the condition stands in the function.
            schema_editor.execute(
                f"CREATE FUNCTION ledger_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{words}' "
                f"USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {'OLD' if when == 'DELETE' else 'NEW'}; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER ledger_{name} BEFORE {when} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION ledger_{name}()"
            )


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for name, table, *_ in GUARDS:
        if vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER ledger_{name}")
        elif vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER ledger_{name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION ledger_{name}()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]
    operations = [migrations.RunPython(install, remove)]
