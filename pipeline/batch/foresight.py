"""What a run would do, without doing it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.batch.night import Night, plan_night
from pipeline.batch.plan import Plan
from pipeline.batch.stop import Stop
from pipeline.errors import MissingFileError
from pipeline.store import Store, open_store


def check_inbox(night: Night) -> None:
    """Make sure that there is an inbox, apart from the results, and files in it before the very first run.

    Later an empty inbox is nothing wrong: there is no news.
    """
    inbox = night.source
    inbox.check_apart(*night.outputs)
    is_first = isinstance(night.database, Path) and not night.database.exists()
    if not is_first and inbox.folder is None:
        return  # the run itself looks through it, and a listing of objects takes long
    found = inbox.scan(recursive=night.recursive)
    if is_first and not found.files and not found.blocked:
        raise MissingFileError(
            f"there are no files to read in {night.inbox}", "put notices there or name another folder"
        )


def foresee(night: Night) -> Plan:
    """Return what a run would do now; nothing is written, and nothing is waited for."""
    batch = night.config.batch.model_copy(update={"patience_seconds": 0.0})
    hasty = replace(night, config=night.config.model_copy(update={"batch": batch}))
    with _store_copy(night.database) as store:
        return plan_night(hasty, store, Stop())


@contextmanager
def _store_copy(database: str | Path) -> Iterator[Store]:
    """Open a copy of a file, as opening itself would leave traces; a server keeps its own."""
    if not isinstance(database, Path):
        with open_store(database) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(prefix="chidao-") as folder:
        for file in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
            if file.exists():
                shutil.copyfile(file, Path(folder, file.name))
        with open_store(Path(folder, database.name)) as store:
            yield store
