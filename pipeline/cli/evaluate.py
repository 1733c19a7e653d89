"""``chidao evaluate``: our output against gold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click
import rich.table
from rich.console import Console

from pipeline.cli.console import Engine, config_of, engine, examples, say
from pipeline.config import Settings
from pipeline.document import Document
from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED, EvaluationError, PipelineError
from pipeline.learn import evaluate as evaluation
from pipeline.learn import tables
from pipeline.learn.calibrate import read_first_look
from pipeline.learn.cases import HALVES, find_cases, held_out_of, read_prediction, source_file
from pipeline.learn.evaluate import Evaluation, Match
from pipeline.learn.fields import Node
from pipeline.learn.leave_out import leave_out_issuers
from pipeline.notice import Notice
from pipeline.write import write_bytes

T = TypeVar("T")
Results = Mapping[str, Evaluation]
"""An evaluation for each way of reading; the one called `both` is how notices are read."""

_FOLDER = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command is asked for."""

    gold_dir: Path
    pred_dir: Path | None
    match: Match
    only: str | None
    by_issuer: bool
    leave_one_issuer_out: bool
    ablation: bool
    save_baseline: Path | None
    baseline: Path | None
    json_file: Path | None
    markdown: Path | None
    verbose: bool

    def __post_init__(self) -> None:
        """Refuse what cannot be done together."""
        if self.pred_dir is not None and self.leave_one_issuer_out:
            raise click.UsageError("give only one of PRED_DIR and --leave-one-issuer-out")
        if self.ablation and (self.pred_dir is not None or self.leave_one_issuer_out):
            raise click.UsageError("--ablation goes with neither PRED_DIR nor --leave-one-issuer-out")

    @property
    def name(self) -> str:
        """What is measured and how, as it stands on the command line."""
        flags = {
            f"--only {self.only}": self.only is not None,
            "--match strict": self.match == "strict",
            "--by-issuer": self.by_issuer,
            "--leave-one-issuer-out": self.leave_one_issuer_out,
            "--ablation": self.ablation,
        }
        return " ".join([self.gold_dir.as_posix(), *(flag for flag, is_given in flags.items() if is_given)])


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads cases' own files; errors are said, and the cases noted in `failed`."""

    engine: Engine
    settings: Settings
    failed: list[str]

    def predict(self, case: Path) -> Node | None:
        """Return our output for a case."""
        notice = self._try(case, lambda: self.engine.extract(source_file(case), self.settings))
        return None if notice is None else notice.model_dump(mode="json")

    def find(self, case: Path) -> tuple[Document, Notice] | None:
        """Return a case's text, and its notice with the finders' own confidences."""
        return self._try(case, lambda: self.engine.find_notice(source_file(case), self.settings))

    def _try(self, case: Path, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except PipelineError as error:
            say(f"{case.name}: {error}")
            self.failed.append(case.name)
            return None


@click.command(
    epilog=examples(
        "chidao evaluate data/samples/cases",
        "chidao evaluate data/gold --only held_out --by-issuer",
        "chidao evaluate data/gold --only dev --leave-one-issuer-out --match strict",
        "chidao evaluate data/gold --only held_out --ablation",
        "chidao evaluate data/samples/cases --save-baseline before.json",
        "chidao evaluate data/samples/cases --baseline before.json --verbose",
    )
)
@click.argument("gold_dir", type=_FOLDER)
@click.argument("pred_dir", type=_FOLDER, required=False)
@click.option(
    "--match",
    type=click.Choice(["relaxed", "strict"]),
    default="relaxed",
    show_default=True,
    help="relaxed: longer texts may differ a little, each field by its threshold; strict: all texts must be equal "
    "after folding of case, white space, tone placement, quotes and end marks.",
)
@click.option("--only", type=click.Choice(HALVES), help="Take one half of the cases, as GOLD_DIR/split.toml says.")
@click.option("--by-issuer", is_flag=True, help="Show the figures issuer by issuer as well.")
@click.option(
    "--leave-one-issuer-out",
    is_flag=True,
    help="Learn the confidences anew for each issuer without any of its notices. The rules stay as they are, so "
    "precision, recall and F1 do not change. Held-out cases are never learnt from.",
)
@click.option(
    "--ablation",
    is_flag=True,
    help="Show what rules alone and the trained model alone would read as well. The model has seen the notices that it "
    "was trained on: only held-out ones say what it is worth.",
)
@click.option("--save-baseline", type=_FILE, help="Save these scores, to compare later ones with.")
@click.option("--baseline", type=_FILE, help="List gains and losses against saved scores.")
@click.option("--json", "json_file", type=_FILE, help="Write the scores as JSON.")
@click.option("--markdown", type=_FILE, help="Write the tables into this document, in place of those written before.")
@click.option("--verbose", is_flag=True, help="Name every miss.")
@click.pass_context
def evaluate(context: click.Context, /, **options: Any) -> int:
    """Score our output against gold, field by field.

    GOLD_DIR holds one folder a case with its gold.json; PRED_DIR holds CASE.json for each. Without PRED_DIR each case's
    own file is extracted now: source.* beside gold.json, else ../files/CASE.*, else notice.txt.
    """
    asked = Asked(**options)
    before = None if asked.baseline is None else evaluation.read_saved(asked.baseline)
    failed: list[str] = []
    results = _measure(asked, Reading(engine(context), config_of(context).settings, failed))
    saved = evaluation.to_saved(results["both"])
    _show(results, asked, saved.misses if asked.verbose else [])
    if before is not None:
        _show_changes(evaluation.compare(before, saved))
    for path in (asked.save_baseline, asked.json_file):
        if path is not None:
            write_bytes(path, evaluation.to_bytes(saved))
    if asked.markdown is not None:
        _write_section(asked.markdown, asked, results)
    return EXIT_SOME_FAILED if failed else EXIT_OK


def _measure(asked: Asked, reading: Reading) -> Results:
    """Read the cases in every way that is asked for, and score them."""
    cases = find_cases(asked.gold_dir, asked.only)
    if asked.pred_dir is not None:
        folder = asked.pred_dir
        if not folder.is_dir():
            raise EvaluationError(f"{folder} is no folder", "name the folder that holds CASE.json for each case")
        return {"both": evaluation.evaluate(cases, lambda case: read_prediction(folder, case.name), asked.match)}
    if asked.leave_one_issuer_out:
        rated = leave_out_issuers(cases, reading.find, read_first_look(), held_out_of(asked.gold_dir))
        return {"both": evaluation.evaluate(cases, lambda case: rated.get(case.name), asked.match)}
    read = {"both": evaluation.evaluate(cases, reading.predict, asked.match)}
    for name, silenced in _ABLATED.items() if asked.ablation else ():
        part = replace(
            reading, settings=_without(silenced, reading.settings), failed=[]
        )  # what fails, fails with both as well, and is said there
        read[name] = evaluation.evaluate(cases, part.predict, asked.match)
    return read


_ABLATED = {"rules only": "model", "model only": "rules"}


def _without(voice: str, settings: Settings) -> Settings:
    return settings.model_copy(update={"extract": settings.extract.model_copy(update={voice: False})})


def _tables(results: Results, *, by_issuer: bool) -> list[tables.Table]:
    result = results["both"]
    if len(results) > 1:
        return [tables.ablation_table(results)]
    shown = [tables.field_table(result)]
    if by_issuer:
        shown.append(tables.issuer_table(result))
    if result.rated:
        shown += [tables.calibration_table(result), tables.bin_table(result)]
    return shown


def _show(results: Results, asked: Asked, misses: Sequence[str]) -> None:
    for miss in misses:
        click.echo(f"  {miss}")
    for shown in _tables(results, by_issuer=asked.by_issuer):
        table = rich.table.Table(title=shown.title, title_justify="left")
        for place, heading in enumerate(shown.headings):
            table.add_column(heading, justify="right" if place else "left", no_wrap=place > 0)
        for row in shown.rows:
            table.add_row(*row, style=None if row[0].startswith(" ") else "bold")
        Console().print(table)
    click.echo(tables.summarise(results["both"]))


def _show_changes(changes: evaluation.Changes) -> None:
    for name, (before, after) in changes.figures.items():
        click.echo(f"F1 {name}: {tables.figure(before)} -> {tables.figure(after)}")
    for title, misses in (("Gains (no longer missed or spurious)", changes.gains), ("Losses", changes.losses)):
        click.echo(f"{title}: {len(misses)}")
        for miss in misses:
            click.echo(f"  {miss}")


def _write_section(path: Path, asked: Asked, results: Results) -> None:
    """Put the tables into a document, below the command that made them and the day."""
    today = dt.datetime.now(dt.UTC).date()
    parts = [f"`chidao evaluate {asked.name}`, {today}. {tables.summarise(results['both'])}."]
    parts += [tables.to_markdown(table) for table in _tables(results, by_issuer=asked.by_issuer)]
    document = path.read_text(encoding="utf-8") if path.is_file() else "# Evaluation\n"
    write_bytes(path, tables.replace_section(document, asked.name, "\n\n".join(parts)).encode())
