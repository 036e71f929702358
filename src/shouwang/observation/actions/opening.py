"""Opening files: one person or thousands, by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from os.path import commonprefix
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.canon import canonical
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.observation.actions.planning import plan_tests
from shouwang.observation.models import ObservationFile
from shouwang.observation.rules import FilePlan, Timetable


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to open; its plan comes from `rules.plan_file`, its id is known before it is written."""

    person_id: UUID
    area: str
    owner_id: UUID
    plan: FilePlan
    pack_id: str
    revision_id: UUID
    category: str = ""
    household_id: UUID | None = None
    id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of it: the files opened, and the persons who had an open one under that protocol already."""

    files: tuple[UUID, ...]
    already: tuple[UUID, ...]


_COLUMNS = (
    *("id", "person_id", "household_id", "area", "zone", "protocol", "category", "pack_id", "revision_id"),
    *("timetable_id", "anchor_event", "anchor_on", "anchor_known", "day_zero", "found_late"),
    *("planned_last_day", "ordered_reason", "end_reason", "state", "owner_id", "first_slot", "next_slot"),
    *("next_due_at", "stage", "next_channel", "last_outcome", "last_channel", "restricts", "legal_ground"),
    *("evidence", "reason", "expires_at", "review_on", "appeal_channel", "opened_at", "opened_by"),
    "opened_by_name",
)


@transaction.atomic
def open_files(*, files: Sequence[NewFile], by: Actor, at: datetime) -> Opened:
    """Open many files, all or none, with one event. A person with an open file of that protocol keeps it.

    Each has an owner and a next due time from its first moment; the database refuses one without, and a
    restriction without its grounds. The caller has seen to the scope. Refuses `owner-missing`,
    `restriction-without-grounds`.
    """
    for new in files:
        _must_stand(new)
    has = _already(files)
    fresh: dict[tuple[UUID, str], NewFile] = {}
    for new in files:
        if (new.person_id, new.plan.protocol) not in has:
            fresh.setdefault((new.person_id, new.plan.protocol), new)
    opened = list(fresh.values())
    already = tuple(new.person_id for new in files if (new.person_id, new.plan.protocol) in has)
    if not opened:
        return Opened((), already)
    keep_timetables(new.plan.schedule.timetable for new in opened)
    with connection.cursor() as cursor:
        head = f"copy observation_file ({', '.join(_COLUMNS)}) from stdin"
        with cursor.copy(head) as stream:
            for new in opened:
                stream.write_row(_row(new, by, at))
    plan_tests([(new.id, new.area, new.plan.schedule) for new in opened], at)
    append_event(
        verb="observation.files.opened",
        subject=("file", opened[0].id) if len(opened) == 1 else ("files", opened[0].revision_id),
        area=commonprefix([new.area for new in opened]),  # noqa: RUF071 - of codes
        by=by,
        at=at,
        payload={
            "count": len(opened),
            "found_late": sum(new.plan.found_late for new in opened),
            "revision": opened[0].revision_id,
        },
    )
    return Opened(tuple(new.id for new in opened), already)


def _must_stand(new: NewFile) -> None:
    bound = new.plan.restriction
    if new.owner_id is None:
        raise Refused("owner-missing", person=str(new.person_id))
    if bound and not all((bound.legal_ground, bound.evidence, bound.reason, bound.appeal_channel)):
        raise Refused("restriction-without-grounds", person=str(new.person_id))


def keep_timetables(timetables: Iterable[Timetable]) -> None:
    """Keep timetables by their content, each once."""
    once = {table.key: table for table in timetables}
    with connection.cursor() as cursor:
        for table in once.values():
            cursor.execute(
                "insert into observation_timetable (key, content) values (%s, %s::jsonb)"
                " on conflict do nothing",
                [table.key, canonical(table.plain())],
            )


def _already(files: Sequence[NewFile]) -> set[tuple[UUID, str]]:
    people = list({new.person_id for new in files})
    held = ObservationFile.objects.unscoped("the persons are given by the caller").filter(
        person_id__in=people, state=ObservationFile.State.OPEN
    )
    return set(held.values_list("person_id", "protocol"))


def _row(new: NewFile, by: Actor, at: datetime) -> tuple[Any, ...]:
    plan, bound = new.plan, new.plan.restriction
    schedule, due = plan.schedule, plan.due
    ground = (
        (True, bound.legal_ground, bound.evidence, bound.reason, bound.expires_at, bound.review_on)
        if bound
        else (False, "", "", "", None, None)
    )
    return (
        *(new.id, new.person_id, new.household_id, new.area, schedule.zone, plan.protocol, new.category),
        *(new.pack_id, new.revision_id, schedule.timetable.key, plan.anchor_event, plan.anchor_on),
        *(plan.anchor_known, schedule.day_zero, plan.found_late, schedule.last_day, "", "", "open"),
        *(new.owner_id, schedule.first_slot, due.slot, due.at, due.stage, due.channel, "", ""),
        *ground,
        *(bound.appeal_channel if bound else "", at, by.id, by.name),
    )
