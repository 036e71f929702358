"""Behind a reverse proxy the address is the caller's, and nobody else can say so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from shouwang.config.proxies import BehindProxies, reached_at, read_networks, trusted_origins

PROXIES = read_networks("127.0.0.1, 10.1.0.0/16,::1")


def address_seen(remote: str, forwarded: str | None) -> str:
    seen: list[str] = []

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        del start
        seen.append(environ["REMOTE_ADDR"])
        return []

    environ = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    BehindProxies(application, PROXIES)(environ, None)
    return seen[0]


@pytest.mark.parametrize(
    ("remote", "forwarded", "seen"),
    [
        ("127.0.0.1", "113.204.1.2", "113.204.1.2"),
        ("127.0.0.1", "8.8.8.8, 113.204.1.2", "113.204.1.2"),
        ("127.0.0.1", "8.8.8.8, 113.204.1.2, 10.1.4.4", "113.204.1.2"),
        ("::1", "2409:8a62::7", "2409:8a62::7"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "10.1.4.4", "10.1.4.4"),
        ("127.0.0.1", "113.204.1.2, <script>", "127.0.0.1"),
        ("", "113.204.1.2", ""),
    ],
)
def test_the_nearest_address_that_is_no_proxy_counts(remote: str, forwarded: str | None, seen: str) -> None:
    assert address_seen(remote, forwarded) == seen


def test_who_is_no_proxy_cannot_give_itself_another_address() -> None:
    assert address_seen("113.204.1.9", "8.8.8.8") == "113.204.1.9"


def test_a_part_that_is_no_address_is_named_at_the_start() -> None:
    with pytest.raises(ValueError, match=r"gateway\.local"):
        read_networks("127.0.0.1,gateway.local")


LOCAL = "localhost,127.0.0.1,[::1]"


@pytest.mark.parametrize(
    ("address", "host", "origin"),
    [
        ("https://sw.example.cn", "sw.example.cn", "https://sw.example.cn"),
        ("https://sw.example.cn:8443/", "sw.example.cn", "https://sw.example.cn:8443"),
        ("http://192.168.1.20:8026", "192.168.1.20", "http://192.168.1.20:8026"),
    ],
)
def test_the_address_printed_into_qr_codes_is_answered_and_its_forms_are_taken(
    address: str, host: str, origin: str
) -> None:
    assert reached_at(address, LOCAL) == ["localhost", "127.0.0.1", "[::1]", host]
    assert trusted_origins(address, "https://other.example.cn") == ["https://other.example.cn", origin]


def test_a_host_that_is_named_twice_is_named_once() -> None:
    assert reached_at("http://127.0.0.1:8026", LOCAL) == ["localhost", "127.0.0.1", "[::1]"]
    assert reached_at("http://[::1]:8026", "localhost") == ["localhost", "[::1]"]
    assert trusted_origins("https://a.cn", "https://a.cn") == ["https://a.cn"]
