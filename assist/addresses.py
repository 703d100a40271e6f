"""Addresses of servers and of web pages: as people write them, and where one listens."""

from __future__ import annotations

import re
import socket
from urllib.parse import SplitResult, urlsplit

_PLAIN = {"ws": "http", "wss": "https"}
_ORIGIN = re.compile(r"(?!wss?:)([a-z][a-z0-9+.-]*)://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]+)?")
_OWN_PORTS = {("http", ":80"), ("https", ":443")}


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


def web_origin(text: str) -> str:
    """The web origin meant by ``https://desk.example.gov.cn/``, as browsers send it: in lower case, without the port
    that is the scheme's own, and without slash.

    Raises ``ValueError`` saying how an origin is written.
    """
    origin = text.strip().lower().removesuffix("/")
    found = _ORIGIN.fullmatch(origin)
    if not found:
        raise ValueError(
            "write an origin as browsers send it, such as https://desk.example.gov.cn or http://10.0.9.21:8012: scheme "
            "and host (a Chinese one in its form xn--…), the port where it is not the usual one, and nothing behind"
        )
    return origin.removesuffix(found[2]) if found.groups() in _OWN_PORTS else origin


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
