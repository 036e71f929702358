"""Checks, files and what happened to them; why somebody is not released, why somebody is watched."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Text

CHANNELS: dict[str, Text] = {
    "visit": _("at the door"),
    "phone": _("by telephone"),
    "video": _("by video"),
    "chat": _("by message"),
    "self": _("told by the person"),
    "facility": _("at the facility"),
    "": _("release"),
}


OUTCOMES: dict[str, Text] = {
    "done": _("seen"),
    "not-home": _("not at home"),
    "refused": _("refused"),
    "unreachable": _("not reached"),
}


SEEN: dict[str, Text] = {
    "person": _("the person"),
    "household": _("somebody of the household"),
    "nobody": _("nobody"),
}


STATES: dict[str, Text] = {
    "open": _("under observation"),
    "released": _("released"),
    "released-early": _("released early"),
    "transferred": _("transferred"),
    "moved": _("moved away"),
    "cancelled": _("cancelled"),
    "died": _("died"),
}


EVENTS: dict[str, Text] = {
    "extended": _("Extended"),
    "restarted": _("Counted anew"),
    "re-anchored": _("Counted from the day now known"),
    "handed-over": _("Handed over"),
    "relocated": _("Moved house"),
    "released": _("Released"),
    "released-early": _("Released early"),
    "transferred": _("Transferred"),
    "moved": _("Moved away"),
    "cancelled": _("Cancelled"),
    "died": _("Died"),
}


REASONS: dict[str, Text] = {
    "release-condition-not-met": _("The condition of the pack for release does not hold yet."),
    "never-checked": _("Nobody has seen this person yet."),
    "last-check-abnormal": _("The last check was abnormal."),
    "alert-open": _("An alarm is still open."),
    "second-person-needed": _("A second person has to decide."),
    "reason-missing": _("A reason is missing."),
}


def channel_words(code: str) -> str:
    """Through which channel."""
    return str(CHANNELS.get(code, code))


def reason_code_words(code: str) -> str:
    """Why something may not be done."""
    return str(REASONS.get(code, code))


WHYS: dict[str, Text] = {
    "verified": _("made sure on the to-verify list"),
    "correction-import": _("from the correction spreadsheet"),
    "team-assigned": _("a team was assigned"),
    "anchor-learnt": _("the day was made sure"),
}


def why_words(reason: str) -> str:
    """A reason as somebody wrote it; what the house itself wrote stands as a code and is put into words."""
    return str(WHYS.get(reason, reason))
