"""文书: papers as they were issued, and the record that they reached the person."""

from shouwang.outreach.models.papers import (
    UNTIL_CLOSED,
    Paper,
    PaperSeries,
    ServedRecord,
)
from shouwang.outreach.models.templates import (
    Logo,
    PaperTemplate,
)

__all__ = [
    "UNTIL_CLOSED",
    "Logo",
    "Paper",
    "PaperSeries",
    "PaperTemplate",
    "ServedRecord",
]
