"""One row of the table that `make bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Row:
    job: str
    reach: str
    measured: str
    ok: bool
    note: str = ""
