"""The root of the command: sub-commands, exit statuses, the instant that is passed in."""

from __future__ import annotations

import sys

import click

from shouwang.kernel.errors import Refused


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def root() -> None:
    """守望 Shouwang: community outbreak response, from the door to the city."""


def run() -> None:
    """Run the command. Exit status 0 done, 1 refused (one line on stderr), 2 usage."""
    try:
        root(standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except click.exceptions.Exit as left:
        sys.exit(left.exit_code)
    except click.Abort:
        sys.exit(130)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
