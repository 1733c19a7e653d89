"""The databases' errors in the project's words. No message holds a value of a row: logs show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from pipeline.errors import OutputError, PipelineError, StoreError

_FULL = ("database or disk is full", "disk i/o error", "no space left")
_READ_ONLY = ("readonly database", "read-only transaction", "read only")
_BUSY = ("database is locked", "database table is locked", "lock timeout", "deadlock detected")
_DAMAGED = ("malformed", "file is not a database", "file is encrypted")


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn what a database raises inside into StoreError or OutputError; `place` names the database."""
    try:
        yield
    except DBAPIError as error:
        raise _translate(place, error) from error


def _translate(place: str, error: DBAPIError) -> PipelineError:
    reason = _first_line(error)
    lowered = reason.lower()
    if isinstance(error, IntegrityError):
        return StoreError(f"{place} refuses what contradicts it: {reason}", "report it; the store itself is whole")
    if any(sign in lowered for sign in _FULL):
        return OutputError(f"no room to write {place}: {reason}", "make room and run again; nothing is half written")
    if any(sign in lowered for sign in _READ_ONLY):
        return OutputError(f"{place} may not be written: {reason}", "give this user the right to write it")
    if any(sign in lowered for sign in _BUSY):
        return StoreError(f"{place} is busy: {reason}", "wait until the other program has ended and run again")
    if any(sign in lowered for sign in _DAMAGED):
        return StoreError(f"{place} is damaged: {reason}", "put the last backup in its place")
    return StoreError(f"{place} cannot be used: {reason}", "check the address, the server and the rights")


def _first_line(error: DBAPIError) -> str:
    """Return the first line of what the driver said; later lines may quote values."""
    cause = error if error.orig is None else error.orig
    return next(iter(str(cause).strip().splitlines()), type(cause).__name__)
