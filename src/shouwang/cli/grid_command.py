"""`shouwang grid`: dividing villages into grids from a list; what each village is divided into."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from shouwang.cli.root import (
    COMMAND_LINE,
    at_option,
    json_option,
    now_or,
    place_option,
    print_json,
    ready,
    root,
    text_of,
)


@root.group()
def grid() -> None:
    """Grids 网格: which doors of a village belong to which grid.

    \b
    Example:
      shouwang grid divide grids.csv --place 500101135
      shouwang grid list --place 500101135200
    """


@grid.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@place_option
@at_option
@json_option
def divide(file: Path, place_code: str, at: datetime | None, as_json: bool) -> None:
    """Divide villages from a CSV: village, grid, group or doors ("3组", "3组1-40号", "3组15号").

    Grids that are not there yet are added. Everything that stands where a door stands goes along. Every line is
    taken or refused; exit status 1 when any is refused.
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.journeys.divide_by_list import divide_by_list, read_grids

    done = divide_by_list(
        lines=read_grids(text_of(file)),
        area=place_at(place_code).path,
        scope=EVERYTHING,
        by=COMMAND_LINE,
        at=now_or(at),
    )
    refused = [{"line": r.line.number, "village": r.line.village, "code": r.code} for r in done.refused]
    counts = {"lines": done.lines, "grids": done.grids, "doors": done.doors, "unchanged": done.unchanged}
    if as_json:
        print_json(counts | {"refused": refused})
    else:
        for row in refused:
            click.echo(f"line {row['line']}  {row['village']}  {row['code']}", err=True)
        click.echo("  ".join(f"{key} {value}" for key, value in counts.items()))
    if refused:
        sys.exit(1)


@grid.command(name="list")
@place_option
@json_option
def list_grids(place_code: str, as_json: bool) -> None:
    """The grids of a village with their doors; of a town, its villages with how many doors are in no grid."""
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.places.queries import children, grid_doors, village_doors

    place = place_at(place_code)
    below = children(EVERYTHING, place.path)
    if place.level == "village":
        doors = grid_doors(EVERYTHING, place.path)
        rows = [{"place": p.path, "name": p.name, "doors": doors.get(p.path, 0)} for p in below]
        rows.append({"place": place.path, "name": "-", "doors": doors.get(place.path, 0)})
    else:
        counted = village_doors(EVERYTHING, [p.path for p in below])
        rows = []
        for one in below:
            places, doors_of_it, loose = counted.get(one.path, (0, 0, 0))
            rows.append(
                {
                    "place": one.path,
                    "name": one.name,
                    "grids": places,
                    "doors": doors_of_it,
                    "in_no_grid": loose,
                }
            )
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values()))
