"""Sentences of refusals about groups, channels and messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "message-template-unknown": Sentence(
        _("There is no message called {template}."), _("Add it to the pack, or choose one that is there.")
    ),
    "message-placeholder-unknown": Sentence(
        _("A message has no place for {name}."),
        _("Ids, telephones, addresses and diagnoses never go into messages."),
    ),
}
