from django.db import migrations

from rembug.core.folding import folded

FEW = 2000


def fold(apps, schema_editor):
    """Name and place as questions are read now; the unit keeps words of its own."""
    activities = apps.get_model("planning", "Activity")._base_manager
    some = []
    for row in activities.only("pk", "name", "place", "search").iterator(chunk_size=FEW):
        row.search = folded(row.name, row.place)
        some.append(row)
        if len(some) == FEW:
            activities.bulk_update(some, ["search"], batch_size=500)
            some.clear()
    activities.bulk_update(some, ["search"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0005_meetings_called_off"),
        ("regions", "0003_former_names"),
    ]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
