"""账户: users, what they are granted where, and approvals by a second person."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from shouwang.journal.scoped import ScopedManager
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Finds users by log-in name."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """用户: a log-in. What the person may see hangs on grants, never on the user row."""

    PERSONAL: ClassVar[dict[str, str]] = {
        "name": "staff; three years after the last grant ends",
        "email": "staff; three years after the last grant ends",
    }
    UNSCOPED: ClassVar[str] = "a log-in has no place; queries narrow it by its grants"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    EMAIL_FIELD = "email"

    class Meta:
        db_table = "accounts_user"

    def get_full_name(self) -> str:
        return self.name

    def as_actor(self) -> Actor:
        return Actor(str(self.id), self.name or self.username)


class Grant(models.Model):
    """授权: one role, over one place subtree, from an instant until another (or until further notice)."""

    UNSCOPED: ClassVar[str] = "scopes are built from it; queries narrow it by `Scope.sees`"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=40)
    area = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_grant"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="accounts_grant_order"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "area"], condition=Q(until__isnull=True), name="accounts_grant_once"
            ),
        ]


class Approval(models.Model):
    """二人批准: a request frozen when it was made, decided by somebody else (ARCHITECTURE, Restrictions)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60)
    area = models.TextField()
    permission = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.TextField()
    payload = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    reason = models.TextField()
    asked_by = models.TextField()
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.TextField(blank=True)
    decided_by_name = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    objects = ScopedManager["Approval"]()

    class Meta:
        db_table = "accounts_approval"
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
                name="accounts_approval_two_persons",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="accounts_approval_reason"),
        ]
        indexes = [models.Index(fields=["state", "area"], name="accounts_approval_waiting")]
