from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0004_old_names_in_addresses")]

    operations = [
        migrations.AddField("city", "english", models.JSONField(blank=True, default=dict)),
    ]
