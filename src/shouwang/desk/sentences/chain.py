"""Refusals around the chain of responsibility."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "head-twice": Sentence(
        _("The list names two people for one place."), _("Leave one of them and send it again.")
    ),
    "list-too-long": Sentence(
        _("The list has more than {most} lines."), _("Send it in parts; nothing was written.")
    ),
    "chain-undefined": Sentence(
        _("No pack in force here says who answers at this level."),
        _("Choose another place, or adopt a pack with a chain."),
    ),
}
