"""The reading as a program of its own, limited in memory, time and output."""

from __future__ import annotations

import argparse
import resource
import sys
from datetime import date
from pathlib import Path

import msgspec

from shouwang.kernel.errors import Refused
from shouwang.screening.reading.shapes import Mapping, ReadRow

MEMORY_BYTES = 2_500 * 1024 * 1024
CPU_SECONDS = 240
OUTPUT_BYTES = 4 * 1024 * 1024 * 1024


def limit(memory: int = MEMORY_BYTES, cpu: int = CPU_SECONDS) -> None:
    """Bind this process: address space, processor time, size of files written, no core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str] | None = None) -> int:
    """Rows as JSON lines on stdout, the summary (or the refusal) as the last line."""
    parser = argparse.ArgumentParser(prog="python -m shouwang.screening.reading")
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=["register", "returnees"], default="returnees")
    parser.add_argument("--day", type=date.fromisoformat, required=False)
    parser.add_argument("--name")
    parser.add_argument("--mapping", help="a JSON object: by_fingerprint, leave_out")
    parser.add_argument("--only-summary", action="store_true")
    given = parser.parse_args(arguments)
    limit()
    out = sys.stdout.buffer
    encoder = msgspec.json.Encoder()
    try:
        last = _read(given, out, encoder)
    except Refused as refused:
        last = {
            "refused": refused.code,
            "params": {name: str(value) for name, value in refused.params.items()},
        }
    except MemoryError:
        last = {"refused": "file-too-large", "params": {"limit": str(MEMORY_BYTES)}}
    out.write(encoder.encode(last) + b"\n")
    out.flush()
    return 1 if "refused" in last else 0


def _read(given: argparse.Namespace, out: object, encoder: msgspec.json.Encoder) -> dict[str, object]:
    from shouwang.screening.reading.reader import read_here

    mapping = msgspec.json.decode(given.mapping, type=Mapping) if given.mapping else None
    write = out.write  # type: ignore[attr-defined]

    def emit(row: ReadRow) -> None:
        write(encoder.encode(row) + b"\n")

    day = given.day or date(2020, 2, 1)
    summary = read_here(
        given.file,
        kind=given.kind,
        day=day,
        name=given.name,
        mapping=mapping,
        emit=(lambda _: None) if given.only_summary else emit,
    )
    return {"summary": summary}
