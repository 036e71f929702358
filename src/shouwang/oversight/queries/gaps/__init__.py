"""Gaps of a place: how many in every village, and which, page by page."""

from shouwang.oversight.queries.gaps.reading import (
    base_by_area,
    gap_by_area,
    gap_count,
    gap_rows,
    has_source,
)

__all__ = ["base_by_area", "gap_by_area", "gap_count", "gap_rows", "has_source"]
