"""Naming who answers for places: one place, or a whole list pasted from a spreadsheet (B4).

Crosses places (which place a line names), policy (which role answers at that level) and workforce (who it is). A list
is taken line by line and every line is accounted for: named, unchanged, or refused with the reason (LESSONS 11).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.places.queries import PlaceRow, subtree
from shouwang.places.rules import village_name
from shouwang.workforce.actions import NewHead, NewWorker, appoint_heads, enlist_workers
from shouwang.workforce.queries import chain_rules, workers, workers_by_ids
from shouwang.workforce.rules import LEVEL_OF, ChainRule, own_roles, rule_at

MOST_LINES = 5000
HEADINGS = ("地点", "村", "村社区", "place")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line of a list: a place by name, code or path, and who answers there."""

    number: int
    place: str
    name: str
    telephone: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that named nobody, and why."""

    line: HeadLine
    code: str


@dataclass(frozen=True, slots=True)
class HeadsTaken:
    """Every line of the list: named where nobody was, replaced, unchanged, refused."""

    lines: int
    fresh: int
    replaced: int
    unchanged: int
    enlisted: int
    refused: tuple[RefusedLine, ...]


def read_heads(text: str) -> list[HeadLine]:
    """Lines of `place, name, telephone, unit`, by tab, comma or 、; a line of headings is left out.

    Refuses `list-too-long`.
    """
    lines: list[HeadLine] = []
    for number, raw in enumerate(text.splitlines(), 1):
        glue = "\t" if "\t" in raw else ","
        cells = next(csv.reader(io.StringIO(raw.replace("，", ",")), delimiter=glue), [])
        parts = [cell.strip() for cell in cells] + [""] * 4
        if any(parts) and not (not lines and parts[0] in HEADINGS):
            lines.append(HeadLine(number, *parts[:4]))
    if len(lines) > MOST_LINES:
        raise Refused("list-too-long", most=MOST_LINES)
    return lines


@transaction.atomic
def name_heads(
    *, lines: Sequence[HeadLine], area: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> HeadsTaken:
    """Name everyone of a list at the places below `area` where the scope may assign.

    Somebody of that name and telephone who serves already is taken; others are enlisted. Refuses `reason-missing`
    where somebody is replaced, `not-permitted`, `chain-undefined`.
    """
    if not scope.allows("team.assign", area):
        raise Refused("not-permitted", permission="team.assign")
    rule = rule_at(chain_rules(at), area)
    if rule is None:
        raise Refused("chain-undefined")
    known = _Places(subtree(scope, area), rule)
    serving = {(w.name, w.telephone): w.id for w in workers(scope, area=area, limit=100_000)}
    fresh: dict[tuple[str, str], NewWorker] = {}
    heads: dict[tuple[str, str], NewHead] = {}
    refused: list[RefusedLine] = []
    for line in lines:
        place = known.find(line.place)
        post = known.post(place) if place else None
        code = _wrong(line, place, post, heads)
        if code or place is None or post is None:
            refused.append(RefusedLine(line, code))
            continue
        who = (line.name, line.telephone)
        if who not in serving and who not in fresh:
            fresh[who] = NewWorker(place.path, line.name, (post[1],), line.telephone, line.unit)
        worker = serving.get(who) or fresh[who].id
        heads[place.path, post[1]] = NewHead(place.path, *post, worker)
    if fresh:
        enlist_workers(workers=list(fresh.values()), area=area, by=by, at=at)
    done = appoint_heads(heads=list(heads.values()), reason=reason, by=by, at=at)
    return HeadsTaken(len(lines), done.fresh, done.replaced, done.unchanged, len(fresh), tuple(refused))


@transaction.atomic
def name_head(
    *, place: PlaceRow, worker_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime
) -> None:
    """Name one serving worker in sight for one place; whoever answered there before hands over.

    Refuses `not-permitted`, `worker-not-found`, `chain-undefined`, `reason-missing`.
    """
    if not scope.allows("team.assign", place.path):
        raise Refused("not-permitted", permission="team.assign")
    if worker_id not in workers_by_ids(scope, [worker_id]):
        raise Refused("worker-not-found")
    rule = rule_at(chain_rules(at), place.path)
    post = _Places([place], rule).post(place) if rule else None
    if post is None:
        raise Refused("chain-undefined")
    appoint_heads(heads=[NewHead(place.path, *post, worker_id)], reason=reason, by=by, at=at)


def _wrong(
    line: HeadLine,
    place: PlaceRow | None,
    post: tuple[str, str] | None,
    heads: dict[tuple[str, str], NewHead],
) -> str:
    if not line.name:
        return "name-missing"
    if place is None:
        return "place-unknown"
    if post is None:
        return "chain-undefined"
    return "head-twice" if (place.path, post[1]) in heads else ""


class _Places:
    """Places by what a list may call them, and the post of each."""

    def __init__(self, places: Sequence[PlaceRow], rule: ChainRule) -> None:
        self.rule = rule
        self.rungs = {level: rung for rung, level in LEVEL_OF.items()}
        self.by_name: dict[str, list[PlaceRow]] = {}
        for place in places:
            for said in {place.path, place.name, village_name(place.name)}:
                self.by_name.setdefault(said, []).append(place)
        villages = {p.path: village_name(p.name) for p in places if p.level == "village"}
        for place in places:
            if place.level == "grid":
                village = villages.get(place.path.rsplit("-", 1)[0], "")
                self.by_name.setdefault(f"{village}{place.name}", []).append(place)

    def find(self, said: str) -> PlaceRow | None:
        """The one place of that name or path; none where several share it."""
        found = self.by_name.get(said.replace(" ", "")) or self.by_name.get(village_name(said)) or []
        return found[0] if len(found) == 1 else None

    def post(self, place: PlaceRow) -> tuple[str, str] | None:
        """(role set, role) of who is named at a place: the first that answers at its level."""
        rung = self.rungs.get(place.level)
        return next(iter(own_roles(self.rule, rung)), None) if rung else None
