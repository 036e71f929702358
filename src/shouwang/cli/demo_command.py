"""`shouwang demo`: the town of Longsha on its ninth day, built once, served at once afterwards."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from shouwang.cli.root import ready, root

DONE = "demo.json"


@root.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8026, show_default=True)
@click.option("--no-serve", is_flag=True, help="Build only.")
def demo(host: str, port: int, no_serve: bool) -> None:
    """Build the demonstration (42,000 people, synthetic) and serve it. Again: only serve; nothing is lost.

    \b
    Example:
      shouwang demo --port 8026
    """
    os.environ.setdefault("SHOUWANG_HOME", str(_default_home()))
    os.environ |= {"SHOUWANG_DEMO": "1", "SHOUWANG_REQUIRE_MFA": "0"}
    os.environ.setdefault("SHOUWANG_URL", f"http://{host}:{port}")
    ready()
    from django.conf import settings

    keep: Path = settings.HOME / DONE
    if not keep.exists():
        _build(keep)
        if not no_serve:  # by a process that remembers nothing of the building
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command
    offset = _set_clock()
    _tell(keep, host, port, offset)
    if not no_serve:
        from shouwang.cli.serve_command import serve_until_stopped

        serve_until_stopped(host, port, workers=1)


def _default_home() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("shouwang-demo", appauthor=False))


def _build(keep: Path) -> None:
    from django.core.management import call_command

    from shouwang.demo.build import build, packaged_samples

    begun = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    draft = keep.with_suffix(".part")
    if draft.exists():
        draft.unlink()
        call_command("flush", verbosity=0, interactive=False)
    draft.touch()
    with packaged_samples() as samples:
        build(samples, draft, lambda line: click.echo(f"[{time.monotonic() - begun:5.1f} s] {line}"))
    draft.rename(keep)
    click.echo(f"[{time.monotonic() - begun:5.1f} s] built")


def _set_clock() -> timedelta:
    """The processes to be started live on the evening of 5 February 2020, or later where something was typed."""
    from django.conf import settings

    from shouwang.demo.clock import offset_from
    from shouwang.journal.queries import last_event_at

    offset: timedelta = offset_from(settings.CLOCK.now() - settings.CLOCK.offset, last_event_at())
    os.environ["SHOUWANG_CLOCK_OFFSET"] = told = str(offset.total_seconds())
    settings.CLOCK = replace(settings.CLOCK, offset=offset)
    settings.DEMO_CLOCK.write_text(told)
    return offset


def _tell(keep: Path, host: str, port: int, offset: timedelta) -> None:
    from django.conf import settings

    from shouwang.demo.build import credentials
    from shouwang.demo.cast import LOG_INS
    from shouwang.demo.phone import doctors_code

    click.echo()
    click.echo(f"守望 Shouwang: http://{host}:{port}/   (演示, all people are invented)")
    click.echo()
    click.echo(f"  {'log in':<12}{'password':<16}role")
    password = credentials(keep).password
    for log_in in LOG_INS:
        click.echo(f"  {log_in.username:<12}{password:<16}{log_in.role}")
    click.echo(f"  {'admin':<12}{password:<16}administrator")
    click.echo()
    code = doctors_code(settings.CLOCK.now() - settings.CLOCK.offset + offset)
    click.echo(f"  the doctor's telephone, once, within a day: {settings.PUBLIC_URL}/field/#enrol={code}")
    click.echo()
