"""Addresses for phones. They know no session: whoever comes with a device's token is that device, nobody else.

What a token opens depends on the grants its log-in holds at that moment; `test_field_matrix` asks every role at
every place. An address that is missing from `FIELD` fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.access.route import Route

ROUTES: dict[str, Route] = {}
"""None of them is the desk's."""


@dataclass(frozen=True)
class FieldRoute:
    """What may be expected of an address for phones."""

    method: str
    path: str
    body: str = ""
    stranger: int = 401
    """Without a token, with a wrong one, or with the session of a desk."""
    revoked: int = 200
    """With the token of a phone that was revoked."""


EMPTY_BATCH = '{"device_time": "2020-02-01T18:00:00+08:00", "commands": []}'

FIELD: dict[str, FieldRoute] = {
    "field-enrol": FieldRoute("POST", "enrol", '{"code": "AAAAAAAAAA", "app": 3}', 403, 403),
    "field-shift": FieldRoute("POST", "shift", "{}", revoked=403),
    "field-state": FieldRoute("GET", "state"),
    "field-changes": FieldRoute("GET", "changes", revoked=403),
    "field-commands": FieldRoute("POST", "commands", EMPTY_BATCH),
    "field-openapi": FieldRoute("GET", "openapi.json", stranger=200),
}
"""Every address under `api/`, by name."""
