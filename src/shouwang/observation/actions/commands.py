"""What comes in with a check and what goes back, as plain values; the file as the writer reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from uuid import UUID

from shouwang.observation.rules import Schedule
from shouwang.packs.schema import Pack

PackOf = Callable[[UUID], Pack]
"""How the pack of a revision is fetched (`policy.queries`); rules are handed packs, never fetch them."""

CHANNELS = frozenset({"visit", "phone", "video", "chat", "self", "facility"})
OUTCOMES = frozenset({"done", "not-home", "refused", "unreachable"})
SEEN = frozenset({"person", "household", "nobody"})


@dataclass(frozen=True, slots=True)
class CheckCommand:
    """One check as it was made. `id` is the client's; the same id with the same content is the same fact.

    `deci` in tenths of a degree, None where not measured. `measured_by`: a worker's id, `self`, or "" for who
    records it. `roles`: in which roles of the team those who came saw the person (quorum); `came`: the workers
    themselves, whose roles follow from what they are assigned to. `slot` only where the person at the desk says
    which one is meant. `reason` is needed where the day is signed already. `thermometer`, `witness`, `photo_seen`:
    how it was measured, who saw the reading, whether a photograph of it was seen; asked of remote checks.
    """

    id: UUID
    file_id: UUID
    taken_at: datetime
    channel: str
    outcome: str = "done"
    deci: int | None = None
    symptoms: tuple[str, ...] = ()
    measured_by: str = ""
    measured_by_name: str = ""
    seen: str = "person"
    roles: tuple[str, ...] = ()
    slot: int | None = None
    note: str = ""
    reason: str = ""
    came: tuple[UUID, ...] = ()
    thermometer: str = ""
    witness: str = ""
    photo_seen: bool | None = None

    def digest(self) -> str:
        """The hash of the content, 32 hex digits."""
        content: tuple[object, ...] = (
            *(self.file_id.int, self.taken_at.timestamp(), self.channel, self.outcome, self.deci),
            *(sorted(self.symptoms), self.measured_by, self.measured_by_name, self.seen),
            *(sorted(self.roles), self.slot, self.note, self.reason),
        )
        if self.came or self.thermometer or self.witness or self.photo_seen is not None:
            named = sorted(worker.int for worker in self.came)
            content = (*content, named, self.thermometer, self.witness, self.photo_seen)
        return blake2b(repr(content).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class CheckReceipt:
    """What became of one check: `recorded`, `replayed` (was there already), `refused` or `conflict`.

    `code` says why it was refused. `next_due_at`: of the file, after this call.
    """

    id: UUID
    status: str
    code: str = ""
    slot: int | None = None
    day_no: int | None = None
    late: bool = False
    abnormal: bool = False
    alerts: tuple[str, ...] = ()
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileState:
    """What recording must know of a file; its row is locked."""

    id: UUID
    person_id: UUID
    area: str
    schedule: Schedule
    last_slot: int | None
    next_due_at: datetime | None
    state: str
    ended_at: datetime | None
    revision_id: UUID
    signed_to: date | None
    household_id: UUID | None
