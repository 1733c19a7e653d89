"""Every error of the project: what happened, what to do next, and the exit code it carries.

An error stops one document, never a run: the batch runner and the command line are the only
places that catch :class:`PipelineError` widely.
"""

from __future__ import annotations

from typing import ClassVar

EXIT_OK = 0
EXIT_FAIL_OVER = 1
EXIT_SOME_FAILED = 3
EXIT_USAGE = 64
EXIT_INPUT = 65
EXIT_MISSING = 69
EXIT_BUG = 70
EXIT_OUTPUT = 74
EXIT_LOCKED = 75
EXIT_CONFIG = 78
EXIT_INTERRUPTED = 130

EXIT_CODES: dict[int, str] = {
    EXIT_OK: "everything asked for was done",
    EXIT_FAIL_OVER: "finished, but more files could not be read than `--fail-over` allows",
    EXIT_SOME_FAILED: "finished, but some files could not be read; each is named with its reason",
    EXIT_USAGE: "the command line is wrong",
    EXIT_INPUT: "the input cannot be used: empty, damaged, encrypted, of another kind, or over a limit",
    EXIT_MISSING: "a needed program or model is not installed (`chidao doctor`), or store or cluster cannot be reached",
    EXIT_BUG: "an error of chidao itself; please report it",
    EXIT_OUTPUT: "the results cannot be written",
    EXIT_LOCKED: "another run is writing into the same folder",
    EXIT_CONFIG: "a setting is wrong",
    EXIT_INTERRUPTED: "stopped by the user, or by SIGTERM",
}


class PipelineError(Exception):
    """Base of all errors; ``str(error)`` is one line: the reason and the advice."""

    exit_code: ClassVar[int] = EXIT_BUG
    kind: ClassVar[str] = "error"

    def __init__(self, reason: str, advice: str) -> None:
        """Keep `reason` (what happened) and `advice` (what to do next), one line each."""
        self.reason = " ".join(reason.split())
        self.advice = " ".join(advice.split())
        super().__init__(f"{self.reason}: {self.advice}")

    def __reduce__(self) -> tuple[type[PipelineError], tuple[object, ...]]:
        """Pickle with both parts, so that errors cross process borders whole."""
        return type(self), (self.reason, self.advice)


class InputError(PipelineError):
    """The file itself cannot be used."""

    exit_code = EXIT_INPUT
    kind = "input"


class MissingFileError(InputError):
    """There is no such regular file, or it may not be read."""

    kind = "no-file"


class UnknownRunError(InputError):
    """There was no run of that name."""

    kind = "no-run"


class EmptyFileError(InputError):
    """The file has no bytes, or no text at all."""

    kind = "empty"


class DamagedFileError(InputError):
    """The file is truncated or corrupt."""

    kind = "damaged"


class EncryptedFileError(InputError):
    """The file needs a password."""

    kind = "encrypted"


class UnsupportedFileError(InputError):
    """The content is of a kind that is not read, whatever the name says."""

    kind = "unsupported"


class WrongSuffixError(UnsupportedFileError):
    """The name promises a kind that is read, and the content is of one that is not."""

    kind = "wrong-suffix"


class PortfolioError(UnsupportedFileError):
    """The file is a case for other files."""

    kind = "portfolio"


class ForbiddenContentError(UnsupportedFileError):
    """The file holds what no honest program writes, such as a document type declaration in a DOCX."""

    kind = "forbidden-content"


class MacroFileError(InputError):
    """The file carries macros and is refused."""

    kind = "macros"


class LimitError(InputError):
    """The file is over a limit; each limit has its own class."""

    kind = "over-limit"


class FileSizeError(LimitError):
    """The file has too many bytes."""

    kind = "too-large"


class PageCountError(LimitError):
    """The file has too many pages."""

    kind = "too-many-pages"


class PageSizeError(LimitError):
    """A page is larger than paper is made."""

    kind = "page-size"


class PixelError(LimitError):
    """A picture has too many pixels."""

    kind = "too-many-pixels"


class TextLimitError(LimitError):
    """The text has too many characters."""

    kind = "too-much-text"


class BombError(LimitError):
    """The file unpacks to far more than it holds, or repeats itself without end."""

    kind = "bomb"


class TimeLimitError(LimitError):
    """Another program took too long over the file."""

    kind = "too-slow"


class OtherDocumentError(InputError):
    """The document is no notice of a meeting's conclusions; `fields` holds what its head says."""

    kind = "other-document"

    def __init__(self, reason: str, advice: str, fields: dict[str, str | None] | None = None) -> None:
        """Keep `fields`: type, number, dates and names of the head, by the contract's names."""
        super().__init__(reason, advice)
        self.fields = dict(fields or {})

    def __reduce__(self) -> tuple[type[PipelineError], tuple[object, ...]]:
        """Pickle with the fields as well."""
        return type(self), (self.reason, self.advice, self.fields)


class MissingDependencyError(PipelineError):
    """A program or a model that the file needs is not installed."""

    exit_code = EXIT_MISSING
    kind = "missing-dependency"


class OcrError(PipelineError):
    """The OCR engine failed or ran out of time on a page."""

    exit_code = EXIT_INPUT
    kind = "ocr"


class OutputError(PipelineError):
    """Results cannot be written."""

    exit_code = EXIT_OUTPUT
    kind = "output"


class LockedError(PipelineError):
    """Another run holds the folder of results."""

    exit_code = EXIT_LOCKED
    kind = "locked"


class ConfigError(PipelineError):
    """A setting has a wrong value."""

    exit_code = EXIT_CONFIG
    kind = "config"


class StoreError(PipelineError):
    """The database cannot be reached, is busy for too long, or is damaged."""

    exit_code = EXIT_MISSING
    kind = "store"


class ClusterError(PipelineError):
    """The cluster cannot be reached, is of another version, or has no workers."""

    exit_code = EXIT_MISSING
    kind = "cluster"


class StorageError(PipelineError):
    """Object storage cannot be reached, or does not let us read."""

    exit_code = EXIT_MISSING
    kind = "storage"


class SchemaError(ConfigError):
    """The database is not a store of this program, or a newer program's."""

    kind = "schema"


class CorrectionError(InputError):
    """What a person wrote cannot stand in a notice."""

    kind = "correction"


class ConflictError(CorrectionError):
    """The value that a person corrected is no longer the one that was shown."""

    kind = "conflict"


class EvaluationError(PipelineError):
    """Gold or predictions to be scored are missing or malformed."""

    exit_code = EXIT_INPUT
    kind = "evaluation"
