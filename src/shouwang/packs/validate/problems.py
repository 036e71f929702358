"""What a fault of a pack is, and its words: "category[1].when.all[0].stayed-in: …", in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shouwang.packs.conditions.words import pick
from shouwang.packs.messages import MESSAGES
from shouwang.packs.schema import Lang

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing at fault: the entry's path, a kebab-case code, what the sentence needs."""

    path: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = "error"

    def __str__(self) -> str:
        return problem_words(self, "en")


def problem_words(problem: Problem, lang: Lang) -> str:
    """The problem as a line that begins with its entry."""
    known = MESSAGES.get(problem.code)
    if known is None:
        told = f"{problem.code} {dict(problem.params)}" if problem.params else problem.code
    else:
        told = pick(known, lang).format_map(_Given(problem.params))
    return f"{problem.path}: {told}" if problem.path else told


class _Given(dict[str, object]):
    """Params of a sentence; one that was not given shows as itself."""

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
