"""Opening: a regular file's bytes, taken once, under the size limit, with their kind and checksum."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.errors import EmptyFileError, LimitError, MissingFileError
from pipeline.read.kinds import tell_kind

# O_NONBLOCK so that a FIFO without a writer does not hang; O_NOFOLLOW so that a link cannot lead elsewhere.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

_ADVICE = "give the path of a document"


def open_source(path: Path, settings: ReadSettings) -> Source:
    """Take the bytes of the regular file `path` and tell what they are.

    Raises an :class:`~pipeline.errors.InputError` that says why the file cannot be used.
    """
    data = _take_bytes(path, settings.max_bytes)
    if not data.strip():
        raise EmptyFileError(f"{path.name} is empty", "check that it was copied or downloaded completely")
    media_type = tell_kind(data, path.name, settings)
    name = path.name.encode("utf-8", "backslashreplace").decode()  # bytes that are no UTF-8 are shown as escapes
    return Source(name, hashlib.sha256(data).hexdigest(), media_type, data)


def _take_bytes(path: Path, limit: int) -> bytes:
    try:
        stream = open(path, "rb", opener=_open_quietly)  # noqa: SIM115 - Path.open takes no opener
    except OSError as error:
        raise MissingFileError(*_explain(path, error)) from error
    except ValueError as error:  # a NUL in the name
        raise MissingFileError(f"{path.name!r} is no possible file name", "check the path") from error
    with stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise MissingFileError(f"{path.name} is not a regular file", _ADVICE)
        data = stream.read(limit + 1) if status.st_size <= limit else b""
    if status.st_size > limit or len(data) > limit:
        advice = "split it, or raise the limit read.max_bytes"
        raise LimitError(f"{path.name} is larger than {limit:,} bytes", advice)
    return data


def _open_quietly(path: str, _flags: int) -> int:
    return os.open(path, _FLAGS)


def _explain(path: Path, error: OSError) -> tuple[str, str]:
    """Say in one line why `path` could not be opened, and what to do."""
    if error.errno == errno.ELOOP:
        return f"{path.name} is a symbolic link", "give the path of the file itself"
    if error.errno == errno.EISDIR:
        return f"{path.name or path} is a folder, not a regular file", _ADVICE
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{path.name} may not be read", "change its permissions"
    if error.errno == errno.ENOENT:
        return f"there is no file {path}", "check the path"
    return f"{path.name} cannot be opened ({error.strerror})", "check the path"
