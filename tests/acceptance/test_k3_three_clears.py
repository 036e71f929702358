"""K3 三清: a computed completeness check of the town, each criterion with its list, and up the tree."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Grant, Scope
from shouwang.oversight.queries import clear_states, gap_by_area, gap_count, gap_rows, moment_of
from shouwang.oversight.queries.gaps.reading import cursor_of
from shouwang.oversight.rules import GAPS, GapMoment
from shouwang.workforce.queries import ground, household_orphans, place_orphans
from tests.acceptance.conftest import EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import check, on, record, rows

DAY = date(2020, 1, 29)
EVENING = on(1, 29, 20, 40)


def _moment(area: str = TOWN) -> GapMoment:
    return moment_of(EVERYTHING, area, DAY, EVENING)


def _left() -> dict[str, int]:
    return {c.gap.code: c.left for state in clear_states(EVERYTHING, _moment()) for c in state.criteria}


def _one(sql: str, *params: object) -> int:
    return int(rows(sql, *params)[0][0])


def test_the_town_is_checked_by_the_criteria_of_its_pack(town: LongshaTown) -> None:
    states = clear_states(EVERYTHING, _moment())
    assert [state.clear.code for state in states] == ["people", "measures", "responsibility"]
    assert all(not state.unknown for state in states), "every criterion of the shipped pack is computed"
    assert not states[0].is_clear
    left = _left()
    assert left["to-verify"] == _one("select count(*) from screening_verifyitem where resolved_at is null")
    assert left["no-household"] == _one(
        "select count(*) from classification_standing s join people_person p on p.id = s.person_id"
        " where s.category is not null and p.household_id is null"
    )
    restricted = _one("select count(*) from observation_file where state = 'open' and restricts")
    assert left["notice-not-served"] == restricted > 0, "no notice has been issued on the first evening"
    desk = _one(
        "select count(*) from observation_file f join workforce_worker w on w.id = f.owner_id"
        " where f.state = 'open' and w.kinds::text like '%%duty-desk%%'"
    )
    assert left["owner-desk"] == desk > 500, "nobody has been staffed yet"
    homes = _one("select count(distinct household_id) from observation_file where state = 'open'")
    assert left["role-vacant"] == homes * 5
    amiss = ground(EVERYTHING, EVENING, area=TOWN)
    homes_alone = household_orphans(EVERYTHING, EVENING, amiss, limit=100_000)
    assert left["chain-broken"] == len(place_orphans(amiss, limit=100_000)) + len(homes_alone)


def test_what_is_put_right_leaves_the_list(town: LongshaTown) -> None:
    before = _left()
    with connection.cursor() as cursor:
        cursor.execute(
            "update screening_verifyitem set resolved_at = %s, how = 'confirmed' where id in"
            " (select id from screening_verifyitem where resolved_at is null order by id limit 3)",
            [EVENING],
        )
    assert _left()["to-verify"] == before["to-verify"] - 3
    late = rows(
        "select id from observation_file where state = 'open' and next_due_at <= %s order by id limit 1",
        EVENING,
    )
    record(town, check(UUID(str(late[0][0])), on(1, 29, 20, 30)), at=on(1, 29, 20, 30))
    assert _left()["silent-a-day"] <= before["silent-a-day"]


def test_each_list_is_paged_and_as_long_as_it_says(town: LongshaTown) -> None:
    moment = _moment()
    for gap in GAPS:
        whole = gap_rows(EVERYTHING, gap.code, moment, limit=None)
        assert len(whole) == gap_count(EVERYTHING, gap.code, moment), gap.code
        assert len({(row.area, row.key) for row in whole}) == len(whole), gap.code
    seen, after = [], ""
    while page := gap_rows(EVERYTHING, "owner-desk", moment, after=after, limit=100):
        seen += page
        after = cursor_of(page[-1])
    assert seen == gap_rows(EVERYTHING, "owner-desk", moment, limit=None)


def test_villages_sum_to_the_town(town: LongshaTown) -> None:
    for state in clear_states(EVERYTHING, _moment()):
        for criterion in state.criteria:
            assert sum(criterion.below.values()) == criterion.left, criterion.gap.code
    village = rows("select area, count(*) from observation_file group by 1 order by 2 desc")[0][0]
    inside = {c.gap.code: c.left for s in clear_states(EVERYTHING, _moment(village)) for c in s.criteria}
    for code, number in inside.items():
        leaves = gap_by_area(EVERYTHING, code, _moment())
        assert number == sum(n for area, n in leaves.items() if area.startswith(village)), code


def test_a_village_sees_its_own_and_nobody_elses(town: LongshaTown) -> None:
    areas = [row[0] for row in rows("select area from observation_file group by 1 order by count(*) desc")]
    village = Scope("u", (Grant("village-cadre", areas[0], frozenset({"observation.view"})),))
    assert clear_states(village, _moment(areas[0]))
    for other in (areas[1], TOWN):
        with pytest.raises(Refused, match="place-not-found"):
            clear_states(village, _moment(other))
        assert gap_rows(village, "owner-desk", _moment(other)) == []
