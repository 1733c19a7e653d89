"""The trained model: how likely a paragraph or a clause has each role, judged by its words and its neighbours.

The model is a spaCy pipeline made by ``chidao train`` with a chain of roles beside it; it is loaded once, when it is
first asked. Where there is none, the rules speak alone.
"""

from __future__ import annotations

import bisect
import functools
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.extract.marker import Mark
from pipeline.language import lower

if TYPE_CHECKING:
    from spacy.language import Language

FOLDER = Path(__file__).resolve().parents[2] / "models" / "roles"
CHAIN_FILE = "chain.json"
PIPELINE_FOLDER = "pipeline"
ROLES = (
    *("opening", "participants", "heading", "lead-in", "achievement", "weakness", "cause", "directive", "closing"),
    "none",
)
LONGEST = 900
"""Characters of a piece that the model reads."""

Array = npt.NDArray[np.float64]
Chances = Mapping[str, float]
"""How likely each role is; they add up to 1."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_LEAST = 1e-4
_LOGGER = logging.getLogger(__name__)


class Piece(NamedTuple):
    """A paragraph or a clause as the model is shown it: its words, and the kind of its label."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Chain:
    """How roles follow each other in a notice.

    `start` and `moves` are chances of the first role and from role to role, `prior` how frequent each role is;
    `power` says how much of the frequency is taken out of the model's own chances, which already hold it.
    """

    start: Array
    moves: Array
    prior: Array
    power: float

    def smooth(self, chances: Array) -> Array:
        """Return the chances of each piece given those of all pieces of the notice, which stand in rows."""
        if not len(chances):
            return chances
        own = (chances + _LEAST) / self.prior**self.power
        ahead, behind = np.zeros_like(own), np.ones_like(own)
        ahead[0] = _shares(self.start * own[0])
        for at in range(1, len(own)):
            ahead[at] = _shares((ahead[at - 1] @ self.moves) * own[at])
        for at in range(len(own) - 2, -1, -1):
            behind[at] = _shares(self.moves @ (own[at + 1] * behind[at + 1]))
        joined = ahead * behind
        return np.asarray(joined / joined.sum(axis=1, keepdims=True))


def _shares(values: Array) -> Array:
    return np.asarray(values / values.sum())


class Tagger(Protocol):
    """Gives the pieces of one notice the chances of every role."""

    def judge(self, paragraphs: Sequence[Piece], clauses: Sequence[Piece]) -> tuple[list[Chances], list[Chances]]:
        """Return the chances of a notice's paragraphs and of its clauses, each in reading order."""


@dataclass(frozen=True, slots=True)
class TrainedTagger:
    """The trained pipeline with its chains, one of paragraphs and one of clauses."""

    pipeline: Language
    paragraphs: Chain
    clauses: Chain

    def judge(self, paragraphs: Sequence[Piece], clauses: Sequence[Piece]) -> tuple[list[Chances], list[Chances]]:
        """Return the chances of a notice's paragraphs and of its clauses, all read in one go."""
        own = self.read([*paragraphs, *clauses])
        cut = len(paragraphs)
        return _named(self.paragraphs.smooth(own[:cut])), _named(self.clauses.smooth(own[cut:]))

    def read(self, pieces: Sequence[Piece]) -> Array:
        """Return the chances of each piece by its own words alone, in rows."""
        texts = [seen(piece) for piece in pieces]
        unlike = list(dict.fromkeys(texts))
        cats = [document.cats for document in self.pipeline.pipe(unlike, batch_size=256)]
        rows = {text: [row[role] for role in ROLES] for text, row in zip(unlike, cats, strict=True)}
        return np.array([rows[text] for text in texts], dtype=np.float64).reshape(-1, len(ROLES))


@dataclass(frozen=True, slots=True)
class Voice:
    """What the model says of one notice: of the paragraph that starts somewhere, and of a stretch of text.

    Clauses are in reading order and do not overlap, nor do `marks`, the spans that the model of spans names. `alone`
    is True where the rules are not asked.
    """

    paragraphs: Mapping[int, Chances]
    clauses: Sequence[tuple[int, int, Chances]]
    alone: bool = False
    marks: Sequence[Mark] = ()

    def of_paragraph(self, start: int) -> Chances | None:
        """Return the chances of the paragraph whose words begin at `start`."""
        return self.paragraphs.get(start)

    def of_clause(self, start: int, end: int) -> Chances | None:
        """Return the chances of the clause that shares most with a stretch; None where it shares less than half."""
        at = max(bisect.bisect_right(self.clauses, start, key=lambda clause: clause[0]) - 1, 0)
        most, found = 0, None
        while at < len(self.clauses) and self.clauses[at][0] < end:
            first, last, chances = self.clauses[at]
            if min(last, end) - max(first, start) > most:
                most, found = min(last, end) - max(first, start), chances
            at += 1
        return found if most * 2 > end - start else None


def _named(rows: Array) -> list[Chances]:
    return [dict(zip(ROLES, map(float, row), strict=True)) for row in rows]


def seen(piece: Piece) -> str:
    """Return a piece in the form that the model reads: lower case, figures as 0, its ends and its label marked.

    >>> seen(Piece("Đạt 97,5%", "dash"))
    'kind_dash ^ đạt 0% $'
    """
    return f"kind_{piece.kind} ^ {_DIGITS.sub('0', lower(piece.text[:LONGEST]))} $"


@functools.cache
def load_tagger(folder: Path = FOLDER) -> Tagger | None:
    """Return the trained model in `folder`; None, with a warning in the log, where there is none."""
    if not (folder / CHAIN_FILE).is_file():
        _LOGGER.warning("there is no model in %s: rules alone; make one with chidao train", folder)
        return None
    import spacy  # noqa: PLC0415  # takes a second, and only the model needs it

    import pipeline.language.tokenizer  # noqa: F401, PLC0415  # registers our tokenizers

    try:
        chains = json.loads((folder / CHAIN_FILE).read_bytes())
        if tuple(chains["roles"]) != ROLES:
            raise ConfigError(f"the model in {folder} knows other roles", "make it anew with chidao train")
        nlp = spacy.load(folder / PIPELINE_FOLDER)
        return TrainedTagger(nlp, _chain(chains["paragraphs"]), _chain(chains["clauses"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{folder} holds no model", "make it anew with chidao train") from error


def _chain(stored: Mapping[str, object]) -> Chain:
    start, moves, prior = (np.array(stored[name], dtype=np.float64) for name in ("start", "moves", "prior"))
    return Chain(start, moves, prior, float(str(stored["power"])))
