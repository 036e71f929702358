"""A door is one door in its village, whichever grid it was put into."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="dwelling",
            name="places_dwelling_once",
        ),
        migrations.AddConstraint(
            model_name="dwelling",
            constraint=models.UniqueConstraint(
                models.Case(
                    models.When(
                        area__regex="^\\d{12}", then=django.db.models.functions.text.Left("area", 12)
                    ),
                    default=models.F("area"),
                    output_field=models.TextField(),
                ),
                models.F("address_key"),
                name="places_dwelling_once",
            ),
        ),
    ]
