from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import hant  # noqa: E402
import messages  # noqa: E402


def test_every_word_of_code_and_templates_is_there_in_three_languages() -> None:
    assert list(messages.problems()) == []


def test_roles_and_permissions_are_translated_although_they_live_in_data() -> None:
    known = {
        hant.first(message.id)
        for languages in messages.catalogues().values()
        for message in messages.read(languages["zh_Hans"])
    }
    assert hant.data_words() - known == set()
