"""Who did something, as the journal keeps it: an id and the name at that moment, no foreign key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system) an action is done by."""

    id: str
    name: str


SYSTEM = Actor("system", "system")
"""Work nobody ordered in person: set-up, the tick, a migration."""
