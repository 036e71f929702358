import shouwang.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0004_delivery_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shouwang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("area", models.TextField(unique=True)),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "db_table": "outreach_grouparea",
            },
        ),
        migrations.AddField(
            model_name="channel",
            name="key_digest",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True), ("of_group", True)),
                fields=("key_digest",),
                name="outreach_channel_robot_once",
            ),
        ),
    ]
