"""A pack read as a regulation: sentences in three languages, each with its source and its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from shouwang.packs.conditions.words import Vocabulary, day_words, degrees, pick, words
from shouwang.packs.schema import (
    Alert,
    Anchor,
    Area,
    Category,
    DatedValue,
    Lang,
    Ledger,
    Order,
    Pack,
    Protocol,
    RoleSet,
    Stage,
    Texts,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `entry` is the path of what it tells, `since` the day from which it holds.

    `source` says where it comes from, `convention` that the choice is ours, and why.
    """

    entry: str
    text: str
    source: str = ""
    since: date | None = None
    convention: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    code: str
    title: str
    sentences: tuple[Sentence, ...]


def regulation(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    """The whole pack in words. Sections without a sentence are left out."""
    vocabulary = Vocabulary.of(pack)
    told: Mapping[str, Iterator[Sentence]] = {
        "values": (s for entry in pack.values for s in _value(entry, lang)),
        "areas": (s for entry in pack.areas for s in _area(entry, lang)),
        "categories": (s for entry in pack.by_rank() for s in _category(pack, entry, lang, vocabulary)),
        "ledgers": (s for entry in pack.ledgers for s in _ledger(pack, entry, lang, vocabulary)),
        "protocols": (s for entry in pack.protocols for s in _protocol(pack, entry, lang, vocabulary)),
        "alerts": (s for entry in pack.alerts for s in _alert(pack, entry, lang, vocabulary)),
        "teams": (s for entry in pack.role_sets for s in _team(entry, lang)),
        "other": _other(pack, lang),
    }
    sections = (Section(code, pick(_SECTIONS[code], lang), tuple(items)) for code, items in told.items())
    return tuple(section for section in sections if section.sentences)


def lines(pack: Pack, lang: Lang) -> tuple[str, ...]:
    """The regulation as plain lines for a terminal: headings, sentences, sources and reasons beneath."""
    told: list[str] = [pack.title.text(lang)]
    for section in regulation(pack, lang):
        told += ["", section.title]
        for sentence in section.sentences:
            told.append(f"  {sentence.text}")
            told += [f"      [{sentence.source}]"] if sentence.source else []
            told += [f"      {sentence.convention}"] if sentence.convention else []
    return tuple(told)


def diff(old: Pack, new: Pack, lang: Lang) -> tuple[str, ...]:
    """What a revision changes, as lines: "- " what no longer holds, "+ " what holds instead, by heading."""
    before = {section.code: section for section in regulation(old, lang)}
    after = {section.code: section for section in regulation(new, lang)}
    told: list[str] = []
    for code in _SECTIONS:
        was, now = _lines(before.get(code)), _lines(after.get(code))
        changed = _changed(was, now)
        if changed:
            told += [pick(_SECTIONS[code], lang), *changed]
    return tuple(told)


def _lines(section: Section | None) -> list[str]:
    if section is None:
        return []
    return [
        sentence.text + (f" [{sentence.source}]" if sentence.source else "") for sentence in section.sentences
    ]


def _changed(was: list[str], now: list[str]) -> list[str]:
    told: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            told += [f"- {line}" for line in was[i1:i2]]
            told += [f"+ {line}" for line in now[j1:j2]]
    return told


_SECTIONS: Mapping[str, tuple[str, str, str]] = {
    "values": ("数值", "數值", "Values"),
    "areas": ("地区", "地區", "Areas"),
    "categories": ("类别", "類別", "Categories"),
    "ledgers": ("台账", "臺賬", "Ledgers"),
    "protocols": ("观察规程", "觀察規程", "Protocols of observation"),
    "alerts": ("警报", "警報", "Alerts"),
    "teams": ("责任人", "責任人", "Who is responsible"),
    "other": ("其他", "其他", "Other"),
}
_UNITS: Mapping[str, tuple[str, str, str]] = {
    "day": ("天", "天", " days"),
    "hour": ("小时", "小時", " hours"),
    "minute": ("分钟", "分鐘", " minutes"),
    "count": ("次", "次", ""),
    "year": ("岁", "歲", " years"),
}
_EVENTS: Mapping[str, tuple[str, str, str]] = {
    "first-exposure": ("首次接触日", "首次接觸日", "the day of the first exposure"),
    "last-exposure": ("末次接触日", "末次接觸日", "the day of the last exposure"),
    "day-of-return": ("返回日", "返回日", "the day of return"),
    "day-found": ("发现日", "發現日", "the day found"),
}
_PLACES: Mapping[str, tuple[str, str, str]] = {
    "home": ("居家", "居家", "at home"),
    "facility": ("在集中点", "在集中點", "in a facility"),
    "hospital": ("在医院", "在醫院", "in hospital"),
    "anywhere": ("不限地点", "不限地點", "anywhere"),
}
_CHANNELS: Mapping[str, tuple[str, str, str]] = {
    "visit": ("上门", "上門", "visit"),
    "phone": ("电话", "電話", "telephone"),
    "video": ("视频", "視訊", "video"),
    "chat": ("微信", "微信", "chat"),
    "self": ("自报", "自報", "self-report"),
    "facility": ("集中点", "集中點", "at the facility"),
}
_SEVERITY: Mapping[str, tuple[str, str, str]] = {
    "info": ("提示", "提示", "notice"),
    "warning": ("一般", "一般", "warning"),
    "urgent": ("紧急", "緊急", "urgent"),
}


def value_words(value: int | date, unit: str, lang: Lang) -> str:
    """A value with its unit as people read it: 37.3 ℃, 14天."""
    if isinstance(value, date):
        return day_words(value, lang)
    if unit == "decidegree-celsius":
        return degrees(value)
    return f"{value}{pick(_UNITS.get(unit, ('', '', '')), lang)}"


def _title(title: Texts | None, code: str, lang: Lang) -> str:
    return title.text(lang) if title else code


def _told(texts: tuple[str, str, str], lang: Lang, **given: object) -> str:
    return pick(texts, lang).format(**given)


def _text(texts: Texts | None, lang: Lang) -> str:
    return texts.text(lang) if texts else ""


def _list(parts: list[str], lang: Lang) -> str:
    return (", " if lang == "en" else "、").join(parts)


def _value(value: DatedValue, lang: Lang) -> Iterator[Sentence]:
    for since, held in value.since.items():
        text = _told(
            ("自{d}起,{n}为{v}。", "自{d}起,{n}為{v}。", "From {d} the {n} is {v}."),
            lang,
            d=day_words(since, lang),
            n=_title(value.title, value.code, lang),
            v=value_words(held, value.unit, lang),
        )
        yield Sentence(f"value.{value.code}", text, value.source, since, _text(value.convention, lang))


def _area(area: Area, lang: Lang) -> Iterator[Sentence]:
    for since, codes in area.since.items():
        text = _told(
            ("自{d}起,“{n}”指{c}。", "自{d}起,「{n}」指{c}。", 'From {d} "{n}" means {c}.'),
            lang,
            d=day_words(since, lang),
            n=_title(area.title, area.code, lang),
            c=_list(list(codes), lang),
        )
        yield Sentence(f"area.{area.code}", text, area.source, since)
    if area.order is not None:
        yield Sentence(f"area.{area.code}.order", _order(area.order, lang), area.order.legal_ground)


def _order(order: Order, lang: Lang) -> str:
    return _told(
        (
            "依据命令:{n}({by}),至{e}失效。",
            "依據命令:{n}({by}),至{e}失效。",
            "By order {n} of {by}, which expires on {e}.",
        ),
        lang,
        n=order.number,
        by=order.issued_by,
        e=day_words(order.expires, lang),
    )


def _category(pack: Pack, category: Category, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    text = _told(
        (
            "{w}的,为“{t}”;不能排除的也算。",
            "{w}的,為「{t}」;不能排除的也算。",
            '"{t}": whoever {w}; those who cannot be ruled out count too.',
        ),
        lang,
        t=category.title.text(lang),
        w=words(category.when, lang, names),
    )
    convention = _text(category.convention, lang)
    yield Sentence(f"category.{category.code}", text, category.source, None, convention)
    if category.protocol:
        protocol = pack.protocol(category.protocol).title.text(lang)
        team = pack.role_set(category.team).title.text(lang) if category.team else "—"
        text = _told(
            ("“{t}”按“{p}”观察,由{r}负责。", "「{t}」按「{p}」觀察,由{r}負責。", '"{t}": "{p}", by {r}.'),
            lang,
            t=category.title.text(lang),
            p=protocol,
            r=team,
        )
        yield Sentence(f"category.{category.code}.protocol", text)
    if category.order is not None:
        order = _order(category.order, lang)
        yield Sentence(f"category.{category.code}.order", order, category.order.legal_ground)


def _ledger(pack: Pack, ledger: Ledger, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    if ledger.when is not None:
        who = words(ledger.when, lang, names)
    else:
        titles = [c.title.text(lang) for c in pack.categories if ledger.code in c.ledgers]
        who = _list(titles, lang)
    text = _told(
        (
            "{t}:收录{w}的所有人,不论是否仍在观察;不明的也收录。",
            "{t}:收錄{w}的所有人,不論是否仍在觀察;不明的也收錄。",
            "{t}: everyone such that {w}, still observed or not; the unclear included.",
        ),
        lang,
        t=ledger.title.text(lang),
        w=who,
    )
    yield Sentence(f"ledger.{ledger.code}", text, ledger.source, None, _text(ledger.convention, lang))


def _protocol(pack: Pack, protocol: Protocol, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    entry, title = f"protocol.{protocol.code}", protocol.title.text(lang)
    text = _told(
        (
            "{t}:{a}为第0天,至第{n}天结束。",
            "{t}:{a}為第0天,至第{n}天結束。",
            "{t}: day 0 is {a}; it ends with day {n}.",
        ),
        lang,
        t=title,
        a=_anchor(protocol.day_zero, lang),
        n=protocol.last_day,
    )
    yield Sentence(entry, text, protocol.source, None, _text(protocol.convention, lang))
    if protocol.first_day is not None:
        first = ("自{a}开始。", "自{a}開始。", "It begins on {a}.")
        yield Sentence(f"{entry}.first-day", _told(first, lang, a=_anchor(protocol.first_day, lang)))
    for stage in protocol.stages:
        yield from _stage(pack, f"{entry}.{stage.code}", stage, lang)
    yield from _protocol_ends(protocol, entry, lang, names)
    yield from _protocol_grounds(protocol, entry, lang)


def _stage(pack: Pack, entry: str, stage: Stage, lang: Lang) -> Iterator[Sentence]:
    text = _told(
        (
            "{t}:第{a}至{b}天,{p},每天检查{n}次{due},方式:{c}。",
            "{t}:第{a}至{b}天,{p},每天檢查{n}次{due},方式:{c}。",
            "{t}: days {a} to {b}, {p}, {n} checks a day{due}, by {c}.",
        ),
        lang,
        t=stage.title.text(lang),
        a=stage.days[0],
        b=stage.days[1],
        p=pick(_PLACES[stage.place], lang),
        n=stage.checks_a_day,
        due=f" ({_list(list(stage.due), lang)})" if stage.due else "",
        c=_list([pick(_CHANNELS[channel], lang) for channel in stage.channel], lang),
    )
    yield Sentence(entry, text, stage.source, None, _text(stage.convention, lang))
    if stage.sparse_days:
        days = _list([str(day) for day in stage.sparse_days], lang)
        sparse = ("只在第{d}天检查。", "只在第{d}天檢查。", "Checks on days {d} only.")
        yield Sentence(f"{entry}.sparse-days", _told(sparse, lang, d=days))
    if stage.quorum is not None:
        text = _told(
            (
                "每天至少由{n}名不同角色的人({t})见到本人。",
                "每天至少由{n}名不同角色的人({t})見到本人。",
                "Each day people of at least {n} different roles ({t}) see the person.",
            ),
            lang,
            n=stage.quorum.roles_at_least,
            t=pack.role_set(stage.quorum.of).title.text(lang),
        )
        yield Sentence(f"{entry}.quorum", text, stage.source)
    for test in stage.tests:
        days = _list([str(day) for day in test.days], lang)
        tests = ("第{d}天{k}。", "第{d}天{k}。", "{k} on days {d}.")
        told = _told(tests, lang, d=days, k=_title(test.title, test.kind, lang))
        yield Sentence(f"{entry}.test.{test.kind}", told, test.source)


def _protocol_ends(protocol: Protocol, entry: str, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    for event in protocol.events:
        texts = {
            "restart": ("{t}:重新计算第0天。", "{t}:重新計算第0天。", "{t}: day 0 is counted anew."),
            "extend": ("{t}:延长至第{n}天。", "{t}:延長至第{n}天。", "{t}: extended to day {n}."),
        }[event.effect]
        told = _told(texts, lang, t=event.title.text(lang), n=event.until_day)
        yield Sentence(f"{entry}.event.{event.code}", told, event.source)
    for exemption in protocol.exemptions:
        free = ("{t}:{w}的,免予观察。", "{t}:{w}的,免予觀察。", "{t}: whoever is {w} is exempt.")
        who = words(exemption.when, lang, names)
        told = _told(free, lang, t=exemption.title.text(lang), w=who)
        yield Sentence(f"{entry}.exemption.{exemption.code}", told, exemption.source)
    ends = ("解除条件:{w}。", "解除條件:{w}。", "Release when {w}.")
    yield Sentence(f"{entry}.release", _told(ends, lang, w=words(protocol.release, lang, names)))
    late = protocol.found_after_last_day
    told = _told(
        (
            "最后一天之后才发现的,检查{n}次。",
            "最後一天之後才發現的,檢查{n}次。",
            "Whoever is found after the last day: {n} check.",
        ),
        lang,
        n=late.checks,
    )
    yield Sentence(f"{entry}.found-after-last-day", told, "", None, _text(late.convention, lang))


def _protocol_grounds(protocol: Protocol, entry: str, lang: Lang) -> Iterator[Sentence]:
    if not protocol.restricts:
        return
    told = _told(
        (
            "依据:{g}。证据:{e}。每{n}天复核。{a}",
            "依據:{g}。證據:{e}。每{n}天覆核。{a}",
            "Legal ground: {g}. Evidence: {e}. Reviewed every {n} days. {a}",
        ),
        lang,
        g=_text(protocol.legal_ground, lang),
        e=_text(protocol.evidence, lang),
        n=protocol.review_after_days,
        a=_text(protocol.appeal, lang),
    )
    yield Sentence(f"{entry}.restricts", told, _text(protocol.legal_ground, lang))


def _anchor(anchor: Anchor, lang: Lang) -> str:
    event = pick(_EVENTS[anchor.event], lang)
    if anchor.offset == 0:
        return event
    if anchor.offset > 0:
        return _told(("{e}后第{n}天", "{e}後第{n}天", "day {n} after {e}"), lang, e=event, n=anchor.offset)
    return _told(("{e}前{n}天", "{e}前{n}天", "{n} day(s) before {e}"), lang, e=event, n=-anchor.offset)


def _alert(pack: Pack, alert: Alert, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    roles = {role.code: role.title.text(lang) for teams in pack.role_sets for role in teams.roles}
    text = _told(
        (
            "{t}({s}):{w}的,立即告知{r}。",
            "{t}({s}):{w}的,立即告知{r}。",
            "{t} ({s}): when {w}, tell {r} at once.",
        ),
        lang,
        t=alert.title.text(lang),
        s=pick(_SEVERITY[alert.severity], lang),
        w=words(alert.when, lang, names),
        r=_list([roles.get(code, code) for code in alert.tell], lang),
    )
    yield Sentence(f"alert.{alert.code}", text, alert.source, None, _text(alert.convention, lang))
    if alert.climb_after_minutes:
        minutes = _list([str(minute) for minute in alert.climb_after_minutes], lang)
        climbs = (
            "无人应答的,{m}分钟后逐级上报。",
            "無人應答的,{m}分鐘後逐級上報。",
            "Unanswered it climbs after {m} minutes.",
        )
        yield Sentence(f"alert.{alert.code}.climb", _told(climbs, lang, m=minutes))


def _team(team: RoleSet, lang: Lang) -> Iterator[Sentence]:
    roles = [
        _told(("{t}(每人至多{n})", "{t}(每人至多{n})", "{t} (at most {n} each)"), lang, t=title, n=role.cap)
        if role.cap
        else title
        for role in team.roles
        for title in (role.title.text(lang),)
    ]
    glue = "{t}: {r}." if lang == "en" else "{t}:{r}。"
    text = glue.format(t=team.title.text(lang), r=_list(roles, lang))
    yield Sentence(f"role-set.{team.code}", text, team.source, None, _text(team.convention, lang))


def _other(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    for script in pack.scripts:
        asked = " ".join(f"{i}. {q.text.text(lang)}" for i, q in enumerate(script.questions, 1))
        glue = "{t}: {q}" if lang == "en" else "{t}:{q}"
        told = glue.format(t=script.title.text(lang), q=asked)
        convention = _text(script.convention, lang)
        yield Sentence(f"script.{script.code}", told, script.source, None, convention)
    for report in pack.reporting:
        texts = (
            "{t}:{a}至{b},次日{d}前报出。",
            "{t}:{a}至{b},次日{d}前報出。",
            "{t}: from {a} to {b}, due at {d} on the next day.",
        )
        given = {"t": report.title.text(lang), "a": report.period[0], "b": report.period[1], "d": report.due}
        convention = _text(report.convention, lang)
        told = _told(texts, lang, **given)
        yield Sentence(f"reporting.{report.code}", told, report.source, None, convention)
