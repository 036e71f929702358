"""B4 责任链: in a town of 42,000 every place, household and person has an unbroken chain; alerts climb it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from shouwang.accounts.actions import create_user, grant_role
from shouwang.journeys.appoint_heads import HeadLine, name_heads
from shouwang.journeys.divide_by_list import divide_by_list, read_grids
from shouwang.journeys.escalate import escalate
from shouwang.journeys.prove_chains import orphan_counts, orphans
from shouwang.journeys.replace_worker import replace_worker
from shouwang.journeys.staff_households import staff_households
from shouwang.journeys.verify_house import verify_house
from shouwang.observation.queries import files_by_ids, ladders, open_alerts
from shouwang.places.queries import group_counts, subtree
from shouwang.workforce.actions import NewWorker, enlist_workers
from shouwang.workforce.queries import ChainTarget, chain_of, chains_for, posts, team_of, vacant_posts
from tests.acceptance.conftest import CLERK, EVERYTHING, OTHERS_CAME, TOWN, LongshaTown
from tests.acceptance.watching import check, on, record, rows
from tests.town import FixedClock

AT = OTHERS_CAME
VACANT = 2
MINUTE = timedelta(minutes=1)


def _villages() -> list[str]:
    return [place.path for place in subtree(EVERYTHING, TOWN, level="village")]


def _named(besides: int = 0) -> None:
    """A head for the town and a secretary for every village but the last few, from one list."""
    lines = [HeadLine(1, TOWN, "谭镇长", "13900000000")]
    lines += [
        HeadLine(n, path, f"书记{n}", f"1390000{n:04d}")
        for n, path in enumerate(_villages()[: len(_villages()) - besides], 2)
    ]
    done = name_heads(lines=lines, area=TOWN, reason="", scope=EVERYTHING, by=CLERK, at=AT)
    assert (done.fresh, done.refused) == (len(lines), ())


def _households() -> list[ChainTarget]:
    found = rows("select h.id, h.area from people_household h where exists"
                 " (select 1 from people_person p where p.household_id = h.id) order by h.id")  # fmt: skip
    return [ChainTarget("household", str(key), area, key) for key, area in found]


def test_every_household_and_person_of_the_town_has_an_unbroken_chain(town: LongshaTown) -> None:
    targets = _households()
    assert len(targets) > 13_000
    with CaptureQueriesContext(connection) as queries:
        chains = chains_for(targets, AT)
    assert len(queries) <= 5
    assert not any(chain.is_broken for chain in chains.values())
    people = rows("select id, area, household_id from people_person where merged_into_id is null")
    assert len(people) > 41_000
    targets = [ChainTarget("person", str(key), area, home) for key, area, home in people]
    assert not any(chain.is_broken for chain in chains_for(targets, AT).values())
    assert orphan_counts(EVERYTHING, AT) == {"place": 0, "household": 0, "person": 0}


def test_the_five_levels_of_a_person_are_named_from_the_district_to_the_household(town: LongshaTown) -> None:
    _named()
    person, home, area = rows(
        "select person_id, household_id, area from observation_file where state = 'open' order by id limit 1"
    )[0]
    grid = _divided_on_the_page(area)
    assert rows("select area from people_person where id = %s", person) == [(grid,)]
    enlist_workers(workers=_team(area), area=TOWN, by=CLERK, at=AT)
    staff_households(area=area, scope=EVERYTHING, by=CLERK, at=AT)
    name_heads(
        lines=[HeadLine(1, grid, "网格长甲", "13900009999")], area=TOWN, reason="", scope=EVERYTHING,
        by=CLERK, at=AT,
    )  # fmt: skip
    chain = chain_of(EVERYTHING, "person", person, AT)
    assert [level.level for level in chain.levels] == ["district", "street", "village", "grid", "household"]
    assert [bool(level.holders) for level in chain.levels] == [False, True, True, True, True]
    assert [level.kept for level in chain.levels] == [False, True, True, True, True]
    assert [(p.code, p.holder is not None) for p in chain.persons] == [
        ("secretary", True),
        ("staff", True),
        ("backbone", home is not None and len(_neighbours(home)) > 0),
    ]


def _divided_on_the_page(village: str) -> str:
    """Divide a village as a clerk does: one grid, and every door of the village into it."""
    clerk = create_user(username="clerk", name="冉晓梅", password="correct horse", by=CLERK, at=AT)
    grant_role(user_id=clerk.id, role="town-clerk", area=TOWN, by=CLERK, at=AT)
    with override_settings(CLOCK=FixedClock(AT), REQUIRE_MFA=False):
        client = Client()
        client.force_login(clerk)
        page = f"/grids/{village}/"
        grid = client.post(f"{page}add/", {"name": "第一网格"})["Location"].split("into=")[1]
        assert client.post(f"{page}range/", {"group": "*", "into": grid}).status_code == 302
    return grid


def test_every_door_of_the_town_goes_into_grids_by_one_list_and_nobody_is_alone(town: LongshaTown) -> None:
    villages = _villages()
    names = {place.path: place.name for place in subtree(EVERYTHING, TOWN, level="village")}
    lines = [
        f"{names[village]},第{1 + n % 3}网格,{one.group or '全部'}"
        for village in villages
        for n, one in enumerate(group_counts(EVERYTHING, village))
    ]
    before = rows("select count(*), count(distinct area) from places_dwelling")[0]
    done = divide_by_list(lines=read_grids("\n".join(lines)), area=TOWN, scope=EVERYTHING, by=CLERK, at=AT)
    assert done.refused == []
    assert done.doors == before[0] > 10_000
    assert rows("select count(*) from places_dwelling where area like '____________'") == [(0,)]
    assert rows("select count(*) from journal_event where verb = 'places.doors.divided'") == [
        (len(villages),)
    ]
    assert (
        rows("select count(*) from people_person where household_id is not null and area !~ '-'")[0][0] == 0
    )
    assert orphan_counts(EVERYTHING, AT) == {"place": 0, "household": 0, "person": 0}
    assert [check.name for check in verify_house(AT) if not check.ok] == []


def test_two_vacancies_are_shown_and_answered_for_by_the_town_and_are_no_orphans(town: LongshaTown) -> None:
    _named(besides=VACANT)
    assert vacant_posts(EVERYTHING, AT, area=TOWN) == VACANT
    vacant = [post.area for post in posts(EVERYTHING, AT, area=TOWN, vacant_only=True)]
    assert vacant == _villages()[-VACANT:]
    for path in vacant:
        chain = chain_of(EVERYTHING, "place", path, AT)
        above = chain.answering(chain.levels[-1])
        assert above is not None
        assert above.holders[0].name == "谭镇长"
    assert orphan_counts(EVERYTHING, AT) == {"place": 0, "household": 0, "person": 0}


def test_without_head_and_desk_everything_is_an_orphan_paged_and_verify_fails(town: LongshaTown) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update workforce_worker set until = %s", [AT])
    wrong = {check.name for check in verify_house(AT) if not check.ok}
    assert wrong == {"chain.no-place-alone", "chain.no-household-alone", "chain.no-person-alone"}
    places = orphans(EVERYTHING, "place", AT, limit=1000)
    assert {orphan.id for orphan in places} == {TOWN, *_villages()}
    seen: set[str] = set()
    after = ""
    while page := orphans(EVERYTHING, "household", AT, after=after, limit=5000):
        assert not seen & {orphan.id for orphan in page}
        seen |= {orphan.id for orphan in page}
        after = page[-1].cursor
    assert seen == {target.id for target in _households()}
    assert len(orphans(EVERYTHING, "person", AT, limit=5000)) == 1286


def test_an_unanswered_alert_climbs_from_the_medic_to_the_secretary_to_the_town(town: LongshaTown) -> None:
    _named()
    for village in _villages():
        enlist_workers(workers=_team(village), area=TOWN, by=CLERK, at=AT)
    staff_households(area=TOWN, scope=EVERYTHING, by=CLERK, at=AT)
    file_id: UUID = rows(
        "select f.id from observation_file f join people_household h on h.id = f.household_id"
        " where f.state = 'open' and not f.found_late order by f.id limit 1"
    )[0][0]
    noon = on(1, 29, 12)
    record(town, check(file_id, noon, 388), at=noon)
    [alert] = [a for a in open_alerts(EVERYTHING, limit=5000) if a.file_id == file_id]
    area = files_by_ids(EVERYTHING, [file_id])[file_id].area
    secretary = team_of(EVERYTHING, "place", area)[0].worker
    for minute in range(0, 91, 5):
        escalate(by=CLERK, at=noon + minute * MINUTE)
    told = [
        (int((t.at - noon) / MINUTE), t.level, t.worker_name)
        for t in ladders(EVERYTHING, [alert.id])[alert.id]
        if t.outcome == "told" and t.role not in ("medic", "town-cadre")
    ]
    assert told == [(30, "village", secretary.name), (60, "street", "谭镇长")]
    at_once = [t for t in ladders(EVERYTHING, [alert.id])[alert.id] if t.step == 0 and t.outcome == "told"]
    assert {t.role for t in at_once} <= {"medic", "town-cadre"}
    assert {t.at for t in at_once} == {noon}


def test_a_secretary_who_leaves_hands_the_village_over_without_a_gap(town: LongshaTown) -> None:
    _named()
    village = _villages()[0]
    [member] = team_of(EVERYTHING, "place", village)
    heir = NewWorker(village, "冉书记", ("village-secretary",))
    enlist_workers(workers=[heir], area=TOWN, by=CLERK, at=AT)
    later = AT + timedelta(hours=1)
    who = {"worker_id": member.worker.id, "successor_id": heir.id}
    replace_worker(**who, reason="调任", scope=EVERYTHING, by=CLERK, at=later)
    [now] = team_of(EVERYTHING, "place", village)
    assert (now.worker.name, now.since) == ("冉书记", later)
    assert vacant_posts(EVERYTHING, later, area=TOWN) == 0
    ended = "select until, handed_to_id from workforce_assignment where worker_id = %s"
    assert rows(ended, member.worker.id) == [(later, now.assignment_id)]


def _team(village: str) -> list[NewWorker]:
    """Enough of every role for the households of one village."""
    roles = ("town-cadre", "village-cadre", "medic", "police")
    return [NewWorker(village, f"{role}{n}", (role,)) for role in roles for n in range(12)]


def _neighbours(home: UUID) -> list[object]:
    return [m for m in team_of(EVERYTHING, "household", home) if m.role == "neighbour"]
