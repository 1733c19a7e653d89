"""Counting right, spurious and missed values, micro-averaged: a wrong value is one spurious and one missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pipeline.learn.fields import ANY, FIELDS, Found, Node
from pipeline.learn.likeness import EXACT, fold_value, pair_up, similarity

TEXT_THRESHOLD = 0.85
NAME_THRESHOLD = 0.85
Given = Sequence[Found]


class Assigned(NamedTuple):
    """An actor and the role that they have."""

    name: str
    role: object

    def __str__(self) -> str:
        """The actor with the role, on one line."""
        return f"{self.name} ({self.role})"


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a value that we gave is right; `pointer` is where it stands in our output."""

    case: str
    field: str
    pointer: str
    right: bool


@dataclass(slots=True)
class Scores:
    """Tallies by field, every miss, and the verdict on every value that has evidence, over the cases scored so far.

    With `strict`, texts must be the same after folding; else they may differ as much as their field allows.
    """

    strict: bool = False
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def total(self, names: Iterable[str] | None = None) -> Tally:
        """Return the sum over the fields named, or over all."""
        return sum((self.tallies[name] for name in (list(self.tallies) if names is None else names)), Tally())

    def threshold(self, relaxed: float) -> float:
        """Return how alike two values must be that may be `relaxed` alike where it is not strict."""
        return EXACT if self.strict else relaxed

    def extend(self, other: Scores) -> None:
        """Count what `other` has counted."""
        for name, tally in other.tallies.items():
            self.tallies[name] += tally
        self.misses.extend(other.misses)
        self.verdicts.extend(other.verdicts)

    def add(self, case: str, name: str, right: Given, spurious: Given, missed: Given) -> None:
        """Count one field of one case; values without a pointer have no evidence of their own."""
        self.tallies[name] += Tally(len(right), len(spurious), len(missed))
        self.misses.extend(Miss(case, name, "missed", str(found.value)) for found in missed)
        self.misses.extend(Miss(case, name, "spurious", str(found.value)) for found in spurious)
        for values, is_right in ((right, True), (spurious, False)):
            self.verdicts.extend(Verdict(case, name, found.pointer, is_right) for found in values if found.pointer)


