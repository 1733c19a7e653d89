"""What the prescribed form itself prints, and what others stamp on it, from ``lexicon/page.toml``."""

from __future__ import annotations

import functools
import re

from pipeline.language.lexicon import load


@functools.cache
def page_pattern(key: str) -> re.Pattern[str]:
    """Return one pattern for all entries under `key`, to be used on a folded text; entries are whole words."""
    entries = sorted(load("page")[key], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)")


def page_phrases(key: str) -> list[str]:
    """Return the folded phrases under `key`."""
    phrases: list[str] = load("page")[key]
    return phrases
