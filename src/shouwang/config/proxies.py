"""反向代理 Whose request it is behind a reverse proxy: the address that limits count by.

Without this every phone of a district has the proxy's address, and ten wrong codes typed by one lock out all. Only a
proxy that the installation names is believed; anybody can write the header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
Network = IPv4Network | IPv6Network


def read_networks(text: str) -> tuple[Network, ...]:
    """ "127.0.0.1, 10.0.0.0/8" as networks. Raises ValueError with the part that is none."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def reached_at(address: str, hosts: str) -> list[str]:
    """Host names that are answered: those that are named, and that of the address people open."""
    named = [host.strip() for host in hosts.split(",") if host.strip()]
    host = urlsplit(address).hostname or ""
    return named if not host or host in named else [*named, f"[{host}]" if ":" in host else host]


def trusted_origins(address: str, origins: str) -> list[str]:
    """Origins whose forms are taken: those that are named, and that of the address people open.

    Behind a proxy that speaks https for us a request looks like http; without this every form would be refused.
    """
    named = [origin.strip() for origin in origins.split(",") if origin.strip()]
    parts = urlsplit(address)
    own = f"{parts.scheme}://{parts.netloc}"
    return named if not parts.netloc or own in named else [*named, own]


class BehindProxies:
    """A WSGI application around another: `REMOTE_ADDR` becomes the address that the nearest trusted proxy saw."""

    def __init__(self, application: Application, proxies: Sequence[Network]) -> None:
        self._application, self._proxies = application, proxies

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        """Several proxies in a row are passed from the nearest outwards, as far as they are named."""
        told = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        while self._is_ours(str(environ.get("REMOTE_ADDR", ""))) and told:
            before = told.pop().strip()
            if not _is_address(before):
                break
            environ["REMOTE_ADDR"] = before
        return self._application(environ, start)

    def _is_ours(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
