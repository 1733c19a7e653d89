"""Bytes onto the disk, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pipeline.errors import OutputError

_ADVICE = "choose a folder that you may write to and that has room, with --out"


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, and make sure now that results can be written there later."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = part_of(folder)
        probe.touch(exist_ok=False)
        probe.unlink(missing_ok=True)  # a run that starts just now may have cleared it away
    except OSError as error:
        raise write_error(folder, error) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` beside `path` under a passing name, then move it there in one step.

    Whoever looks sees the old file or the new one, never a part of it; a failed write leaves nothing behind.
    """
    write_stream(path, (data,))


def write_stream(path: Path, blocks: Iterable[bytes]) -> None:
    """Write what comes block by block, as `write_bytes` does."""
    part = part_of(path.parent)
    try:
        with part.open("xb") as file:
            for block in blocks:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:  # also when the user stops it
        with suppress(OSError):
            part.unlink(missing_ok=True)


def put_in_place(part: Path, path: Path) -> None:
    """Move a file or folder that was made under a passing name to its place, all of it on the disk before.

    A folder that is there cannot be replaced in one step: it steps aside, and goes once the new one is there.
    """
    for file in [part] if part.is_file() else [inner for inner in part.rglob("*") if inner.is_file()]:
        with file.open("rb") as made:
            os.fsync(made.fileno())
    if not path.is_dir():
        part.replace(path)
        return
    old = part_of(path.parent)
    path.rename(old)
    try:
        part.rename(path)
    except OSError:
        old.rename(path)
        raise
    remove(old)


def remove(path: Path) -> None:
    """Remove a file or a folder with all in it, if it is there and can be."""
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def part_of(folder: Path) -> Path:
    """Return a passing name in `folder`: hidden, and no other process's."""
    return folder / f".chidao-{os.getpid()}-{os.urandom(4).hex()}.part"


def write_error(path: Path, error: OSError) -> OutputError:
    """Return what is said when nothing can be written to `path`."""
    return OutputError(f"cannot write {path}: {error.strerror or error}", _ADVICE)
