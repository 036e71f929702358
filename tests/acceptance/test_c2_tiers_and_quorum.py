"""C2 Tiers and quorum: 14 days of visits by at least 2 of 5, days 15 to 21 by telephone, then the end."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shouwang.kernel.errors import Refused
from shouwang.observation.actions import release_file
from shouwang.observation.queries import Duty, duties, file_page, quorum_gaps, who_came
from shouwang.observation.rules import plan_file, slot_at, slot_day, slots_on
from shouwang.packs.conditions import PersonFacts, TripFact
from shouwang.packs.load import builtin, builtin_source, load_pack
from shouwang.workforce.actions import NewAssignment, NewWorker, assign_many, end_assignment, enlist_workers
from tests.acceptance.conftest import CLERK, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import TEAM, check, file_of_return, on, record, rows

RETURN = date(2020, 1, 20)
SECOND = timedelta(seconds=1)


def everything_due(at: datetime) -> list[Duty]:
    """Every duty of the town, page by page."""
    found: list[Duty] = []
    after = ""
    while True:
        page = duties(EVERYTHING, at, area=TOWN, limit=500, after=after)
        found += page
        if len(page) < 500:
            return found
        after = page[-1].cursor


# -- from the pack --------------------------------------------------------------------------------------


def test_stages_checks_a_day_channel_and_quorum_are_those_of_the_pack(town: LongshaTown) -> None:
    page = file_page(EVERYTHING, file_of_return(RETURN), on(1, 28, 20))
    days = {day.day_no: day for day in page.days}
    for number in range(1, 15):
        assert [cell.channels for cell in days[number].cells] == [("visit",), ("visit",)], number
        assert [_clock(cell.deadline) for cell in days[number].cells] == ["12:00", "20:00"]
        assert (days[number].stage, days[number].quorum_must) == ("daily-visits", 2)
    for number in range(15, 22):
        assert [cell.channels for cell in days[number].cells] == [("phone", "video", "chat")], number
        assert [_clock(cell.deadline) for cell in days[number].cells] == ["20:00"]
        assert (days[number].stage, days[number].quorum_must) == ("by-phone", 0)
    assert max(days) == 21
    assert page.file.last_day == RETURN + timedelta(days=21)


def _clock(instant: datetime | None) -> str:
    assert instant is not None
    return instant.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%H:%M")


def test_another_pack_gives_other_stages_without_a_line_of_code(town: LongshaTown) -> None:
    text = builtin_source("cn-2020-longsha").decode()
    assert text.count("checks-a-day = 2") == 2
    text = text.replace("checks-a-day = 2", "checks-a-day = 3").replace('due = ["12:00", "20:00"]', "")
    text = text.replace("roles-at-least = 2", "roles-at-least = 3")
    pack = load_pack(text.encode())
    plan = plan_file(pack.protocol("home-14"), _back(RETURN), on(1, 20, 18), pack)
    assert len(slots_on(plan.schedule, RETURN + timedelta(days=1))) == 3
    assert plan.schedule.timetable.part(1).quorum == 3


def test_the_convention_and_the_choice_for_days_15_to_21_are_written_down_with_a_reason() -> None:
    protocol = builtin("cn-2020-longsha").protocol("home-14")
    assert protocol.convention is not None
    assert "第0天" in protocol.convention.zh_hans
    late = next(stage for stage in protocol.stages if stage.days == (15, 21))
    assert late.convention is not None
    assert "报道没有说第15至21天" in late.convention.zh_hans


# -- the day's duties follow ----------------------------------------------------------------------------


@pytest.mark.parametrize("day", [on(1, 29, 6, 30), on(2, 4, 6, 30), on(2, 10, 6, 30)])
def test_the_duties_of_a_day_follow_from_the_day_of_each_file(town: LongshaTown, day: datetime) -> None:
    """Nobody was checked yet, so each file's next duty is its first; caught up, it is that of its day."""
    _all_checked_until(town, day - timedelta(days=1))
    listed = everything_due(day)
    assert len({duty.file_id for duty in listed}) == len(listed)
    today = [duty for duty in listed if not duty.late_seconds and duty.kind == "check"]
    channels = Counter(
        (duty.protocol, "visits" if duty.day_no <= 14 else "calls", duty.channel)
        for duty in today
        if not duty.found_late
    )
    assert set(channels) <= {
        ("home-14", "visits", "visit"),
        ("home-14", "calls", "phone"),
        ("advice-14", "visits", "phone"),
    }
    expected = rows(
        "select count(*) from observation_file where state = 'open' and not found_late and day_zero < %s"
        " and planned_last_day >= %s",
        day.date(),
        day.date(),
    )[0][0]
    assert sum(channels.values()) == expected


