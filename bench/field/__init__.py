"""The field at eight in the morning: a district's phones on one small server (`python -m bench field`)."""

from __future__ import annotations

from bench.table import Row


def run() -> list[Row]:
    """The rows of the table; what it needs is imported here, so that the phones' process stays without Django."""
    from bench.field.morning import morning

    return morning()
