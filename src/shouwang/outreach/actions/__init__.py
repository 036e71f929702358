"""Issuing and serving papers; queueing, sending and settling messages; groups and channels."""

from shouwang.outreach.actions.channels import (
    change_channel,
    close_channel,
    connect_robot,
    open_channel,
    try_channel,
)
from shouwang.outreach.actions.deciding import (
    mark_arrived,
    resend_messages,
)
from shouwang.outreach.actions.dividing import follow_homes
from shouwang.outreach.actions.doors import (
    MOST_PAPERS,
    NewPaper,
    issue_papers,
    print_doors,
)
from shouwang.outreach.actions.groups import (
    Formed,
    form_groups,
    mark_group_created,
    mark_members,
)
from shouwang.outreach.actions.messages import (
    NewMessage,
    queue_messages,
)
from shouwang.outreach.actions.papers import (
    WAYS,
    issue_paper,
    print_paper,
    record_served,
    revoke_paper,
)
from shouwang.outreach.actions.sending import (
    AT_ONCE,
    Sent,
    send_due,
)
from shouwang.outreach.actions.sheets import (
    print_group_sheets,
)
from shouwang.outreach.actions.templates import (
    add_logo,
    save_template,
)

__all__ = [
    "AT_ONCE",
    "MOST_PAPERS",
    "WAYS",
    "Formed",
    "NewMessage",
    "NewPaper",
    "Sent",
    "add_logo",
    "change_channel",
    "close_channel",
    "connect_robot",
    "follow_homes",
    "form_groups",
    "issue_paper",
    "issue_papers",
    "mark_arrived",
    "mark_group_created",
    "mark_members",
    "open_channel",
    "print_doors",
    "print_group_sheets",
    "print_paper",
    "queue_messages",
    "record_served",
    "resend_messages",
    "revoke_paper",
    "save_template",
    "send_due",
    "try_channel",
]
