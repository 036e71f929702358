"""Texts as documents carry them: in three languages, the telephone chooses."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.utils.translation import gettext, override

from shouwang.kernel.days import local_time
from shouwang.packs.schema import Lang, Texts

Doc = dict[str, object]
"""One document: plain data."""
Titles = dict[str, str]

LANGUAGES: tuple[tuple[str, Lang], ...] = (("zh-Hans", "zh-hans"), ("zh-Hant", "zh-hant"), ("en", "en"))


def titles(texts: Texts) -> Titles:
    """A pack's text in the three languages."""
    return {
        "zh-Hans": texts.text("zh-hans"),
        "zh-Hant": texts.text("zh-hant"),
        "en": texts.text("en"),
    }


@cache
def own_titles(message: str) -> Titles:
    """A text of the product in the three languages."""
    told = {}
    for name, code in LANGUAGES:
        with override(code):
            told[name] = gettext(message)
    return told


def clock(instant: datetime, zone: str) -> str:
    """An instant on the wall clock of a place, with its offset."""
    return local_time(instant, zone).isoformat()
