"""Addresses of servers: as people write them, and where one listens."""

from __future__ import annotations

import socket
from urllib.parse import SplitResult, urlsplit

_PLAIN = {"ws": "http", "wss": "https"}


def server_address(text: str) -> SplitResult:
    """The server meant by ``http://host:port``, ``ws://…``, ``https://host/below`` or ``host:port``: with scheme
    ``http`` or ``https``, a path without slash at its end, and nothing behind the path.

    Raises ``ValueError`` saying what is wrong with it.
    """
    parts = urlsplit(text.strip() if "//" in text else f"http://{text.strip()}")
    scheme = _PLAIN.get(parts.scheme, parts.scheme)
    if scheme not in ("http", "https"):
        raise ValueError(f"write http://host:port, not {parts.scheme}://")
    if not parts.hostname:
        raise ValueError("it names no host; write http://host:port")
    _ = parts.port  # raises where it is no number of a port
    return SplitResult(scheme, parts.netloc, parts.path.rstrip("/"), "", "")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, of IPv6 where ``host`` is an address of it; "::" takes IPv4 as well. Raises ``OSError``."""
    six = ":" in host
    family = socket.AF_INET6 if six else socket.AF_INET
    both = six and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=512, dualstack_ipv6=both)


def shown_address(listener: socket.socket) -> str:
    """Where ``listener`` is reached from this machine, ``host:port`` as a browser takes it."""
    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{here}]:{port}" if ":" in here else f"{here}:{port}"
