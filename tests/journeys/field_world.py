"""Where the faults of the field happen: a real server that dies and is restored, a bad line, a small town.

The server is the product's WSGI application in a forked process (`field_nursery`), on the test's own database; the
phones are the real client (`field_harness`) or Python's (`tests.field_phone`). A backup is a copy of the database as
it stands, a restore puts the copy in its place.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from django.db import connection

from shouwang.accounts.actions import grant_role
from shouwang.accounts.models import User
from shouwang.devices.actions import begin_epoch, make_enrol_code, mark_verified_backup
from shouwang.devices.queries import server_state
from shouwang.journeys.found_place import found_place
from shouwang.journeys.sweep_round import open_round
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.screening.actions import NewPost, open_posts
from shouwang.screening.queries import posts, sheet_doors
from tests.conftest import CHINA, ROOT
from tests.journeys.fault_proxy import Proxy
from tests.journeys.field_nursery import SharedClock
from tests.journeys.living import ROWS, TOWN, bring, file_of

BEGIN = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
"""When the server's clock starts; it runs on from there."""
EVERYTHING = Scope.everything()
PATIENCE = 30


class Nursery:
    """The server: one life after another on one port."""

    def __init__(self, clock: Path) -> None:
        command = [sys.executable, "-m", "tests.journeys.field_nursery", _database(), str(clock)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = 0
        self.deaths = 0
        self.port = int(self._line("PORT"))

    def live(self, phase: str = "never", count: int = 1) -> None:
        """A new life, which answers. The one before must be over."""
        assert not self.pid
        assert self.process.stdin is not None
        self.process.stdin.write(f"{phase} {count}\n")
        self.process.stdin.flush()
        self.pid = int(self._line("UP"))

    def kill(self) -> None:
        """kill -9, if it still lives; its end is waited for."""
        if self.pid:
            with suppress(ProcessLookupError):  # it was quicker
                os.kill(self.pid, signal.SIGKILL)
            self._over()

    def has_died(self, seconds: float = 0.0) -> bool:
        """Whether this life is over by itself by now."""
        assert self.process.stdout is not None
        if self.pid and select.select([self.process.stdout], [], [], seconds)[0]:
            self._over()
            self.deaths += 1
        return not self.pid

    def again(self, phase: str = "never", count: int = 1) -> None:
        """Whatever became of the last life, a new one."""
        self.kill()
        self.live(phase, count)

    def close(self) -> None:
        self.kill()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)

    def _over(self) -> None:
        status = int(self._line("END"))
        self.pid = 0
        assert os.WIFSIGNALED(status), f"the server ended by itself: {status}"

    def _line(self, word: str) -> str:
        assert self.process.stdout is not None
        first, _, rest = self.process.stdout.readline().partition(" ")
        assert first == word, f"the nursery says {first!r}, not {word}"
        return rest.strip()


def _database() -> str:
    return str(connection.settings_dict["NAME"])


