"""Reclassifying: a town of 42,000, and a million people beside a bare UPDATE of the same rows, same run."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from bench.clock import seconds
from bench.district import AT, DISTRICT
from bench.table import Row
from shouwang.classification.actions import Outcome, classify_area
from shouwang.kernel.actor import SYSTEM
from shouwang.packs.load import builtin, from_canonical
from shouwang.packs.schema import Pack

TOWN = "500101100"
REVISION = UUID("01700000-0000-7000-8000-000000000001")


class _Undone(Exception):
    pass


def run() -> list[Row]:
    """A town under the pack of Longsha; the district under it; the district where everybody changes."""
    return [_town(), _district(), _everybody()]


def _town() -> Row:
    taken, outcome = _classified(builtin("cn-2020-longsha"), TOWN)
    return Row(
        "reclassify a town of 50,000",
        "< 5 s for 42,000",
        f"{taken:.2f} s, {outcome.changed:,} decisions",
        taken < 5,
    )


def _district() -> Row:
    taken, outcome = _classified(builtin("cn-2020-longsha"), DISTRICT)
    return Row(
        "reclassify 1 million people, pack of Longsha",
        "one statement",
        f"{taken:.1f} s, {outcome.changed:,} decisions with reasons",
        True,
        "one in twenty is a returnee; the others are not written at all",
    )


def _everybody() -> Row:
    """The worst case: every one of a million has a decision already and gets another."""
    taken = bare = 0.0
    try:
        with transaction.atomic():
            _classify(_ages("young", "old"), DISTRICT, 0)
            taken = seconds(lambda: _classify(_ages("junior", "senior"), DISTRICT, 1))
            bare = seconds(_bare_update)
            raise _Undone
    except _Undone:
        pass
    return Row(
        "reclassify 1 million people, everybody changes",
        "one statement; the ratio to a bare UPDATE",
        f"{taken:.1f} s, {taken / bare:.1f} x a bare UPDATE of the same rows ({bare:.1f} s)",
        True,
        "writes a million decisions with reasons and updates a million standings",
    )


def _classified(pack: Pack, area: str) -> tuple[float, Outcome]:
    found: list[Outcome] = []
    taken = 0.0
    try:
        with transaction.atomic():
            taken = seconds(lambda: found.append(_classify(pack, area, 0)))
            raise _Undone
    except _Undone:
        return taken, found[0]


def _classify(pack: Pack, area: str, hours: int) -> Outcome:
    """With the checks of foreign keys that a commit would make."""
    at = AT + timedelta(hours=hours)
    outcome = classify_area(area=area, pack=pack, revision_id=REVISION, by=SYSTEM, at=at)
    connection.check_constraints()
    return outcome


def _bare_update() -> None:
    with connection.cursor() as cursor:
        cursor.execute("update classification_standing set category = 'x', certain = false")


def _ages(young: str, old: str) -> Pack:
    whens = ((young, {"age-under": 60}), (old, {"age-at-least": 60}))
    return from_canonical(
        {
            "id": "bench",
            "revision": "1",
            "title": "bench",
            "disease": "none",
            "zone": "Asia/Shanghai",
            "category": [
                {"code": code, "title": code, "rank": rank, "when": when}
                for rank, (code, when) in enumerate(whens)
            ],
        }
    )
