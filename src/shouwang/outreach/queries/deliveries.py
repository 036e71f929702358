"""What became of messages somebody else keeps the ids of: sent, waiting, refused, or no channel to send by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.outreach.models import Message


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message: its state, the last answer, when it was settled."""

    state: str
    last_code: str
    settled_at: datetime | None

    @property
    def has_no_channel(self) -> bool:
        return self.last_code == "no-channel" and self.state == "queued"


def deliveries(ids: Iterable[UUID]) -> dict[UUID, Delivery]:
    """What became of these messages. One query.

    Unscoped: ids follow from what the messages are about, which the caller reached through scope; no text and no
    address is told.
    """
    rows = Message.objects.unscoped("ids follow from what is in sight").filter(id__in=list(ids))
    return {row.id: Delivery(row.state, row.last_code, row.settled_at) for row in rows}
