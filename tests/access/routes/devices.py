"""Routes of phones in the field and of what they sent."""

from __future__ import annotations

from tests.access.route import AROUND, DONE, TOWN, Route

OFFICE = TOWN | {"administrator"}
DEVICE = {"device_id": "device"}
REFUSED, DATED = {"entry_id": "kept"}, {"entry_id": "dated"}

ROUTES: dict[str, Route] = {
    "devices": Route(OFFICE),
    "device": Route(OFFICE, DEVICE, AROUND),
    "device-code": Route(OFFICE, {}, AROUND, method="post", data={"username": "village-doctor.own-village"}),
    "device-revoke": Route(OFFICE, DEVICE, AROUND, method="post", data={"reason": "x"}, good=DONE),
    "device-entries": Route(OFFICE),
    "device-entry": Route(OFFICE, REFUSED, AROUND),
    "device-entry-open": Route(TOWN, REFUSED, AROUND, method="post"),
    "device-entry-accept": Route(TOWN, REFUSED, AROUND, method="post", good=DONE),
    "device-entry-dismiss": Route(OFFICE, REFUSED, AROUND, method="post", data={"reason": "x"}, good=DONE),
    "device-entry-confirm": Route(OFFICE, DATED, AROUND, method="post", good=DONE),
}
