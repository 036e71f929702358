"""Requests for a second person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Text

APPROVAL_KINDS: dict[str, Text] = {
    "observation.release-early": _("Early release"),
    "ledgers.export-full": _("Export with full numbers"),
}


APPROVAL_STATES: dict[str, Text] = {
    "waiting": _("waits"),
    "approved": _("approved"),
    "refused": _("refused"),
    "expired": _("lapsed"),
}
