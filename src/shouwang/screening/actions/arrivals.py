"""到达 Posts, registering who came through them, putting a registration right, and meeting people where they went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.kernel.masking import mask_telephone
from shouwang.kernel.scope import Scope
from shouwang.kernel.telephone import read_telephones
from shouwang.people.sealed import seal
from shouwang.places.gazetteer import resolve
from shouwang.places.queries import place_by_path
from shouwang.screening.actions.reaching import RECORD
from shouwang.screening.actions.reaching_open import NewReach, end_reaches, open_reaches
from shouwang.screening.models import Arrival, ArrivalMeeting, Post

OWN = "reached through scope by the caller"
PURPOSE = "arrival"
TABLE = "screening_arrival"
MOST = 500
"""Arrivals in one call at most: a train's book is typed in by carriage."""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to open."""

    area: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class NewArrival:
    """One person who came through a post. `area`: the place they go to. `corrects` names a registration that
    was wrong, with a reason."""

    id: UUID
    post_id: UUID
    area: str
    arrived_at: datetime
    name: str
    from_text: str
    telephone: str = ""
    plate: str = ""
    address: str = ""
    deci: int | None = None
    symptoms: str = ""
    from_book: bool = False
    corrects: UUID | None = None
    reason: str = ""

    def digest(self) -> UUID:
        """The hash of the content."""
        content = (
            *(self.post_id.int, self.area, self.arrived_at.timestamp(), self.name, self.from_text),
            *(self.telephone, self.plate, self.address, self.deci, self.symptoms, self.from_book),
            *(self.corrects, self.reason),
        )
        return UUID(bytes=blake2b(repr(content).encode(), digest_size=16).digest())


@transaction.atomic
def open_posts(*, posts: Sequence[NewPost], area: str, scope: Scope, by: Actor, at: datetime) -> int:
    """Open posts; one that is open already stays. How many are new. Refuses `not-permitted`, `name-missing`,
    `post-kind`, `place-unknown`."""
    if not scope.allows("place.edit", area):
        raise Refused("not-permitted")
    held = set(Post.objects.within(scope).filter(closed_at__isnull=True).values_list("area", "name"))
    new = []
    for post in posts:
        if not post.name.strip():
            raise Refused("name-missing")
        if post.kind not in Post.Kind.values:
            raise Refused("post-kind", kind=post.kind)
        if not post.area.startswith(area) or place_by_path(scope, post.area) is None:
            raise Refused("place-unknown", place=post.area)
        if (post.area, post.name.strip()) not in held:
            held.add((post.area, post.name.strip()))
            new.append(Post(id=uuid7(), area=post.area, name=post.name.strip(), kind=post.kind))
    for row in new:
        row.by_id, row.by_name, row.recorded_at = by.id, by.name, at
    Post.objects.bulk_create(new)
    append_event(
        verb="screening.posts.opened",
        subject=("area", area),
        area=area,
        by=by,
        at=at,
        payload={"new": len(new)},
    )
    return len(new)


@transaction.atomic
def register_arrivals(
    *, arrivals: Sequence[NewArrival], due_at: datetime, scope: Scope, by: Actor, at: datetime
) -> int:
    """Register people at a post; each comes on the list of the place they go to, to be met by `due_at`.

    All or none; sent again each is one fact. How many were new. Refuses `too-many-arrivals`, `post-not-found`
    (also out of scope), `not-permitted`, `place-unknown`, `arrival-unreadable`, `reason-missing`,
    `arrival-not-found` (what is corrected), `fact-differs`.
    """
    if len(arrivals) > MOST:
        raise Refused("too-many-arrivals", most=MOST)
    ids = {one.post_id for one in arrivals}
    posts = {p.id: p for p in Post.objects.within(scope).filter(id__in=ids, closed_at__isnull=True)}
    for one in arrivals:
        _must_read(one, posts, scope, at)
    _must_be_places({one.area for one in arrivals})
    held = Arrival.objects.unscoped(OWN).filter(id__in=[one.id for one in arrivals])
    digests = dict(held.values_list("id", "digest"))
    if any(digests.get(one.id, one.digest()) != one.digest() for one in arrivals):
        raise Refused("fact-differs")
    fresh = list({one.id: one for one in arrivals if one.id not in digests}.values())
    if not fresh:
        return 0
    _replace([one.corrects for one in fresh if one.corrects], at)
    Arrival.objects.bulk_create([_row(one, posts[one.post_id], by, at) for one in fresh], batch_size=500)
    open_reaches(
        wanted=[NewReach(one.area, "arrival", one.id, PURPOSE, "door", due_at) for one in fresh], at=at
    )
    post = posts[fresh[0].post_id]
    append_event(
        verb="screening.arrivals.registered",
        subject=("post", post.id),
        area=post.area,
        by=by,
        at=at,
        payload={"arrivals": len(fresh), "corrected": sum(one.corrects is not None for one in fresh)},
    )
    return len(fresh)


