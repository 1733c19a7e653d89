"""Opening: a regular file's bytes, taken once, under the size limit, with their kind and checksum."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pipeline.config import ReadSettings
from pipeline.document import Source
from pipeline.errors import EmptyFileError, FileSizeError, MissingFileError, UnsupportedFileError
from pipeline.read.kinds import tell_kind

# O_NONBLOCK so that a FIFO without a writer does not hang; O_NOFOLLOW so that a link cannot lead elsewhere.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

_HEAD = 64
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


def open_sources(paths: Sequence[Path], settings: ReadSettings) -> Source:
    """Take several pictures as the pages of one document, which is named like the first.

    Raises :class:`~pipeline.errors.UnsupportedFileError` when one of them is no picture.
    """
    first, *more = (open_source(path, settings) for path in paths)
    for source in (first, *more):
        if more and not source.media_type.startswith("image/"):
            raise UnsupportedFileError(f"{source.file_name} is no picture", "read it by itself, with --no-group")
    if sum(len(source.data) for source in (first, *more)) > settings.max_bytes:
        raise FileSizeError(
            f"the pictures are larger than {settings.max_bytes:,} bytes", "raise the limit with --set read.max_bytes=N"
        )
    digest = hashlib.sha256(b"".join(source.data for source in (first, *more))).hexdigest()
    return replace(first, sha256=digest, more=tuple(more)) if more else first


def look_at(path: Path) -> bytes:
    """Return the first bytes of the regular file `path`."""
    with _open(path) as stream:
        return stream.read(_HEAD)


def _take_bytes(path: Path, limit: int) -> bytes:
    with _open(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(limit + 1) if size <= limit else b""
    if size > limit or len(data) > limit:
        advice = "split it, or raise the limit with --set read.max_bytes=N"
        raise FileSizeError(f"{path.name} is larger than {limit:,} bytes", advice)
    return data


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """Open `path` when it is a regular file."""
    try:
        stream = open(path, "rb", opener=_open_quietly)  # noqa: SIM115 - Path.open takes no opener
    except OSError as error:
        raise MissingFileError(*_explain(path, error)) from error
    except ValueError as error:  # a NUL in the name
        raise MissingFileError(f"{path.name!r} is no possible file name", "check the path") from error
    with stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise MissingFileError(f"{path.name} is not a regular file", _ADVICE)
        yield stream


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
