"""读表 Reading spreadsheets as they are: no Django, no clock, no network; also a program of its own.

`read_file` parses in a subprocess with limits; `read_here` parses in this process (tests, the child itself).
Source of the rules: LESSONS 1, 2, 10, 11 and issue 2, section 3.
"""

from shouwang.screening.reading.limited import Reading, read_file
from shouwang.screening.reading.reader import read_here
from shouwang.screening.reading.shapes import (
    ColumnGuess,
    Mapping,
    Notice,
    PersonFields,
    Problem,
    ReadRow,
    SheetGuess,
    Summary,
    TripFields,
)

__all__ = [
    "ColumnGuess",
    "Mapping",
    "Notice",
    "PersonFields",
    "Problem",
    "ReadRow",
    "Reading",
    "SheetGuess",
    "Summary",
    "TripFields",
    "read_file",
    "read_here",
]
