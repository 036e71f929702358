"""A patch of the field: families who came back from Wuhan, and a medic with a log-in who answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.classification.actions import classify_people
from shouwang.journeys.watch_over import watch_over
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.scope import Scope
from shouwang.people.actions import NewHousehold, NewPerson, NewTelephone, admit_people
from shouwang.policy.queries import pack_in_force
from shouwang.screening.actions import record_trip
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, enlist_workers
from tests.town import TOWN, VILLAGE, Town


def serve(town: Town, at: datetime, *, homes: Sequence[UUID], area: str = VILLAGE) -> Actor:
    """A medic with a log-in who answers for these households."""
    user = town.user("village-doctor", "own village")
    worker = NewWorker(area=area, name="向医生", kinds=("medic",), telephone="13800000009", user_id=user.pk)
    enlist_workers(workers=[worker], area=TOWN, by=SYSTEM, at=at)
    slots = [NewAssignment(area, worker.id, "five-to-one", "medic", "household", str(home)) for home in homes]
    assign_many(assignments=slots, area=TOWN, by=SYSTEM, at=at)
    return user.as_actor()


def families(count: int, at: datetime, *, area: str = VILLAGE) -> list[UUID]:
    """Households of one person each, who came back from Wuhan the day before."""
    homes = []
    for n in range(count):
        home = NewHousehold(area, f"9组{n + 1}号", f"9-{n + 1}", f"周{n}")
        number = NewTelephone(f"+86139000{n:05d}", f"139****{n % 10000:04d}")
        one = NewPerson(
            area=area, name=f"周{n}", sort_key="zhou", initials="z", household_id=home.id, telephones=[number]
        )
        admit_people(households=[home], people=[one], area=TOWN, source="test", by=SYSTEM, at=at)
        record_trip(
            person_id=one.id,
            area=area,
            origin_text="武汉",
            origin_code="4201",
            returned_on=at.date() - timedelta(days=1),
            by=SYSTEM,
            at=at,
        )
        homes.append((home.id, one.id))
    revision, pack = pack_in_force(Scope.everything(), area, at)
    people = [person for _, person in homes]
    classify_people(ids=people, area=area, pack=pack, revision_id=revision.id, by=SYSTEM, at=at)
    assert len(watch_over(people=people, area=area, by=SYSTEM, at=at).opened) == count
    return [home for home, _ in homes]
