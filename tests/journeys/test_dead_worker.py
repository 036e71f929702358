"""What a worker that died had begun: taken up again, and never in the way of what was asked for since."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from shouwang.jobs.tasks import sweep
from shouwang.journeys.later import IMPORTS, RUN_IMPORT, TICK, TICKS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jobs() -> list[int]:
    """A tick that a dead worker had begun, the tick that was asked for since, an import it had begun too."""
    rows = [
        (TICKS, TICK, TICK, "doing"),
        (TICKS, TICK, TICK, "todo"),
        (IMPORTS, RUN_IMPORT, "import-1", "doing"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
        cursor.executemany(
            "insert into procrastinate_jobs (queue_name, task_name, queueing_lock, status) values (%s, %s, %s, %s)",
            rows,
        )
        cursor.execute("select id from procrastinate_jobs order by id")
        return [row[0] for row in cursor.fetchall()]


async def _sweep() -> None:
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker.open_async():
        await sweep.func(SimpleNamespace(app=worker), 0)


def test_a_dead_tick_makes_way_for_the_next_one_and_the_import_beside_it_is_begun_again(
    jobs: list[int],
) -> None:
    with ThreadPoolExecutor(1) as apart:  # in this thread Playwright's loop may be running
        apart.submit(lambda: asyncio.run(_sweep())).result()
    with connection.cursor() as cursor:
        cursor.execute("select id, status::text from procrastinate_jobs where id = any(%s)", [jobs])
        states = dict(cursor.fetchall())
        cursor.execute("delete from procrastinate_jobs")
    assert [states[job] for job in jobs] == ["aborted", "todo", "todo"]
