"""Learns from notices whose values are known how likely a value with given features is right: ``chidao calibrate``.

Logistic regression with a ridge, so that fields with few values lean on all others. Rules do better on notices that
were looked at while they were made than on new ones. Values of such notices carry a weight of their own that is left
out of the table: they teach what makes a value doubtful, but not how often new ones are wrong.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.confidence import FOLDER, Weights, calibrated, describe
from pipeline.document import Document
from pipeline.errors import EvaluationError
from pipeline.learn.cases import issuer_of, read_gold
from pipeline.learn.scoring import Scores, score_case
from pipeline.notice import Notice

Array = npt.NDArray[np.float64]

FIRST_LOOK = FOLDER / "first_look.jsonl.gz"
LOOKED = "looked at"
FOLDS = 10
_RIDGE = 2.0
_FREE = {"any": 1e-3, LOOKED: 1e-2}
_STEPS = 50
_SETTLED = 1e-9


class Observation(BaseModel):
    """One value that we gave: its features, and whether it is right; no word of the notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    issuer: str
    field: str
    right: bool
    finder: float
    """The confidence that the finder and the OCR gave."""
    features: dict[str, float]


_OBSERVATIONS = TypeAdapter(Annotated[list[Observation], Field(min_length=1)])


def judge(case: Path, document: Document, notice: Notice) -> list[Observation]:
    """Return the values of a case's notice that gold can tell right or wrong, in the notice's order."""
    gold = read_gold(case)
    scores = Scores()
    score_case(scores, case.name, gold, notice.model_dump(mode="json", exclude={"evidence"}))
    verdicts = {verdict.pointer: verdict for verdict in scores.verdicts}
    return [
        Observation(
            case=case.name,
            issuer=issuer_of(case, gold),
            field=verdicts[pointer].field,
            right=verdicts[pointer].right,
            finder=notice.evidence[pointer].confidence,
            features=dict(features),
        )
        for pointer, features in describe(document, notice)
        if pointer in verdicts
    ]


def mark_looked_at(observations: Iterable[Observation]) -> list[Observation]:
    """Return the observations as ones from notices that were looked at while the rules were made."""
    return [each.model_copy(update={"features": {**each.features, LOOKED: 1.0}}) for each in observations]


def is_looked_at(observation: Observation) -> bool:
    """Tell whether the rules were made with the notice in view."""
    return LOOKED in observation.features


def learn(observations: Sequence[Observation]) -> Weights:
    """Return the table of weights, rounded so that it is the same everywhere."""
    if not observations:
        raise EvaluationError("there is no value to learn from", "name gold of several issuers")
    names = sorted({name for each in observations for name in each.features})
    places = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(observations), len(names)))
    for row, each in zip(table, observations, strict=True):
        for name, size in each.features.items():
            row[places[name]] = size
    right = np.array([each.right for each in observations], dtype=np.float64)
    weights = _solve(table, right, np.array([_FREE.get(name, _RIDGE) for name in names]))
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True) if name != LOOKED}


def cross_validate(observations: Sequence[Observation], folds: int = FOLDS) -> list[float]:
    """Return each value's probability by a table learnt without its issuer, as of a notice never looked at."""
    issuers = sorted({each.issuer for each in observations})
    fold_of = {issuer: place % folds for place, issuer in enumerate(issuers)}
    tables = {
        fold: learn([each for each in observations if fold_of[each.issuer] != fold]) for fold in set(fold_of.values())
    }
    return [calibrated(each.features, tables[fold_of[each.issuer]]) for each in observations]


def write_observations(observations: Iterable[Observation]) -> bytes:
    """Return observations as packed JSON lines, the same bytes for the same observations."""
    lines = [json.dumps(each.model_dump(), ensure_ascii=False, sort_keys=True) + "\n" for each in observations]
    return gzip.compress("".join(lines).encode(), mtime=0)


def read_observations(path: Path) -> list[Observation]:
    """Read what `write_observations` made."""
    try:
        lines = gzip.decompress(path.read_bytes()).splitlines()
        return _OBSERVATIONS.validate_python([json.loads(line) for line in lines])
    except (gzip.BadGzipFile, EOFError, ValidationError, ValueError) as error:
        raise EvaluationError(
            f"{path} holds no observations", "make it with chidao calibrate --save-first-look"
        ) from error
    except OSError as error:
        raise EvaluationError(f"cannot read {path}: {error.strerror}", "check the path") from error


def read_first_look(path: Path = FIRST_LOOK) -> list[Observation]:
    """Read the observations that were made before the rules saw their notices; none where there is no such file."""
    return read_observations(path) if path.is_file() else []


def _solve(table: Array, right: Array, ridge: Array) -> Array:
    """Return the weights that make the known outcomes most likely, by Newton's method."""
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(table @ weights)))
        slope = table.T @ (right - chance) - ridge * weights
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        weights += step
        if float(np.abs(step).max()) < _SETTLED:
            break
    return weights
