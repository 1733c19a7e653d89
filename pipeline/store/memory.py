"""What was counted for a question before, for as long as nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from pipeline.store.database import Database
from pipeline.store.facts import writes_so_far
from pipeline.store.question import Question

T = TypeVar("T")
_REMEMBERED = 100
"""Questions of which the answers are remembered."""


class Memory(Generic[T]):
    """Answers that take long and do not depend on the order and the page that a question asks for."""

    def __init__(self, database: Database, count: Callable[[Database, Question], T]) -> None:
        """Remember what `count` returns."""
        self._database = database
        self._count = count
        self._known: dict[tuple[int, Question], T] = {}

    def answer(self, question: Question) -> T:
        """Return what was counted before, or count it."""
        with self._database.read() as connection:
            number = writes_so_far(connection)
        key = (number, replace(question, limit=0, offset=0, sort="best"))
        if key not in self._known:
            found = self._count(self._database, key[1])
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = found
            return found
        return self._known[key]
