"""Who is told when nobody answers: first whom the pack tells, then level by level up the chain. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shouwang.packs.schema import Rung
from shouwang.workforce.rules.chain import Chain, Holder, Level

Outcome = Literal["told", "vacant", "told-before", "nobody"]
"""`told`; a level skipped because it is `vacant`, or because all of it was `told-before`; `nobody` left to tell."""
DESK_LEVEL = "desk"
OWNER_LEVEL = "owner"
OUT_OF_LEVELS = "above"


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of an alert's ladder: a person told, or a level passed over and why."""

    outcome: Outcome
    level: str
    """A level of the chain, or `owner`, `desk`, `above`."""
    role: str
    worker_id: UUID | None = None
    name: str = ""
    telephone: str = ""


def tell_first(
    roles: Sequence[str], team: Sequence[Holder], owner: Holder | None, chain: Chain | None
) -> tuple[Telling, ...]:
    """The opening: whoever of the household's team has the roles that the pack tells.

    A role nobody has is noted as vacant. Where none of them is filled whoever owns the file is told, at last
    the duty desk: an alert that reaches nobody is not an alert.
    """
    told: list[Telling] = []
    reached: set[UUID] = set()
    for role in roles:
        held = [member for member in team if member.role == role]
        if not held:
            told.append(Telling("vacant", "household", role))
        for member in held:
            if member.worker_id not in reached:
                told.append(_told("household", member))
                reached.add(member.worker_id)
    if not reached and owner is not None:
        told.append(_told(OWNER_LEVEL, owner))
    elif not reached:
        told.append(_desk(chain, frozenset()))
    return tuple(told)


def tell_next(
    chain: Chain | None, passed: Collection[str], told_before: Collection[UUID]
) -> tuple[Telling, ...]:
    """One climb: the next filled level above those `passed` that reaches somebody new.

    Levels that are vacant or hold only people who know already are passed over with a note; above the last level
    the duty desk is told, and when that was done before, the climb says that nobody is left.
    """
    steps: list[Telling] = []
    for level in _above(chain, passed):
        if not level.holders:
            if level.kept:
                steps.append(Telling("vacant", level.level, ""))
            continue
        fresh = [holder for holder in level.holders if holder.worker_id not in told_before]
        if fresh:
            return (*steps, *(_told(level.level, holder) for holder in fresh))
        first = level.holders[0]
        steps.append(Telling("told-before", level.level, first.role, first.worker_id, first.name))
    return (*steps, _desk(chain, told_before))


def _above(chain: Chain | None, passed: Collection[str]) -> Sequence[Level]:
    """The levels not yet passed, from below; never one beneath a level that was passed, nor the household's own."""
    if chain is None:
        return ()
    upwards = chain.upwards()
    done = [i for i, level in enumerate(upwards) if level.level in passed or level.level == "household"]
    return upwards[max(done) + 1 :] if done else upwards


def _desk(chain: Chain | None, told_before: Collection[UUID]) -> Telling:
    """The nearest duty desk that does not know yet; `nobody` where there is none."""
    for desk in chain.desks if chain else ():
        if desk.worker_id not in told_before:
            return Telling("told", DESK_LEVEL, "duty-desk", desk.worker_id, desk.name, desk.telephone)
    return Telling("nobody", OUT_OF_LEVELS, "")


def _told(level: Rung | str, holder: Holder) -> Telling:
    return Telling("told", level, holder.role, holder.worker_id, holder.name, holder.telephone)
