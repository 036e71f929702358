"""From no answer to an answer: what a visit to a door means for the ladder on which people are reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from os.path import commonprefix
from uuid import UUID

from django.db import connection

from shouwang.kernel.actor import Actor
from shouwang.packs.schema import Pack
from shouwang.screening.actions.reaching import Attempt, note_attempts
from shouwang.screening.actions.sweeps_doors import uuid_array
from shouwang.screening.actions.sweeps_storing import Ready
from shouwang.screening.rules import SETTLED, WITHDRAWN

PURPOSE, CHANNEL = "sweep", "door"


def tell_ladder(
    ready: Sequence[Ready],
    *,
    pack: Pack,
    by: Actor,
    at: datetime,
    corrects: UUID | None = None,
    reason: str = "",
) -> None:
    """Note visits as attempts to reach the household at the door, inside the caller's action.

    A door that told us nothing goes up the ladder; one that did ends it, if it was on it: a million doors
    that open at the first knock leave no attempts. An attempt has the id of its visit. What is withdrawn
    stays an attempt: somebody did knock, if at another door.
    """
    told = [one for one in ready if one.item.outcome != WITHDRAWN]
    subjects = _subjects([one.door.id for one in told])
    failed = {subjects[one.door.id][1] for one in told if one.item.outcome not in SETTLED}
    known = _on_ladder([subject for _, subject, _ in subjects.values()]) | failed
    held = _noted(corrects) if corrects else False
    attempts = []
    for one in told:
        kind, subject, household = subjects[one.door.id]
        if subject not in known:
            continue
        attempts.append(
            Attempt(
                id=one.item.id,
                area=one.door.stands,
                subject_kind=kind,
                subject_id=subject,
                purpose=PURPOSE,
                channel=CHANNEL,
                outcome=one.item.outcome,
                tried_at=one.item.visited_at,
                household_id=household,
                corrects=corrects if held else None,
                reason=reason if held else "",
            )
        )
    area = commonprefix([one.area for one in attempts])  # noqa: RUF071 - of codes
    note_attempts(attempts, pack=pack, area=area, by=by, at=at)


def _subjects(doors: Sequence[UUID]) -> dict[UUID, tuple[str, UUID, UUID | None]]:
    """Door → (kind, id, household): the first household behind it, else the dwelling itself."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, {"doors": uuid_array(doors)})
        return {
            door: ("household", household, household) if household else ("dwelling", dwelling, None)
            for door, dwelling, household in cursor.fetchall()
        }


def _on_ladder(subjects: Sequence[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select subject_id from screening_reach where purpose = %s and subject_id = any(%s::uuid[])",
            [PURPOSE, uuid_array(subjects)],
        )
        return {row[0] for row in cursor.fetchall()}


def _noted(visit: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1 from screening_reachattempt where id = %s", [visit])
        return cursor.fetchone() is not None


_SUBJECTS = """
select d.id, d.dwelling_id, coalesce(d.household_id, h.id) from screening_sweepdoor d
left join lateral (select x.id from people_household x where x.dwelling_id = d.dwelling_id
    order by x.id limit 1) h on true
where d.id = any(%(doors)s::uuid[])
"""
