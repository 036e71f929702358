"""Words of groups, channels and messages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Text = str | Promise

GROUP_STATES: dict[str, tuple[Text, str]] = {
    "to-create": (_("to create"), "amber"),
    "created": (_("no robot yet"), "amber"),
    "connected": (_("robot connected"), "green"),
    "closed": (_("ended"), ""),
}
GROUP_FILTERS: dict[str, Text] = {
    "all": _("All"),
    "to-create": _("To create"),
    "created": _("No robot yet"),
    "connected": _("Robot connected"),
    "to-do": _("Members to change"),
    "small": _("Fewer than six"),
}
MESSAGE_STATES: dict[str, tuple[Text, str]] = {
    "queued": (_("waits to go out"), ""),
    "sending": (_("on its way"), ""),
    "sent": (_("sent"), "green"),
    "refused": (_("turned down"), "red"),
    "uncertain": (_("not certain"), "amber"),
    "dead": (_("given up"), "red"),
}
MESSAGE_FILTERS: dict[str, Text] = {
    "": _("All"),
    "waiting": _("Waiting"),
    "held-up": _("Held up"),
    "sent": _("Sent"),
    "refused": _("Turned down"),
    "uncertain": _("Uncertain"),
    "dead": _("Given up"),
}
CHANNEL_KINDS: dict[str, Text] = {
    "wecom": _("WeCom robot"),
    "dingtalk": _("DingTalk robot"),
    "feishu": _("Feishu robot"),
    "sms-http": _("SMS: gateway of the town"),
    "sms-aliyun": _("SMS: Alibaba Cloud"),
    "sms-tencent": _("SMS: Tencent Cloud"),
    "email": _("E-mail"),
}
SETTING_NAMES: dict[str, Text] = {
    "base-url": _("Server address"),
    "key": _("Webhook key"),
    "sign": _("Signing secret"),
    "token": _("Token"),
    "access-key-id": _("AccessKey id"),
    "access-key-secret": _("AccessKey secret"),
    "secret-id": _("SecretId"),
    "secret-key": _("SecretKey"),
    "app-id": _("SdkAppId"),
    "sign-name": _("Signature"),
    "region": _("Region"),
    "templates": _("Approved templates (our code=their number, one a line)"),
    "host": _("Mail server"),
    "port": _("Port"),
    "security": _("ssl, starttls or none"),
    "from": _("Sender"),
    "to": _("Mailbox of the office"),
    "user": _("User"),
    "password": _("Password"),
    "test-to": _("Telephone for tests"),
    "per-minute": _("At most so many a minute"),
    "language": _("Language (zh-hans, zh-hant, en)"),
}
_CODES: dict[str, Text] = {
    "no-channel": _("no channel to send it by"),
    "channel-stopped": _("the channel has stopped"),
    "rate-limit": _("waits its turn: the vendor's limit"),
    "unreachable": _("the server could not be reached"),
    "no-answer": _("called, no answer came"),
    "worker-killed": _("interrupted before the answer"),
    "seen": _("a person saw that it arrived"),
    "settings": _("the settings are incomplete"),
    "address": _("the address is wrong"),
    "93000": _("this robot does not exist any more"),
    "45009": _("too many in a minute"),
    "130101": _("too many in a minute"),
    "410100": _("too many in a minute"),
    "11232": _("too many in a minute"),
    "300001": _("this robot does not exist any more"),
    "300005": _("this robot does not exist any more"),
    "19001": _("this robot does not exist any more"),
    "310000": _("signature, keyword or address not accepted"),
    "19021": _("the signature does not match"),
    "19022": _("our address is not on the robot's list"),
    "19024": _("the robot asks for a keyword"),
}
OUTCOMES: dict[str, Text] = {
    "": _("no answer yet"),
    "sent": _("delivered"),
    "throttled": _("too fast, again later"),
    "failed": _("failed, again later"),
    "refused": _("turned down"),
    "broken": _("channel broken"),
    "lost": _("nobody knows"),
    "arrived": _("arrived, a person saw it"),
}

VERBS: dict[str, Text] = {
    "outreach.groups.formed": _("formed groups and compared them with the teams"),
    "outreach.group.created": _("said that a group was created"),
    "outreach.group.members-marked": _("said who was added to a group or taken out"),
    "outreach.group.connected": _("connected the robot of a group"),
    "outreach.group.sheets-printed": _("printed sheets of groups"),
    "outreach.channel.opened": _("opened a channel"),
    "outreach.channel.changed": _("changed a channel"),
    "outreach.channel.closed": _("closed a channel"),
    "outreach.messages.queued": _("had people told"),
    "outreach.messages.sent": _("sent messages"),
    "outreach.messages.sent-again": _("sent messages again"),
    "outreach.messages.arrived": _("said that messages arrived"),
}


def code_words(code: str) -> str:
    """What a vendor or we said, in words where they are known, and the code itself."""
    bare = code.removeprefix("broken:").removeprefix("refused:")
    if not bare or bare in ("0", "OK", "Ok", "250"):
        return ""
    known = _CODES.get(bare)
    if known is None:
        return gettext("the vendor said: {code}").format(code=bare)
    return f"{known} ({bare})" if bare.isdigit() else str(known)
