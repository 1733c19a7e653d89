"""How text is written down to be found: its words in lower case, with and without marks."""

from __future__ import annotations

import re
import unicodedata

from pipeline.language.text import fold, lower

# Words are told here and not by the databases, so that both find the same.
_WORD = re.compile(r"[^\W_]+")
_SEARCHED = 100_000
"""Characters of one text that can be searched; a word list of PostgreSQL has a limit of one mebibyte."""
_COMPARED = 400
"""Characters of a name that can be looked up; an index entry of PostgreSQL has a limit of 2704 bytes."""


def folded(text: str) -> str:
    """Return the words of `text` without marks, a space between them.

    >>> folded("Về đê điều: khẩn!")
    've de dieu khan'
    """
    return " ".join(_WORD.findall(fold(_composed(text))))


def marked(text: str) -> str:
    """Return the words of `text` in lower case with their marks, tones in one place, a space between them.

    >>> marked("HÒA Bình, 2024")
    'hoà bình 2024'
    """
    return " ".join(_WORD.findall(lower(_composed(text))))


def folded_name(text: str | None) -> str | None:
    """Return a name as it is looked up, or None where there is none."""
    return None if text is None else folded(text[:_COMPARED]) or None


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text[:_SEARCHED])
