"""Readers for children that do what a bad document may make a reader do; each is named by the task's key."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from pipeline.batch import Reading, Task
from pipeline.config import Settings
from pipeline.errors import MissingDependencyError

NAP = 0.05
"""What a good document takes."""


def nothing(_settings: Settings) -> None:
    """Warm up nothing, which makes the start of a child quick."""


def unfit(_settings: Settings) -> None:
    """Find that something needed is not there."""
    raise MissingDependencyError("there is no model", "install it")


def heavy(_settings: Settings) -> None:
    """Load a model that is larger than what is allowed."""
    bytes(6 << 30)


def dying(_settings: Settings) -> None:
    """Die before any document."""
    os._exit(1)


def read(task: Task, settings: Settings) -> Reading:
    """Do what the first part of the key says; a task of any other name is read well."""
    deed = DEEDS.get(task.key.split("-")[0])
    if deed is not None:
        return deed(task, settings)
    time.sleep(NAP)
    return Reading("ok", text=task.key)


def _segfault(_task, _settings):
    ctypes.string_at(0)


def _kill(_task, _settings):
    os.kill(os.getpid(), signal.SIGKILL)


def _exit(_task, _settings):
    os._exit(0)  # the very code of a child that ends well


def _leave(_task, _settings):
    raise SystemExit(0)


def _hang(_task, _settings):
    time.sleep(3600)


def _spin(_task, _settings):
    re.match(r"(a|a)*$", "a" * 60 + "b")  # in C, holding the GIL: no signal handler and no thread ever runs


def _eat(_task, _settings):
    return Reading("ok", text=str(len(bytes(6 << 30))))


def _nibble(_task, _settings):
    kept = []
    while True:
        kept.append(os.urandom(4 << 20))


def _abort(_task, _settings):
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def _raise(_task, _settings):
    raise ZeroDivisionError("a\nb")


def _unpicklable(_task, _settings):
    return Reading("ok", text=(lambda: None))


def _breed(_task, _settings):
    """Start a process in a session of its own which starts another, and die."""
    subprocess.Popen(["sh", "-c", "sleep 3600 & sleep 3600"], start_new_session=True)
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGKILL)


def _breed_and_hang(_task, _settings):
    subprocess.Popen(["sh", "-c", "sleep 3600 & sleep 3600"], start_new_session=True)
    Path(tempfile.mkdtemp(), "kept").write_text("x")
    time.sleep(3600)


def _litter(_task, _settings):
    Path(tempfile.mkdtemp(), "left").write_text("x")
    tempfile.NamedTemporaryFile(delete=False).close()
    return Reading("ok", text=tempfile.gettempdir())


def _whoami(_task, _settings):
    return Reading("ok", text=str(os.getpid()))


DEEDS = {
    "segfault": _segfault,
    "kill": _kill,
    "exit": _exit,
    "leave": _leave,
    "hang": _hang,
    "spin": _spin,
    "eat": _eat,
    "nibble": _nibble,
    "abort": _abort,
    "raise": _raise,
    "unpicklable": _unpicklable,
    "breed": _breed,
    "breedhang": _breed_and_hang,
    "litter": _litter,
    "whoami": _whoami,
}
