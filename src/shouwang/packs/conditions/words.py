"""The face in words: a condition, and why it held, as sentences in three languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from shouwang.packs.conditions.facts import is_division
from shouwang.packs.conditions.tree import (
    LEAVES,
    All,
    AnyOf,
    Argument,
    Condition,
    Exposure,
    Leaf,
    Not,
    Ref,
    Trip,
)

if TYPE_CHECKING:
    from shouwang.packs.schema import Lang, Pack, Texts

LEAF_WORDS: Mapping[str, tuple[str, str, str]] = {
    "stayed-in": ("曾在{x}停留", "曾在{x}停留", "stayed in {x}"),
    "returned-since": ("{x}或以后返回", "{x}或以後返回", "returned on or after {x}"),
    "returned-until": ("{x}或以前返回", "{x}或以前返回", "returned on or before {x}"),
    "returned-within-days": ("最近{x}天内返回", "最近{x}天內返回", "returned within the last {x} days"),
    "left-on-or-after": ("{x}或以后外出", "{x}或以後外出", "left on or after {x}"),
    "left-on-or-before": ("{x}或以前外出", "{x}或以前外出", "left on or before {x}"),
    "kind": ("类型为{x}", "類型為{x}", "of the kind {x}"),
    "first-since": ("首次在{x}或以后", "首次在{x}或以後", "first on or after {x}"),
    "first-within-days": ("首次在最近{x}天内", "首次在最近{x}天內", "first within the last {x} days"),
    "last-since": ("末次在{x}或以后", "末次在{x}或以後", "last on or after {x}"),
    "last-within-days": ("末次在最近{x}天内", "末次在最近{x}天內", "last within the last {x} days"),
    "age-at-least": ("年满{x}岁", "年滿{x}歲", "aged {x} or over"),
    "age-under": ("未满{x}岁", "未滿{x}歲", "aged under {x}"),
    "born-since": ("{x}或以后出生", "{x}或以後出生", "born on or after {x}"),
    "born-until": ("{x}或以前出生", "{x}或以前出生", "born on or before {x}"),
    "sex": ("性别为{x}", "性別為{x}", "sex is {x}"),
    "tag-any": ("属于{x}", "屬於{x}", "marked as {x}"),
    "lives-in": ("住在{x}", "住在{x}", "lives in {x}"),
    "temperature-at-least": ("体温达到{x}", "體溫達到{x}", "temperature of {x} or more"),
    "symptom-any": ("有{x}", "有{x}", "has {x}"),
    "symptom-count-at-least": ("症状至少{x}项", "症狀至少{x}項", "at least {x} symptoms"),
    "test-result-any": ("检测结果为{x}", "檢測結果為{x}", "the test is {x}"),
    "days-completed": ("满{x}天", "滿{x}天", "{x} days completed"),
    "days-completed-all": ("观察至最后一天期满", "觀察至最後一天期滿", "observed to the end of the last day"),
    "quorum-met": ("每日人数要求均已满足", "每日人數要求均已滿足", "the quorum of every day was met"),
    "no-open-alert": ("没有未处理的警报", "沒有未處理的警報", "no alert is open"),
    "tests-negative-at-least": ("检测阴性至少{x}次", "檢測陰性至少{x}次", "at least {x} negative tests"),
}
"""What each leaf says, with {x} for its argument: (zh-hans, zh-hant, en)."""
_GLUE: Mapping[str, tuple[str, str, str]] = {
    "all": ("，且", "，且", " and "),
    "any": ("，或", "，或", " or "),
    "not": ("并非（{x}）", "並非（{x}）", "not ({x})"),
    "trip": ("有一次外出：{x}", "有一次外出：{x}", "on one and the same trip: {x}"),
    "exposure": ("有一次接触：{x}", "有一次接觸：{x}", "in one and the same exposure: {x}"),
    "list": ("、", "、", ", "),
    "last": ("、", "、", " or "),
    "group": ("（{x}）", "（{x}）", "({x})"),
}
_SEX: Mapping[str, tuple[str, str, str]] = {
    "male": ("男", "男", "male"),
    "female": ("女", "女", "female"),
    "m": ("男", "男", "male"),
    "f": ("女", "女", "female"),
}
_TESTS: Mapping[str, tuple[str, str, str]] = {
    "negative": ("阴性", "陰性", "negative"),
    "positive": ("阳性", "陽性", "positive"),
    "inconclusive": ("无法判定", "無法判定", "inconclusive"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names for the codes in a condition. `place` names a division code; codes without a name stay codes."""

    titles: Mapping[tuple[str, str], Texts] = field(default_factory=dict)
    held: Mapping[str, int | date] = field(default_factory=dict)
    place: Callable[[str], str] | None = None

    @classmethod
    def of(cls, pack: Pack, on: date | None = None, place: Callable[[str], str] | None = None) -> Vocabulary:
        """The pack's own names. Values are told as they are on `on`; without it, those that never changed."""
        titles: dict[tuple[str, str], Texts] = {}
        for kind, entries in (
            ("symptom", pack.symptoms),
            ("tag", pack.tags),
            ("kind", pack.exposure_kinds),
        ):
            titles.update({(kind, entry.code): entry.title for entry in entries})
        titles.update({("value", value.code): value.title for value in pack.values if value.title})
        for area in pack.areas:
            if area.title:
                titles["place", area.code] = area.title
                sets = set(area.since.values())
                if len(sets) == 1 and len(codes := next(iter(sets))) == 1:
                    titles.setdefault(("place", codes[0]), area.title)
        held = {
            value.code: next(iter(value.since.values())) for value in pack.values if len(value.since) == 1
        }
        return cls(titles, pack.values_on(on) if on else held, place)

    def name(self, kind: str, code: str, lang: Lang) -> str:
        """The name of `code`, or the code itself."""
        found = self.titles.get((kind, code))
        if found is not None:
            return found.text(lang)
        if kind == "place" and self.place is not None and is_division(code):
            return self.place(code)
        return code


