"""What a message may say, and our own texts for packs that have none.

A message goes round in chat groups and lies on telephones: it says that there is something to do and where to
read it, never who has what (LESSONS.md 3). So the list of placeholders is closed, and what is put into them is
looked at once more when it is put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from shouwang.packs.schema import LANGS, Message, Pack, Texts

PLACEHOLDERS: Mapping[str, tuple[str, str, str]] = {
    "place": ("村（社区）", "村（社區）", "village or community"),
    "group": ("群名", "群名", "name of the group"),
    "household": ("户主姓氏", "戶主姓氏", "surname of the head of household"),
    "worker": ("工作人员", "工作人員", "name of the worker"),
    "role": ("角色", "角色", "role"),
    "level": ("层级", "層級", "level"),
    "severity": ("缓急", "緩急", "severity"),
    "count": ("数目", "數目", "number"),
    "minutes": ("分钟数", "分鐘數", "minutes"),
    "date": ("日期", "日期", "day"),
    "time": ("时间", "時間", "time"),
    "deadline": ("期限", "期限", "deadline"),
    "code": ("编号", "編號", "short number"),
    "link": ("网址", "網址", "address of the page"),
}
"""Every placeholder there is, with what it holds. `household` is masked (宋*) whatever is given; `link` is a
page of this site, which asks who is reading."""

PERSONAL = frozenset(
    {
        *("id", "id-no", "id-number", "national-id", "identifier", "passport", "person", "name", "head"),
        *("phone", "telephone", "mobile", "contact", "address", "door", "house", "dwelling", "room"),
        *("birth", "birth-date", "age", "sex", "diagnosis", "disease", "symptom", "symptoms", "case"),
        *("temperature", "test", "result", "category", "alert", "tag", "origin", "reason"),
    }
)
"""Placeholders people ask for, and must not have: they would carry an id, a diagnosis or an address."""

GROUP_PLACEHOLDERS = frozenset({"community", "head", "town"})
"""What the name of a group may be made of (`role-set.group-name`)."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_LONG_NUMBER = re.compile(r"\d{15}|\d{17}[\dXx]")


def placeholders(text: str) -> list[str]:
    """The names in braces, as written."""
    return [found.strip() for found in _BRACES.findall(text)]


def saying_problems(pack: Pack) -> Iterator[tuple[str, str, dict[str, object]]]:
    """(path, code, params) of everything that messages and names of groups must not hold."""
    for i, message in enumerate(pack.messages):
        for field in ("title", "body"):
            texts: Texts = getattr(message, field)
            for lang in LANGS:
                for code, params in _text_problems(texts.text(lang)):
                    yield f"message[{i}].{field}", code, params
        if not message.source.strip() and message.convention is None:
            yield f"message[{i}].source", "source-missing", {"code": message.code}
    for i, role_set in enumerate(pack.role_sets):
        for name in placeholders(role_set.group_name):
            if name not in GROUP_PLACEHOLDERS:
                yield (
                    f"role-set[{i}].group-name",
                    "message-placeholder-unknown",
                    _known(name, GROUP_PLACEHOLDERS),
                )


def _text_problems(text: str) -> Iterator[tuple[str, dict[str, object]]]:
    for name in placeholders(text):
        if name.lower().replace("_", "-") in PERSONAL:
            yield "message-personal", {"name": name}
        elif name not in PLACEHOLDERS:
            yield "message-placeholder-unknown", _known(name, PLACEHOLDERS)
    bare = _BRACES.sub("", text)
    if "{" in bare or "}" in bare:
        yield "message-braces", {}
    if _LONG_NUMBER.search(bare):
        yield "message-personal", {"name": "…"}


def _known(name: str, known: Iterable[str]) -> dict[str, object]:
    return {"name": name, "known": ", ".join(sorted(known))}


def message_of(pack: Pack | None, code: str) -> Message | None:
    """The message of a pack, ours where it has none, None where nobody knows the code."""
    for message in pack.messages if pack is not None else ():
        if message.code == code:
            return message
    return _OURS.get(code)


def _ours(
    code: str, title: tuple[str, str, str], body: tuple[str, str, str], *, urgent: bool = False
) -> Message:
    def texts(three: tuple[str, str, str]) -> Texts:
        return Texts(zh_hans=three[0], zh_hant=three[1], en=three[2])

    channels: tuple[str, ...] = ("sms", "robot", "email") if urgent else ("robot", "sms", "email")
    return Message.model_validate(
        {"code": code, "title": texts(title), "body": texts(body), "channels": channels, "urgent": urgent},
        strict=False,
    )


_OURS: Mapping[str, Message] = {
    message.code: message
    for message in (
        _ours(
            "alert-raised",
            ("警报待处理", "警報待處理", "An alarm waits"),
            (
                "【守望】{place}有一条{severity}警报（编号{code}），请立即查看并处理：{link}",
                "【守望】{place}有一條{severity}警報（編號{code}），請立即查看並處理：{link}",
                "[Shouwang] {place}: an alarm ({severity}, no. {code}). Look and act at once: {link}",
            ),
            urgent=True,
        ),
        _ours(
            "alert-climbed",
            ("警报无人应答，已上报", "警報無人應答，已上報", "An alarm has climbed"),
            (
                "【守望】{place}一条{severity}警报（编号{code}）{minutes}分钟无人应答，现报{level}，请立即处理：{link}",
                "【守望】{place}一條{severity}警報（編號{code}）{minutes}分鐘無人應答，現報{level}，請立即處理：{link}",
                "[Shouwang] {place}: an alarm ({severity}, no. {code}) unanswered for {minutes} minutes comes to "
                "you ({level}). Act at once: {link}",
            ),
            urgent=True,
        ),
        _ours(
            "check-late",
            ("有体温未测", "有體溫未測", "Checks are late"),
            (
                "【守望】{place}还有{count}项今日巡查未完成，请在{deadline}前完成：{link}",
                "【守望】{place}還有{count}項今日巡查未完成，請在{deadline}前完成：{link}",
                "[Shouwang] {place}: {count} checks of today are still to be done by {deadline}: {link}",
            ),
        ),
        _ours(
            "team-changed",
            ("群成员有变动", "群成員有變動", "Members have changed"),
            (
                "【守望】“{group}”的包保人员有{count}处变动，请群主按清单加人、移人：{link}",
                "【守望】「{group}」的包保人員有{count}處變動，請群主按清單加人、移人：{link}",
                '[Shouwang] "{group}": {count} changes of the team. Add and remove members by the list: {link}',
            ),
        ),
        _ours(
            "appointment",
            ("预约提醒", "預約提醒", "An appointment"),
            (
                "【守望】提醒：{date}{time}，{place}有一项预约（编号{code}），详情：{link}",
                "【守望】提醒：{date}{time}，{place}有一項預約（編號{code}），詳情：{link}",
                "[Shouwang] Reminder: {date} {time}, an appointment in {place} (no. {code}): {link}",
            ),
        ),
        _ours(
            "channel-test",
            ("通道测试", "通道測試", "Test"),
            (
                "【守望】测试：{place}的消息通道已接通。",
                "【守望】測試：{place}的訊息通道已接通。",
                "[Shouwang] Test: the channel of {place} works.",
            ),
        ),
    )
}
"""Our wording, in three languages. An example to edit in a pack, not an office's own words."""

OUR_CODES = tuple(_OURS)
