"""Which document a file is: the SHA-256 of its bytes, as reading tells it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import MissingFileError

_CHUNK = 1 << 20
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link put in the file's place meanwhile is not followed, and a pipe does not hold the run up."""


def digest(paths: Sequence[Path], root: Path) -> str:
    """Return the SHA-256 of one file's bytes, or of several files' one after the other.

    No link is followed below `root`, so that nothing but the inbox's own files is read, whatever is changed in it.
    Raises :class:`~pipeline.errors.MissingFileError` where one cannot be read.
    """
    running = hashlib.sha256()
    for path in paths:
        try:
            descriptor = _open(path, root)
            with os.fdopen(descriptor, "rb") as stream:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise MissingFileError(f"{path.name} is not a regular file", "give the path of a document")
                while piece := stream.read(_CHUNK):
                    running.update(piece)
        except OSError as error:
            reason = f"{path.name} cannot be read ({error.strerror})"
            raise MissingFileError(reason, "change its permissions, or put it into the inbox again") from error
    return running.hexdigest()


def _open(path: Path, root: Path) -> int:
    """Open a file folder by folder, from `root` on."""
    *folders, name = path.relative_to(root).parts
    inner = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            outer, inner = inner, os.open(folder, _FLAGS | os.O_DIRECTORY, dir_fd=inner)
            os.close(outer)
        return os.open(name, _FLAGS, dir_fd=inner)
    finally:
        os.close(inner)
