"""The record of acts can be read and added to, never changed: the database itself refuses."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER act_no_update BEFORE UPDATE ON people_act
BEGIN SELECT RAISE(ABORT, 'the record of acts is append-only'); END;
CREATE TRIGGER act_no_delete BEFORE DELETE ON people_act
BEGIN SELECT RAISE(ABORT, 'the record of acts is append-only'); END;
"""
POSTGRES = """
CREATE FUNCTION people_act_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the record of acts is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER act_no_change BEFORE UPDATE OR DELETE ON people_act
FOR EACH ROW EXECUTE FUNCTION people_act_guard();
"""


def install(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in SQLITE.strip().split("END;\n"):
                if statement.strip():
                    cursor.execute(statement.removesuffix("END;") + "END;")
        else:
            cursor.execute(POSTGRES)


def remove(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER act_no_update")
            cursor.execute("DROP TRIGGER act_no_delete")
        else:
            cursor.execute("DROP TRIGGER act_no_change ON people_act")
            cursor.execute("DROP FUNCTION people_act_guard()")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_persons_offices_desk_record")]
    operations = [migrations.RunPython(install, remove)]
