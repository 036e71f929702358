"""Workers away and the telephone: who stays where they work, who comes home when, and whom nobody has asked yet.

What the how-tos of the village cadre and the clerk tell of 外出务工 and 联络 can be tried on these people.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shouwang.demo.clock import ZONE
from shouwang.demo.register import SCOPE, unwatched
from shouwang.journeys.record_away import note_away, put_on_away_list
from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.screening.actions import AwayAnswer

LISTED, ASKED = datetime(2020, 2, 3, 15, 0, tzinfo=ZONE), datetime(2020, 2, 4, 10, 0, tzinfo=ZONE)
SURNAMES, BORN = "陈张王", (1970, 2000)
"""Whom to look for in the register: of which names, born when."""
WHERE = ("广东东莞", "浙江宁波", "福建泉州")
HOME = date(2020, 2, 16)
SAID: tuple[tuple[str, date | None, bool | None], ...] = (
    *(("deferred", None, True), ("deferred", None, False), ("deferred", None, None)),
    *(("returning", HOME, None), ("undecided", None, None), ("deferred", None, False)),
)
"""What they said when they were rung up, who comes home when, whether somebody at home is to be visited; those
after them have not been asked yet."""
OF_EACH = 4


def ask_the_workers_away(village: str, clerk: Actor, cadre: Actor) -> None:
    """Twelve people of the village work elsewhere; half of them have been rung up by the cadre."""
    listed: list[UUID] = []
    for where, surname in zip(WHERE, SURNAMES, strict=True):
        people = list(unwatched(village, surname, BORN, OF_EACH).values())
        put_on_away_list(people=people, area=village, where_text=where, scope=SCOPE, by=clerk, at=LISTED)
        listed += people
    for person, (outcome, day, dependants) in zip(listed, SAID, strict=False):
        answer = AwayAnswer(uuid7(), person, outcome, ASKED, returning_on=day, dependants=dependants)
        note_away(answer=answer, scope=SCOPE, by=cadre, at=ASKED)
