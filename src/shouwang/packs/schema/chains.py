"""责任链: who answers at which level of area, who the three persons of everybody are, how a missed check climbs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shouwang.packs.schema.base import Code, Entry, Title

Rung = Literal["district", "street", "village", "grid", "household"]
RUNGS: tuple[Rung, ...] = ("district", "street", "village", "grid", "household")
"""The five levels of area, from above."""
CHAIN_SET = "chain"
"""The role set of roles that are the chain's own (a secretary, a head of grid) and belong to no team."""


class Answer(Entry):
    """A role that answers at a level. Without `role-set` the role is the chain's own."""

    role: Code
    role_set: Code = CHAIN_SET


class ChainLevel(Entry):
    """One level of the chain: the first of `answers` that somebody fills is who answers there.

    A vacant level is answered for by the next filled level above. With `must-have-own` that does not do: the level
    needs somebody of its own, or the chain is broken.
    """

    level: Rung
    title: Title
    answers: tuple[Answer, ...] = Field(min_length=1)
    must_have_own: bool = False
    source: str = ""
    convention: Title | None = None


class ChainPerson(Entry):
    """One of the persons named to everybody (三级责任人): found at a level, in one of these roles."""

    code: Code
    title: Title
    level: Rung
    answers: tuple[Answer, ...] = Field(min_length=1)
    source: str = ""
    convention: Title | None = None


class Missed(Entry):
    """漏测: a check that was not made is told to these roles, and climbs after each of the minutes.

    Minutes are counted from the deadline of the check.
    """

    tell: tuple[Code, ...] = Field(min_length=1)
    tell_after_minutes: int = Field(ge=0)
    climb_after_minutes: tuple[int, ...] = ()
    source: str = ""
    convention: Title | None = None
