"""What the table of routes is made of: who may, where the thing exists, what a good answer is."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwang.accounts.rules import ROLES
from tests.town import PLACES

ALL = frozenset(ROLES)
FIELD = frozenset({"village-cadre", "village-doctor"})
TOWN = frozenset({"town-clerk", "town-commander"})
DISTRICT = frozenset({"district-commander", "epidemiologist"})
RECORD = FIELD | TOWN
CARE = FIELD | TOWN | DISTRICT
AROUND = frozenset({"own village", "own town", "district"})
ABOVE = frozenset({"own town", "district"})
REPORT = TOWN | DISTRICT | {"auditor"}
OWN_PACK = AROUND | {"other village"}
"""A town's pack binds, and so may be read in, every village of the town."""


@dataclass(frozen=True)
class Route:
    """What may be expected of an address: who may, where it exists, what a good answer is."""

    roles: frozenset[str]
    """Roles that may; the others are refused (403)."""
    names: dict[str, str] = field(default_factory=dict)
    """URL argument → key in the town."""
    exists: frozenset[str] = frozenset(PLACES)
    """Places of a user from which the thing can be seen; from elsewhere 404."""
    refused: frozenset[str] = frozenset()
    """Places from which it is seen, but may not be done (403)."""
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    good: frozenset[int] = frozenset({200})


DONE = frozenset({200, 302, 422})
"""A form sent with nothing useful in it: done, or refused in words; never a fault, never somebody else's."""

OPEN_OR_NO_PACK = frozenset({200, 422})
"""The other town has adopted no pack, and its page says so."""
