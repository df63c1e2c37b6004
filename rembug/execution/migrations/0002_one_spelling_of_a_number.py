"""A paper's number is one number in whatever case and with whatever blanks; the database sees to it."""

from collections import Counter

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace, Upper

NUMBERS = {
    "work": ["contract_no", "inspection_no", "handover_no", "return_slip"],
    "tranche": ["spp_no", "spm_no", "sp2d_no"],
}


def refuse_twins(apps, schema_editor):
    """Numbers given twice before must be told apart by hand: say which, before anything is changed."""
    twins = []
    for model, columns in NUMBERS.items():
        rows = apps.get_model("execution", model)._base_manager
        for column in columns:
            told = rows.exclude(**{column: ""}).values_list("city_id", column)
            seen = Counter((city, number.replace(" ", "").upper()) for city, number in told)
            twins += [f"{city} {column} {no}" for (city, no), times in seen.items() if times > 1]
    if twins:
        raise ValueError(
            "Nomor surat yang sama dipakai dua kali dengan ejaan berbeda. Bedakan dulu: " + "; ".join(twins)
        )


def steps():
    for model, columns in NUMBERS.items():
        for column in columns:
            name, key = f"{model}_{column}_once", f"{column}_key"
            yield migrations.RemoveConstraint(model_name=model, name=name)
            field = models.GeneratedField(
                expression=Upper(Replace(F(column), Value(" "), Value(""))),
                output_field=models.CharField(max_length=80),
                db_persist=True,
            )
            yield migrations.AddField(model_name=model, name=key, field=field)
            once = models.UniqueConstraint(
                fields=["city", key], condition=~Q(**{column: ""}), name=name
            )
            yield migrations.AddConstraint(model_name=model, constraint=once)


class Migration(migrations.Migration):
    dependencies = [("execution", "0001_pokmas_works_reports_receipts")]

    operations = [migrations.RunPython(refuse_twins, migrations.RunPython.noop), *steps()]
