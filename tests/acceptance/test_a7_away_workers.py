"""A7 Away workers: 500 stayed away is a figure with its rows; who they left at home is visited, and it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.test import Client
from pytest_django import Settings

from shouwang.accounts.actions import create_user, grant_role
from shouwang.classification.queries import standings
from shouwang.journeys.day_errands import day_errands
from shouwang.journeys.record_away import note_away, put_on_away_list
from shouwang.journeys.take_statement import take_statement
from shouwang.kernel.ids import uuid7
from shouwang.screening.actions import AwayAnswer, StatementCommand, VisitPlan, record_away
from shouwang.screening.queries import AwayRow, away_by_village, away_figures, away_rows, reach_of, reaches
from tests.acceptance.conftest import CADRE, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import on, rows
from tests.town import FixedClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = on(1, 29, 9)
PLAN = VisitPlan(72, 72)
AWAY = 620


def workers(count: int = AWAY) -> list[UUID]:
    """People of working age of the register, one of a household, of whom nobody has a file."""
    found = rows(
        """select distinct on (p.household_id) p.id from people_person p
        where p.birth_date between '1970-01-01' and '2000-01-01' and not exists (
            select 1 from observation_file f join people_person o on o.id = f.person_id
            where o.household_id = p.household_id)
        order by p.household_id, p.id limit %s""",
        count,
    )
    assert len(found) == count
    return [row[0] for row in found]


def said(person: UUID, outcome: str, at: datetime, **kwargs: object) -> AwayAnswer:
    return AwayAnswer(uuid7(), person, outcome, at, "call", **kwargs)  # type: ignore[arg-type]


def everyone(kind: str, as_of: datetime) -> Iterator[AwayRow]:
    after = ""
    while page := away_rows(EVERYTHING, TOWN, as_of, kind, limit=100, after=after):
        yield from page
        after = str(page[-1].id)


def test_five_hundred_stayed_away_is_a_figure_with_its_rows(town: LongshaTown) -> None:
    people = workers()
    assert put_on_away_list(people=people, area=TOWN, scope=EVERYTHING, by=CADRE, at=START) == AWAY
    assert len(reaches(EVERYTHING, channel="phone", purpose="away", limit=1000)) == AWAY
    later = START + 5 * HOUR
    answers = [said(p, "deferred", later, dependants=n % 2 == 0) for n, p in enumerate(people[:508])]
    answers += [said(p, "returning", later, returning_on=date(2020, 2, 20)) for p in people[508:560]]
    answers += [said(p, "undecided", later) for p in people[560:600]]
    assert record_away(answers=answers, plan=PLAN, scope=EVERYTHING, by=CADRE, at=later) == 600
    assert record_away(answers=answers, plan=PLAN, scope=EVERYTHING, by=CADRE, at=later + DAY) == 0
    figures = away_figures(EVERYTHING, TOWN, later)
    told = (figures.listed, figures.deferred, figures.returning, figures.undecided, figures.not_asked)
    assert told == (AWAY, 508, 52, 40, 20)
    assert figures.left_at_home == 254
    assert {row.person_id for row in everyone("deferred", later)} == set(people[:508])
    assert sum(1 for _ in everyone("not-asked", later)) == 20
    villages = away_by_village(EVERYTHING, TOWN, later)
    assert sum(one.deferred for one in villages.values()) == 508
    assert len(villages) > 5
    assert away_figures(EVERYTHING, TOWN, later - HOUR).not_asked == AWAY  # as it was known then
    left = reaches(EVERYTHING, channel="phone", purpose="away", due_before=later + 2 * DAY, limit=1000)
    assert {row.subject_id for row in left} == set(people[600:])


def test_parents_left_at_home_are_visited_and_the_visit_is_done_on_the_cadres_list(
    town: LongshaTown, settings: Settings
) -> None:
    person = workers(1)[0]
    ((area, home),) = rows("select area, household_id from people_person where id = %s", person)
    put_on_away_list(people=[person], area=area, scope=EVERYTHING, by=CADRE, at=START)
    call = StatementCommand(
        uuid7(),
        person,
        "away-return",
        "call",
        START,
        {"where": ["广东东莞"], "plan": ["deferred"], "dependants": ["yes"]},
        "away",
    )
    take_statement(command=call, scope=EVERYTHING, by=CADRE, at=START)
    today = on(1, 30, 8)
    (errand,) = day_errands(EVERYTHING, today, area=area)
    assert (errand.kind, errand.subject_id) == ("visit", home)
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(today), False
    user = create_user(username="cadre-a7", name="谭书记", password="correct horse", by=CADRE, at=START)
    grant_role(user_id=user.id, role="village-cadre", area=area, by=CADRE, at=START)
    client = Client()
    client.force_login(user)
    row = reach_of(EVERYTHING, home, "away-home")
    assert row is not None
    address = f"/reach/{row.id}/attempt/"
    assert address in client.get("/").content.decode()
    done = client.post(address, {"channel": "door", "outcome": "met", "back": "today", "id": str(uuid7())})
    assert (done.status_code, done.headers["Location"]) == (302, "/")
    assert day_errands(EVERYTHING, today, area=area) == []
    (again,) = day_errands(EVERYTHING, today + 3 * DAY, area=area)
    assert again.due_at == today + 3 * DAY


def test_who_comes_home_from_an_affected_area_is_found_and_the_visits_end(town: LongshaTown) -> None:
    person = workers(1)[0]
    ((area,),) = rows("select area from people_person where id = %s", person)
    put_on_away_list(people=[person], area=area, scope=EVERYTHING, by=CADRE, at=START, where_text="湖北武汉")
    note_away(answer=said(person, "deferred", START, dependants=True), scope=EVERYTHING, by=CADRE, at=START)
    assert len(reaches(EVERYTHING, purpose="away-home", area=area)) == 1
    home = said(person, "returned", START + 5 * DAY, returning_on=date(2020, 2, 3))
    note_away(answer=home, scope=EVERYTHING, by=CADRE, at=START + 5 * DAY)
    assert reaches(EVERYTHING, purpose="away-home", area=area) == []
    assert standings(EVERYTHING, [person])[person].category == "wuhan"
    assert rows("select count(*) from observation_file where person_id = %s", person) == [(1,)]
    figures = away_figures(EVERYTHING, area, START + 5 * DAY)
    assert (figures.returned, figures.left_at_home) == (1, 0)
