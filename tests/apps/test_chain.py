"""责任链 on the database: heads of places, the chain of each kind of target, orphans by SQL as by rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.packs.load import builtin
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.places.actions import add_grid, load_divisions
from shouwang.policy.actions import adopt_builtin
from shouwang.workforce.actions import (
    NewAssignment,
    NewHead,
    NewWorker,
    appoint_heads,
    assign_many,
    discharge_worker,
    end_assignment,
    enlist_workers,
    ensure_duty_desk,
    hand_over_all,
)
from shouwang.workforce.queries import (
    ChainTarget,
    chain_of,
    chains_for,
    ground,
    household_orphans,
    place_orphans,
    team_of,
)
from shouwang.workforce.rules import ChainRule

pytestmark = pytest.mark.django_db
ALL = Scope.everything()
COUNTY, TOWN, VILLAGE, OTHER = "500101", "500101135", "500101135200", "500101135201"
PACK = builtin("cn-2020-longsha")


@pytest.fixture
def grid(at: datetime) -> str:
    """Divisions, a pack in force in the town, and one grid in one village."""
    load_divisions(county=COUNTY, by=SYSTEM, at=at)
    adopt_builtin(pack_id="cn-2020-longsha", area=TOWN, by=SYSTEM, at=at - timedelta(days=3))
    return add_grid(village=VILLAGE, name="第一网格", by=SYSTEM, at=at)


def _worker(at: datetime, name: str, area: str = TOWN) -> UUID:
    worker = NewWorker(area=area, name=name, kinds=("village-cadre",), telephone="13800000001")
    enlist_workers(workers=[worker], area=area, by=SYSTEM, at=at)
    return worker.id


def _home(at: datetime, area: str) -> tuple[UUID, UUID]:
    home = NewHousehold(area=area, address="3组15号", address_key="3-15")
    person = NewPerson(area=area, name="宋云", sort_key="songyun", initials="sy", household_id=home.id)
    admit_people(households=[home], people=[person], area=area, source="test", by=SYSTEM, at=at)
    return home.id, person.id


def _head(area: str, worker: UUID, role: str) -> NewHead:
    return NewHead(area, "chain", role, worker)


def _name(at: datetime, *heads: NewHead, reason: str = "") -> tuple[int, int, int]:
    done = appoint_heads(heads=heads, reason=reason, by=SYSTEM, at=at)
    return done.fresh, done.replaced, done.unchanged


def test_a_person_s_chain_has_five_levels_and_who_answers_at_each(at: datetime, grid: str) -> None:
    home, person = _home(at, grid)
    town, village = _worker(at, "谭镇长"), _worker(at, "向书记")
    _name(at, _head(TOWN, town, "town-head"), _head(VILLAGE, village, "village-secretary"))
    cadre = _worker(at, "杨应忠")
    made = NewAssignment(grid, cadre, "five-to-one", "village-cadre", "household", str(home))
    assign_many(assignments=[made], area=TOWN, by=SYSTEM, at=at)
    chain = chain_of(ALL, "person", person, at)
    who = {level.level: [h.name for h in level.holders] for level in chain.levels}
    assert who == {
        "district": [],
        "street": ["谭镇长"],
        "village": ["向书记"],
        "grid": [],
        "household": ["杨应忠"],
    }
    assert [(p.code, p.holder.name if p.holder else None) for p in chain.persons] == [
        ("secretary", "向书记"),
        ("staff", "杨应忠"),
        ("backbone", None),
    ]
    assert not chain.is_broken


def test_the_chain_of_what_is_out_of_sight_does_not_exist(at: datetime, grid: str) -> None:
    home, person = _home(at, grid)
    elsewhere = Scope("x", (Grant("village-doctor", OTHER, frozenset({"team.view"})),))
    for kind, id_, code in (
        ("place", VILLAGE, "place-not-found"),
        ("household", home, "household-not-found"),
        ("person", person, "person-not-found"),
    ):
        with pytest.raises(Refused, match=code):
            chain_of(elsewhere, kind, id_, at)  # type: ignore[arg-type]


def test_a_head_who_is_replaced_hands_over_without_a_gap_and_with_a_reason(at: datetime, grid: str) -> None:
    old, new = _worker(at, "向书记"), _worker(at, "冉书记")
    assert _name(at, _head(VILLAGE, old, "village-secretary")) == (1, 0, 0)
    with pytest.raises(Refused, match="reason-missing"), transaction.atomic():
        _name(at, _head(VILLAGE, new, "village-secretary"))
    later = at + timedelta(days=1)
    assert _name(later, _head(VILLAGE, new, "village-secretary"), reason="调任") == (0, 1, 0)
    assert _name(later, _head(VILLAGE, new, "village-secretary")) == (0, 0, 1)
    [member] = team_of(ALL, "place", VILLAGE)
    assert (member.worker.name, member.since) == ("冉书记", later)
    with connection.cursor() as cursor:
        cursor.execute(
            "select until, ended_reason, handed_to_id from workforce_assignment where worker_id = %s", [old]
        )
        assert cursor.fetchone() == (later, "调任", member.assignment_id)


def test_one_list_cannot_name_two_people_for_one_place(at: datetime, grid: str) -> None:
    heads = [_head(VILLAGE, _worker(at, name), "village-secretary") for name in ("甲", "乙")]
    with pytest.raises(Refused, match="head-twice"):
        _name(at, *heads)


def test_a_leaver_s_posts_pass_on_and_the_chain_never_breaks(at: datetime, grid: str) -> None:
    old, new = _worker(at, "向书记"), _worker(at, "冉书记")
    _name(at, _head(VILLAGE, old, "village-secretary"), _head(grid, old, "grid-leader"))
    with pytest.raises(Refused, match="assignments-open"), transaction.atomic():
        discharge_worker(worker_id=old, reason="病", by=SYSTEM, at=at)
    hand_over_all(from_worker=old, to_worker=new, reason="病", by=SYSTEM, at=at + timedelta(hours=1))
    discharge_worker(worker_id=old, reason="病", by=SYSTEM, at=at + timedelta(hours=1))
    chain = chain_of(ALL, "place", grid, at + timedelta(hours=1))
    assert [[h.name for h in level.holders] for level in chain.levels[2:]] == [["冉书记"], ["冉书记"]]


def test_a_village_without_anybody_above_is_an_orphan_until_a_desk_or_a_head_stands(
    at: datetime, grid: str
) -> None:
    home, _ = _home(at, grid)
    amiss = ground(ALL, at)
    places = {orphan.id: orphan.broken_at for orphan in place_orphans(amiss, limit=1000)}
    assert places[TOWN] == places[VILLAGE] == places[grid] == "street"
    assert "500101134" not in places, "the other towns adopted no chain"
    assert [o.id for o in household_orphans(ALL, at, amiss)] == [str(home)]
    with transaction.atomic():
        ensure_duty_desk(area=TOWN, name="龙沙镇值班台", by=SYSTEM, at=at)
        assert ground(ALL, at) == []
        transaction.set_rollback(True)
    _name(at, _head(TOWN, _worker(at, "谭镇长"), "town-head"))
    assert household_orphans(ALL, at, ground(ALL, at)) == []


def test_a_household_nobody_lives_in_is_no_orphan(at: datetime, grid: str) -> None:
    home = NewHousehold(area=grid, address="3组16号", address_key="3-16")
    admit_people(households=[home], people=[], area=grid, source="test", by=SYSTEM, at=at)
    assert household_orphans(ALL, at, ground(ALL, at)) == []


def test_orphans_are_paged_without_gap_and_only_within_sight(at: datetime, grid: str) -> None:
    homes = [_home(at, area)[0] for area in (VILLAGE, VILLAGE, OTHER, grid)]
    amiss = ground(ALL, at)
    seen: list[str] = []
    after = ""
    while page := household_orphans(ALL, at, amiss, after=after, limit=1):
        seen += [orphan.id for orphan in page]
        after = page[-1].cursor
    assert sorted(seen) == sorted(str(home) for home in homes)
    own = Scope("x", (Grant("village-cadre", OTHER, frozenset({"team.view"})),))
    assert [o.id for o in household_orphans(own, at, ground(own, at))] == [str(homes[2])]
    first, *rest = place_orphans(amiss, limit=2)
    assert place_orphans(amiss, after=first.cursor, limit=1) == rest


LEVELS = {"street": TOWN, "village": VILLAGE}
ROLE = {
    "street": "town-head",
    "village": "village-secretary",
    "grid": "grid-leader",
    "district": "district-head",
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heads=st.sets(st.sampled_from(["district", "street", "village", "grid", "other"])),
    desks=st.sets(st.sampled_from([COUNTY, TOWN, VILLAGE])),
    own=st.sets(st.integers(0, 3)),
    must=st.sets(st.sampled_from(["street", "village", "grid", "household"])),
    root=st.sampled_from([COUNTY, TOWN]),
    left=st.booleans(),
)
def test_a_chain_is_unbroken_exactly_where_the_statement_finds_no_orphan(
    grid: str,
    at: datetime,
    heads: set[str],
    desks: set[str],
    own: set[int],
    must: set[str],
    root: str,
    left: bool,
) -> None:
    """The rule, target by target, and the SQL over all of them, on random trees of heads, desks and teams."""
    with transaction.atomic():
        places = {"district": COUNTY, "street": TOWN, "village": VILLAGE, "grid": grid, "other": OTHER}
        worker = _worker(at, "甲")
        for level in heads:
            role = ROLE.get(level, "village-secretary")
            _name(at, _head(places[level], worker, role))
        for place in desks:
            ensure_duty_desk(area=place, name="值班台", by=SYSTEM, at=at)
        areas = [grid, VILLAGE, OTHER, TOWN]
        homes = [_home(at, area)[0] for area in areas]
        team = _worker(at, "乙")
        assign_many(
            assignments=[
                NewAssignment(areas[n], team, "five-to-one", "medic", "household", str(homes[n])) for n in own
            ],
            area=TOWN,
            by=SYSTEM,
            at=at,
        )
        if left:  # somebody who stopped serving fills nothing, whatever rows say
            with connection.cursor() as cursor:
                cursor.execute("update workforce_worker set until = %s where id = %s", [at, team])
        levels = tuple(e.model_copy(update={"must_have_own": e.level in must}) for e in PACK.chain)
        rules = [ChainRule(root, levels, ())]
        targets = [ChainTarget("household", str(h), areas[n], h) for n, h in enumerate(homes)]
        targets += [ChainTarget("place", path, path) for path in (grid, VILLAGE, OTHER, TOWN)]
        chains = chains_for(targets, at, rules=rules)
        expected = {(t.kind, t.id): c.broken_at[0] for t, c in chains.items() if c.is_broken}
        amiss = ground(ALL, at, area=TOWN, rules=rules)
        found = [o for o in place_orphans(amiss, limit=9999) if o.id in set(places.values())]
        found += household_orphans(ALL, at, amiss, limit=9999, rules=rules)
        assert {(o.kind, o.id): o.broken_at for o in found} == expected
        transaction.set_rollback(True)


def test_a_hundred_chains_take_as_many_queries_as_one(at: datetime, grid: str) -> None:
    homes = [_home(at, VILLAGE)[0] for _ in range(20)]
    targets = [ChainTarget("household", str(home), VILLAGE, home) for home in homes]
    chains_for(targets[:1], at)
    with CaptureQueriesContext(connection) as one:
        chains_for(targets[:1], at)
    with CaptureQueriesContext(connection) as many:
        chains_for(targets, at)
    assert len(many) == len(one) <= 5


def test_an_ended_post_leaves_a_vacancy_that_the_town_answers_for(at: datetime, grid: str) -> None:
    _name(
        at,
        _head(TOWN, _worker(at, "谭镇长"), "town-head"),
        _head(VILLAGE, _worker(at, "向书记"), "village-secretary"),
    )
    [member] = team_of(ALL, "place", VILLAGE)
    end_assignment(assignment_id=member.assignment_id, reason="离任", by=SYSTEM, at=at + timedelta(hours=1))
    chain = chain_of(ALL, "place", VILLAGE, at)
    village = chain.levels[-1]
    above = chain.answering(village)
    assert village.is_vacant
    assert above is not None
    assert above.holders[0].name == "谭镇长"
