"""The log of a run: JSON lines for machines, short lines for people, both on stderr.

What is known of a line's document goes into `extra` or into :func:`about`, by the names of `FIELDS`. Names are put on
one line, and what documents say is logged at DEBUG only.
"""

from __future__ import annotations

import datetime as dt
import json as json_form
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO

from pipeline.write import printable

FIELDS = ("run", "event", "sha", "file", "fate", "kind", "seconds")
"""What a line may say beside its message; other names are not written."""
_LONGEST = 1000
_known: ContextVar[dict[str, object]] = ContextVar("about")


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Write these fields on every line that is logged here while this lasts; their names are of `FIELDS`."""
    token = _known.set({**_known.get({}), **fields})
    try:
        yield
    finally:
        _known.reset(token)


def configure(
    json: bool | None = None, run_id: str | None = None, *, level: int = logging.INFO, stream: IO[str] | None = None
) -> None:
    """Send the log to `stream`, stderr if none: as JSON lines, or for people; None is for people at a terminal only.

    May be called again, such as when the run's id is known, and in every process.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    as_json = not stream.isatty() if json is None else json
    ascii_only = (getattr(stream, "encoding", None) or "").lower().replace("-", "") != "utf8"
    handler.setFormatter(JsonFormatter(run_id, ascii_only=ascii_only) if as_json else PeopleFormatter(run_id))
    logger = logging.getLogger("pipeline")
    logger.handlers = [handler]
    logger.setLevel(level)


class _Formatter(logging.Formatter):
    def __init__(self, run_id: str | None) -> None:
        super().__init__()
        self._run_id = run_id

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        """Return what is known beside the message, in the order of `FIELDS`."""
        known: dict[str, object] = {"run": self._run_id, **_known.get({})}
        found = {name: getattr(record, name, None) for name in FIELDS}
        values = {name: known.get(name) if found[name] is None else found[name] for name in FIELDS}
        return {name: _plain(value) for name, value in values.items() if value is not None}

    def _error(self, record: logging.LogRecord) -> str | None:
        """Return the error's kind; all that is known of it for DEBUG, as its text may be a document's."""
        if not record.exc_info or record.exc_info[0] is None:
            return None
        debug = logging.getLogger("pipeline").isEnabledFor(logging.DEBUG)
        return printable(self.formatException(record.exc_info)) if debug else record.exc_info[0].__name__


class JsonFormatter(_Formatter):
    """One JSON object a line: time (UTC), level, logger, message, what is known of `FIELDS`, and error."""

    def __init__(self, run_id: str | None = None, *, ascii_only: bool = True) -> None:
        """Take the run's id, and whether letters outside of ASCII must be written as escapes."""
        super().__init__(run_id)
        self._ascii_only = ascii_only

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **self._fields(record),
        }
        error = self._error(record)
        if error is not None:
            line["error"] = error
        return json_form.dumps(line, ensure_ascii=self._ascii_only)


class PeopleFormatter(_Formatter):
    """One line for people: the level where it is not INFO, the message, and what is known in brackets."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        known = self._fields(record)
        known["sha"] = str(known["sha"])[:12] if "sha" in known else None
        said = " ".join(f"{name}={value}" for name, value in known.items() if value is not None)
        parts = (f"chidao: {level}{_message(record)}", f"[{said}]" if said else "", self._error(record) or "")
        return " ".join(part for part in parts if part)


def _message(record: logging.LogRecord) -> str:
    """Return the message on one line; what is very long is no message but a document's text."""
    message = printable(" ".join(record.getMessage().split()))
    return message if len(message) <= _LONGEST else message[:_LONGEST] + "..."


def _plain(value: object) -> object:
    if isinstance(value, bool | int):
        return value
    return round(value, 3) if isinstance(value, float) else printable(str(value))[:_LONGEST]
