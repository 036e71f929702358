"""A code for the village doctor's telephone, so that the field app can be tried at once."""

from __future__ import annotations

from datetime import datetime

from shouwang.accounts.queries import user_by_name
from shouwang.demo.cast import LOG_INS
from shouwang.devices.actions import make_enrol_code
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope

CLERK = Actor("demo-clerk", "冉晓梅")


def doctors_code(at: datetime) -> str:
    """A fresh one-time code of the demonstration's village doctor; an earlier one lapses. "" where there is none."""
    username = next(one.username for one in LOG_INS if one.role == "village-doctor")
    user = user_by_name(username)
    if user is None:
        return ""
    return make_enrol_code(user_id=user.id, scope=Scope.everything("demo"), by=CLERK, at=at).code
