"""Listening: a socket that is there before the address is told, and a server that ends in order."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from pipeline.errors import ConfigError

_GRACE = 5
"""Seconds that requests in hand have to be answered when the server is to stop."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket that listens, or raise ConfigError."""
    bare = host.strip("[]")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigError(f"{host} is no address of this machine: {error.strerror}", "choose another --host") from error
    with made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind(place)
            made.listen(128)
        except OSError as error:
            reason = f"cannot listen at {host}:{port}: {error.strerror}"
            raise ConfigError(reason, "choose another with --port, or stop what listens there") from error
        yield made


def address_of(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine.

    >>> address_of("0.0.0.0", 80), address_of("::1", 8765)
    ('http://127.0.0.1:80', 'http://[::1]:8765')
    """
    bare = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host.strip("[]"))  # noqa: S104 - told apart
    return f"http://[{bare}]:{port}" if ":" in bare else f"http://{bare}:{port}"


def serve(app: Starlette, listener: socket.socket) -> None:
    """Answer requests until the process is asked to stop."""
    settings = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=30,
        limit_concurrency=200,
        h11_max_incomplete_event_size=64 * 1024,
    )
    uvicorn.Server(settings).run(sockets=[listener])
