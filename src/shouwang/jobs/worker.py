"""The background worker as a process: `python -m shouwang.jobs.worker`.

A keeper loads everything once and forks the worker; one that is killed outright is back in a moment, not after the
seconds that loading takes, and alarms climb on. The worker asks for a tick before it begins, so that what a killed
one left is taken up at once, not at the next full minute.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

JOBS_AT_A_TIME = 3
"""While an import runs and messages are on their way, alerts still climb."""
PAUSE_SECONDS = 0.2
"""Between two lives; a worker that dies at once again and again must not keep a core busy."""
SHORT_LIFE_SECONDS = 5.0
LONG_PAUSE_SECONDS = 5.0
"""After a life that failed by itself within `SHORT_LIFE_SECONDS` (the database is away)."""
PR_SET_PDEATHSIG = 1


def main() -> int:
    """Keep a worker alive until told to stop (SIGTERM: what is begun is finished first)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()
    from django.db import connections

    import shouwang.jobs.tasks  # noqa: F401 - loaded before the fork

    keeper = _Keeper()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, keeper.stop)
    while not keeper.stopping:
        connections.close_all()  # no line to the database is shared by two processes
        begun = time.monotonic()
        status = keeper.live()
        if keeper.stopping:
            return os.waitstatus_to_exitcode(status)
        failed = os.WIFEXITED(status) and time.monotonic() - begun < SHORT_LIFE_SECONDS
        time.sleep(LONG_PAUSE_SECONDS if failed else PAUSE_SECONDS)
    return 0


class _Keeper:
    """Forks one life after another and passes the stop on."""

    def __init__(self) -> None:
        self.stopping = False
        self.child = 0

    def live(self) -> int:
        """One life of the worker; its wait status."""
        keeper = os.getpid()
        self.child = os.fork()
        if self.child == 0:
            _work(keeper)
        if self.stopping:
            self._pass_on()
        _, status = os.waitpid(self.child, 0)
        self.child = 0
        return status

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        self._pass_on()

    def _pass_on(self) -> None:
        if self.child:
            os.kill(self.child, signal.SIGTERM)


def _work(keeper: int) -> NoReturn:
    """The worker itself; leaves by `SystemExit`, so that what stands at exit is done (the embedded server stops
    with the last process that joined it)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":  # a keeper that is killed outright takes the worker with it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == keeper:
        _run()
    sys.exit(0)


def _run() -> None:
    from django.core.management import call_command

    from shouwang.journeys.later import tick_now

    tick_now()
    call_command("procrastinate", "worker", "--concurrency", str(JOBS_AT_A_TIME), skip_checks=True)


if __name__ == "__main__":
    sys.exit(main())
