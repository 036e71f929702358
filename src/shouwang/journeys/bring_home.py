"""Into the site, and home from it (双14): place, owner and stage of the file change in one act, with the person.

Crosses people, workforce, observation and policy. A site is a place with its team (assignments to a `site`, the
path of the place). Who is at a site is asked home: the home side accepts or rejects, the site keeps sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.kernel.actor import Actor
from shouwang.kernel.areas import town_of
from shouwang.kernel.days import local_day
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import accept_hand_over, ask_hand_over, move_files
from shouwang.observation.queries import FileRow, files_by_ids, request_by_id
from shouwang.people.actions import move_person
from shouwang.people.queries import homes_of, households_by_ids
from shouwang.places.queries import place_by_path
from shouwang.policy.queries import pack_of
from shouwang.workforce.queries import duty_desk, owners_for, team_of, workers_by_ids

MANAGE = "observation.manage"
SITE = "site"
SITE_ROLES = ("site-head", "medic")
"""Who answers for a person at a site first; without either, the duty desk of the place."""


@transaction.atomic
def settle_in_site(
    *, file_ids: Sequence[UUID], site: str, reason: str, scope: Scope, by: Actor, at: datetime
) -> int:
    """Take people to a site: they live there now, and the head of the site answers for them. How many files.

    Refuses `file-not-found`, `place-unknown` (also where this person may not manage files), `reason-missing`.
    """
    everything = Scope.everything()
    files = _files(scope, file_ids)
    if not scope.allows(MANAGE, site) or place_by_path(everything, site) is None:
        raise Refused("place-unknown", place=site)
    owner = owner_at(site)
    homes = homes_of(everything, [file.person_id for file in files])
    moved = 0
    for file in files:
        household = homes[file.person_id].household_id
        lives_at(file, household, site, reason, by, at)
        moved += move_files(
            person_ids=[file.person_id],
            area=site,
            household_id=household,
            owner=owner,
            reason=reason,
            scope=scope,
            by=by,
            at=at,
        )
    return moved


@transaction.atomic
def ask_home(*, file_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime) -> UUID:
    """Ask the team where a person's household is to receive them; returns the request.

    Refuses `file-not-found`, `home-unknown`, and what `ask_hand_over` refuses.
    """
    (file,) = _files(scope, [file_id])
    return ask_hand_over(
        file_id=file_id,
        to_area=home_of(file),
        reason=reason,
        scope=scope,
        pack_of=pack_of,
        by=by,
        at=at,
    )


@transaction.atomic
def receive_home(
    *, request_id: UUID, scope: Scope, by: Actor, at: datetime, owner: UUID | None = None
) -> UUID:
    """Receive a person at home: from this instant the home team answers (its cadre or medic unless `owner` is
    named), and what is due next is of the stage at home. Returns the file.

    Refuses `request-not-found`, `worker-not-found`, and what `accept_hand_over` refuses.
    """
    everything = Scope.everything()
    request = request_by_id(scope, request_id)
    if request is None:
        raise Refused("request-not-found")
    household = homes_of(everything, [request.person_id])[request.person_id].household_id
    if owner is not None:
        named = workers_by_ids(everything, [owner]).get(owner)
        if named is None or not request.area.startswith(town_of(named.area)):
            raise Refused("worker-not-found")
    answers = owner or owners_for(everything, [household], area=request.area)[household]
    file_id = accept_hand_over(
        request_id=request_id,
        owner=answers,
        household_id=household,
        scope=scope,
        pack_of=pack_of,
        by=by,
        at=at,
    )
    file = files_by_ids(everything, [file_id])[file_id]
    lives_at(file, household, request.area, request.reason, by, at)
    return file_id


def owner_at(site: str) -> UUID:
    """Who answers at a site: its head, else a medic of its team, else the duty desk. Refuses `no-duty-desk`."""
    everything = Scope.everything()
    team = {member.role: member.worker.id for member in reversed(team_of(everything, SITE, site))}
    for role in SITE_ROLES:
        if role in team:
            return team[role]
    return duty_desk(everything, site).id


def home_of(file: FileRow) -> str:
    """Where the household of a file's person is. Refuses `home-unknown`."""
    everything = Scope.everything()
    household = file.household_id or homes_of(everything, [file.person_id])[file.person_id].household_id
    found = households_by_ids(everything, [household]) if household else []
    if not found:
        raise Refused("home-unknown")
    return found[0].area


def _files(scope: Scope, ids: Sequence[UUID]) -> list[FileRow]:
    found = files_by_ids(scope, ids)
    if len(found) != len(set(ids)):
        raise Refused("file-not-found")
    return [found[one] for one in dict.fromkeys(ids)]


def lives_at(file: FileRow, household: UUID | None, area: str, reason: str, by: Actor, at: datetime) -> None:
    """Say that the person of a file lives at `area` now, where the file is too."""
    move_person(
        person_id=file.person_id,
        household_id=household,
        area=area,
        since=local_day(at, file.zone),
        reason=reason,
        by=by,
        at=at,
    )
