"""Every look at a pack, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from shouwang.packs.asking import asking_problems
from shouwang.packs.chains import chain_faults
from shouwang.packs.evenings import evening_faults
from shouwang.packs.phones import clock_faults, idle_alerts
from shouwang.packs.saying import saying_problems
from shouwang.packs.schema import Pack
from shouwang.packs.validate.codes import duplicates, reachable, references, teams, zone
from shouwang.packs.validate.conditions import conditions
from shouwang.packs.validate.problems import Problem
from shouwang.packs.validate.protocols import calendars, restrictions, tests
from shouwang.packs.validate.sources import sources, translations


def validate(pack: Pack) -> tuple[Problem, ...]:
    """Everything that the shape alone does not show. Errors forbid adoption, warnings are shown beside it."""
    return tuple(
        problem
        for look in (
            zone,
            duplicates,
            references,
            conditions,
            calendars,
            tests,
            teams,
            restrictions,
            _asking,
            sources,
            translations,
            reachable,
            _evening,
            _saying,
            _chain,
            _phones,
        )
        for problem in look(pack)
    )


def _asking(pack: Pack) -> Iterator[Problem]:
    for path, code, params in asking_problems(pack):
        yield Problem(path, code, params)


def _evening(pack: Pack) -> Iterator[Problem]:
    return (Problem(*fault) for fault in evening_faults(pack))


def _saying(pack: Pack) -> Iterator[Problem]:
    for path, code, params in saying_problems(pack):
        yield Problem(path, code, params)


def _chain(pack: Pack) -> Iterator[Problem]:
    return (Problem(*fault) for fault in chain_faults(pack))


def _phones(pack: Pack) -> Iterator[Problem]:
    yield from (Problem(*fault) for fault in clock_faults(pack))
    yield from (Problem(*fault, severity="warning") for fault in idle_alerts(pack))
