"""Sentences of protocols of observation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwang.packs.conditions.words import Vocabulary, pick, words
from shouwang.packs.schema import (
    Anchor,
    Lang,
    Pack,
    Protocol,
    Stage,
)
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of, title_of

_EVENTS: Mapping[str, tuple[str, str, str]] = {
    "first-exposure": ("首次接触日", "首次接觸日", "the day of the first exposure"),
    "last-exposure": ("末次接触日", "末次接觸日", "the day of the last exposure"),
    "day-of-return": ("返回日", "返回日", "the day of return"),
    "day-found": ("发现日", "發現日", "the day found"),
    "day-of-discharge": ("出院日", "出院日", "the day of discharge"),
}
_PLACES: Mapping[str, tuple[str, str, str]] = {
    "home": ("居家", "居家", "at home"),
    "facility": ("在集中点", "在集中點", "in a facility"),
    "hospital": ("在医院", "在醫院", "in hospital"),
    "anywhere": ("不限地点", "不限地點", "anywhere"),
}
_TIMES = ("（{x}）", "（{x}）", " ({x})")
_CHANNELS: Mapping[str, tuple[str, str, str]] = {
    "visit": ("上门", "上門", "visit"),
    "phone": ("电话", "電話", "telephone"),
    "video": ("视频", "視訊", "video"),
    "chat": ("微信", "微信", "chat"),
    "self": ("自报", "自報", "self-report"),
    "facility": ("集中点", "集中點", "at the facility"),
}


def protocol_sentences(pack: Pack, protocol: Protocol, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    """A protocol from day 0 to release, with its grounds."""
    entry, title = f"protocol.{protocol.code}", protocol.title.text(lang)
    text = fill(
        (
            "{t}：{a}为第0天，至第{n}天结束。",
            "{t}：{a}為第0天，至第{n}天結束。",
            "{t}: day 0 is {a}; it ends with day {n}.",
        ),
        lang,
        t=title,
        a=_anchor(protocol.day_zero, lang),
        n=protocol.last_day,
    )
    yield Sentence(entry, text, protocol.source, None, text_of(protocol.convention, lang))
    if protocol.first_day is not None:
        first = ("自{a}开始。", "自{a}開始。", "It begins on {a}.")
        yield Sentence(f"{entry}.first-day", fill(first, lang, a=_anchor(protocol.first_day, lang)))
    for stage in protocol.stages:
        yield from _stage(pack, f"{entry}.{stage.code}", stage, lang, names)
    yield from _protocol_ends(pack, protocol, entry, lang, names)
    yield from _protocol_grounds(protocol, entry, lang)


def _stage(pack: Pack, entry: str, stage: Stage, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    text = fill(
        (
            "{t}：第{a}至{b}天，{p}，每天检查{n}次{due}，方式：{c}。",
            "{t}：第{a}至{b}天，{p}，每天檢查{n}次{due}，方式：{c}。",
            "{t}: days {a} to {b}, {p}, {n} checks a day{due}, by {c}.",
        ),
        lang,
        t=stage.title.text(lang),
        a=stage.days[0],
        b=stage.days[1],
        p=pick(_PLACES[stage.place], lang),
        n=stage.checks_a_day,
        due=fill(_TIMES, lang, x=listed(list(stage.due), lang)) if stage.due else "",
        c=listed([pick(_CHANNELS[channel], lang) for channel in stage.channel], lang),
    )
    yield Sentence(entry, text, stage.source, None, text_of(stage.convention, lang))
    if stage.sparse_days:
        days = listed([str(day) for day in stage.sparse_days], lang)
        sparse = ("只在第{d}天检查。", "只在第{d}天檢查。", "Checks on days {d} only.")
        yield Sentence(f"{entry}.sparse-days", fill(sparse, lang, d=days))
    if stage.quorum is not None:
        text = fill(
            (
                "每天至少由{n}名不同角色的人（{t}）见到本人。",
                "每天至少由{n}名不同角色的人（{t}）見到本人。",
                "Each day people of at least {n} different roles ({t}) see the person.",
            ),
            lang,
            n=stage.quorum.roles_at_least,
            t=pack.role_set(stage.quorum.of).title.text(lang),
        )
        yield Sentence(f"{entry}.quorum", text, stage.source)
    for test in stage.tests:
        days = listed([str(day) for day in test.days], lang)
        told = fill(
            (
                "第{d}天{k}，{t}前采样，{h}小时内出结果；无法判定的{r}小时内重采。",
                "第{d}天{k}，{t}前採樣，{h}小時內出結果；無法判定的{r}小時內重採。",
                "{k} on days {d}: sampled by {t}, result within {h} hours; inconclusive, again within {r}.",
            ),
            lang,
            d=days,
            k=title_of(test.title, test.kind, lang),
            t=test.due,
            h=test.result_within_hours,
            r=test.repeat_within_hours,
        )
        yield Sentence(f"{entry}.test.{test.kind}", told, test.source, None, text_of(test.convention, lang))
    if stage.leave is not None:
        ask = ("转出条件：{w}。", "轉出條件：{w}。", "Moved on when {w}.")
        yield Sentence(f"{entry}.leave", fill(ask, lang, w=words(stage.leave, lang, names)))
    if stage.hand_over_within_hours is not None:
        hours = (
            "接收方{n}小时内答复。",
            "接收方{n}小時內答覆。",
            "The receiving side answers within {n} hours.",
        )
        yield Sentence(f"{entry}.hand-over", fill(hours, lang, n=stage.hand_over_within_hours))


_EFFECTS: Mapping[str, tuple[str, str, str]] = {
    "restart": ("{t}：重新计算第0天。", "{t}：重新計算第0天。", "{t}: day 0 is counted anew."),
    "extend": ("{t}：延长至第{n}天。", "{t}：延長至第{n}天。", "{t}: extended to day {n}."),
    "transfer": (
        "{t}（{w}）：转出，观察结束。",
        "{t}（{w}）：轉出，觀察結束。",
        "{t} ({w}): moved on, the watch ends.",
    ),
    "reopen": (
        "{t}（{w}）：观察结束，以“{p}”重新立档，不计为新病例。",
        "{t}（{w}）：觀察結束，以「{p}」重新立檔，不計為新病例。",
        "{t} ({w}): the watch ends and reopens as “{p}”, not as a new case.",
    ),
}


def _protocol_ends(
    pack: Pack, protocol: Protocol, entry: str, lang: Lang, names: Vocabulary
) -> Iterator[Sentence]:
    for event in protocol.events:
        told = fill(
            _EFFECTS[event.effect],
            lang,
            t=event.title.text(lang),
            n=event.until_day,
            w=words(event.when, lang, names) if event.when is not None else "",
            p=pack.protocol(event.protocol).title.text(lang) if event.protocol else "",
        )
        yield Sentence(f"{entry}.event.{event.code}", told, event.source)
    for exemption in protocol.exemptions:
        free = ("{t}：{w}的，免予观察。", "{t}：{w}的，免予觀察。", "{t}: whoever is {w} is exempt.")
        who = words(exemption.when, lang, names)
        told = fill(free, lang, t=exemption.title.text(lang), w=who)
        yield Sentence(f"{entry}.exemption.{exemption.code}", told, exemption.source)
    ends = ("解除条件：{w}。", "解除條件：{w}。", "Release when {w}.")
    yield Sentence(f"{entry}.release", fill(ends, lang, w=words(protocol.release, lang, names)))
    late = protocol.found_after_last_day
    told = fill(
        (
            "最后一天之后才发现的，检查{n}次。",
            "最後一天之後才發現的，檢查{n}次。",
            "Whoever is found after the last day: {n} check.",
        ),
        lang,
        n=late.checks,
    )
    yield Sentence(f"{entry}.found-after-last-day", told, "", None, text_of(late.convention, lang))


def _protocol_grounds(protocol: Protocol, entry: str, lang: Lang) -> Iterator[Sentence]:
    if not protocol.restricts:
        return
    told = fill(
        (
            "依据：{g}。证据：{e}。每{n}天复核。{a}",
            "依據：{g}。證據：{e}。每{n}天覆核。{a}",
            "Legal ground: {g}. Evidence: {e}. Reviewed every {n} days. {a}",
        ),
        lang,
        g=text_of(protocol.legal_ground, lang),
        e=text_of(protocol.evidence, lang),
        n=protocol.review_after_days,
        a=text_of(protocol.appeal, lang),
    )
    yield Sentence(f"{entry}.restricts", told, text_of(protocol.legal_ground, lang))


def _anchor(anchor: Anchor, lang: Lang) -> str:
    event = pick(_EVENTS[anchor.event], lang)
    if anchor.offset == 0:
        return event
    if anchor.offset > 0:
        return fill(("{e}后第{n}天", "{e}後第{n}天", "day {n} after {e}"), lang, e=event, n=anchor.offset)
    return fill(("{e}前{n}天", "{e}前{n}天", "{n} day(s) before {e}"), lang, e=event, n=-anchor.offset)
