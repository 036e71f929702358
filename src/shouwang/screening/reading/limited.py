"""Reading in a subprocess with limits: the only way an upload is parsed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO

import msgspec

from shouwang.kernel.errors import Refused
from shouwang.screening.reading.reader import amend
from shouwang.screening.reading.shapes import ImportKind, Mapping, ReadRow, Summary
from shouwang.screening.reading.sniff import sniff

WALL_SECONDS = 300


class Reading:
    """A finished reading: the summary, and the rows from a nameless temporary file, as often as wanted."""

    def __init__(self, summary: Summary, lines: IO[bytes]) -> None:
        self.summary = summary
        self._lines = lines

    def rows(self) -> Iterator[ReadRow]:
        """Every row that is not blank, in the order of the file, with all its problems."""
        return amend(self._plain_rows(), self.summary)

    def _plain_rows(self) -> Iterator[ReadRow]:
        decoder = msgspec.json.Decoder(ReadRow)
        self._lines.seek(0)
        for line in self._lines:
            if not line.startswith(b'{"summary"'):
                yield decoder.decode(line)

    def close(self) -> None:
        """Let the temporary file go."""
        self._lines.close()

    def __enter__(self) -> Reading:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_file(
    path: Path,
    *,
    kind: ImportKind,
    day: date,
    name: str | None = None,
    mapping: Mapping | None = None,
    wall_seconds: float = WALL_SECONDS,
) -> Reading:
    """Read a file in a limited subprocess. `name` is the name it was sent under, `day` the day of the import.

    Refuses at once what `sniff` knows; else with the child's own code, or `file-too-large` when the child ran
    into its limits.
    """
    sniff(path, name)
    command = [sys.executable, "-m", "shouwang.screening.reading", str(path), "--kind", kind]
    command += ["--day", day.isoformat(), "--name", name or path.name]
    if mapping is not None:
        command += ["--mapping", msgspec.json.encode(mapping).decode()]
    lines = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the Reading, which closes it
    try:
        quiet = subprocess.DEVNULL
        done = subprocess.run(command, stdout=lines, stderr=quiet, timeout=wall_seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        lines.close()
        raise Refused("file-too-large", seconds=wall_seconds) from error
    last = _last_line(lines)
    if done.returncode == 0 and last.startswith(b'{"summary"'):
        return Reading(msgspec.json.decode(last, type=dict[str, Summary])["summary"], lines)
    lines.close()
    raise _refusal(last)


def _refusal(last: bytes) -> Refused:
    if last.startswith(b'{"refused"'):
        told = msgspec.json.decode(last)
        return Refused(told["refused"], **told["params"])
    return Refused("file-too-large")


def _last_line(lines: IO[bytes]) -> bytes:
    size = lines.seek(0, 2)
    span = 65_536
    while True:
        lines.seek(max(0, size - span))
        tail = lines.read().rstrip(b"\n")
        cut = tail.rfind(b"\n")
        if cut >= 0 or span >= size:
            return tail[cut + 1 :]
        span *= 4
