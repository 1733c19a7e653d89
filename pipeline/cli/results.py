"""A folder of results that is there already: its option, and its store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pipeline.cli.console import config_of
from pipeline.errors import MissingFileError
from pipeline.store import Store, open_store

RESULTS = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("results"),
    show_default=True,
    help="The folder of the results, as given to `chidao run`.",
)


@contextmanager
def opened(context: click.Context, out: Path) -> Iterator[Store]:
    """Open the store of a folder of results, or the one that the configuration names."""
    url = config_of(context).store.url
    if url is None and not (out / "chidao.db").is_file():
        raise MissingFileError(f"there are no results in {out}", "name the folder of a `chidao run` with --out")
    with open_store(url or out / "chidao.db") as store:
        yield store
