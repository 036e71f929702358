"""Routes of groups, messages and channels."""

from __future__ import annotations

from tests.access.route import ABOVE, AROUND, CARE, DONE, RECORD, TOWN, Route

GROUP = {"group_id": "group"}
CHANNEL = {"channel_id": "channel"}
ADMINISTRATOR = frozenset({"administrator"})
TOLD = TOWN | {"district-commander"}

ROUTES: dict[str, Route] = {
    "groups": Route(CARE),
    "groups-form": Route(TOWN, method="post", good=DONE),
    "groups-sheets": Route(CARE, {}, AROUND, method="post", data={"group": "@group"}),
    "group": Route(CARE, GROUP, AROUND),
    "group-created": Route(RECORD, GROUP, AROUND, method="post", good=DONE),
    "group-members": Route(RECORD, GROUP, AROUND, method="post", good=DONE),
    "group-connect": Route(RECORD, GROUP, AROUND, method="post", data={"webhook": "x"}, good=DONE),
    "messages": Route(TOLD),
    "messages-decide": Route(TOWN, {}, AROUND, method="post", data={"message": "@message"}, good=DONE),
    "message": Route(TOLD, {"message_id": "message"}, AROUND),
    "channels": Route(ADMINISTRATOR),
    "channel-open": Route(ADMINISTRATOR, method="post", data={"kind": "wecom"}, good=DONE | {422}),
    "channel-change": Route(ADMINISTRATOR, CHANNEL, ABOVE, method="post", good=DONE),
    "channel-test": Route(ADMINISTRATOR, CHANNEL, ABOVE, method="post", good=DONE),
    "channel-close": Route(ADMINISTRATOR, CHANNEL, ABOVE, method="post", good=DONE),
}
