"""日志: one row per thing done, never changed, chained by hash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from shouwang.journal.scoped import ScopedManager


class ChainHead(models.Model):
    """链尾: the last link of one chain. A chain is a shard (a town): towns do not wait for each other."""

    UNSCOPED: ClassVar[str] = "holds hashes only; read by verify and by the action that appends"

    chain = models.TextField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "journal_chain_head"


class Event(models.Model):
    """日志条目: who did what to what, when, and the hash of the event before. No personal data by value."""

    id = models.UUIDField(primary_key=True)
    chain = models.TextField()
    seq = models.BigIntegerField()
    verb = models.TextField()
    area = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField()
    actor_id = models.TextField()
    actor_name = models.TextField()
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = ScopedManager["Event"]()

    class Meta:
        db_table = "journal_event"
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="journal_event_chain_seq")]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="journal_event_subject"),
            models.Index(fields=["verb", "at"], name="journal_event_verb_at"),
            models.Index(models.F("area"), models.F("at"), name="journal_event_area_at"),
        ]
