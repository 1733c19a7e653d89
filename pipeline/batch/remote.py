"""Inboxes that are no folder of this machine: object storage, or whatever else fsspec knows, named by a URL."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pipeline.batch.child import Read
from pipeline.batch.inbox import Found, Inbox, LocalInbox, Scan, is_furniture, passing
from pipeline.batch.reader import Reader
from pipeline.batch.verdict import Reading, Task
from pipeline.config import ClusterSettings, Settings
from pipeline.errors import ConfigError, MissingDependencyError, MissingFileError, PipelineError, StorageError
from pipeline.store import encode_path

FileSystem: TypeAlias = Any
"""fsspec's own, which has no types."""

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CHUNK = 1 << 20
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified")
_MARKS = ("ETag", "etag", "md5Hash", "content_md5", "generation")
"""What services call an object's time, and what is another one with every content."""
_SETTLED = 60.0
"""Seconds after which an object is not asked for again: that would be a request for each one."""


def is_url(inbox: str) -> bool:
    """Tell whether an inbox is named by a URL and not by a path.

    >>> is_url("s3://archive/2024"), is_url("/srv/inbox")
    (True, False)
    """
    return _URL.match(inbox) is not None


def open_inbox(inbox: Path | str, settings: ClusterSettings) -> Inbox:
    """Return the inbox of that path or URL."""
    if isinstance(inbox, Path) or not is_url(inbox):
        return LocalInbox(Path(inbox).absolute())
    parts = urlsplit(inbox)
    if "@" in parts.netloc:
        raise ConfigError(
            "the inbox's URL holds a name or a password", "leave them to the environment, such as AWS_ACCESS_KEY_ID"
        )
    protocol, _, path = inbox.partition("://")
    if protocol.lower() in {"file", "local"}:
        return LocalInbox(Path(path).absolute())
    return RemoteInbox(Storage(protocol.lower(), settings.s3_endpoint_url, settings.s3_anon), Path(path.rstrip("/")))


@dataclass(frozen=True, slots=True)
class Storage:
    """Where objects are, without any secret: those come from the environment of whoever reads."""

    protocol: str
    endpoint_url: str | None = None
    anon: bool = False

    def url(self, path: Path) -> str:
        """Return the URL of an object."""
        return f"{self.protocol}://{path.as_posix()}"


@dataclass(frozen=True, slots=True)
class RemoteInbox:
    """All objects whose names begin with `root`, which begins with the bucket."""

    storage: Storage
    root: Path

    @property
    def name(self) -> str:
        """What the store calls it: its URL."""
        return encode_path(self.storage.url(self.root))

    @property
    def folder(self) -> Path | None:
        """None: files are fetched."""
        return None

    def scan(self, *, recursive: bool) -> Scan:
        """Look through it; what is passed over is what would be so in a folder."""
        files: list[Found] = []
        passed: list[tuple[Path, str]] = []
        with _translated(self.storage.url(self.root)):
            system = file_system(self.storage)
            tree = system.walk(self.root.as_posix(), maxdepth=None if recursive else 1, detail=True, on_error="raise")
            for _, folders, found in tree:
                for folder in [folder for folder in folders if is_furniture(folder)]:
                    del folders[folder]
                for name, info in found.items():
                    _sort_in(name, info, files, passed)
        return Scan(tuple(sorted(files, key=lambda file: file.path)), tuple(sorted(passed)), ())

    def look(self, file: Found) -> Found | None:
        """Return a file as it is now; one that is no longer new is held for what it was."""
        if time.time() - file.mtime_ns / 1e9 > _SETTLED:
            return file
        try:
            with _translated(self.storage.url(file.path)):
                return _found(file.path, file_system(self.storage).info(file.path.as_posix()))
        except MissingFileError:
            return None

    def digest(self, paths: Sequence[Path]) -> str | None:
        """Return None: who reads a document fetches it, once."""
        del paths
        return None

    def identify(self, paths: Sequence[Path]) -> str:
        """Fetch a document and return the SHA-256 of its bytes; for one that ended its reader."""
        running = hashlib.sha256()
        for path in paths:
            for piece in _pieces(self.storage, path):
                running.update(piece)
        return running.hexdigest()

    def reader(self, reader: Reader) -> Reader:
        """Return what fetches before it reads by `reader`."""
        return Reader(Fetching(reader.read, self.storage), reader.warm_up)

    def check_apart(self, *outputs: Path) -> None:
        """Do nothing: results are on this machine."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Reads a document after it has fetched it into its child's own folder, and tells the SHA-256 of its bytes."""

    read: Read
    storage: Storage

    def __call__(self, task: Task, settings: Settings) -> Reading:
        """Read a task whose paths are names of objects."""
        with tempfile.TemporaryDirectory(prefix="fetched-") as folder:
            try:
                paths, sha256 = self._fetch(task.paths, Path(folder), settings.read.max_bytes)
            except PipelineError as error:
                return Reading(
                    "refused", kind=error.kind, reason=error.reason, advice=error.advice, exit_code=error.exit_code
                )
            if task.sha256 not in {None, sha256}:
                return Reading("changed", sha256=sha256)
            reading = self.read(replace(task, paths=paths, sha256=None), settings)
        return replace(reading, sha256=sha256)

    def _fetch(self, objects: Sequence[Path], folder: Path, most: int) -> tuple[tuple[Path, ...], str]:
        """Fetch objects; one over the limit of bytes is kept just so far that its reader sees that."""
        running = hashlib.sha256()
        paths = []
        for number, path in enumerate(objects):
            (folder / str(number)).mkdir()
            paths.append(folder / str(number) / path.name)
            with _kept(paths[-1]) as stream:
                room = most + 1
                for piece in _pieces(self.storage, path):
                    running.update(piece)
                    room -= stream.write(piece[:room])
        return tuple(paths), running.hexdigest()


