"""A4 Not at home: attempts are logged, the next channel is suggested, an appointment stands on the visitor's list.

At the size of the town: a round that finds nobody at home behind 400 doors, taken up the ladder of the pack.
"""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.test import Client
from pytest_django import Settings

from shouwang.accounts.actions import create_user, grant_role
from shouwang.journeys.day_errands import day_errands
from shouwang.kernel.ids import uuid7
from shouwang.screening.actions import (
    Attempt,
    NewAppointment,
    end_appointment,
    make_appointment,
    note_attempts,
)
from shouwang.screening.queries import attempts_of, reach_counts, reach_of, reaches, wrong_reaches
from shouwang.screening.rules.reaching import Tried, standing, steps_of
from tests.acceptance.conftest import CADRE, EVERYTHING, TOWN, LongshaTown
from tests.acceptance.watching import on, rows
from tests.town import FixedClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = on(1, 29, 9)
DOORS = 400


def doors() -> list[tuple[UUID, str]]:
    """Households with somebody under observation first, in a steady order."""
    return rows("select id, area from people_household order by id limit %s", DOORS)


def note(town: LongshaTown, homes: list[tuple[UUID, str]], channel: str, outcome: str, hours: int) -> None:
    at = MORNING + hours * HOUR
    attempts = [
        Attempt(uuid7(), area, "household", home, "sweep", channel, outcome, at, home) for home, area in homes
    ]
    with transaction.atomic():
        note_attempts(attempts, pack=town.pack, area=TOWN, by=CADRE, at=at)


def test_four_hundred_empty_doors_climb_the_ladder_of_the_pack(town: LongshaTown) -> None:
    homes = doors()
    assert len(homes) == DOORS
    note(town, homes, "door", "not-home", 0)
    assert reach_counts(EVERYTHING, MORNING, area=TOWN)["form"] == (DOORS, 0)
    note(town, homes, "form", "left", 2)
    note(town, homes[:100], "form", "filled", 20)
    assert reach_counts(EVERYTHING, MORNING + DAY, area=TOWN)["phone"] == (300, 0)
    assert reach_counts(EVERYTHING, MORNING + 2 * DAY, area=TOWN)["phone"] == (300, 300)
    note(town, homes[100:350], "phone", "answered", 24)
    note(town, homes[350:], "phone", "no-answer", 24)
    note(town, homes[350:], "phone", "wrong-number", 26)
    waiting = reaches(EVERYTHING, channel="appointment", area=TOWN, limit=500)
    assert {row.subject_id for row in waiting} == {home for home, _ in homes[350:]}
    assert {row.next_due_at for row in waiting} == {MORNING + 74 * HOUR}
    assert [one.outcome for one in attempts_of(EVERYTHING, homes[-1][0])] == [
        "wrong-number",
        "no-answer",
        "left",
        "not-home",
    ]


def test_where_everybody_stands_is_what_the_rule_says_in_any_order(town: LongshaTown) -> None:
    dice = random.Random(4)
    homes = doors()
    told: dict[UUID, list[Attempt]] = {}
    for home, area in homes:
        told[home] = [
            Attempt(
                uuid7(),
                area,
                "household",
                home,
                "sweep",
                "door",
                dice.choice(["not-home", "met", "refused", "cannot-locate", "no-answer", "left"]),
                MORNING + dice.randrange(200) * HOUR,
                home,
            )
            for _ in range(dice.randrange(1, 6))
        ]
    lot = [one for some in told.values() for one in some]
    dice.shuffle(lot)
    for start in range(0, len(lot), 200):
        with transaction.atomic():
            part = lot[start : start + 200]
            note_attempts(part, pack=town.pack, area=TOWN, by=CADRE, at=MORNING + 10 * DAY)
    steps = steps_of(town.pack)
    for home, some in told.items():
        row = reach_of(EVERYTHING, home, "sweep")
        expected = standing(steps, [Tried(one.tried_at, one.id, one.outcome) for one in some])
        assert row is not None
        assert (row.state, row.failures, row.next_channel, row.next_due_at) == (
            expected.state,
            expected.failures,
            expected.channel,
            expected.due_at,
        )
    assert wrong_reaches() == 0


def test_an_appointment_stands_on_the_visitors_list_of_its_day_with_what_is_brought(
    town: LongshaTown, settings: Settings
) -> None:
    home, area = doors()[0]
    note(town, [(home, area)], "door", "not-home", 0)
    row = reach_of(EVERYTHING, home, "sweep")
    assert row is not None
    new = NewAppointment(
        uuid7(), row.id, on(1, 31, 10), on(1, 31, 11), None, "降压药、青菜", takes_temperature=True
    )
    make_appointment(appointment=new, scope=EVERYTHING, by=CADRE, at=MORNING + HOUR)
    assert [e for e in day_errands(EVERYTHING, on(1, 30, 23, 59), area=area) if e.kind == "appointment"] == []
    (errand,) = day_errands(EVERYTHING, on(1, 31, 0, 1), area=area)
    assert (errand.subject_id, errand.goods, errand.takes_temperature) == (home, "降压药、青菜", True)
    settings.CLOCK, settings.REQUIRE_MFA = FixedClock(on(1, 31, 7)), False
    user = create_user(username="cadre-a4", name="谭书记", password="correct horse", by=CADRE, at=MORNING)
    grant_role(user_id=user.id, role="village-cadre", area=area, by=CADRE, at=MORNING)
    client = Client()
    client.force_login(user)
    for address in ("/", "/due/"):
        page = client.get(address).content.decode()
        assert "降压药、青菜" in page
        assert "10:00–11:00" in page
    sent = client.post(f"/appointments/{new.id}/end/", {"outcome": "missed"})
    assert sent.status_code == 422  # it has not begun
    end_appointment(
        appointment_id=new.id,
        outcome="missed",
        attempt_id=uuid7(),
        pack=town.pack,
        scope=EVERYTHING,
        by=CADRE,
        at=on(1, 31, 11),
    )
    after = reach_of(EVERYTHING, home, "sweep")
    assert after is not None
    assert (after.failures, after.next_channel, after.appointment_id) == (2, "phone", None)
    assert "降压药、青菜" not in client.get("/").content.decode()
