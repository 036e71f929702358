"""What the fault machine stands on: the world, the process its phones live in, a phone as the model knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions import CheckCommand, record_checks
from shouwang.policy.queries import pack_of
from tests.journeys.field_harness import Harness
from tests.journeys.field_world import EVERYTHING, World, a_world

PHONES_A_PROCESS = 300
"""The harness keeps its phones until it ends."""


@dataclass
class Held:
    """A phone of a run, as the model knows it."""

    name: str
    device: UUID
    done: dict[str, UUID] = field(default_factory=dict)
    """Commands done and not taken back: id → file, door or post."""
    seqs: dict[str, int] = field(default_factory=dict)


class Ground:
    """The world, and the process the phones live in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.harness = Harness(world.proxy.url)
        self.phones = 0
        self.met: Counter[str] = Counter()
        """What happened in all runs: a machine in which nothing happens proves nothing."""

    def renew(self) -> None:
        """A fresh process before the old one holds too many phones."""
        if self.phones >= PHONES_A_PROCESS:
            self.harness.close()
            self.harness, self.phones = Harness(self.world.proxy.url), 0

    def phone(self, user: UUID) -> Held:
        """A real phone, enrolled."""
        self.phones += 1
        name = str(uuid7())
        self.clock(name, 0)
        return self.enrolled(name, user)

    def enrolled(self, name: str, user: UUID) -> Held:
        """This phone as a new device."""
        told = self.harness.ask("enrol", name, code=self.world.code(user))
        return Held(name, UUID(told["device"]))

    def clock(self, phone: str, ahead: float) -> None:
        """Set a phone's clock so far ahead of the server's."""
        offset = self.world.clock.seconds() + ahead
        self.harness.ask("clock", phone, offset_ms=round(offset * 1000))


@contextmanager
def a_ground(folder: Path) -> Iterator[Ground]:
    """The world with its phones, cleared away at the end."""
    with a_world(folder) as world:
        ground = Ground(world)
        try:
            yield ground
        finally:
            ground.harness.close()


def check_again(file: UUID, new: UUID, row: tuple[Any, ...], at: datetime) -> None:
    """A reading of another file (`READINGS`), recorded once more for this one."""
    taken_at, channel, outcome, deci, seen = row
    command = CheckCommand(new, file, taken_at, channel, outcome=outcome, deci=deci, seen=seen)
    (receipt,) = record_checks(items=[command], scope=EVERYTHING, pack_of=pack_of, by=SYSTEM, at=at)
    assert receipt.status == "recorded", receipt


def stands(file: UUID) -> tuple[Any, ...]:
    """What a file comes to."""
    with connection.cursor() as cursor:
        cursor.execute(STANDS, [file])
        row: tuple[Any, ...] = cursor.fetchone()
    return row


STORED = """
select id, status, sealed is not null, seq from devices_command where id = any(%s::uuid[])
"""
READINGS = """
select taken_at, channel, outcome, deci, seen from observation_dailycheck
where file_id = %s and not exists (select from observation_dailycheck o where o.file_id = observation_dailycheck.file_id
    and o.corrects_id is not null) and recorded_at > '2020-02-01 10:00:00Z' order by id
"""
OVER = """
update observation_file set state = 'cancelled', actual_ended_at = now(), end_reason = 'over', next_slot = null,
    next_due_at = null where id = any(%s)
"""
STANDS = """
select last_slot, next_slot, next_due_at, next_channel, stage, last_check_at, last_deci, last_abnormal, last_outcome
from observation_file where id = %s
"""
