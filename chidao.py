"""The way in: that a command can be stopped while it is still being loaded."""

from __future__ import annotations

import os
import signal
from types import FrameType

_INTERRUPTED = 130


def main() -> None:
    """Load the commands and run one; whoever presses Ctrl-C meanwhile sees one line."""
    signal.signal(signal.SIGINT, _stop)
    from pipeline.cli import main as command  # noqa: PLC0415 - takes a second or two

    signal.signal(signal.SIGINT, signal.default_int_handler)
    command()


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End at once: there is nothing to be put in order yet, and libraries swallow exceptions while they are loaded."""
    os.write(2, b"chidao: stopped\n")
    os._exit(_INTERRUPTED)
