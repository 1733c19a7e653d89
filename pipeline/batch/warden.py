"""The warden: a tiny process that outlives a killed run, ends what the run left behind and removes its scratch folder.

It is started as a file, without site packages: so it is there in a few hundredths of a second and holds little
memory. Therefore it imports nothing of this project and no other package.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

RUN = "CHIDAO_RUN"
"""The variable that names the run in the environment of every process below it."""
WORKER = "CHIDAO_WORKER"
"""The variable that names the child, by its number, in the environment of every process below that."""
_PROC = Path("/proc")
_ROUNDS = 50
_PAUSE = 0.02


def hire(run: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a warden for `run`; it acts when its standard input is closed, which the kernel does for the dead."""
    quiet = subprocess.DEVNULL
    environment = {name: value for name, value in os.environ.items() if name not in {RUN, WORKER}}
    command = [sys.executable, "-I", "-S", __file__, run, str(folder.absolute())]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, env=environment, cwd="/", start_new_session=True
    )


def end_strays(run: str, worker: int | None = None) -> None:
    """Kill every process of `run`, or of that one worker; again until none is left, for they may start others."""
    for _ in range(_ROUNDS):
        found = list(strays(run, worker))
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE)


def strays(run: str, worker: int | None = None) -> Iterator[int]:
    """Yield the processes whose environment names `run`, and `worker` where that is given; never this one."""
    wanted = {f"{RUN}={run}".encode()} | ({f"{WORKER}={worker}".encode()} if worker is not None else set())
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):  # it has ended, or belongs to somebody else
                if wanted <= set((entry / "environ").read_bytes().split(b"\0")):
                    yield int(entry.name)


def remove(folder: Path) -> None:
    """Remove a run's scratch folder, and the one that it lies in where nothing else does."""
    for _ in range(_ROUNDS):  # the last words of a process that is being killed may still be written
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(_PAUSE)
    with contextlib.suppress(OSError):
        folder.parent.rmdir()


def main(run: str, folder: Path) -> None:
    """Wait until whoever started this is gone, then end what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # meant for the run, which says itself when it ends
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1):
        pass
    end_strays(run)
    remove(folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
