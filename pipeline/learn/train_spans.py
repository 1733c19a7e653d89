"""Trains the model of spans: a conditional random field over syllables; the same data give the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pycrfsuite

from pipeline.extract.marker import Marker, read_marker
from pipeline.extract.signs import describe
from pipeline.learn.recipes import Found, MarkedNotices, SpanRecipe
from pipeline.learn.span_examples import tags_of
from pipeline.learn.train import leave_out


def train_spans(notices: MarkedNotices, recipe: SpanRecipe | None = None) -> bytes:
    """Return a model learnt from notices; the same ones give the same bytes."""
    recipe = recipe or SpanRecipe()
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {
            "c1": recipe.sparse,
            "c2": recipe.smooth,
            "max_iterations": recipe.rounds,
            "feature.possible_transitions": True,
        }
    )
    for notice in notices:
        for marked in notice:
            tokens, rows = describe(marked.text, marked.section)
            if tokens:
                trainer.append(rows, tags_of(tokens, marked.marks))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


def cross_validate_spans(
    gold: MarkedNotices, made: MarkedNotices, folds: int = 5, recipe: SpanRecipe | None = None
) -> list[Found]:
    """Mark every notice of gold by a model that has seen none of its issuer's."""
    return [
        found
        for others, left in leave_out(gold, folds)
        for found in _mark(read_marker(train_spans([*others, *made], recipe)), left)
    ]


def _mark(marker: Marker, notices: MarkedNotices) -> Iterator[Found]:
    for notice in notices:
        for marked in notice:
            yield marked, marker.mark(marked.text, marked.section)
