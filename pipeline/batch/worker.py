"""A worker: the parent's hold on one child, which has at most one document in hand.

A pool with one queue for all children would be less to write. But with a queue of its own a child's death always
belongs to the one document that it had in hand, no lock can die with it, and no other child notices.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Pipe
from pathlib import Path

from pipeline.batch import verdict as verdicts
from pipeline.batch.child import STDERR, Answer, Setup
from pipeline.batch.verdict import Task, Verdict
from pipeline.batch.warden import RUN, end_strays
from pipeline.errors import ConfigError

logger = logging.getLogger(__name__)

MAX_TASKS = 1_000
"""Documents that one child reads; what libraries leak goes with it."""
_START_SECONDS = 300.0
"""What a child may take to load its model, on a machine that does much else."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from pipeline.batch.child import main; main(int(sys.argv[2]), int(sys.argv[3]))"
)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_LAST_WORDS = 4000
_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "out of memory", "Cannot allocate memory")
_NEARLY_ALL = 0.9


class Worker:
    """One child, from its start to its end; it is started at once and gets ready by itself."""

    def __init__(self, setup: Setup, run: str) -> None:
        """Start a child of `run` that does what `setup` says."""
        self._setup, self._run = setup, run
        self.is_ready = False
        self.is_over = False
        self.task: Task | None = None
        self._has_begun = False
        self._tasks = 0
        self.connection, theirs = Pipe()
        with theirs:
            self._process = _start(theirs.fileno(), run)
        self._allow(_START_SECONDS)
        with contextlib.suppress(OSError):  # it may be dead already, which is noticed soon
            self.connection.send_bytes(pickle.dumps(setup))

    @property
    def is_idle(self) -> bool:
        """Tell whether a task may be handed over."""
        return self.is_ready and self.task is None

    @property
    def is_worn(self) -> bool:
        """Tell whether the child has read as many documents as it should."""
        return self._tasks >= MAX_TASKS

    @property
    def is_alive(self) -> bool:
        """Tell whether the child lives; one that does not is still there to be buried by :meth:`end`."""
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    @property
    def remaining(self) -> float:
        """Seconds until the child's time is over, for its start or for its document."""
        return max(self._deadline - time.monotonic(), 0.0)

    def hand_over(self, task: Task) -> None:
        """Give the child a document; its time runs from now on."""
        self.task, self._has_begun = task, False
        self._tasks += 1
        self._allow(self._setup.limits.seconds + task.more_seconds)
        with contextlib.suppress(OSError):  # it died just now, which is noticed soon
            self.connection.send(task)

    def look(self) -> Verdict | None:
        """Return the verdict on the document in hand when there is one; a child that may not go on is ended.

        One that died before it began with its document leaves that in `task`, for another child.
        Raises :class:`~pipeline.errors.ConfigError` when the child says that it cannot read anything.
        """
        try:
            answer = self.connection.recv() if self.connection.poll() else None
        except (EOFError, OSError, pickle.UnpicklingError):
            return self._crashed()
        if answer is not None:
            return self._take(answer)
        if not self.is_alive:
            return self._crashed()
        return None if self.remaining else self._timed_out()

    def end(self) -> None:
        """Kill the child and everything that it started, and remove its folder."""
        self._end()

    def _take(self, answer: Answer) -> Verdict | None:
        if answer.what == "ready":
            self.is_ready = True
            return None
        if answer.what == "begun":
            self._has_begun = True
            return None
        if answer.trace:
            logger.debug("in a child:\n%s", answer.trace)
        task, self.task = self.task, None
        if answer.what == "unfit" or task is None:
            self._end()
            raise ConfigError(f"reading cannot begin: {answer.said}", "run chidao doctor")
        if answer.what == "memory":
            self._end()  # what is left of it may be half built
            return verdicts.memory_verdict(task, self._setup.limits, self._seconds)
        if answer.reading is None:
            return verdicts.internal_verdict(task, answer.said, self._seconds)
        return verdicts.read_verdict(task, answer.reading, self._seconds)

    def _crashed(self) -> Verdict | None:
        said = self._last_words()
        code, peak = self._end()
        limits = self._setup.limits
        logger.debug("a child ended %s after %.0f MB, and said: %s", _name(code), peak, said)
        if self.task is None or not self._has_begun:
            return None
        task, self.task = self.task, None
        if any(sign in said for sign in _OUT_OF_MEMORY) or peak > _NEARLY_ALL * limits.megabytes:
            return verdicts.memory_verdict(task, limits, self._seconds)
        return verdicts.crash_verdict(task, _name(code), self._seconds)

    def _timed_out(self) -> Verdict | None:
        self._end()
        task, self.task = self.task, None
        return verdicts.timeout_verdict(task, self._setup.limits, self._seconds) if task else None

    def _end(self) -> tuple[int | None, float]:
        """Kill the child and all below it; return how it ended, None where nobody knows, and its peak in megabytes."""
        if self.is_over:
            return None, 0.0
        self.is_over = True
        code, peak = None, 0.0
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # what is dead already keeps its own exit code
        with contextlib.suppress(ChildProcessError):
            _, status, usage = os.wait4(self._process.pid, 0)
            code, peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024
        self._process.returncode = code or 0  # so that its object does not look for it
        self.connection.close()
        end_strays(self._run, self._process.pid)
        shutil.rmtree(self._folder, ignore_errors=True)
        return code, peak

    def _allow(self, seconds: float) -> None:
        self._since = time.monotonic()
        self._deadline = self._since + seconds

    def _last_words(self) -> str:
        try:
            with (self._folder / STDERR).open("rb") as stream:
                stream.seek(max(stream.seek(0, os.SEEK_END) - _LAST_WORDS, 0))
                return stream.read().decode("utf-8", "replace")
        except OSError:
            return ""

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._since

    @property
    def _folder(self) -> Path:
        return self._setup.folder / str(self._process.pid)


def _start(handle: int, run: str) -> subprocess.Popen[bytes]:
    """Start a child out of reach of the terminal's Ctrl-C; by a new program, for threads do not survive a fork."""
    command = [sys.executable, "-P", "-c", _START, json.dumps(sys.path), str(handle), str(os.getpid())]
    quiet = subprocess.DEVNULL
    environment = {**os.environ, **_ONE_THREAD, RUN: run}
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, env=environment, pass_fds=(handle,), process_group=0)


def _name(code: int | None) -> str:
    """Say how a process ended.

    >>> _name(-11), _name(3)
    ('by SIGSEGV', 'with exit code 3')
    """
    if code is None:
        return "in an unknown way"
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:  # real-time signals have no names
        return f"by signal {-code}"
