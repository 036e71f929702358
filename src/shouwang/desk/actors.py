"""Who did something, as the page says it: a person's name, or what stood there for nobody in person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Text
from shouwang.kernel.actor import SYSTEM

NOBODY_IN_PERSON: dict[str, Text] = {
    SYSTEM.name: _("the programme itself"),
    "command line": _("the command line of the server"),
    "a phone that is not enrolled": _("a phone that is not enrolled"),
}
"""Names the journal has for actors that are no person (`kernel.actor`, `cli.root`, `fieldapi`)."""


def actor_words(name: str) -> str:
    """A person by name; the programme and its command line in the language of the page."""
    return str(NOBODY_IN_PERSON.get(name, name))