def _all_checked_until(town: LongshaTown, at: datetime) -> None:
    """Everybody's evening check of the day of `at` was made (those before it were missed, which stays so)."""
    evening = at.replace(hour=19, minute=0)
    found = rows(
        "select id from observation_file where state = 'open' and day_zero < %s and planned_last_day >= %s"
        " and first_slot <= (%s::date - '2000-01-01'::date) * 32 + 1",
        at.date(),
        at.date(),
        at.date(),
    )
    for start in range(0, len(found), 500):
        record(town, *[check(row[0], evening) for row in found[start : start + 500]], at=evening)


def test_late_duties_come_first_and_calls_before_doors(town: LongshaTown) -> None:
    listed = everything_due(on(1, 29, 13))
    order = [(not d.late_seconds, d.channel == "", d.channel == "visit") for d in listed]
    assert order == sorted(order)
    assert {d.channel for d in listed} >= {"visit", "phone"}


# -- quorum: at least 2 of the 5 ------------------------------------------------------------------------


def test_two_different_of_the_five_are_a_quorum_and_one_twice_is_not(town: LongshaTown) -> None:
    alone, twice, both, called = (
        row[0]
        for row in rows(
            "select id from observation_file where day_zero = %s and protocol = 'home-14' and state = 'open'"
            " order by id limit 4",
            RETURN,
        )
    )
    morning, evening = on(1, 29, 9), on(1, 29, 19)
    record(town, check(alone, morning, roles=("medic",)))
    record(town, check(twice, morning, roles=("medic",)), check(twice, evening, roles=("medic",)))
    record(town, check(both, morning, roles=("medic",)), check(both, evening, roles=("neighbour",)))
    record(town, check(called, morning, roles=("medic",), channel="visit"))
    record(town, check(called, evening, roles=("police",), channel="phone"))
    gaps = {
        gap.file_id: (gap.came, gap.must) for gap in quorum_gaps(EVERYTHING, date(2020, 1, 29), limit=5000)
    }
    assert gaps[alone] == gaps[twice] == gaps[called] == (1, 2)
    assert both not in gaps
    day = next(d for d in file_page(EVERYTHING, both, evening).days if d.day == date(2020, 1, 29))
    assert (day.quorum_came, day.quorum_must) == (2, 2)


def test_the_five_are_the_five_of_the_pack(town: LongshaTown) -> None:
    assert tuple(role.code for role in town.pack.role_set("five-to-one").roles) == TEAM
    file_id = file_of_return(RETURN)
    with pytest.raises(AssertionError, match="role-unknown"):
        record(town, check(file_id, on(1, 29, 9), roles=("mayor",)))


def test_on_a_day_of_calls_nobody_asks_for_a_quorum(town: LongshaTown) -> None:
    early = file_of_return(date(2020, 1, 13))
    day = date(2020, 1, 13) + timedelta(days=16)
    record(town, check(early, on(1, 29, 19), channel="phone", roles=("medic",)))
    assert early not in {gap.file_id for gap in quorum_gaps(EVERYTHING, day, limit=5000)}


def _staffed(file_id: UUID, *roles: str) -> dict[str, UUID]:
    """A worker of each role assigned to the household of a file, and one of the police who is not."""
    ((home, area),) = rows("select household_id, area from observation_file where id = %s", file_id)
    staff = {role: NewWorker(area=area, name=f"{role}某", kinds=(role,)) for role in (*roles, "police")}
    enlist_workers(workers=list(staff.values()), area=TOWN, by=CLERK, at=on(1, 28, 20))
    slots = [
        NewAssignment(area, staff[role].id, "five-to-one", role, "household", str(home)) for role in roles
    ]
    assign_many(assignments=slots, area=TOWN, by=CLERK, at=on(1, 28, 20))
    return {role: worker.id for role, worker in staff.items()}


