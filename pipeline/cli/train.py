"""``chidao train``: train the model of roles and spans."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pipeline.cli.console import examples, say
from pipeline.errors import EXIT_OK, EvaluationError
from pipeline.extract.marker import SPANS_FILE
from pipeline.learn.cases import find_cases
from pipeline.learn.examples import read_examples
from pipeline.learn.recipes import ARCHITECTURES, Judged, Notices, Recipe, SpanRecipe
from pipeline.learn.roles_card import CARD_FILE, compare, quality, write_card
from pipeline.learn.spans_card import describe_spans
from pipeline.learn.synthesise import synthesise, synthesise_marked
from pipeline.learn.tables import to_markdown
from pipeline.write import write_bytes

_FOLDER = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command is asked for."""

    gold_dirs: tuple[Path, ...]
    out: Path
    names: tuple[str, ...]
    made: int
    seed: int
    epochs: int
    weight: int
    folds: int

    @property
    def recipes(self) -> list[Recipe]:
        """What is to be tried."""
        return [Recipe(name, epochs=self.epochs, weight=self.weight, seed=self.seed) for name in self.names]

    def read(self) -> dict[str, Notices]:
        """Return the notices to learn from by their folder, and the made-up ones under an empty name."""
        read: dict[str, Notices] = {
            folder.as_posix(): read_examples(folder, find_cases(folder)) for folder in self.gold_dirs
        }
        if not any(read.values()):
            advice = "name a folder of cases with texts"
            raise EvaluationError("no case has a notice.txt that may be learnt from", advice)
        return {**read, "": synthesise(self.made, self.seed)}

    def train_spans(self) -> str:
        """Train the model of spans into the folder of the model; return what its card says."""
        from pipeline.learn import train_spans as training  # noqa: PLC0415  # loads the library of random fields
        from pipeline.learn.span_examples import read_marked  # noqa: PLC0415

        gold = [notice for folder in self.gold_dirs for notice in read_marked(folder, find_cases(folder))]
        recipe = SpanRecipe()
        made = synthesise_marked(min(self.made, recipe.made), self.seed)
        found = training.cross_validate_spans(gold, made, self.folds, recipe) if self.folds else []
        write_bytes(self.out / SPANS_FILE, training.train_spans([*gold, *made], recipe))
        return describe_spans(recipe, gold, made, found)


@click.command(
    epilog=examples(
        "chidao train data/gold ../shared/gold/train -o models/roles",
        "chidao train data/gold -o build/roles --architecture linear-2 --folds 0",
    )
)
@click.argument("gold_dirs", metavar="DATA...", type=_FOLDER, nargs=-1, required=True)
@click.option("--out", "-o", type=_FOLDER, required=True, metavar="DIR", help="Where the model and its card go.")
@click.option(
    "--architecture",
    "names",
    type=click.Choice(list(ARCHITECTURES)),
    multiple=True,
    default=("linear-2", "linear-3"),
    show_default=True,
    help="What to try; of several, the best by cross-validation over issuers is kept.",
)
@click.option("--made", type=click.IntRange(min=1), default=400, show_default=True, help="How many notices to make up.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same model.")
@click.option("--epochs", type=click.IntRange(min=1), default=4, show_default=True, help="How often all is shown.")
@click.option(
    "--folds",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Parts of the cross-validation; 0 leaves it out, and the first architecture is taken.",
)
@click.option("--weight", type=click.IntRange(min=1), default=4, show_default=True, help="How often gold is shown.")
def train(**options: Any) -> int:
    """Train the model that tells what a paragraph is and who and when is named in it, from gold and made-up notices.

    Each folder of DATA holds one folder a case with its gold.json and notice.txt. Held-out cases of a split.toml are
    never read.
    """
    from pipeline.learn import train as training  # noqa: PLC0415  # loads spaCy, which no other command needs to

    asked = Asked(**options)
    learnt = asked.read()
    gold = [notice for name, notices in learnt.items() if name for notice in notices]
    made = learnt[""]
    results: dict[str, list[Judged]] = {}
    for recipe in asked.recipes if asked.folds else ():
        results[recipe.architecture] = training.cross_validate(gold, made, recipe, asked.folds)
    best = max(asked.recipes, key=lambda recipe: quality(results.get(recipe.architecture, ())))
    training.save(training.train(gold, made, best), asked.out)
    spans = asked.train_spans()
    card = write_card(asked.out, best, learnt, results, dt.datetime.now(dt.UTC).date())
    write_bytes(asked.out / CARD_FILE, b"\n".join((card, spans.encode())))
    if results:
        click.echo(to_markdown(compare(results)))
    say(f"trained {best.architecture} on {len(gold)} notices of gold and {len(made)} made-up: {asked.out / CARD_FILE}")
    return EXIT_OK
