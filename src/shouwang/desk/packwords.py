"""Words that live in packs: alarms, symptoms, stages, categories, in the language of the page."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.utils.translation import get_language

from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Lang, Pack, Stage
from shouwang.policy.queries import pack_of


def language() -> Lang:
    """The language of the page, as packs name it."""
    return cast(Lang, get_language() or "zh-hans")


def alert_words(revision_id: UUID, code: str) -> str:
    """What an alarm is about."""
    try:
        return pack_of(revision_id).alert(code).title.text(language())
    except Refused:
        return code


def category_words(revision_id: UUID, code: str | None) -> str:
    """A category's title."""
    if not code:
        return "—"
    try:
        return pack_of(revision_id).category(code).title.text(language())
    except Refused:
        return code


def category_titles(text: Pack) -> dict[str, str]:
    """Category code → title."""
    return {entry.code: entry.title.text(language()) for entry in text.categories}


def symptom_titles(text: Pack) -> dict[str, str]:
    """Symptom code → title, in the order of the pack."""
    return {entry.code: entry.title.text(language()) for entry in text.symptoms}


def stage_words(text: Pack, protocol: str, code: str) -> str:
    """A stage's title."""
    found = [stage for stage in text.protocol(protocol).stages if stage.code == code]
    return found[0].title.text(language()) if found else code


def stage_on(text: Pack, protocol: str, day_no: int) -> Stage:
    """The stage a day belongs to; before the first the first, after the last the last."""
    stages = text.protocol(protocol).stages
    for stage in stages:
        if stage.days[0] <= day_no <= stage.days[1]:
            return stage
    return stages[0] if day_no < stages[0].days[0] else stages[-1]


def test_words(text: Pack, protocol: str, kind: str) -> str:
    """What a laboratory test is called."""
    titles = [t.title for s in text.protocol(protocol).stages for t in s.tests if t.kind == kind and t.title]
    return titles[0].text(language()) if titles else kind.upper()


def test_kinds(text: Pack, protocol: str) -> dict[str, str]:
    """Kinds of tests a protocol knows: code → title."""
    kinds = [t.kind for stage in text.protocol(protocol).stages for t in stage.tests]
    return {kind: test_words(text, protocol, kind) for kind in dict.fromkeys(kinds)}


def event_titles(text: Pack, protocol: str, *effects: str) -> dict[str, str]:
    """Events of a protocol with one of these effects: code → title."""
    events = [event for event in text.protocol(protocol).events if event.effect in effects]
    return {event.code: event.title.text(language()) for event in events}


def role_titles(text: Pack, role_set: str | None) -> dict[str, str]:
    """Role code → title of a role set; of every set when none is named."""
    sets = [text.role_set(role_set)] if role_set else list(text.role_sets)
    return {role.code: role.title.text(language()) for one in sets for role in one.roles}


def every_role_title(text: Pack) -> dict[str, str]:
    """Role code → title; who is named for a level of the chain bears the level's title."""
    named = [(one.role, level.title) for level in text.chain for one in level.answers]
    return {role: title.text(language()) for role, title in named} | role_titles(text, None)


def role_set_title(text: Pack, code: str) -> str:
    """A role set's title."""
    found = [one for one in text.role_sets if one.code == code]
    return found[0].title.text(language()) if found else code
