"""Routes of grids: whoever edits places divides the villages of theirs."""

from __future__ import annotations

from tests.access.route import AROUND, DONE, TOWN, Route

EDIT = TOWN | {"administrator"}
HERE = {"path": "village"}

ROUTES: dict[str, Route] = {
    "grids": Route(EDIT),
    "grid-list": Route(EDIT, method="post", data={"list": "沙包村,第一网格,3组"}, good=DONE),
    "grid-village": Route(EDIT, HERE, AROUND),
    "grid-add": Route(EDIT, HERE, AROUND, method="post", data={"name": "第一网格"}, good=DONE),
    "grid-rename": Route(EDIT, HERE, AROUND, method="post", data={"name": "二"}, good=DONE),
    "grid-doors": Route(EDIT, HERE, AROUND, method="post", good=DONE),
    "grid-range": Route(EDIT, HERE, AROUND, method="post", data={"group": "*"}, good=DONE),
    "grid-missing": Route(EDIT, HERE, AROUND, method="post", good=DONE),
}
