"""Loads the word lists and patterns of ``pipeline/lexicon``; they hold no code, and no code holds them."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from importlib import resources
from typing import Any

from pipeline.language.text import place_tones


@functools.cache
def load(name: str) -> dict[str, Any]:
    """Return the content of ``lexicon/<name>.toml``."""
    text = (resources.files("pipeline.lexicon") / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def alternatives(entries: Iterable[str]) -> str:
    """Return a group that matches any of `entries`, longest first; an entry may itself be a pattern."""
    return "(?:" + "|".join(sorted((place_tones(entry) for entry in entries), key=len, reverse=True)) + ")"


@functools.cache
def pattern(name: str, *keys: str) -> re.Pattern[str]:
    """Return one pattern for all entries under `keys` of a lexicon, to be used on the `lower` view of a text.

    Entries stand between word borders.
    """
    entries = load(name)
    found = [entry for key in keys for entry in entries[key]]
    return re.compile(rf"(?<!\w){alternatives(found)}(?!\w)")


@functools.cache
def regex(module: str, key: str) -> re.Pattern[str]:
    """Return a phrase pattern of ``lexicon/patterns.toml``; its line breaks are for the reader only."""
    written: str = load("patterns")[module][key]
    return re.compile("".join(line.lstrip() for line in written.splitlines()))
