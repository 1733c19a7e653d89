"""Reading on the workers of an existing Dask scheduler; everything is still written by this process alone."""

from __future__ import annotations

import contextlib
import logging
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Self, TypeAlias

from pipeline.batch import station
from pipeline.batch.guard import Started
from pipeline.batch.reader import Reader
from pipeline.batch.station import Order, make_order
from pipeline.batch.verdict import Limits, Task, Verdict, crash_verdict
from pipeline.config import ClusterSettings, Settings
from pipeline.errors import ClusterError, MissingDependencyError, PipelineError

Client: TypeAlias = Any
Future: TypeAlias = Any
"""Dask's own, which have no types."""

_CONNECT_SECONDS = 10.0
_GLANCE = 0.5
"""Seconds after which it is looked around when no verdict comes."""
_FETCH_SECONDS = 5.0
"""What fetching one verdict may take, before it is held for lost with its worker."""
_COUNT_SECONDS = 2.0
"""Seconds after which workers are counted anew."""
_RETRIES = 2
"""How often a document goes to another worker because one could not read anything at all."""
_RESUME = "start the scheduler and its workers and run again: what was read is kept"


class ClusterExecutor:
    """Hands documents to a cluster's workers, a window of them at a time; used in a ``with`` statement.

    What a worker does with a document is what :class:`~pipeline.batch.guard.Guard` does. A worker that dies makes its
    documents go elsewhere, so that one may be read twice; its verdict is yielded once.
    """

    def __init__(
        self, reader: Reader, settings: Settings, *, limits: Limits, cluster: ClusterSettings, folder: Path | None
    ) -> None:
        """Prepare to read by `reader` on `cluster`; `folder` is what all workers must see, None for no folder."""
        self._run = secrets.token_hex(8)
        self._cluster = cluster
        self._order = make_order(self._run, reader, settings, limits, folder)
        self._flying: dict[str, tuple[Task, Future]] = {}
        self._landed: SimpleQueue[str] = SimpleQueue()
        self._number = 0
        self._room = 0
        self._counted = self._peopled = 0.0
        self._stopped = False

    def __enter__(self) -> Self:
        """Connect, wait for a worker, and make sure that all of them can do the work."""
        self._client = _connect(self._cluster.address or "")
        try:
            self._peopled = time.monotonic()
            while not self._count():
                time.sleep(_GLANCE)
            _check(self._client, self._order)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Give up what is in hand, let the workers end their children, and hang up."""
        lost = self._client.status != "running"
        with contextlib.suppress(Exception):  # what cannot be told any more is of no use to anybody
            if not lost:
                self._client.cancel([future for _, future in self._flying.values()], force=True)
                self._client.run(station.dismiss, self._run, on_error="ignore")
        self._flying.clear()
        with contextlib.suppress(Exception):
            self._client.close(timeout=_CONNECT_SECONDS)

    def verdicts(self, tasks: Iterable[Task], *, started: Started = lambda _: None) -> Iterator[Verdict]:
        """Yield one verdict a task, as they come; `started` is told of a task before it is handed over.

        No task is taken before there is room in the window. After :meth:`stop` none is taken any more, and what is
        in hand is still brought to its verdict.
        """
        source, more = iter(tasks), True
        self._stopped = False
        while True:
            more = more and not self._stopped and self._take(source, started)
            if not self._flying and not more:
                return
            verdict = self._land()
            if verdict is not None:
                yield verdict

    def alone(self, task: Task, limits: Limits) -> Verdict:
        """Return the verdict on a second try, in a fresh child with other limits, while this run reads nothing else."""
        self._submit(task, limits)
        while (verdict := self._land()) is None:
            pass
        return verdict

    def stop(self) -> None:
        """Take no further task; may be called by a signal's handler or from another thread."""
        self._stopped = True

    def _take(self, source: Iterator[Task], started: Started) -> bool:
        """Hand over tasks until the window is full; return False when there are no more."""
        while len(self._flying) < self._room:
            task = next(source, None)
            if task is None:
                return False
            started(task)
            self._submit(task)
        return True

    def _submit(self, task: Task, limits: Limits | None = None) -> None:
        self._number += 1
        key = f"chidao-{self._run}-{self._number}"  # never twice, so that the scheduler gives no old answer
        try:
            future = self._client.submit(
                station.read_guarded, self._order, task, limits, key=key, pure=False, retries=_RETRIES
            )
        except Exception as error:
            raise _lost(error) from error
        self._flying[key] = task, future
        self._watch(key, future)

    def _land(self) -> Verdict | None:
        """Wait for a verdict, for a moment at most."""
        if time.monotonic() - self._counted >= _COUNT_SECONDS:
            self._count()
        try:
            key = self._landed.get(timeout=_GLANCE)
        except Empty:
            return None
        task, future = self._flying[key]
        verdict = _verdict(task, future)
        if verdict is None:  # its worker died with it; the scheduler lets it be made again
            self._watch(key, future)
        else:
            del self._flying[key]
        return verdict

    def _watch(self, key: str, future: Future) -> None:
        future.add_done_callback(lambda _: self._landed.put(key))

    def _count(self) -> int:
        """Fit the window to the workers that there are now; give up when there have been none for long."""
        try:
            threads = int(sum(self._client.nthreads().values()))
        except Exception as error:
            raise _lost(error) from error
        self._room = self._cluster.window * threads
        self._counted = time.monotonic()
        if threads:
            self._peopled = self._counted
        elif self._counted - self._peopled >= self._cluster.patience_seconds:
            raise ClusterError(
                f"the scheduler at {self._cluster.address} has had no worker for"
                f" {self._cluster.patience_seconds:g} seconds",
                _RESUME,
            )
        return threads


