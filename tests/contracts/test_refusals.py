from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from shouwang.desk.refusals import SENTENCES, sentence, status_of
from shouwang.kernel.errors import Refused

SOURCES = Path(__file__).resolve().parent.parent.parent / "src" / "shouwang"
KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def _raised(tree: ast.AST) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Refused"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_code_raised_in_the_house_has_a_sentence() -> None:
    raised: dict[str, str] = {}
    for path in SOURCES.rglob("*.py"):
        for code in _raised(ast.parse(path.read_text(encoding="utf-8"))):
            raised.setdefault(code, path.relative_to(SOURCES).as_posix())
    missing = {code: where for code, where in raised.items() if code not in SENTENCES}
    assert missing == {}


def test_a_code_without_a_sentence_would_be_noticed() -> None:
    assert _raised(ast.parse('raise Refused("nobody-wrote-this", row=3)')) == {"nobody-wrote-this"}


def test_codes_are_kebab_case() -> None:
    assert [code for code in SENTENCES if not KEBAB.fullmatch(code)] == []


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_sentence_never_fails_for_want_of_a_value(language: str) -> None:
    with translation.override(language):
        for code in SENTENCES:
            told = sentence(Refused(code))
            assert told
            assert "{" not in told


def test_what_does_not_exist_and_what_is_out_of_scope_have_one_status() -> None:
    assert status_of(Refused("person-not-found")) == 404
    assert status_of(Refused("not-permitted")) == 403
    assert status_of(Refused("reason-missing")) == 422
