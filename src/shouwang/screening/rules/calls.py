"""电话四问 What was answered, read by its script, and which facts the pack makes of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Effect, Pack, Question, Script

SILENT = frozenset({"", "no", "unknown"})
"""Answers that say nothing further: they have no effect unless the effect names them."""
NOWHERE = frozenset({"无", "没有", "没去过", "没有外出", "未外出", "無", "沒有", "none", "no", "nowhere"})
"""A place question that was answered with no place."""
_YES_NO = frozenset({"yes", "no", "unknown"})


@dataclass(frozen=True, slots=True)
class Told:
    """One fact that an answer becomes. `key` is the place of the effect in the script: `travel.0`."""

    key: str
    fact: str
    question: str
    kind: str = ""
    place: str = ""
    day: date | None = None
    symptoms: tuple[str, ...] = ()
    deci: int | None = None


def fact_id(statement: UUID, key: str) -> UUID:
    """The id of the fact that an answer becomes: the same statement sent again makes the same fact."""
    return uuid5(statement, key)


def read_answers(script: Script, raw: Mapping[str, Sequence[str]], pack: Pack) -> dict[str, str]:
    """The answers of the questions that were asked, in one writing: days as ISO, tenths of a degree, codes.

    What was not answered is left out; what was not asked (`only-after`) is dropped. Refuses `answer-unreadable`.
    """
    answers: dict[str, str] = {}
    for question in script.questions:
        if not was_asked(question, answers):
            continue
        said = [text.strip() for text in raw.get(question.code, ()) if text.strip()]
        if said:
            answers[question.code] = _read(question, said, pack)
    return answers


def was_asked(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether the script asks this question after these answers."""
    if question.only_after is None:
        return True
    earlier = answers.get(question.only_after.question, "")
    return _holds(question.only_after.answer, earlier)


def told_by(script: Script, answers: Mapping[str, str]) -> tuple[Told, ...]:
    """The facts that these answers become, in the order of the script; checks of one call are one check."""
    told = [fact for question in script.questions for fact in _facts(question, answers)]
    checks = [fact for fact in told if fact.fact == "check"]
    if len(checks) > 1:
        symptoms = tuple(dict.fromkeys(code for fact in checks for code in fact.symptoms))
        deci = next((fact.deci for fact in checks if fact.deci is not None), None)
        whole = Told(checks[0].key, "check", checks[0].question, symptoms=symptoms, deci=deci)
        told = [whole if fact is checks[0] else fact for fact in told if fact not in checks[1:]]
    return tuple(told)


def _facts(question: Question, answers: Mapping[str, str]) -> Iterator[Told]:
    answer = answers.get(question.code)
    if answer is None:
        return
    for number, effect in enumerate(question.effects):
        if effect.fact == "check" or _holds(effect.answer, answer):
            yield _told(f"{question.code}.{number}", question, effect, answers)


def _told(key: str, question: Question, effect: Effect, answers: Mapping[str, str]) -> Told:
    answer = answers[question.code]
    day = answers.get(effect.day or "")
    is_sick = question.kind == "symptoms" and answer != "none"
    return Told(
        key,
        effect.fact,
        question.code,
        effect.kind or "",
        answer if question.kind == "place" else answers.get(effect.place or "", ""),
        date.fromisoformat(day) if day else None,
        tuple(answer.split(",")) if is_sick else (),
        int(answer) if question.kind == "temperature" else None,
    )


def _holds(wanted: Sequence[str], answer: str) -> bool:
    if not wanted:
        return answer not in SILENT and answer not in NOWHERE
    return answer in wanted


def _read(question: Question, said: list[str], pack: Pack) -> str:
    wrong = Refused("answer-unreadable", question=question.code, value=said[0][:40])
    first = said[0]
    if question.kind == "yes-no" and first not in _YES_NO:
        raise wrong
    if question.kind == "choice" and first not in {choice.code for choice in question.choices}:
        raise wrong
    if question.kind == "symptoms":
        return _symptoms(said, {symptom.code for symptom in pack.symptoms}, wrong)
    if question.kind == "date":
        return _day(first, wrong)
    if question.kind == "temperature":
        return _deci(first, wrong)
    return first


def _symptoms(said: list[str], known: set[str], wrong: Refused) -> str:
    codes = list(dict.fromkeys(said))
    if codes == ["none"]:
        return "none"
    if not set(codes) <= known:
        raise wrong
    return ",".join(codes)


def _day(text: str, wrong: Refused) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise wrong from None


def _deci(text: str, wrong: Refused) -> str:
    """Degrees as typed (36.5, 36,5, 365) in tenths."""
    plain = text.translate(str.maketrans("０１２３４５６７８９．，,", "0123456789..."))
    whole, dot, tenth = plain.partition(".")
    if not whole.isdecimal() or (dot and not tenth.isdecimal()):
        raise wrong
    deci = int(whole) if not dot and len(whole) == 3 else int(whole) * 10 + int(tenth[:1] or 0)
    if not 300 <= deci <= 450:
        raise wrong
    return str(deci)
