"""The root of the command: sub-commands, exit statuses, the instant that is passed in (issue 2 §1)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused

DEFAULT_ZONE = "Asia/Shanghai"
COMMAND_LINE = Actor("command-line", "command line")
"""Whoever can run the command on the server: the journal says so and no more."""

F = TypeVar("F", bound=Callable[..., Any])


class Instant(click.ParamType[datetime]):
    """An ISO instant; without a zone it is the wall clock of China."""

    name = "iso-time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            read = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        except ValueError:
            self.fail(f"{value!r} is not an ISO time such as 2020-02-01T18:00+08:00", param, ctx)
        return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(DEFAULT_ZONE))


at_option = click.option(
    "--at", type=Instant(), default=None, help="The instant it happens (ISO). Default: now."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")
place_option = click.option(
    "--place", "place_code", required=True, help="Division code, e.g. 500101135 (Longsha town)."
)


class NewFile(click.Path):
    """A file to be written: its folder must be there before the work begins, not after."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        file = super().convert(value, param, ctx)
        folder = Path(os.fsdecode(file)).parent
        if not os.access(folder, os.W_OK | os.X_OK):
            self.fail(f"{str(folder)!r} is not a folder that can be written to", param, ctx)
        return file


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shouwang")
def root() -> None:
    """守望 Shouwang: community outbreak response, from the door to the city.

    \b
    Example:
      shouwang init --place 500101135
      shouwang import returnees returnees.xlsx --place 500101135
      shouwang duties --place 500101135
    """


def ready() -> None:
    """Set Django up. Called by commands, not at import, so that `--help` is instant."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
    import django

    django.setup()


def now_or(at: datetime | None) -> datetime:
    """`at`, or the present instant of this installation."""
    from django.conf import settings

    present: datetime = settings.CLOCK.now()
    return at or present


def print_json(value: object) -> None:
    """Data on stdout: UTF-8, readable, dates in ISO."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


ENCODINGS = ("utf-8-sig", "gb18030")
"""What offices save lists as."""


def text_of(file: Path) -> str:
    """The text of a list as an office saved it."""
    data = file.read_bytes()
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def run() -> None:
    """Run the command. Exit status 0 done, 1 refused (one line on stderr), 2 usage."""
    from shouwang.cli import load_commands

    load_commands()
    try:
        status = root(standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except Refused as refused:
        click.echo(sentence(refused), err=True)
        sys.exit(1)
    except OSError as unusable:
        click.echo(f"file-not-usable ({' '.join(str(unusable).split())})", err=True)
        sys.exit(1)
    except Exception as broken:
        if not _not_initialised(broken):
            raise
        from django.conf import settings

        told = f"nothing is set up in {settings.HOME}. Set SHOUWANG_HOME, or run `shouwang init --place CODE` first"
        click.echo(f"not-initialised: {told}", err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _not_initialised(broken: Exception) -> bool:
    """Whether the tables are not there yet."""
    from psycopg.errors import UndefinedTable

    return isinstance(broken, UndefinedTable) or isinstance(broken.__cause__, UndefinedTable)


def sentence(refused: Refused) -> str:
    """The refusal in one line: its code first, for scripts, then words where there are any."""
    return str(refused).replace("\n", " ")
