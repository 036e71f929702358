"""Founding: a place with everything it starts with."""

from __future__ import annotations

from datetime import datetime

import pytest

from shouwang.journeys.found_place import found_place
from shouwang.places.queries import subtree
from tests.conftest import CHINA
from tests.journeys.living import CLERK, EVERYTHING, TOWN

pytestmark = pytest.mark.django_db
AT = datetime(2020, 1, 28, 9, 0, tzinfo=CHINA)


def test_a_second_county_is_founded_with_its_towns_and_villages() -> None:
    found_place(place_code=TOWN, pack_id="cn-2020-longsha", by=CLERK, at=AT)
    found_place(place_code="500153", pack_id="cn-2020-rongchang", by=CLERK, at=AT)
    assert subtree(EVERYTHING, "500153", level="village")
