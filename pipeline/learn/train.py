"""Trains the model of roles: a spaCy text classifier over paragraphs and clauses, and the chain in which they follow.

Everything is drawn from one seed. The chain is learnt from gold alone: made-up notices follow no real order.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from spacy.language import Language
from spacy.training import Example as SpacyExample
from thinc.api import fix_random_seed

from pipeline.extract.tagger import CHAIN_FILE, PIPELINE_FOLDER, ROLES, Array, Chain, Piece, TrainedTagger, seen
from pipeline.language.tokenizer import blank_pipeline
from pipeline.learn.examples import Example, Unit
from pipeline.learn.recipes import ARCHITECTURES, Judged, Notices, Recipe
from pipeline.write import make_folder, write_bytes


class Grouped(Protocol):
    """Anything from one notice; `group` is who issued it."""

    @property
    def group(self) -> str:
        """Who issued the notice."""


T = TypeVar("T", bound=Grouped)
_POWER: Mapping[Unit, float] = {"paragraph": 1.0, "clause": 0.7}
_UNSEEN = 0.3


def train(gold: Notices, made: Notices, recipe: Recipe | None = None) -> TrainedTagger:
    """Return a model learnt from gold and from made-up notices; the same ones give the same model."""
    recipe = recipe or Recipe()
    examples = [*_unlike(made), *(_unlike(gold) * recipe.weight)]
    nlp = _fit(examples, recipe)
    return TrainedTagger(nlp, learn_chain(gold or made, "paragraph"), learn_chain(gold or made, "clause"))


def _unlike(notices: Notices) -> list[Example]:
    """Return the examples without those that the model would see as the same."""
    found = {
        (seen(Piece(example.text, example.kind)), example.role): example for notice in notices for example in notice
    }
    return list(found.values())


def _fit(examples: Sequence[Example], recipe: Recipe) -> Language:
    tokenizer, model = ARCHITECTURES[recipe.architecture]
    fix_random_seed(recipe.seed)
    nlp = blank_pipeline(tokenizer)
    nlp.add_pipe("textcat", config={"model": model})
    shown = [
        SpacyExample.from_dict(
            nlp.make_doc(seen(Piece(example.text, example.kind))),
            {"cats": {role: float(role == example.role) for role in ROLES}},
        )
        for example in examples
    ]
    optimizer = nlp.initialize(lambda: _one_of_each(shown, examples))
    optimizer.learn_rate = recipe.rate
    draw = random.Random(recipe.seed)  # noqa: S311  # nothing secret
    for _ in range(recipe.epochs):
        draw.shuffle(shown)
        for start in range(0, len(shown), recipe.batch):
            nlp.update(shown[start : start + recipe.batch], sgd=optimizer, drop=recipe.drop)
    return nlp


def _one_of_each(shown: Sequence[SpacyExample], examples: Sequence[Example]) -> list[SpacyExample]:
    """Return what the pipeline learns its roles and sizes from."""
    first = {example.role: place for place, example in reversed(list(enumerate(examples)))}
    return [shown[place] for place in sorted(first.values())]


def learn_chain(notices: Notices, unit: Unit) -> Chain:
    """Count how roles follow each other in notices."""
    places = {role: place for place, role in enumerate(ROLES)}
    start, moves = np.full(len(ROLES), _UNSEEN), np.full((len(ROLES), len(ROLES)), _UNSEEN)
    prior = np.ones(len(ROLES))
    for notice in notices:
        roles = [places[example.role] for example in notice if example.unit == unit]
        for role in roles:
            prior[role] += 1
        for role in roles[:1]:
            start[role] += 1
        for one, other in pairwise(roles):
            moves[one, other] += 1
    return Chain(start / start.sum(), moves / moves.sum(axis=1, keepdims=True), prior / prior.sum(), _POWER[unit])


def save(tagger: TrainedTagger, folder: Path) -> None:
    """Write a model as `load_tagger` reads it."""
    make_folder(folder)
    tagger.pipeline.to_disk(folder / PIPELINE_FOLDER, exclude=["vocab"])  # hashed words need no list of them
    chains = {"roles": ROLES, "paragraphs": _stored(tagger.paragraphs), "clauses": _stored(tagger.clauses)}
    write_bytes(folder / CHAIN_FILE, (json.dumps(chains, indent=1) + "\n").encode())


def _stored(chain: Chain) -> dict[str, object]:
    rounded = {name: np.round(getattr(chain, name), 6).tolist() for name in ("start", "moves", "prior")}
    return {**rounded, "power": chain.power}


def cross_validate(gold: Notices, made: Notices, recipe: Recipe, folds: int = 5) -> list[Judged]:
    """Judge every notice of gold by a model that has seen none of its issuer's."""
    return [
        judged
        for others, left in leave_out(gold, folds)
        for notice in left
        for judged in _judge(train(others, made, recipe), notice)
    ]


def leave_out(gold: Sequence[Sequence[T]], folds: int) -> Iterator[tuple[list[Sequence[T]], list[Sequence[T]]]]:
    """Yield the notices to learn from and those to judge, the notices of one issuer always together."""
    named = [notice for notice in gold if notice]
    groups = sorted({notice[0].group for notice in named})
    random.Random(0).shuffle(groups)  # noqa: S311  # nothing secret
    fold = {group: place % folds for place, group in enumerate(groups)}
    for at in range(min(folds, len(groups))):
        yield (
            [notice for notice in named if fold[notice[0].group] != at],
            [notice for notice in named if fold[notice[0].group] == at],
        )


def _judge(tagger: TrainedTagger, notice: Sequence[Example]) -> Iterator[Judged]:
    chains: tuple[tuple[Unit, Callable[[Array], Array]], ...] = (
        ("paragraph", tagger.paragraphs.smooth),
        ("clause", tagger.clauses.smooth),
    )
    for unit, smooth in chains:
        examples = [example for example in notice if example.unit == unit]
        own = tagger.read([Piece(example.text, example.kind) for example in examples])
        for example, alone, joined in zip(examples, own, smooth(own), strict=True):
            yield example, ROLES[int(alone.argmax())], ROLES[int(joined.argmax())]
