"""The example of a file of settings: ``python -m pipeline.config.example > deploy/chidao.toml``."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator

from pipeline.config.keys import KEYS, shown, to_toml, value_of
from pipeline.config.whole import Config

_HEAD = """\
# Settings of chidao. Every setting is here with its default; take the # away in front of a name to change one.
# Looked for as: --config FILE, $CHIDAO_CONFIG, ./chidao.toml, $XDG_CONFIG_HOME/chidao/chidao.toml,
# /etc/chidao/chidao.toml; the first that is there counts alone. A variable such as CHIDAO_READ__MAX_PAGES=500 beats
# this file, and --set read.max_pages=500 beats both. `chidao config check FILE` says what is wrong with a file.
# Keep a file that holds a password or a token readable for its user alone.
"""


def example() -> str:
    """Return a file of settings in which every setting stands with its meaning and its default, as comments."""
    return _HEAD + "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    section, defaults = "", Config()
    for key, field in KEYS.items():
        if key.partition(".")[0] != section:
            section = key.partition(".")[0]
            yield from ("", f"[{section}]")
        value = shown(key, value_of(defaults, key))
        yield from textwrap.wrap(field.description or "", 116, initial_indent="## ", subsequent_indent="## ")
        yield f"# {key.partition('.')[2]} = {to_toml('' if value is None else value)}"


if __name__ == "__main__":
    sys.stdout.write(example())