def _connect(address: str) -> Client:
    """Return a connection to the scheduler at `address`."""
    try:
        from distributed import Client  # noqa: PLC0415 - of an extra, and slow to load
    except ImportError as error:
        raise MissingDependencyError(
            "reading on a cluster needs Dask, which is not installed", 'pip install "chidao[cluster]"'
        ) from error
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is an error of ours
    try:
        return Client(  # type: ignore[no-untyped-call]
            address, timeout=_CONNECT_SECONDS, set_as_default=False, name="chidao"
        )
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"the scheduler at {address} cannot be reached",
            "see whether it runs and whether the address is right; or leave out --cluster to read here",
        ) from error


def _check(client: Client, order: Order) -> None:
    """Make sure that scheduler and workers are of our versions and see what we see."""
    try:
        said: dict[str, Any] = {"the scheduler": client.run_on_scheduler(station.unlike, order.versions)}
        found = client.run(station.unfit, order, on_error="return")
    except Exception as error:
        raise ClusterError(
            f"the scheduler cannot do chidao's work ({_short(error)})", "install the same chidao there as here"
        ) from error
    said |= {f"the worker {address}": answer for address, answer in found.items()}
    for where, answer in sorted(said.items()):
        if answer is not None:
            told = f"it cannot do chidao's work ({_short(answer)})" if isinstance(answer, BaseException) else answer
            raise ClusterError(
                f"{where} does not fit: {told}", "give scheduler and workers the same program and the same folders"
            )


def _verdict(task: Task, future: Future) -> Verdict | None:
    """Return what a worker found, or what became of a document that ended one worker after the other.

    None where the verdict was on a worker that is gone.
    """
    from distributed.scheduler import KilledWorker  # noqa: PLC0415 - of an extra, and slow to load

    try:
        verdict: Verdict = future.result(timeout=_FETCH_SECONDS)
    except PipelineError:
        raise
    except TimeoutError:
        return None
    except KilledWorker:
        return crash_verdict(task, "with one worker after the other", 0.0)
    except Exception as error:
        raise _lost(error) from error
    return verdict


def _lost(error: Exception) -> ClusterError:
    return ClusterError(f"the cluster was lost ({_short(error)})", _RESUME)


def _short(error: BaseException) -> str:
    said = " ".join(str(error).split())[:150]
    return type(error).__name__ + (f": {said}" if said else "")
