"""``chidao run``: a folder of files."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from pipeline import batch
from pipeline.cli.console import INPUT, engine, examples, say, watched
from pipeline.config import Settings
from pipeline.errors import EXIT_OK, EXIT_SOME_FAILED, MissingFileError
from pipeline.write import printable


@click.command(epilog=examples("chidao run inbox --out results", "chidao run inbox --out results --no-recursive"))
@click.argument("inbox", type=INPUT)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the results.")
@click.option("--recursive/--no-recursive", default=True, show_default=True, help="Read subfolders too.")
@click.option("--group/--no-group", default=True, show_default=True, help="Take x-1.jpg, x-2.jpg ... as one notice.")
@click.pass_context
def run(context: click.Context, inbox: Path, out: Path, recursive: bool, group: bool) -> int:
    """Read a folder; write JSON, tables and problems.

    Writes notices/<name>.json, notices.csv, directives.csv, participants.csv, weaknesses.csv, other_documents.csv and
    problems.csv. A document that is no notice of conclusions is a row of other_documents.csv; a file that cannot be
    read is a row of problems.csv and costs no other file. The inbox is only read.
    """
    batch.check_apart(inbox, out, out / "notices")
    found = batch.find_files(inbox, recursive=recursive)
    if not found:
        raise MissingFileError(f"there are no files to read in {inbox}", "put notices there or name another folder")
    paths, groups = batch.group_pictures(found) if group else (found, {})
    extract = batch.take_together(engine(context).extract, engine(context).extract_pages, groups)
    job = batch.Job(inbox, paths, out)
    with batch.converted(paths, Settings()) as settings:
        outcomes = batch.run(job, watched(batch.read_files(paths, extract, settings), len(paths)))
    for outcome in outcomes:
        if outcome.failed:
            say(str(outcome.problem))
    console = Console()
    summary = batch.summarise(outcomes)
    console.print(batch.summary_table(summary))
    for path, pages in sorted(groups.items()):
        click.echo(f"Taken together: {job.shown(path)} ({', '.join(printable(page.name) for page in pages)})")
    click.echo(f"Results: {printable(out)} (notices/*.json, notices.csv, directives.csv, problems.csv ...)")
    return EXIT_SOME_FAILED if summary.problems else EXIT_OK
