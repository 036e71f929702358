"""The policy on a telephone: what conditions are judged by, whom to ring, what to do at an alarm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_noop

from shouwang.journeys.field_changes.patch import Patch
from shouwang.journeys.field_changes.texts import LANGUAGES, Doc, Titles, own_titles, titles
from shouwang.packs.load import dump
from shouwang.packs.schema import Pack
from shouwang.packs.words import at_the_door
from shouwang.workforce.queries import ChainTarget, chains_for, teams_beside

RING_MOST = 12
DUTY_DESK = gettext_noop("Duty desk")

Callable = tuple[Titles, str, str, UUID]
"""Title, name, telephone, worker."""


def pack_document(patch: Patch, households: Sequence[UUID]) -> Doc | None:
    """The pack in force at the patch; None where none is. Some eight queries, whatever the patch."""
    pack = patch.pack
    if pack is None or patch.revision is None:
        return None
    written = dump(pack)
    return {
        "id": pack.id,
        "revision": str(patch.revision.id),
        "title": titles(pack.title),
        "zone": pack.zone,
        "values": _plain(written, "value"),
        "areas": _plain(written, "area"),
        "symptoms": [{"code": one.code, "title": titles(one.title)} for one in pack.symptoms],
        "tags": _plain(written, "tag"),
        "alerts": _plain(written, "alert"),
        "ring": _ring(patch, pack, households),
        "do": {
            alert.code: {name: at_the_door(pack, alert, lang) for name, lang in LANGUAGES}
            for alert in pack.alerts
        },
        "likely": list(pack.field.likely),
        "round": pack.round.model_dump(mode="json", by_alias=True, exclude={"source", "convention"}),
    }


def _plain(written: Mapping[str, list[Doc]], kind: str) -> list[Doc]:
    """Entries as they are written, without where they come from."""
    return [{k: v for k, v in one.items() if k not in _UNSAID} for one in written.get(kind, [])]


_UNSAID = frozenset({"source", "convention", "order"})


def _ring(patch: Patch, pack: Pack, households: Sequence[UUID]) -> list[Doc]:
    """Whom to ring: those of the site's and the households' teams whom alarms name, the chain upward, then desks."""
    found: dict[str, Doc] = {}
    for title, name, telephone, worker in (*_team(patch, pack, households), *_chain(patch)):
        if telephone and worker != patch.worker_id and telephone not in found:
            found[telephone] = {"title": title, "name": name, "telephone": telephone}
    return list(found.values())[:RING_MOST]


def _team(patch: Patch, pack: Pack, households: Sequence[UUID]) -> Iterator[Callable]:
    told = list(dict.fromkeys(code for alert in pack.alerts for code in alert.tell))
    roles = {(team.code, role.code): role.title for team in pack.role_sets for role in team.roles}
    beside = [(patch.area, home) for home in (*households, None)]
    teams = teams_beside(patch.scope, beside) if households else {}
    members = list({m.assignment_id: m for team in teams.values() for m in team if m.role in told}.values())
    members.sort(key=lambda m: (told.index(m.role), m.worker.name, str(m.worker.id)))
    for one in members:
        title = roles.get((one.role_set, one.role))
        said = titles(title) if title else {name: one.role for name, _ in LANGUAGES}
        yield said, one.worker.name, one.worker.telephone, one.worker.id


def _chain(patch: Patch) -> Iterator[Callable]:
    if not patch.area:
        return
    target = ChainTarget("place", patch.area, patch.area)
    chain = chains_for([target], patch.at)[target]
    for level in chain.upwards():
        for holder in level.holders:
            yield titles(level.title), holder.name, holder.telephone, holder.worker_id
    for desk in chain.desks:
        yield own_titles(DUTY_DESK), desk.name, desk.telephone, desk.worker_id
