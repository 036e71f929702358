"""Why a condition came out as it did: the facts that decided, as data, and as words when read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from shouwang.kernel.decision import Reason
from shouwang.packs.conditions.evaluate import Subject, Verdict, evaluate
from shouwang.packs.conditions.facts import Context, ExposureFact, PersonFacts, TripFact
from shouwang.packs.conditions.tree import (
    All,
    AnyOf,
    Condition,
    Exposure,
    Leaf,
    Level,
    Not,
    Trip,
    leaves,
    parse,
    to_raw,
)
from shouwang.packs.conditions.words import Vocabulary, day_words, pick, words

if TYPE_CHECKING:
    from shouwang.packs.schema import Lang

MAX_REASONS = 12
"""A decision keeps at most this many reasons; more facts of the same kind add nothing."""


def explain(condition: Condition, facts: PersonFacts, ctx: Context) -> tuple[Reason, ...]:
    """The facts that decided `condition`, in the order of the tree.

    For "yes" the items that held, for "no" those that failed, for "unknown" those that were open and what
    held beside them. Params are plain data (dates as ISO text), fit for storing; `reason_words` reads them.
    """
    return tuple(islice(_distinct(_decided(condition, facts, ctx)), MAX_REASONS))


def reason_words(reason: Reason, lang: Lang, vocabulary: Vocabulary | None = None) -> str:
    """One reason as a clause: 2020年1月20日自武汉市返回（导入第12行）."""
    names = vocabulary or Vocabulary()
    params = reason.params
    match reason.code:
        case "trip":
            told = _trip_words(params, lang, names)
        case "exposure":
            told = _exposure_words(params, lang, names)
        case "no-trip":
            return pick(("没有外出记录", "沒有外出記錄", "no trip is recorded"), lang)
        case "no-exposure":
            return pick(("没有接触记录", "沒有接觸記錄", "no exposure is recorded"), lang)
        case _:
            told = words(parse(params["condition"], _LEVELS), lang, names)
            told += {"true": "", "unknown": _UNKNOWN[lang], "false": _NOT_SO[lang]}[str(params["verdict"])]
    source = params.get("source")
    return f"{told} ({source})" if source and lang == "en" else f"{told}（{source}）" if source else told


def _decided(condition: Condition, facts: PersonFacts, ctx: Context) -> Iterator[Reason]:
    verdict = evaluate(condition, facts, ctx)
    match condition:
        case All(items) | AnyOf(items):
            verdicts = [evaluate(item, facts, ctx) for item in items]
            telling = _telling(verdict, isinstance(condition, All))
            for item, found in zip(items, verdicts, strict=True):
                if found in telling:
                    yield from _decided(item, facts, ctx)
        case Not(item):
            yield from _decided(item, facts, ctx)
        case Trip(item):
            yield from _quantified(item, facts.trips, verdict, ctx, "trip")
        case Exposure(item):
            yield from _quantified(item, facts.exposures, verdict, ctx, "exposure")
        case Leaf():
            yield Reason("leaf", {"condition": to_raw(condition), "verdict": _WORD[verdict]})


def _telling(verdict: Verdict, conjunction: bool) -> tuple[Verdict, ...]:
    """Verdicts of the items that explain the verdict of the whole."""
    if verdict is None:
        return (True, None) if conjunction else (None,)
    return (verdict,)


def _quantified(
    item: Condition,
    subjects: tuple[TripFact, ...] | tuple[ExposureFact, ...],
    verdict: Verdict,
    ctx: Context,
    kind: str,
) -> Iterator[Reason]:
    if not subjects:
        yield Reason(f"no-{kind}")
    for subject in subjects:
        if evaluate(item, subject, ctx) is verdict:
            yield Reason(
                kind, _fact(subject) | {"verdict": _WORD[verdict], "open": _open(item, subject, ctx)}
            )


def _fact(subject: TripFact | ExposureFact) -> dict[str, object]:
    if isinstance(subject, TripFact):
        return {
            "origin": subject.origin_code,
            "left_on": _iso(subject.left_on),
            "returned_on": _iso(subject.returned_on),
            "source": subject.source,
        }
    return {
        "kind": subject.kind,
        "first_on": _iso(subject.first_on),
        "last_on": _iso(subject.last_on),
        "source": subject.source,
    }


def _open(item: Condition, subject: Subject, ctx: Context) -> list[str]:
    """Names of the leaves that could not be answered of this trip or exposure."""
    names = [leaf.name for _, leaf in leaves(item) if evaluate(leaf, subject, ctx) is None]
    return sorted(set(names))


def _trip_words(params: Mapping[str, object], lang: Lang, names: Vocabulary) -> str:
    origin = params.get("origin")
    place = names.name("place", str(origin), lang) if origin else pick(_NO_PLACE, lang)
    returned = params.get("returned_on")
    if returned:
        day = day_words(date.fromisoformat(str(returned)), lang)
        told = pick(("{d}自{p}返回", "{d}自{p}返回", "returned from {p} on {d}"), lang)
        told = told.format(d=day, p=place)
    else:
        told = pick(
            ("自{p}返回，返回日期不明", "自{p}返回，返回日期不明", "returned from {p}, day unknown"), lang
        ).format(p=place)
    broad = "stayed-in" in _listed(params.get("open")) and origin
    return (
        told + pick(("（地点不够具体）", "（地點不夠具體）", " (place not exact enough)"), lang)
        if broad
        else told
    )


def _exposure_words(params: Mapping[str, object], lang: Lang, names: Vocabulary) -> str:
    kind = names.name("kind", str(params.get("kind")), lang)
    last = params.get("last_on")
    if not last:
        told = pick(("{k}，末次日期不明", "{k}，末次日期不明", "{k}, last day unknown"), lang)
        return told.format(k=kind)
    day = day_words(date.fromisoformat(str(last)), lang)
    return pick(("{k}，末次在{d}", "{k}，末次在{d}", "{k}, last on {d}"), lang).format(k=kind, d=day)


def _distinct(reasons: Iterator[Reason]) -> Iterator[Reason]:
    seen: list[Reason] = []
    for reason in reasons:
        if reason not in seen:
            seen.append(reason)
            yield reason


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


_WORD: Mapping[Verdict, str] = {True: "true", None: "unknown", False: "false"}
_LEVELS: tuple[Level, ...] = ("person", "check", "case")
_UNKNOWN: Mapping[str, str] = {"zh-hans": "：不明", "zh-hant": "：不明", "en": ": not known"}
_NOT_SO: Mapping[str, str] = {"zh-hans": "：否", "zh-hant": "：否", "en": ": no"}
_NO_PLACE = ("不明地点", "不明地點", "an unknown place")
