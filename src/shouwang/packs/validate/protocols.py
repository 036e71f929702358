"""Protocols of a pack: stages without gap or overlap, events and tests whole, restrictions with their ground."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from shouwang.packs.conditions.tree import LEAVES, Condition, leaves
from shouwang.packs.schema import Category, Event, Pack, Stage
from shouwang.packs.validate.codes import codes_of
from shouwang.packs.validate.problems import Problem


def calendars(pack: Pack) -> Iterator[Problem]:
    """Stages follow each other without gap or overlap; events have what their effect needs."""
    for i, protocol in enumerate(pack.protocols):
        stages = sorted(enumerate(protocol.stages), key=lambda numbered: numbered[1].days)
        for j, stage in stages:
            yield from _stage(stage, f"protocol[{i}].stage[{j}]")
        for (_, before), (j, after) in pairwise(stages):
            path = f"protocol[{i}].stage[{j}].days"
            if after.days[0] <= before.days[1]:
                yield Problem(path, "stage-overlap", {"other": before.code, "day": after.days[0]})
            elif after.days[0] > before.days[1] + 1:
                yield Problem(path, "stage-gap", {"from": before.days[1] + 1, "to": after.days[0] - 1})
        for j, event in enumerate(protocol.events):
            yield from _event(pack, event, f"protocol[{i}].event[{j}]")


def _event(pack: Pack, event: Event, path: str) -> Iterator[Problem]:
    asked = {"extend": ("until_day",), "transfer": ("when",), "reopen": ("when", "protocol")}
    for name in asked.get(event.effect, ()):
        if getattr(event, name) is None:
            yield Problem(path, "entry-missing", {"reason": name.replace("_", "-")})
    if event.protocol is not None and event.protocol not in codes_of(pack, "protocol"):
        yield Problem(f"{path}.protocol", "reference-missing", {"kind": "protocol", "code": event.protocol})


def tests(pack: Pack) -> Iterator[Problem]:
    """Whoever tests must be told of a positive."""
    asked = [stage for protocol in pack.protocols for stage in protocol.stages if stage.tests]
    heard = any(
        leaf.name == "test-result-any" and isinstance(leaf.arg, tuple) and "positive" in leaf.arg
        for alert in pack.alerts
        for _, leaf in leaves(alert.when)
    )
    if asked and not heard:
        yield Problem("alert", "positive-unheard", {"stage": asked[0].code})


def _stage(stage: Stage, path: str) -> Iterator[Problem]:
    if stage.days[0] > stage.days[1]:
        yield Problem(f"{path}.days", "days-backwards")
    if stage.due and len(stage.due) != stage.checks_a_day:
        yield Problem(f"{path}.due", "due-count", {"due": len(stage.due), "checks": stage.checks_a_day})
    if list(stage.due) != sorted(set(stage.due)):
        yield Problem(f"{path}.due", "due-order")
    outside = [day for day in stage.sparse_days if not stage.days[0] <= day <= stage.days[1]]
    outside += [d for t in stage.tests for d in t.days if not stage.days[0] <= d <= stage.days[1]]
    for day in outside:
        yield Problem(path, "day-outside-stage", {"day": day})


_ORIGIN_LEAVES = frozenset(n for n, kind in LEAVES.items() if kind.level == "trip") | {"lives-in"}


def rests_on_origin_alone(condition: Condition) -> bool:
    """Whether nothing but where a person was or lives decides (dates of travel do not change that)."""
    return all(leaf.name in _ORIGIN_LEAVES for _, leaf in leaves(condition))


def restrictions(pack: Pack) -> Iterator[Problem]:
    """What restricts people has its ground, evidence, review and appeal, and does not rest on origin alone."""
    protocols = {protocol.code: protocol for protocol in pack.protocols}
    for i, protocol in enumerate(pack.protocols):
        if protocol.restricts:
            for name in ("legal_ground", "evidence", "review_after_days", "appeal"):
                if getattr(protocol, name) is None:
                    path = f"protocol[{i}].{name.replace('_', '-')}"
                    yield Problem(path, "restriction-incomplete", {"protocol": protocol.code})
    for i, category in enumerate(pack.categories):
        bound = protocols.get(category.protocol or "")
        if (
            bound
            and bound.restricts
            and rests_on_origin_alone(category.when)
            and not _ordered(pack, category)
        ):
            yield Problem(f"category[{i}]", "origin-alone", {"category": category.code})


def _ordered(pack: Pack, category: Category) -> bool:
    """Whether a written, expiring order carries the category: its own, or one on every area that it names."""
    if category.order is not None:
        return True
    places = [leaf.arg for _, leaf in leaves(category.when) if LEAVES[leaf.name].arg == "places"]
    named = {item for arg in places if isinstance(arg, tuple) for item in arg}
    ordered = {area.code for area in pack.areas if area.order is not None}
    return bool(named) and named <= ordered
