"""What people see while a command runs; results go to stdout as bytes, all else to stderr."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.status import Status

from pipeline import process
from pipeline.batch import Extract, ExtractPages, Outcome, Reader, is_url
from pipeline.config import Config, Settings
from pipeline.config.load import Loaded, load_config
from pipeline.document import Document
from pipeline.errors import EXIT_INPUT, EXIT_OK, EXIT_SOME_FAILED
from pipeline.notice import Notice
from pipeline.ocr import PROGRESS
from pipeline.write import printable

INPUT = click.Path(path_type=Path, readable=False)
"""A path that is read; that it may not be is found when it is read, where it costs no other."""


class _Inbox(click.ParamType):  # type: ignore[type-arg]  # older versions of click have none
    """A folder, or the URL of a place that is none."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """Leave a URL as it is: a path would lose one of its strokes."""
        if isinstance(value, str) and is_url(value):
            return value
        path: Path = INPUT.convert(value, param, ctx)
        return path


INBOX = _Inbox()
"""Where a run's files come from."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What the commands call to read files; another one can be given as click's context object."""

    extract: Extract = process.extract
    read_document: Callable[[Path, Settings], Document] = process.read_document
    extract_pages: ExtractPages = process.extract_pages
    find_notice: Callable[[Path, Settings], tuple[Document, Notice]] = process.find_notice
    reader: Reader = field(default_factory=Reader)
    """What the children of a run call."""


def engine(context: click.Context) -> Engine:
    """Return the engine that the commands shall use."""
    return context.obj if isinstance(context.obj, Engine) else Engine()


_FILE, _SET, _LOADED = "chidao.config", "chidao.set", "chidao.loaded"


def with_config(command: click.Command) -> click.Command:
    """Give a command the options --config and --set, which stand before or behind its name."""
    command.params += [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            expose_value=False,
            callback=_keep_file,
            help="Take the settings from this file, not from $CHIDAO_CONFIG or a chidao.toml.",
        ),
        click.Option(
            ["--set"],
            multiple=True,
            metavar="KEY=VALUE",
            expose_value=False,
            callback=_keep_assignments,
            help="Set one setting, as in --set read.max_pages=500; repeatable.",
        ),
    ]
    return command


def _keep_file(context: click.Context, _option: click.Parameter, file: Path | None) -> None:
    if file is not None:
        context.meta[_FILE] = file


def _keep_assignments(context: click.Context, _option: click.Parameter, assignments: tuple[str, ...]) -> None:
    context.meta[_SET] = (*context.meta.get(_SET, ()), *assignments)


def asked_for_config(context: click.Context) -> tuple[Path | None, tuple[str, ...]]:
    """Return the file of settings and the assignments that the command line names."""
    return context.meta.get(_FILE), context.meta.get(_SET, ())


def loaded_config(context: click.Context) -> Loaded:
    """Return the settings in effect, and where each comes from; they are read once for a command."""
    if _LOADED not in context.meta:
        context.meta[_LOADED] = load_config(*asked_for_config(context))
    loaded: Loaded = context.meta[_LOADED]
    return loaded


def config_of(context: click.Context) -> Config:
    """Return the settings in effect."""
    return loaded_config(context).config


def examples(*lines: str) -> str:
    """Return a command's examples as click sets them below its help, one a line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def say(message: str) -> None:
    """Write one line to stderr, whatever `message` holds."""
    click.echo(f"chidao: {printable(' '.join(message.split()))}", err=True)


def put(data: bytes) -> None:
    """Write bytes to stdout, whatever the terminal's encoding."""
    left = memoryview(data)
    while left:  # an unbuffered stdout takes what fits into a pipe, and says how much that was
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.flush()


def watched(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Pass the outcomes on, showing on a terminal how many files are done, or how many pages of a single one."""
    console = Console(stderr=True)
    if total < 2:
        with pages_watched():
            yield from outcomes
    elif not console.is_terminal:
        yield from outcomes
    else:
        yield from track(outcomes, description="reading", total=total, console=console, transient=True)


@contextmanager
def pages_watched() -> Iterator[None]:
    """Show which page of a scan has been read, where stderr is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status("reading") as status:
        handler = _Shown(status)
        before = PROGRESS.level, PROGRESS.propagate
        PROGRESS.setLevel(logging.INFO)
        PROGRESS.propagate = False
        PROGRESS.addHandler(handler)
        try:
            yield
        finally:
            PROGRESS.removeHandler(handler)
            PROGRESS.setLevel(before[0])
            PROGRESS.propagate = before[1]


class _Shown(logging.Handler):
    """Writes what is logged into a status line."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        self._status.update(f"reading: {record.getMessage()}")


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Return the exit code for files that were asked for one by one."""
    outcomes = list(outcomes)
    problems = [outcome.problem for outcome in outcomes if outcome.problem is not None]
    if not problems:
        return EXIT_OK
    if len(problems) < len(outcomes):
        return EXIT_SOME_FAILED
    return problems[0].exit_code if len(problems) == 1 else EXIT_INPUT
