"""Background tasks. Each is thin: it calls one journey or action with the instant of the installation's clock.

No queue survives `kill -9` by itself; what is owed are rows (alerts with their next climb, imports with
their state), claimed and swept by the tick, so that a lost job is harmless (STACK.md, background). The times of
the ticks are of the real clock; what they do is done at the instant of `settings.CLOCK`, which the
demonstration shifts.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from shouwang.journeys.escalate import escalate
from shouwang.journeys.form_groups import keep_groups
from shouwang.journeys.later import IMPORTS, RUN_IMPORT, SEND, SENDING, TICK, TICKS, send_soon
from shouwang.journeys.take_in import commit_and_watch, resume_interrupted
from shouwang.kernel.actor import SYSTEM, Actor
from shouwang.kernel.errors import Refused
from shouwang.outreach.actions import send_due

EVERY_MINUTE = "* * * * *"
SEND_SECONDS = timedelta(seconds=50)
log = logging.getLogger(__name__)


@app.task(name=RUN_IMPORT, queue=IMPORTS)
def run_import(batch_id: str, by_id: str, by_name: str, at: str | None = None) -> None:
    """Commit one previewed import and watch over whom it found.

    A refusal (cancelled, done already, held by another worker) is an answer, not a failure: the batch itself
    says what became of it.
    """
    instant = datetime.fromisoformat(at) if at else settings.CLOCK.now()
    try:
        commit_and_watch(batch_id=UUID(batch_id), by=Actor(by_id, by_name), at=instant)
    except Refused as refused:
        log.info("import %s: %s", batch_id, refused)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name=TICK, queue=TICKS, queueing_lock=TICK)
def tick(timestamp: int) -> None:
    """Every minute: alerts are told and, unanswered, climb; imports that a kill interrupted are taken up again;
    rosters of groups follow their teams; what was queued meanwhile is sent without waiting for a minute more."""
    del timestamp
    at = settings.CLOCK.now()
    escalate(by=SYSTEM, at=at)
    resume_interrupted(at=at)
    keep_groups(by=SYSTEM, at=at)
    send_soon()


@app.periodic(cron=EVERY_MINUTE)
@app.task(name=SEND, queue=SENDING, queueing_lock=SEND)
def send(timestamp: int) -> None:
    """Every minute, and when somebody asks: send what is due, for at most `SEND_SECONDS`, then leave the rest to
    the next minute. A vendor that is slow holds up nothing else: this is a queue of its own."""
    del timestamp
    begun = settings.CLOCK.now()
    while True:
        at = settings.CLOCK.now()
        if at - begun > SEND_SECONDS or not send_due(by=SYSTEM, at=at).calls:
            return


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="shouwang.sweep", queue=TICKS, queueing_lock="shouwang.sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Every minute: jobs whose worker stopped giving signs of life are begun again; all of ours may be. Where another
    like it was asked for meanwhile that one does the work, and the dead one is closed: it must not hold up the rest.
    """
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.ABORTED, delete_job=False)
