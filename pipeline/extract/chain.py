"""A chain of labels over a sequence: how probable each label is at each place, seen with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]
"""Rows are places of a sequence, columns are labels."""


def score(weights: npt.NDArray[np.floating], features: Sequence[npt.NDArray[np.int64]]) -> Table:
    """Return what the features alone say for each label at each place.

    A place's features share its weight: a long paragraph shouts no louder than a short one.
    """
    rows = [weights[found].sum(axis=0, dtype=np.float64) / max(len(found), 1) ** 0.5 for found in features]
    return np.array(rows, dtype=np.float64).reshape(len(rows), weights.shape[1])


def marginals(scores: Table, transitions: Table) -> tuple[Table, Table, float]:
    """Return each label's probability at each place, the summed probabilities of each step, and the log total.

    The last row of `transitions` is the start's. Forbidden labels have the score ``-inf``.
    """
    steps = transitions[:-1]
    length, size = scores.shape
    forward = np.empty_like(scores)
    backward = np.zeros_like(scores)
    forward[0] = scores[0] + transitions[-1]
    for at in range(1, length):
        forward[at] = _log_sum(forward[at - 1][:, None] + steps, 0) + scores[at]
    for at in range(length - 2, -1, -1):
        backward[at] = _log_sum(steps + (scores[at + 1] + backward[at + 1])[None, :], 1)
    total = float(_log_sum(forward[-1], 0))
    pairs = np.zeros((size + 1, size))
    for at in range(1, length):
        step = forward[at - 1][:, None] + steps + (scores[at] + backward[at])[None, :]
        pairs[:-1] += np.exp(step - total)
    here = np.exp(forward + backward - total)
    pairs[-1] = here[0]
    return here, pairs, total


def _log_sum(table: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    top = table.max(axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        summed: npt.NDArray[np.float64] = np.log(np.exp(table - top).sum(axis=axis)) + top.squeeze(axis)
    return summed
