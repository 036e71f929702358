"""`GET openapi.json`: the protocol's shape, for whoever writes another client. It says nothing about anybody."""

from __future__ import annotations

from functools import cache
from typing import Any

from shouwang.fieldapi.gate import FieldRequest, field_endpoint
from shouwang.fieldapi.openapi import document


@field_endpoint("GET", known=False)
def openapi(request: FieldRequest) -> dict[str, Any]:
    """The document."""
    del request
    return _once()


@cache
def _once() -> dict[str, Any]:
    return document()
