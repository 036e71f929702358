"""Routes of the chain of responsibility."""

from __future__ import annotations

from tests.access.route import AROUND, CARE, DONE, TOWN, Route

TEAMS = CARE | {"administrator"}

ROUTES: dict[str, Route] = {
    "chain": Route(TEAMS),
    "chain-alone": Route(TEAMS),
    "chain-list": Route(TOWN, method="post", data={"list": "沙包村,向书记,13800000009"}, good=DONE),
    "place-chain": Route(TEAMS, {"path": "village"}, AROUND),
    "place-head": Route(
        TOWN,
        {"path": "village"},
        AROUND,
        method="post",
        data={"worker": "@worker", "reason": "调任"},
        good=DONE,
    ),
    "place-head-end": Route(
        TOWN,
        {"path": "village", "assignment_id": "headship"},
        AROUND,
        method="post",
        data={"reason": "离任"},
        good=DONE,
    ),
}
