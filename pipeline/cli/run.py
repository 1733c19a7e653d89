"""``chidao run``: a folder of files, once or every night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from pipeline import batch
from pipeline.cli.console import INBOX, config_of, engine, examples, say
from pipeline.cli.flags import with_flags
from pipeline.config import Config
from pipeline.errors import EXIT_OK
from pipeline.write import printable


@click.command(
    epilog=examples(
        "chidao run inbox --out results",
        "chidao run inbox --out results --dry-run",
        "chidao run inbox --out results --workers 4 --max-hours 6 --fail-over 5%",
        "chidao run inbox --out results --cluster tcp://10.0.0.5:8786",
        "chidao run s3://archive/2024 --out results",
    )
)
@click.argument("inbox", type=INBOX)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the results.")
@click.option("--recursive/--no-recursive", default=True, show_default=True, help="Read subfolders too.")
@click.option("--group/--no-group", default=True, show_default=True, help="Take x-1.jpg, x-2.jpg ... as one notice.")
@click.option("--store", metavar="URL", help="The database; chidao.db in the folder for the results unless given.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Documents read at one time; one a core unless given.")
@click.option("--limit", type=click.IntRange(1), help="Read that many documents at most.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Only files changed since then.")
@click.option("--max-hours", type=click.FloatRange(0, min_open=True), help="Take no more documents after that long.")
@click.option("--fail-over", metavar="SHARE", help="End with 1, not 3, when more than this share failed, such as 5%.")
@click.option("--cluster", metavar="ADDRESS", help="Read on the workers of this Dask scheduler, tcp://host:8786.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and why; touch nothing.")
@click.pass_context
def run(context: click.Context, /, inbox: Path | str, out: Path, dry_run: bool, **given: Any) -> int:
    """Read what is new in a folder; write JSON, tables, a store and a report.

    Writes notices/<name>.json, tables (notices.csv, directives.csv ...), chidao.db and runs/<id>/report.html. What was
    read before and has not changed is not read again. Each document is read in a process of its own; a file that
    cannot be read costs no other, and one that ends its process twice is quarantined. The inbox is only read.
    """
    night = _night(config_of(context), inbox, out, given)
    batch.check_inbox(night)
    if dry_run:
        _show(batch.foresee(night))
        return EXIT_OK
    with progress() as watch:
        account = batch.run_night(night, watch, engine(context).reader)
    return conclude(account, out)


def conclude(account: batch.Account, out: Path) -> int:
    """Say how a run ended and return its exit code."""
    for entry in account.failed:
        say(f"{entry.file}: {entry.reason}: {entry.advice}")
    click.echo(batch.report_text(account))
    for first, pages in account.pages.items():
        click.echo(f"Taken together: {', '.join((first, *pages))}")
    made = f"notices/*.json, notices.csv, directives.csv ..., runs/{account.id}/report.html"
    click.echo(f"Results: {printable(out)} ({made})")
    return account.exit_code


def _night(config: Config, inbox: Path | str, out: Path, given: dict[str, Any]) -> batch.Night:
    """Return the run that is asked for: what flags say goes before the configuration."""
    flags = {
        "batch": {name: given[name] for name in ("workers", "max_hours", "fail_over")},
        "store": {"url": given["store"]},
        "cluster": {"address": given["cluster"]},
    }
    since: dt.datetime | None = given["since"]
    choice = batch.Choice(given["limit"], since.astimezone() if since else None, given["group"])
    return batch.Night(inbox, out, with_flags(config, flags), choice, given["recursive"])


def _show(plan: batch.Plan) -> None:
    """Print what a run would do, a line a document."""
    for work in plan.works:
        more = f" and {len(work.pages) - 1} more pictures" if len(work.pages) > 1 else ""
        click.echo(f"read       {work.file}{more}")
    for entry in plan.entries:
        click.echo(f"{entry.fate:<10} {entry.file}: {entry.reason or entry.kind}")
    click.echo(
        f"{len(plan.works)} to read, {plan.unchanged} unchanged, {len(plan.entries)} not read; nothing was touched"
    )


@contextmanager
def progress() -> Iterator[batch.Watch]:
    """Show on a terminal how many documents are done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield batch.Watch()
        return
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("reading", total=None)
        yield batch.Watch(
            lambda total: progress.update(bar, total=total),
            lambda entry: progress.update(bar, advance=entry.seconds is not None),
        )
