"""Of what kind the columns of tables are, where they are not text; one table of them for all kinds of files."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

Kind = Literal["text", "day", "whole", "share", "list"]
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("issue_date", "start_date", "end_date", "due"), "day"),
    **dict.fromkeys(("participants", "absentees", "achievements", "weaknesses", "directives", "deadlines"), "whole"),
    **dict.fromkeys(("page_count", "page", "ordinal", "year"), "whole"),
    **dict.fromkeys(("ocr_confidence", "confidence"), "share"),
    "amounts_vnd": "list",
}


def kind_of(column: str) -> Kind:
    """Return the kind of a column; ``list`` is a list of whole numbers, which tables write with semicolons."""
    return _KINDS.get(column, "text")


def day(value: Any) -> dt.date | None:
    """Return a day of a table, which may be written in ISO 8601."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None


def whole_numbers(value: Any) -> list[int]:
    """Return the numbers of a cell.

    >>> whole_numbers("1000; 2000"), whole_numbers(5), whole_numbers(None)
    ([1000, 2000], [5], [])
    """
    if isinstance(value, str):
        return [int(part) for part in value.split(";") if part.strip()]
    return [] if value is None else [int(value)]
