from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0003_former_names")]

    operations = [
        migrations.AddField("city", "english", models.JSONField(blank=True, default=dict)),
    ]
