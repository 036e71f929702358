"""Sentences of messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shouwang.packs.conditions.words import pick
from shouwang.packs.saying import PLACEHOLDERS, placeholders
from shouwang.packs.schema import Lang, Message
from shouwang.packs.words.sentence import Sentence, fill, listed, text_of

_CHANNELS: Mapping[str, tuple[str, str, str]] = {
    "robot": ("群机器人", "群機器人", "robot of the group"),
    "sms": ("短信", "簡訊", "SMS"),
    "email": ("邮件", "郵件", "e-mail"),
}


def message_sentences(message: Message, lang: Lang) -> Iterator[Sentence]:
    """What is told, how, and what follows when nobody knows whether it arrived."""
    text = fill(
        ("消息“{t}”{u}，依次用{c}：{b}", "訊息「{t}」{u}，依次用{c}：{b}", 'Message "{t}"{u}, by {c}: {b}'),
        lang,
        t=message.title.text(lang),
        u=pick(("（紧急）", "（緊急）", " (urgent)"), lang) if message.urgent else "",
        c=listed([pick(_CHANNELS[kind], lang) for kind in message.channels], lang),
        b=_read_out(message.body.text(lang), lang),
    )
    yield Sentence(f"message.{message.code}", text, message.source, None, text_of(message.convention, lang))
    if message.when_unsure == "again":
        again = (
            "不能确定是否送达的，再发一次并注明。",
            "不能確定是否送達的，再發一次並註明。",
            "Where nobody knows whether it arrived it is sent again, and says so.",
        )
        yield Sentence(f"message.{message.code}.unsure", fill(again, lang))


def _read_out(text: str, lang: Lang) -> str:
    """The text with the names of its placeholders in words."""
    for name in placeholders(text):
        if name in PLACEHOLDERS:
            text = text.replace(f"{{{name}}}", f"〔{pick(PLACEHOLDERS[name], lang)}〕")
    return text
