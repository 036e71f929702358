"""Issuing and serving papers; queueing, sending and settling messages; groups and channels."""

from shouwang.outreach.actions.messages import NewMessage, queue_messages
from shouwang.outreach.actions.papers import (
    WAYS,
    issue_paper,
    print_paper,
    record_served,
    revoke_paper,
)

__all__ = [
    "WAYS",
    "NewMessage",
    "issue_paper",
    "print_paper",
    "queue_messages",
    "record_served",
    "revoke_paper",
]