@dataclass
class World:
    """Everything that outlives one run."""

    nursery: Nursery
    proxy: Proxy
    clock: SharedClock
    template: UUID
    """A file that was opened as files are; others are copied from it."""
    area: str
    sweep: UUID
    door: UUID
    post: UUID
    copy: str = ""
    """The database that holds the newest backup; "" for none."""

    def now(self) -> datetime:
        return self.clock.now()

    def user(self) -> UUID:
        """A new log-in, a doctor of the village."""
        user = User(username=f"doctor-{uuid7()}", name="冉医生", created_at=BEGIN)
        user.set_unusable_password()
        user.save()
        grant_role(
            user_id=user.id,
            role="village-doctor",
            area=self.area,
            by=SYSTEM,
            at=self.now() - timedelta(days=3),
        )
        return user.id

    def code(self, user: UUID) -> str:
        """A one-time code for a phone of this log-in."""
        return make_enrol_code(user_id=user, scope=EVERYTHING, by=SYSTEM, at=self.now()).code

    def file(self) -> UUID:
        """Another person under observation, as far as the one of the template."""
        new = uuid7()
        with connection.cursor() as cursor:
            for table, ids in (("people_person", ("id",)), ("observation_file", ("id", "person_id"))):
                cursor.execute(
                    _COPY.format(table=table), {"new": new, "ids": list(ids), "old": self._old(table)}
                )
        return new

    def _old(self, table: str) -> UUID:
        if table == "observation_file":
            return self.template
        with connection.cursor() as cursor:
            cursor.execute("select person_id from observation_file where id = %s", [self.template])
            person: UUID = cursor.fetchone()[0]
        return person

    def back_up(self) -> None:
        """Copy the database, and note that the copy was proved."""
        reaches = server_state().last_server_seq
        self.nursery.kill()
        self.copy = _database() + "_copy"
        with _postgres() as link:
            link.execute(f"drop database if exists {self.copy}".encode())
            link.execute(f"create database {self.copy} template {_database()}".encode())
        self.nursery.live()
        at = self.now()
        mark_verified_backup(
            server_seq=reaches, file="copy", size=1, rows=1, events=1, taken_at=at, by=SYSTEM, at=at
        )

    def restore(self, *, told: bool) -> None:
        """The copy takes the database's place. `told`: by `shouwang restore`, which begins an epoch; else by somebody
        with other means, and a phone will notice."""
        assert self.copy
        self.nursery.kill()
        with _postgres() as link:
            link.execute(f"drop database {_database()} with (force)".encode())
            link.execute(f"alter database {self.copy} rename to {_database()}".encode())
        self.copy = ""
        self.nursery.live()
        if told:
            begin_epoch(reason="restore", by=SYSTEM, at=self.now())


@contextmanager
def _postgres() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The database server itself; nobody is connected to the test's database meanwhile."""
    params = connection.get_connection_params()
    connection.close()
    target = psycopg.conninfo.make_conninfo(
        host=params["host"], port=params.get("port"), user=params.get("user"), dbname="postgres"
    )
    with psycopg.connect(target, autocommit=True) as link:
        link.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [_database()]
        )
        yield link


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """Found the town, start the server and the line to it."""
    path = folder / "clock"
    path.write_bytes(bytes(8))
    clock = SharedClock(path)
    clock.set(BEGIN.timestamp() - time.time())
    found_place(place_code=TOWN, pack_id="cn-2020-longsha", by=SYSTEM, at=BEGIN - timedelta(days=9))
    bring(folder, ROWS[2:], BEGIN - timedelta(days=5))
    file = file_of("冉光明")
    sweep, door, post = _a_round_and_a_post(file.area)
    nursery = Nursery(path)
    try:
        with Proxy(nursery.port) as proxy:
            nursery.live()
            yield World(nursery, proxy, clock, file.id, file.area, sweep, door, post)
    finally:
        nursery.close()


def _a_round_and_a_post(area: str) -> tuple[UUID, UUID, UUID]:
    """A round over the town with its first door in `area`, and a post on the road there."""
    at, due = BEGIN - timedelta(days=2), BEGIN.date() + timedelta(days=5)
    sweep = open_round(area=TOWN, due_on=due, scope=EVERYTHING, by=SYSTEM, at=at)
    new = NewPost(area, "大桥卡口", "road")
    open_posts(posts=[new], area=TOWN, scope=EVERYTHING, by=SYSTEM, at=at)
    (post,) = posts(EVERYTHING, since=at)
    return sweep, sheet_doors(EVERYTHING, sweep, area=area)[0].id, post.id


FACTS = """
select id from observation_dailycheck where file_id = any(%(files)s)
union all select id from screening_doorvisit where by_id = any(%(users)s)
union all select id from screening_arrival where by_id = any(%(users)s)
"""
"""What was written in the three rooms that phones write to: of these files, by these log-ins (as text)."""
_COPY = """
insert into {table} select (jsonb_populate_record(null::{table}, to_jsonb(t)
    || (select jsonb_object_agg(name, %(new)s) from unnest(%(ids)s::text[]) name))).*
from {table} t where t.id = %(old)s
"""
