"""Posts, who came through them, and who is to be met where they went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.people.sealed import unseal
from shouwang.screening.models import Arrival, ArrivalMeeting, Post, Reach


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post that is open, with how many came through it in the time asked for."""

    id: UUID
    area: str
    name: str
    kind: str
    arrivals: int = 0


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """Somebody who came through a post. `person_id`: who it is, once met. `is_corrected`: not any more so."""

    id: UUID
    area: str
    post_id: UUID
    post_area: str
    arrived_at: datetime
    name: str
    telephone_masked: str
    plate: str
    from_text: str
    from_code: str | None
    address: str
    deci: int | None
    symptoms: str
    by_name: str
    recorded_at: datetime
    post_name: str = ""
    due_at: datetime | None = None
    person_id: UUID | None = None
    is_corrected: bool = False
    failures: int = 0

    @property
    def cursor(self) -> str:
        """Where the next page goes on."""
        return f"{(self.due_at or self.arrived_at).isoformat()}~{self.id}"


_OWN = ArrivalRow.__slots__[:15]


def posts(scope: Scope, *, since: datetime, area: str | None = None, limit: int = 500) -> list[PostRow]:
    """Open posts in sight by place and name, with the arrivals since then."""
    found = Post.objects.within(scope.narrowed(area) if area else scope).filter(closed_at__isnull=True)
    rows = list(found.order_by("area", "name")[:limit].values_list("id", "area", "name", "kind"))
    through = Arrival.objects.unscoped("of posts in scope").filter(
        post_id__in=[row[0] for row in rows], arrived_at__gte=since
    )
    corrected = Arrival.objects.unscoped("of posts in scope").filter(corrects__isnull=False)
    counted = through.exclude(id__in=corrected.values("corrects_id")).values_list("post_id")
    counts = dict(counted.annotate(n=Count("id")).order_by())
    return [PostRow(*row, counts.get(row[0], 0)) for row in rows]


def post(scope: Scope, post_id: UUID) -> PostRow:
    """One open post. Out of scope does not exist: `post-not-found`."""
    found = Post.objects.within(scope).filter(id=post_id, closed_at__isnull=True)
    values = found.values_list("id", "area", "name", "kind").first()
    if values is None:
        raise Refused("post-not-found")
    return PostRow(*values)


def arrivals_to_meet(
    scope: Scope, *, area: str | None = None, limit: int = 50, after: str = ""
) -> list[ArrivalRow]:
    """Who arrived in the places in sight and has not been met, the most pressing first."""
    open_ones = Reach.objects.within(scope.narrowed(area) if area else scope).filter(
        subject_kind="arrival", state="open"
    )
    due, _, row = after.partition("~")
    try:
        cursor = (datetime.fromisoformat(due), UUID(row)) if row else None
    except ValueError:
        cursor = None
    if cursor is not None:
        open_ones = open_ones.filter(
            Q(next_due_at__gt=cursor[0]) | Q(next_due_at=cursor[0], subject_id__gt=cursor[1])
        )
    waiting = {
        subject: (due_at, failures)
        for subject, due_at, failures in open_ones.order_by("next_due_at", "subject_id").values_list(
            "subject_id", "next_due_at", "failures"
        )[:limit]
    }
    return _rows(list(waiting), waiting)


def arrivals_through(scope: Scope, post_id: UUID, *, limit: int = 20) -> list[ArrivalRow]:
    """The last who came through a post in sight, newest first. Refuses `post-not-found`."""
    post(scope, post_id)
    found = Arrival.objects.unscoped("of a post in scope").filter(post_id=post_id)
    ids = list(found.order_by("-arrived_at", "-id").values_list("id", flat=True)[:limit])
    return _rows(ids, {})


def arrival(scope: Scope, arrival_id: UUID) -> ArrivalRow:
    """One arrival, for whoever sees where they went. Out of scope does not exist: `arrival-not-found`."""
    if not Arrival.objects.within(scope).filter(id=arrival_id).exists():
        raise Refused("arrival-not-found")
    return _rows([arrival_id], {})[0]


def to_meet_count(scope: Scope, at: datetime, *, area: str | None = None) -> tuple[int, int]:
    """How many who arrived are still to be met, and how many of them are late."""
    found = Reach.objects.within(scope.narrowed(area) if area else scope).filter(
        subject_kind="arrival", state="open"
    )
    told = found.aggregate(n=Count("id"), late=Count("id", filter=Q(next_due_at__lt=at)))
    return told["n"], told["late"]


def _rows(ids: list[UUID], waiting: dict[UUID, tuple[datetime | None, int]]) -> list[ArrivalRow]:
    reached = "of arrivals reached through scope"
    held = Arrival.objects.unscoped(reached).filter(id__in=ids).select_related("post")
    rows = {row.id: row for row in held}
    people = dict(ArrivalMeeting.objects.filter(arrival_id__in=ids).values_list("arrival_id", "person_id"))
    corrected = set(
        Arrival.objects.unscoped(reached).filter(corrects_id__in=ids).values_list("corrects_id", flat=True)
    )
    return [
        replace(
            ArrivalRow(*(getattr(rows[i], name) for name in _OWN)),
            post_name=rows[i].post.name,
            due_at=waiting.get(i, (None, 0))[0],
            person_id=people.get(i),
            is_corrected=i in corrected,
            failures=waiting.get(i, (None, 0))[1],
        )
        for i in ids
        if i in rows
    ]


def arrival_telephone(scope: Scope, arrival_id: UUID) -> str:
    """The number somebody gave at the post, in full: for making them a person, never for a page."""
    row = Arrival.objects.within(scope).filter(id=arrival_id).first()
    if row is None or row.telephone_sealed is None:
        return ""
    return unseal(row.telephone_sealed, table="screening_arrival", row=row.id, field="telephone_sealed")


def arrivals_by_ids(scope: Scope, ids: Sequence[UUID]) -> list[ArrivalRow]:
    """These arrivals as far as they are in sight, in the order given."""
    seen = set(Arrival.objects.within(scope).filter(id__in=ids).values_list("id", flat=True))
    return _rows([i for i in ids if i in seen], {})
