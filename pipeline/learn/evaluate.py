"""Our output against gold, field by field, and what changed since a saved baseline."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import EvaluationError
from pipeline.learn.cases import issuer_of, read_gold
from pipeline.learn.fields import GROUPS, Node
from pipeline.learn.reliability import Rated, calibration_error, coverage, mean_confidence
from pipeline.learn.scoring import Scores, Tally, score_case
from pipeline.learn.spread import interval

Predict = Callable[[Path], Node | None]
"""Gives our output for a case's folder; None when there is none."""
Match = Literal["relaxed", "strict"]


@dataclass(slots=True)
class Evaluation:
    """The scores over some cases, those of them for which we have no output, and the values with their confidence."""

    match: Match = "relaxed"
    cases: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    issuers: dict[str, str] = field(default_factory=dict)
    by_case: dict[str, Tally] = field(default_factory=dict)
    scores: Scores = field(default_factory=Scores)
    rated: list[Rated] = field(default_factory=list)

    def rows(self) -> list[tuple[str, Tally]]:
        """Return each group with its fields indented below it, and everything at the end."""
        return [(name, self.scores.total(names)) for name, names in named_fields()]

    def by_issuer(self) -> dict[str, list[str]]:
        """Return the cases of each issuer."""
        found: dict[str, list[str]] = defaultdict(list)
        for case, issuer in self.issuers.items():
            found[issuer].append(case)
        return dict(sorted(found.items()))

    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % bootstrap interval over cases of the F1 of all fields."""
        return interval(list(self.by_case.values()))


class Measures(BaseModel):
    """One field's figures in a saved evaluation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tp: int
    fp: int
    fn: int
    precision: float | None
    recall: float | None
    f1: float | None


class Calibration(BaseModel):
    """How far the confidence of a field's values can be relied on; coverage is at that precision or better."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: int
    right: int
    confidence: float | None
    error: float | None
    coverage_at_99: float | None
    coverage_at_95: float | None


class Saved(BaseModel):
    """An evaluation as it is saved: the figures, and every miss as one line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Match = "relaxed"
    cases: list[str]
    missing: list[str]
    figures: dict[str, Measures]
    misses: list[str]
    interval: tuple[float, float] | None = None
    by_case: dict[str, Measures] = {}
    calibration: dict[str, Calibration] = {}


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from a baseline: F1 before and after by field, misses that went away, misses that came."""

    figures: dict[str, tuple[float | None, float | None]]
    gains: list[str]
    losses: list[str]


def evaluate(cases: Iterable[Path], predict: Predict, match: Match = "relaxed") -> Evaluation:
    """Score our output for each case; a case without output has missed everything."""
    evaluation = Evaluation(match)
    for case in cases:
        gold, predicted = read_gold(case), predict(case)
        evaluation.cases.append(case.name)
        evaluation.issuers[case.name] = issuer_of(case, gold)
        if predicted is None:
            evaluation.missing.append(case.name)
        scores = Scores(strict=match == "strict")
        score_case(scores, case.name, gold, predicted or {})
        evaluation.by_case[case.name] = scores.total()
        evaluation.scores.extend(scores)
        evaluation.rated.extend(_rate(scores, predicted or {}))
    return evaluation


def named_fields() -> list[tuple[str, tuple[str, ...]]]:
    """Return each row of a table of figures, groups with their fields indented below them, and its fields."""
    rows: list[tuple[str, tuple[str, ...]]] = []
    for group, names in GROUPS.items():
        rows.append((group, names))
        rows.extend((f"  {name}", (name,)) for name in names)
    return [*rows, ("all", tuple(name for names in GROUPS.values() for name in names))]


def calibration_rows(rated: Iterable[Rated]) -> list[tuple[str, Calibration]]:
    """Return how far confidences can be relied on, row by row as the figures, where there are values."""
    of_field: dict[str, list[Rated]] = defaultdict(list)
    for value in rated:
        of_field[value.field].append(value)
    rows = [(name, [value for each in names for value in of_field[each]]) for name, names in named_fields()]
    return [(name, _calibration(values)) for name, values in rows if values]


def to_saved(evaluation: Evaluation) -> Saved:
    """Return the form in which an evaluation is saved and compared."""
    return Saved(
        match=evaluation.match,
        cases=evaluation.cases,
        missing=evaluation.missing,
        figures={_unique(name): _measures(tally) for name, tally in evaluation.rows()},
        misses=[str(miss) for miss in evaluation.scores.misses],
        interval=evaluation.interval(),
        by_case={case: _measures(tally) for case, tally in evaluation.by_case.items()},
        calibration={_unique(name): row for name, row in calibration_rows(evaluation.rated)},
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
    if before.match != after.match:
        raise EvaluationError(
            f"the baseline was matched {before.match}, this run {after.match}", f"give --match {before.match}"
        )
    both = set(before.cases) & set(after.cases)
    old, new = (_of_cases(saved.misses, both) for saved in (before, after))
    figures = {
        name: (before.figures[name].f1, measures.f1)
        for name, measures in after.figures.items()
        if before.cases == after.cases and name in before.figures and before.figures[name].f1 != measures.f1
    }
    return Changes(figures, gains=sorted((old - new).elements()), losses=sorted((new - old).elements()))


def _rate(scores: Scores, predicted: Node) -> list[Rated]:
    """Return the judged values that have a confidence."""
    evidence = predicted.get("evidence")
    entries = evidence if isinstance(evidence, Mapping) else {}
    return [
        Rated(verdict.case, verdict.field, float(entries[verdict.pointer]["confidence"]), verdict.right)
        for verdict in scores.verdicts
        if verdict.pointer in entries
    ]


def _calibration(values: list[Rated]) -> Calibration:
    return Calibration(
        values=len(values),
        right=sum(value.right for value in values),
        confidence=mean_confidence(values),
        error=calibration_error(values),
        coverage_at_99=coverage(values, 0.99),
        coverage_at_95=coverage(values, 0.95),
    )


def _unique(name: str) -> str:
    """Return a row's name so that a group named as one of its fields differs from it."""
    return name.strip() if name.startswith(" ") or name == "all" else f"[{name}]"


def _measures(tally: Tally) -> Measures:
    return Measures(tp=tally.tp, fp=tally.fp, fn=tally.fn, precision=tally.precision, recall=tally.recall, f1=tally.f1)


def _of_cases(misses: Iterable[str], cases: set[str]) -> Counter[str]:
    return Counter(miss for miss in misses if miss.partition(": ")[0] in cases)
