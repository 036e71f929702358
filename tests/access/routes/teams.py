"""Routes of teams: staffing proposals, rosters, who serves where, standing in."""

from __future__ import annotations

from tests.access.route import ABOVE, AROUND, CARE, DONE, OPEN_OR_NO_PACK, RECORD, TOWN, Route

TEAM = {"team_id": "team"}
ROSTER = {"roster_id": "roster"}
SHIFT = {"shift_id": "shift"}
PROPOSAL = {"proposal_id": "proposal"}

ROUTES: dict[str, Route] = {
    "staff": Route(TOWN, method="post", good=DONE),
    "staffing": Route(TOWN, PROPOSAL, ABOVE),
    "staffing-accept": Route(TOWN, PROPOSAL, ABOVE, method="post", data={"what": "all"}, good=DONE),
    "staffing-drop": Route(TOWN, PROPOSAL, ABOVE, method="post", good=DONE),
    "assignment-fix": Route(
        TOWN, {"assignment_id": "assignment"}, AROUND, method="post", data={"fixed": "yes"}, good=DONE
    ),
    "rosters": Route(CARE, good=OPEN_OR_NO_PACK),
    "roster": Route(CARE, ROSTER, AROUND),
    "roster-give": Route(TOWN, ROSTER, AROUND, method="post", data={"worker": "@worker"}, good=DONE),
    "roster-fill": Route(TOWN, ROSTER, AROUND, method="post", data={"worker": "@worker"}, good=DONE),
    "roster-close": Route(TOWN, ROSTER, AROUND, method="post", data={"reason": "解除"}, good=DONE),
    "roster-begin": Route(RECORD, SHIFT, AROUND, method="post", good=DONE),
    "roster-hand": Route(RECORD, SHIFT, AROUND, method="post", data={"text": "一切正常"}, good=DONE),
    "roster-note": Route(RECORD, SHIFT, AROUND, method="post", data={"text": "送菜"}, good=DONE),
    "roster-cancel": Route(TOWN, SHIFT, AROUND, method="post", data={"reason": "调班"}, good=DONE),
    "serving": Route(CARE | {"administrator"}, good=OPEN_OR_NO_PACK),
    "serving-send": Route(
        TOWN, method="post", data={"role_set": "sent-down", "lines": "海螺村,张三,下沉干部,区教委"}, good=DONE
    ),
    "serving-put": Route(
        TOWN,
        method="post",
        data={"role_set": "checkpoint", "area": "500101135200", "name": "村口卡点"},
        good=DONE | {404},
    ),
    "team": Route(CARE, TEAM, AROUND),
    "team-assign": Route(
        TOWN, TEAM, AROUND, method="post", data={"worker": "@worker", "role": "guard"}, good=DONE
    ),
    "team-leave": Route(TOWN, TEAM, AROUND, method="post", data={"reason": "调岗"}, good=DONE | {404}),
    "team-unit": Route(
        TOWN, TEAM, AROUND, method="post", data={"unit": "区财政局", "reason": "结对"}, good=DONE
    ),
    "team-off": Route(TOWN, TEAM, AROUND, method="post", data={"reason": "解封"}, good=DONE),
    "team-watch": Route(TOWN, TEAM, AROUND, method="post", good=DONE),
    "household-guard": Route(TOWN, {"household_id": "household"}, AROUND, method="post", good=DONE),
    "worker-away": Route(
        TOWN,
        {"worker_id": "worker"},
        AROUND,
        method="post",
        data={"stand_in": "@doctor", "kind": "ill", "reason": "发热"},
        good=DONE,
    ),
    "worker-back": Route(TOWN, {"worker_id": "absent"}, AROUND, method="post", good=DONE),
}
