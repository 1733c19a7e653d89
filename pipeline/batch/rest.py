"""Files at rest: what somebody is still copying into the inbox is not read yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.batch.inbox import Found, look

Look = Callable[[Found], Found | None]
"""What returns a file as it is now, None where it is gone."""


@dataclass(frozen=True, slots=True)
class Patience:
    """A file must have been left alone for `rest` seconds; a run waits for that for `most` seconds in all."""

    rest: float
    most: float
    pause: float = 0.5


def await_rest(
    files: Iterable[Found],
    patience: Patience,
    *,
    again: Look = lambda file: look(file.path),
    stopped: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[list[Found], list[Found]]:
    """Return the files that are at rest, as they are now, and those that are not.

    A file is at rest when its status has not changed for a while: size, times and inode, all of which the kernel keeps.
    A copying program can set a file's own time back, but not that of its last change.
    """
    resting: list[Found] = []
    moving = dict.fromkeys(files, time.monotonic())
    end = time.monotonic() + patience.most
    while moving:
        moving = _look_again(moving, patience.rest, resting, again)
        if not moving or stopped() or time.monotonic() >= end:
            break
        sleep(min(patience.pause, max(0.05, patience.rest)))
    return sorted(resting, key=lambda found: found.path), list(moving)


def _look_again(moving: dict[Found, float], rest: float, resting: list[Found], again: Look) -> dict[Found, float]:
    """Move the files that have come to rest into `resting`; return the others, each with when it was first so."""
    still: dict[Found, float] = {}
    for file, since in moving.items():
        now = again(file)
        if now is None:
            continue
        unchanged = now.mark == file.mark
        if unchanged and (_quiet_for(now) >= rest or time.monotonic() - since >= rest):
            resting.append(now)
        else:
            still[now] = since if unchanged else time.monotonic()
    return still


def _quiet_for(file: Found) -> float:
    """Return for how many seconds nothing has happened to a file, by the clock of its file system."""
    return time.time() - max(file.mtime_ns, file.ctime_ns) / 1e9
