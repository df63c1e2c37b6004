from django.db import migrations, models

from rembug.core.folding import folded


def fold(apps, schema_editor):
    """What was kept in lower case is written as questions are read now."""
    units = apps.get_model("regions", "Unit")._base_manager
    some = []
    for unit in units.only("pk", "search").iterator():
        unit.search = folded(unit.search)
        some.append(unit)
    units.bulk_update(some, ["search"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("regions", "0002_agencies")]

    operations = [
        migrations.AddField("unit", "former", models.JSONField(blank=True, default=list)),
        migrations.AlterField("unit", "search", models.CharField(blank=True, max_length=600)),
        migrations.RunPython(fold, migrations.RunPython.noop, elidable=True),
    ]
