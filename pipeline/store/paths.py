"""Paths as one line of text and back, whatever bytes a file system allows in a name."""

from __future__ import annotations

import os
import re
from pathlib import Path

# A fixed list, not `str.isprintable`: that changes with Python's version, and paths are compared across versions.
_ESCAPED = re.compile(
    "[\\\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]",
)
_BYTE = re.compile(rb"\\(\\|x[0-9a-f]{2})")


def encode_path(path: Path | str) -> str:
    r"""Return `path` as one line of valid Unicode: odd bytes, controls and backslashes are escaped.

    >>> encode_path("a\nb\\c"), encode_path(b"caf\xe9".decode("utf-8", "surrogateescape"))
    ('a\\x0ab\\\\c', 'caf\\xe9')
    """
    return _ESCAPED.sub(_escape, os.fsencode(path).decode("utf-8", "surrogateescape"))


def decode_path(text: str) -> Path:
    r"""Return the path that `encode_path` wrote as `text`.

    >>> decode_path('a\\x0ab') == Path("a\nb")
    True
    """
    return Path(os.fsdecode(_BYTE.sub(_byte, text.encode("utf-8", "surrogateescape"))))


def _escape(match: re.Match[str]) -> str:
    if match[0] == "\\":
        return "\\\\"
    return "".join(f"\\x{byte:02x}" for byte in match[0].encode("utf-8", "surrogateescape"))


def _byte(match: re.Match[bytes]) -> bytes:
    return b"\\" if match[1] == b"\\" else bytes([int(match[1][1:], 16)])
