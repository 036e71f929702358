"""Any small sheet as a plain grid of texts, read in a limited subprocess: for lists that are not of people.

`read_grid` is called by the house; the module run as a program is its child.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

import msgspec

from shouwang.kernel.cells import Cell, plain
from shouwang.kernel.errors import Refused
from shouwang.screening.reading.sniff import sniff

WALL_SECONDS = 60
MOST_ROWS = 20_000
"""A laboratory's list of a day is a few thousand at most; a longer one is refused, never cut."""


class GridRow(msgspec.Struct, frozen=True):
    """One row that is not blank: its sheet, its number from 1, its cells as text (days as 2020-02-14 …)."""

    sheet: str
    number: int
    cells: list[str]


def read_grid(path: Path, *, name: str | None = None, wall_seconds: float = WALL_SECONDS) -> list[GridRow]:
    """Every row of every sheet that is not hidden.

    Refuses what `sniff` and the reader know, `file-too-large` when the child ran into its limits, and
    `too-many-rows` above 20,000.
    """
    sniff(path, name)
    command = [sys.executable, "-m", "shouwang.screening.reading.grid", str(path)]
    with tempfile.TemporaryFile() as lines:
        try:
            done = subprocess.run(  # noqa: S603
                command, stdout=lines, stderr=subprocess.DEVNULL, timeout=wall_seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("file-too-large", seconds=wall_seconds) from error
        lines.seek(0)
        *rows, last = lines.read().split(b"\n")[:-1] or [b""]
    if last.startswith(b'{"refused"'):
        told = msgspec.json.decode(last)
        raise Refused(told["refused"], **told["params"])
    if done.returncode or last != b'{"end":true}':
        raise Refused("file-too-large")
    return [msgspec.json.decode(row, type=GridRow) for row in rows]


def _rows(path: Path) -> list[GridRow]:
    from shouwang.screening.reading.tables import open_tables

    found = []
    for table in open_tables(path, sniff(path).format):
        if table.hidden:
            continue
        for number, row in enumerate(table.rows(), start=1):
            cells = [_text(cell) for cell in row]
            if any(cells):
                found.append(GridRow(table.name, number, cells))
            if len(found) > MOST_ROWS:
                raise Refused("too-many-rows", sheet=table.name, rows=number, limit=MOST_ROWS)
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else plain(cell)


def main(arguments: list[str]) -> int:
    """Rows as JSON lines on stdout, then the end, or the refusal."""
    from shouwang.screening.reading.child import limit

    limit()
    encoder = msgspec.json.Encoder()
    out = sys.stdout.buffer
    try:
        for row in _rows(Path(arguments[0])):
            out.write(encoder.encode(row) + b"\n")
        last: dict[str, object] = {"end": True}
    except Refused as refused:
        params = {name: str(value) for name, value in refused.params.items()}
        last = {"refused": refused.code, "params": params}
    except MemoryError:
        last = {"refused": "file-too-large", "params": {}}
    out.write(encoder.encode(last) + b"\n")
    out.flush()
    return 1 if "refused" in last else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
