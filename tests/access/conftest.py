"""One town for the whole module: forty users are too many to make for each route."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import CHINA
from tests.tested import add_tested
from tests.town import FixedClock, Town, found_town

AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Founded once, rolled back at the end. Every request of a test is rolled back after it."""
    del django_db_setup
    changes = {"CLOCK": FixedClock(AT), "REQUIRE_MFA": False}
    with django_db_blocker.unblock(), override_settings(**changes), transaction.atomic():
        assert settings.CLOCK.now() == AT
        founded = found_town(AT, has_phone=True)
        add_tested(founded)
        yield founded
        transaction.set_rollback(True)
