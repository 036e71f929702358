"""Sentences of values, areas, categories, ledgers, alerts, teams and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from shouwang.packs.conditions.words import Vocabulary, day_words, degrees, pick, words
from shouwang.packs.schema import (
    Alert,
    Area,
    Category,
    DatedValue,
    Lang,
    Ledger,
    Order,
    Pack,
    Role,
    RoleSet,
)
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of, title_of

_UNITS: Mapping[str, tuple[str, str, str]] = {
    "day": ("天", "天", " days"),
    "hour": ("小时", "小時", " hours"),
    "minute": ("分钟", "分鐘", " minutes"),
    "count": ("次", "次", ""),
    "year": ("岁", "歲", " years"),
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


def value_sentences(value: DatedValue, lang: Lang) -> Iterator[Sentence]:
    """What a value is, from each of its days."""
    for since, held in value.since.items():
        text = fill(
            ("自{d}起，{n}为{v}。", "自{d}起，{n}為{v}。", "From {d} the {n} is {v}."),
            lang,
            d=day_words(since, lang),
            n=title_of(value.title, value.code, lang),
            v=value_words(held, value.unit, lang),
        )
        yield Sentence(f"value.{value.code}", text, value.source, since, text_of(value.convention, lang))


def area_sentences(area: Area, lang: Lang) -> Iterator[Sentence]:
    """What an area means, from each of its days, and the order that it rests on."""
    for since, codes in area.since.items():
        text = fill(
            ("自{d}起，“{n}”指{c}。", "自{d}起，「{n}」指{c}。", 'From {d} "{n}" means {c}.'),
            lang,
            d=day_words(since, lang),
            n=title_of(area.title, area.code, lang),
            c=listed(list(codes), lang),
        )
        yield Sentence(f"area.{area.code}", text, area.source, since)
    if area.order is not None:
        yield Sentence(f"area.{area.code}.order", _order(area.order, lang), area.order.legal_ground)


def _order(order: Order, lang: Lang) -> str:
    return fill(
        (
            "依据命令：{n}（{by}），至{e}失效。",
            "依據命令：{n}（{by}），至{e}失效。",
            "By order {n} of {by}, which expires on {e}.",
        ),
        lang,
        n=order.number,
        by=order.issued_by,
        e=day_words(order.expires, lang),
    )


def category_sentences(pack: Pack, category: Category, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    """Who falls into a category, and what is then done by whom."""
    text = fill(
        (
            "{w}的，为“{t}”；不能排除的也算。",
            "{w}的，為「{t}」；不能排除的也算。",
            '"{t}": whoever {w}; those who cannot be ruled out count too.',
        ),
        lang,
        t=category.title.text(lang),
        w=words(category.when, lang, names),
    )
    convention = text_of(category.convention, lang)
    yield Sentence(f"category.{category.code}", text, category.source, None, convention)
    if category.protocol:
        protocol = pack.protocol(category.protocol).title.text(lang)
        team = pack.role_set(category.team).title.text(lang) if category.team else "—"
        text = fill(
            ("“{t}”按“{p}”观察，由{r}负责。", "「{t}」按「{p}」觀察，由{r}負責。", '"{t}": "{p}", by {r}.'),
            lang,
            t=category.title.text(lang),
            p=protocol,
            r=team,
        )
        yield Sentence(f"category.{category.code}.protocol", text)
    if category.order is not None:
        order = _order(category.order, lang)
        yield Sentence(f"category.{category.code}.order", order, category.order.legal_ground)


def ledger_sentences(pack: Pack, ledger: Ledger, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    """Who stands in a ledger."""
    if ledger.when is not None:
        who = words(ledger.when, lang, names)
    else:
        titles = [c.title.text(lang) for c in pack.categories if ledger.code in c.ledgers]
        who = listed(titles, lang)
    text = fill(
        (
            "{t}：收录{w}的所有人，不论是否仍在观察；不明的也收录。",
            "{t}：收錄{w}的所有人，不論是否仍在觀察；不明的也收錄。",
            "{t}: everyone such that {w}, still observed or not; the unclear included.",
        ),
        lang,
        t=ledger.title.text(lang),
        w=who,
    )
    yield Sentence(f"ledger.{ledger.code}", text, ledger.source, None, text_of(ledger.convention, lang))


def alert_sentences(pack: Pack, alert: Alert, lang: Lang, names: Vocabulary) -> Iterator[Sentence]:
    """When an alert is raised, who is told, when it climbs."""
    roles = {role.code: role.title.text(lang) for teams in pack.role_sets for role in teams.roles}
    text = fill(
        (
            "{t}（{s}）：{w}的，立即告知{r}。",
            "{t}（{s}）：{w}的，立即告知{r}。",
            "{t} ({s}): when {w}, tell {r} at once.",
        ),
        lang,
        t=alert.title.text(lang),
        s=pick(_SEVERITY[alert.severity], lang),
        w=words(alert.when, lang, names),
        r=listed([roles.get(code, code) for code in alert.tell], lang),
    )
    yield Sentence(f"alert.{alert.code}", text, alert.source, None, text_of(alert.convention, lang))
    if alert.climb_after_minutes:
        minutes = listed([str(minute) for minute in alert.climb_after_minutes], lang)
        climbs = (
            "无人应答的，{m}分钟后逐级上报。",
            "無人應答的，{m}分鐘後逐級上報。",
            "Unanswered it climbs after {m} minutes.",
        )
        yield Sentence(f"alert.{alert.code}.climb", fill(climbs, lang, m=minutes))
    if alert.do is not None:
        asks = ("在场人员：{d}", "在場人員：{d}", "Whoever is there: {d}")
        yield Sentence(f"alert.{alert.code}.do", fill(asks, lang, d=alert.do.text(lang)))


def team_sentences(team: RoleSet, lang: Lang) -> Iterator[Sentence]:
    """What a team answers for, its roles, how many each person carries, under whom, and its shifts."""
    glue = "{t} ({k}): {r}." if lang == "en" else "{t}（{k}）：{r}。"
    kind, roles = pick(_TARGETS[team.target], lang), listed([_role(role, lang) for role in team.roles], lang)
    text = glue.format(t=team.title.text(lang), k=kind, r=roles)
    yield Sentence(f"role-set.{team.code}", text, team.source, None, text_of(team.convention, lang))
    titles = {role.code: role.title.text(lang) for role in team.roles}
    for role in team.roles:
        if role.under is not None:
            led = ("{t}由{u}带领。", "{t}由{u}帶領。", "The {t} serves under the {u}.")
            told = fill(led, lang, t=titles[role.code], u=titles[role.under])
            yield Sentence(f"role-set.{team.code}.{role.code}", told)
    if team.watch is not None:
        shifts = (
            "昼夜值守，{s}换班，同时至少{n}人在岗；逾{m}分钟未到岗或未交班即告警。",
            "晝夜值守，{s}換班，同時至少{n}人在崗；逾{m}分鐘未到崗或未交班即告警。",
            "Round the clock, shifts change at {s}, at least {n} on duty; {m} minutes late is an alarm.",
        )
        when = listed(list(team.watch.starts), lang)
        told = fill(shifts, lang, s=when, n=team.watch.people, m=team.watch.late_after_minutes)
        yield Sentence(f"role-set.{team.code}.watch", told)


def _role(role: Role, lang: Lang) -> str:
    title = role.title.text(lang)
    if role.count > 1:
        title = fill(("{t}{n}名", "{t}{n}名", "{n} × {t}"), lang, t=title, n=role.count)
    if not role.cap:
        return title
    return fill(
        ("{t}（每人至多{n}）", "{t}（每人至多{n}）", "{t} (at most {n} each)"), lang, t=title, n=role.cap
    )


_TARGETS: Mapping[str, tuple[str, str, str]] = {
    "person": ("每人", "每人", "for a person"),
    "household": ("每户", "每戶", "for a household"),
    "building": ("每栋楼", "每棟樓", "for a building"),
    "compound": ("每个小区", "每個小區", "for a compound"),
    "post": ("每个卡点", "每個卡點", "for a checkpoint"),
    "site": ("每个集中点", "每個集中點", "for an isolation site"),
    "firm": ("每家企业", "每家企業", "for a firm"),
    "grid": ("每个网格", "每個網格", "for a grid"),
    "village": ("每个村（社区）", "每個村（社區）", "for a village"),
    "town": ("每个镇（街道）", "每個鎮（街道）", "for a town"),
    "area": ("每个地方", "每個地方", "for a place"),
}


def other_sentences(pack: Pack, lang: Lang) -> Iterator[Sentence]:
    """Reports."""
    for report in pack.reporting:
        texts = (
            "{t}：{a}至{b}，次日{d}前报出。",
            "{t}：{a}至{b}，次日{d}前報出。",
            "{t}: from {a} to {b}, due at {d} on the next day.",
        )
        given = {"t": report.title.text(lang), "a": report.period[0], "b": report.period[1], "d": report.due}
        convention = text_of(report.convention, lang)
        told = fill(texts, lang, **given)
        yield Sentence(f"reporting.{report.code}", told, report.source, None, convention)
