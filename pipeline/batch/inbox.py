"""Which files of a folder are work."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pipeline.batch.digest import digest
from pipeline.batch.reader import Reader
from pipeline.errors import ConfigError, MissingFileError
from pipeline.store import encode_path

_PASSING = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".opdownload", ".swp", "~")
_FURNITURE = {"thumbs.db", "desktop.ini", "ehthumbs.db"}
_FURNISHED = {"__macosx", "@eadir", "lost+found", "$recycle.bin", "system volume information"}
_KINDS = {stat.S_IFLNK: "link", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFDIR: "folder"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the inbox as it was when it was looked at."""

    path: Path
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @property
    def mark(self) -> tuple[int, int, int, int]:
        """What is another one as soon as the file is written to or replaced."""
        return self.size, self.mtime_ns, self.ctime_ns, self.inode


@dataclass(frozen=True, slots=True)
class Scan:
    """What is in an inbox: files to be read, sorted; what is passed over, and why; folders that cannot be listed."""

    files: tuple[Found, ...]
    passed: tuple[tuple[Path, str], ...]
    blocked: tuple[Path, ...]

    def without(self, gone: Collection[Path]) -> Scan:
        """Return the same without some files."""
        return replace(self, files=tuple(file for file in self.files if file.path not in gone))

    def renewed(self, newer: Iterable[Found]) -> Scan:
        """Return the same with some files as they are now."""
        by_path = {file.path: file for file in newer}
        return replace(self, files=tuple(by_path.get(file.path, file) for file in self.files))


class Inbox(Protocol):
    """Where files come from: a folder, or a place that is not of this machine's file system."""

    @property
    def root(self) -> Path:
        """What the paths of all its files begin with."""

    @property
    def name(self) -> str:
        """What the store calls it."""

    @property
    def folder(self) -> Path | None:
        """The folder that whoever reads must see; None where files are fetched."""

    def scan(self, *, recursive: bool) -> Scan:
        """Look through it."""

    def look(self, file: Found) -> Found | None:
        """Return a file as it is now; None where it is gone."""

    def digest(self, paths: Sequence[Path]) -> str | None:
        """Return the SHA-256 of a document's bytes; None where only who reads it finds out."""

    def identify(self, paths: Sequence[Path]) -> str:
        """Return the SHA-256 of a document's bytes, whatever that takes."""

    def reader(self, reader: Reader) -> Reader:
        """Return what reads this inbox's files by `reader`."""

    def check_apart(self, *outputs: Path) -> None:
        """Make sure that no folder of results lies in it."""


@dataclass(frozen=True, slots=True)
class LocalInbox:
    """A folder."""

    root: Path

    @property
    def name(self) -> str:
        """What the store calls it."""
        return encode_path(self.root)

    @property
    def folder(self) -> Path | None:
        """The folder itself."""
        return self.root

    def scan(self, *, recursive: bool) -> Scan:
        """Look through it, as :func:`scan` does."""
        return scan(self.root, recursive=recursive)

    def look(self, file: Found) -> Found | None:
        """Return a file as it is now; None where it is gone."""
        return look(file.path)

    def digest(self, paths: Sequence[Path]) -> str | None:
        """Return the SHA-256 of a document's bytes."""
        return digest(paths, self.root)

    def identify(self, paths: Sequence[Path]) -> str:
        """Return the same."""
        return digest(paths, self.root)

    def reader(self, reader: Reader) -> Reader:
        """Return `reader`: it sees the files itself."""
        return reader

    def check_apart(self, *outputs: Path) -> None:
        """Make sure that no folder of results lies in it."""
        check_apart(self.root, *outputs)


def scan(inbox: Path, *, recursive: bool = True) -> Scan:
    """Look through `inbox`, with its subfolders unless `recursive` is off.

    Passed over are hidden files and folders, files that some program keeps for a while (``~$a.docx``, ``a.pdf.part``),
    a system's own (``Thumbs.db``), links, pipes and devices. What is left is judged by its content, later; so a
    spreadsheet is found here and named as a problem there.
    """
    if not inbox.is_dir():
        raise MissingFileError(f"{inbox} is no folder", "name the folder that holds the notices' files")
    files: list[Found] = []
    passed: list[tuple[Path, str]] = []
    blocked: list[Path] = []
    for root, folders, names in os.walk(inbox, onerror=lambda error: blocked.append(Path(error.filename))):
        passed.extend((Path(root, folder), "link") for folder in folders if Path(root, folder).is_symlink())
        folders[:] = [folder for folder in folders if recursive and not is_furniture(folder)]
        for name in names:
            _sort_in(Path(root, name), files, passed)
    return Scan(tuple(sorted(files, key=lambda found: found.path)), tuple(sorted(passed)), tuple(sorted(blocked)))


def look(path: Path) -> Found | None:
    """Return a regular file as it is now; None where it is gone or no longer one."""
    try:
        status = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Found(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def find_files(inbox: Path, *, recursive: bool = True) -> list[Path]:
    """Return the paths of the files that :func:`scan` finds, and of the folders that cannot be listed."""
    found = scan(inbox, recursive=recursive)
    return sorted([*(file.path for file in found.files), *found.blocked])


def check_apart(inbox: Path, *outputs: Path) -> None:
    """Make sure that results and inbox are apart: else the next run would read results, or clean up originals."""
    place = inbox.resolve()
    for output in outputs:
        written = output.resolve()
        if written.is_relative_to(place):
            raise ConfigError(
                f"{output}, which is for results, lies inside the inbox {inbox}",
                "choose a folder outside of the inbox with --out",
            )
        if place.is_relative_to(written):
            raise ConfigError(
                f"the inbox {inbox} lies inside {output}, which is for results",
                "choose a folder beside the inbox with --out",
            )


def passing(name: str) -> str | None:
    """Return why a file of this name is passed over, None where it is not."""
    name = name.casefold()
    if name.endswith(_PASSING) or name.startswith("~$"):
        return "partial file"
    return "system file" if _is_furniture(name, _FURNITURE) else None


def is_furniture(folder: str) -> bool:
    """Tell whether a folder of this name is passed over, being hidden or a system's own."""
    return _is_furniture(folder, _FURNISHED)


def _sort_in(path: Path, files: list[Found], passed: list[tuple[Path, str]]) -> None:
    if (kind := passing(path.name)) is not None:
        passed.append((path, kind))
    elif (found := look(path)) is not None:
        files.append(found)
    elif (kind := _kind(path)) is not None:
        passed.append((path, kind))


def _is_furniture(name: str, furniture: set[str]) -> bool:
    return name.startswith(".") or name.casefold() in furniture


def _kind(path: Path) -> str | None:
    """Return what a path that is no regular file is; None where it has been moved away meanwhile."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return None
    return _KINDS.get(stat.S_IFMT(mode), "device")
