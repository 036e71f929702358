"""区划代码: what the digits of a place's path say: province 2, city 4, district 6, street or town 9, village 12.

Those are the statistical codes of the country (统计用区划代码); what lies below a village goes on with "-001".
"""

from __future__ import annotations

TOWN_DIGITS = 9
VILLAGE_DIGITS = 12


def town_of(area: str) -> str:
    """The path of the street or town a place lies in; the place itself further up."""
    return area[:TOWN_DIGITS]


def village_of(area: str) -> str:
    """The path of the village a place lies in; the place itself further up."""
    return area[:VILLAGE_DIGITS]
