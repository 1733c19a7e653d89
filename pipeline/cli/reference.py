"""Prints docs/commands.md, the help of all commands: ``python -m pipeline.cli.reference > docs/commands.md``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pipeline.cli import main

_WIDTH = 78
_HEAD = """# Commands

What `--help` says of each command. Made by `make reference`; a test compares it with the commands.
"""


def reference() -> str:
    """Return the whole page."""
    return "\n".join((_HEAD, *(_section(name, command) for name, command in commands())))


def commands() -> Iterator[tuple[str, click.Command]]:
    """Give each command with its whole name, groups before what is in them."""
    yield "chidao", main
    yield from _within("chidao", main)


def _within(name: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    for word in sorted(group.commands):
        command = group.commands[word]
        yield f"{name} {word}", command
        if isinstance(command, click.Group):
            yield from _within(f"{name} {word}", command)


def _section(name: str, command: click.Command) -> str:
    settings = {**command.context_settings, "help_option_names": ["-h", "--help"]}
    context = click.Context(command, info_name=name, terminal_width=_WIDTH, **settings)
    return f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
