"""`shouwang verify`: are the kept columns, the chain and the invariants true?"""

from __future__ import annotations

import sys
from datetime import datetime

import click

from shouwang.cli.root import at_option, json_option, now_or, print_json, ready, root


@root.command()
@at_option
@json_option
def verify(at: datetime | None, as_json: bool) -> None:
    """Check the journal's chain and every invariant; exit status 1 when one does not hold.

    \b
    Example:
      shouwang verify --json
    """
    ready()
    from shouwang.journeys.verify_house import verify_house

    checks = verify_house(now_or(at))
    ok = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": ok, "checks": [{"name": c.name, "ok": c.ok, "count": c.count} for c in checks]})
    else:
        for check in checks:
            click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}  {check.count}")
    if not ok:
        if as_json:
            click.echo("verify-failed", err=True)
        sys.exit(1)
