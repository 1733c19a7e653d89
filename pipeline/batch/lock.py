"""One run at a time in a folder of results."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import LockedError, OutputError

_NAME = ".chidao.lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process, or raise :class:`~pipeline.errors.LockedError`.

    The kernel lets go when the process ends, however it ends, so that no lock is ever stale. The file stays, empty.
    """
    try:
        descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutputError(
            f"cannot write into {folder}: {error.strerror}", "choose another folder with --out"
        ) from error
    try:
        _take(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LockedError(f"another run is writing into {folder}", "wait until it has ended, or stop it") from error
