"""Everyone of a place is classified again, and whoever is newly found gets a file and an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shouwang.classification.actions import classify_area
from shouwang.classification.queries import counts, decided_since, people_in
from shouwang.journeys.watch_over import Watched, watch_over
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.policy.queries import pack_in_force


@dataclass(frozen=True, slots=True)
class Reclassified:
    """How many changed, from what to what, how many stand where now, and who was newly watched over."""

    changed: int
    moves: tuple[tuple[str | None, str | None, int], ...]
    counts: dict[str, int]
    watched: Watched


@transaction.atomic
def reclassify(*, area: str, by: Actor, at: datetime) -> Reclassified:
    """Classify everyone below `area` by the pack in force there at `at`.

    Refuses `no-pack-in-force`, and `classified-since`: what was decided later is never overwritten by an
    earlier moment.
    """
    everything = Scope.everything()
    if decided_since(everything, area, at):
        raise Refused("classified-since", at=at.isoformat())
    revision, pack = pack_in_force(everything, area, at)
    outcome = classify_area(area=area, pack=pack, revision_id=revision.id, by=by, at=at)
    watched_categories = [category.code for category in pack.categories if category.protocol]
    people = people_in(everything, area, watched_categories)
    watched = watch_over(people=people, area=area, by=by, at=at)
    return Reclassified(outcome.changed, outcome.counts, counts(everything, area), watched)