def _gap(file_id: UUID, day: date = date(2020, 1, 29)) -> tuple[int, int] | None:
    found = [gap for gap in quorum_gaps(EVERYTHING, day, limit=5000) if gap.file_id == file_id]
    return (found[0].came, found[0].must) if found else None


def test_a_role_that_is_only_said_is_no_visit_where_a_team_is_assigned(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    staff = _staffed(file_id, "medic", "village-cadre")
    record(town, check(file_id, on(1, 29, 9), roles=("medic", "police")))
    assert _gap(file_id) == (1, 2), "nobody of the police is assigned to this household"
    record(town, check(file_id, on(1, 29, 10), roles=(), came=(staff["police"],)))
    assert _gap(file_id) == (1, 2), "a worker of another household counts for nothing"
    (visit, other) = who_came(EVERYTHING, [file_id], date(2020, 1, 29))[file_id]
    assert (visit.roles, visit.backed) == (("medic", "police"), ("medic",))
    assert (other.workers, other.backed) == ((staff["police"],), ())
    record(town, check(file_id, on(1, 29, 19), roles=(), came=(staff["medic"], staff["village-cadre"])))
    assert _gap(file_id) is None
    day = next(d for d in file_page(EVERYTHING, file_id, on(1, 29, 20)).days if d.day == date(2020, 1, 29))
    assert (day.quorum_came, day.quorum_must) == (2, 2)


def test_who_left_the_team_before_the_visit_no_longer_counts(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    staff = _staffed(file_id, "medic", "village-cadre")
    for (assignment,) in rows("select id from workforce_assignment where worker_id = %s", staff["medic"]):
        end_assignment(assignment_id=assignment, reason="调离", by=CLERK, at=on(1, 29, 12))
    both = (staff["medic"], staff["village-cadre"])
    record(town, check(file_id, on(1, 29, 19), roles=(), came=both))
    assert _gap(file_id) == (1, 2)
    record(town, check(file_id, on(1, 29, 11), roles=(), came=both), at=on(1, 29, 20))
    assert _gap(file_id) is None, "at eleven the medic was of the team"


# -- by telephone, video or message ---------------------------------------------------------------------


def test_a_remote_check_says_how_it_was_measured_and_who_saw_it(town: LongshaTown) -> None:
    file_id = file_of_return(date(2020, 1, 13))
    told = {"thermometer": "electronic", "witness": "worker", "photo_seen": False}
    record(town, check(file_id, on(1, 29, 19), channel="video", roles=(), **told))
    day = next(d for d in file_page(EVERYTHING, file_id, on(1, 29, 20)).days if d.day == date(2020, 1, 29))
    ((kept,),) = [cell.checks for cell in day.cells]
    assert (kept.thermometer, kept.witness, kept.photo_seen) == ("electronic", "worker", False)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"channel": "phone", "witness": "worker"}, "witness-impossible"),
        ({"channel": "chat", "witness": "worker"}, "witness-impossible"),
        ({"channel": "video", "witness": "neighbour"}, "witness-unknown"),
        ({"channel": "phone", "thermometer": "hand"}, "thermometer-unknown"),
    ],
)
def test_what_cannot_have_been_seen_is_refused(town: LongshaTown, told: dict[str, str], why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        record(town, check(file_of_return(date(2020, 1, 13)), on(1, 29, 19), roles=(), **told))


# -- the end --------------------------------------------------------------------------------------------


def test_after_day_21_the_duty_is_to_release_and_the_rule_allows_it(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    _watched_through(town, file_id)
    last = RETURN + timedelta(days=21)
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=on(1, 1).tzinfo)
    for too_early in (midnight - timedelta(minutes=1), midnight - SECOND):
        with pytest.raises(Refused, match="release-refused"):
            _release(town, file_id, too_early)
    duty = next(d for d in everything_due(midnight + timedelta(hours=7)) if d.file_id == file_id)
    assert (duty.kind, duty.channel) == ("release", "")
    _release(town, file_id, midnight)
    page = file_page(EVERYTHING, file_id, midnight)
    assert page.file.state == "released"
    assert page.file.actual_ended_at == midnight
    assert page.file.planned_last_day == last
    assert file_id not in {d.file_id for d in everything_due(midnight + timedelta(hours=7))}


def _watched_through(town: LongshaTown, file_id: UUID) -> None:
    day = date(2020, 1, 29)
    while day <= RETURN + timedelta(days=21):
        number = (day - RETURN).days
        hours = (9, 19) if number <= 14 else (19,)
        channel = "visit" if number <= 14 else "phone"
        record(town, *[check(file_id, on(day.month, day.day, hour), channel=channel) for hour in hours])
        day += timedelta(days=1)


def _release(town: LongshaTown, file_id: UUID, at: datetime) -> None:
    release_file(file_id=file_id, scope=EVERYTHING, pack_of=town.pack_of, by=CLERK, at=at)


# -- day 0 at midnight, in another zone, on 29 February -------------------------------------------------


def _back(day: date) -> PersonFacts:
    return PersonFacts(area="500101135003", trips=(TripFact("4201", None, day),))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "Europe/Rome", "America/New_York"])
