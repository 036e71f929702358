"""The ground of the field tests: a small town, a clock one sets by hand, phones that are enrolled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import override_settings

from shouwang.devices.actions import make_enrol_code
from shouwang.devices.models import Command, Conflict, Device
from shouwang.journal.models import Event
from shouwang.kernel.actor import Actor
from shouwang.kernel.scope import Scope
from shouwang.observation.models import DailyCheck
from tests.conftest import CHINA
from tests.field_phone import Phone, client_wire
from tests.town import Town, found_town

AT = datetime(2020, 2, 1, 18, 0, tzinfo=CHINA)
CLERK = Actor("clerk", "冉晓梅")
EVERYTHING = Scope.everything()
ROLES = ("village-doctor", "village-cadre", "town-clerk", "administrator")


@dataclass
class HandClock:
    """The clock of the interfaces; tests set it."""

    at: datetime = AT

    def now(self) -> datetime:
        return self.at

    def later(self, **much: float) -> datetime:
        self.at += timedelta(**much)
        return self.at


@dataclass
class Field:
    """The town with its clock."""

    town: Town
    clock: HandClock

    def code(self, role: str = "village-doctor", place: str = "own village") -> str:
        """A one-time code for a log-in."""
        user = self.town.user(role, place)
        return make_enrol_code(user_id=user.id, scope=EVERYTHING, by=CLERK, at=self.clock.at).code

    def phone(self, role: str = "village-doctor", place: str = "own village", **how: Any) -> Phone:
        """A phone of this role, enrolled yesterday evening."""
        now, self.clock.at = self.clock.at, self.clock.at - timedelta(days=1)
        phone = Phone(client_wire(), **how)
        assert phone.enrol(self.code(role, place)).status == 200
        self.clock.at = now
        return phone

    @property
    def file(self) -> UUID:
        return self.town.ids["file"]


@contextmanager
def a_field() -> Iterator[Field]:
    """Founded, its clock at 18:00 on 1 February."""
    clock = HandClock()
    with override_settings(CLOCK=clock, REQUIRE_MFA=False):
        yield Field(found_town(AT, roles=ROLES), clock)


def stored(command: dict[str, Any]) -> Command:
    """A command of the inbox."""
    return Command.objects.unscoped("test").get(id=command["id"])


def conflicts() -> list[Conflict]:
    return list(Conflict.objects.unscoped("test").order_by("received_at", "id"))


def the_check(command: dict[str, Any]) -> DailyCheck:
    """The check that a command became."""
    return DailyCheck.objects.unscoped("test").get(id=command["id"])


def has_check(command: dict[str, Any]) -> bool:
    return DailyCheck.objects.unscoped("test").filter(id=command["id"]).exists()


def device_row(phone: Phone) -> Device:
    return Device.objects.unscoped("test").get(id=phone.device)


def events(verb: str) -> int:
    return Event.objects.unscoped("test").filter(verb=verb).count()


def statuses(body: dict[str, Any]) -> list[tuple[str, str]]:
    """(status, code) of each receipt, in order."""
    return [(one["status"], one["code"]) for one in body["receipts"]]
