"""``chidao extract``: what some files say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from pipeline.batch import Outcome, converted, read_files
from pipeline.cli.console import INPUT, config_of, engine, examples, exit_code, put, say, watched
from pipeline.config import Settings
from pipeline.write import TABLES, WRITERS, Result, make_folder, printable, result_names, tabulate, to_csv, to_json

FILES = click.argument("files", nargs=-1, required=True, type=INPUT, metavar="FILE...")


@click.command(
    epilog=examples(
        "chidao extract notice.pdf",
        "chidao extract a.docx b.pdf --out results",
        "chidao extract a.docx b.pdf --csv > directives.csv",
    )
)
@FILES
@click.option("--out", type=click.Path(path_type=Path), help="Write <name>.json for each file into this folder.")
@click.option("--csv", "as_csv", is_flag=True, help="The CSV form: all tables into --out, or the directives printed.")
@click.option("--any", "any_document", is_flag=True, help="Read documents of other types as well, not only notices.")
@click.pass_context
def extract(context: click.Context, files: tuple[Path, ...], out: Path | None, as_csv: bool, any_document: bool) -> int:
    """Print what notices say as JSON; a list for several files.

    A file that cannot be read, or that is no notice of a meeting's conclusions, is named on stderr with its reason, and
    the others are done all the same. --out replaces a result of the same bytes; one that came of other bytes is kept,
    and the new one is named <name>-2.json. Tables that --csv wrote before are replaced.
    """
    if out is not None:
        make_folder(out)
    with converted(files, _settings(context, any_document=any_document)) as settings:
        outcomes = list(watched(read_files(files, engine(context).extract, settings), len(files)))
    for outcome in outcomes:
        if outcome.problem is not None:
            say(str(outcome.problem))
    results = _results(outcomes)
    if out is not None:
        WRITERS["csv" if as_csv else "json"](results if as_csv else _spare(results, out), out)
    elif results:
        put(_printed(results, as_csv=as_csv, single=len(files) == 1))
    return exit_code(outcomes)


def _settings(context: click.Context, *, any_document: bool) -> Settings:
    """Return the settings in effect, where --any beats what they say."""
    settings = config_of(context).settings
    if not any_document:
        return settings
    return settings.model_copy(update={"extract": settings.extract.model_copy(update={"any_document": True})})


def _results(outcomes: Sequence[Outcome]) -> list[Result]:
    names = result_names([outcome.path for outcome in outcomes])
    return [
        Result(printable(outcome.path), name, outcome.notice)
        for outcome, name in zip(outcomes, names, strict=True)
        if outcome.notice is not None
    ]


def _spare(results: Sequence[Result], out: Path) -> list[Result]:
    """Rename results in whose place another file's result stands, and say so."""
    spared: list[Result] = []
    taken = {result.name for result in results}
    for result in results:
        name, number = result.name, 1
        while _is_taken(out / f"{name}.json", result) or (number > 1 and name in taken):
            number += 1
            name = f"{result.name}-{number}"
        if number > 1:
            say(f"{result.name}.json in {out} came of another file and is kept: this one's result is {name}.json")
        taken.add(name)
        spared.append(replace(result, name=name))
    return spared


def _is_taken(path: Path, result: Result) -> bool:
    """Tell whether something stands at `path` that is not an earlier result of the same bytes."""
    try:
        return bool(json.loads(path.read_bytes())["source"]["sha256"] != result.notice.source.sha256)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _printed(results: Sequence[Result], *, as_csv: bool, single: bool) -> bytes:
    if as_csv:
        return to_csv(tabulate(results)["directives"], TABLES["directives"])
    notices = [result.notice for result in results]
    return to_json(notices[0] if single else notices)
