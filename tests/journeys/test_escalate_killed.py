"""kill -9 of the background worker, again and again, while alerts climb: each step is told once, none is lost."""

from __future__ import annotations

import random

import pytest

from tests.journeys.homes import a_house
from tests.journeys.serving import House, Served, kill, until

TOWN = "500101135"
ALERTS_A_LIFE = 150
WAIT = 180
HALFWAY = ("outreach_message", "observation_telling")
"""What a batch writes first and last."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A founded town with one person under observation and one alarm, three hours old."""
    home = a_house(tmp_path_factory, "killed")
    home.script(_FEVER)
    return home


def test_twenty_kills_while_alerts_climb_lose_nothing_and_repeat_nothing(house: House) -> None:
    _survive(house, kills=20)


@pytest.mark.nightly
def test_two_hundred_kills_while_alerts_climb_lose_nothing_and_repeat_nothing(house: House) -> None:
    _survive(house, kills=200)


def _survive(house: House, kills: int) -> None:
    dice = random.Random(20200214)
    interrupted = 0
    with house.serving() as served:
        kill(served.worker())
        for number in range(kills):
            kill_one = _kill_held if number % 2 else _kill_midway
            interrupted += kill_one(house, served, dice)
        until(lambda: house.ask(_OWED) == 0, WAIT, "everything told")
    with house.serving():
        assert house.ask(_OWED) == 0
        assert house.ask("select count(*) from observation_alert") > kills * ALERTS_A_LIFE
        assert house.ask(_TWICE) == 0, "a step was told twice"
        assert house.ask(_GAPS) == 0, "a step is missing"
        assert house.ask(_UNTOLD) == 0, "a step reached nobody and does not say so"
        assert house.ask(_MESSAGES) == 0, "a telling without its message, or a message without its telling"
    assert interrupted >= kills // 2, "the kills did not fall into the work"


def _kill_midway(house: House, served: Served, dice: random.Random) -> bool:
    """Kill the worker when a random part of what is owed is told. Whether anything was left then: it may be quicker."""
    _raise(house, ALERTS_A_LIFE)  # while nobody works: a worker that starts looks at once
    wanted = house.ask(_OWED) - dice.randrange(1, ALERTS_A_LIFE)
    until(lambda: house.ask(_OWED) <= max(wanted, 0), WAIT, "the worker at work")
    kill(served.worker())
    return bool(house.ask(_OWED) > 0)


def _kill_held(house: House, served: Served, dice: random.Random) -> bool:
    """Kill the worker in the middle of a batch, with one half written and the other not."""
    with house.locking(dice.choice(HALFWAY)) as awaited:
        _raise(house, ALERTS_A_LIFE)
        until(awaited, WAIT, "the worker in the middle of a batch")
        kill(served.worker())
        return bool(house.ask(_OWED) > 0)


def _raise(house: House, number: int) -> None:
    """So many alarms more, of all ages, each owing one to three steps."""
    with house.connected() as link:
        link.execute(_RAISE, [number])


_FEVER = """
from datetime import timedelta
from django.conf import settings
from shouwang.journeys.take_in import take_in_file
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import CheckCommand, record_check
from shouwang.observation.queries import duties
from shouwang.policy.queries import pack_of
import pathlib, tempfile
now = settings.CLOCK.now()
day = (now - timedelta(days=2)).date().isoformat()
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "a.csv"
    rows = "姓名,性别,手机,现住址,外出地,返回日期\\n宋大超,男,13800000001,红鹤村3组127号,武汉市,%s\\n"
    path.write_text(rows % day, "utf-8")
    found = now - timedelta(hours=5)
    take_in_file(kind="returnees", area="500101135", path=path, file_name="a.csv", by=SYSTEM, at=found)
[file] = {d.file_id for d in duties(Scope.everything(), now + timedelta(days=1), area="500101135")}
then = now - timedelta(hours=3)
command = CheckCommand(id=uuid7(), file_id=file, taken_at=then, deci=388, channel="visit")
assert record_check(item=command, scope=Scope.everything(), pack_of=pack_of, by=SYSTEM, at=then).alerts
"""

_RAISE = """
insert into observation_alert (id, check_row_id, file_id, area, code, severity, tell, climb, next_climb_at, raised_at,
    level, state, answered_by, answered_by_name, answer)
select gen_random_uuid(), a.check_row_id, a.file_id, a.area, 'fever-' || left(gen_random_uuid()::text, 23),
    a.severity, a.tell, a.climb, now() - age + interval '30 minutes', now() - age, 0, 'open', '', '', ''
from (select * from observation_alert order by id limit 1) a,
    generate_series(1, %s) n, lateral (select (n %% 3) * interval '31 minutes' + interval '10 seconds' as age) b
"""
_OWED = """
select count(*) from observation_alert
where state = 'open' and (told_steps = 0 or next_climb_at <= now() - interval '100 seconds')
"""
_TWICE = """
select count(*) from (select about_id, step, line from observation_telling group by 1, 2, 3 having count(*) > 1) t
"""
_GAPS = """
select count(*) from observation_alert a where (select count(distinct step) from observation_telling t
    where t.about_id = a.id) <> a.told_steps
    or (select max(step) + 1 from observation_telling t where t.about_id = a.id) <> a.told_steps
"""
_UNTOLD = """
select count(*) from (select about_id, step from observation_telling group by 1, 2
    having not bool_or(outcome in ('told', 'nobody'))) t
"""
_MESSAGES = """
select abs((select count(*) from observation_telling where outcome = 'told')
    - (select count(*) from outreach_message where about_kind = 'alert'))
"""
