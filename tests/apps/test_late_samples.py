"""Samples not taken and results not come: late on Today, on the evening's close-out, on tomorrow's list; hand-overs
that wait are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from shouwang.journeys.sweep_round import give_doors
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.queries import (
    due_count,
    duties,
    figures,
    late_count,
    planned_count,
    planned_duties,
    waiting_requests,
)
from shouwang.oversight.actions import explain_items
from shouwang.oversight.queries import gap_rows, look_at_day
from shouwang.oversight.rules import GapMoment
from shouwang.people.actions import NewHousehold, NewPerson, admit_people
from shouwang.people.queries import people_by_ids
from shouwang.policy.queries import pack_of
from shouwang.screening.actions import NewVisit, add_door, record_visits
from tests.conftest import CHINA
from tests.town import TOWN, VILLAGE, FixedClock, Town, found_town

pytestmark = pytest.mark.django_db
AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
DAY = AT.date()
ALL = Scope.everything("test")
ZONE = "Asia/Shanghai"


@pytest.fixture
def town(settings: Settings) -> Town:
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(AT), False
    return found_town(AT, roles=("town-clerk", "village-doctor"))


def _sample(town: Town, *, due: datetime, state: str = "due", result_due: datetime | None = None) -> UUID:
    """A laboratory test of 宋云's file, as a protocol that asks for one would have written it."""
    key = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into observation_testduty (id, file_id, area, kind, cause, stage, day, day_no, due_at, state,"
            " label, sampled_at, result_due_at, lab, outcome)"
            " values (%s, %s, %s, 'nat', 'protocol', 'home', %s, 3, %s, %s, '', %s, %s, '', '')",
            [
                *(key, town.ids["file"], VILLAGE, due.date(), due, state),
                due if state == "sampled" else None,
                result_due,
            ],
        )
    return key


def _gaps(town: Town, kind: str) -> list[str]:
    moment = GapMoment(TOWN, DAY, ZONE, AT, pack_of(town.ids["revision"]))
    return [row.key for row in gap_rows(ALL, kind, moment)]


def _seen_today() -> tuple[int, int]:
    return late_count(ALL, AT).number, figures(ALL, AT, zone=ZONE).late


def test_a_sample_not_taken_makes_its_person_late_once_with_the_row_behind_the_figure(town: Town) -> None:
    before = _seen_today()
    assert before[0] == before[1]
    due = due_count(ALL, AT).number
    _sample(town, due=AT - timedelta(hours=2))
    _sample(town, due=AT - timedelta(days=1))
    listed = {duty.file_id for duty in duties(ALL, AT, tests=True, late_only=True)}
    assert listed == {town.ids["file"]}
    assert _seen_today() == (len(listed), len(listed)) != (before[0] + 2, before[1] + 2)
    assert due_count(ALL, AT).number == max(due, 1)


def test_a_sample_that_has_time_is_not_late_and_one_in_three_days_not_yet_asked(town: Town) -> None:
    before = _seen_today()
    _sample(town, due=AT + timedelta(hours=2))
    _sample(town, due=AT + timedelta(days=3))
    assert _seen_today() == before
    assert _gaps(town, "sample-missed") == []


def test_the_close_out_asks_for_samples_and_results_that_are_owed(town: Town) -> None:
    missed = _sample(town, due=AT - timedelta(hours=2))
    waits = _sample(town, due=AT - timedelta(days=2), state="sampled", result_due=AT - timedelta(hours=1))
    _sample(town, due=AT - timedelta(days=1), state="sampled", result_due=AT + timedelta(hours=9))
    assert _gaps(town, "sample-missed") == [str(missed)]
    assert _gaps(town, "result-overdue") == [str(waits)]
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    page = client.get(f"/close-out/?area={VILLAGE}").content.decode()
    assert "未采样" in page
    assert "结果逾期" in page


