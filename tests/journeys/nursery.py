"""Senders that are killed: `python -m tests.journeys.nursery DATABASE` reads one life a line from stdin.

A line is `INSTANT PHASE N`: a child is forked (Django is loaded already, so that a life costs little) that sends what
is due at the instant until nothing is left. `PHASE` says where it dies by its own SIGKILL, at the N-th time it comes
there: `claimed` (tries are marked, nothing is called), `answered` (an answer is there, nothing is written);
`never`. A child may also be killed from outside at any moment. Prints `PID` when it begins and `END STATUS` when over.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any


def main(database: str) -> None:
    """Fork a life for every line."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection

    from shouwang.config.embedded import ensure_running
    from shouwang.outreach.actions import sending  # noqa: F401 - loaded once, not by every life

    place = ensure_running()
    connection.settings_dict |= {"NAME": database, "HOST": place.host, "PORT": place.port, "USER": place.user}
    for line in sys.stdin:
        instant, phase, count = line.split()
        child = os.fork()
        if child == 0:
            _live(datetime.fromisoformat(instant), phase, int(count))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print("END", status, flush=True)


def _live(at: datetime, phase: str, count: int) -> None:
    from shouwang.kernel.actor import SYSTEM
    from shouwang.outreach.actions import sending

    left = [count]

    def die_at(here: str) -> None:
        if phase == here:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    calling: Callable[..., Iterator[Any]] = sending.call_all

    def call_all(tasks: Any, instant: datetime) -> Iterator[Any]:
        if tasks:
            die_at("claimed")
        for found in calling(tasks, instant):
            die_at("answered")
            yield found

    sending.call_all = call_all  # type: ignore[assignment]
    while sending.send_due(by=SYSTEM, at=at).calls:
        pass


if __name__ == "__main__":
    main(sys.argv[1])
