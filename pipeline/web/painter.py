"""The painter: pages as pictures, drawn by a guarded child one after the other and kept in the folder of results."""

from __future__ import annotations

import itertools
import json
import logging
import queue
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from pathlib import Path

from pipeline.batch import Guard, Limits, Task, Verdict
from pipeline.config import Settings
from pipeline.errors import OutputError, PipelineError
from pipeline.store.originals import Original, Originals
from pipeline.web.drawing import Drawn, Order, be_ready, draw_task
from pipeline.write import make_folder, write_bytes

logger = logging.getLogger(__name__)

LIMITS = Limits(seconds=20, megabytes=1500)
"""What drawing one page may take."""
_WAIT = 60.0
_IDLE = 900.0
"""Seconds without orders after which the child is let go."""
FOLDER = ".pages"

Sizes = tuple[tuple[float, float], ...]


class Painter:
    """Draws pages of documents whose files are still what was read; everything it draws is kept for later."""

    def __init__(self, originals: Originals, settings: Settings, out: Path, limits: Limits = LIMITS) -> None:
        """Keep pictures below `out`."""
        self._originals, self._settings, self._limits = originals, settings, limits
        self._folder = out / FOLDER
        self._studio = _Studio(settings, limits)

    def warm_up(self) -> None:
        """Have the child started, so that the first page need not wait for it."""
        self._studio.order(Order(0), None)

    def close(self) -> None:
        """Let the child go."""
        self._studio.close()

    def sizes(self, sha256: str) -> Sizes:
        """Return the sizes of a document's pages in points, before turning; none where they cannot be told."""
        original = self._originals.find(sha256)
        if original is None:
            return ()
        kept = self._folder / sha256 / "sizes.json"
        with suppress(OSError, ValueError, TypeError):
            return tuple((float(width), float(height)) for width, height in json.loads(kept.read_bytes()))
        drawn = self._done(Order(0), original)
        if drawn is None:
            return ()
        self._keep(kept, json.dumps(drawn.sizes).encode())
        return drawn.sizes

    def picture(self, sha256: str, page: int, turn: int) -> bytes | None:
        """Return a page as WebP, None where it cannot be drawn."""
        original = self._originals.find(sha256)
        if original is None:
            return None
        kept = self._folder / sha256 / f"{page}-{turn}.webp"
        with suppress(OSError):
            return kept.read_bytes()
        drawn = self._done(Order(0, page, turn), original)
        if drawn is None or not drawn.picture:
            return None
        self._keep(kept, drawn.picture)
        return drawn.picture

    def _done(self, order: Order, original: Original) -> Drawn | None:
        try:
            verdict = self._studio.order(order, original).result(_WAIT)
            if verdict.status == "ok" and verdict.reading is not None:
                return Drawn.read(verdict.reading.text or "")
        except (FutureTimeoutError, CancelledError, PipelineError, ValueError, KeyError, TypeError) as error:
            logger.warning("page %s of %s was not drawn: %s", order.page, original.sha256, error)
            return None
        logger.warning("page %s of %s was not drawn: %s", order.page, original.sha256, verdict.reason)
        return None

    @staticmethod
    def _keep(path: Path, data: bytes) -> None:
        """Keep what was drawn; a folder that cannot be written to costs time, nothing else."""
        with suppress(OutputError):
            make_folder(path.parent)
            write_bytes(path, data)


class _Studio:
    """The thread that all orders go through: a guard's calls come from one thread, and its children die with it."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings, self._limits = settings, limits
        self._orders: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._waiting: dict[str, Future[Verdict]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def order(self, order: Order, original: Original | None) -> Future[Verdict]:
        """Hand an order in."""
        paths: Sequence[Path] = () if original is None else original.paths
        with self._lock:
            numbered = Order(next(self._numbers), order.page, order.turn)
            task = Task(numbered.key(), tuple(paths), original.sha256 if original else None)
            future = self._waiting[task.key] = Future()
            self._orders.put(task)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="painter", daemon=True)
                self._thread.start()
        return future

    def close(self) -> None:
        with self._lock:
            thread = self._thread
            if thread is not None:
                self._orders.put(None)
        if thread is not None:
            thread.join(LIMITS.seconds)

    def _work(self) -> None:
        """Have orders drawn until none came for long; what goes wrong is told to whoever waits."""
        scratch = Path(tempfile.gettempdir()) / "chidao-pages"
        failed: BaseException | None = None
        try:
            with Guard(
                draw_task, self._settings, workers=1, limits=self._limits, scratch=scratch, warm_up=be_ready
            ) as guard:
                for task in self._tasks():
                    for verdict in guard.verdicts([task]):  # several at once would wait for each other's successors
                        self._tell(verdict)
        except Exception as error:
            failed = error
            logger.exception("no page can be drawn")
        with self._lock:
            self._thread = None
            left, self._waiting = list(self._waiting.values()), {}
            self._orders = queue.SimpleQueue()
        for future in left:
            future.set_exception(failed) if failed else future.cancel()

    def _tasks(self) -> Iterator[Task]:
        with suppress(queue.Empty):
            while (task := self._orders.get(timeout=_IDLE)) is not None:
                yield task

    def _tell(self, verdict: Verdict) -> None:
        with self._lock:
            future = self._waiting.pop(verdict.key, None)
        if future is not None:
            future.set_result(verdict)
