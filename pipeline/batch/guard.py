"""The guard: every document is read in a child that can die, hang or eat memory without costing any other document."""

from __future__ import annotations

import secrets
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Self

from pipeline.batch import warden
from pipeline.batch.child import Read, Setup, WarmUp
from pipeline.batch.reader import read_task
from pipeline.batch.verdict import Limits, Reading, Task, Verdict
from pipeline.batch.worker import Worker
from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.process import DEFAULTS
from pipeline.process import warm_up as load_models
from pipeline.write import make_folder

__all__ = ["Guard", "Limits", "Reading", "Started", "Task", "Verdict", "read_task"]

Started = Callable[[Task], None]

_GLANCE = 0.5
"""Seconds after which children are looked at that say nothing: a dead one may leave its end of the line open."""
_MOST_FALSE_STARTS = 3


def _tell_nobody(_: Task) -> None:
    """Take no notice of a task that is started."""


class Guard:
    """Up to `workers` children that read documents, each one held to `limits`; used in a ``with`` statement.

    Give it a module-level function to read by: children are programs of their own, which import it. All calls but
    :meth:`stop` come from one thread, and the children die with that thread.
    """

    def __init__(  # noqa: PLR0913 - all but two have one sensible value
        self,
        read: Read = read_task,
        settings: Settings = DEFAULTS,
        *,
        workers: int,
        limits: Limits,
        scratch: Path,
        warm_up: WarmUp = load_models,
    ) -> None:
        """Prepare children that call `warm_up` once and then `read` for each task; their files lie below `scratch`."""
        self._run = secrets.token_hex(8)
        self._folder = scratch.absolute() / f"chidao-{self._run}"
        self._alone = Setup(read, warm_up, settings, limits, self._folder)
        self._setup = replace(self._alone, settings=one_page_at_a_time(settings) if workers > 1 else settings)
        self._size = workers
        self._workers: list[Worker] = []
        self._taken: deque[Task] = deque()
        self._again: deque[Task] = deque()
        self._done: deque[Verdict] = deque()
        self._started: Started = _tell_nobody
        self._false_starts = 0
        self._stopped = False
        self._warden: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Make the scratch folder, and hire the warden who removes it whatever happens."""
        make_folder(self._folder)
        self._warden = warden.hire(self._run, self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        """End all children and whatever they started, and remove what they left."""
        self._abandon()
        for worker in self._workers:
            worker.end()
        self._workers.clear()
        warden.end_strays(self._run)
        warden.remove(self._folder)
        if self._warden is not None:
            self._warden.communicate()

    def verdicts(self, tasks: Iterable[Task], *, started: Started = _tell_nobody) -> Iterator[Verdict]:
        """Yield one verdict a task, as they come; `started` is told of a task before a child gets it.

        No task is taken before a child is free for it. After :meth:`stop` none is taken any more, and what is in
        hand is still brought to its verdict.
        """
        source, more = iter(tasks), True
        self._started, self._stopped = started, False
        try:
            while True:
                more = more and not self._stopped and self._take(source)
                self._hand_over()
                if self._done:
                    yield self._done.popleft()
                elif self._in_flight:
                    self._listen()
                else:
                    return
        finally:
            self._abandon()

    def alone(self, task: Task, limits: Limits) -> Verdict:
        """Return the verdict on a second try, in a fresh child with other limits, while nothing else is read."""
        while self._in_flight:
            self._hand_over()
            self._listen()
        worker = Worker(replace(self._alone, limits=limits), self._run)
        try:
            while not worker.is_over:
                if worker.is_idle:
                    worker.hand_over(task)
                if found := _look_after([worker]):
                    return found[0]
        finally:
            worker.end()
        raise _no_start(limits)

    def stop(self) -> None:
        """Take no further task; may be called by a signal's handler or from another thread."""
        self._stopped = True

    @property
    def _in_flight(self) -> int:
        return len(self._taken) + len(self._again) + sum(worker.task is not None for worker in self._workers)

    def _take(self, source: Iterator[Task]) -> bool:
        """Take a task for each child that has none; return False when there are no more."""
        while self._in_flight < self._size:
            task = next(source, None)
            if task is None:
                return False
            self._taken.append(task)
        return True

    def _hand_over(self) -> None:
        """Give the tasks that were taken to children that are ready, and start children for the others."""
        if not self._taken and not self._again:
            return
        self._dismiss()
        for worker in [worker for worker in self._workers if worker.is_idle]:
            if task := self._next():
                worker.hand_over(task)
        starting = sum(not worker.is_ready for worker in self._workers)
        for _ in range(len(self._taken) + len(self._again) - starting):
            self._workers.append(Worker(self._setup, self._run))

    def _next(self) -> Task | None:
        """Return what is to be read next; that it is started is told once."""
        if self._again:
            return self._again.popleft()
        if not self._taken:
            return None
        task = self._taken.popleft()
        self._started(task)
        return task

    def _dismiss(self) -> None:
        """End the children that have read enough, and bury those that died with nothing in hand."""
        for worker in [worker for worker in self._workers if worker.is_idle]:
            if worker.is_worn or not worker.is_alive:
                worker.end()
                self._workers.remove(worker)

    def _listen(self) -> None:
        """Wait until a child has something to say, and keep the verdicts."""
        self._done.extend(_look_after([worker for worker in self._workers if not worker.is_idle]))
        for worker in [worker for worker in self._workers if worker.is_over]:
            self._workers.remove(worker)
            if worker.task is not None:  # it died before it began with that
                self._again.append(worker.task)
            is_false = worker.task is not None or not worker.is_ready
            self._false_starts = self._false_starts + 1 if is_false else 0
        if self._false_starts >= _MOST_FALSE_STARTS:
            raise _no_start(self._setup.limits)

    def _abandon(self) -> None:
        """Forget what is in hand, where a run is broken off."""
        self._taken.clear()
        self._again.clear()
        self._done.clear()
        for worker in [worker for worker in self._workers if worker.task is not None]:
            worker.end()
            self._workers.remove(worker)


def _look_after(workers: Sequence[Worker]) -> list[Verdict]:
    """Wait until one of `workers` says something or its time is over, for a moment at most; return the verdicts."""
    wait([worker.connection for worker in workers], min([_GLANCE, *(worker.remaining for worker in workers)]))
    return [verdict for worker in workers if (verdict := worker.look()) is not None]


def one_page_at_a_time(settings: Settings) -> Settings:
    """Return settings by which a child keeps to one core, unless they say how many pages it reads at a time."""
    if settings.ocr.workers:
        return settings
    return settings.model_copy(update={"ocr": settings.ocr.model_copy(update={"workers": 1})})


def _no_start(limits: Limits) -> ConfigError:
    return ConfigError(
        f"no process can get ready to read within {limits.megabytes} megabytes",
        "raise the limit of megabytes, or run chidao doctor",
    )
