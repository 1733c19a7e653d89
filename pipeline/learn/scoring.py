"""Counting right, spurious and missed values, micro-averaged: a wrong value is one spurious and one missed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from pipeline.learn.fields import ANY, FIELDS, Node
from pipeline.learn.likeness import fold_value, pair_up, similarity

TEXT_THRESHOLD = 0.85
NAME_THRESHOLD = 0.85
Assigned = tuple[str, object]
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """Right (tp), spurious (fp) and missed (fn) values."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return the sum of two tallies."""
        return Tally(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float | None:
        """The share of our values that are right; None when we gave none."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """The share of gold's values that we found; None when there are none."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None when there is nothing to score."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


@dataclass(frozen=True, slots=True, order=True)
class Miss:
    """A value that gold has and we do not, or the other way round."""

    case: str
    field: str
    verdict: Literal["missed", "spurious"]
    value: str

    def __str__(self) -> str:
        """The miss on one line."""
        return f"{self.case}: {self.field}: {self.verdict} {self.value}"


@dataclass(slots=True)
class Scores:
    """Tallies by field, and every miss, over the cases scored so far."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = field(default_factory=list)

    def total(self, names: Iterable[str] | None = None) -> Tally:
        """Return the sum over the fields named, or over all."""
        return sum((self.tallies[name] for name in (list(self.tallies) if names is None else names)), Tally())

    def add(self, case: str, name: str, right: int, spurious: Sequence[object], missed: Sequence[object]) -> None:
        """Count one field of one case."""
        self.tallies[name] += Tally(right, len(spurious), len(missed))
        self.misses.extend(Miss(case, name, "missed", str(value)) for value in missed)
        self.misses.extend(Miss(case, name, "spurious", str(value)) for value in spurious)


def score_case(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    """Add one case to `scores`; an empty `predicted` has missed everything."""
    for name, known in FIELDS.items():
        wanted = known.values(gold)
        if wanted is None:
            continue
        given = known.values(predicted) or []
        pairs = pair_up(wanted, given, known.threshold)
        scores.add(case, name, len(pairs), _rest(given, pairs.values()), _rest(wanted, pairs))
    directives = gold.get("directives")
    if directives is not None and directives != ANY:
        _score_directives(scores, case, _nodes(directives), _nodes(predicted.get("directives")))


def _score_directives(scores: Scores, case: str, gold: list[Node], predicted: list[Node]) -> None:
    """Pair directives by their text and score what is said of each; of unpaired ones everything is wrong."""
    wanted, given = [d.get("text") or "" for d in gold], [d.get("text") or "" for d in predicted]
    pairs = pair_up(wanted, given, TEXT_THRESHOLD)
    scores.add(case, "directive_text", len(pairs), _rest(given, pairs.values()), _rest(wanted, pairs))
    for index, directive in enumerate(gold):
        other = predicted[pairs[index]] if index in pairs else {}
        _score_number(scores, case, directive, other)
        _score_assignees(scores, case, directive, other)
        _score_deadline(scores, case, directive, other)
        _score_amounts(scores, case, directive, other)
    for directive in _rest(predicted, pairs.values()):
        _score_number(scores, case, {}, directive)
        _score_assignees(scores, case, {}, directive)
        _score_deadline(scores, case, {}, directive)


def _score_number(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    wanted, given = gold.get("number"), predicted.get("number")
    right = wanted is not None and given is not None and fold_value(wanted) == fold_value(given)
    scores.add(case, "directive_number", *_verdict(wanted, given, right=right))


def _score_deadline(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    """Score the deadline's meaning; its words are not compared."""
    wanted, given = gold.get("deadline"), predicted.get("deadline")
    if wanted == ANY:
        return
    one, other = _meaning(wanted), _meaning(given)
    scores.add(case, "deadlines", *_verdict(one, other, right=one is not None and one == other))


def _meaning(deadline: object) -> tuple[object, object] | None:
    if not isinstance(deadline, Mapping) or not deadline:
        return None
    return deadline.get("due"), deadline.get("recurrence")


def _verdict(wanted: object, given: object, *, right: bool) -> tuple[int, list[object], list[object]]:
    """Return what one value counts: right, spurious values, missed values."""
    return int(right), [] if right or given is None else [given], [] if right or wanted is None else [wanted]


def _score_assignees(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    """Score those whom the item itself names: the role must be the same, and the name alike."""
    if gold.get("assignees") == ANY:
        return
    left = _assigned(predicted)
    missed: list[Assigned] = []
    right = 0
    for name, role in _assigned(gold):
        found = next((a for a in left if a[1] == role and similarity(name, a[0]) >= NAME_THRESHOLD), None)
        if found is None:
            missed.append((name, role))
        else:
            left.remove(found)
            right += 1
    scores.add(case, "assignees", right, [_named(a) for a in left], [_named(a) for a in missed])


def _assigned(directive: Node) -> list[Assigned]:
    assignees = _nodes(directive.get("assignees"))
    return [(str(a.get("name") or ""), a.get("role")) for a in assignees if not a.get("inherited")]


def _named(assigned: Assigned) -> str:
    return f"{assigned[0]} ({assigned[1]})"


def _score_amounts(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    """Score sums by their value in đồng, however often each is named."""
    wanted = Counter(amount.get("vnd") for amount in _nodes(gold.get("amounts")))
    given = Counter(amount.get("vnd") for amount in _nodes(predicted.get("amounts")))
    right = (wanted & given).total()
    scores.add(case, "amounts", right, list((given - wanted).elements()), list((wanted - given).elements()))


def _nodes(value: object) -> list[Node]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _rest(values: Sequence[T], used: Iterable[int]) -> list[T]:
    taken = set(used)
    return [value for index, value in enumerate(values) if index not in taken]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
