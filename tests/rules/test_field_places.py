"""Places of phones (docs/reference/sync.md §7): bounded, and whoever finds none is told when to come again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest

from shouwang.fieldapi.places import Places

PATH = "/api/field/v1/commands"
LONG = 30.0


class Inside:
    """An application that works until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.come = threading.Semaphore(0)
        self.bodies: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        self.come.release()
        assert self.go.wait(LONG)
        start("200 OK", [])
        return [b"done"]


def ask(places: Places, path: str = PATH, body: bytes = b"{}") -> tuple[str, dict[str, str], bytes]:
    """One request through the places."""
    told: list[tuple[str, dict[str, str]]] = []
    environ = {"PATH_INFO": path, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    answer = b"".join(places(environ, lambda status, headers: told.append((status, dict(headers)))))
    return (*told[0], answer)


@pytest.fixture
def inside() -> Inside:
    return Inside()


def begun(places: Places, inside: Inside, number: int) -> list[threading.Thread]:
    """So many requests, each inside."""
    threads = [threading.Thread(target=ask, args=(places,)) for _ in range(number)]
    for thread in threads:
        thread.start()
        assert inside.come.acquire(timeout=LONG)
    return threads


def test_beyond_its_places_a_phone_is_told_to_come_again_and_when(inside: Inside) -> None:
    places = Places(inside, limit=2, waiting=1, patience=0.01)
    threads = begun(places, inside, 2)
    told = [ask(places) for _ in range(20)]
    assert {status for status, _, _ in told} == {"503 Service Unavailable"}
    assert {body for _, _, body in told} == {b'{"code":"busy"}'}
    waits = {int(headers["Retry-After"]) for _, headers, _ in told}
    assert waits <= set(range(5, 31))
    assert len(waits) > 1, "spread"
    inside.go.set()
    for thread in threads:
        thread.join(LONG)
    assert ask(places)[0] == "200 OK"


def test_whoever_waits_is_let_in_when_a_place_is_free(inside: Inside) -> None:
    places = Places(inside, limit=1, waiting=1, patience=LONG)
    first = begun(places, inside, 1)
    told: list[str] = []
    second = threading.Thread(target=lambda: told.append(ask(places)[0]))
    second.start()
    inside.go.set()
    for thread in [*first, second]:
        thread.join(LONG)
    assert told == ["200 OK"]


def test_the_desk_needs_no_place(inside: Inside) -> None:
    places = Places(inside, limit=1, waiting=1, patience=0.01)
    threads = begun(places, inside, 1)
    desk = threading.Thread(target=ask, args=(places, "/checks/"))
    desk.start()
    assert inside.come.acquire(timeout=LONG), "the desk waits for phones"
    inside.go.set()
    for thread in [*threads, desk]:
        thread.join(LONG)


def test_a_fault_inside_gives_its_place_back() -> None:
    def faulty(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        raise ValueError

    places = Places(faulty, limit=1, waiting=1, patience=0.01)
    for _ in range(3):
        with pytest.raises(ValueError):
            ask(places)


def test_of_a_body_no_more_is_read_than_a_batch_may_be(inside: Inside) -> None:
    inside.go.set()
    places = Places(inside, limit=1, waiting=1, patience=0.01)
    ask(places, body=b" " * 3_000_000)
    assert [len(body) for body in inside.bodies] == [1_000_001]
