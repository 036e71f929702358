"""The ground of every test: a PostgreSQL of its own under `build/`, a fixed instant, named characters."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tools import messages

ROOT = Path(__file__).resolve().parent.parent
os.environ["DJANGO_SETTINGS_MODULE"] = "shouwang.config.settings"
"""What child processes read: the product as it is. This process has read `tests.settings` by now."""

messages.compile_all()  # before Django reads them; nothing where they are up to date

settings.register_profile("house", settings.default, deadline=None)  # benchmarks hold speed, not tests
settings.load_profile("house")

CHINA = timezone(timedelta(hours=8))
SAMPLES = ROOT / "samples" / "longsha"


@pytest.fixture
def at() -> datetime:
    """The evening of 1 February 2020 in Longsha."""
    return datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)


@pytest.fixture(autouse=True)
def _no_names_of_other_tests() -> None:
    """Names of divisions are kept in memory (`places.queries.names_of`); a test's places are its own."""
    if queries := sys.modules.get("shouwang.places.queries"):
        queries._NAMES.clear()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Groups hold: what shares a town is on one worker. (pytest 9.2 with xdist 3.8 let them fall apart silently.)"""
    if not getattr(session.config.option, "loadgroup", False):
        return
    loose = [i.nodeid for i in session.items if i.get_closest_marker("xdist_group") and "@" not in i.nodeid]
    if loose:
        raise pytest.UsageError(f"xdist does not see the groups of {len(loose)} tests, of {loose[0]} first")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """A test database is a copy of one that was migrated before."""
    from django.conf import settings
    from django.db import connection

    from tests.migrated import template

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template(settings.HOME)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a test committed is deleted, not every table truncated."""
    from django.test.testcases import TransactionTestCase

    from tests.kept import Emptied

    before = TransactionTestCase._fixture_teardown
    with django_db_blocker.unblock():
        emptied = Emptied(before)
    TransactionTestCase._fixture_teardown = lambda case: emptied(case)
    yield
    TransactionTestCase._fixture_teardown = before


@pytest.fixture(scope="session", autouse=True)
def _built_files_are_found_once() -> Iterator[None]:
    """Each test client builds the middleware anew; WhiteNoise's looks four hundred built files up, as at a start."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def once(site: Any) -> None:
        if not found:
            look(site)
            found.update(site.files)
        site.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = once
    yield
    WhiteNoiseMiddleware.add_files_from_finders = look


MAY_BE_SKIPPED: tuple[str, ...] = ()
"""Reasons that are accepted on the build server (`CI=true`); anything else skipped there is a failed test."""


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(accepted in reason for accepted in MAY_BE_SKIPPED):
        report.outcome = "failed"
        report.longrepr = f"skipped on the build server: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On the build server a skipped test is a failed test."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    _refuse_skip(report)
    return report
