"""OpenAPI of the field protocol, made from the shapes the endpoints read and write: it cannot say anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from shouwang.devices.rules import NEWEST_APP
from shouwang.devices.rules.wire import BatchShape
from shouwang.fieldapi.endpoints.enrol import EnrolAsked, EnrolTold
from shouwang.fieldapi.endpoints.shift import ShiftTold
from shouwang.fieldapi.endpoints.state import StateTold
from shouwang.journeys.field_changes import Changes
from shouwang.journeys.field_commands import Receipts

BASE = "/api/field/v1/"


class Failed(msgspec.Struct, frozen=True):
    """A refusal of the whole request, by its code."""

    code: str


_NAMES = {
    "400": "The body cannot be read: `batch-unreadable`",
    "401": "No device has this token: `device-unknown`",
    "405": "Another method: `method-wrong`",
    "413": "More than 100 commands or 1 MB: `batch-too-large`",
    "426": "The app is too old, or does not say its release: `app-too-old`",
    "503": "No place free: `busy`; come again after `Retry-After` seconds",
}
_MORE = {
    "changes": {"403": "`device-revoked`"},
    "enrol": {"403": "`enrol-code-wrong`", "429": "`enrol-too-often`"},
    "shift": {"403": "`device-revoked`"},
}
_CURSOR = {
    "name": "cursor",
    "in": "query",
    "description": "Of the last answer, empty the first time",
    "schema": {"type": "string"},
}
_RELEASE = {
    "name": "X-Shouwang-App",
    "in": "header",
    "required": True,
    "description": "Release of the app",
    "schema": {"type": "integer", "minimum": 1, "maximum": 99_999_999, "example": NEWEST_APP},
}


def document() -> dict[str, Any]:
    """The whole document."""
    shapes = [EnrolAsked, EnrolTold, ShiftTold, StateTold, BatchShape, Receipts, Changes, Failed]
    refs, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    asked, enrolled, shift, state, batch, receipts, changes, failed = refs
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shouwang field protocol",
            "version": "1",
            "description": "docs/reference/sync.md is the contract; this is its shape.",
        },
        "paths": {
            BASE + "enrol": {
                "post": _operation("enrol", "A phone becomes a device", enrolled, failed, body=asked)
            },
            BASE + "shift": {"post": _operation("shift", "Begin a shift", shift, failed)},
            BASE + "state": {"get": _operation("state", "Where the server stands", state, failed)},
            BASE + "changes": {
                "get": _operation("changes", "What must be known", changes, failed, query=[_CURSOR])
            },
            BASE + "commands": {
                "post": _operation("commands", "What was done", receipts, failed, body=batch)
            },
        },
        "components": {
            "schemas": _plain(components),
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(
    name: str,
    summary: str,
    told: dict[str, Any],
    failed: dict[str, Any],
    body: dict[str, Any] | None = None,
    query: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    left_out = set() if body else {"400", "413"}
    left_out |= {"401"} if name == "enrol" else set()
    answers = {code: text for code, text in _NAMES.items() if code not in left_out} | _MORE.get(name, {})
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": _answer("Done", told)}
        | {code: _answer(text, failed) for code, text in answers.items()},
    }
    operation["responses"]["503"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if name != "enrol":
        operation["security"] = [{"device": []}]
        operation["parameters"] = [_RELEASE, *query]
    return operation


def _answer(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _plain(schema: Any) -> Any:
    """Pairs of equal things as arrays of two, which every reader of JSON Schema understands."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _plain(part) for name, part in schema.items()}
    if pair := found.pop("prefixItems", None):
        found["items"] = pair[0]
    return found
