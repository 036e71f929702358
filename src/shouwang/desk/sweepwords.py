"""Words of rounds: how a door ends, what is missed, the bar of a share."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwang.screening.rules import DOOR_OUTCOMES

Text = str | Promise

VISITS: dict[str, Text] = {
    "met": _("met"),
    "not-home": _("not at home"),
    "refused": _("would not open"),
    "vacant": _("empty"),
    "cannot-locate": _("cannot be found"),
    "moved": _("moved away"),
    "withdrawn": _("written at the wrong door"),
    "unvisited": _("not visited"),
    "": _("not visited"),
}
"""How a visit ended, or how a door stands."""

KEYS: tuple[tuple[str, str, Text], ...] = tuple(
    (str(number), code, VISITS[code]) for number, code in enumerate(DOOR_OUTCOMES, start=1)
)
"""(key, outcome, word) of back-entry, as on the paper."""

CARRIED: dict[str, Text] = {
    "unvisited": _("last round: not visited"),
    "not-home": _("last round: not at home"),
    "refused": _("last round: would not open"),
    "cannot-locate": _("last round: cannot be found"),
}

BY: dict[str, Text] = {"street": _("Towns"), "village": _("Villages"), "leaf": _("Grids")}
"""What a line of a round's table is."""

VERBS: dict[str, Text] = {
    "screening.sweep.opened": _("opened a round over doors"),
    "screening.sweep.closed": _("closed a round"),
    "screening.sweep.door-added": _("put a door on the list of a round"),
    "screening.sweep.printed": _("printed lists of doors"),
    "screening.sweep.counted-again": _("had a round counted again"),
    "screening.visits.recorded": _("recorded visits to doors"),
    "screening.visit.corrected": _("corrected a visit to a door"),
}
