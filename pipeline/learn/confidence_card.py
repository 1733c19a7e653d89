"""The table of confidences as files: the weights, and a card that says where they are from and how good they are."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence

from pipeline.confidence import TABLE_FILE, Weights
from pipeline.learn.calibrate import FOLDS, Observation, cross_validate, is_looked_at
from pipeline.learn.evaluate import named_fields
from pipeline.learn.reliability import Rated, calibration_error, coverage, precision_of
from pipeline.learn.tables import Table, figure, to_markdown

CARD_FILE = "README.md"
_INTRODUCTION = """\
# Confidence

What each thing known of a value adds to the log odds that the value is right (`pipeline/confidence.py` names them).
Logistic regression with a ridge; {folds}-fold cross-validation, the notices of one issuer always in one fold. Held-out
cases are not in it.

- made: {day} by `chidao calibrate`
- `{table}`: {bytes} bytes, SHA-256 `{checksum}`
- values of notices first looked at: {new}
- values of notices looked at while the rules were made: {known}; they teach what makes a value doubtful, and a weight
  of their own, left out of the table, keeps them from saying how often values of new notices are wrong

Measured on the {measured}, cross-validated. "Before" is the confidence of the finder times that of the OCR; ECE is the
expected calibration error over 10 bins; coverage is the share of values, the surest first, that reaches the precision.
Fields with few values say little.
"""


def write_table(weights: Weights) -> bytes:
    """Return the table as JSON, the same bytes for the same weights."""
    return (json.dumps({"weights": dict(sorted(weights.items()))}, ensure_ascii=False, indent=1) + "\n").encode()


def write_card(observations: Sequence[Observation], table: bytes, day: dt.date) -> bytes:
    """Return the card of a table that was learnt from `observations`."""
    new = [each for each in observations if not is_looked_at(each)]
    known = [each for each in observations if is_looked_at(each)]
    text = _INTRODUCTION.format(
        folds=FOLDS,
        day=day,
        table=TABLE_FILE,
        bytes=len(table),
        checksum=hashlib.sha256(table).hexdigest(),
        new=_count(new),
        known=_count(known),
        measured="values of notices first looked at" if known else "same values",
    )
    return f"{text}\n{to_markdown(compare_fields(observations))}\n".encode()


def compare_fields(observations: Sequence[Observation]) -> Table:
    """Return the calibration error before and after, and the coverage, by field over notices first looked at."""
    before: dict[str, list[Rated]] = defaultdict(list)
    after: dict[str, list[Rated]] = defaultdict(list)
    for each, chance in zip(observations, cross_validate(observations), strict=True):
        if not is_looked_at(each):
            before[each.field].append(Rated(each.case, each.field, each.finder, each.right))
            after[each.field].append(Rated(each.case, each.field, chance, each.right))
    rows = []
    for name, fields in named_fields():
        old, new = ([value for field in fields for value in rated[field]] for rated in (before, after))
        if new:
            shares = (precision_of(new), calibration_error(old), calibration_error(new), coverage(new, 0.99))
            rows.append([name, str(len(new)), *map(figure, (*shares, coverage(new, 0.95)))])
    return Table("By field", ("field", "values", "P", "ECE before", "ECE after", "P >= 0.99", "P >= 0.95"), rows)


def _count(observations: Sequence[Observation]) -> str:
    cases, issuers = ({getattr(each, name) for each in observations} for name in ("case", "issuer"))
    wrong = sum(not each.right for each in observations)
    return f"{len(observations)} of {len(cases)} readings of {len(issuers)} issuers' notices, {wrong} wrong"
