"""`shouwang import`: a spreadsheet as the office sent it."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from shouwang.cli.root import (
    COMMAND_LINE,
    NewFile,
    at_option,
    json_option,
    now_or,
    place_option,
    print_json,
    ready,
    root,
)

RECEIPT = (
    *("rows", "accepted", "duplicates", "rejected", "with_problems", "problems", "people", "households"),
)


@root.command("import")
@click.argument("kind", type=click.Choice(["register", "returnees"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@place_option
@at_option
@click.option("--dry-run", is_flag=True, help="Say what would happen; keep nothing.")
@click.option("--report", type=NewFile(), help="Write the receipt as JSON.")
@json_option
def import_(
    kind: Any,
    file: Path,
    place_code: str,
    at: datetime | None,
    dry_run: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Import a register or a list of returnees: read, match, keep, classify, watch over.

    Always rows = accepted + duplicates + rejected. A bad value never loses a person: it goes on the
    to-verify list.

    \b
    Example:
      shouwang import returnees returnees.xlsx --place 500101135 --report receipt.json
    """
    ready()
    from shouwang.cli.ground import place_at
    from shouwang.journeys.take_in import take_in_file

    instant = now_or(at)
    place = place_at(place_code)
    taken = take_in_file(
        kind=kind,
        area=place.path,
        path=file,
        file_name=file.name,
        by=COMMAND_LINE,
        at=instant,
        dry_run=dry_run,
        progress=_progress if sys.stderr.isatty() else _silent,
    )
    receipt = {name: taken.counts[name] for name in RECEIPT}
    if report is not None:
        report.write_text(json.dumps(receipt, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json(receipt)
        return
    click.echo(
        f"rows {receipt['rows']} = accepted {receipt['accepted']} + duplicates {receipt['duplicates']}"
        f" + rejected {receipt['rejected']}"
    )
    click.echo(f"people {receipt['people']}  households {receipt['households']}")
    for code, number in receipt["problems"].items():
        click.echo(f"to verify  {code}  {number}")
    if not dry_run:
        click.echo(f"classified anew {taken.changed}  files opened {len(taken.watched.opened)}")


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done}/{total} rows", nl=False, err=True)


def _silent(done: int, total: int) -> None:
    del done, total
