"""The whole pack in words, as lines, and the difference of two revisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from shouwang.packs.conditions.words import Vocabulary, pick
from shouwang.packs.schema import (
    Lang,
    Pack,
)
from shouwang.packs.words.chains import chain_sentences
from shouwang.packs.words.entries import (
    alert_sentences,
    area_sentences,
    category_sentences,
    ledger_sentences,
    other_sentences,
    team_sentences,
    value_sentences,
)
from shouwang.packs.words.evening import evening_sentences
from shouwang.packs.words.fieldwork import field_sentences
from shouwang.packs.words.messages import message_sentences
from shouwang.packs.words.protocols import protocol_sentences
from shouwang.packs.words.reaching import ladder_sentences, script_sentences
from shouwang.packs.words.rounds import round_sentences
from shouwang.packs.words.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    code: str
    title: str
    sentences: tuple[Sentence, ...]


def regulation(pack: Pack, lang: Lang) -> tuple[Section, ...]:
    """The whole pack in words. Sections without a sentence are left out."""
    vocabulary = Vocabulary.of(pack)
    told: Mapping[str, Iterable[Sentence]] = {
        "values": (s for entry in pack.values for s in value_sentences(entry, lang)),
        "areas": (s for entry in pack.areas for s in area_sentences(entry, lang)),
        "categories": (
            s for entry in pack.by_rank() for s in category_sentences(pack, entry, lang, vocabulary)
        ),
        "ledgers": (s for entry in pack.ledgers for s in ledger_sentences(pack, entry, lang, vocabulary)),
        "protocols": (
            s for entry in pack.protocols for s in protocol_sentences(pack, entry, lang, vocabulary)
        ),
        "alerts": (s for entry in pack.alerts for s in alert_sentences(pack, entry, lang, vocabulary)),
        "teams": (s for entry in pack.role_sets for s in team_sentences(entry, lang)),
        "evening": evening_sentences(pack, lang),
        "reaching": (
            s
            for told in (ladder_sentences(pack, lang), *(script_sentences(one, lang) for one in pack.scripts))
            for s in told
        ),
        "messages": (s for entry in pack.messages for s in message_sentences(entry, lang)),
        "chain": chain_sentences(pack, lang),
        "other": (
            *other_sentences(pack, lang),
            *round_sentences(pack, lang),
            *field_sentences(pack, lang),
        ),
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
    "evening": ("收日和日报", "收日和日報", "The evening and its reports"),
    "reaching": ("联系与问话", "聯絡與問話", "Reaching people, and what is asked"),
    "messages": ("消息", "訊息", "Messages"),
    "chain": ("责任链", "責任鏈", "Chain of responsibility"),
    "other": ("其他", "其他", "Other"),
}
