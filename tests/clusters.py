"""A real scheduler with real workers on this machine, and readers that its workers import."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import poison
from made_notices import read_made_task, warm_up_nothing

from pipeline.batch import Reader, Reading, Task

TESTS = Path(__file__).parent
PATIENCE = 120.0
"""Seconds after which a test gives up; nothing is measured by them."""
PASSING = {"id", "run_id", "started_at", "ended_at", "at", "seconds", "counts", "since"}
"""Columns that differ from run to run."""


def read(task: Task, settings: object) -> Reading:
    """Do what the file's name begins with, where it is a deed of `poison`; else read it as a made notice."""
    deed = poison.DEEDS.get(task.paths[0].name.split("-")[0])
    if deed is not None:
        return deed(task, settings)
    time.sleep(poison.NAP)
    return read_made_task(task, settings)


READER = Reader(read, warm_up_nothing)


@dataclass
class Cluster:
    """A scheduler and its workers, each in a process group of its own; `workers` may be killed one by one."""

    folder: Path
    environment: dict[str, str]
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_scheduler(self) -> None:
        """Start the scheduler and learn its address from its log."""
        self.scheduler = self._start("scheduler", "dask_scheduler", "--port", "0")
        self.address = "tcp://127.0.0.1:" + self._said("scheduler", "Scheduler at:").rsplit(":", 1)[1].strip()

    def start_workers(self, count: int) -> None:
        """Start workers of one thread each, under a nanny as `dask worker` does it by default."""
        for _ in range(count):
            name = f"worker{len(self.workers)}"
            local = ("--local-directory", str(self.folder / name))
            options = ("--nthreads", "1", "--memory-limit", "0", "--death-timeout", "60", *local)
            self.workers.append(self._start(name, "dask_worker", self.address, *options))
        for number in range(len(self.workers) - count, len(self.workers)):
            self._said(f"worker{number}", "Registered to:")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Let a machine drop dead: the process and its nanny."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Kill all of it."""
        for process in (*self.workers, self.scheduler):
            if process is not None:
                self.kill(process)

    def _start(self, name: str, program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--host", "127.0.0.1"]
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [*command, "--no-dashboard"],
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.folder,
                start_new_session=True,
            )

    def _said(self, name: str, sign: str) -> str:
        log = self.folder / f"{name}.log"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in log.read_text().splitlines():
                if sign in line:
                    return line
            time.sleep(0.05)
        raise TimeoutError(log.read_text())


@contextlib.contextmanager
def cluster(folder: Path, workers: int, **environment: str) -> Iterator[Cluster]:
    """Give a cluster whose workers can import what the tests can."""
    folder.mkdir(parents=True)
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    made = Cluster(folder, {**os.environ, "PYTHONPATH": paths, **environment})
    try:
        made.start_scheduler()
        made.start_workers(workers)
        yield made
    finally:
        made.end()


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a store holds, table by table, but for times and what counts them."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'"
        tables = [name for (name,) in connection.execute(names)]
        return {
            table: _rows(connection, table) for table in tables if table not in {"sqlite_sequence", "schema_version"}
        }


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if row[1] not in PASSING]
    chosen = ", ".join(f'"{column}"' for column in columns)
    return sorted(connection.execute(f'SELECT {chosen} FROM "{table}"'), key=repr) if columns else []  # noqa: S608
