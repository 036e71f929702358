"""Reading the journal, and proving that nobody changed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from shouwang.journal.models import ChainHead, Event
from shouwang.journal.rules import GENESIS, Link, first_break
from shouwang.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as others read it."""

    id: UUID
    verb: str
    area: str
    subject_kind: str
    subject_id: str
    actor_id: str
    actor_name: str
    at: datetime
    payload: dict[str, object]


def events_about(scope: Scope, kind: str, ids: list[str], *, limit: int = 500) -> list[EventRow]:
    """Events about these subjects that the scope may see, newest first."""
    rows = Event.objects.within(scope).filter(subject_kind=kind, subject_id__in=ids)
    return [_row(event) for event in rows.order_by("-at", "-seq")[:limit]]


def event_page(
    scope: Scope,
    *,
    verbs: tuple[str, ...] = (),
    actor: str = "",
    about: tuple[str, str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[EventRow]:
    """A page of events, newest first; `verbs` are prefixes, `about` a subject (kind, id), `after` the (at, id) of the
    last row shown."""
    rows = Event.objects.within(scope)
    if verbs:
        wanted = Q(pk__in=[])
        for prefix in verbs:
            wanted |= Q(verb__startswith=prefix)
        rows = rows.filter(wanted)
    if actor:
        rows = rows.filter(actor_name__startswith=actor)
    if about is not None:
        rows = rows.filter(subject_kind=about[0], subject_id=about[1])
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lte=until)
    if after is not None:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], id__lt=after[1]))
    return [_row(event) for event in rows.order_by("-at", "-id")[:limit]]


def broken_chains() -> list[tuple[str, int]]:
    """Every chain that does not verify, with the seq of its first broken or missing link.

    Unscoped: `verify` looks at everything and tells no content.
    """
    broken = []
    heads = {head.chain: head for head in ChainHead.objects.all()}
    stored = set(Event.objects.unscoped("verify").values_list("chain", flat=True).distinct())
    for chain in sorted(stored | set(heads)):
        at_seq = first_break(_links(chain))
        last = Event.objects.unscoped("verify").filter(chain=chain).order_by("-seq").first()
        if at_seq is None and not _head_agrees(heads.get(chain), last):
            at_seq = (last.seq if last else 0) + 1
        if at_seq is not None:
            broken.append((chain, at_seq))
    return broken


def last_event_at() -> datetime | None:
    """The latest instant anything was done at, None in an empty journal. Unscoped: tells no content."""
    latest: datetime | None = Event.objects.unscoped("an instant, no content").aggregate(last=Max("at"))[
        "last"
    ]
    return latest


def event_count() -> int:
    """How many events there are. Unscoped: a count for `verify`."""
    return Event.objects.unscoped("verify").count()


def _head_agrees(head: ChainHead | None, last: Event | None) -> bool:
    if head is None:
        return last is None
    return (head.seq, head.hash) == ((last.seq, last.hash) if last else (0, GENESIS))


def _links(chain: str) -> Iterator[tuple[Link, str, str]]:
    rows = Event.objects.unscoped("verify").filter(chain=chain).order_by("seq")
    for e in rows.iterator(chunk_size=2000):
        link = Link(
            e.seq, e.verb, e.area, e.subject_kind, e.subject_id, e.actor_id, e.actor_name, e.at, e.payload
        )
        yield link, e.prev_hash, e.hash


def _row(e: Event) -> EventRow:
    return EventRow(
        e.id, e.verb, e.area, e.subject_kind, e.subject_id, e.actor_id, e.actor_name, e.at, e.payload
    )
