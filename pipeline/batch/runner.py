"""Files that were asked for by name, one after the other in this process: what one of them does costs no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import EXIT_BUG, OtherDocumentError, PipelineError
from pipeline.notice import Notice
from pipeline.write import printable

logger = logging.getLogger(__name__)

Extract = Callable[[Path, Settings], Notice]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file has no notice, and what to do."""

    file: str
    kind: str
    reason: str
    advice: str
    exit_code: int

    def __str__(self) -> str:
        """The problem on one line, which names the file once."""
        named = Path(self.file).name in self.reason
        return printable(f"{self.reason}: {self.advice}" if named else f"{self.file}: {self.reason}: {self.advice}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a notice or a problem; `other` is the head of a document that is no notice."""

    path: Path
    notice: Notice | None = None
    problem: Problem | None = None
    other: Mapping[str, str | None] | None = None

    @property
    def failed(self) -> bool:
        """Tell whether the file could not be read; that it is no notice is no failure of a run."""
        return self.problem is not None and self.other is None


def read_files(paths: Iterable[Path], extract: Extract, settings: Settings) -> Iterator[Outcome]:
    """Extract each file; errors, also the unforeseen, become problems of that file."""
    for path in paths:
        try:
            yield Outcome(path, notice=extract(path, settings))
        except OtherDocumentError as error:
            yield Outcome(path, problem=_problem(path, error), other=error.fields)
        except PipelineError as error:
            yield Outcome(path, problem=_problem(path, error))
        except Exception as error:  # whatever it is, it must cost no other file
            logger.debug("%s", printable(path), exc_info=True)
            yield Outcome(path, problem=_crash(path, error))


def _problem(path: Path, error: PipelineError) -> Problem:
    return Problem(str(path), error.kind, error.reason, error.advice, error.exit_code)


def _crash(path: Path, error: Exception) -> Problem:
    said = " ".join(str(error).split())[:200]
    reason = f"internal error {type(error).__name__}" + (f" ({said})" if said else "")
    advice = "please report it with the file's kind; `chidao --debug` shows where it happened"
    return Problem(str(path), "internal", reason, advice, EXIT_BUG)
