"""kill -9 of the server in the middle of batches: what was acknowledged is there, and there once."""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest
from django.db import connection

from shouwang.journal.queries import broken_chains
from tests.field_phone import Phone, a_check, a_visit, an_arrival, http_wire
from tests.journeys.field_world import FACTS, World, a_world
from tests.journeys.homes import a_house
from tests.journeys.serving import House, Served, kill, until

pytestmark = pytest.mark.xdist_group("field-killed")
PHASES = ("statement", "commit", "committed", "answer")
BATCH = 20
PHONES = 3
SENDING_SECONDS = 60


@dataclass
class Sender:
    """A phone that works on while its server dies: what it was promised, by id."""

    phone: Phone
    files: list[UUID]
    world: World | None = None
    """Where there is a round and a post too; None: checks alone."""
    promised: dict[str, int] = field(default_factory=dict)
    """Id → the server's number of its first receipt."""
    made: set[str] = field(default_factory=set)

    def work(self, now: datetime) -> None:
        """Twenty more in the outbox, of every kind where there is a round."""
        for number in range(BATCH):
            at = now - timedelta(minutes=1 + number)
            kind, payload = "check", a_check(self.files[number % len(self.files)])
            if self.world and number % 5 == 3:
                kind, payload = "visit", a_visit(self.world.sweep, self.world.door)
            elif self.world and number % 5 == 4:
                kind, payload = "arrival", an_arrival(self.world.post, self.world.area)
            self.made.add(self.phone.record(kind, payload, at)["id"])

    def send(self, now: datetime) -> bool:
        """One batch of what waits; whether it was answered."""
        some = self.phone.outbox[:BATCH]
        try:
            answer = self.phone.send(some, now)
        except (http.client.HTTPException, OSError):
            return False
        if answer.status != 200 or not answer.body:
            return False  # cut off among its headers: what came of it reads as an answer without a body
        assert [one["id"] for one in answer.body["receipts"]] == [one["id"] for one in some]
        for receipt in answer.body["receipts"]:
            assert receipt["status"] in {"done", "again"}, receipt
            number = self.promised.setdefault(receipt["id"], receipt["server_seq"])
            assert receipt["server_seq"] == number, "another receipt than the first"
        self.phone._take(some, answer.body)
        return True


def _together(senders: list[Sender], now: datetime) -> None:
    with ThreadPoolExecutor(len(senders)) as pool:
        list(pool.map(lambda one: one.send(now), senders))


@pytest.mark.django_db(transaction=True)
def test_a_hundred_kills_in_mid_batch_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    """The WSGI application as it is served, in a process that dies where it is told to or at any moment."""
    dice = random.Random(20200201)
    with a_world(tmp_path) as world:
        files = [world.file() for _ in range(BATCH)]
        senders = []
        for _ in range(PHONES):
            phone = Phone(http_wire(f"http://127.0.0.1:{world.nursery.port}"))
            assert phone.enrol(world.code(world.user())).status == 200
            senders.append(Sender(phone, files, world))
        met = dict.fromkeys((*PHASES, "outside"), 0)
        while sum(met.values()) < 100:
            for one in senders:
                if not one.phone.outbox:
                    one.work(world.now())
            phase = min(met, key=lambda name: met[name])
            if phase == "outside":
                world.nursery.again()
                killer = threading.Timer(dice.uniform(0, 0.15), world.nursery.kill)
                killer.start()
                _together(senders, world.now())
                killer.join()
                met[phase] += 1
            else:
                world.nursery.again(phase, dice.randint(1, 45 if phase == "statement" else 3))
                _together(senders, world.now())
                met[phase] += world.nursery.has_died()
            assert _lost(senders) == []
        world.nursery.again()
        for one in senders:
            while one.phone.outbox:
                assert one.send(world.now())
        made = {one for sender in senders for one in sender.made}
        with connection.cursor() as cursor:
            users = [sender.phone.actor["id"] for sender in senders]
            cursor.execute(FACTS, {"files": files, "users": users})
            assert sorted(str(row[0]) for row in cursor.fetchall()) == sorted(made)
            cursor.execute("select id::text, server_seq from devices_command")
            stored = dict(cursor.fetchall())
        assert stored == {one: number for sender in senders for one, number in sender.promised.items()}
        assert all(one.phone.state().body["gaps"] == [] for one in senders)
        assert broken_chains() == []


