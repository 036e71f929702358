"""Issuing and serving papers; queueing, sending and settling messages; groups and channels."""

from shouwang.outreach.actions.channels import (
    change_channel,
    close_channel,
    connect_robot,
    open_channel,
    try_channel,
)
from shouwang.outreach.actions.deciding import mark_arrived, resend_messages
from shouwang.outreach.actions.groups import Formed, form_groups, mark_group_created, mark_members
from shouwang.outreach.actions.messages import NewMessage, queue_messages
from shouwang.outreach.actions.papers import (
    WAYS,
    issue_paper,
    print_paper,
    record_served,
    revoke_paper,
)
from shouwang.outreach.actions.sending import AT_ONCE, Sent, send_due

__all__ = [
    "AT_ONCE",
    "WAYS",
    "Formed",
    "NewMessage",
    "Sent",
    "change_channel",
    "close_channel",
    "connect_robot",
    "form_groups",
    "issue_paper",
    "mark_arrived",
    "mark_group_created",
    "mark_members",
    "open_channel",
    "print_paper",
    "queue_messages",
    "record_served",
    "resend_messages",
    "revoke_paper",
    "send_due",
    "try_channel",
]
