"""``chidao config``: the settings in effect, and what is wrong with a file of settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from pipeline.cli.console import asked_for_config, examples, loaded_config, with_config
from pipeline.config import config_hash
from pipeline.config.keys import KEYS, MASK, shown, to_toml
from pipeline.config.load import Layer, Loaded, find_file, read_file, read_layers
from pipeline.errors import EXIT_CONFIG, EXIT_OK, ConfigError
from pipeline.write import printable


@click.group(epilog=examples("chidao config show", "chidao config check chidao.toml"))
def config() -> None:
    """Show the settings in effect, or check a file of settings."""


@config.command(
    epilog=examples("chidao config show", "chidao config show --json", "chidao config show --set ocr.dpi=300")
)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, for programs.")
@click.pass_context
def show(context: click.Context, as_json: bool) -> None:
    """Print every setting in effect and where it comes from.

    That is a flag (--set), a variable of the environment, a file, or the default. Secrets are masked.
    """
    loaded = loaded_config(context)
    click.echo(_to_json(loaded) if as_json else _to_lines(loaded))


@config.command(epilog=examples("chidao config check", "chidao config check chidao.toml"))
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_context
def check(context: click.Context, file: Path | None) -> int:
    """Name everything that is wrong with the settings, one line each.

    With FILE that file is checked alone; else the file that would be used, the environment and --set.
    """
    asked, assignments = asked_for_config(context)
    path = file or find_file(asked)
    try:
        layers = (read_file(file),) if file is not None else read_layers(path, assignments)
    except ConfigError as error:
        problems = [str(error)]
    else:
        problems = [str(problem) for layer in layers for problem in layer.problems()]
    for problem in problems:
        click.echo(printable(problem))
    if problems:
        return EXIT_CONFIG
    click.echo(printable(f"{path or 'no file'}: the settings are right ({_count(layers)} set)"))
    return EXIT_OK


for _command in (show, check):
    with_config(_command)


def _count(layers: tuple[Layer, ...]) -> int:
    return sum(any(layer.says(key) for layer in layers) for key in KEYS)


def _to_lines(loaded: Loaded) -> str:
    """Return the settings as a file of settings would have them, each with a comment on where it comes from."""
    lines: list[str] = []
    section = ""
    for key in KEYS:
        if key.partition(".")[0] != section:
            section = key.partition(".")[0]
            lines += [*([""] if lines else []), f"[{section}]"]
        lines.append(_line(key, shown(key, loaded.value(key)), loaded.origin(key)[1]))
    return "\n".join(lines)


def _line(key: str, value: Any, origin: str) -> str:
    name = key.partition(".")[2]
    written = f"# {name} is not set" if value is None else f"{name} = {to_toml(value)}"
    if isinstance(value, str) and MASK in value:
        written = f"# {written}"  # whoever saves this as a file shall not set a secret of stars
    return printable(f"{written:<32}  # {origin}")


def _to_json(loaded: Loaded) -> str:
    settings = {key: _entry(loaded, key) for key in KEYS}
    file = None if loaded.file is None else printable(loaded.file)
    found = {"file": file, "config_hash": config_hash(loaded.config.settings), "settings": settings}
    return json.dumps(found, indent=2)  # in ASCII: a path may hold what is no text


def _entry(loaded: Loaded, key: str) -> dict[str, Any]:
    kind, place = loaded.origin(key)
    return {"value": shown(key, loaded.value(key)), "from": kind, "place": printable(place)}
