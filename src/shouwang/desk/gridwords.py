"""Words of grids: what happened to a place and its doors, and why a residence changed without a move."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.people.queries import DIVIDED

Text = str | Promise

VERBS: dict[str, Text] = {
    "places.doors.divided": _("put doors into grids"),
    "places.place.renamed": _("gave a place another name"),
}

KINDS: tuple[tuple[str, Text], ...] = (
    ("grid", _("grid")),
    ("compound", _("compound")),
    ("building", _("building")),
)
"""What may be added in a village."""


def residence_reason(reason: str) -> str:
    """Why a residence changed, in words."""
    return gettext("the village was divided into grids") if reason == DIVIDED else reason