@lru_cache(maxsize=4)
def file_system(storage: Storage) -> FileSystem:
    """Return what lists and reads the objects of `storage`."""
    try:
        if storage.protocol == "s3":
            return _s3(storage)
        import fsspec  # noqa: PLC0415 - of an extra

        return fsspec.filesystem(storage.protocol)
    except ImportError as error:
        raise MissingDependencyError(
            f"reading from {storage.protocol}:// needs a package that is not installed ({error})",
            'pip install "chidao[cluster]", and the package that fsspec asks for',
        ) from error
    except ValueError as error:
        raise ConfigError(f"{storage.protocol}:// is no kind of inbox", "name a folder or a URL of s3://") from error


def _s3(storage: Storage) -> FileSystem:
    from fsspec.implementations.arrow import ArrowFSWrapper  # noqa: PLC0415 - of an extra
    from pyarrow.fs import S3FileSystem  # noqa: PLC0415 - of an extra

    options: dict[str, Any] = {"connect_timeout": 10, "anonymous": storage.anon}
    if region := os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"):
        options["region"] = region
    if storage.endpoint_url:
        scheme, _, place = storage.endpoint_url.partition("://")
        options |= {"endpoint_override": place.rstrip("/"), "scheme": scheme}
    return ArrowFSWrapper(S3FileSystem(**options))


def _pieces(storage: Storage, path: Path) -> Iterator[bytes]:
    """Yield an object's bytes."""
    with _translated(storage.url(path)), file_system(storage).open(path.as_posix(), "rb") as stream:
        while piece := stream.read(_CHUNK):
            yield piece


@contextmanager
def _kept(path: Path) -> Iterator[Any]:
    """Open a file to be written; where that fails it is this machine's fault, or that of an overlong name."""
    try:
        with path.open("wb") as stream:
            yield stream
    except OSError as error:
        raise StorageError(
            f"{path.name} cannot be kept while it is read ({error.strerror})", "see whether the disk is full"
        ) from error


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Turn what storage says into errors of ours."""
    try:
        yield
    except FileNotFoundError as error:
        raise MissingFileError(f"there is nothing at {url}", "see whether the address is right") from error
    except PipelineError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise StorageError(
            f"{url} cannot be read ({type(error).__name__}: {said})",
            "see whether the address, cluster.s3_endpoint_url and the environment's credentials are right",
        ) from error


def _sort_in(name: str, info: Mapping[str, Any], files: list[Found], passed: list[tuple[Path, str]]) -> None:
    """Sort an object in; one whose name is no tidy path could not be told from another one."""
    path = Path(info["name"])
    if path.as_posix() != info["name"] or ".." in path.parts:
        passed.append((path, "odd name"))
    elif (kind := passing(name)) is not None:
        passed.append((path, kind))
    elif info.get("type") != "file" or info.get("islink"):
        passed.append((path, "device"))
    else:
        files.append(_found(path, info))


def _found(path: Path, info: Mapping[str, Any]) -> Found:
    """Return an object as a file; what marks its content stands for the inode, 0 where the service tells nothing."""
    changed = _moment(next((info[name] for name in _TIMES if info.get(name) is not None), None))
    mark = next((str(info[name]) for name in _MARKS if info.get(name)), "")
    inode = int.from_bytes(hashlib.sha256(mark.encode()).digest()[:8]) if mark else 0
    return Found(path, int(info.get("size") or 0), changed, changed, inode)


def _moment(told: object) -> int:
    """Return a time in nanoseconds since 1970; 0 where none is told."""
    if isinstance(told, str):
        try:
            told = dt.datetime.fromisoformat(told)
        except ValueError:
            return 0
    if isinstance(told, dt.datetime):
        aware = told if told.tzinfo else told.replace(tzinfo=dt.UTC)
        return (aware - _EPOCH) // dt.timedelta(microseconds=1) * 1000
    return int(told * 1e9) if isinstance(told, int | float) else 0
