"""How every command ends: one line and one exit code of the table, whatever happened."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import click

from pipeline.cli.console import say
from pipeline.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_OUTPUT, EXIT_USAGE, PipelineError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class CommandGroup(click.Group):
    """A group of commands that return their exit codes and raise errors of the project."""

    def main(
        self, args: Sequence[str] | None = None, prog_name: str | None = None, *rest: Any, **extra: Any
    ) -> NoReturn:
        """Run a command and leave with its exit code."""
        _stop_in_order()
        arguments = list(sys.argv[1:] if args is None else args)
        extra["standalone_mode"] = False
        try:
            code = super().main(arguments, prog_name or "chidao", *rest, **extra)
            sys.stdout.flush()
        except (click.ClickException, PipelineError) as error:
            code = _explain(error)
        except (click.Abort, KeyboardInterrupt):
            say("stopped")
            code = EXIT_INTERRUPTED
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                _discard_output()
                say(f"cannot write the results: {error.strerror}: write them where there is room")
                sys.exit(EXIT_OUTPUT)
            if "--debug" in arguments:
                raise
            said = f"internal error {type(error).__name__}: {error}"
            say(f"{said}: please report it with the file's kind; `chidao --debug` shows where it happened")
            code = EXIT_BUG
        sys.exit(code if isinstance(code, int) else EXIT_OK)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; that whoever read its output has gone is no news."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _discard_output()
            return EXIT_OUTPUT


def _stop_in_order() -> None:
    """Let a request to end do what Ctrl-C does, so that temporary files are removed; a second one ends at once."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt


def _discard_output() -> None:
    """Let what is still to be flushed go nowhere, so that the end of the program does not stumble over it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(error: click.ClickException | PipelineError) -> int:
    if isinstance(error, PipelineError):
        say(str(error))
        return error.exit_code
    error.show()
    return EXIT_USAGE
