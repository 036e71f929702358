"""文书: papers as they were issued, and the record that they reached the person."""

from shouwang.outreach.models.papers import (
    UNTIL_CLOSED,
    Paper,
    PaperSeries,
    ServedRecord,
)

__all__ = [
    "UNTIL_CLOSED",
    "Paper",
    "PaperSeries",
    "ServedRecord",
]
