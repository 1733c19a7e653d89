"""``chidao text``: the plain text that evidence points into."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import INPUT, config_of, engine, examples, pages_watched, put


@click.command(epilog=examples("chidao text notice.pdf"))
@click.argument("file", type=INPUT)
@click.pass_context
def text(context: click.Context, file: Path) -> None:
    """Print a file's plain text in reading order.

    The offsets of all evidence count this text's characters (Unicode code points); the line feed at the end is extra.
    """
    with pages_watched():
        document = engine(context).read_document(file, config_of(context).settings)
    put(f"{document.text}\n".encode())
