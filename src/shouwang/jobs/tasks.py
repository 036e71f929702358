"""Background tasks. Each is thin: it calls one journey or action with the instant of the tick.

No queue survives `kill -9` by itself; what is owed are rows (alerts with their next climb, imports with
their state), claimed and swept by the tick, so that a lost job is harmless (STACK.md, background).
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from shouwang.journeys.later import RUN_IMPORT
from shouwang.journeys.take_in import commit_and_watch, resume_interrupted
from shouwang.kernel.actor import Actor
from shouwang.observation.actions import climb_alerts


@app.task(name=RUN_IMPORT, queue="imports")
def run_import(batch_id: str, by_id: str, by_name: str) -> None:
    """Commit one previewed import and watch over whom it found."""
    commit_and_watch(batch_id=UUID(batch_id), by=Actor(by_id, by_name), at=settings.CLOCK.now())


@app.periodic(cron="* * * * *")
@app.task(name="shouwang.tick", queue="tick", pass_context=True)
def tick(_context: JobContext, timestamp: int) -> None:
    """Every minute: unanswered alerts climb, imports that a kill interrupted are taken up again."""
    del timestamp  # of the real clock; the installation's may be shifted
    at = settings.CLOCK.now()
    climb_alerts(at=at)
    resume_interrupted(at=at)
