"""What is wrong with the ladder and the scripts of a pack: rungs in order, answers that can become their facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from shouwang.packs.schema import Effect, Pack, Question, Script

Found = tuple[str, str, dict[str, object]]
"""Path of the entry, code of the problem, what its sentence needs."""
_FACT_KINDS: Mapping[str, frozenset[str]] = {
    "away": frozenset({"deferred", "returning", "undecided", "returned"}),
}
_ASKED_AS: Mapping[str, frozenset[str]] = {
    "trip": frozenset({"place"}),
    "check": frozenset({"symptoms", "temperature"}),
}


def asking_problems(pack: Pack) -> Iterator[Found]:
    """Every problem of the ladder and of the scripts."""
    for i, (before, step) in enumerate(pairwise(pack.ladder_steps), 1):
        if step.after_failures <= before.after_failures:
            told: dict[str, object] = {"before": before.after_failures, "after": step.after_failures}
            yield f"ladder-step[{i}].after-failures", "ladder-order", told
    for i, script in enumerate(pack.scripts):
        yield from _script(pack, script, f"script[{i}]")


def _script(pack: Pack, script: Script, path: str) -> Iterator[Found]:
    codes = [question.code for question in script.questions]
    for j, question in enumerate(script.questions):
        at = f"{path}.question[{j}]"
        if question.code in codes[:j]:
            yield f"{at}.code", "code-twice", {"code": question.code}
        if question.kind == "choice" and not question.choices:
            yield f"{at}.choices", "entry-missing", {"reason": "choices"}
        if question.only_after is not None and question.only_after.question not in codes[:j]:
            told: dict[str, object] = {"kind": "question", "code": question.only_after.question}
            yield f"{at}.only-after", "reference-missing", told
        for k, effect in enumerate(question.effects):
            yield from _effect(pack, script, question, effect, f"{at}.effect[{k}]")


def _effect(pack: Pack, script: Script, question: Question, effect: Effect, path: str) -> Iterator[Found]:
    kinds = {asked.code: asked.kind for asked in script.questions}
    for name, code, kind in (("day", effect.day, "date"), ("place", effect.place, "place")):
        if code is not None and kinds.get(code) != kind:
            yield f"{path}.{name}", "reference-missing", {"kind": f"{kind} question", "code": code}
    if question.kind not in _ASKED_AS.get(effect.fact, frozenset({question.kind})):
        yield f"{path}.fact", "effect-not-of-question", {"fact": effect.fact, "kind": question.kind}
    allowed = _FACT_KINDS.get(effect.fact)
    if effect.fact == "exposure":
        allowed = frozenset({*(kind.code for kind in pack.exposure_kinds), "area-contact"})
    if allowed is not None and effect.kind not in allowed:
        yield f"{path}.kind", "reference-missing", {"kind": effect.fact, "code": effect.kind or ""}
    if effect.fact == "verify" and not effect.kind:
        yield f"{path}.kind", "entry-missing", {"reason": "kind"}
    answers = {"yes", "no", "unknown"}
    if question.kind == "choice":
        answers = {choice.code for choice in question.choices}
    for code in effect.answer:
        if question.kind in ("choice", "yes-no") and code not in answers:
            yield f"{path}.answer", "reference-missing", {"kind": "answer", "code": code}
