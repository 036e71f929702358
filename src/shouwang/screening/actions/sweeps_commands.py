"""What comes in with a visit and what goes back, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from shouwang.kernel.canon import canonical
from shouwang.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class NewFound:
    """Somebody at a door who stands on no register there, as far as they told. Nothing is compulsory."""

    name: str = ""
    id_no: str = ""
    telephone: str = ""
    sex: str = ""
    relation: str = ""
    note: str = ""

    def is_empty(self) -> bool:
        """Whether nothing at all was told."""
        return not any((self.name, self.id_no, self.telephone, self.note))


@dataclass(frozen=True, slots=True)
class NewVisit:
    """One visit as it was made. `id` is the client's; the same id with the same content is the same fact.

    `people`: how many were met, those in `named` (persons of the register) and `found` (of none) among them.
    `visitor` is who knocked; "" for who records it.
    """

    id: UUID
    door_id: UUID
    visited_at: datetime
    outcome: str
    people: int = 0
    named: tuple[UUID, ...] = ()
    found: tuple[NewFound, ...] = ()
    visitor: str = ""
    note: str = ""

    def digest(self) -> str:
        """The hash of the content, 32 hex digits."""
        content = (
            *(self.door_id.int, self.visited_at.timestamp(), self.outcome, self.people),
            *(sorted(person.int for person in self.named), self.visitor, self.note),
            [(f.name, f.id_no, f.telephone, f.sex, f.relation, f.note) for f in self.found],
        )
        return blake2b(repr(content).encode(), digest_size=16).hexdigest()

    def told(self) -> str:
        """The content as canonical JSON, to be sealed where it is refused."""
        return canonical(
            {
                "door": self.door_id,
                "visited_at": self.visited_at,
                "outcome": self.outcome,
                "people": self.people,
                "named": sorted(str(person) for person in self.named),
                "found": len(self.found),
                "visitor": self.visitor,
                "note": self.note,
            }
        )


@dataclass(frozen=True, slots=True)
class VisitReceipt:
    """What became of one visit: `recorded`, `replayed` (was there already), `refused` or `conflict`."""

    id: UUID
    status: str
    code: str = ""
    number: int | None = None
    """The door's number on its list."""


class Receipts:
    """The receipts of one call, in the order in which the visits came."""

    def __init__(self) -> None:
        self._by_id: dict[UUID, tuple[str, VisitReceipt]] = {}

    def put(
        self, item: NewVisit, digest: str, status: str, code: str = "", number: int | None = None
    ) -> None:
        """What became of the first visit of this id."""
        self._by_id[item.id] = (digest, VisitReceipt(item.id, status, code, number))

    def of(self, items: list[tuple[NewVisit, str]]) -> list[VisitReceipt]:
        """One for each item; an id that stands twice in one call is a replay, or a conflict if it differs."""
        told: list[VisitReceipt] = []
        seen: set[UUID] = set()
        for item, digest in items:
            first, receipt = self._by_id[item.id]
            if item.id in seen:
                if first != digest:
                    receipt = VisitReceipt(item.id, "conflict", "visit-differs", receipt.number)
                elif receipt.status == "recorded":
                    receipt = replace(receipt, status="replayed")
            seen.add(item.id)
            told.append(receipt)
        return told


def one_recorded(receipt: VisitReceipt) -> VisitReceipt:
    """The only receipt of a call. Raises what it was refused for."""
    if receipt.status in ("refused", "conflict"):
        raise Refused(receipt.code, visit=str(receipt.id), number=receipt.number)
    return receipt
