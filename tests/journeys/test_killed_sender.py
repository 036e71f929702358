"""After `kill -9` of the sender each message still goes once; what nobody can know is shown, not guessed (B3).

Real processes, a real database, real HTTP on loopback; the servers count what reached people. The bound is asserted as
physics allows it: by a gateway that knows our key every message arrives exactly once; by a robot, which knows none,
no message arrives twice, and one that may or may not have arrived is `uncertain` and at most as many as were in
flight.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.db import connection

from shouwang.kernel.actor import SYSTEM
from shouwang.outreach.actions import AT_ONCE, NewMessage, queue_messages
from shouwang.outreach.models import DeliveryAttempt, Message
from tests.apps.sending import ALL, SPACE, VILLAGE, channel_of, fake_of, worker
from tests.vendors import Fake

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent
EVERY = timedelta(minutes=10)
"""Between two lives: leases are over, the minute of the robot too."""
PHASES = ("claimed", "answered", "called", "delivered")


@dataclass
class Lives:
    """The nursery, and the life that is being lived."""

    process: subprocess.Popen[str]
    pid: int = 0
    kills: int = 0
    _left: dict[str, int] = field(default_factory=dict)

    def live(self, at: datetime, phase: str, count: int) -> None:
        """One life, to its end. `called` and `delivered` are the server's to kill at."""
        self._left = {phase: count} if phase in ("called", "delivered") else {}
        own = phase if phase in ("claimed", "answered") else "never"
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{at.isoformat()} {own} {count}\n")
        self.process.stdin.flush()
        self.pid = int(self.process.stdout.readline())
        word, status = self.process.stdout.readline().split()
        assert word == "END"
        self.pid = 0
        self.kills += os.WIFSIGNALED(int(status)) and os.WTERMSIG(int(status)) == signal.SIGKILL
        assert os.WIFSIGNALED(int(status)) or int(status) == 0, status

    def maybe_kill(self, phase: str) -> None:
        """Kill the life from the server's side, at the count-th call."""
        if phase not in self._left or not self.pid:
            return
        self._left[phase] -= 1
        if self._left[phase] == 0:
            os.kill(self.pid, signal.SIGKILL)


@contextmanager
def nursery(*fakes: Fake) -> Iterator[Lives]:
    """A nursery on the test's own database, whose lives these servers may end."""
    command = [sys.executable, "-m", "tests.journeys.nursery", str(connection.settings_dict["NAME"])]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        lives = Lives(process)
        for fake in fakes:
            fake.before_deliver = lambda _: lives.maybe_kill("called")
            fake.before_answer = lambda _: lives.maybe_kill("delivered")
        try:
            yield lives
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=30)


def _queue(to: UUID, names: list[str], at: datetime) -> None:
    queue_messages(
        messages=[
            NewMessage(
                uuid5(SPACE, name),
                VILLAGE,
                "alert-raised",
                {"place": "海螺村", "severity": "紧急", "code": name, "link": "/alerts/"},
                "worker",
                to,
                "alert",
                name,
            )
            for name in names
        ],
        by=SYSTEM,
        at=at,
    )


def _kill_often(kind: str, kills: int, at: datetime) -> tuple[Fake, list[str], Lives, datetime]:
    """Send by one channel while its sender is killed so often; then let it finish."""
    chance = random.Random(20200201)
    names: list[str] = []
    with fake_of(kind) as fake:
        channel_of(kind, fake.url, at)
        to = worker(at)
        with nursery(fake) as lives:
            while lives.kills < kills:
                more = [f"N{len(names) + n}" for n in range(chance.randint(4, 12))]
                names += more
                _queue(to, more, at)
                phase = PHASES[(lives.kills + len(names)) % len(PHASES)]
                lives.live(at, phase, chance.randint(1, 1 if phase == "claimed" else 4))
                at += EVERY
            for _ in range(60):
                lives.live(at, "never", 0)
                at += EVERY
                if not Message.objects.unscoped("test").filter(state__in=["queued", "sending"]).exists():
                    break
    return fake, names, lives, at


def _arrived(fake: Fake, names: list[str]) -> Counter[str]:
    """How often each message was seen by people, by the number in its text."""
    found = Counter(text.split("编号", 1)[1].split("）", 1)[0] for text in fake.texts())
    assert set(found) <= set(names)
    return Counter({name: found[name] for name in names})


def _states(names: list[str]) -> dict[str, str]:
    rows = dict(Message.objects.unscoped("test").values_list("id", "state"))
    return {name: rows[uuid5(SPACE, name)] for name in names}


def check_robot(kills: int, at: datetime) -> None:
    """No message twice, none lost unseen; the uncertain are at most those in flight."""
    fake, names, lives, _ = _kill_often("wecom", kills, at)
    assert lives.kills >= kills
    arrived, states = _arrived(fake, names), _states(names)
    assert set(states.values()) <= {"sent", "uncertain"}
    assert {n for n in names if arrived[n] > 1} == set(), "told twice"
    assert {n for n in names if states[n] == "sent" and arrived[n] != 1} == set(), "called sent, and was not"
    uncertain = [n for n in names if states[n] == "uncertain"]
    assert len(uncertain) <= AT_ONCE * lives.kills
    assert uncertain, "the kills hit nothing"
    assert any(arrived[n] for n in uncertain), "some of the uncertain did arrive"
    assert any(not arrived[n] for n in uncertain), "and some did not: nobody can know, so a person is asked"


def check_gateway(kills: int, at: datetime) -> None:
    """Exactly once, whatever is killed where: the gateway knows our key."""
    fake, names, lives, _ = _kill_often("sms-http", kills, at)
    assert lives.kills >= kills
    assert set(_states(names).values()) == {"sent"}
    assert set(_arrived(fake, names).values()) == {1}
    tries = DeliveryAttempt.objects.unscoped("test").count()
    assert tries > len(names), "some were called again, and told once"


def test_twenty_kills_and_a_robot_tells_nothing_twice_and_hides_nothing(at: datetime) -> None:
    check_robot(20, at)


def test_twenty_kills_and_a_gateway_with_keys_tells_everything_exactly_once(at: datetime) -> None:
    check_gateway(20, at)


@pytest.mark.nightly
def test_two_hundred_kills_of_a_robots_sender(at: datetime) -> None:
    check_robot(200, at)


@pytest.mark.nightly
def test_two_hundred_kills_of_a_gateways_sender(at: datetime) -> None:
    check_gateway(200, at)


def test_the_two_never_share_what_they_claim(at: datetime) -> None:
    """Two senders at once: every message by one of them."""
    with fake_of("sms-http") as fake, nursery(fake) as one, nursery(fake) as two:
        channel_of("sms-http", fake.url, at)
        names = [f"N{n}" for n in range(60)]
        _queue(worker(at), names, at)
        for lives in (one, two):
            assert lives.process.stdin is not None
            lives.process.stdin.write(f"{at.isoformat()} never 0\n")
            lives.process.stdin.flush()
        for lives in (one, two):
            assert lives.process.stdout is not None
            lives.process.stdout.readline()
            assert lives.process.stdout.readline().split() == ["END", "0"]
        assert set(_arrived(fake, names).values()) == {1}
        assert len(fake.requests) == 60, "none was called twice"
    assert ALL.areas == ("",)
