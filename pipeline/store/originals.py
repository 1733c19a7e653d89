"""The files that notices were read from, given only while they are what was read."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.store.paths import decode_path
from pipeline.store.records import Sighting
from pipeline.store.store import Store

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_BLOCK = 1 << 20
_Stamp = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a document, or the pictures of one notice in their order."""

    sha256: str
    paths: tuple[Path, ...]


class Originals:
    """Finds the files of documents; that a file is what was read is told by its hash, and remembered while it stays."""

    def __init__(self, store: Store) -> None:
        """Look into `store` for where documents were seen."""
        self._store = store
        self._hashed: dict[tuple[_Stamp, ...], str] = {}

    def find(self, sha256: str) -> Original | None:
        """Return a document's file; None where it is not there any more, or not what was read."""
        for seen in _groups(self._store.sightings_of(sha256)):
            paths = tuple(path for sighting in seen if (path := _place(sighting)) is not None)
            if len(paths) == len(seen) and self._hash(paths) == sha256:
                return Original(sha256, paths)
        return None

    def _hash(self, paths: tuple[Path, ...]) -> str | None:
        """Return the hash of the files' bytes in order, None where one of them cannot be read."""
        try:
            stamps = tuple(_stamp(path) for path in paths)
            if stamps not in self._hashed:
                self._hashed[stamps] = _hash_of(paths)
        except OSError:
            return None
        return self._hashed[stamps]


def _groups(seen: Sequence[Sighting]) -> list[list[Sighting]]:
    """Return the files of each copy of a document: one file, or the numbered pictures of one folder."""

    def folder(sighting: Sighting) -> tuple[str, str]:
        return sighting.inbox, str(Path(sighting.path).parent)

    whole = [[sighting] for sighting in seen if not sighting.page]
    parts = sorted((sighting for sighting in seen if sighting.page), key=lambda s: (*folder(s), s.page))
    return [*whole, *(list(group) for _, group in groupby(parts, folder))]


def _place(sighting: Sighting) -> Path | None:
    """Return where a file is; None for what is not on this machine, or would lead out of its inbox."""
    if urlsplit(sighting.inbox).netloc:
        return None
    try:
        inbox = decode_path(sighting.inbox).resolve()
        path = inbox / decode_path(sighting.path)
        inside = path.parent.resolve().is_relative_to(inbox)
    except (OSError, RuntimeError, ValueError):
        return None
    return path if inside else None


def open_file(path: Path) -> int:
    """Open a regular file, and nothing that a link leads to."""
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no regular file", str(path))
    return descriptor


def _stamp(path: Path) -> _Stamp:
    now = path.lstat()
    return str(path), now.st_size, now.st_mtime_ns, now.st_ino


def _hash_of(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with os.fdopen(open_file(path), "rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
