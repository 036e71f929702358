"""The field's ground is founded once for a module; every test is rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.apps.fielding import AT, Field, a_field


@pytest.fixture(scope="module")
def founded_field(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Field]:
    """The town of the field tests."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic(), a_field() as founded:
        yield founded
        transaction.set_rollback(True)


@pytest.fixture
def field(founded_field: Field, db: None) -> Field:
    """The town at 18:00 on 1 February, nothing of the field in it."""
    founded_field.clock.at = AT
    cache.clear()
    return founded_field
