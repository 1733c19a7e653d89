"""What every request must pass and every answer carries, whatever page it is.

The application is for one machine or one office: it answers only under its own names (a hostile site's name may be
made to point here), takes changes only from its own pages, and lets no document's text run or leave the page.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web.i18n import mark
from pipeline.web.refusal import Refusal, on_fault, refused
from pipeline.web.site import site_of

logger = logging.getLogger(__name__)

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
MOST_BYTES = 1 << 20
"""The largest request that is taken."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SAFE = frozenset({"GET", "HEAD"})
_OPEN_PATHS = ("/static/", "/login")
"""What is answered before the token was shown."""


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen at can only be reached from this machine.

    >>> is_loopback("127.0.0.2"), is_loopback("0.0.0.0"), is_loopback("localhost")
    (True, False, True)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def allowed_names(host: str, further: Iterable[str]) -> frozenset[str]:
    """Return the names under which the application may be asked for."""
    own = () if host in {"0.0.0.0", "::"} else (host.strip("[]"),)  # noqa: S104 - told apart, not listened at
    return frozenset(name.lower().strip("[]") for name in (*LOOPBACK, *own, *further))


class Headers:
    """Puts the headers on every answer; what a page set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:  # this is the last border: one page that fails must not take its headers along
            logger.exception("%s failed", scope["path"])
            await on_fault(Request(scope, receive))(scope, receive, send_with_headers)


class Checks:
    """Refuses what does not come to one of the site's names, from its own pages, with the token and of a sane size."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        """Wrap `app`, which may be asked for under `names`."""
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with a page that says what to do."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            self._check(request)
        except Refusal as refusal:
            await refused(request, refusal)(scope, receive, send)
            return
        await self._app(scope, _Counted(receive), send)

    def _check(self, request: Request) -> None:
        check_host(request, self._names)
        if request.method not in _SAFE:
            check_origin(request)
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            raise too_large()
        if not request.url.path.startswith(_OPEN_PATHS) and not site_of(request).door.knows(request):
            raise Refusal(
                401,
                mark("This address needs a key."),
                mark("Open the whole address that `chidao serve` printed, or type in its token."),
            )


def check_host(request: HTTPConnection, names: frozenset[str]) -> None:
    """Refuse a request that was meant for another name; a browser cannot be made to lie about it."""
    try:
        name = urlsplit("//" + request.headers.get("host", "")).hostname or ""
    except ValueError:
        name = ""
    if name.lower() not in names:
        raise Refusal(
            421,
            mark("This application is not known under that name."),
            mark("Use the printed address, or add the name to web.allowed_hosts in chidao.toml."),
            bare=True,
        )


def check_origin(request: HTTPConnection) -> None:
    """Refuse a change that another site's page asks for; the seal of the form is looked at as well, later."""
    origin = request.headers.get("origin")
    if origin is None:
        came = request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    else:
        came = urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower() != ""
    if not came:
        raise Refusal(
            403,
            mark("Another site's page asked for this change."),
            mark("Go to the page here and do it again."),
            bare=True,
        )


def too_large() -> Refusal:
    """Return the refusal of a request with too many bytes."""
    return Refusal(413, mark("The request is too large."), mark("Send less at one time."))


class _Counted:
    """Receives a request's body, and no more of it than may be."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._left = receive, MOST_BYTES

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise too_large()
        return message