def _lost(senders: list[Sender]) -> list[str]:
    """What was acknowledged and is not written."""
    promised = [one for sender in senders for one in sender.promised]
    with connection.cursor() as cursor:
        cursor.execute(
            "select id::text from unnest(%(promised)s::uuid[]) as t (id) where not exists"
            " (select from devices_command k where k.id = t.id)"
            f" or not exists (select from ({FACTS}) f where f.id = t.id)",
            {
                "promised": promised,
                "files": senders[0].files,
                "users": [sender.phone.actor["id"] for sender in senders],
            },
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A founded town with twenty people under observation, durable as in an office."""
    home = a_house(tmp_path_factory, "field")
    home.script(_PEOPLE)
    return home


@dataclass
class Office:
    """A running `shouwang serve`, and phones that were enrolled there."""

    house: House
    served: Served
    senders: list[Sender]

    def web(self) -> psutil.Process:
        """The process that answers requests: granian's child."""

        def found() -> psutil.Process | None:
            for child in self.served.parent.children(recursive=True):
                with suppress(psutil.Error):  # the last one killed, not yet buried
                    ours = "shouwang.config.wsgi:application" in " ".join(child.cmdline())
                    if ours and (inner := child.children()):
                        return inner[0]
            return None

        web: psutil.Process = until(found, 60, "a web process")
        return web


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    with house.serving() as served:
        told = json.loads(house.script(_CODES))
        senders = []
        for code in told["codes"]:
            phone = Phone(http_wire(f"http://127.0.0.1:{house.port}"))
            assert phone.enrol(code).status == 200
            senders.append(Sender(phone, [UUID(one) for one in told["files"]]))
        yield Office(house, served, senders)


def test_the_server_as_shipped_is_killed_and_comes_back_with_everything(office: Office) -> None:
    _kill_the_office(office, kills=3)


@pytest.mark.nightly
def test_the_server_as_shipped_is_killed_a_hundred_times(office: Office) -> None:
    _kill_the_office(office, kills=100)


def _kill_the_office(office: Office, kills: int) -> None:
    dice = random.Random(20200202)
    over = threading.Event()
    answered = threading.Semaphore(0)

    def send(one: Sender) -> None:
        while not over.is_set() or one.phone.outbox:
            if not one.phone.outbox:
                one.work(datetime.now().astimezone())
            if one.send(datetime.now().astimezone()):
                answered.release()
            else:
                over.wait(0.05)

    with ThreadPoolExecutor(PHONES) as pool:
        sending = [pool.submit(send, one) for one in office.senders]
        try:
            for _ in range(kills):
                for _ in range(dice.randint(1, 6)):
                    assert answered.acquire(timeout=SENDING_SECONDS), (
                        f"nobody is answered\n{office.house.log()}"
                    )
                kill(office.web())
        finally:
            over.set()
        for one in sending:
            one.result(SENDING_SECONDS)
    promised = {one for sender in office.senders for one in sender.promised}
    assert promised == {one for sender in office.senders for one in sender.made}
    ids = ",".join(f"'{sender.phone.actor['id']}'" for sender in office.senders)
    count = f"select count(*) from observation_dailycheck where recorded_by in ({ids})"
    assert office.house.ask(count) == len(promised)
    assert office.house.ask(f"select count(*) from devices_command where actor in ({ids})") == len(promised)
    assert json.loads(office.house.run("verify", "--json"))["ok"]


def test_beyond_its_places_phones_are_told_when_to_come_again_and_the_desk_still_answers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood over real connections: 503 with Retry-After for some, an answer for all; the desk never waits."""
    monkeypatch.setenv("SHOUWANG_FIELD_PLACES", "1")
    monkeypatch.setenv("SHOUWANG_FIELD_WAITING", "2")
    with house.serving():
        told = json.loads(house.script(_CODES))
        one = Sender(Phone(http_wire(f"http://127.0.0.1:{house.port}")), [UUID(f) for f in told["files"]])
        assert one.phone.enrol(told["codes"][0]).status == 200
        one.work(datetime.now().astimezone())
        body = json.dumps(one.phone.batch(one.phone.outbox, datetime.now().astimezone())).encode()
        with ThreadPoolExecutor(60) as pool:
            flood = [pool.submit(_post, house.port, one.phone.headers(), body) for _ in range(300)]
            desk = [house.answers() for _ in range(5)]
            answers = [future.result(120) for future in flood]
        assert all(desk), "the desk waited for phones"
        statuses = {status for status, _ in answers}
        assert statuses == {200, 503}
        waits = [wait for status, wait in answers if status == 503]
        assert all(wait is not None and 5 <= int(wait) <= 30 for wait in waits)
        while not one.send(datetime.now().astimezone()):
            pass
        assert len(one.promised) == BATCH


def _post(port: int, headers: dict[str, str], body: bytes) -> tuple[int, str | None]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    link.request("POST", "/api/field/v1/commands", body, headers | {"Content-Type": "application/json"})
    told: Any = link.getresponse()
    told.read()
    link.close()
    return told.status, told.getheader("Retry-After")


_PEOPLE = """
import pathlib, tempfile
from datetime import timedelta
from django.conf import settings
from shouwang.journeys.take_in import take_in_file
from shouwang.kernel.actor import SYSTEM
now = settings.CLOCK.now()
day = (now - timedelta(days=2)).date().isoformat()
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "a.csv"
    rows = [f"宋大{n},男,138000000{n},红鹤村3组{n}号,武汉市,{day}" for n in range(10, 30)]
    path.write_text("\\n".join(["姓名,性别,手机,现住址,外出地,返回日期", *rows]) + "\\n", "utf-8")
    at = now - timedelta(hours=5)
    take_in_file(kind="returnees", area="500101135", path=path, file_name="a.csv", by=SYSTEM, at=at)
"""
_CODES = """
import json
from datetime import timedelta
from django.conf import settings
from shouwang.accounts.actions import create_user, grant_role
from shouwang.devices.actions import make_enrol_code
from shouwang.kernel.actor import SYSTEM
from shouwang.kernel.ids import uuid7
from shouwang.kernel.scope import Scope
from shouwang.observation.models import ObservationFile
now = settings.CLOCK.now()
codes = []
for _ in range(3):
    user = create_user(username=str(uuid7()), name="冉医生", password="a long password", by=SYSTEM, at=now)
    grant_role(user_id=user.id, role="village-doctor", area="500101135", by=SYSTEM, at=now - timedelta(hours=1))
    codes.append(make_enrol_code(user_id=user.id, scope=Scope.everything(), by=SYSTEM, at=now).code)
files = [str(f.id) for f in ObservationFile.objects.unscoped("test").order_by("id")]
print(json.dumps({"codes": codes, "files": files}))
"""
