"""The background worker as a process: `python -m shouwang.jobs.worker`.

It asks for a tick before it begins, so that what a killed worker left is taken up at once, not at the next
full minute.
"""

from __future__ import annotations

import os

JOBS_AT_A_TIME = 3
"""While an import runs and messages are on their way, alerts still climb."""


def main() -> None:
    """Work until told to stop (SIGTERM: what is begun is finished first)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from shouwang.journeys.later import tick_now

    tick_now()
    call_command("procrastinate", "worker", "--concurrency", str(JOBS_AT_A_TIME), skip_checks=True)


if __name__ == "__main__":
    main()
