"""What a run has to do: which files are new or changed, which belong together, and what their results are called."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.account import Entry, Fate
from pipeline.batch.groups import group_pictures
from pipeline.batch.inbox import Found, Scan
from pipeline.store import Sighting, encode_path
from pipeline.write import printable, result_names


@dataclass(frozen=True, slots=True)
class Work:
    """One document to be read: its files, the path that stands for them, and the name that its results may have."""

    path: Path
    pages: tuple[Found, ...]
    name: str
    file: str
    """The path within the inbox, as people are shown it."""

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(page.size for page in self.pages)


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's work in order, what is said of files that are not read, and how many have not changed since."""

    works: tuple[Work, ...]
    entries: tuple[Entry, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the new files are taken: those changed `since` a time, at most `limit` documents, pictures together."""

    limit: int | None = None
    since: dt.datetime | None = None
    group: bool = True


class Ledger:
    """What earlier runs saw of an inbox, and whether it is still so."""

    def __init__(self, inbox: Path, sightings: Mapping[str, Sighting], pending: Collection[str]) -> None:
        """Take the store's sightings of `inbox`, and which documents are still to be read."""
        self._inbox = inbox
        self._sightings = sightings
        self._pending = pending
        self._members = Counter(sighting.sha256 for sighting in sightings.values() if sighting.page)

    def has_seen(self, file: Found) -> bool:
        """Tell whether a file was seen as it is now, and so has come to rest."""
        sighting = self._sightings.get(encode_path(file.path.relative_to(self._inbox)))
        return sighting is not None and _is_same(sighting, file)

    def knows(self, pages: Sequence[Found]) -> bool:
        """Tell whether these files were read as one document, as they are now, and need not be read again."""
        seen = [self._sightings.get(encode_path(page.path.relative_to(self._inbox))) for page in pages]
        if any(sighting is None or not _is_same(sighting, page) for sighting, page in zip(seen, pages, strict=True)):
            return False
        documents = {sighting.sha256 for sighting in seen if sighting is not None}
        first = next(iter(documents))
        together = self._members[first] == len(pages) if len(pages) > 1 else True
        return len(documents) == 1 and together and first not in self._pending


def make_plan(inbox: Path, found: Scan, moving: Collection[Path], ledger: Ledger, choice: Choice) -> Plan:
    """Sort the files of an inbox into what is read and what is not; `moving` are the paths that are not at rest."""
    entries = [Entry(shown(inbox, path), "passed", kind=kind) for path, kind in found.passed]
    entries += [_blocked(inbox, folder) for folder in found.blocked]
    candidates, unchanged = [], 0
    for path, pages in _documents(found.files, choice.group):
        if any(page.path in moving for page in pages):
            entries += [_entry(inbox, page, "waiting", "still being written") for page in pages]
        elif ledger.knows(pages):
            unchanged += len(pages)
        elif choice.since is not None and not _changed_since(pages, choice.since):
            entries += [_entry(inbox, page, "left", "older than --since") for page in pages]
        else:
            candidates.append((path, pages))
    most = len(candidates) if choice.limit is None else choice.limit
    taken, left = candidates[:most], candidates[most:]
    entries += [_entry(inbox, page, "left", "over --limit") for _, pages in left for page in pages]
    return Plan(tuple(_named(inbox, taken, found.files)), tuple(entries), unchanged)


def shown(inbox: Path, path: Path) -> str:
    """Return a file's path within the inbox, as people and tables are shown it."""
    return printable(path.relative_to(inbox).as_posix())


def _documents(files: Iterable[Found], group: bool) -> Iterator[tuple[Path, tuple[Found, ...]]]:
    """Yield each document's path and files, in order."""
    by_path = {file.path: file for file in files}
    paths, groups = group_pictures(by_path) if group else (list(by_path), {})
    for path in paths:
        yield path, tuple(by_path[page] for page in groups.get(path, [path]))


def _named(inbox: Path, taken: Sequence[tuple[Path, tuple[Found, ...]]], files: Iterable[Found]) -> Iterator[Work]:
    """Name results after all files that are there, so that a run in two halves names them as one run does."""
    if not taken:
        return
    paths = sorted({file.path for file in files} | {path for path, _ in taken})
    names = dict(zip(paths, result_names([path.relative_to(inbox) for path in paths]), strict=True))
    for path, pages in taken:
        yield Work(path, pages, names[path], shown(inbox, path))


def _is_same(sighting: Sighting, page: Found) -> bool:
    return (sighting.size, sighting.mtime_ns, sighting.inode) == (page.size, page.mtime_ns, page.inode)


def _changed_since(pages: Iterable[Found], since: dt.datetime) -> bool:
    return any(page.mtime_ns / 1e9 >= since.timestamp() for page in pages)


def _entry(inbox: Path, page: Found, fate: Fate, reason: str) -> Entry:
    return Entry(shown(inbox, page.path), fate, reason=reason)


def _blocked(inbox: Path, folder: Path) -> Entry:
    reason = "the folder may not be listed"
    return Entry(shown(inbox, folder) + "/", "refused", kind="no-file", reason=reason, advice="change its permissions")
