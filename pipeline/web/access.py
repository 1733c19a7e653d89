"""Who may come in: a token that is shown once, a cookie that stands for it, and the seal on forms.

Cookies are shared by all ports of a host, so their names hold the port: two applications do not log each other out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from pipeline.store import encode_path

_NONCE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST_NAME = 100
_PORT = re.compile(r":(\d{1,5})$")


class Door:
    """The token and what stands for it; without a token the door is open."""

    def __init__(self, token: str | None) -> None:
        """Keep what is compared, not the token."""
        self._token = None if token is None else _digest(b"token", token.encode())
        self._session = None if token is None else _digest(b"session", token.encode())

    @property
    def is_open(self) -> bool:
        """Tell whether everybody may come in."""
        return self._token is None

    def opens_for(self, token: str) -> bool:
        """Tell whether that is the token."""
        return self._token is not None and hmac.compare_digest(self._token, _digest(b"token", token.encode()))

    def knows(self, connection: HTTPConnection) -> bool:
        """Tell whether a request may come in: by its cookie, or by ``Authorization: Bearer TOKEN``."""
        if self._session is None:
            return True
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.opens_for(token.strip()):
            return True
        shown = connection.cookies.get(cookie_name(connection, "session"), "")
        return hmac.compare_digest(self._session.encode(), shown.encode())

    def let_in(self, connection: HTTPConnection, response: Response) -> None:
        """Give the browser the cookie that stands for the token."""
        if self._session is not None:
            _set_cookie(connection, response, "session", self._session, "lax")


class Seal:
    """The seal on forms: a page's form carries one that fits the browser's cookie, and another site can make none."""

    def __init__(self) -> None:
        """Take a key of this process: forms of an earlier one are refused."""
        self._key = secrets.token_bytes(32)

    def nonce(self, connection: HTTPConnection) -> str:
        """Return what the browser's cookie holds; a new one where it has none."""
        known = connection.cookies.get(cookie_name(connection, "form"), "")
        return known if _NONCE.fullmatch(known) else secrets.token_urlsafe(32)

    def of(self, nonce: str) -> str:
        """Return the seal that fits a nonce."""
        return _digest(self._key, nonce.encode())

    def fits(self, connection: HTTPConnection, seal: str) -> bool:
        """Tell whether a request's seal fits its cookie."""
        known = connection.cookies.get(cookie_name(connection, "form"), "")
        whole = bool(_NONCE.fullmatch(known))
        return hmac.compare_digest(self.of(known).encode(), seal.encode()) and whole

    @staticmethod
    def give(connection: HTTPConnection, response: Response, nonce: str) -> None:
        """Give the browser its nonce, where it has another."""
        if connection.cookies.get(cookie_name(connection, "form")) != nonce:
            _set_cookie(connection, response, "form", nonce, "strict")


def user_of(connection: HTTPConnection, header: str | None) -> str | None:
    """Return the user whom a proxy in front names; None where no header was agreed on, or it is empty."""
    named = connection.headers.get(header, "").strip() if header else ""
    return encode_path(named)[:_LONGEST_NAME] or None


def cookie_name(connection: HTTPConnection, what: str) -> str:
    """Return the name of one of this application's cookies."""
    port = _PORT.search(connection.headers.get("host", ""))
    return f"chidao_{what}_{port[1] if port else 'web'}"


def _set_cookie(
    connection: HTTPConnection, response: Response, what: str, value: str, same_site: Literal["lax", "strict"]
) -> None:
    """Set a cookie that no script reads."""
    name, secure = cookie_name(connection, what), connection.url.scheme == "https"
    response.set_cookie(name, value, httponly=True, samesite=same_site, secure=secure, path="/")


def _digest(key: bytes, data: bytes) -> str:
    return hmac.new(key, data, hashlib.sha256).hexdigest()
