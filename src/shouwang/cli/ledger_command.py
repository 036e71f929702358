"""`shouwang ledger`: a ledger as of any moment, on the screen, as JSON or as a spreadsheet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

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


@root.command()
@click.argument("code")
@place_option
@click.option("--origin", help="Only those who came from this division, e.g. 4201 (Wuhan).")
@at_option
@json_option
@click.option("--out", type=NewFile(), help="Export to this xlsx file.")
@click.option("--purpose", default="", help="Why it is exported; kept with the export.")
def ledger(
    code: str,
    place_code: str,
    origin: str | None,
    at: datetime | None,
    as_json: bool,
    out: Path | None,
    purpose: str,
) -> None:
    """Open a ledger: everyone of its kind, still observed or not. Identifiers are masked.

    \b
    Example:
      shouwang ledger hubei --place 500101135 --origin 4201 --json
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at, policy_at
    from shouwang.ledgers.actions import export_ledger
    from shouwang.ledgers.queries import all_rows, ledger_totals

    instant = now_or(at)
    place = place_at(place_code)
    _, pack, on = policy_at(place, instant)
    totals = ledger_totals(EVERYTHING, pack, code, on=on, as_of=instant, area=place.path, origin=origin)
    if out is not None:
        receipt = export_ledger(
            scope=EVERYTHING,
            pack=pack,
            code=code,
            on=on,
            as_of=instant,
            area=place.path,
            origin=origin,
            out=out,
            purpose=purpose,
            by=COMMAND_LINE,
            at=instant,
        )
        click.echo(f"{receipt.rows} rows in {out}", err=as_json)
    if as_json:
        rows = all_rows(EVERYTHING, pack, code, on=on, as_of=instant, area=place.path, origin=origin)
        print_json(
            {
                "ledger": code,
                "place": place.code,
                "as_of": instant.isoformat(),
                "people": totals.people,
                "households": totals.households,
                "rows": [row.as_dict() for row in rows],
            }
        )
    elif out is None:
        click.echo(f"{code}: {totals.people} people of {totals.households} households")
