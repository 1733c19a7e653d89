"""``chidao quarantine``, ``retry``, ``reprocess`` and ``diff``: what was read before, looked at and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline import batch
from pipeline.cli.console import INBOX, config_of, engine, examples, with_config
from pipeline.cli.results import RESULTS, opened
from pipeline.cli.run import conclude, progress
from pipeline.errors import EXIT_OK, UnknownRunError
from pipeline.store import DocumentRecord, State, Store
from pipeline.write import printable

_QUARANTINED: tuple[State, ...] = ("quarantined",)
_KIND = click.option("--kind", "kinds", multiple=True, help="Only of this kind, such as crash; repeatable.")


@click.group(epilog=examples("chidao quarantine list --out results"))
def quarantine() -> None:
    """Look at the documents that need a person."""


@quarantine.command("list", epilog=examples("chidao quarantine list --out results", "chidao quarantine list --json"))
@RESULTS
@_KIND
@click.option("--json", "as_json", is_flag=True, help="A JSON line a document.")
@click.pass_context
def list_quarantined(context: click.Context, /, out: Path, kinds: tuple[str, ...], as_json: bool) -> int:
    """List the documents that could not be read, with the reason and what to do."""
    with opened(context, out) as store:
        records = [r for r in store.documents(states=_QUARANTINED).values() if not kinds or r.kind in kinds]
    records.sort(key=lambda record: (record.kind or "", record.name))
    if as_json:
        for record in records:
            click.echo(json.dumps(_told(record), ensure_ascii=False))
    elif records:
        Console().print(_table(records))
    click.echo(f"{len(records)} documents; `chidao retry` has them read again in the next run", err=True)
    return EXIT_OK


with_config(list_quarantined)


@click.command(epilog=examples("chidao retry --out results --kind crash", "chidao retry --out results 3f9a0c12"))
@click.argument("documents", nargs=-1, metavar="[SHA256]...")
@RESULTS
@_KIND
@click.pass_context
def retry(context: click.Context, /, documents: tuple[str, ...], out: Path, kinds: tuple[str, ...]) -> int:
    """Let quarantined documents be read again in the next run: all, those of a kind, or those that are named.

    A document is named by its SHA-256 or the first digits of it.
    """
    with opened(context, out) as store, batch.locked(out):
        chosen = _chosen(store, documents)
        count = store.requeue(shas=chosen, kinds=kinds or None)
    click.echo(f"{count} documents will be read again in the next run")
    return EXIT_OK


@click.command(
    epilog=examples("chidao reprocess inbox --out results --older", "chidao reprocess inbox --out results --all")
)
@click.argument("inbox", type=INBOX)
@RESULTS
@click.option("--older", "which", flag_value="older", default=True, help="What another version or setting read.")
@click.option("--all", "which", flag_value="all", help="Everything.")
@click.pass_context
def reprocess(context: click.Context, /, inbox: Path | str, out: Path, which: str) -> int:
    """Read documents of an inbox again, with this version and these settings.

    An old result stands until the new one is there, and corrections outlive both. `chidao diff` shows what changed.
    """
    night = batch.Night(inbox, out, config_of(context), again="all" if which == "all" else "older")
    with progress() as watch:
        account = batch.run_night(night, watch, engine(context).reader)
    return conclude(account, out)


@click.command(epilog=examples("chidao diff 20261124T010002Z-3f9a0c 20261125T010001Z-77b1d2 --out results"))
@click.argument("before", metavar="RUN_A")
@click.argument("after", metavar="RUN_B")
@RESULTS
@click.option("--json", "as_json", is_flag=True, help="A JSON line a changed value.")
@click.pass_context
def diff(context: click.Context, /, before: str, after: str, out: Path, as_json: bool) -> int:
    """Show by field what is read otherwise after RUN_B than after RUN_A; `runs` in the folder has their names."""
    with opened(context, out) as store:
        _check_runs(store, before, after)
        names = {record.sha256: record.name for record in store.documents().values()}
        count = 0
        for change in store.diff(before, after):
            count += 1
            told = {
                "document": names[change.sha256],
                "field": change.pointer,
                "before": change.before,
                "after": change.after,
            }
            click.echo(json.dumps(told, ensure_ascii=False) if as_json else _change_line(told))
    click.echo(f"{count} values differ", err=True)
    return EXIT_OK


def _change_line(told: dict[str, Any]) -> str:
    before, after = (json.dumps(told[side], ensure_ascii=False) for side in ("before", "after"))
    return printable(f"{told['document']} {told['field']}: {before} -> {after}")


def _check_runs(store: Store, *run_ids: str) -> None:
    known = [run.id for run in store.runs(limit=100_000)]
    for run_id in run_ids:
        if run_id not in known:
            last = ", ".join(known[:3]) or "none"
            raise UnknownRunError(f"there is no run {run_id}", f"the latest are: {last}")


def _chosen(store: Store, documents: tuple[str, ...]) -> list[str] | None:
    """Return the documents that are named; None for all."""
    if not documents:
        return None
    quarantined = store.documents(states=_QUARANTINED)
    return [sha256 for sha256 in quarantined if sha256.startswith(documents)]


def _told(record: DocumentRecord) -> dict[str, object]:
    return {
        "sha256": record.sha256,
        "name": record.name,
        "kind": record.kind,
        "reason": record.reason,
        "advice": record.advice,
        "tries": record.tries,
    }


def _table(records: list[DocumentRecord]) -> Table:
    table = Table("document", "name", "kind", "reason", "what to do")
    for record in records:
        cells = (record.sha256[:12], record.name, record.kind or "", record.reason or "", record.advice or "")
        table.add_row(*(Text(printable(cell)) for cell in cells))  # else brackets in a name would be markup
    return table
