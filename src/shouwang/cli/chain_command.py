"""`shouwang chain`: who answers for a place; naming heads from a list; what nobody answers for."""

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
def chain() -> None:
    """Responsibility 责任链: five levels from the district to the household.

    \b
    Example:
      shouwang chain name heads.csv --place 500101135
      shouwang chain show --place 500101135200
      shouwang chain alone --place 500101135
    """


@chain.command()
@place_option
@at_option
@json_option
def show(place_code: str, at: datetime | None, as_json: bool) -> None:
    """The chain of a place (division code or path), from above."""
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.workforce.queries import chain_of

    instant = now_or(at)
    built = chain_of(EVERYTHING, "place", place_at(place_code).path, instant)
    rows = [
        {
            "level": level.level,
            "place": level.name,
            "who": [holder.name for holder in level.holders],
            "kept": level.kept,
            "broken": level.level in built.broken_at,
        }
        for level in built.levels
    ]
    if as_json:
        print_json({"broken": built.is_broken, "levels": rows})
        return
    for row in rows:
        who = "、".join(row["who"]) or ("BROKEN" if row["broken"] else "vacant" if row["kept"] else "-")  # type: ignore[arg-type]
        click.echo(f"{row['level']:<10} {row['place']}  {who}")


@chain.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@place_option
@click.option("--reason", default="", help="Needed where somebody is replaced.")
@at_option
@json_option
def name(file: Path, place_code: str, reason: str, at: datetime | None, as_json: bool) -> None:
    """Name heads from a CSV: place, name, telephone, unit. Every line is named, unchanged or refused."""
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.journeys.appoint_heads import name_heads, read_heads

    done = name_heads(
        lines=read_heads(text_of(file)),
        area=place_at(place_code).path,
        reason=reason,
        scope=EVERYTHING,
        by=COMMAND_LINE,
        at=now_or(at),
    )
    refused = [{"line": r.line.number, "place": r.line.place, "code": r.code} for r in done.refused]
    counts = {
        "lines": done.lines,
        "named": done.fresh,
        "replaced": done.replaced,
        "unchanged": done.unchanged,
        "enlisted": done.enlisted,
        "refused": refused,
    }
    if as_json:
        print_json(counts)
    else:
        for row in refused:
            click.echo(f"line {row['line']}  {row['place']}  {row['code']}", err=True)
        click.echo("  ".join(f"{key} {value}" for key, value in counts.items() if key != "refused"))
    if refused:
        sys.exit(1)


@chain.command()
@place_option
@at_option
@json_option
def alone(place_code: str, at: datetime | None, as_json: bool) -> None:
    """Places, households and people under watch that nobody answers for; exit status 1 when there are any."""
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.journeys.prove_chains import orphan_counts

    counts = orphan_counts(EVERYTHING, now_or(at), area=place_at(place_code).path)
    if as_json:
        print_json(counts)
    else:
        click.echo("  ".join(f"{kind} {number}" for kind, number in counts.items()))
    if any(counts.values()):
        sys.exit(1)
