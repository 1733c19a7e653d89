"""The child: a process that reads documents one after the other and may die over any of them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from pipeline.batch.verdict import Limits, Reading, Task
from pipeline.batch.warden import WORKER
from pipeline.config import Settings
from pipeline.errors import PipelineError

Read = Callable[[Task, Settings], Reading]
WarmUp = Callable[[Settings], object]

STDERR = "stderr"
"""The file in a child's folder that holds its last words."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Setup:
    """What a child is told when it starts; `folder` holds one folder a child."""

    read: Read
    warm_up: WarmUp
    settings: Settings
    limits: Limits
    folder: Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child says: that it is ready or unfit for work, that it has begun, what it read, or why it could not.

    `trace` is for those who mend the program.
    """

    what: Literal["ready", "unfit", "begun", "read", "memory", "internal"]
    reading: Reading | None = None
    said: str = ""
    trace: str = ""


def main(handle: int, parent: int) -> None:
    """Serve the process `parent` at the other end of the connection `handle` until it hangs up."""
    die_with(parent)
    os.set_inheritable(handle, False)  # else the parent could not tell this process's end by its silence
    connection = Connection(handle)
    with contextlib.suppress(EOFError):
        serve(connection, pickle.loads(connection.recv_bytes()))  # noqa: S301 - from the process that started this one


def die_with(parent: int) -> None:
    """Let the kernel kill this process as soon as `parent` is dead, by whatever death."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before that
        os._exit(1)


def serve(connection: Connection, setup: Setup) -> None:
    """Get ready, say so, and answer each task."""
    folder = setup.folder / str(os.getpid())
    try:
        restrain(setup.limits.megabytes, folder)
        setup.warm_up(setup.settings)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        connection.send(Answer("unfit", said=_one_line(error), trace=traceback.format_exc()))
        return
    connection.send(Answer("ready"))
    while True:
        task = connection.recv()
        connection.send(Answer("begun"))
        os.ftruncate(sys.stderr.fileno(), 0)
        _reply(connection, answer(setup.read, task, setup.settings))
        _empty(folder)


def restrain(megabytes: int, folder: Path) -> None:
    """Hold this process, and those it starts, to `megabytes`, to `folder` for its files, and to its parent's wishes.

    What asks a whole service or terminal to stop is for the parent to hear, who lets documents in hand be finished.
    """
    folder.mkdir()
    os.dup2(os.open(folder / STDERR, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), sys.stderr.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a handler would not outlast the start of another program
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = megabytes << 20 if most == resource.RLIM_INFINITY else min(megabytes << 20, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.environ[WORKER] = str(os.getpid())
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def answer(read: Read, task: Task, settings: Settings) -> Answer:
    """Read a document; errors, also the unforeseen, become answers."""
    try:
        return Answer("read", read(task, settings))
    except MemoryError:
        return Answer("memory")
    except BaseException as error:  # noqa: BLE001 - also an attempt to exit must cost no other document
        return Answer("internal", said=_one_line(error), trace=traceback.format_exc())


def _reply(connection: Connection, found: Answer) -> None:
    try:
        data = pickle.dumps(found)
    except MemoryError:
        data = pickle.dumps(Answer("memory"))
    except Exception as error:  # noqa: BLE001 - a reading that cannot be sent
        data = pickle.dumps(Answer("internal", said=_one_line(error), trace=traceback.format_exc()))
    connection.send_bytes(data)


def _empty(folder: Path) -> None:
    """Remove what a document left in this child's folder."""
    for entry in os.scandir(folder):
        if entry.name != STDERR:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry, ignore_errors=True)
            else:
                Path(entry).unlink(missing_ok=True)


def _one_line(error: BaseException) -> str:
    if isinstance(error, PipelineError):
        return str(error)
    said = " ".join(str(error).split())[:200]
    return type(error).__name__ + (f" ({said})" if said else "")
