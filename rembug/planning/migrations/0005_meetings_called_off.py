"""An invitation can be called off, with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0004_kinds_of_items")]

    operations = [
        migrations.AddField(
            "meeting", "cancelled_why", models.CharField(blank=True, max_length=300)
        ),
        migrations.AlterField(
            "meeting",
            "state",
            models.CharField(
                choices=[
                    ("called", "Undangan dibuat"),
                    ("cancelled", "Dibatalkan"),
                    ("held", "Menunggu tanda tangan"),
                    ("returned", "Dikembalikan untuk diperbaiki"),
                    ("signed", "Ditandatangani"),
                ],
                default="called",
                max_length=10,
            ),
        ),
    ]
