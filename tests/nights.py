"""Runs of the nightly job as programs of their own, over made files that do what bad documents do."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import poison
import psutil
from made_notices import ENGINE, make_notice, read_made_task, warm_up_nothing

from pipeline.batch import (
    Account,
    Choice,
    Night,
    Read,
    Reader,
    Reading,
    Task,
    Watch,
    check_files,
    read_task,
    run_night,
)
from pipeline.cli import main
from pipeline.config import BatchSettings, Config, Settings, StoreSettings
from pipeline.store import Finding, open_store

TESTS = Path(__file__).parent
PATIENCE = 600.0
"""Seconds after which a test gives up; nothing is measured by them."""
LIMITS = {"SECONDS": "6", "MEGABYTES": "1000", "WORKERS": "2", "REST_SECONDS": "0", "DAMAGED_AGE_SECONDS": "0"}
MARK = "TESTED_RUN"
"""The variable by which a test knows the processes that it caused."""
PASSING = {"id", "run_id", "started_at", "ended_at", "at", "applied_at", "seconds", "counts", "tries"}
"""Columns that differ from run to run: `tries` counts attempts that ended badly, those of killed runs too."""
UNLIKE = {"runs", "attempts"}


def read(task: Task, settings: Settings) -> Reading:
    """Do what the file's name begins with, where it is a deed of `poison`; else read it as a made notice."""
    deed = poison.DEEDS.get(task.paths[0].name.split("-")[0])
    if deed is not None:
        return deed(task, settings)
    time.sleep(poison.NAP)
    return read_made_task(task, settings)


def run() -> None:
    """Be ``chidao`` with the reader above; the program of :func:`start`."""
    main(obj=replace(ENGINE, reader=Reader(read, warm_up_nothing)))


def start(*arguments: object, before: str = "", mark: object = "", **settings: str) -> subprocess.Popen[str]:
    """Start ``chidao`` with `arguments`; `before` is code that runs first, `settings` are those of the batch."""
    program = f"{before}\nimport sys, nights\nsys.argv[0] = 'chidao'\nnights.run()"
    batch = {f"CHIDAO_BATCH__{name}": value for name, value in {**LIMITS, **settings}.items()}
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)]), **batch, MARK: str(mark)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="backslashreplace",
    )


def chidao(*arguments: object, before: str = "", **settings: str) -> tuple[int, str, str]:
    """Run ``chidao`` to its end and return its exit code, what it printed and what it complained of."""
    with start(*arguments, before=before, **settings) as process:
        out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def night(
    inbox: Path, out: Path, by: Read = read, planned: Callable[[int], None] | None = None, **asked: object
) -> Account:
    """Make a run in this process, which has loaded everything already; `planned` is called before it reads."""
    limits = BatchSettings(workers=1, rest_seconds=0, damaged_age_seconds=0, seconds=6, megabytes=1000)
    again, store = asked.pop("again", None), asked.pop("store", StoreSettings())
    made = Night(inbox, out, Config(batch=limits, store=store), Choice(**asked), again=again)
    return run_night(made, Watch(planned=planned or Watch().planned), Reader(by, warm_up_nothing))


def faults(out: Path) -> list[Finding]:
    """Return what `chidao check` would find wrong."""
    with open_store(out / "chidao.db") as store:
        return [*store.check(), *check_files(store, out)]


def fill(folder: Path, names: Sequence[str | bytes]) -> Path:
    """Make files of these names, whose bytes are their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        raw = os.fsencode(name)
        (folder / os.fsdecode(raw)).write_bytes(raw)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that a run wrote."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def states(out: Path) -> dict[str, str]:
    """Return where each file's document stands."""
    return {row["file"]: row["state"] for row in table(out / "files.csv")}


def stored(out: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a store holds of documents, but for times and what counts them."""
    with contextlib.closing(sqlite3.connect(f"file:{out / 'chidao.db'}?mode=ro", uri=True)) as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        tables = {name for (name,) in connection.execute(names) if "_fts" not in name and "sqlite" not in name}
        return {name: _rows(connection, name) for name in sorted(tables - UNLIKE)}


def written(out: Path) -> dict[str, bytes]:
    """Return the files that a run wrote but for its reports and the store."""
    files = [path for path in out.rglob("*") if path.is_file() and "runs" not in path.relative_to(out).parts]
    return {str(path.relative_to(out)): path.read_bytes() for path in files if not path.name.startswith("chidao.db")}


def running(mark: object) -> set[int]:
    """Return the processes below the runs that were started with `mark`, and those themselves."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK) == str(mark) and process.status() != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
    return found


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something holds; return whether it came to that."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _rows(connection: sqlite3.Connection, name: str) -> list[tuple[object, ...]]:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")') if row[1] not in PASSING]
    chosen = ", ".join(f'"{column}"' for column in columns if column not in {"inbox", "inbox_key"})
    return sorted(connection.execute(f'SELECT {chosen} FROM "{name}"'), key=repr) if chosen else []  # noqa: S608


def read_another_place(task: Task, _settings: Settings) -> Reading:
    """Stand in for a later version, which reads another place of issue."""
    path = task.paths[0]
    header = {"document_number": "12/TB-UBND", "issue_date": "2024-05-02", "place": "Huế"}
    notice = make_notice(path.name, path.read_bytes(), header=header)
    return Reading("ok", notice, "Giao Sở Y tế", media_type="text/plain", sha256=notice.source.sha256)


def read_formulas(task: Task, _settings: Settings) -> Reading:
    """Read a notice whose every text a spreadsheet would run."""
    path = task.paths[0]
    attack = '=HYPERLINK("http://x","y")'
    notice = make_notice(
        attack,
        path.read_bytes(),
        header={"document_number": attack, "place": "+1", "subject": "＝1+1", "issuing_body": "@SUM(1)"},
        directives=[
            {"number": "1", "text": "-2+3", "assignees": [{"name": attack, "role": "lead", "inherited": False}]}
        ],
        assessment={"weaknesses": [{"text": "\t=1"}]},
        evidence={},
    )
    return Reading("ok", notice, attack, media_type="text/plain", sha256=notice.source.sha256)


def read_while_it_changes(task: Task, settings: Settings) -> Reading:
    """Read a file to which somebody writes just before it is opened."""
    with task.paths[0].open("ab") as file:
        file.write(b"more")
    return read_task(task, settings)
