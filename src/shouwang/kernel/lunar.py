"""农历: the Chinese lunar calendar, 1900 to 2100, as a table of month lengths.

The table holds astronomical facts (first day and length of each month, and which one is the leap month). It
was derived with lunar_python 1.4.8 (MIT) and is held to the Spring Festival dates of `holidays` by test. One
number a lunar year: bits 0 to 12 say whether the n-th month (the leap month counted where it falls) has 30
days, not 29; bits 13 up hold the number of the month that is repeated, 0 for none.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

FIRST_YEAR, LAST_YEAR = 1900, 2100
_EPOCH = date(1900, 1, 31)
_TABLE = (
    "116d2 00752 00ea5 0b64a 0064b 00a9b 09556 0056a 00b59 05752 00752 0db25 00b25 00a4b 0b4ab 002ad "
    "0056b 04b69 00da9 0fd92 00e92 00d25 0ba4d 00a56 002b6 095b5 006d4 00ea9 05e92 00e92 0cd26 0052b "
    "00a57 0b2b6 00b5a 006d4 06ec9 00749 0f693 00a93 0052b 0ca5b 00aad 0056a 09b55 00ba4 00b49 05a93 "
    "00a95 0f52d 00536 00aad 0b5aa 005b2 00da5 07d4a 00d4a 10a95 00a97 00556 0cab5 00ad5 006d2 08ea5 "
    "00ea5 0064a 06c97 00a9b 0f55a 0056a 00b69 0b752 00b52 00b25 0964b 00a4b 114ab 002ad 0056d 0cb69 "
    "00da9 00d92 09d25 00d25 15a4d 00a56 002b6 0c5b5 006d5 00ea9 0be92 00e92 00d26 06a56 00a57 114d6 "
    "0035a 006d5 0b6c9 00749 00693 0952b 0052b 00a5b 0555a 0056a 0fb55 00ba4 00b49 0ba93 00a95 0052d "
    "08aad 00ab5 135aa 005d2 00da5 0dd4a 00d4a 00c95 0952e 00556 00ab5 055b2 006d2 0cea5 00725 0064b "
    "0ac97 00cab 0055a 06ad6 00b69 17752 00b52 00b25 0da4b 00a4b 004ab 0a55b 005ad 00b6a 05b52 00d92 "
    "0fd25 00d25 00a55 0b4ad 004b6 005b5 06daa 00ec9 11e92 00e92 00d26 0ca56 00a57 004d6 086d5 00755 "
    "00749 06e93 00693 0f52b 0052b 00a5b 0b55a 0056a 00b65 0974a 00b4a 11a95 00a95 0052d 0caad 00ab5 "
    "005aa 08ba5 00da5 00d4a 07c95 00c96 0f94e 00556 00ab5 0b5b2 006d2 00ea5 08e4a 0068b 10c97 004ab "
    "0055b 0cad6 00b6a 00752 09725 00b45 00a8b 0549b 004ab "
)


def to_solar(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The day of 农历 `year`/`month`/`day`; None when there is no such day."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and day >= 1):
        return None
    repeated = _repeated(year)
    if leap and month != repeated:
        return None
    index = month - 1 + (1 if leap or 0 < repeated < month else 0)
    lengths = _lengths(year)
    if day > lengths[index]:
        return None
    return new_year(year) + timedelta(days=sum(lengths[:index]) + day - 1)


def new_year(year: int) -> date:
    """The Spring Festival (正月初一) of `year`."""
    return _EPOCH + timedelta(days=_starts()[year - FIRST_YEAR])


def new_years_eve(year: int) -> date:
    """除夕 that ends lunar `year`: the last day of its twelfth month, the 29th or the 30th."""
    return new_year(year) + timedelta(days=sum(_lengths(year)) - 1)


def lunar_year_of(day: date) -> int:
    """The lunar year in which `day` falls."""
    return FIRST_YEAR + bisect_right(_starts(), (day - _EPOCH).days) - 1


@cache
def _years() -> tuple[int, ...]:
    return tuple(int(word, 16) for word in _TABLE.split())


@cache
def _starts() -> list[int]:
    lengths = (sum(_lengths(year)) for year in range(FIRST_YEAR, LAST_YEAR + 1))
    return list(accumulate(lengths, initial=0))[:-1]


@cache
def _lengths(year: int) -> tuple[int, ...]:
    bits = _years()[year - FIRST_YEAR]
    return tuple(29 + (bits >> n & 1) for n in range(13 if bits >> 13 else 12))


def _repeated(year: int) -> int:
    return _years()[year - FIRST_YEAR] >> 13
