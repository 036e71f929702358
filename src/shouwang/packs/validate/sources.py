"""Where a pack has its values from, and its texts in three languages."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.schema import Entry, Pack, Texts
from shouwang.packs.validate.codes import LISTS
from shouwang.packs.validate.problems import Problem

_TOLD_WHENCE = (
    *("value", "area", "category", "ledger", "protocol", "alert", "role-set", "script"),
    *("report-form", "clear"),
)


def sources(pack: Pack) -> Iterator[Problem]:
    """Every value, rule and form says where it comes from, or that it is our choice."""
    for kind in _TOLD_WHENCE:
        for i, entry in enumerate(getattr(pack, LISTS[kind])):
            convention = getattr(entry, "convention", None)
            if not entry.source.strip() and convention is None:
                yield Problem(f"{kind}[{i}].source", "source-missing", {"code": entry.code})
    for i, protocol in enumerate(pack.protocols):
        for j, stage in enumerate(protocol.stages):
            if not (stage.source or stage.convention or protocol.source):
                yield Problem(f"protocol[{i}].stage[{j}].source", "source-missing", {"code": stage.code})
    for i, step in enumerate(pack.ladder_steps):
        if not (step.source.strip() or step.convention):
            yield Problem(f"ladder-step[{i}].source", "source-missing", {"code": step.channel})


def translations(pack: Pack) -> Iterator[Problem]:
    """A text that lacks a language is shown, not forbidden."""
    for path, text in texts_of(pack):
        missing = [lang for lang, found in (("zh-hant", text.zh_hant), ("en", text.en)) if not found]
        if missing:
            yield Problem(path, "translation-missing", {"langs": ", ".join(missing)}, "warning")


def texts_of(entry: Entry, path: str = "") -> Iterator[tuple[str, Texts]]:
    """Every text of an entry and of the entries in it, with its path."""
    for name, info in type(entry).model_fields.items():
        here = f"{path}.{info.alias}" if path else str(info.alias)
        value = getattr(entry, name)
        if isinstance(value, Texts):
            yield here, value
        elif isinstance(value, Entry):
            yield from texts_of(value, here)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Entry):
                    yield from texts_of(item, f"{here}[{index}]")
