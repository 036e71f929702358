"""The scope guard: a scoped table read without saying for whom raises (ARCHITECTURE, idea 4).

It lives in the lowest room that reaches Django, so that every room above shares one guard (ADR 0003).
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from shouwang.kernel.errors import Unscoped
from shouwang.kernel.scope import Scope

M = TypeVar("M", bound=models.Model)


def within_areas(areas: tuple[str, ...], column: str = "area") -> Q:
    """A condition for rows whose path lies in one of the subtrees; no areas means no rows."""
    if "" in areas:
        return Q()
    condition = Q(pk__in=[])
    for area in areas:
        condition |= Q(**{f"{column}__startswith": area})
    return condition


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that refuses to be evaluated before `within` or `unscoped` was said."""

    _cleared: bool = False

    def within(self, scope: Scope, permission: str | None = None) -> Self:
        """Only rows in sight of `scope`; with `permission`, only where that permission is held."""
        areas = scope.areas if permission is None else scope.areas_for(permission)
        narrowed = self.filter(within_areas(areas, self.area_column()))
        narrowed._cleared = True
        return narrowed

    def unscoped(self, why: str) -> Self:
        """For a room's own actions, where the row was reached through something already in scope."""
        if not why:
            raise Unscoped("say why")
        cleared = self.all()
        cleared._cleared = True
        return cleared

    def area_column(self) -> str:
        return getattr(self.model, "AREA_COLUMN", "area")

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._cleared = self._cleared
        return clone

    def _guard(self) -> None:
        if not self._cleared:
            raise Unscoped(f"{self.model.__name__} read without a scope")

    def _fetch_all(self) -> None:
        self._guard()
        super()._fetch_all()

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """As a value inside another query (`pk__in=…`) it is read just the same."""
        self._guard()
        return super().resolve_expression(*args, **kwargs)

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._guard()
        return super().count()

    def exists(self) -> bool:
        self._guard()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._guard()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard()
        return super().delete()


class ScopedManager(models.Manager[M]):
    """The default manager of every scoped table. Creating rows needs no scope, reading does."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db)

    def within(self, scope: Scope, permission: str | None = None) -> ScopedQuerySet[M]:
        return self.get_queryset().within(scope, permission)

    def unscoped(self, why: str) -> ScopedQuerySet[M]:
        return self.get_queryset().unscoped(why)

    def create(self, **kwargs: Any) -> M:
        return self.unscoped("a new row").create(**kwargs)
