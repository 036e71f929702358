"""The field app's words: complete in three languages, every one of them used, a sentence for every receipt."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shouwang.devices import rules as wire
from shouwang.observation.actions import correct_check, record_checks
from shouwang.observation.rules import THERMOMETERS, WITNESSES
from shouwang.screening.actions import correct_visit, record_visits, register_arrivals
from shouwang.screening.rules import DOOR_OUTCOMES

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import hant  # noqa: E402

APP = ROOT / "web" / "apps" / "field" / "src"
PAGE = (ROOT / "docs" / "reference" / "sync.md").read_text(encoding="utf-8")
CALL = re.compile(r"""\bt\(\s*(?:[^"'`()]*\? )?["']([a-z][a-z.-]+)["'](?: : ["']([a-z][a-z.-]+)["'])?""")
COMPUTED = re.compile(r"\bt\(\s*`([a-z-]+(?:\.[a-z]+-)?)")
KEBAB = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


def words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((hant.FIELD / f"{language}.json").read_text(encoding="utf-8"))
    return found


def flat(held: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in held.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def sources() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(APP.rglob("*")) if path.suffix in {".vue", ".ts"}
    )


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_each_language_has_every_word_with_the_same_places_to_fill(language: str) -> None:
    hans, other = dict(flat(words("zh-Hans"))), dict(flat(words(language)))
    assert hans.keys() == other.keys()
    for key, told in hans.items():
        assert bool(told) == bool(other[key]), key
        assert sorted(re.findall(r"\{(\w+)\}", told)) == sorted(re.findall(r"\{(\w+)\}", other[key])), key


def test_traditional_chinese_is_derived_from_the_simplified() -> None:
    assert words("zh-Hant") == hant.derive_field(words("zh-Hans")), "run tools/hant.py"


def test_every_word_the_screens_ask_for_is_there() -> None:
    held = dict(flat(words("zh-Hans")))
    asked = {key for found in CALL.findall(sources()) for key in found if key}
    assert len(asked) > 150
    assert asked - held.keys() == set()
    for prefix in set(COMPUTED.findall(sources())):
        assert any(key.startswith(prefix) for key in held), prefix


def test_words_that_code_computes_are_there_for_every_code_of_the_house() -> None:
    held = words("zh-Hans")
    assert set(DOOR_OUTCOMES) <= held["visit"].keys()
    assert set(THERMOMETERS) - {"none"} <= held["thermometer"].keys()
    assert set(WITNESSES) <= held["witness"].keys()
    assert {"done", "not-home", "refused", "unreachable"} <= held["outcome"].keys()
    assert {"visit", "phone", "video", "chat", "self", "facility"} <= held["channel"].keys()


@pytest.mark.parametrize(
    "action", [record_checks, correct_check, record_visits, correct_visit, register_arrivals]
)
def test_every_code_a_room_may_answer_has_a_sentence_on_the_phone(action: Callable[..., Any]) -> None:
    codes = _codes(inspect.getdoc(action) or "")
    assert codes
    assert codes - words("zh-Hans")["code"].keys() == set()


def test_every_code_of_the_protocol_has_a_sentence_on_the_phone() -> None:
    told = words("zh-Hans")["code"].keys()
    kept = re.search(r"\| `quarantined` \|(.*)", PAGE)
    errors = re.search(r"Whole-request errors:(.*)", PAGE)
    assert kept
    assert errors
    codes = _codes(kept[1]) | _codes(errors[1]) | {"enrol-code-wrong", "enrol-too-often", "clock-off"}
    assert {"not-permitted", "app-too-old"} <= codes
    assert codes - told == set()


def test_every_code_of_the_store_has_a_sentence() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in ("store", "sync")
        for path in sorted((ROOT / "web" / "packages" / package / "src").glob("*.ts"))
    )
    raised = set(re.findall(r"""new StoreError\(\s*"([a-z-]+)""", code))
    raised |= set(re.findall(r'"(storage-[a-z]+)"', code))
    assert "storage-full" in raised
    assert raised - words("zh-Hans")["code"].keys() == set()


def test_the_release_of_the_app_is_the_newest_the_server_takes() -> None:
    told = re.search(r"RELEASE = (\d+)", (APP / "release.ts").read_text(encoding="utf-8"))
    assert told
    assert int(told[1]) == wire.NEWEST_APP


def _codes(text: str) -> set[str]:
    """Codes in backquotes, also where a line was broken at a hyphen."""
    joined = re.sub(r"-\s*\n\s*", "-", text)
    return {code for code in KEBAB.findall(joined) if code not in {"record-checks"}}
