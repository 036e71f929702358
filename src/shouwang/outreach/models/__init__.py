"""文书与消息: papers as they were issued and served; chat groups, channels, messages and their delivery."""

from shouwang.outreach.models.channels import (
    Channel,
)
from shouwang.outreach.models.groups import (
    ChatGroup,
    GroupArea,
    GroupMember,
)
from shouwang.outreach.models.messages import (
    DeliveryAttempt,
    DeliveryResult,
    Message,
)
from shouwang.outreach.models.papers import (
    UNTIL_CLOSED,
    Paper,
    PaperSeries,
    ServedRecord,
)
from shouwang.outreach.models.templates import (
    Logo,
    PaperTemplate,
)

__all__ = [
    "UNTIL_CLOSED",
    "Channel",
    "ChatGroup",
    "DeliveryAttempt",
    "DeliveryResult",
    "GroupArea",
    "GroupMember",
    "Logo",
    "Message",
    "Paper",
    "PaperSeries",
    "PaperTemplate",
    "ServedRecord",
]
