"""Routes of journeys and contacts."""

from __future__ import annotations

from tests.access.route import AROUND, DONE, TOWN, Route

ROUTES: dict[str, Route] = {
    "person-journey": Route(
        TOWN | {"epidemiologist"},
        {"person_id": "person"},
        AROUND,
        method="post",
        data={"origin": "武汉市", "returned_on": "2020-01-24"},
        good=DONE,
    ),
    "person-contact": Route(
        TOWN | {"epidemiologist"},
        {"person_id": "person"},
        AROUND,
        method="post",
        data={"kind": "close-contact", "last_on": "2020-01-24"},
        good=DONE,
    ),
}
