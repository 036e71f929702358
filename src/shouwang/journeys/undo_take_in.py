"""A wrong file was imported: it is taken back, with all that followed from it by itself (issue 2 §3).

An import opens files and takes decisions in the same journey. Those are nobody's work: as long as no person
has done anything with them they go with the import. Whatever a person did since is kept, and the undoing is
refused. Crosses screening, classification, observation, and looks into people, workforce, accounts, outreach.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwang.accounts.queries import subjects_asked_about
from shouwang.classification.actions import withdraw_people
from shouwang.classification.queries import decided_after
from shouwang.journeys.take_in import classify_and_watch
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.observation.actions import withdraw_files
from shouwang.observation.queries import files_opened_at, files_opened_since, files_worked_on
from shouwang.outreach.queries import subjects_with_papers
from shouwang.people.queries import altered_since, homes_of
from shouwang.screening.actions import undo_import
from shouwang.screening.queries import BatchRow, held_batch, people_of_batch, swept_people
from shouwang.screening.queries import batch as batch_row
from shouwang.workforce.queries import teams_of

EVERYTHING = Scope.everything()


@dataclass(frozen=True, slots=True)
class Undone:
    """How many people left the books, and how many files and decisions went with them."""

    people: int
    files: int
    decisions: int


@transaction.atomic
def undo_take_in(*, batch_id: UUID, reason: str, scope: Scope, by: Actor, at: datetime) -> Undone:
    """Take back a committed import with the files opened and the decisions taken in the same journey.

    Whoever was known before stays, and is judged again by what is known of them without the file. All or
    nothing. Refuses `batch-not-found` (also out of scope), `not-permitted`, `batch-state`,
    `reason-missing`, and `batch-built-on` (with `people`): that many people bear something that a person did
    since: a check, a signature, an event, a hand-over, a paper, a correction, another classification.
    """
    batch = batch_row(scope, batch_id)
    if not scope.allows("import.run", batch.area):
        raise Refused("not-permitted", permission="import.run")
    if not reason.strip():
        raise Refused("reason-missing")
    batch = held_batch(EVERYTHING, batch_id)
    followed_up_at = batch.followed_up_at
    people = people_of_batch(EVERYTHING, batch_id) if batch.state == "committed" else []
    opened = files_opened_at(EVERYTHING, people, followed_up_at) if followed_up_at else {}
    built_on = _built_on(batch, people, opened)
    files = decisions = 0
    if not built_on and followed_up_at:
        source = str(batch_id)
        files = withdraw_files(files=opened, area=batch.area, source=source, reason=reason, by=by, at=at)
        decisions = withdraw_people(
            people=people,
            decided_at=followed_up_at,
            area=batch.area,
            source=source,
            reason=reason,
            by=by,
            at=at,
        )
    gone = undo_import(batch_id=batch_id, built_on=lambda _touched: built_on, reason=reason, by=by, at=at)
    known = list(homes_of(EVERYTHING, people))
    if known and followed_up_at:
        classify_and_watch(people=known, area=batch.area, by=by, at=at)
    return Undone(gone, files, decisions)


def _built_on(batch: BatchRow, people: Collection[UUID], opened: dict[UUID, UUID]) -> set[UUID]:
    """On whom of the batch a person has built since it was committed."""
    since = batch.finished_at
    if since is None:
        return set()
    files = set(files_worked_on(EVERYTHING, opened))
    files |= subjects_with_papers(EVERYTHING, "observation-file", opened)
    files |= {UUID(asked) for asked in subjects_asked_about(EVERYTHING, "file", opened)}
    found = {opened[file] for file in files}
    later = files_opened_since(EVERYTHING, people, since)
    found |= {person for file, person in later.items() if file not in opened}
    found |= subjects_with_papers(EVERYTHING, "person", people)
    found |= altered_since(EVERYTHING, list(people), since)
    found |= swept_people(EVERYTHING, list(people))
    found |= decided_after(EVERYTHING, list(people), batch.followed_up_at or since)
    return found | _given_a_team(people, since)


def _given_a_team(people: Collection[UUID], since: datetime) -> set[UUID]:
    """Whose household somebody put into a team's hands since."""
    homes = homes_of(EVERYTHING, list(people))
    households = {home.household_id for home in homes.values() if home.household_id}
    teams = teams_of(EVERYTHING, "household", households)
    given = {key for key, members in teams.items() if any(member.since > since for member in members)}
    return {home.person_id for home in homes.values() if str(home.household_id) in given}
