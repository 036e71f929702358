"""The field protocol's OpenAPI document is true: whatever is sent, the answer is one it promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shouwang.fieldapi.openapi import BASE, document
from tests.apps.fielding import a_field

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


schema = schemathesis.openapi.from_wsgi(BASE + "openapi.json", get_wsgi_application())
"""As a client reads it."""


@pytest.fixture
def token(db: None) -> Iterator[dict[str, str]]:
    """What a phone sends with every request. As with Django's own client, the test's connection is left open."""
    del db
    with a_field() as field:
        told = field.phone().headers() | {"Accept-Encoding": "identity"}
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        yield told
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_whatever_is_sent_the_answer_is_one_that_is_promised(case: Any, token: dict[str, str]) -> None:
    cache.clear()
    case.call_and_validate(checks=CHECKS)
    case.call_and_validate(headers=token, checks=CHECKS)


def test_the_document_is_json_and_names_every_address_but_itself() -> None:
    told = json.loads(json.dumps(document()))
    assert set(told["paths"]) == {BASE + path for path in ("enrol", "shift", "state", "changes", "commands")}
    assert "Receipt" in told["components"]["schemas"]
