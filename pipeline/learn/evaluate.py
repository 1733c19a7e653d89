"""Our output against gold, field by field, and what changed since a saved baseline."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import EvaluationError
from pipeline.learn.cases import read_gold
from pipeline.learn.fields import GROUPS, Node
from pipeline.learn.scoring import Scores, Tally, score_case

Predict = Callable[[Path], Node | None]
"""Gives our output for a case's folder; None when there is none."""


@dataclass(slots=True)
class Evaluation:
    """The scores over some cases, and those of them for which we have no output."""

    cases: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    scores: Scores = field(default_factory=Scores)

    def rows(self) -> list[tuple[str, Tally]]:
        """Return each group with its fields indented below it, and everything at the end."""
        rows = []
        for group, names in GROUPS.items():
            rows.append((group, self.scores.total(names)))
            rows.extend((f"  {name}", self.scores.tallies[name]) for name in names)
        return [*rows, ("all", self.scores.total())]


class Measures(BaseModel):
    """One field's figures in a saved evaluation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tp: int
    fp: int
    fn: int
    precision: float | None
    recall: float | None
    f1: float | None


class Saved(BaseModel):
    """An evaluation as it is saved: the figures, and every miss as one line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cases: list[str]
    missing: list[str]
    figures: dict[str, Measures]
    misses: list[str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from a baseline: F1 before and after by field, misses that went away, misses that came."""

    figures: dict[str, tuple[float | None, float | None]]
    gains: list[str]
    losses: list[str]


def evaluate(cases: Iterable[Path], predict: Predict) -> Evaluation:
    """Score our output for each case; a case without output has missed everything."""
    evaluation = Evaluation()
    for case in cases:
        predicted = predict(case)
        evaluation.cases.append(case.name)
        if predicted is None:
            evaluation.missing.append(case.name)
        score_case(evaluation.scores, case.name, read_gold(case), predicted or {})
    return evaluation


def to_saved(evaluation: Evaluation) -> Saved:
    """Return the form in which an evaluation is saved and compared."""
    return Saved(
        cases=evaluation.cases,
        missing=evaluation.missing,
        figures={name.strip(): _measures(tally) for name, tally in _named_rows(evaluation)},
        misses=[str(miss) for miss in evaluation.scores.misses],
    )


def to_bytes(saved: Saved) -> bytes:
    """Return a saved evaluation as JSON."""
    return (json.dumps(saved.model_dump(), ensure_ascii=False, indent=1) + "\n").encode()


def read_saved(path: Path) -> Saved:
    """Read what `to_bytes` made."""
    try:
        return Saved.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationError(
            f"cannot read {path}: {error.strerror}", "make it with chidao evaluate --save-baseline"
        ) from error
    except ValidationError as error:
        raise EvaluationError(f"{path} is no baseline", "make it with chidao evaluate --save-baseline") from error


def compare(before: Saved, after: Saved) -> Changes:
    """Return what is better and what is worse than before, over the cases that both have.

    Figures are compared only when the cases are the same ones.
    """
    both = set(before.cases) & set(after.cases)
    old, new = (_of_cases(saved.misses, both) for saved in (before, after))
    figures = {
        name: (before.figures[name].f1, measures.f1)
        for name, measures in after.figures.items()
        if before.cases == after.cases and name in before.figures and before.figures[name].f1 != measures.f1
    }
    return Changes(figures, gains=sorted((old - new).elements()), losses=sorted((new - old).elements()))


def _named_rows(evaluation: Evaluation) -> list[tuple[str, Tally]]:
    """Return the rows with names that are unique: a group named as one of its fields is marked."""
    rows = evaluation.rows()
    return [(name if name.startswith(" ") or name == "all" else f"[{name}]", tally) for name, tally in rows]


def _measures(tally: Tally) -> Measures:
    return Measures(tp=tally.tp, fp=tally.fp, fn=tally.fn, precision=tally.precision, recall=tally.recall, f1=tally.f1)


def _of_cases(misses: Iterable[str], cases: set[str]) -> Counter[str]:
    return Counter(miss for miss in misses if miss.partition(": ")[0] in cases)
