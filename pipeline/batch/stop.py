"""Why a run ends before its work is done, and how it is asked to."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_GRACE = 30.0
"""Seconds that documents in hand are given when a run is asked to end; after that they are left for the next."""


_ASKING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM)


class Stop:
    """Tells why no more documents are taken: somebody asked the run to end, or its time is over."""

    def __init__(self, max_hours: float | None = None) -> None:
        """Give the run `max_hours`, None for as long as it takes."""
        self._end = None if max_hours is None else time.monotonic() + max_hours * 3600
        self._asked = threading.Event()
        self.is_closing = False

    def ask(self) -> None:
        """Take no more documents; those in hand are finished."""
        self._asked.set()

    def close(self) -> None:
        """Note that nothing is read any more: what is left to do is short, and is not given up after a while."""
        self.is_closing = True
        signal.setitimer(signal.ITIMER_REAL, 0)

    @property
    def asked(self) -> bool:
        """Tell whether somebody asked."""
        return self._asked.is_set()

    def __call__(self) -> str | None:
        """Return the reason, None to go on."""
        if self.asked:
            return "the run was stopped"
        return "the run's hours were over" if self._end is not None and time.monotonic() > self._end else None


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold signals back while something is written down that belongs together; no program may be started meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ASKING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def asked_by_signals(stop: Stop, grace: float = _GRACE) -> Iterator[None]:
    """Let SIGTERM, SIGHUP and Ctrl-C ask a run to end.

    After `grace` seconds, or when it is asked a second time, what is in hand is given up: KeyboardInterrupt is raised.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.ask()
        if not stop.is_closing:
            signal.setitimer(signal.ITIMER_REAL, grace)

    before = {number: signal.signal(number, ask) for number in _ASKING}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
