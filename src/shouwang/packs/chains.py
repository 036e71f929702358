"""What is wrong with the chain of a pack, beyond its shape."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.schema import CHAIN_SET, RUNGS, Answer, ChainLevel, ChainPerson, Pack

Fault = tuple[str, str, dict[str, object]]
"""The entry's path, a kebab-case code, what the sentence needs."""


def chain_faults(pack: Pack) -> Iterator[Fault]:
    """Every level once and from above; roles that exist; a source or a convention for each; missed checks told."""
    levels = [entry.level for entry in pack.chain]
    for i, code in enumerate(levels):
        if code in levels[:i]:
            yield f"chain[{i}].level", "code-twice", {"code": code}
    if levels != sorted(levels, key=RUNGS.index):
        yield "chain", "chain-order", {"order": ", ".join(RUNGS)}
    codes = [entry.code for entry in pack.chain_persons]
    for i, person in enumerate(pack.chain_persons):
        if person.code in codes[:i]:
            yield f"chain-person[{i}].code", "code-twice", {"code": person.code}
        if person.level not in levels:
            yield f"chain-person[{i}].level", "reference-missing", {"kind": "chain", "code": person.level}
    entries: list[tuple[str, ChainLevel | ChainPerson]] = [
        *((f"chain[{i}]", level) for i, level in enumerate(pack.chain)),
        *((f"chain-person[{i}]", person) for i, person in enumerate(pack.chain_persons)),
    ]
    for path, entry in entries:
        if not entry.source.strip() and entry.convention is None:
            yield f"{path}.source", "source-missing", {"code": entry.level}
        for j, answer in enumerate(entry.answers):
            yield from _role(pack, answer, f"{path}.answers[{j}]")
    yield from _missed(pack)


def _role(pack: Pack, answer: Answer, path: str) -> Iterator[Fault]:
    if answer.role_set == CHAIN_SET:
        return
    found = [entry for entry in pack.role_sets if entry.code == answer.role_set]
    if not found:
        yield f"{path}.role-set", "reference-missing", {"kind": "role-set", "code": answer.role_set}
    elif answer.role not in {role.code for role in found[0].roles}:
        yield f"{path}.role", "reference-missing", {"kind": "role", "code": answer.role}


def _missed(pack: Pack) -> Iterator[Fault]:
    if pack.missed is None:
        return
    roles = {role.code for entry in pack.role_sets for role in entry.roles}
    for j, role in enumerate(pack.missed.tell):
        if role not in roles:
            yield f"missed.tell[{j}]", "reference-missing", {"kind": "role", "code": role}
    if not pack.missed.source.strip() and pack.missed.convention is None:
        yield "missed.source", "source-missing", {"code": "missed"}