def score_case(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    """Add one case to `scores`; an empty `predicted` has missed everything."""
    for name, known in FIELDS.items():
        wanted = known.values(gold)
        if wanted is None:
            continue
        given = known.values(predicted) or []
        pairs = _pair(wanted, given, scores.threshold(known.threshold))
        scores.add(case, name, [given[j] for j in pairs.values()], _rest(given, pairs.values()), _rest(wanted, pairs))
    directives = gold.get("directives")
    if directives is not None and directives != ANY:
        _score_directives(scores, case, _nodes(directives), _nodes(predicted.get("directives")))


def _score_directives(scores: Scores, case: str, gold: list[Node], predicted: list[Node]) -> None:
    """Pair directives by their text and score what is said of each; of unpaired ones everything is wrong.

    They are paired by likeness in any case, so that a strict score of the text does not spoil that of what is said.
    """
    wanted, given = _texts(gold), _texts(predicted)
    pairs = _pair(wanted, given, TEXT_THRESHOLD)
    same = {i: j for i, j in pairs.items() if _alike(wanted[i], given[j], scores.threshold(TEXT_THRESHOLD))}
    scores.add(
        case, "directive_text", [given[j] for j in same.values()], _rest(given, same.values()), _rest(wanted, same)
    )
    for index, directive in enumerate(gold):
        place = pairs.get(index)
        _score_parts(scores, case, directive, {} if place is None else predicted[place], f"/directives/{place}")
        _score_amounts(scores, case, directive, {} if place is None else predicted[place], f"/directives/{place}")
    unpaired = set(range(len(predicted))) - set(pairs.values())
    for place in sorted(unpaired):
        _score_parts(scores, case, {}, predicted[place], f"/directives/{place}")


def _texts(directives: list[Node]) -> list[Found]:
    return [Found(f"/directives/{i}", directive.get("text") or "") for i, directive in enumerate(directives)]


def _score_parts(scores: Scores, case: str, gold: Node, predicted: Node, pointer: str) -> None:
    """Score what is said of one directive; `pointer` is where ours stands."""
    _score_number(scores, case, gold, predicted)
    _score_assignees(scores, case, gold, predicted, pointer)
    _score_deadline(scores, case, gold, predicted, f"{pointer}/deadline")


def _score_number(scores: Scores, case: str, gold: Node, predicted: Node) -> None:
    """Score the label; it has no evidence of its own."""
    wanted, given = gold.get("number"), predicted.get("number")
    right = wanted is not None and given is not None and fold_value(wanted) == fold_value(given)
    scores.add(case, "directive_number", *_verdict(wanted, given, "", right=right))


def _score_deadline(scores: Scores, case: str, gold: Node, predicted: Node, pointer: str) -> None:
    """Score the deadline's meaning; its words are not compared."""
    wanted, given = gold.get("deadline"), predicted.get("deadline")
    if wanted == ANY:
        return
    one, other = _meaning(wanted), _meaning(given)
    scores.add(case, "deadlines", *_verdict(one, other, pointer, right=one is not None and one == other))


def _meaning(deadline: object) -> tuple[object, object] | None:
    if not isinstance(deadline, Mapping) or not deadline:
        return None
    return deadline.get("due"), deadline.get("recurrence")


def _verdict(wanted: object, given: object, pointer: str, *, right: bool) -> tuple[Given, Given, Given]:
    """Return what one value counts: right, spurious and missed."""
    ours = [] if given is None else [Found(pointer, given)]
    missed = [] if right or wanted is None else [Found("", wanted)]
    return (ours, [], missed) if right else ([], ours, missed)


def _score_assignees(scores: Scores, case: str, gold: Node, predicted: Node, pointer: str) -> None:
    """Score those whom the item itself names: the role must be the same, and the name alike."""
    if gold.get("assignees") == ANY:
        return
    left = _assigned(predicted, pointer)
    right: list[Found] = []
    missed: list[Found] = []
    for wanted in _assigned(gold, ""):
        found = next((given for given in left if _is_assigned(wanted, given, scores.threshold(NAME_THRESHOLD))), None)
        if found is None:
            missed.append(wanted)
        else:
            left.remove(found)
            right.append(found)
    scores.add(case, "assignees", right, left, missed)


def _assigned(directive: Node, pointer: str) -> list[Found]:
    return [
        Found(f"{pointer}/assignees/{i}", Assigned(str(assignee.get("name") or ""), assignee.get("role")))
        for i, assignee in enumerate(_nodes(directive.get("assignees")))
        if not assignee.get("inherited")
    ]


def _is_assigned(wanted: Found, given: Found, threshold: float) -> bool:
    one, other = wanted.value, given.value
    if not (isinstance(one, Assigned) and isinstance(other, Assigned)):
        return False
    return one.role == other.role and similarity(one.name, other.name) >= threshold


def _score_amounts(scores: Scores, case: str, gold: Node, predicted: Node, pointer: str) -> None:
    """Score sums by their value in đồng, however often each is named."""
    missed = [Found("", amount.get("vnd")) for amount in _nodes(gold.get("amounts"))]
    right: list[Found] = []
    spurious: list[Found] = []
    for i, amount in enumerate(_nodes(predicted.get("amounts"))):
        given = Found(f"{pointer}/amounts/{i}", amount.get("vnd"))
        found = next((wanted for wanted in missed if wanted.value == given.value), None)
        if found is None:
            spurious.append(given)
        else:
            missed.remove(found)
            right.append(given)
    scores.add(case, "amounts", right, spurious, missed)


def _pair(wanted: Given, given: Given, threshold: float) -> dict[int, int]:
    return pair_up([found.value for found in wanted], [found.value for found in given], threshold)


def _alike(wanted: Found, given: Found, threshold: float) -> bool:
    return similarity(wanted.value, given.value) >= threshold


def _nodes(value: object) -> list[Node]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _rest(values: Given, used: Iterable[int]) -> list[Found]:
    taken = set(used)
    return [value for index, value in enumerate(values) if index not in taken]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
