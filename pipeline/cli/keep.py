"""``chidao check``, ``backup`` and ``prune``: keeping what was read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from pipeline import batch
from pipeline.cli.console import config_of, examples, say
from pipeline.cli.results import RESULTS, opened
from pipeline.errors import EXIT_INPUT, EXIT_OK
from pipeline.write import printable


@click.command(epilog=examples("chidao check --out results"))
@RESULTS
@click.pass_context
def check(context: click.Context, /, out: Path) -> int:
    """Verify the store and the files: integrity, the search index, evidence and counts."""
    with opened(context, out) as store:
        findings = [*store.check(), *batch.check_files(store, out)]
        counts = store.counts()
    for finding in findings:
        say(f"{finding.kind}: {finding.reason}: {finding.advice}")
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    click.echo(f"{told}: {len(findings) or 'nothing'} wrong")
    return EXIT_INPUT if findings else EXIT_OK


@click.command(epilog=examples("chidao backup --out results", "chidao backup --out results /mnt/backup"))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@RESULTS
@click.pass_context
def backup(context: click.Context, /, folder: Path | None, out: Path) -> int:
    """Copy the store, whole and at one moment, into FOLDER (backups in the folder of the results unless given).

    May be done while a run goes on. The originals and the notices' files are copied as any files are.
    """
    with opened(context, out) as store:
        path = store.backup(folder or out / "backups")
    click.echo(f"Backup: {printable(path)}")
    return EXIT_OK


@click.command(epilog=examples("chidao prune --out results", "chidao prune --out results --days 30 --yes"))
@RESULTS
@click.option("--days", type=click.IntRange(0), help="Keep the runs of so many days; as configured unless given.")
@click.option("--keep-last", type=click.IntRange(1), help="Keep at least so many runs; as configured unless given.")
@click.option("--yes", is_flag=True, help="Do it; without, it is only said what would go.")
@click.pass_context
def prune(context: click.Context, /, out: Path, days: int | None, keep_last: int | None, yes: bool) -> int:
    """Remove old runs, their reports, and results that newer ones replaced.

    Originals, current results and corrections always stay.
    """
    settings = config_of(context).batch
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=settings.keep_days if days is None else days)
    last = keep_last or settings.keep_last
    with opened(context, out) as store, batch.locked(out):
        counts = store.prune(before, last, dry_run=not yes)
        folders = batch.old_reports(out, before, last)
        if yes:
            batch.remove_reports(folders)
    told = ", ".join(f"{count} {name}" for name, count in {**counts, "reports": len(folders)}.items())
    click.echo(f"{'Removed' if yes else 'Would be removed (do it with --yes)'}: {told}")
    return EXIT_OK
