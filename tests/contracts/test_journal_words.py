"""An auditor reads the journal: whatever an action writes there has words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from shouwang.desk.words import EVENTS, SUBJECTS, VERBS, noted, number_of
from shouwang.desk.words.noted import NOTED
from shouwang.screening.actions.reaching_appointments import ENDS

SOURCES = Path(__file__).resolve().parent.parent.parent / "src" / "shouwang"
VERB = re.compile(r"[a-z]+(\.[a-z-]+){1,2}")
HANDED_ON = re.compile(r"(outreach|policy|screening|observation)\.[a-z-]+\.[a-z-]+")
"""A verb that an action hands to a function of its own, which writes the event."""


def _appended() -> Iterator[tuple[str, dict[str | None, ast.expr]]]:
    """Every call that writes an event, with its arguments by name."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "append_event":
                yield path.relative_to(SOURCES).as_posix(), {k.arg: k.value for k in node.keywords}


def _constants(node: ast.expr) -> set[str]:
    """Texts that an expression may come to: "a" if c else "b"."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _constants(node.body) | _constants(node.orelse)
    return set()


def _handed_on() -> set[str]:
    return {
        node.value
        for path in SOURCES.glob("*/actions*/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and HANDED_ON.fullmatch(node.value)
    }


def _keys(payload: ast.AST) -> set[str]:
    """The keys of a dictionary, also of one that is joined with another."""
    dicts = [node for node in ast.walk(payload) if isinstance(node, ast.Dict)]
    return {str(key.value) for one in dicts for key in one.keys if isinstance(key, ast.Constant)}


def _laid_ready() -> Iterator[ast.expr]:
    """What an action lays ready under a name before it writes its event."""
    for path in SOURCES.glob("*/actions*/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                names = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(name, ast.Name) and name.id == "payload" for name in names):
                    yield node.value


def test_every_verb_written_by_an_action_has_words() -> None:
    verbs = {verb for _, call in _appended() for verb in _constants(call["verb"])}
    assert len(verbs) > 100
    verbs |= _handed_on() | {f"screening.appointment.{end}" for end in ENDS}
    verbs |= {f"observation.file.{kind}" for kind in EVENTS}
    assert sorted(verbs - set(VERBS)) == []


def test_every_kind_of_subject_has_words() -> None:
    kinds = set()
    for _, call in _appended():
        told = call["subject"]
        for one in (told.body, told.orelse) if isinstance(told, ast.IfExp) else (told,):
            kinds |= _constants(one.elts[0]) if isinstance(one, ast.Tuple) else set()
    assert len(kinds) > 30
    assert sorted(kinds - set(SUBJECTS)) == []


def test_every_thing_that_is_noted_has_words() -> None:
    keys = {key for _, call in _appended() if "payload" in call for key in _keys(call["payload"])}
    keys |= {key for told in _laid_ready() for key in _keys(told)}
    assert len(keys) > 80
    assert sorted(keys - set(NOTED)) == []


def test_a_long_list_is_told_by_its_length_and_an_id_by_its_short_number() -> None:
    person = "01a203bc-8adc-716f-9ad9-e7a622cb77e5"
    with translation.override("zh-hans"):
        assert noted({"purpose": "联系家属", "rows": [person] * 1046, "full": False, "note": ""}) == [
            ("用途", "联系家属"),
            ("行数", "共1046项"),
            ("含完整号码", "否"),
        ]
        assert noted({"file": person, "before": {"role": "town-clerk", "until": "2020-02-09"}}) == [
            ("文件", "CB77E5"),
            ("原为", "角色：镇办事员；至：2月9日"),
        ]
    assert number_of("500101135") == ""


@pytest.mark.parametrize("verb", ["devices.code.made", "screening.call.taken", "observation.tests.resulted"])
def test_what_the_field_does_is_in_chinese(verb: str) -> None:
    with translation.override("zh-hans"):
        assert not VERB.search(str(VERBS[verb]))
