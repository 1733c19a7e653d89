"""Many files, one after the other: what one of them does costs no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings
from pipeline.errors import EXIT_BUG, OtherDocumentError, PipelineError
from pipeline.notice import Notice
from pipeline.write import WRITERS, Result, make_folder, printable, result_names, to_csv, write_bytes

logger = logging.getLogger(__name__)

Extract = Callable[[Path, Settings], Notice]
PROBLEM_COLUMNS = ("file", "kind", "reason", "advice")
OTHER_COLUMNS = (
    "file",
    "document_type",
    "document_number",
    "issuing_body",
    "parent_body",
    "place",
    "issue_date",
    "subject",
    "reason",
)


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


@dataclass(frozen=True, slots=True)
class Job:
    """A folder to be done: where its files are, which they are, and where the results go."""

    inbox: Path
    paths: Sequence[Path]
    out: Path

    @property
    def notices(self) -> Path:
        """The folder of the notices in the contract's form."""
        return self.out / "notices"

    def shown(self, path: Path) -> str:
        """Return a file's path as people and tables are shown it."""
        return printable(path.relative_to(self.inbox).as_posix())


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


def run(job: Job, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Write each notice as it comes and the tables at the end; return all outcomes."""
    make_folder(job.notices)
    names = dict(zip(job.paths, result_names([path.relative_to(job.inbox) for path in job.paths]), strict=True))
    done, results = [], []
    for outcome in outcomes:
        done.append(outcome)
        if outcome.notice is not None:
            results.append(Result(job.shown(outcome.path), names[outcome.path], outcome.notice))
            WRITERS["json"](results[-1:], job.notices)
    WRITERS["csv"](results, job.out)
    write_bytes(job.out / "problems.csv", to_csv(_problem_rows(job, done), PROBLEM_COLUMNS))
    write_bytes(job.out / "other_documents.csv", to_csv(_other_rows(job, done), OTHER_COLUMNS))
    return done


def _problem_rows(job: Job, outcomes: Iterable[Outcome]) -> Iterator[dict[str, object]]:
    for outcome in outcomes:
        problem = outcome.problem
        if problem is not None and outcome.failed:
            yield {
                "file": job.shown(outcome.path),
                "kind": problem.kind,
                "reason": printable(problem.reason),
                "advice": problem.advice,
            }


def _other_rows(job: Job, outcomes: Iterable[Outcome]) -> Iterator[dict[str, object]]:
    for outcome in outcomes:
        if outcome.other is not None and outcome.problem is not None:
            head = {name: printable(value) if value else None for name, value in outcome.other.items()}
            yield {"file": job.shown(outcome.path), **head, "reason": printable(outcome.problem.reason)}


def _problem(path: Path, error: PipelineError) -> Problem:
    return Problem(str(path), error.kind, error.reason, error.advice, error.exit_code)


def _crash(path: Path, error: Exception) -> Problem:
    said = " ".join(str(error).split())[:200]
    reason = f"internal error {type(error).__name__}" + (f" ({said})" if said else "")
    advice = "please report it with the file's kind; `chidao --debug` shows where it happened"
    return Problem(str(path), "internal", reason, advice, EXIT_BUG)
