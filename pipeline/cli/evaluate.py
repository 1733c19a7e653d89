"""``chidao evaluate``: our output against gold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pipeline.batch import Extract
from pipeline.cli.console import engine, examples, say
from pipeline.config import Settings
from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED, PipelineError
from pipeline.learn import evaluate as evaluation
from pipeline.learn.cases import find_cases, read_prediction, source_file
from pipeline.learn.fields import Node
from pipeline.learn.scoring import Tally
from pipeline.write import write_bytes

_FOLDER = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog=examples(
        "chidao evaluate data/samples/cases",
        "chidao evaluate data/samples/cases --save-baseline before.json",
        "chidao evaluate data/samples/cases --baseline before.json --verbose",
    )
)
@click.argument("gold_dir", type=_FOLDER)
@click.argument("pred_dir", type=_FOLDER, required=False)
@click.option("--save-baseline", type=_FILE, help="Save these scores, to compare later ones with.")
@click.option("--baseline", type=_FILE, help="List gains and losses against saved scores.")
@click.option("--json", "json_file", type=_FILE, help="Write the scores as JSON.")
@click.option("--verbose", is_flag=True, help="Name every miss.")
@click.pass_context
def evaluate(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    gold_dir: Path,
    pred_dir: Path | None,
    *,
    save_baseline: Path | None,
    baseline: Path | None,
    json_file: Path | None,
    verbose: bool,
) -> int:
    """Score our output against gold, field by field.

    GOLD_DIR holds one folder a case with its gold.json; PRED_DIR holds CASE.json for each. Without PRED_DIR each case's
    own file is extracted now: source.* beside gold.json, else ../files/CASE.*, else notice.txt.
    """
    before = None if baseline is None else evaluation.read_saved(baseline)
    failed: list[str] = []
    predict = _reader(pred_dir) if pred_dir else _extractor(engine(context).extract, failed)
    result = evaluation.evaluate(find_cases(gold_dir), predict)
    saved = evaluation.to_saved(result)
    _show(result, saved.misses if verbose else [])
    if before is not None:
        _show_changes(evaluation.compare(before, saved))
    for path in (save_baseline, json_file):
        if path is not None:
            write_bytes(path, evaluation.to_bytes(saved))
    return EXIT_SOME_FAILED if failed else EXIT_OK


def _reader(folder: Path) -> evaluation.Predict:
    return lambda case: read_prediction(folder, case.name)


def _extractor(extract: Extract, failed: list[str]) -> evaluation.Predict:
    """Return a way to predictions that extracts a case's file; errors are said and noted in `failed`."""

    def predict(case: Path) -> Node | None:
        try:
            return extract(source_file(case), Settings()).model_dump(mode="json")
        except PipelineError as error:
            say(f"{case.name}: {error}")
            failed.append(case.name)
            return None

    return predict


def _show(result: evaluation.Evaluation, misses: Sequence[str]) -> None:
    for miss in misses:
        click.echo(f"  {miss}")
    table = Table(title=f"{len(result.cases)} cases, {len(result.missing)} without output", title_justify="left")
    table.add_column("field", no_wrap=True)
    for heading in ("P", "R", "F1", "right", "spurious", "missed"):
        table.add_column(heading, justify="right")
    for name, tally in result.rows():
        table.add_row(*_cells(name, tally), style=None if name.startswith(" ") else "bold")
    Console().print(table)


def _cells(name: str, tally: Tally) -> list[str]:
    shares = [_figure(share) for share in (tally.precision, tally.recall, tally.f1)]
    return [name, *shares, str(tally.tp), str(tally.fp), str(tally.fn)]


def _show_changes(changes: evaluation.Changes) -> None:
    for name, (before, after) in changes.figures.items():
        click.echo(f"F1 {name}: {_figure(before)} -> {_figure(after)}")
    for title, misses in (("Gains (no longer missed or spurious)", changes.gains), ("Losses", changes.losses)):
        click.echo(f"{title}: {len(misses)}")
        for miss in misses:
            click.echo(f"  {miss}")


def _figure(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"
