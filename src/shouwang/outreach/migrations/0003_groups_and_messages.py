import django.contrib.postgres.indexes
import django.db.models.deletion
import shouwang.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0002_append_only"),
        ("workforce", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shouwang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("area", models.TextField()),
                ("kind", models.CharField(max_length=20)),
                ("title", models.TextField()),
                ("settings", models.JSONField(default=dict)),
                ("secret_sealed", models.BinaryField()),
                ("of_group", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("last_success_at", models.DateTimeField(null=True)),
                ("last_code", models.TextField(blank=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("blocked_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "outreach_channel",
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(models.F("area"), "text_pattern_ops"),
                        models.F("id"),
                        name="outreach_channel_area",
                    ),
                    models.Index(
                        condition=models.Q(("stopped_at__isnull", False)),
                        fields=["stopped_at"],
                        name="outreach_channel_stopped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shouwang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("area", models.TextField()),
                ("target_kind", models.CharField(max_length=20)),
                ("target_id", models.TextField()),
                ("role_set", models.CharField(max_length=40)),
                ("name", models.TextField()),
                ("formed_at", models.DateTimeField()),
                ("created_at", models.DateTimeField(null=True)),
                ("connected_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.TextField(blank=True)),
                ("wanted", models.PositiveSmallIntegerField(default=0)),
                ("to_do", models.PositiveSmallIntegerField(default=0)),
                (
                    "channel",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.channel",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.worker",
                    ),
                ),
            ],
            options={
                "db_table": "outreach_chatgroup",
            },
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shouwang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("area", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("text_hash", models.CharField(max_length=64)),
                ("began_at", models.DateTimeField()),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outreach.channel"
                    ),
                ),
            ],
            options={
                "db_table": "outreach_deliveryattempt",
            },
        ),
        migrations.CreateModel(
            name="DeliveryResult",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shouwang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("outcome", models.CharField(max_length=12)),
                ("code", models.TextField(blank=True)),
                ("receipt", models.TextField(blank=True)),
                ("by_id", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.deliveryattempt",
                    ),
                ),
            ],
            options={
                "db_table": "outreach_deliveryresult",
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shouwang.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField()),
                ("role", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("added_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="outreach.chatgroup"
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workforce.worker",
                    ),
                ),
            ],
            options={
                "db_table": "outreach_groupmember",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("area", models.TextField()),
                ("template", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("revision_id", models.UUIDField(null=True)),
                ("to_kind", models.CharField(max_length=20)),
                ("to_id", models.UUIDField()),
                ("about_kind", models.CharField(max_length=30)),
                ("about_id", models.TextField()),
                ("urgent", models.BooleanField(default=False)),
                ("state", models.CharField(default="queued", max_length=12)),
                ("queued_at", models.DateTimeField()),
                ("queued_by", models.TextField()),
                ("next_at", models.DateTimeField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("maybe_twice", models.BooleanField(default=False)),
                ("destination_sealed", models.BinaryField(default=b"")),
                ("last_code", models.TextField(blank=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="outreach.channel",
                    ),
                ),
            ],
            options={
                "db_table": "outreach_message",
            },
        ),
        migrations.AddField(
            model_name="deliveryattempt",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="outreach.message"
            ),
        ),
        migrations.AddIndex(
            model_name="chatgroup",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(models.F("area"), "text_pattern_ops"),
                models.F("name"),
                models.F("id"),
                name="outreach_chatgroup_area",
            ),
        ),
        migrations.AddIndex(
            model_name="chatgroup",
            index=models.Index(fields=["leader"], name="outreach_chatgroup_leader"),
        ),
        migrations.AddConstraint(
            model_name="chatgroup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("target_kind", "target_id", "role_set"),
                name="outreach_chatgroup_once",
            ),
        ),
        migrations.AddIndex(
            model_name="deliveryresult",
            index=models.Index(fields=["attempt"], name="outreach_result_attempt"),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["group", "since"], name="outreach_groupmember_group"),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(
                condition=models.Q(("until__isnull", True)),
                fields=["worker"],
                name="outreach_groupmember_worker",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.OrderBy(models.F("urgent"), descending=True),
                models.F("next_at"),
                models.F("id"),
                condition=models.Q(("state", "queued")),
                name="outreach_message_queued",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "sending")),
                fields=["lease_until"],
                name="outreach_message_sending",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(models.F("area"), "text_pattern_ops"),
                models.OrderBy(models.F("queued_at"), descending=True),
                name="outreach_message_area",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.OrderBy(models.F("queued_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="outreach_message_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["refused", "uncertain", "dead"])),
                fields=["state", "queued_at"],
                name="outreach_message_trouble",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["to_id", "queued_at"], name="outreach_message_to"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["queued", "sending", "sent", "refused", "uncertain", "dead"])
                ),
                name="outreach_message_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "queued"), _negated=True), ("next_at__isnull", False), _connector="OR"
                ),
                name="outreach_message_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sending"), _negated=True),
                    models.Q(("channel__isnull", False), ("lease_until__isnull", False)),
                    _connector="OR",
                ),
                name="outreach_message_lease",
            ),
        ),
        migrations.AddIndex(
            model_name="deliveryattempt",
            index=models.Index(fields=["channel", "began_at"], name="outreach_attempt_rate"),
        ),
        migrations.AddConstraint(
            model_name="deliveryattempt",
            constraint=models.UniqueConstraint(fields=("message", "number"), name="outreach_attempt_once"),
        ),
    ]