@pytest.mark.parametrize(
    ("clock", "days_later", "day_no"), [((23, 59), 0, 0), ((0, 0), 1, 1), ((0, 1), 1, 1)]
)
def test_the_day_of_return_is_day_0_to_its_last_minute_and_day_1_from_midnight(
    zone: str, clock: tuple[int, int], days_later: int, day_no: int
) -> None:
    pack = builtin("cn-2020-longsha")
    instant = datetime(2020, 1, 20 + days_later, *clock, tzinfo=ZoneInfo(zone))
    plan = plan_file(pack.protocol("home-14"), _back(RETURN), instant, pack, zone=zone)
    assert plan.schedule.day_zero == RETURN
    assert plan.schedule.day_no(instant.astimezone(ZoneInfo(zone)).date()) == day_no
    assert plan.due.at == datetime(2020, 1, 21, 12, 0, tzinfo=ZoneInfo(zone))
    assert slots_on(plan.schedule, RETURN) == () or plan.schedule.day_no(slot_day(plan.due.slot)) == 1


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "Europe/Rome"])
def test_somebody_without_a_known_day_counts_from_the_local_day_they_were_found(zone: str) -> None:
    pack = builtin("cn-2020-longsha")
    unknown = PersonFacts(area="500101135003", trips=(TripFact("4201", None, None),))
    for clock, day in (((23, 59), 27), ((0, 0), 28), ((0, 1), 28)):
        found = datetime(2020, 1, 27 if clock[0] else 28, *clock, tzinfo=ZoneInfo(zone))
        plan = plan_file(pack.protocol("home-14"), unknown, found, pack, zone=zone)
        assert plan.schedule.day_zero == date(2020, 1, day)
        assert plan.anchor_known != "clear"


def test_a_check_at_2359_belongs_to_its_day_and_one_at_0001_to_the_next(town: LongshaTown) -> None:
    file_id = file_of_return(RETURN)
    late, early = record(town, check(file_id, on(1, 29, 23, 59)), check(file_id, on(1, 30, 0, 1)))
    assert (late.day_no, early.day_no) == (9, 10)
    midnight = record(town, check(file_id, on(1, 31, 0, 0)))[0]
    assert midnight.day_no == 11


def test_the_29th_of_february_is_a_day_like_any_other() -> None:
    pack = builtin("cn-2020-longsha")
    plan = plan_file(pack.protocol("home-14"), _back(date(2020, 2, 15)), on(2, 15, 18), pack)
    schedule = plan.schedule
    leap = date(2020, 2, 29)
    assert schedule.day_no(leap) == 14
    assert len(slots_on(schedule, leap)) == 2
    assert slot_day(slot_at(schedule, on(2, 29, 23, 59))) == leap
    assert schedule.day_no(date(2020, 3, 1)) == 15
    assert len(slots_on(schedule, date(2020, 3, 1))) == 1
    assert schedule.last_day == date(2020, 3, 7)
    common = plan_file(
        pack.protocol("home-14"),
        _back(date(2021, 2, 15)),
        datetime(2021, 2, 15, 18, tzinfo=on(1, 1).tzinfo),
        pack,
    )
    assert common.schedule.last_day == date(2021, 3, 8)
