"""K8 明日: today is closed from the villages up; tomorrow's list holds every duty once, and all that was left."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from shouwang.journeys.staff_households import staff_households
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.queries import duties, planned_count
from shouwang.oversight.actions import close_day, explain_items, write_task
from shouwang.oversight.queries import carried_of, closed_days, look_at_day, tomorrow_of
from shouwang.oversight.rules import look_hash
from shouwang.workforce.actions import NewWorker, enlist_workers
from tests.acceptance.conftest import CADRE, CLERK, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import check, on, record, rows

DAY = date(2020, 1, 29)
EVENING = on(1, 29, 20, 20)


def _explain(area: str, at: datetime = EVENING) -> int:
    look = look_at_day(EVERYTHING, area, DAY, at)
    told = 0
    for kind in sorted({row.kind for row in look.unexplained}):
        told += explain_items(
            **{
                "command": uuid7(),
                "scope": EVERYTHING,
                "area": area,
                "day": DAY,
                "kind": kind,
                "items": None,
            },
            **{"reason": "time", "by": CADRE, "at": at},
        )
    return told


def _close(area: str, at: datetime, **more: str) -> int:
    looked = look_hash(look_at_day(EVERYTHING, area, DAY, at))
    return close_day(scope=EVERYTHING, area=area, day=DAY, looked=looked, by=CADRE, at=at, **more)


def _staffed(town: LongshaTown) -> None:
    """A cadre and a medic for every village; half of the morning's visits are done."""
    villages = [row[0] for row in rows("select distinct left(area, 12) from observation_file order by 1")]
    workers = [
        NewWorker(area=village, name=f"{kind}{n}", kinds=(kind,))
        for n, village in enumerate(villages)
        for kind in ("village-cadre", "medic", "village-cadre", "medic", "village-cadre")
    ]
    enlist_workers(workers=workers, area=TOWN, by=CLERK, at=on(1, 29, 8))
    staff_households(area=TOWN, scope=EVERYTHING, by=CLERK, at=on(1, 29, 8))
    files = [
        UUID(str(row[0])) for row in rows("select id from observation_file where state = 'open' order by id")
    ]
    seen = [check(one, on(1, 29, 10)) for one in files[::2]]
    for start in range(0, len(seen), 200):
        record(town, *seen[start : start + 200], at=on(1, 29, 10))


def test_the_day_is_closed_from_the_villages_up(town: LongshaTown) -> None:
    _staffed(town)
    look = look_at_day(EVERYTHING, TOWN, DAY, EVENING)
    left = {kind.gap.code: kind.total for kind in look.kinds}
    assert left["check-missed"] > 500
    busy = [place.area for place in look.below if place.area not in look.quiet]
    assert len(busy) >= 12
    for village in busy[:-1]:
        _explain(village)
        assert _close(village, EVENING) == 1
    at = on(1, 29, 20, 55)
    late = look_at_day(EVERYTHING, TOWN, DAY, at)
    assert [place.area for place in late.missing] == [busy[-1]]
    assert late.missing[0].state == "late"
    assert late.state.state == "late", "the town's own hour is over too"
    _explain_own = _explain_town_own(at)
    with pytest.raises(Refused, match="places-not-closed"):
        _close(TOWN, at)
    assert _close(TOWN, at, without="末一个村停电，电话报过数") == 1
    content = closed_days(EVERYTHING, TOWN, DAY)[0].content
    states = {area: state for area, state, _, _ in content["below"]}
    assert sum(state == "closed" for state in states.values()) == len(busy) - 1
    assert states[busy[-1]] == "not-closed"
    for kind in content["kinds"]:
        assert kind["total"] == left[kind["kind"]] == len(kind["own"]) + sum(kind["below"].values())
    assert content["figures"]["done"] > 0
    assert {"late", "refused", "not-home", "lost"} <= set(content["figures"])
    assert _explain_own >= 0


def _explain_town_own(at: datetime) -> int:
    """What no village answers for (a vacancy of the town itself) is explained by the town, item by item."""
    told = 0
    for row in look_at_day(EVERYTHING, TOWN, DAY, at).unexplained:
        told += explain_items(
            **{"command": uuid7(), "scope": EVERYTHING, "area": TOWN, "day": DAY, "kind": row.kind},
            **{"items": [row.key], "reason": "no-staff", "by": CLERK, "at": at},
        )
    return told


def test_tomorrow_holds_every_duty_once_and_everything_carried_over(town: LongshaTown) -> None:
    _staffed(town)
    village = rows("select area from observation_file group by 1 order by count(*) desc limit 1")[0][0]
    carried = _explain(village)
    told = tomorrow_of(EVERYTHING, TOWN, DAY)
    files = [duty.file_id for duty in told.duties if duty.kind != "test"]
    assert len(files) == len(set(files))
    checks, releases, samples = planned_count(EVERYTHING, told.day, area=TOWN)
    assert checks + releases == len(files) > 500
    assert samples == len(told.duties) - len(files)
    morning = on(1, 30, 6, 30)
    due = {duty.file_id for duty in duties(EVERYTHING, morning, area=TOWN, limit=10_000)}
    assert due <= set(files), "whatever the morning's list asks for stood on the list of the evening before"
    assert len(told.carried) == carried == len(carried_of(EVERYTHING, village, DAY))
    owners = {duty.owner_id for duty in told.duties}
    assert len(owners) > 20
    parts = [tomorrow_of(EVERYTHING, TOWN, DAY, worker=owner) for owner in owners]
    assert sorted(str(d.file_id) for part in parts for d in part.duties if d.kind != "test") == sorted(
        map(str, files)
    )
    takers = {one.to_worker for one in told.carried if one.to_worker}
    assert takers <= owners


def test_what_the_meeting_decides_stands_on_the_list_of_who_does_it(town: LongshaTown) -> None:
    _staffed(town)
    owner = tomorrow_of(EVERYTHING, TOWN, DAY).duties[0].owner_id
    write_task(
        **{"id": uuid7(), "scope": EVERYTHING, "area": TOWN, "day": DAY, "text": "到3组补送告知书"},
        **{"owner": owner, "due_at": on(1, 30, 12), "by": CLERK, "at": on(1, 29, 21, 10)},
    )
    mine = tomorrow_of(EVERYTHING, TOWN, DAY, worker=owner)
    assert [task.text for task in mine.tasks] == ["到3组补送告知书"]
    assert mine.duties