def words(condition: Condition, lang: Lang, vocabulary: Vocabulary | None = None) -> str:
    """The condition as one clause in `lang`, without a full stop."""
    return _words(condition, lang, vocabulary or Vocabulary(), nested=False)


def pick(texts: tuple[str, str, str], lang: Lang) -> str:
    """The text of `lang` out of (zh-hans, zh-hant, en)."""
    return texts[("zh-hans", "zh-hant", "en").index(lang)]


def day_words(day: date, lang: Lang) -> str:
    """A day as people write it: 2020年1月20日, 20 January 2020."""
    if lang == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def degrees(deci: int) -> str:
    """Tenths of a degree as people read them: 373 is "37.3 ℃"."""
    return f"{deci // 10}.{deci % 10} ℃"


_MONTHS = ("January February March April May June July August September October November December").split()


def _words(condition: Condition, lang: Lang, vocabulary: Vocabulary, *, nested: bool) -> str:
    match condition:
        case All(items) | AnyOf(items):
            glue = pick(_GLUE["all" if isinstance(condition, All) else "any"], lang)
            parts = [_words(item, lang, vocabulary, nested=True) for item in items]
            joined = glue.join(parts)
            return pick(_GLUE["group"], lang).format(x=joined) if nested and len(parts) > 1 else joined
        case Not(item):
            return pick(_GLUE["not"], lang).format(x=_words(item, lang, vocabulary, nested=False))
        case Trip(item) | Exposure(item):
            kind = "trip" if isinstance(condition, Trip) else "exposure"
            told = pick(_GLUE[kind], lang).format(x=_words(item, lang, vocabulary, nested=False))
            return pick(_GLUE["group"], lang).format(x=told) if nested else told
        case Leaf(name, arg):
            key = "days-completed-all" if name == "days-completed" and arg is True else name
            return pick(LEAF_WORDS[key], lang).format(x=_argument(name, arg, lang, vocabulary))


def _argument(name: str, arg: Argument, lang: Lang, vocabulary: Vocabulary) -> str:
    if isinstance(arg, tuple):
        *told, last = (_code(name, code, lang, vocabulary) for code in arg)
        listed = pick(_GLUE["list"], lang).join(told)
        return f"{listed}{pick(_GLUE['last'], lang)}{last}" if told else last
    if isinstance(arg, Ref):
        title = vocabulary.name("value", arg.code, lang)
        if arg.code not in vocabulary.held:
            return title
        return _plain(name, vocabulary.held[arg.code], lang)
    return _plain(name, arg, lang)


def _plain(name: str, value: int | date, lang: Lang) -> str:
    if isinstance(value, date):
        return day_words(value, lang)
    return degrees(value) if name == "temperature-at-least" else str(value)


def _code(leaf: str, code: str, lang: Lang, vocabulary: Vocabulary) -> str:
    if leaf == "sex":
        return pick(_SEX.get(code, (code, code, code)), lang)
    if leaf == "test-result-any":
        return pick(_TESTS.get(code, (code, code, code)), lang)
    kinds = {"symptom-any": "symptom", "tag-any": "tag", "kind": "kind"}
    kind = "place" if LEAVES[leaf].arg == "places" else kinds[leaf]
    return vocabulary.name(kind, code, lang)
