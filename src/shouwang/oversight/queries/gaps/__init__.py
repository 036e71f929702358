"""Gaps of a place: how many in every village, and which, page by page."""

from shouwang.oversight.queries.gaps.reading import (
    base_counts,
    gap_by_area,
    gap_count,
    gap_rows,
    gaps_by_area,
    has_source,
    rows_of_kinds,
)

__all__ = [
    "base_counts",
    "gap_by_area",
    "gap_count",
    "gap_rows",
    "gaps_by_area",
    "has_source",
    "rows_of_kinds",
]
