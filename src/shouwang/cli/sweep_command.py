"""`shouwang sweep`: open a round over doors, take in visits from a spreadsheet's CSV, see and prove coverage."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

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
)

if TYPE_CHECKING:
    from shouwang.screening.actions import NewVisit
    from shouwang.screening.queries import SweepRow


@root.group()
def sweep() -> None:
    """Rounds over doors: open one, record visits, see how far it is.

    \b
    Example:
      shouwang sweep coverage --place 500101135
    """


@sweep.command("open")
@place_option
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day by which it is done.")
@click.option("--name", default="", help="A name, if it needs one.")
@click.option("--only-left", is_flag=True, help="Only doors that the last round missed, and new ones.")
@at_option
def open_(place_code: str, due: datetime, name: str, only_left: bool, at: datetime | None) -> None:
    """Open a round over every door of a place; prints its id.

    \b
    Example:
      shouwang sweep open --place 500101135 --due 2020-02-08
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.journeys.sweep_round import open_round

    place = place_at(place_code)
    opened = open_round(
        area=place.path,
        due_on=due.date(),
        name=name,
        only_left=only_left,
        scope=EVERYTHING,
        by=COMMAND_LINE,
        at=now_or(at),
    )
    click.echo(str(opened))


@sweep.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@place_option
@at_option
@json_option
def record(file: Path, place_code: str, at: datetime | None, as_json: bool) -> None:
    """Record visits from a CSV with the columns place, number, visited_at, outcome, people, note.

    `place` is the path of the grid or village, `number` the door's on the printed list, `outcome` a key from 1
    to 6 or its code. The same file again changes nothing. Exit status 1 when a row was refused.

    \b
    Example:
      shouwang sweep record visits.csv --place 500101135
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.journeys.sweep_round import record_doors
    from shouwang.kernel.errors import Refused
    from shouwang.screening.queries import open_sweep

    instant = now_or(at)
    row = open_sweep(EVERYTHING, place_at(place_code).path)
    if row is None:
        raise Refused("sweep-not-found")
    numbers, visits, wrong = _read(file, row)
    told: list[tuple[int, str]] = list(wrong)
    done = 0
    for start in range(0, len(visits), 5000):
        receipts = record_doors(
            sweep_id=row.id,
            visits=visits[start : start + 5000],
            scope=EVERYTHING,
            by=COMMAND_LINE,
            at=instant,
        )
        done += sum(not receipt.code for receipt in receipts)
        told += [(numbers[start + n], r.code) for n, r in enumerate(receipts) if r.code]
    if as_json:
        refused = [{"row": n, "code": code} for n, code in sorted(told)]
        print_json({"rows": done + len(told), "recorded": done, "refused": refused})
    else:
        for number, code in sorted(told):
            click.echo(f"row {number}: {code}", err=True)
        click.echo(f"{done} visits recorded, {len(told)} refused")
    if told:
        sys.exit(1)


def _read(file: Path, row: SweepRow) -> tuple[list[int], list[NewVisit], list[tuple[int, str]]]:
    """Rows of the file as visits, the row number of each, and rows that name no door or cannot be read."""
    from shouwang.cli.ground import EVERYTHING
    from shouwang.screening.actions import NewVisit
    from shouwang.screening.queries import sheet_doors
    from shouwang.screening.rules import DOOR_OUTCOMES

    doors = {
        (door.area, door.number): door.id
        for door in sheet_doors(EVERYTHING, row.id, area=row.area, limit=10_000_000)
    }
    numbers: list[int] = []
    visits: list[NewVisit] = []
    wrong: list[tuple[int, str]] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for number, cells in enumerate(csv.DictReader(stream), start=2):
            try:
                door = doors.get((cells["place"].strip(), int(cells["number"])))
                visited_at = datetime.fromisoformat(cells["visited_at"].strip())
                if visited_at.tzinfo is None:
                    raise ValueError("an instant needs a zone")
                key = cells["outcome"].strip()
                outcome = DOOR_OUTCOMES[int(key) - 1] if key in ("1", "2", "3", "4", "5", "6") else key
                people = int(cells.get("people") or 0)
            except (KeyError, ValueError, AttributeError):
                wrong.append((number, "visit-unreadable"))
                continue
            if door is None:
                wrong.append((number, "door-not-found"))
                continue
            note = (cells.get("note") or "").strip()
            own = uuid5(row.id, f"{door} {visited_at.isoformat()}")
            numbers.append(number)
            visits.append(NewVisit(own, door, visited_at, outcome, people, note=note))
    return numbers, visits, wrong


@sweep.command()
@place_option
@at_option
@json_option
def coverage(place_code: str, at: datetime | None, as_json: bool) -> None:
    """How far the open round is: doors, different people, and visits apart from them.

    \b
    Example:
      shouwang sweep coverage --place 500101135 --json
    """
    ready()
    from shouwang.cli.ground import EVERYTHING, place_at
    from shouwang.kernel.errors import Refused
    from shouwang.screening.queries import open_sweep, sweep_coverage

    instant = now_or(at)
    place = place_at(place_code)
    row = open_sweep(EVERYTHING, place.path)
    far = sweep_coverage(EVERYTHING, place.path, instant, row.id) if row else None
    if row is None or far is None:
        raise Refused("sweep-not-found")
    if as_json:
        plain = {name: value for name, value in asdict(far).items() if name != "last_visit_at"}
        head = {
            "sweep": str(row.id),
            "ordinal": row.ordinal,
            "place": place.code,
            "due": row.due_on.isoformat(),
        }
        tail = {"done": far.done, "missed": far.missed, "unvisited": far.unvisited}
        print_json(head | plain | tail)
        return
    click.echo(f"round {row.ordinal}: {far.done} of {far.doors} doors done, {far.missed} missed")
    click.echo(f"{far.people} different people, {far.visits} visits to doors, {far.person_visits} people met")


@sweep.command()
@click.argument("sweep_id", type=click.UUID, required=False)
@click.option("--again", is_flag=True, help="Count the round again from its visits.")
@at_option
def differences(sweep_id: UUID | None, again: bool, at: datetime | None) -> None:
    """Name each kept figure that is not what the visits say; exit status 1 when there is one.

    \b
    Example:
      shouwang sweep differences
      shouwang sweep differences 019412d0-7b1e-7c11-9d2f-3c5a0d1f2b4e --again
    """
    ready()
    from shouwang.screening.actions import rebuild_sweep
    from shouwang.screening.queries import sweep_differences

    if again:
        if sweep_id is None:
            raise click.UsageError("say which round")
        rebuild_sweep(sweep_id=sweep_id, by=COMMAND_LINE, at=now_or(at))
    found = sweep_differences(sweep_id)
    for one in found:
        click.echo(f"{one.sweep_id} {one.area} {one.what}: kept {one.kept}; counted {one.counted}")
    click.echo(f"{len(found)} differences")
    if found:
        sys.exit(1)
