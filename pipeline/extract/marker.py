"""The trained model of spans: where somebody is told to act, who attended, and by when, judged by the words around.

It is a conditional random field made by ``chidao train``; it is loaded once, when it is first asked.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pipeline.errors import ConfigError
from pipeline.extract.signs import describe

SPANS_FILE = "spans.crf"
LABELS = ("lead", "support", "organization", "person", "deadline")
"""Who must act and who helps, in directives; who attended, by kind; and time limits."""
OUTSIDE = "O"
_LOGGER = logging.getLogger(__name__)


class Mark(NamedTuple):
    """A stretch of a text that the model names, and how likely its least likely syllable has that label."""

    start: int
    end: int
    label: str
    chance: float = 1.0


class Marker(Protocol):
    """Names stretches of texts."""

    def mark(self, text: str, section: str) -> list[Mark]:
        """Return the stretches of `text` that it names, in reading order."""


@dataclass(frozen=True, slots=True)
class TrainedMarker:
    """The trained model; one text at a time, whichever thread asks. `data` is what `crf` reads from while it lives."""

    crf: Any
    data: bytes = field(repr=False)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def mark(self, text: str, section: str) -> list[Mark]:
        """Return the stretches of `text` that the model names, in reading order."""
        tokens, rows = describe(text, section)
        if not tokens:
            return []
        with self.lock:
            self.crf.set(rows)
            tags = self.crf.tag()
            chances = [1.0 if tag == OUTSIDE else float(self.crf.marginal(tag, at)) for at, tag in enumerate(tags)]
        return list(_joined(tokens, tags, chances))


def _joined(tokens: Sequence[tuple[int, int]], tags: Sequence[str], chances: Sequence[float]) -> Iterator[Mark]:
    """Join the syllables of each stretch: B- begins one, I- of the same label goes on."""
    current: Mark | None = None
    for (start, end), tag, chance in zip(tokens, tags, chances, strict=True):
        begins, label = tag[:1], tag[2:]
        if current is not None and begins == "I" and label == current.label:
            current = Mark(current.start, end, label, min(current.chance, chance))
            continue
        if current is not None:
            yield current
        current = None if tag == OUTSIDE else Mark(start, end, label, chance)
    if current is not None:
        yield current


@functools.cache
def load_marker(folder: Path) -> Marker | None:
    """Return the trained model of spans in `folder`; None, with a warning in the log, where there is none."""
    path = folder / SPANS_FILE
    if not path.is_file():
        _LOGGER.warning("there is no model of spans in %s; make one with chidao train", folder)
        return None
    try:
        return read_marker(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} holds no model", "make it anew with chidao train") from error


def read_marker(data: bytes) -> TrainedMarker:
    """Return the model that `data` holds; raises ValueError where it is none of this program."""
    import pycrfsuite  # noqa: PLC0415  # only the model needs it

    crf = pycrfsuite.Tagger()
    crf.open_inmemory(data)
    known = {f"{begin}-{label}" for begin in "BI" for label in LABELS}
    if OUTSIDE not in crf.labels() or not set(crf.labels()) <= {OUTSIDE, *known}:
        raise ValueError("other labels")
    return TrainedMarker(crf, data)
