"""``chidao calibrate``: learn how likely values are right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.console import config_of, engine, examples, say
from pipeline.cli.evaluate import Reading
from pipeline.confidence import TABLE_FILE
from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED
from pipeline.learn.calibrate import Observation, judge, learn, mark_looked_at, read_observations, write_observations
from pipeline.learn.cases import find_cases, held_out_of
from pipeline.learn.confidence_card import CARD_FILE, write_card, write_table
from pipeline.write import make_folder, write_bytes

_FOLDER = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog=examples(
        "chidao calibrate data/gold data/samples/cases -o models/confidence "
        "--first-look models/confidence/first_look.jsonl.gz",
        "chidao calibrate data/gold --save-first-look first_look.jsonl.gz -o confidence",
    )
)
@click.argument("gold_dirs", metavar="GOLD_DIR...", type=_FOLDER, nargs=-1, required=True)
@click.option("--out", "-o", type=_FOLDER, required=True, metavar="DIR", help="Where the table and its card go.")
@click.option(
    "--first-look",
    type=_FILE,
    help="Observations made before the rules saw their notices. The notices of GOLD_DIR then count as looked at: they "
    "teach what makes a value doubtful, but not how often values are wrong.",
)
@click.option("--save-first-look", type=_FILE, help="Save what was observed now, for later; no word of a notice is.")
@click.pass_context
def calibrate(
    context: click.Context,
    gold_dirs: tuple[Path, ...],
    *,
    out: Path,
    first_look: Path | None,
    save_first_look: Path | None,
) -> int:
    """Learn from gold how likely values are right, and write the table that `extract` and `run` rate them by.

    Each GOLD_DIR holds one folder a case, as for evaluate. Held-out cases of a split.toml are never read.
    """
    before = [] if first_look is None else read_observations(first_look)
    failed: list[str] = []
    reading = Reading(engine(context), config_of(context).settings, failed)
    now = [each for folder in gold_dirs for each in _observe(folder, reading)]
    if save_first_look is not None:
        write_bytes(save_first_look, write_observations(now))
    observations = [*before, *(mark_looked_at(now) if before else now)]
    table = write_table(learn(observations))
    make_folder(out)
    write_bytes(out / TABLE_FILE, table)
    write_bytes(out / CARD_FILE, write_card(observations, table, dt.datetime.now(dt.UTC).date()))
    say(f"learnt from {len(observations)} values: {out / CARD_FILE}")
    return EXIT_SOME_FAILED if failed else EXIT_OK


def _observe(folder: Path, reading: Reading) -> list[Observation]:
    cases = [case for case in find_cases(folder) if case.name not in held_out_of(folder)]
    return [each for case in cases if (found := reading.find(case)) is not None for each in judge(case, *found)]