def test_tomorrow_s_list_has_the_samples_due_by_its_end(town: Town) -> None:
    checks, releases, samples = planned_count(ALL, DAY + timedelta(days=1), area=TOWN)
    assert samples == 0
    _sample(town, due=AT - timedelta(hours=2))
    _sample(town, due=AT + timedelta(hours=20))
    _sample(town, due=AT + timedelta(days=3))
    assert planned_count(ALL, DAY + timedelta(days=1), area=TOWN) == (checks, releases, 2)
    found = [duty for duty in planned_duties(ALL, DAY + timedelta(days=1), area=TOWN) if duty.kind == "test"]
    assert [(duty.person_id, duty.channel, duty.owner_id) for duty in found] == [
        (town.people["宋云"], "nat", town.ids["doctor"])
    ] * 2
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    assert "NAT：待采样" in client.get(f"/tomorrow/?area={VILLAGE}&day={DAY}").content.decode()
    assert "采样2份" in client.get(f"/evening/?area={VILLAGE}&day={DAY}").content.decode()


def test_a_hand_over_that_waits_is_counted_on_today_for_whoever_answers(town: Town) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    assert "待您答复" not in client.get("/?as=command").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into observation_handoverrequest (id, file_id, area, from_area, from_owner_id, from_stage,"
            " to_stage, state, reason, asked_at, asked_by, asked_by_name, answer_by, answered_by,"
            " answered_by_name, note)"
            " values (%s, %s, %s, '500101134', %s, 'central', 'home', 'asked', '期满', %s, 'x', '站长', %s,"
            " '', '', '')",
            [uuid7(), town.ids["file"], VILLAGE, town.ids["doctor"], AT, AT + timedelta(hours=4)],
        )
    assert waiting_requests(ALL) == 1
    for reader in ("command", "office"):
        assert "1份交接待您答复" in client.get(f"/?as={reader}").content.decode()
    doctor = Client(headers={"accept-language": "zh-hans"})
    doctor.force_login(town.user("village-doctor", "own village"))
    assert "1份交接待您答复" in doctor.get("/").content.decode()
    doctor.force_login(town.user("village-doctor", "other village"))
    assert "待您答复" not in doctor.get("/").content.decode()


def test_tomorrow_s_list_names_whoever_is_carried_over(town: Town) -> None:
    row = next(row for row in look_at_day(ALL, VILLAGE, DAY, AT).unexplained if row.person_id)
    assert explain_items(
        command=uuid7(),
        scope=ALL,
        area=VILLAGE,
        day=DAY,
        kind=row.kind,
        items=[row.key],
        reason="time",
        by=SYSTEM,
        at=AT,
    )
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    answer = client.get(f"/tomorrow/?area={VILLAGE}&day={DAY}")
    assert answer.status_code == 200
    carried = answer.content.decode().split("<h3>今日结转</h3>")[1].split("</table>")[0]
    assert row.person_id is not None
    assert people_by_ids(ALL, [row.person_id])[0].name in carried


def test_a_door_that_was_not_met_is_named_where_the_day_is_closed_and_on_the_list_of_its_kind(
    town: Town,
) -> None:
    sweep = town.ids["sweep"]
    door, _ = add_door(sweep_id=sweep, area=VILLAGE, address="6组1号", scope=ALL, by=SYSTEM, at=AT)
    visit = NewVisit(uuid7(), door, AT, "not-home", 0)
    record_visits(sweep_id=sweep, visits=[visit], scope=ALL, by=SYSTEM, at=AT)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    page = client.get(f"/close-out/?area={VILLAGE}").content.decode()
    row = next(row for row in page.split("<tr data-row") if f"/sweeps/doors/{door}/" in row)
    assert "6组1号" in row
    assert "不在家" in row


def test_tomorrow_s_list_says_how_many_doors_of_the_round_are_left_to_whom(town: Town) -> None:
    give_doors(
        sweep_id=town.ids["sweep"],
        area=VILLAGE,
        worker_id=town.ids["worker"],
        reason="",
        scope=ALL,
        by=SYSTEM,
        at=AT,
    )
    homes = [NewHousehold(VILLAGE, "6组1号", "6组1", "", "冉光明")]
    people = [NewPerson(VILLAGE, "冉光明", "r", "r", homes[0].id)]
    admit_people(households=homes, people=people, area=VILLAGE, source="test", by=SYSTEM, at=AT)
    add_door(sweep_id=town.ids["sweep"], area=VILLAGE, address="6组1号", scope=ALL, by=SYSTEM, at=AT)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(town.user("town-clerk"))
    page = client.get(f"/tomorrow/?area={VILLAGE}&day={DAY}").content.decode()
    assert "第1轮排查门牌" in page
    assert "已完成1／2个门牌" in page
    assert f"missed/?area={VILLAGE}" in page
