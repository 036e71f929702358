"""Sentences of refusals about groups, channels and messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shouwang.desk.sentences.rooms import Sentence

MORE: dict[str, Sentence] = {
    "message-template-unknown": Sentence(
        _("There is no message called {template}."), _("Add it to the pack, or choose one that is there.")
    ),
    "group-not-found": Sentence(_("There is no such group here.")),
    "groups-unwanted": Sentence(
        _("The pack in force wants no groups."), _("It wants them where a role set has a group-name.")
    ),
    "group-closed": Sentence(_("The group has ended."), _("Look at the list of groups.")),
    "channel-not-found": Sentence(_("There is no such channel here.")),
    "channel-kind-unknown": Sentence(_("There is no kind of channel called {kind}.")),
    "channel-setting-unknown": Sentence(_("This kind of channel has no setting called {name}.")),
    "channel-address-wrong": Sentence(
        _("The address of the channel cannot be used."), _("Write it whole, with https:// before it.")
    ),
    "webhook-unreadable": Sentence(
        _("This is not the webhook of a robot."),
        _("In the group open the robot, copy its webhook address whole, and paste it here."),
    ),
    "webhook-foreign": Sentence(
        _("{host} belongs to no vendor we know."),
        _("For a private installation the administrator names the host (SHOUWANG_ROBOT_HOSTS)."),
    ),
    "webhook-taken": Sentence(
        _("Another group has this robot already."),
        _("Every group needs a robot of its own, else one family is told of in another's group."),
    ),
    "message-not-found": Sentence(_("There is no such message here.")),
    "message-settled": Sentence(
        _("Nothing is left to decide about this message."),
        _("Open the page again and look at what is there now."),
    ),
    "message-placeholder-unknown": Sentence(
        _("A message has no place for {name}."),
        _("Ids, telephones, addresses and diagnoses never go into messages."),
    ),
}
