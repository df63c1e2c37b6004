from django.db import migrations

from rembug.core.folding import folded


def fold(apps, schema_editor):
    """Prices loaded before are found as questions are read now."""
    prices = apps.get_model("programs", "PriceItem")._base_manager
    some = []
    for row in prices.only("pk", "name", "spec", "search").iterator():
        row.search = folded(row.name, row.spec, longest=380)
        some.append(row)
    prices.bulk_update(some, ["search"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_programmes_and_rules")]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop, elidable=True)]
