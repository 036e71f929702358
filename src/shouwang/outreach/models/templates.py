"""文书样式: a town's own wording and looks of its papers, version by version, and its logo. Never changed."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.ids import uuid7


class Logo(models.Model):
    """标志: a picture for the head of papers, PNG or JPEG, known by the digest of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=5)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    raw = models.BinaryField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["Logo"]()

    class Meta:
        db_table = "outreach_logo"
        constraints = [models.UniqueConstraint(fields=["area", "sha256"], name="outreach_logo_once")]


class PaperTemplate(models.Model):
    """文书样式: one version of a town's wording and looks of one kind of paper; the highest version holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.TextField()
    kind = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField(blank=True)
    """A paragraph a line; blank title and body: the wording of the pack."""
    office = models.TextField(blank=True)
    seal_line = models.TextField(blank=True)
    red_head = models.TextField(blank=True)
    logo = models.CharField(max_length=64, blank=True)
    """Digest of the picture."""
    reason = models.TextField()
    by_id = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = ScopedManager["PaperTemplate"]()

    class Meta:
        db_table = "outreach_papertemplate"
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "version"], name="outreach_papertemplate_version")
        ]
        indexes = [
            models.Index(
                OpClass(F("area"), "text_pattern_ops"), F("kind"), name="outreach_papertemplate_area"
            )
        ]
