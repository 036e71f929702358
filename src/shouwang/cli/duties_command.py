"""`shouwang duties`: who must be checked, by when, through which channel."""

from __future__ import annotations

from datetime import datetime

import click

from shouwang.cli.root import at_option, json_option, now_or, place_option, print_json, ready, root


@root.command()
@place_option
@at_option
@json_option
def duties(place_code: str, at: datetime | None, as_json: bool) -> None:
    """The day's duties at a place, late ones first, then by telephone, then doors.

    \b
    Example:
      shouwang duties --place 500101135 --at 2020-02-02T06:30+08:00 --json
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.journeys.day_list import day_list

    instant = now_or(at)
    place = place_at(place_code)
    rows = day_list(EVERYTHING, instant, area=place.path)
    if as_json:
        late = sum(1 for row in rows if row["late"])
        print_json(
            {
                "place": place.code,
                "as_of": instant.isoformat(),
                "count": len(rows),
                "late": late,
                "duties": rows,
            }
        )
        return
    for row in rows:
        late_mark = "LATE" if row["late"] else "    "
        click.echo(f"{late_mark} {row['due_at']}  {row['channel']:<8} {row['name']}  {row['address']}")
    click.echo(f"{len(rows)} due")
