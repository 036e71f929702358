"""Refusals around dividing a village into grids."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "no-doors-chosen": Sentence(
        _("No door of this village is meant by that."),
        _("Tick doors, or choose a group or numbers that there are."),
    ),
    "place-name-taken": Sentence(
        _("Another place here is called “{name}” already."), _("Choose another name.")
    ),
    "grid-line-empty": Sentence(
        _("The line names neither a group nor a door."), _("Write 3组, 3组1-40号 or 3组15号.")
    ),
}
