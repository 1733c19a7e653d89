"""Keeping a folder of results: whether all of it is there and whole, and what may go."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pipeline.store import Finding, Store
from pipeline.write import to_json

_PARTS = ".chidao-*.part"


def check_files(store: Store, out: Path) -> Iterator[Finding]:
    """Compare the notices' files in `out` with the store, and look for what a run that was killed left behind."""
    folder = out / "notices"
    for record, notice in store.notices(corrected=False):
        path = folder / f"{record.name}.json"
        if not path.is_file():
            yield Finding("missing-file", f"{path} is not there", "`chidao reprocess --all` writes it again")
        elif path.read_bytes() != to_json(notice):
            yield Finding("other-file", f"{path} is not what the store holds", "move it away and reprocess")
    for stray in _parts(out):
        yield Finding("stray-file", f"{stray} was left by a run that was killed", "remove it")


def remove_parts(out: Path) -> None:
    """Remove what a run that was killed left half written; only for who holds the lock of `out`."""
    for stray in _parts(out):
        with suppress(OSError):
            stray.unlink()


def _parts(out: Path) -> list[Path]:
    return sorted(path for folder in ("", "notices/", "runs/*/") for path in out.glob(f"{folder}{_PARTS}"))


def old_reports(out: Path, before: dt.datetime, keep_last: int) -> list[Path]:
    """Return the folders of runs that began before a time, but for the last few."""
    folders = sorted(path for path in (out / "runs").glob("*") if path.is_dir())
    kept = folders[-keep_last:] if keep_last else []
    return [folder for folder in folders if folder not in kept and folder.name < f"{before:%Y%m%dT%H%M%SZ}"]


def remove_reports(folders: list[Path]) -> None:
    """Remove folders of runs."""
    for folder in folders:
        shutil.rmtree(folder)