@transaction.atomic
def mark_met(
    *, arrival_id: UUID, person_id: UUID, trip_id: UUID | None, scope: Scope, by: Actor, at: datetime
) -> None:
    """Say who somebody that arrived is, once they were met. Refuses `arrival-not-found`, `not-permitted`,
    `arrival-met`."""
    row = Arrival.objects.within(scope).select_for_update().filter(id=arrival_id).first()
    if row is None:
        raise Refused("arrival-not-found")
    if not scope.allows(RECORD, row.area):
        raise Refused("not-permitted")
    if ArrivalMeeting.objects.filter(arrival_id=arrival_id).exists():
        raise Refused("arrival-met")
    ArrivalMeeting.objects.create(
        arrival_id=arrival_id,
        person_id=person_id,
        trip_id=trip_id,
        by_id=by.id,
        by_name=by.name,
        recorded_at=at,
    )
    end_reaches(subjects=[arrival_id], purpose=PURPOSE, reason="met", at=at)
    append_event(
        verb="screening.arrival.met",
        subject=("person", person_id),
        area=row.area,
        by=by,
        at=at,
        payload={"arrival": str(arrival_id), "trip": str(trip_id) if trip_id else None},
    )


def _must_read(one: NewArrival, posts: dict[UUID, Post], scope: Scope, at: datetime) -> None:
    post = posts.get(one.post_id)
    if post is None:
        raise Refused("post-not-found")
    if not scope.allows(RECORD, post.area):
        raise Refused("not-permitted")
    wrong = (
        ("name", not one.name.strip() and not one.plate.strip()),
        ("from", not one.from_text.strip()),
        ("arrived_at", one.arrived_at > at),
        ("temperature", one.deci is not None and not 300 <= one.deci <= 450),
    )
    for name, is_wrong in wrong:
        if is_wrong:
            raise Refused("arrival-unreadable", field=name)
    if one.corrects is not None and not one.reason.strip():
        raise Refused("reason-missing")


def _must_be_places(areas: set[str]) -> None:
    everything = Scope.everything()
    for area in areas:
        if place_by_path(everything, area) is None:
            raise Refused("place-unknown", place=area)


def _replace(corrected: Sequence[UUID], at: datetime) -> None:
    """A registration that was wrong leaves the list it was on; once somebody was met it is theirs."""
    if not corrected:
        return
    rows = Arrival.objects.unscoped(OWN).filter(id__in=corrected)
    gone = Arrival.objects.unscoped(OWN).filter(corrects_id__in=corrected).exists()
    met = ArrivalMeeting.objects.filter(arrival_id__in=corrected).exists()
    if rows.count() != len(set(corrected)) or gone or met:
        raise Refused("arrival-not-found")
    end_reaches(subjects=corrected, purpose=PURPOSE, reason="corrected", at=at)


def _row(one: NewArrival, post: Post, by: Actor, at: datetime) -> Arrival:
    number = read_telephones(one.telephone).first
    found = resolve(one.from_text)
    sealed = seal(number, table=TABLE, row=one.id, field="telephone_sealed") if number else None
    return Arrival(
        id=one.id,
        area=one.area,
        post_id=post.id,
        post_area=post.area,
        arrived_at=one.arrived_at,
        name=one.name.strip(),
        telephone_sealed=sealed,
        telephone_masked=mask_telephone(number) if number else "",
        plate=one.plate.strip().upper(),
        from_text=one.from_text.strip(),
        from_code=found.code if found.certainty in ("exact", "likely") else None,
        address=one.address.strip(),
        deci=one.deci,
        symptoms=one.symptoms.strip(),
        from_book=one.from_book,
        digest=one.digest(),
        corrects_id=one.corrects,
        reason=one.reason.strip(),
        by_id=by.id,
        by_name=by.name,
        recorded_at=at,
    )
