"""What the observation rows of the acceptance tests share: files of the town, checks, the days of one file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions import CheckCommand, CheckReceipt, record_checks
from tests.acceptance.conftest import CHINA, DOCTOR, EVERYTHING, LongshaTown

TEAM = ("town-cadre", "village-cadre", "medic", "police", "neighbour")


def rows(sql: str, *params: object) -> list[tuple[Any, ...]]:
    """Rows asked past every room: what the product is compared with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def file_of_return(day: date, protocol: str = "home-14") -> UUID:
    """The first open file of somebody who came back on `day`."""
    found = rows(
        "select id from observation_file where day_zero = %s and protocol = %s and anchor_known = 'clear'"
        " and state = 'open' order by id limit 1",
        day,
        protocol,
    )
    return UUID(str(found[0][0]))


def on(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant of 2020 in Longsha."""
    return datetime(2020, month, day, hour, minute, second, tzinfo=CHINA)


def check(file_id: UUID, taken_at: datetime, deci: int | None = 365, **more: Any) -> CheckCommand:
    """A visit at which the medic and the village cadre saw the person."""
    values: dict[str, Any] = {"id": uuid7(), "channel": "visit", "roles": ("medic", "village-cadre")} | more
    return CheckCommand(file_id=file_id, taken_at=taken_at, deci=deci, **values)


def record(
    town: LongshaTown, *items: CheckCommand, at: datetime | None = None, by: Actor = DOCTOR
) -> list[CheckReceipt]:
    """Record checks, at the latest instant any of them was taken unless said otherwise."""
    moment = at or max(item.taken_at for item in items)
    found = record_checks(items=items, scope=EVERYTHING, pack_of=town.pack_of, by=by, at=moment)
    assert [receipt.status for receipt in found] == ["recorded"] * len(items), found
    return found
